/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Which bytes of TCP streams are copied. Of DNS connections the first ones in
 * both directions. Of others only what a client sends: its first bytes before
 * the server answers, if they begin like a TLS handshake or an HTTP/1 request;
 * or, of a stream that begins otherwise (or asks a proxy for a tunnel), a TLS
 * handshake that begins a few segments later: STARTTLS, whatever the protocol.
 */
#ifndef TELLTALE_STREAM_BPF_H
#define TELLTALE_STREAM_BPF_H

#include "copy.bpf.h"
#include "likeness.bpf.h"
#include "packet.bpf.h"

#define TCP_SYN 2
#define DNS_STREAM_CAP 16384 /* of a direction of a DNS connection */
#define HANDSHAKE_CAP 8192   /* a ClientHello with post-quantum keys has 1.8 KiB; with hostile padding more */
#define REQUEST_CAP 2048     /* Host stands near the front; more would put cookies and bodies into recordings */
/* "CONNECT ", a name of 253 bytes, a port, " HTTP/1.1": the first line is enough, proxy passwords come later. */
#define CONNECT_CAP 288
/* Mail takes two or three (EHLO, STARTTLS), LDAP, Postgres and MySQL one, SOCKS two, a proxy that asks for a password one. */
#define WATCHED_SEGMENTS 8

/* Where a client's stream is; streams of DNS have none. */
enum stream_phase {
	PHASE_BEGINNING, /* copied as far as there is anything: too little to judge by */
	PHASE_HANDSHAKE, /* copied: begins like TLS */
	PHASE_REQUEST,	 /* copied: begins like HTTP/1 */
	PHASE_TUNNEL,	 /* copied: asks a proxy for a tunnel, in which TLS may come */
	PHASE_WATCHED,	 /* not copied: TLS may come */
	PHASE_UPGRADE,	 /* copied: TLS came */
};

/* The beginning of a TCP header (RFC 9293, 3.1). */
struct tcp_start {
	__u16 ports[2];
	__u32 sequence;
	__u32 acknowledgment;
	__u8 data_offset; /* upper half, in words of four bytes */
	__u8 flags;
};

static __always_inline void end_copying(struct tt_socket *socket)
{
	socket->out.is_done = 1;
	socket->in.is_done = 1;
}

/* What the server says is of no interest until we copy again, so its packets cost nothing. */
static __always_inline void watch_on(struct tt_socket *socket)
{
	socket->out.budget = WATCHED_SEGMENTS;
	socket->out.phase = PHASE_WATCHED;
	socket->in.is_done = 1;
}

