/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * CONTRACT 1: every record that crosses from the kernel to user space.
 *
 * A stream (ring buffer or iterator output) is a sequence of records; each
 * starts with a tt_header whose `size` is the distance in bytes to the next
 * record (a multiple of 8). Fields are fixed width, widest first, padding is
 * explicit and zero. Integers and ports are in host byte order, addresses are
 * in network byte order. IPv4 addresses use the first four bytes of a 16-byte
 * array; the rest is zero. Times are nanoseconds of CLOCK_BOOTTIME.
 *
 * The decoder is src/core/event/decode-event.ts; test/unit/core/event/
 * layout.test.ts compares offsets and sizes of the two.
 */
#ifndef TELLTALE_EVENT_H
#define TELLTALE_EVENT_H

#ifndef __bpf__
#include <stddef.h>
#include <linux/types.h>
#endif

#define TT_ABI_VERSION 1
#define TT_COMM_LEN 16
#define TT_EXE_LEN 512      /* longer paths are cut and flagged */
#define TT_FILENAME_LEN 256
#define TT_ARGV_LEN 1024
#define TT_CGROUP_PATH_LEN 256
#define TT_LOOKUP_NAME_LEN 256 /* a DNS name has at most 253 characters; longer ones are cut and flagged */
#define TT_LOOKUP_ADDRESSES 16  /* of one answer; more are counted as cut */
#define TT_PAYLOAD_MAX 2048 /* bytes of one payload record; longer data takes several */

enum tt_record_type {
	TT_FLOW_OPEN = 1,
	TT_FLOW_STATE = 2,
	TT_FLOW_BYTES = 3,
	TT_PAYLOAD = 4,
	TT_PROCESS = 5,
	TT_FORK = 6,
	TT_EXIT = 7,
	TT_CGROUP = 8,
	TT_LOOKUP = 9,
	TT_FLOW_OWNER = 10,
	TT_RECORD_TYPES = 11, /* number of slots in the loss counters; 0 unused */
};

/* How a flow came to be known. */
enum tt_origin {
	TT_ORIGIN_CONNECT = 1,  /* connect(): owner is the caller */
	TT_ORIGIN_SEND = 2,     /* sendto/sendmsg with an address: owner is the caller */
	TT_ORIGIN_ACCEPT = 3,   /* accepted: owner inherited from the listener */
	TT_ORIGIN_PACKET = 4,   /* first packet on a socket: owner from its storage, or pid 0 */
	TT_ORIGIN_EXISTING = 5, /* older than we are: owner from the file table */
};

enum tt_payload_kind {
	TT_PAYLOAD_DNS_DATAGRAM = 1, /* one UDP datagram of port 53, 5353 or 5355 */
	TT_PAYLOAD_DNS_STREAM = 2,   /* a piece of a TCP stream of port 53 */
	TT_PAYLOAD_STREAM_START = 3, /* a piece of the first bytes a client sends on another TCP stream */
	TT_PAYLOAD_DATAGRAM = 4,     /* a datagram of another UDP flow that begins like a QUIC long header; of a segmented send each is one record */
	TT_PAYLOAD_STREAM_UPGRADE = 5, /* a piece of a client's TLS handshake that begins later in its stream (STARTTLS, behind CONNECT); offsets count from its own first byte */
};

enum tt_direction {
	TT_OUT = 0,
	TT_IN = 1,
};

/*
 * tt_endpoints.protocol: an IPPROTO_*, with a bit more where the program wrote
 * that protocol's header itself. Sockets of ICMP and ICMPv6, raw or not, have
 * IPPROTO_ICMP (1) or IPPROTO_ICMPV6 (58) and no such bit.
 */
#define TT_PROTOCOL_RAW 0x1000	  /* by a raw socket */
#define TT_PROTOCOL_PACKET 0x2000 /* by a packet socket, with the IP header too */

/* tt_flow_bytes.flags */
#define TT_BYTES_FINAL 1 /* the socket was released: nothing will follow for this cookie */
/* tt_process.flags */
#define TT_PROCESS_EXEC 1          /* an exec happened now */
#define TT_PROCESS_SNAPSHOT 2      /* was running when we started */
#define TT_PROCESS_EXE_CUT 4
#define TT_PROCESS_ARGV_CUT 8
#define TT_PROCESS_FILENAME_CUT 16
#define TT_PROCESS_EXE_DELETED 32  /* gone from its place when this was told, or never in one (memfd) */
/* tt_lookup.flags */
#define TT_LOOKUP_NAME_CUT 1
#define TT_LOOKUP_ADDRESSES_CUT 2

