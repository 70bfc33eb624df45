/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Bounds what one socket of datagrams or packets may cost, whatever it does. */
#ifndef TELLTALE_ALLOWANCE_BPF_H
#define TELLTALE_ALLOWANCE_BPF_H

#include "emit.bpf.h"

/*
 * What a datagram socket may cause in half a second: copies of DNS messages,
 * and turns to another remote. Programs stay far below; a load test of a
 * resolver, or a server that many talk to on one socket, would otherwise take
 * a core away from the work it tests. What is above is counted as lost.
 */
#define ALLOWANCE 512
#define ALLOWANCE_WINDOW_SHIFT 29 /* 2^29 ns */

static __always_inline bool may_tell(struct tt_allowance *allowance, __u16 limit)
{
	__u16 window = bpf_ktime_get_boot_ns() >> ALLOWANCE_WINDOW_SHIFT;

	/* Not guarded: two threads that send at once on one socket may get a record more. */
	if (allowance->window != window) {
		allowance->window = window;
		allowance->used = 0;
	}
	if (allowance->used >= limit)
		return false;
	allowance->used++;
	return true;
}

/* Two processes that send on one socket in turn would tell of each datagram. */
static __always_inline void tell_owner(struct tt_allowance *allowance, const struct tt_socket *socket,
				       const struct tt_endpoints *endpoints, bool was_used)
{
	if (may_tell(allowance, ALLOWANCE))
		emit_owner(socket, endpoints, was_used);
	else
		count_lost(TT_FLOW_OWNER);
}

/* The socket turned to another remote: what it exchanged with the one before, and that a new flow begins. */
static __always_inline void tell_turn(struct tt_socket *socket, const struct tt_run *ended,
				      const struct tt_endpoints *endpoints, __u32 origin, __u8 direction)
{
	bool has_ended = ended->packets_sent || ended->packets_received;

	if (!may_tell(&socket->allowance, ALLOWANCE)) {
		count_lost(TT_FLOW_OPEN);
		if (has_ended)
			count_lost(TT_FLOW_BYTES);
		return;
	}
	if (has_ended)
		emit_run(socket->cookie, ended, 0);
	emit_open(socket, endpoints, origin, direction);
}

#endif
