/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Calls of the C library for a name that have begun and not returned. */
#ifndef TELLTALE_LOOKUP_BPF_H
#define TELLTALE_LOOKUP_BPF_H

#include "maps.bpf.h"

struct tt_asked {
	__u64 asked_ns;
	__u64 thread_start_ns; /* thread ids are used again */
	__u64 stack;           /* stack pointer at the call's first instruction */
	__u64 name_at;
	__u64 answer_at; /* where the call puts a pointer to its answer */
	__u16 call;      /* enum tt_lookup_call */
	__u16 name_length;
	__u16 flags;
	__u16 reserved;
	char name[TT_LOOKUP_NAME_LEN];
};

/*
 * By pid_tgid: one a thread. Inserted when a call begins, deleted when it
 * returns or its thread ends. Full means that so many threads wait for an
 * answer at this moment: what finds no room counts as lost.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct tt_asked);
} asked_names SEC(".maps");

/* The current thread ends: the call it may be in never returns. */
static __always_inline void forget_asked(void)
{
	__u64 thread = bpf_get_current_pid_tgid();

	bpf_map_delete_elem(&asked_names, &thread);
}

#endif
