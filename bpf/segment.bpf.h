/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * TCP segments. Of DNS connections the first bytes are copied in both
 * directions, of others what client-stream.bpf.h chooses. And connections that
 * no other hook told of are told of here.
 */
#ifndef TELLTALE_SEGMENT_BPF_H
#define TELLTALE_SEGMENT_BPF_H

#include "client-stream.bpf.h"
#include "emit.bpf.h"
#include "other.bpf.h"
#include "user.bpf.h"

#define DNS_STREAM_CAP 16384 /* of a direction of a DNS connection */
#define STREAM_PIECES 8	     /* of one segment: DNS_STREAM_CAP / TT_PAYLOAD_MAX */

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
		server_spoke(socket, bpf_ntohl(header.acknowledgment));
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
		if (sk->type == SOCK_RAW)
			return config.packets_are_plain ? ALLOW : on_other(skb, sk, direction);
		adopt_connection(skb, sk, direction);
		return ALLOW;
	}
	/* Later states belong to whoever closes last. */
	if (direction == TT_OUT && !is_user_known(socket) && sk->state == TCP_ESTABLISHED)
		confirm_stream_user(sk, socket, socket->is_client && is_bare(skb));
	stream = direction == TT_OUT ? &socket->out : &socket->in;
	if (!stream->is_done && !is_bare(skb))
		copy_segment(skb, socket, stream, direction);
	return ALLOW;
}

#endif