/* Which call of the C library asked. */
enum tt_lookup_call {
	TT_CALL_GETADDRINFO = 1,   /* result: 0 or EAI_* */
	TT_CALL_GETHOSTBYNAME = 2, /* and its variants; result: 0, or -1 when no host came back */
};

struct tt_header {
	__u64 time_ns;
	__u32 size; /* bytes to the next record, multiple of 8 */
	__u16 type; /* enum tt_record_type */
	__u16 reserved;
};

/*
 * Family AF_PACKET: a frame of a packet socket that is not IP. Addresses are
 * the six bytes of an Ethernet address (0 where the link has none), protocol
 * is the EtherType, ports are 0.
 */
struct tt_endpoints {
	__u8 local_address[16];
	__u8 remote_address[16];
	__u16 local_port;  /* 0: not bound yet, or a protocol without ports */
	__u16 remote_port;
	__u16 family;      /* AF_INET 2, AF_INET6 10, AF_PACKET 17 */
	__u16 protocol;    /* IPPROTO_*, see TT_PROTOCOL_RAW */
};

/* Who owns the socket, taken in the context of the caller where there is one. */
struct tt_owner {
	__u64 start_ns;  /* start of the process (thread group leader); 0 unknown */
	__u64 cgroup_id; /* cgroup v2 id; 0 unknown */
	__u32 pid;       /* thread group id in the initial pid namespace; 0 unknown */
	__u32 uid;
	char comm[TT_COMM_LEN];
};

struct tt_flow_open {
	struct tt_header header;
	__u64 cookie;    /* the kernel's number of the socket; of a packet socket 2^52 and its inode */
	__u64 netns;    /* inode of the network namespace; 0 unknown */
	struct tt_owner owner;
	struct tt_endpoints endpoints;
	__u32 origin;   /* enum tt_origin */
	__u16 tcp_state; /* TCP_* of the kernel when origin is EXISTING, else 0 */
	__u8 direction; /* enum tt_direction: who began; of the first packet for PACKET; OUT for EXISTING (not known) */
	__u8 reserved;
};

struct tt_flow_state {
	struct tt_header header;
	__u64 cookie;         /* 0: the socket had none yet, match by endpoints */
	__u64 bytes_sent;     /* payload bytes put on the wire, retransmissions not counted */
	__u64 bytes_received; /* payload bytes */
	struct tt_endpoints endpoints;
	__u32 srtt_us;
	__u32 retransmits;
	__u32 error;          /* sk_err, an errno; 0 none */
	__u16 old_state;      /* TCP_* */
	__u16 new_state;      /* TCP_ESTABLISHED 1 or TCP_CLOSE 7 */
};

/*
 * TCP: totals since the connection began, `run` is 0.
 *
 * Bytes are what stands above TCP or UDP; of all other sockets above IP, so
 * with the header of ICMP, SCTP or whatever the program sends; of frames of
 * packet sockets above the link, so with the IP header.
 *
 * Others: one socket may talk to many remotes, and the kernel side keeps one
 * counter a socket. A run is a stretch of datagrams with one remote; the
 * numbers are totals since the run began. Runs of a cookie count up, from 1 but
 * for packet sockets.
 * A flow's (cookie and remote) total is the sum over its runs of the largest
 * numbers seen of each: a later record of the same run repeats and includes
 * the earlier, and a record of a run older than the flow's newest is late and
 * adds nothing. With FINAL the numbers may be 0 (then they say nothing); it
 * ends every flow of the cookie.
 */
struct tt_flow_bytes {
	struct tt_header header;
	__u64 cookie;
	__u64 bytes_sent;     /* payload bytes */
	__u64 bytes_received;
	__u32 packets_sent;   /* 0 for TCP, where they are not counted */
	__u32 packets_received;
	struct tt_endpoints endpoints;
	__u32 flags;
	__u32 run;            /* 0 for TCP, 1... for all others */
};

/*
 * Another process than the last told of uses the socket: it was inherited,
 * accepted from a listener somebody else opened, passed on, or its process
 * runs another program now. Sent when it is first seen sending.
 */
