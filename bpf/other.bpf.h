/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Sockets of everything but TCP and UDP: ping and raw sockets, SCTP. Counted
 * like datagrams, a remote, with all that stands above IP. Nothing is copied.
 */
#ifndef TELLTALE_OTHER_BPF_H
#define TELLTALE_OTHER_BPF_H

#include "datagram.bpf.h"

#define ICMP_ECHO_REPLY 0
#define ICMP_ECHO 8
#define ICMP_TIMESTAMP 13
#define ICMP6_ECHO 128
#define ICMP6_ECHO_REPLY 129

#define UDPLITE_HEADER 8

/* The beginning of an ICMP and ICMPv6 header; the identifier is there in echos. */
struct icmp_start {
	__u8 type;
	__u8 code;
	__u16 checksum;
	__u16 identifier;
};

static __always_inline bool is_icmp(const struct bpf_sock *sk)
{
	return sk->protocol == IPPROTO_ICMP || sk->protocol == IPPROTO_ICMPV6;
}

#define IS_PINGING 0x10000 /* in tt_socket.head: an identifier may be 0 */

/*
 * A raw socket of ICMP hears all ICMP of the machine. To a program that pings
 * belong the answers to its own echos; to another what is no echo, unless it is
 * an error, which comes from somebody on the way.
 */
static __always_inline bool is_meant_icmp(struct __sk_buff *skb, struct tt_socket *socket,
					  const struct packet *packet, __u8 direction)
{
	bool is_v6 = packet->endpoints.family == AF_INET6;
	struct icmp_start start;

	if (bpf_skb_load_bytes(skb, packet->transport, &start, sizeof(start)))
		return direction == TT_OUT;
	if (direction == TT_OUT) {
		if (start.type == (is_v6 ? ICMP6_ECHO : ICMP_ECHO))
			socket->ping = start.identifier | IS_PINGING;
		return true;
	}
	if (start.type == (is_v6 ? ICMP6_ECHO_REPLY : ICMP_ECHO_REPLY))
		return socket->ping == (start.identifier | IS_PINGING);
	return !socket->ping && (is_v6 ? start.type > ICMP6_ECHO_REPLY : start.type >= ICMP_TIMESTAMP);
}

static __always_inline bool is_meant(struct __sk_buff *skb, const struct bpf_sock *sk, struct tt_socket *socket,
				     const struct packet *packet, __u8 direction)
{
	if (sk->type != SOCK_RAW)
		return true;
	if (is_icmp(sk))
		return is_meant_icmp(skb, socket, packet, direction);
	/* What such a socket hears of TCP and UDP is said to other sockets. */
	return direction == TT_OUT || (sk->protocol != IPPROTO_TCP && sk->protocol != IPPROTO_UDP);
}

/* The kernel answers pings and finds neighbours on sockets of its own: those have no owner to tell. */
static __always_inline struct tt_socket *find_other(struct __sk_buff *skb, struct bpf_sock *sk)
{
	struct tt_socket *socket = bpf_sk_storage_get(&sockets, sk, 0, 0);

	if (!socket) {
		if (is_of_kernel(kernel_sock(sk)))
			return NULL;
		socket = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
		if (!socket)
			return NULL;
	}
	if (!socket->cookie)
		socket->cookie = bpf_get_socket_cookie(skb);
	return socket;
}

static __always_inline bool parse_other(struct packet *packet, struct __sk_buff *skb, const struct bpf_sock *sk,
					__u8 direction)
{
	if (!parse_ends(packet, skb, direction))
		return false;
	if (is_icmp(sk)) {
		packet->endpoints.protocol = sk->protocol;
		return true;
	}
	if (sk->type == SOCK_RAW) {
		packet->endpoints.protocol |= TT_PROTOCOL_RAW;
		return true;
	}
	return parse_ports(packet, skb, direction);
}

static __noinline int on_other(struct __sk_buff *skb, struct bpf_sock *sk, __u8 direction)
{
	struct packet packet = {};
	struct tt_socket *socket;
	__u32 bytes;

	if (!parse_other(&packet, skb, sk, direction))
		return ALLOW;
	socket = find_other(skb, sk);
	if (!socket || !is_meant(skb, sk, socket, &packet, direction))
		return ALLOW;
	if (direction == TT_OUT && !is_user_known(socket)) {
		if (sk->type == SOCK_RAW || sk->type == SOCK_DGRAM)
			confirm_datagram_user(sk, socket, &packet.endpoints);
		else
			confirm_stream_user(sk, socket, false);
	}
	bytes = packet.length - packet.transport;
	if (sk->protocol == IPPROTO_UDPLITE && bytes >= UDPLITE_HEADER)
		bytes -= UDPLITE_HEADER;
	count_packets(socket, &packet, bytes, 1, direction);
	return ALLOW;
}

#endif
