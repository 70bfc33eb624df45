/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What a TCP socket says of its payload. */
#ifndef TELLTALE_TCP_BYTES_BPF_H
#define TELLTALE_TCP_BYTES_BPF_H

#include "maps.bpf.h"

static __always_inline __u64 tcp_bytes_sent(struct tcp_sock *tp)
{
	/* bytes_acked would count SYN and FIN too. */
	return BPF_CORE_READ(tp, bytes_sent) - BPF_CORE_READ(tp, bytes_retrans);
}

/* The kernel counts the FIN as a byte. */
static __always_inline __u64 payload_received(__u64 received, unsigned long flags)
{
	return received && (flags >> SOCK_DONE_BIT) & 1 ? received - 1 : received;
}

static __always_inline __u64 tcp_bytes_received(struct tcp_sock *tp)
{
	return payload_received(BPF_CORE_READ(tp, bytes_received),
				BPF_CORE_READ((struct sock *)tp, __sk_common.skc_flags));
}

#endif
