/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Packets: datagrams are counted a remote, DNS messages and the first bytes of
 * TLS-like streams are copied. Nothing here reads what the bytes mean; the one
 * exception is the two-byte check below, which spares copying what is no
 * handshake.
 */
#include "emit.bpf.h"
#include "endpoints.bpf.h"

#define IP4_HEADER 20
#define IP6_HEADER 40
#define UDP_HEADER 8
#define TCP_SYN 2
#define IP6_EXTENSIONS_MAX 4

#define DNS_STREAM_CAP 16384  /* of a direction of a DNS connection */
#define STREAM_START_CAP 8192 /* a ClientHello with post-quantum keys has 1.8 KiB; with hostile padding more */
#define STREAM_PIECES 8       /* of one segment: DNS_STREAM_CAP / TT_PAYLOAD_MAX */

/* Datagrams at the start of a run that are told at once where the release hook cannot. */
#define EARLY_PACKETS 16

/* The beginning of a TCP header (RFC 9293, 3.1). */
struct tcp_start {
	__u16 ports[2];
	__u32 sequence;
	__u32 acknowledgment;
	__u8 data_offset; /* upper half, in words of four bytes */
	__u8 flags;
};

struct packet {
	struct tt_endpoints endpoints;
	__u32 transport; /* offset of the transport header */
	__u32 length;    /* of the whole packet */
};

static __always_inline bool is_ip6_extension(__u8 header)
{
	return header == 0 || header == 43 || header == 44 || header == 60;
}

static __always_inline bool parse_ip4(struct packet *packet, struct __sk_buff *skb, __u8 *src, __u8 *dst)
{
	__u8 header[IP4_HEADER];

	if (bpf_skb_load_bytes(skb, 0, header, sizeof(header)))
		return false;
	packet->endpoints.family = AF_INET;
	packet->endpoints.protocol = header[9];
	packet->transport = (header[0] & 15) * 4;
	__builtin_memcpy(src, header + 12, 4);
	__builtin_memcpy(dst, header + 16, 4);
	return true;
}

static __always_inline bool parse_ip6(struct packet *packet, struct __sk_buff *skb, __u8 *src, __u8 *dst)
{
	__u8 header[IP6_HEADER];
	__u8 next;

	if (bpf_skb_load_bytes(skb, 0, header, sizeof(header)))
		return false;
	next = header[6];
	packet->transport = IP6_HEADER;
	for (int i = 0; i < IP6_EXTENSIONS_MAX && is_ip6_extension(next); i++) {
		__u8 extension[2];

		if (bpf_skb_load_bytes(skb, packet->transport, extension, sizeof(extension)))
			return false;
		packet->transport += (extension[1] + 1) * 8;
		next = extension[0];
	}
	packet->endpoints.family = AF_INET6;
	packet->endpoints.protocol = next;
	__builtin_memcpy(src, header + 8, 16);
	__builtin_memcpy(dst, header + 24, 16);
	return true;
}

static __noinline bool parse_packet(struct packet *packet, struct __sk_buff *skb, __u8 direction)
{
	__u8 *local = packet->endpoints.local_address;
	__u8 *remote = packet->endpoints.remote_address;
	__u8 *src = direction == TT_OUT ? local : remote;
	__u8 *dst = direction == TT_OUT ? remote : local;
	__u16 ports[2];
	__u8 version;

	if (bpf_skb_load_bytes(skb, 0, &version, 1))
		return false;
	if (version >> 4 == 4 ? !parse_ip4(packet, skb, src, dst) : !parse_ip6(packet, skb, src, dst))
		return false;
	if (bpf_skb_load_bytes(skb, packet->transport, ports, sizeof(ports)))
		return false;
	packet->endpoints.local_port = bpf_ntohs(ports[direction == TT_OUT ? 0 : 1]);
	packet->endpoints.remote_port = bpf_ntohs(ports[direction == TT_OUT ? 1 : 0]);
	packet->length = skb->len;
	return true;
}

/* --- copies --- */

struct piece {
	__u32 packet_offset;
	__u32 length; /* at least 1 */
	__u32 stream_offset;
	__u32 original_length;
	__u8 kind;
	__u8 direction;
};

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

/* --- datagrams --- */

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

/* --- streams --- */

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
