/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Where in a packet is what: the ends, and where the transport header begins. */
#ifndef TELLTALE_PACKET_BPF_H
#define TELLTALE_PACKET_BPF_H

#include "endpoints.bpf.h"

#define IP4_HEADER 20
#define IP6_HEADER 40
#define IP6_EXTENSIONS_MAX 4

#define PLAIN_IP4 0x45

/* An IPv4 header without options, and the ports behind it (RFC 791, 3.1). */
struct plain_ip4 {
	__u8 version_and_words;
	__u8 before_protocol[8];
	__u8 protocol;
	__u16 checksum;
	__u32 source;
	__u32 target;
	__u16 source_port;
	__u16 target_port;
};

struct packet {
	struct tt_endpoints endpoints;
	__u32 transport; /* offset of the transport header */
	__u32 length;    /* of the whole packet */
};

/*
 * `length` bytes at `offset`, where they lie in the packet's first piece, as
 * headers nearly always do: read in place, for a twentieth of a helper's price.
 */
static __always_inline const void *in_place(const struct __sk_buff *skb, __u32 offset, __u32 length)
{
	const void *place = (const void *)(long)skb->data + offset;

	return place + length <= (const void *)(long)skb->data_end ? place : NULL;
}

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

/* IPv4 without options, where it lies in place: nearly every packet there is. */
static __always_inline bool parse_plain_ip4(struct packet *packet, struct __sk_buff *skb, __u8 direction)
{
	const struct plain_ip4 *plain = in_place(skb, 0, sizeof(*plain));
	bool is_out = direction == TT_OUT;

	if (!plain || plain->version_and_words != PLAIN_IP4)
		return false;
	packet->endpoints.family = AF_INET;
	packet->endpoints.protocol = plain->protocol;
	packet->transport = IP4_HEADER;
	packet->length = skb->len;
	set_ip4(packet->endpoints.local_address, is_out ? plain->source : plain->target);
	set_ip4(packet->endpoints.remote_address, is_out ? plain->target : plain->source);
	packet->endpoints.local_port = bpf_ntohs(is_out ? plain->source_port : plain->target_port);
	packet->endpoints.remote_port = bpf_ntohs(is_out ? plain->target_port : plain->source_port);
	return true;
}

/* The addresses, the protocol, and where its header begins. */
static __noinline bool parse_ends(struct packet *packet, struct __sk_buff *skb, __u8 direction)
{
	__u8 *local = packet->endpoints.local_address;
	__u8 *remote = packet->endpoints.remote_address;
	__u8 *src = direction == TT_OUT ? local : remote;
	__u8 *dst = direction == TT_OUT ? remote : local;
	__u8 version;

	if (bpf_skb_load_bytes(skb, 0, &version, 1))
		return false;
	if (version >> 4 == 4 ? !parse_ip4(packet, skb, src, dst) : !parse_ip6(packet, skb, src, dst))
		return false;
	packet->length = skb->len;
	return packet->length >= packet->transport;
}

static __noinline bool parse_ports(struct packet *packet, struct __sk_buff *skb, __u8 direction)
{
	__u16 ports[2];

	if (bpf_skb_load_bytes(skb, packet->transport, ports, sizeof(ports)))
		return false;
	packet->endpoints.local_port = bpf_ntohs(ports[direction == TT_OUT ? 0 : 1]);
	packet->endpoints.remote_port = bpf_ntohs(ports[direction == TT_OUT ? 1 : 0]);
	return true;
}

static __always_inline bool parse_packet(struct packet *packet, struct __sk_buff *skb, __u8 direction)
{
	return parse_plain_ip4(packet, skb, direction) ||
	       (parse_ends(packet, skb, direction) && parse_ports(packet, skb, direction));
}

#endif