struct tt_flow_owner {
	struct tt_header header;
	__u64 cookie;
	__u64 netns;
	struct tt_owner owner; /* who uses it now */
	struct tt_endpoints endpoints;
	__u32 was_used;        /* 1: the owner before was seen sending on it too; 0: it only opened it */
	__u32 reserved;
};

struct tt_payload {
	struct tt_header header;
	__u64 cookie;
	struct tt_owner owner; /* pid 0 when the socket has no known owner */
	struct tt_endpoints endpoints;
	__u32 stream_offset;   /* of data[0] in its direction of the stream; 0 for datagrams */
	__u32 original_length; /* of the datagram or segment; > data_length means cut */
	__u16 data_length;
	__u8 kind;             /* enum tt_payload_kind */
	__u8 direction;        /* enum tt_direction */
	__u32 reserved;
	__u8 data[];           /* data_length bytes, zero padded to the record size */
};

struct tt_process {
	struct tt_header header;
	__u64 start_ns;
	__u64 parent_start_ns;
	__u64 cgroup_id;
	__u32 pid;
	__u32 parent_pid;
	__u32 uid;
	__u32 flags;
	char comm[TT_COMM_LEN];
	__u16 exe_length;      /* bytes used in exe */
	__u16 filename_length;
	__u16 argv_length;
	__u16 reserved;
	char exe[TT_EXE_LEN];           /* path components, leaf first, each ended by NUL */
	char filename[TT_FILENAME_LEN]; /* as given to exec: a script's own name stays here */
	char argv[TT_ARGV_LEN];         /* arguments, each ended by NUL; empty in snapshots */
};

struct tt_fork {
	struct tt_header header;
	__u64 parent_start_ns;
	__u64 child_start_ns;
	__u32 parent_pid;
	__u32 child_pid;
};

struct tt_exit {
	struct tt_header header;
	__u64 start_ns;
	__u32 pid;
	__s32 exit_code; /* as wait() would give it */
};

struct tt_cgroup {
	struct tt_header header;
	__u64 id;
	__u32 path_length;
	__u32 reserved;
	char path[TT_CGROUP_PATH_LEN];
};

/*
 * A program called its C library for a name, and the call returned. Whoever
 * sent packets for it, this is what the program asked and what it was told.
 */
struct tt_lookup {
	struct tt_header header;
	struct tt_owner owner;
	__u64 asked_ns;      /* when the call began; the header has when it returned */
	__s32 result;        /* see enum tt_lookup_call */
	__u16 call;          /* enum tt_lookup_call */
	__u16 name_length;   /* bytes used in name */
	__u16 address_count; /* entries used in addresses and families */
	__u16 flags;
	__u32 reserved;
	char name[TT_LOOKUP_NAME_LEN]; /* as given to the call, without the NUL */
	__u8 addresses[TT_LOOKUP_ADDRESSES][16];
	__u16 families[TT_LOOKUP_ADDRESSES]; /* AF_INET 2, AF_INET6 10 */
};

/* One slot a CPU and record type, in memory shared with user space. */
struct tt_counter {
	__u64 sent; /* records handed to the ring buffer */
	__u64 lost; /* records it had no room for */
};

_Static_assert(sizeof(struct tt_header) == 16, "tt_header");
_Static_assert(sizeof(struct tt_endpoints) == 40, "tt_endpoints");
_Static_assert(sizeof(struct tt_owner) == 40, "tt_owner");
_Static_assert(sizeof(struct tt_flow_open) == 120, "tt_flow_open");
_Static_assert(sizeof(struct tt_flow_state) == 96, "tt_flow_state");
_Static_assert(sizeof(struct tt_flow_bytes) == 96, "tt_flow_bytes");
_Static_assert(sizeof(struct tt_flow_owner) == 120, "tt_flow_owner");
_Static_assert(sizeof(struct tt_payload) == 120, "tt_payload");
_Static_assert(sizeof(struct tt_process) == 1872, "tt_process");
_Static_assert(sizeof(struct tt_fork) == 40, "tt_fork");
_Static_assert(sizeof(struct tt_exit) == 32, "tt_exit");
_Static_assert(sizeof(struct tt_cgroup) == 288, "tt_cgroup");
_Static_assert(sizeof(struct tt_lookup) == 624, "tt_lookup");

#endif
