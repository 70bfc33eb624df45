/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Addresses and ports, from the forms in which the different hooks see them. */
#ifndef TELLTALE_ENDPOINTS_BPF_H
#define TELLTALE_ENDPOINTS_BPF_H

#include "maps.bpf.h"

static __always_inline void set_ip4(__u8 *address, __u32 network_order)
{
	*(__u32 *)address = network_order;
}

static __always_inline bool is_mapped_ip4(const __u8 *address)
{
	const __u32 *words = (const __u32 *)address;

	return words[0] == 0 && words[1] == 0 && words[2] == bpf_htonl(0xffff);
}

static __always_inline bool is_same_remote(const struct tt_endpoints *a, const struct tt_endpoints *b)
{
	const __u64 *left = (const __u64 *)a->remote_address;
	const __u64 *right = (const __u64 *)b->remote_address;

	return left[0] == right[0] && left[1] == right[1] && a->remote_port == b->remote_port &&
	       a->family == b->family;
}

/* From a kernel socket, read by CO-RE: tracepoints and iterators. */
static __always_inline void endpoints_of_sock(struct tt_endpoints *endpoints, struct sock *sk)
{
	__builtin_memset(endpoints, 0, sizeof(*endpoints));
	endpoints->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	endpoints->protocol = BPF_CORE_READ(sk, sk_protocol);
	endpoints->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	endpoints->remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (endpoints->family == AF_INET6) {
		BPF_CORE_READ_INTO(&endpoints->local_address, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&endpoints->remote_address, sk, __sk_common.skc_v6_daddr);
	} else {
		set_ip4(endpoints->local_address, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
		set_ip4(endpoints->remote_address, BPF_CORE_READ(sk, __sk_common.skc_daddr));
	}
}

/* The same where the verifier knows the socket's type (tp_btf): plain loads. */
static __always_inline void endpoints_of_trusted(struct tt_endpoints *endpoints, struct sock *sk)
{
	__builtin_memset(endpoints, 0, sizeof(*endpoints));
	endpoints->family = sk->__sk_common.skc_family;
	endpoints->protocol = sk->sk_protocol;
	endpoints->local_port = sk->__sk_common.skc_num;
	endpoints->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
	if (endpoints->family == AF_INET6) {
		BPF_CORE_READ_INTO(&endpoints->local_address, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&endpoints->remote_address, sk, __sk_common.skc_v6_daddr);
	} else {
		set_ip4(endpoints->local_address, sk->__sk_common.skc_rcv_saddr);
		set_ip4(endpoints->remote_address, sk->__sk_common.skc_daddr);
	}
}

#endif
