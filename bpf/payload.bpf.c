/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Packets: datagrams are counted a remote, DNS messages and the first bytes of
 * TLS-like streams are copied. Nothing here reads what the bytes mean.
 */
#include "copy.bpf.h"
#include "packet.bpf.h"
#include "stream.bpf.h"

#define UDP_HEADER 8

/* Datagrams at the start of a run that are told at once where the release hook cannot. */
#define EARLY_PACKETS 16

static __always_inline bool is_dns_port(__u16 port)
{
	return port == 53 || port == 5353 || port == 5355;
}

/* Counts, and says what must be told: the run that ended, and whether a new one began. */
static __always_inline bool count_datagram(struct tt_socket *socket, const struct packet *packet, __u32 bytes,
					   __u32 packets, __u8 direction, struct tt_run *told)
{
	bool is_new;

	bpf_spin_lock(&socket->lock);
	is_new = !socket->run.number || !is_same_remote(&socket->run.endpoints, &packet->endpoints);
	if (is_new) {
		*told = socket->run;
		socket->run.sent = 0;
		socket->run.received = 0;
		socket->run.packets_sent = 0;
		socket->run.packets_received = 0;
		socket->run.number = told->number + 1;
	}
	/* Each time: connect() and sendmsg() did not know our own address yet. */
	socket->run.endpoints = packet->endpoints;
	if (direction == TT_OUT) {
		socket->run.sent += bytes;
		socket->run.packets_sent += packets;
	} else {
		socket->run.received += bytes;
		socket->run.packets_received += packets;
	}
	if (!is_new)
		*told = socket->run;
	bpf_spin_unlock(&socket->lock);
	return is_new;
}

static __noinline int on_datagram(struct __sk_buff *skb, struct bpf_sock *sk, __u8 direction)
{
	struct packet packet = {};
	struct tt_socket *socket;
	struct tt_run told;
	__u32 header, packets;

	if (!parse_packet(&packet, skb, direction) || packet.endpoints.protocol != IPPROTO_UDP)
		return ALLOW;
	header = packet.transport + UDP_HEADER;
	if (packet.length < header)
		return ALLOW;
	socket = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!socket)
		return ALLOW;
	if (!socket->cookie)
		socket->cookie = bpf_get_socket_cookie(skb);
	packets = skb->gso_segs > 1 ? skb->gso_segs : 1;
	if (count_datagram(socket, &packet, packet.length - header, packets, direction, &told)) {
		if (told.packets_sent || told.packets_received)
			emit_run(socket->cookie, &told, 0);
		emit_open(socket, &packet.endpoints, TT_ORIGIN_PACKET, direction);
		if (config.release_is_plain) {
			__builtin_memset(&told, 0, sizeof(told));
			told = socket->run;
			emit_run(socket->cookie, &told, 0);
		}
	} else if (config.release_is_plain && told.packets_sent + told.packets_received <= EARLY_PACKETS) {
		emit_run(socket->cookie, &told, 0);
	}
	if (packet.length > header &&
	    (is_dns_port(packet.endpoints.remote_port) || is_dns_port(packet.endpoints.local_port))) {
		struct piece piece = {
			.packet_offset = header,
			.length = packet.length - header,
			.original_length = packet.length - header,
			.kind = TT_PAYLOAD_DNS_DATAGRAM,
			.direction = direction,
		};

		if (piece.length > TT_PAYLOAD_MAX)
			piece.length = TT_PAYLOAD_MAX;
		emit_payload(skb, socket, &packet.endpoints, &piece);
	}
	return ALLOW;
}

static __always_inline int on_packet(struct __sk_buff *skb, __u8 direction)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return ALLOW;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return ALLOW;
	if (sk->protocol == IPPROTO_TCP)
		return on_segment(skb, sk, direction);
	if (sk->protocol == IPPROTO_UDP)
		return on_datagram(skb, sk, direction);
	return ALLOW;
}

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
	return on_packet(skb, TT_OUT);
}

SEC("cgroup_skb/ingress")
int ingress(struct __sk_buff *skb)
{
	return on_packet(skb, TT_IN);
}
