/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What programs send through packet sockets (AF_PACKET): whole packets and
 * frames past the kernel's IP, and past the cgroup hooks. Seen where a packet
 * is handed to its device, in the caller's context. What such a socket hears
 * is others' talk, and is not told.
 *
 * This runs for every packet of the machine: for those of other sockets it
 * ends after two reads. A device with a device below it (VLAN, bond) is handed
 * the same packet twice, which counts it twice; packets that skip the queue
 * (PACKET_QDISC_BYPASS) are not seen.
 */
#include "allowance.bpf.h"
#include "emit.bpf.h"
#include "endpoints.bpf.h"
#include "owner.bpf.h"
#include "packet.bpf.h"

#define ETHERNET_ADDRESS 6
#define ETHERNET_HEADER 14
#define EACH_TOLD 64 /* packets of a run that are told at once: no hook tells of the release */
#define UNTOLD_SHARE 64 /* later, when this part of the bytes is untold */
#define RUNS_SHIFT 22 /* one in 4 ms: no socket that lives long turns more often */
#define COOKIE_BASE (1ull << 52) /* the kernel's cookies count up from 1; a double holds these too */

struct frame {
	const unsigned char *link;    /* where the link's header begins */
	const unsigned char *network; /* and that above it */
	__u32 length;		      /* from there */
	__u32 readable;		      /* of those, in the packet's first piece */
	__u16 type;		      /* EtherType */
	bool is_ethernet;
};

static __always_inline bool read_ports(struct tt_endpoints *endpoints, const struct frame *frame, __u32 offset)
{
	__u16 ports[2] = {};

	if (endpoints->protocol != IPPROTO_TCP && endpoints->protocol != IPPROTO_UDP)
		return true;
	if (frame->readable < offset + sizeof(ports) ||
	    bpf_probe_read_kernel(ports, sizeof(ports), frame->network + offset))
		return false;
	endpoints->local_port = bpf_ntohs(ports[0]);
	endpoints->remote_port = bpf_ntohs(ports[1]);
	return true;
}

static __always_inline bool read_ip4(struct tt_endpoints *endpoints, const struct frame *frame)
{
	__u8 header[IP4_HEADER];

	if (frame->readable < IP4_HEADER || bpf_probe_read_kernel(header, sizeof(header), frame->network))
		return false;
	endpoints->family = AF_INET;
	endpoints->protocol = header[9];
	__builtin_memcpy(endpoints->local_address, header + 12, 4);
	__builtin_memcpy(endpoints->remote_address, header + 16, 4);
	return read_ports(endpoints, frame, (header[0] & 15) * 4);
}

static __always_inline bool read_ip6(struct tt_endpoints *endpoints, const struct frame *frame)
{
	__u8 header[IP6_HEADER];

	if (frame->readable < IP6_HEADER || bpf_probe_read_kernel(header, sizeof(header), frame->network))
		return false;
	endpoints->family = AF_INET6;
	endpoints->protocol = header[6];
	__builtin_memcpy(endpoints->local_address, header + 8, 16);
	__builtin_memcpy(endpoints->remote_address, header + 24, 16);
	return read_ports(endpoints, frame, IP6_HEADER);
}

static __always_inline void read_link(struct tt_endpoints *endpoints, const struct frame *frame)
{
	endpoints->family = AF_PACKET;
	endpoints->protocol = frame->type;
	if (!frame->is_ethernet)
		return;
	bpf_probe_read_kernel(endpoints->remote_address, ETHERNET_ADDRESS, frame->link);
	bpf_probe_read_kernel(endpoints->local_address, ETHERNET_ADDRESS, frame->link + ETHERNET_ADDRESS);
}

static __always_inline void read_frame(struct tt_endpoints *endpoints, const struct frame *frame)
{
	if (frame->type == ETH_P_IP ? read_ip4(endpoints, frame)
				    : frame->type == ETH_P_IPV6 && read_ip6(endpoints, frame)) {
		endpoints->protocol |= TT_PROTOCOL_PACKET;
		return;
	}
	__builtin_memset(endpoints, 0, sizeof(*endpoints));
	read_link(endpoints, frame);
}

/* What the writers of records take of a socket. */
static __always_inline void fill_socket(struct tt_socket *socket, const struct tt_packet_socket *kept, __u64 inode)
{
	socket->cookie = COOKIE_BASE + inode;
	socket->netns = kept->netns;
	socket->owner = kept->owner;
}

