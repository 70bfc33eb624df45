/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Copies bytes of a packet into a payload record, unread. */
#ifndef TELLTALE_COPY_BPF_H
#define TELLTALE_COPY_BPF_H

#include "emit.bpf.h"

struct piece {
	__u32 packet_offset;
	__u32 length; /* at least 1 */
	__u32 stream_offset;
	__u32 original_length;
	__u8 kind;
	__u8 direction;
};

/*
 * The same number, of which the verifier knows nothing any more: it follows
 * whole words on the stack, not halves. Without this, 6.1 and 5.10 follow each
 * way by which a length came about through the whole copy loop.
 */
static __always_inline __u32 forget(__u32 number)
{
	volatile __u16 halves[2] = { number, number >> 16 };

	return halves[0] | (__u32)halves[1] << 16;
}

/*
 * `room` is a constant power of two: three sizes of record, so that a short
 * query does not take 2 KiB of the ring. The loader copies `size` bytes only.
 */
static __always_inline void emit_piece(struct __sk_buff *skb, const struct tt_socket *socket,
				       const struct tt_endpoints *endpoints, const struct piece *piece,
				       const __u32 room)
{
	struct tt_payload *record = reserve_record(TT_PAYLOAD, sizeof(*record) + room);
	/* In this form 5.10's verifier too sees a length between 1 and `room`. */
	__u32 last = piece->length - 1;

	if (!record)
		return;
	asm volatile("" : "+r"(last));
	last &= room - 1;
	*(__u64 *)&record->data[last & ~7u] = 0;
	fill_header(&record->header, TT_PAYLOAD, sizeof(*record) + (last & ~7u) + 8);
	record->cookie = socket->cookie;
	record->owner = socket->owner;
	record->endpoints = *endpoints;
	record->stream_offset = piece->stream_offset;
	record->original_length = piece->original_length;
	record->data_length = last + 1;
	record->kind = piece->kind;
	record->direction = piece->direction;
	record->reserved = 0;
	if (bpf_skb_load_bytes(skb, piece->packet_offset, record->data, last + 1)) {
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
		return;
	}
	submit_record(record, TT_PAYLOAD);
}

/*
 * A function of its own in the object: whatever way the verifier took through
 * it, it comes back to one state. Inlined into the loop below, 6.1 and 5.10 ran
 * into their limit of a million steps.
 */
static __noinline int emit_payload(struct __sk_buff *skb, const struct tt_socket *socket,
				   const struct tt_endpoints *endpoints, const struct piece *piece)
{
	if (piece->length <= 256)
		emit_piece(skb, socket, endpoints, piece, 256);
	else if (piece->length <= 1024)
		emit_piece(skb, socket, endpoints, piece, 1024);
	else
		emit_piece(skb, socket, endpoints, piece, TT_PAYLOAD_MAX);
	return 0;
}

#endif