/* The server has spoken: a first flight that was copied is over. A greeting before it means nothing yet. */
static __always_inline void server_spoke(struct tt_socket *socket)
{
	__u8 phase = socket->out.phase;

	if (phase == PHASE_HANDSHAKE || phase == PHASE_REQUEST || phase == PHASE_UPGRADE)
		end_copying(socket);
	else if (phase == PHASE_TUNNEL || (phase == PHASE_BEGINNING && socket->out.next))
		watch_on(socket);
	else
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
		stream->head = 0;
		stream->phase = PHASE_BEGINNING;
		stream->is_known = 1;
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

/* Adds to `head` what the piece has of it; how many bytes are known then. */
static __always_inline __u32 read_head(struct __sk_buff *skb, struct tt_stream *stream, const struct piece *piece)
{
	__u32 count = stream->next;

	for (__u32 i = 0; i < HEAD_BYTES && i < piece->length && count < HEAD_BYTES; i++, count++) {
		__u8 byte;

		if (bpf_skb_load_bytes(skb, piece->packet_offset + i, &byte, 1))
			return 0;
		stream->head |= (__u32)byte << (count & 3) * 8;
	}
	return count;
}

static __always_inline __u8 phase_by_head(__u32 head, __u32 count)
{
	if (count == 0)
		return PHASE_WATCHED;
	if (is_handshake_like(head, count))
		return count < HANDSHAKE_BYTES ? PHASE_BEGINNING : PHASE_HANDSHAKE;
	if (is_connect_like(head, count))
		return count < HEAD_BYTES ? PHASE_BEGINNING : PHASE_TUNNEL;
	if (is_request_like(head, count))
		return count < HEAD_BYTES ? PHASE_BEGINNING : PHASE_REQUEST;
	return PHASE_WATCHED;
}

/* The first bytes of a client, in order; false: they are none we copy. */
static __noinline bool judge_beginning(struct __sk_buff *skb, struct tt_socket *socket, const struct piece *piece)
{
	struct tt_stream *stream = &socket->out;
	__u8 phase = PHASE_WATCHED;

	if (piece->stream_offset == stream->next) {
		__u32 count = read_head(skb, stream, piece);

		phase = phase_by_head(stream->head, count);
	}
	if (phase == PHASE_WATCHED) {
		stream->next = piece->stream_offset + piece->length;
		watch_on(socket);
		return false;
	}
	stream->phase = phase;
	socket->in.is_done = 0; /* the answer will end it */
	return true;
}

/* A segment of a stream we watch, which is not TLS. */
static __always_inline void pass_by(struct tt_socket *socket, const struct piece *piece)
{
	socket->out.next = piece->stream_offset + piece->length;
	if (--socket->out.budget == 0)
		end_copying(socket);
}

/* From here on the stream counts from the handshake's first byte. */
static __always_inline void begin_upgrade(struct tt_socket *socket, struct piece *piece)
{
	socket->out.start += piece->stream_offset;
	socket->out.next = 0;
	socket->out.phase = PHASE_UPGRADE;
	socket->in.is_done = 0;
	piece->stream_offset = 0;
}

/* An upgrade may begin with a write of one byte; the next one says whether it is one. */
static __always_inline bool is_upgrade_refuted(struct __sk_buff *skb, const struct piece *piece)
{
	__u8 version;

	return piece->stream_offset == 1 &&
	       (bpf_skb_load_bytes(skb, piece->packet_offset, &version, 1) || version != 3);
}

/* Finds the phase the segment belongs to; false: it is not copied. */
static __noinline bool enter_phase(struct __sk_buff *skb, struct tt_socket *socket, struct piece *piece)
{
	__u8 phase = socket->out.phase;

	if (phase == PHASE_BEGINNING)
		return judge_beginning(skb, socket, piece);
	if (phase == PHASE_TUNNEL || phase == PHASE_WATCHED) {
		if (is_hello_like(skb, piece->packet_offset, piece->length))
			begin_upgrade(socket, piece);
		else if (phase == PHASE_WATCHED)
			pass_by(socket, piece);
		return socket->out.phase != PHASE_WATCHED;
	}
	if (phase == PHASE_UPGRADE && is_upgrade_refuted(skb, piece)) {
		end_copying(socket);
		return false;
	}
	return true;
}

static __always_inline bool plan_client(struct __sk_buff *skb, struct tt_socket *socket, struct piece *piece)
{
	struct tt_stream *stream = &socket->out;
	__u32 cap = HANDSHAKE_CAP;
	bool is_planned;

	if (!enter_phase(skb, socket, piece))
		return false;
	if (stream->phase == PHASE_REQUEST)
		cap = REQUEST_CAP;
	else if (stream->phase == PHASE_TUNNEL)
		cap = CONNECT_CAP;
	piece->kind = stream->phase == PHASE_UPGRADE ? TT_PAYLOAD_STREAM_UPGRADE : TT_PAYLOAD_STREAM_START;
	is_planned = cut_to_cap(stream, piece, cap);
	if (is_planned && stream->next < cap)
		return true;
	/* All that we want of it. Of a tunnel the rest of the request is passed by. */
	if (stream->phase == PHASE_TUNNEL)
		watch_on(socket);
	else
		end_copying(socket);
	return is_planned;
}

static __always_inline bool plan_dns(struct tt_stream *stream, struct piece *piece)
{
	bool is_planned = cut_to_cap(stream, piece, DNS_STREAM_CAP);

	piece->kind = TT_PAYLOAD_DNS_STREAM;
	stream->is_done = !is_planned || stream->next >= DNS_STREAM_CAP;
	return is_planned;
}

/* Which bytes of the segment to copy, if any: into `piece`, whose length may be more than one record takes. */
static __noinline bool plan_copy(struct __sk_buff *skb, struct tt_socket *socket, struct tt_stream *stream,
				 struct packet *packet, struct piece *piece)
{
	struct tcp_start header;
	__u32 start, sequence;
	bool is_dns = packet->endpoints.remote_port == 53 || packet->endpoints.local_port == 53;

	if (bpf_skb_load_bytes(skb, packet->transport, &header, sizeof(header)))
		return false;
	sequence = bpf_ntohl(header.sequence);
	if (header.flags & TCP_SYN) {
		begin_stream(socket, stream, sequence, piece->direction);
		sequence++;
	}
	start = packet->transport + (header.data_offset >> 4) * 4;
	if (packet->length <= start)
		return false;
	if (piece->direction == TT_IN && !is_dns) {
		server_spoke(socket);
		return false;
	}
	if (!stream->is_known) {
		end_copying(socket); /* its beginning is past */
		return false;
	}
	piece->packet_offset = start;
	piece->stream_offset = sequence - stream->start;
	piece->length = packet->length - start;
	if (!skip_repeated(stream, piece))
		return false;
	return is_dns ? plan_dns(stream, piece) : plan_client(skb, socket, piece);
}

#endif
