/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What bytes begin like. These comparisons are the only looks we take at what
 * programs send; they spare copying what would tell no name. A likeness is
 * enough here: what the bytes really are is judged in user space.
 */
#ifndef TELLTALE_LIKENESS_BPF_H
#define TELLTALE_LIKENESS_BPF_H

#include "maps.bpf.h"

#define HEAD_BYTES 4 /* the shortest prefix that tells HTTP's methods from each other and from other protocols' words */
#define HANDSHAKE_BYTES 2
#define HELLO_BYTES 6
#define LONG_HEADER_BYTES 5

/* Four bytes of a stream, the first one lowest, whatever the machine. */
#define WORD(a, b, c, d) ((__u32)(a) | (__u32)(b) << 8 | (__u32)(c) << 16 | (__u32)(d) << 24)

/* Are the first `count` bytes (1 to 4) of both the same? */
static __always_inline bool begins_equal(__u32 head, __u32 word, __u32 count)
{
	return (__u32)((head ^ word) << (HEAD_BYTES - count) * 8) == 0;
}

/* A TLS record of type handshake (22), major version 3 (RFC 8446, 5.1). */
static __always_inline bool is_handshake_like(__u32 head, __u32 count)
{
	return begins_equal(head, WORD(22, 3, 0, 0), count < HANDSHAKE_BYTES ? count : HANDSHAKE_BYTES);
}

/* The request method that asks a proxy for a tunnel (RFC 9110, 9.3.6). */
static __always_inline bool is_connect_like(__u32 head, __u32 count)
{
	return begins_equal(head, WORD('C', 'O', 'N', 'N'), count);
}

/* The other request methods of RFC 9110, 9.3, and PATCH (RFC 5789). */
static __always_inline bool is_request_like(__u32 head, __u32 count)
{
	return begins_equal(head, WORD('G', 'E', 'T', ' '), count) ||
	       begins_equal(head, WORD('P', 'O', 'S', 'T'), count) ||
	       begins_equal(head, WORD('H', 'E', 'A', 'D'), count) ||
	       begins_equal(head, WORD('P', 'U', 'T', ' '), count) ||
	       begins_equal(head, WORD('D', 'E', 'L', 'E'), count) ||
	       begins_equal(head, WORD('O', 'P', 'T', 'I'), count) ||
	       begins_equal(head, WORD('P', 'A', 'T', 'C'), count) ||
	       begins_equal(head, WORD('T', 'R', 'A', 'C'), count);
}

/*
 * A handshake record that carries a ClientHello (1). Of a shorter write only
 * what is there is compared.
 */
static __always_inline bool is_hello_like(struct __sk_buff *skb, __u32 packet_offset, __u32 length)
{
	__u8 head[HELLO_BYTES] = {};
	long error;

	head[1] = 3;
	head[5] = 1;
	if (length >= HELLO_BYTES)
		error = bpf_skb_load_bytes(skb, packet_offset, head, HELLO_BYTES);
	else if (length >= HANDSHAKE_BYTES)
		error = bpf_skb_load_bytes(skb, packet_offset, head, HANDSHAKE_BYTES);
	else
		error = bpf_skb_load_bytes(skb, packet_offset, head, 1);
	return !error && head[0] == 22 && head[1] == 3 && head[5] == 1;
}

/* A QUIC long header (RFC 8999, 5.1); version 0 is a server's list of versions, not a beginning. */
static __always_inline bool is_long_header_like(struct __sk_buff *skb, __u32 packet_offset, __u32 length)
{
	__u8 head[LONG_HEADER_BYTES];

	if (length < LONG_HEADER_BYTES || bpf_skb_load_bytes(skb, packet_offset, head, sizeof(head)))
		return false;
	return head[0] >> 6 == 3 && (head[1] | head[2] | head[3] | head[4]);
}

#endif