/* The socket turned to another remote. False: it did so too often to be told. */
static __always_inline bool turn_to(struct tt_packet_socket *kept, const struct tt_socket *socket,
				    const struct tt_endpoints *endpoints)
{
	struct tt_run *run = &kept->run;
	bool has_ended = run->packets_sent;
	bool is_told = may_tell(&kept->allowance, ALLOWANCE);

	if (is_told && has_ended)
		emit_run(socket->cookie, run, 0);
	run->sent = 0;
	run->packets_sent = 0;
	run->number++;
	kept->told_sent = 0;
	if (is_told) {
		emit_open(socket, endpoints, TT_ORIGIN_SEND, TT_OUT);
		return true;
	}
	count_lost(TT_FLOW_OPEN);
	if (has_ended)
		count_lost(TT_FLOW_BYTES);
	return false;
}

/* Two threads that send at once on one socket to two remotes may get a packet wrong: no lock is to be had here. */
static __always_inline void count_frame(struct tt_packet_socket *kept, const struct tt_socket *socket,
					const struct tt_endpoints *endpoints, __u32 bytes)
{
	struct tt_run *run = &kept->run;
	bool is_told = true;

	if (!run->endpoints.family || !is_same_remote(&run->endpoints, endpoints))
		is_told = turn_to(kept, socket, endpoints);
	run->endpoints = *endpoints;
	run->sent += bytes;
	run->packets_sent++;
	if (!is_told)
		return;
	if (run->packets_sent > EACH_TOLD && (run->sent - kept->told_sent) * UNTOLD_SHARE < run->sent)
		return;
	kept->told_sent = run->sent;
	emit_run(socket->cookie, run, 0);
}

/* The socket's entry, in the name of the calling process from now on. */
static __always_inline struct tt_packet_socket *claim_packet_socket(__u64 inode, struct task_struct *task,
								   bool *is_handed_over)
{
	struct tt_packet_socket *kept = bpf_map_lookup_elem(&packet_sockets, &inode);

	*is_handed_over = false;
	if (!kept) {
		struct tt_packet_socket fresh = {};

		fresh.netns = netns_of(task);
		/* Above those of an entry that had to make room: runs count up, and a lower one would not be counted. */
		fresh.run.number = bpf_ktime_get_boot_ns() >> RUNS_SHIFT;
		fill_owner(&fresh.owner, task);
		bpf_map_update_elem(&packet_sockets, &inode, &fresh, BPF_ANY);
		return bpf_map_lookup_elem(&packet_sockets, &inode);
	}
	if (kept->owner.pid != (__u32)BPF_CORE_READ(task, tgid)) {
		*is_handed_over = true;
		fill_owner(&kept->owner, task);
	}
	return kept;
}

static __noinline int on_frame(const struct frame *frame, __u64 inode)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct tt_endpoints endpoints = {};
	struct tt_packet_socket *kept;
	struct tt_socket socket;
	bool is_handed_over;

	kept = claim_packet_socket(inode, task, &is_handed_over);
	if (!kept)
		return 0;
	fill_socket(&socket, kept, inode);
	read_frame(&endpoints, frame);
	if (is_handed_over)
		tell_owner(&kept->allowance, &socket, &endpoints, true);
	count_frame(kept, &socket, &endpoints, frame->length);
	return 0;
}

/*
 * What the frame itself says it is: the kernel's own mark is whatever the
 * program gave as the socket's protocol, and where IP begins follows from it.
 */
static __always_inline void read_ethernet(struct frame *frame)
{
	__u16 type = 0;

	if (bpf_probe_read_kernel(&type, sizeof(type), frame->link + 2 * ETHERNET_ADDRESS))
		return;
	frame->type = bpf_ntohs(type);
	frame->network = frame->link + ETHERNET_HEADER;
}

static __always_inline int on_packet_of_socket(struct sk_buff *skb, struct sock *sk)
{
	__u64 inode = BPF_CORE_READ(sk, sk_socket, file, f_inode, i_ino);
	__u32 here = skb->len - skb->data_len;
	struct frame frame = {};
	__u32 header;

	frame.link = skb->data;
	frame.network = skb->head + skb->network_header;
	frame.type = bpf_ntohs(skb->protocol);
	frame.is_ethernet = skb->dev->hard_header_len == ETHERNET_HEADER && here >= ETHERNET_HEADER;
	if (frame.is_ethernet)
		read_ethernet(&frame);
	header = frame.network - frame.link;
	if (!inode || frame.network < frame.link || header > here)
		return 0;
	frame.length = skb->len - header;
	frame.readable = here - header;
	return on_frame(&frame, inode);
}

SEC("tp_btf/net_dev_queue")
int packet_send(__u64 *ctx)
{
	struct sk_buff *skb = (void *)ctx[0];
	struct sock *sk = skb->sk;

	if (!sk || sk->__sk_common.skc_family != AF_PACKET)
		return 0;
	return on_packet_of_socket(skb, sk);
}
