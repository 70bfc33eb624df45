/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Positions in a direction of a TCP stream: where it begins, what of a segment is new, what a cap leaves of it. */
#ifndef TELLTALE_STREAM_BPF_H
#define TELLTALE_STREAM_BPF_H

#include "copy.bpf.h"
#include "packet.bpf.h"

#define TCP_SYN 2
#define TCP_FLAGS_END 14 /* bytes of a TCP header up to its flags */

/* The beginning of a TCP header (RFC 9293, 3.1). */
struct tcp_start {
	__u16 ports[2];
	__u32 sequence;
	__u32 acknowledgment;
	__u8 data_offset; /* upper half, in words of four bytes */
	__u8 flags;
};

/*
 * Bare acknowledgments and the like: most packets of a short connection. What
 * is not plainly one counts as none.
 */
static __always_inline bool is_bare(struct __sk_buff *skb)
{
	const __u8 *ip = in_place(skb, 0, IP4_HEADER + TCP_FLAGS_END);
	__u32 transport = IP4_HEADER;

	if (!ip)
		return false;
	if (ip[0] != PLAIN_IP4) {
		ip = in_place(skb, 0, IP6_HEADER + TCP_FLAGS_END);
		if (!ip || ip[0] >> 4 != 6 || ip[6] != IPPROTO_TCP)
			return false;
		ip += IP6_HEADER - IP4_HEADER;
		transport = IP6_HEADER;
	}
	ip += IP4_HEADER + offsetof(struct tcp_start, data_offset);
	return !(ip[1] & TCP_SYN) && skb->len <= transport + (ip[0] >> 4) * 4;
}

static __always_inline void end_copying(struct tt_socket *socket)
{
	socket->out.is_done = 1;
	socket->in.is_done = 1;
}

/*
 * SYN takes a sequence number; data may follow it at once (Fast Open). Sent
 * again, it begins nothing new.
 */
static __always_inline void begin_stream(struct tt_socket *socket, struct tt_stream *stream, __u32 sequence,
					 __u8 direction)
{
	if (!stream->is_known || stream->start != sequence + 1) {
		stream->start = sequence + 1;
		stream->next = 0;
		stream->phase = PHASE_BEGINNING;
		stream->is_known = 1;
		if (direction == TT_OUT)
			socket->head = 0;
	}
	if (direction == TT_OUT)
		socket->is_syn_sent = 1;
}

/* Leaves of the piece what was not seen before; false: nothing. Sequence numbers wrap, so differences are signed. */
static __always_inline bool skip_repeated(const struct tt_stream *stream, struct piece *piece)
{
	__u32 seen = stream->next - piece->stream_offset;

	if ((__s32)seen <= 0)
		return true;
	if (seen >= piece->length)
		return false;
	piece->packet_offset += seen;
	piece->stream_offset += seen;
	piece->length -= seen;
	return true;
}

/* Leaves of the piece what lies below the cap; false: nothing. */
static __always_inline bool cut_to_cap(struct tt_stream *stream, struct piece *piece, __u32 cap)
{
	if (piece->stream_offset >= cap)
		return false;
	piece->original_length = piece->length;
	if (piece->length > cap - piece->stream_offset)
		piece->length = cap - piece->stream_offset;
	/* After a gap `next` stays: what fills it is not a repetition. */
	if (piece->stream_offset == stream->next)
		stream->next += piece->length;
	return true;
}

#endif
