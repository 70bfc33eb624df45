/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Every map of ours. Nothing is pinned: all of it goes with the loader.
 *
 * 5.10 refuses an object with constant data that has no name. So a local array
 * or struct is never initialized with constants other than zero.
 */
#ifndef TELLTALE_MAPS_BPF_H
#define TELLTALE_MAPS_BPF_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#include "config.h"
#include "event.h"
#include "kernel-types.h"

/* What a cgroup hook returns, always: we watch, we do not filter. */
#define ALLOW 1
#define TT_MAX_CPUS 512 /* slots, a power of two; CPUs above share slots, which stays right as we add atomically */

const volatile struct tt_config config SEC(TT_CONFIG_SECTION) = {};

/* Where a client's stream is (client-stream.bpf.h); streams of DNS have none. */
enum stream_phase {
	PHASE_BEGINNING, /* copied as far as there is anything: too little to judge by */
	PHASE_HANDSHAKE, /* copied: begins like TLS */
	PHASE_REQUEST,	 /* copied: begins like HTTP/1 */
	PHASE_TUNNEL,	 /* copied: asks a proxy for a tunnel, in which TLS may come */
	PHASE_WATCHED,	 /* not copied: TLS may come */
	PHASE_UPGRADE,	 /* copied: TLS came */
};

/* Whether the owner is known to use the socket (user.bpf.h): the lower bits of tt_run.use. */
enum owner_use {
	USE_UNSEEN, /* it opened the socket, or its listener; nobody was seen sending yet */
	USE_SEEN,   /* it was seen sending */
	USE_STALE,  /* it was, a while ago: look again */
};

/* One direction of a TCP stream of which we copy the first bytes. */
struct tt_stream {
	__u32 start; /* sequence number of the first byte */
	__u32 next;  /* offset of the first byte not yet seen */
	__u8 is_known; /* `start` is set */
	__u8 is_done;  /* copy no more, and look no more */
	__u8 phase;    /* enum stream_phase; only of `out` */
	__u8 budget;   /* segments still looked at in PHASE_WATCHED */
};

/* Numbers of datagrams exchanged with one remote without a change of remote. */
struct tt_run {
	struct tt_endpoints endpoints;
	__u64 sent;
	__u64 received;
	__u32 packets_sent;
	__u32 packets_received;
	__u32 number; /* 0: there was none yet */
	__u8 is_inbound; /* the other side began it */
	__u8 copied;	 /* TT_PAYLOAD_DATAGRAM records */
	__u8 is_server;	 /* stays from run to run: the socket's first datagram of all came in */
	__u8 use;	 /* enum owner_use and when; stays from run to run, and TCP has it too */
};

/* How many records a socket of datagrams or packets has caused lately. */
struct tt_allowance {
	__u16 window; /* of time, see may_tell() */
	__u16 used;
};

/*
 * What we keep with a socket. Flags are bytes of their own, not bits: the two
 * directions of a TCP socket are served at the same time on two CPUs.
 */
struct tt_socket {
	struct bpf_spin_lock lock; /* guards `run` */
	__u8 is_open;   /* TCP: a TT_FLOW_OPEN was sent */
	__u8 is_client; /* TCP: connect() was called */
	__u8 is_syn_sent;
	__u8 is_existing; /* older than we are */
	__u64 cookie;
	__u64 netns;
	struct tt_owner owner;
	union {
		struct tt_stream out;
		__u32 ping; /* ICMP: the newest echo's identifier */
	};
	struct tt_stream in;
	struct tt_run run;
	/* Only the ticking iterator reads and writes these. */
	__u64 reported_sent;
	__u64 reported_received;
	__u32 reported_run;
	union {
		__u32 head; /* TCP: the first bytes of `out` while there are too few to judge by; the first one lowest */
		struct tt_allowance allowance; /* of all others */
	};
};

/* With the kernel's own part 256 bytes. The next size the kernel allocates cost the connect hook a quarter more. */
_Static_assert(sizeof(struct tt_socket) <= 184, "tt_socket");

/*
 * Inserted by the hook that sees the socket first, or by the iterator over
 * open files; read by all hooks; deleted by the kernel with the socket.
 * CLONE: an accepted socket inherits its listener's owner.
 */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct tt_socket);
} sockets SEC(".maps");

/* What we keep with a packet socket. */
struct tt_packet_socket {
	__u64 netns;
	struct tt_owner owner;
	struct tt_run run;
	__u64 told_sent; /* of the run, by the newest record */
	struct tt_allowance allowance;
};

/*
 * By the number of the socket's inode: 5.10 gives tracepoints no socket
 * storage. Inserted and read by packet_send; the socket used longest ago makes
 * room, and begins anew when it speaks again.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct tt_packet_socket);
} packet_sockets SEC(".maps");

/* Written by all programs, read and freed by the loader. It sets the size. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

/* A process record is larger than the stack. Only the task iterator uses it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tt_process);
} process_scratch SEC(".maps");

/*
 * Counts every exec and fork: a socket whose user was seen before one is looked
 * at again. In a section of its own, whose memory packets only read.
 */
__u32 process_changes SEC(".data.changes");

/* In .bss, which the loader maps: it reads the numbers without a syscall. */
struct tt_counter counters[TT_MAX_CPUS][TT_RECORD_TYPES];

static __always_inline struct tt_counter *counter_of(__u16 type)
{
	return &counters[bpf_get_smp_processor_id() & (TT_MAX_CPUS - 1)][type];
}

static __always_inline void count_lost(__u16 type)
{
	/* Atomic: a hook in softirq may interrupt one in a process on the same CPU. */
	__sync_fetch_and_add(&counter_of(type)->lost, 1);
}

/* `bytes` must be constant. The record's `size` may be smaller. */
static __always_inline void *reserve_record(__u16 type, __u32 bytes)
{
	void *record = bpf_ringbuf_reserve(&records, bytes, 0);

	if (!record)
		count_lost(type);
	return record;
}

static __always_inline void submit_record(void *record, __u16 type)
{
	__sync_fetch_and_add(&counter_of(type)->sent, 1);
	/* The reader looks by the clock; waking it for each record cost a third of a busy server's throughput. */
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

static __always_inline void fill_header(struct tt_header *header, __u16 type, __u32 size)
{
	header->time_ns = bpf_ktime_get_boot_ns();
	header->size = size;
	header->type = type;
	header->reserved = 0;
}

#endif
