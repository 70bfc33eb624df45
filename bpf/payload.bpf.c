/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Packets of sockets, in and out. Nothing here reads what the bytes mean. */
#include "datagram.bpf.h"
#include "other.bpf.h"
#include "segment.bpf.h"

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
	if (sk->protocol == IPPROTO_UDP && sk->type == SOCK_DGRAM)
		return on_datagram(skb, sk, direction);
	return config.packets_are_plain ? ALLOW : on_other(skb, sk, direction);
}

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
	return on_packet(skb, TT_OUT);
}

/* The same, of which less is left when the kernel refused the first: see tt_config. */
SEC("cgroup_skb/egress")
int egress__plain(struct __sk_buff *skb)
{
	return on_packet(skb, TT_OUT);
}

SEC("cgroup_skb/ingress")
int ingress(struct __sk_buff *skb)
{
	return on_packet(skb, TT_IN);
}

SEC("cgroup_skb/ingress")
int ingress__plain(struct __sk_buff *skb)
{
	return on_packet(skb, TT_IN);
}
