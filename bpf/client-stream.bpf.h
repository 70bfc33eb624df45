/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What is copied of a client's stream: its first bytes before the server
 * answers, if they begin like a TLS handshake or an HTTP/1 request; or, of a
 * stream that begins otherwise (or asks a proxy for a tunnel), a TLS handshake
 * that begins a few segments later: STARTTLS, whatever the protocol.
 */
#ifndef TELLTALE_CLIENT_STREAM_BPF_H
#define TELLTALE_CLIENT_STREAM_BPF_H

#include "likeness.bpf.h"
#include "stream.bpf.h"

#define HANDSHAKE_CAP 8192   /* a ClientHello with post-quantum keys has 1.8 KiB; with hostile padding more */
#define REQUEST_CAP 2048     /* Host stands near the front; more would put cookies and bodies into recordings */
/*
 * "CONNECT ", a name of 253 bytes, a port, " HTTP/1.1": the first line is enough.
 * After a short one a proxy's password may stand within this.
 */
#define CONNECT_CAP 288
/* Mail takes two or three (EHLO, STARTTLS), LDAP, Postgres and MySQL one, SOCKS two, a proxy that asks for a password one. */
#define WATCHED_SEGMENTS 8

/* What the server says is of no interest until we copy again, so its packets cost nothing. */
static __always_inline void watch_on(struct tt_socket *socket)
{
	socket->out.budget = WATCHED_SEGMENTS;
	socket->out.phase = PHASE_WATCHED;
	socket->in.is_done = 1;
}

/*
 * The server has spoken. What acknowledges nothing of the bytes copied is no
 * answer to them: a greeting, or the go-ahead before a handshake sent again.
 */
static __always_inline void server_spoke(struct tt_socket *socket, __u32 acknowledgment)
{
	__u8 phase = socket->out.phase;

	if (phase == PHASE_WATCHED || (phase == PHASE_BEGINNING && !socket->out.next))
		socket->in.is_done = 1;
	else if ((__s32)(acknowledgment - socket->out.start) <= 0)
		return;
	else if (phase == PHASE_BEGINNING || phase == PHASE_TUNNEL)
		watch_on(socket);
	else
		end_copying(socket);
}

/* Adds to `head` what the piece has of it; how many bytes are known then. */
static __always_inline __u32 read_head(struct __sk_buff *skb, struct tt_socket *socket, const struct piece *piece)
{
	__u32 count = socket->out.next;

	for (__u32 i = 0; i < HEAD_BYTES && i < piece->length && count < HEAD_BYTES; i++, count++) {
		__u8 byte;

		if (bpf_skb_load_bytes(skb, piece->packet_offset + i, &byte, 1))
			return 0;
		socket->head |= (__u32)byte << (count & 3) * 8;
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
		__u32 count = read_head(skb, socket, piece);

		phase = phase_by_head(socket->head, count);
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

#endif
