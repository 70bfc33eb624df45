/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The first bytes of TCP streams: of DNS connections in both directions, of
 * others what a client sends before the server answers, if it begins like a
 * TLS handshake. Those two bytes are the only ones we look at; it spares
 * copying what is none.
 */
#ifndef TELLTALE_STREAM_BPF_H
#define TELLTALE_STREAM_BPF_H

#include "copy.bpf.h"
#include "packet.bpf.h"

#define TCP_SYN 2
#define DNS_STREAM_CAP 16384  /* of a direction of a DNS connection */
#define STREAM_START_CAP 8192 /* a ClientHello with post-quantum keys has 1.8 KiB; with hostile padding more */
#define STREAM_PIECES 8	      /* of one segment: DNS_STREAM_CAP / TT_PAYLOAD_MAX */

/* The beginning of a TCP header (RFC 9293, 3.1). */
struct tcp_start {
	__u16 ports[2];
	__u32 sequence;
	__u32 acknowledgment;
	__u8 data_offset; /* upper half, in words of four bytes */
	__u8 flags;
};

/* Of a TLS handshake record: type 22, major version 3. A first write of one byte is judged by the next. */
static __always_inline bool is_handshake_like(struct __sk_buff *skb, __u32 packet_offset, __u32 stream_offset,
					      __u32 length)
{
	__u8 head[2] = {};

	if (stream_offset > 1)
		return true;
	if (length == 1 || stream_offset == 1) {
		if (bpf_skb_load_bytes(skb, packet_offset, head, 1))
			return false;
		return head[0] == (stream_offset ? 3 : 22);
	}
	if (bpf_skb_load_bytes(skb, packet_offset, head, 2))
		return false;
	return head[0] == 22 && head[1] == 3;
}

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

static __always_inline void copy_pieces(struct __sk_buff *skb, const struct tt_socket *socket,
					const struct packet *packet, struct piece *piece)
{
	__u32 length = forget(piece->length);

	piece->packet_offset = forget(piece->packet_offset);
	piece->stream_offset = forget(piece->stream_offset);
	piece->original_length = forget(piece->original_length);
	for (int i = 0; i < STREAM_PIECES && length; i++) {
		piece->length = length < TT_PAYLOAD_MAX ? length : TT_PAYLOAD_MAX;
		emit_payload(skb, socket, &packet->endpoints, piece);
		piece->packet_offset += piece->length;
		piece->stream_offset += piece->length;
		length -= piece->length;
	}
}

/* The first packet we see of a connection that no other hook told of. */
static __always_inline struct tt_socket *adopt_connection(struct __sk_buff *skb, struct bpf_sock *sk,
							  __u8 direction)
{
	struct packet packet = {};
	struct tt_socket *socket;

	if (sk->state == TCP_LISTEN || sk->state == TCP_CLOSE || sk->state == TCP_SYN_RECV ||
	    sk->state == TCP_TIME_WAIT || sk->state == TCP_NEW_SYN_RECV)
		return NULL;
	if (!parse_packet(&packet, skb, direction))
		return NULL;
	socket = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!socket)
		return NULL;
	if (!socket->cookie)
		socket->cookie = bpf_get_socket_cookie(skb);
	socket->is_open = 1;
	socket->out.is_done = 1; /* its beginning is past */
	socket->in.is_done = 1;
	emit_open(socket, &packet.endpoints, TT_ORIGIN_PACKET, direction);
	return socket;
}

/* SYN takes a sequence number; data may follow it at once (Fast Open). */
static __always_inline void begin_stream(struct tt_socket *socket, struct tt_stream *stream, __u32 sequence,
					 __u8 direction)
{
	stream->start = sequence + 1;
	stream->next = 0;
	stream->is_known = 1;
	if (direction == TT_OUT)
		socket->is_syn_sent = 1;
}

/* Which bytes of the segment to copy, if any: into `piece`, whose length may be more than one record takes. */
static __noinline bool plan_copy(struct __sk_buff *skb, struct tt_socket *socket, struct tt_stream *stream,
				 struct packet *packet, struct piece *piece)
{
	struct tcp_start header;
	__u32 start, length, offset, cap, skip;
	bool is_dns = packet->endpoints.remote_port == 53 || packet->endpoints.local_port == 53;

	if (bpf_skb_load_bytes(skb, packet->transport, &header, sizeof(header)))
		return false;
	offset = bpf_ntohl(header.sequence);
	if (header.flags & TCP_SYN) {
		begin_stream(socket, stream, offset, piece->direction);
		offset++;
	}
	start = packet->transport + (header.data_offset >> 4) * 4;
	if (packet->length <= start)
		return false;
	length = packet->length - start;
	if (!stream->is_known || (piece->direction == TT_IN && !is_dns)) {
		/* Mid-stream; or the server has answered, so the client's first flight is over. */
		socket->out.is_done = 1;
		socket->in.is_done = 1;
		return false;
	}
	offset -= stream->start;
	cap = is_dns ? DNS_STREAM_CAP : STREAM_START_CAP;
	if ((__s32)offset < 0 || offset + length <= stream->next)
		return false; /* sent again */
	skip = offset < stream->next ? stream->next - offset : 0;
	offset += skip;
	length -= skip;
	start += skip;
	if (offset >= cap || (!is_dns && !is_handshake_like(skb, start, offset, length))) {
		stream->is_done = 1;
		return false;
	}
	piece->packet_offset = start;
	piece->stream_offset = offset;
	piece->original_length = length;
	piece->length = length < cap - offset ? length : cap - offset;
	piece->kind = is_dns ? TT_PAYLOAD_DNS_STREAM : TT_PAYLOAD_STREAM_START;
	/* After a gap `next` stays: what fills it is not a repetition. */
	if (offset == stream->next)
		stream->next = offset + piece->length;
	if (stream->next >= cap)
		stream->is_done = 1;
	return true;
}

static __always_inline void copy_segment(struct __sk_buff *skb, struct tt_socket *socket,
					 struct tt_stream *stream, __u8 direction)
{
	struct packet packet = {};
	struct piece piece = { .direction = direction };

	if (parse_packet(&packet, skb, direction) && plan_copy(skb, socket, stream, &packet, &piece))
		copy_pieces(skb, socket, &packet, &piece);
}

static __noinline int on_segment(struct __sk_buff *skb, struct bpf_sock *sk, __u8 direction)
{
	struct tt_socket *socket = bpf_sk_storage_get(&sockets, sk, 0, 0);
	struct tt_stream *stream;

	if (!socket || !socket->is_open) {
		adopt_connection(skb, sk, direction);
		return ALLOW;
	}
	stream = direction == TT_OUT ? &socket->out : &socket->in;
	if (!stream->is_done)
		copy_segment(skb, socket, stream, direction);
	return ALLOW;
}

#endif
