/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Datagrams: counted a remote. DNS messages are copied, and what a client
 * sends first if it begins like QUIC.
 */
#ifndef TELLTALE_DATAGRAM_BPF_H
#define TELLTALE_DATAGRAM_BPF_H

#include "allowance.bpf.h"
#include "copy.bpf.h"
#include "likeness.bpf.h"
#include "packet.bpf.h"
#include "user.bpf.h"

#define UDP_HEADER 8

#define LONG_HEADERS_A_RUN 8 /* a ClientHello takes two or three datagrams; lost ones, a retry and another version come on top */
#define LONG_HEADER_SEGMENTS 4 /* of one segmented send: more than a client may send before the server answers */
#define LONG_HEADER_WINDOW 64 /* datagrams sent in a run that are looked at: handshakes stand at its front, bulk does not pay */

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
		socket->run.is_inbound = direction == TT_IN;
		socket->run.copied = 0;
		if (direction == TT_IN && !told->number && !socket->is_existing)
			socket->run.is_server = 1;
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
	if (config.release_is_plain && !is_new)
		*told = socket->run;
	bpf_spin_unlock(&socket->lock);
	return is_new;
}

/* Counts, and tells what must be told. */
static __always_inline void count_packets(struct tt_socket *socket, const struct packet *packet, __u32 bytes,
					  __u32 packets, __u8 direction)
{
	struct tt_run told;

	if (count_datagram(socket, packet, bytes, packets, direction, &told)) {
		tell_turn(socket, &told, &packet->endpoints, TT_ORIGIN_PACKET, direction);
		if (config.release_is_plain) {
			__builtin_memset(&told, 0, sizeof(told));
			told = socket->run;
			emit_run(socket->cookie, &told, 0);
		}
	} else if (config.release_is_plain && told.packets_sent + told.packets_received <= EARLY_PACKETS) {
		emit_run(socket->cookie, &told, 0);
	}
}

#define SERVED_ALLOWANCE 4 /* questions to a server: they only tell that it is one */

/* Who asks is told all; of a server only what shows that it is one. */
static __always_inline bool is_dns_wanted(struct tt_socket *socket, const struct packet *packet, __u8 direction)
{
	if (!is_dns_port(packet->endpoints.remote_port))
		return direction == TT_IN && may_tell(&socket->allowance, SERVED_ALLOWANCE);
	if (may_tell(&socket->allowance, ALLOWANCE))
		return true;
	count_lost(TT_PAYLOAD);
	return false;
}

static __always_inline void copy_dns(struct __sk_buff *skb, const struct tt_socket *socket,
				     const struct packet *packet, __u32 start, __u8 direction)
{
	struct piece piece = {
		.packet_offset = start,
		.length = packet->length - start,
		.original_length = packet->length - start,
		.kind = TT_PAYLOAD_DNS_DATAGRAM,
		.direction = direction,
	};

	if (piece.length > TT_PAYLOAD_MAX)
		piece.length = TT_PAYLOAD_MAX;
	emit_payload(skb, socket, &packet->endpoints, &piece);
}

/* A client's socket, at the front of a run. What a server sends tells no name. */
static __always_inline bool may_begin_quic(const struct tt_socket *socket)
{
	const struct tt_run *run = &socket->run;

	return run->copied < LONG_HEADERS_A_RUN && run->packets_sent <= LONG_HEADER_WINDOW && !run->is_inbound &&
	       !run->is_server;
}

/*
 * Each datagram of a segmented send (UDP_SEGMENT) is judged and copied by
 * itself. `copied` is not guarded: two threads that send at once on one socket
 * may get a copy more.
 */
static __noinline int copy_long_headers(struct __sk_buff *skb, struct tt_socket *socket,
					const struct packet *packet, __u32 start)
{
	struct piece piece = {};
	__u32 left = forget(packet->length - start);
	__u32 size = forget(skb->gso_segs > 1 && skb->gso_size ? skb->gso_size : left);

	piece.kind = TT_PAYLOAD_DATAGRAM;
	piece.direction = TT_OUT;
	start = forget(start);
	for (int i = 0; i < LONG_HEADER_SEGMENTS && left && socket->run.copied < LONG_HEADERS_A_RUN; i++) {
		__u32 length = left < size ? left : size;

		if (is_long_header_like(skb, start, length)) {
			piece.packet_offset = start;
			piece.length = length < TT_PAYLOAD_MAX ? length : TT_PAYLOAD_MAX;
			piece.original_length = length;
			emit_payload(skb, socket, &packet->endpoints, &piece);
			socket->run.copied++;
		}
		start += length;
		left -= length;
	}
	return 0;
}

static __noinline int on_datagram(struct __sk_buff *skb, struct bpf_sock *sk, __u8 direction)
{
	struct packet packet = {};
	struct tt_socket *socket;
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
	if (direction == TT_OUT && !is_user_known(socket))
		confirm_datagram_user(sk, socket, &packet.endpoints);
	packets = skb->gso_segs > 1 ? skb->gso_segs : 1;
	count_packets(socket, &packet, packet.length - header, packets, direction);
	if (packet.length == header)
		return ALLOW;
	if (is_dns_port(packet.endpoints.remote_port) || is_dns_port(packet.endpoints.local_port)) {
		if (is_dns_wanted(socket, &packet, direction))
			copy_dns(skb, socket, &packet, header, direction);
	} else if (direction == TT_OUT && may_begin_quic(socket))
		copy_long_headers(skb, socket, &packet, header);
	return ALLOW;
}

#endif
