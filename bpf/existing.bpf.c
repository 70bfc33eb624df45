/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Iterators: programs that user space runs over the kernel's own lists. Two
 * tell what was there before us; the third ticks and reports byte counts, so
 * that no packet has to look at a clock and an idle socket's last bytes are
 * not forgotten until it closes.
 */
#include "emit.bpf.h"
#include "endpoints.bpf.h"
#include "owner.bpf.h"
#include "tcp-bytes.bpf.h"
#include "user.bpf.h"

static __always_inline int on_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct tt_process *process;
	struct mm_struct *mm;
	__u32 zero = 0;

	if (!task || task->pid != task->tgid || task->flags & PF_KTHREAD)
		return 0;
	process = bpf_map_lookup_elem(&process_scratch, &zero);
	if (!process)
		return 0;
	fill_process(process, task, TT_PROCESS_SNAPSHOT);
	mm = BPF_CORE_READ(task, mm);
	if (mm)
		read_exe(process, mm);
	trim_exe(process);
	__builtin_memset(process->filename, 0, sizeof(process->filename));
	bpf_seq_write(ctx->meta->seq, process, sizeof(*process));
	return 0;
}

/* A socket of a process's file table: keeps its owner, tells of it when it has a remote. */
static __always_inline void tell_existing(struct seq_file *seq, struct task_struct *task, struct sock *sk,
					  struct tt_socket *socket, __u64 cookie)
{
	struct tt_flow_open open = {};
	__u8 state = BPF_CORE_READ(sk, __sk_common.skc_state);

	fill_owner(&open.owner, task);
	open.netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	endpoints_of_sock(&open.endpoints, sk);
	if (socket) {
		socket->owner = open.owner;
		socket->netns = open.netns;
		socket->cookie = cookie;
		socket->is_existing = 1;
		socket->out.is_done = 1;
		socket->in.is_done = 1;
	}
	if (state == TCP_LISTEN || !open.endpoints.remote_port)
		return;
	if (open.endpoints.protocol == IPPROTO_TCP && state == TCP_CLOSE)
		return;
	fill_header(&open.header, TT_FLOW_OPEN, sizeof(open));
	open.cookie = cookie;
	open.origin = TT_ORIGIN_EXISTING;
	open.tcp_state = open.endpoints.protocol == IPPROTO_TCP ? state : 0;
	if (socket && open.endpoints.protocol == IPPROTO_TCP)
		socket->is_open = 1;
	bpf_seq_write(seq, &open, sizeof(open));
}

/* Not MPTCP: what it sends goes through TCP sockets of the kernel's, told of by themselves. */
static __always_inline bool is_inet_sock(struct sock *sk)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	return (family == AF_INET || family == AF_INET6) && BPF_CORE_READ(sk, sk_protocol) != IPPROTO_MPTCP;
}

static __always_inline int on_file(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct tt_socket *storage;
	struct socket *socket;
	struct sock *sk;

	if (!task || !file)
		return 0;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	sk = socket->sk;
	if (!sk || !is_inet_sock(sk))
		return 0;
	storage = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (storage && storage->owner.pid)
		return 0; /* told already, by a hook or for another process that shares it */
	tell_existing(ctx->meta->seq, task, sk, storage, bpf_get_socket_cookie(sk));
	return 0;
}

/* Kernels whose iterators know no sockets (5.10): the same by plain reads, and without keeping the owner. */
static __always_inline int on_file_plain(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct socket *socket;
	struct sock *sk;

	if (!task || !file)
		return 0;
	if ((BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = BPF_CORE_READ(file, private_data);
	sk = BPF_CORE_READ(socket, sk);
	if (!sk || !is_inet_sock(sk))
		return 0;
	tell_existing(ctx->meta->seq, task, sk, NULL, BPF_CORE_READ(sk, __sk_common.skc_cookie.counter));
	return 0;
}

/* A socket that is used may have been passed on since the last tick. Who connected and only listens is a user too. */
static __always_inline void look_for_user_again(struct tt_socket *socket)
{
	if (was_used(socket) || socket->is_client)
		socket->run.use = USE_STALE;
}

static __always_inline void tick_stream(struct tt_socket *socket, struct sock *sk)
{
	struct tcp_sock *tp = (struct tcp_sock *)sk;
	struct tt_run totals = {};

	if (BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_CLOSE)
		return;
	totals.sent = tcp_bytes_sent(tp);
	totals.received = tcp_bytes_received(tp);
	if (totals.sent == socket->reported_sent && totals.received == socket->reported_received)
		return;
	socket->reported_sent = totals.sent;
	socket->reported_received = totals.received;
	look_for_user_again(socket);
	endpoints_of_sock(&totals.endpoints, sk);
	emit_run(socket->cookie, &totals, 0);
}

/*
 * Tracing programs may not take the lock. A run is only ever added to, so
 * numbers that are a packet behind are right for the run they were read from,
 * provided that it was the same run before and after.
 */
static __always_inline void tick_datagrams(struct tt_socket *socket)
{
	__u32 number = *(volatile __u32 *)&socket->run.number;
	struct tt_run run;

	if (!number)
		return;
	if (number == socket->reported_run && socket->run.sent == socket->reported_sent &&
	    socket->run.received == socket->reported_received)
		return;
	run = socket->run;
	barrier();
	if (*(volatile __u32 *)&socket->run.number != number || run.number != number)
		return;
	look_for_user_again(socket);
	socket->reported_run = number;
	socket->reported_sent = run.sent;
	socket->reported_received = run.received;
	if (run.packets_sent || run.packets_received)
		emit_run(socket->cookie, &run, 0);
}

static __always_inline int on_tick(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct tt_socket *socket = ctx->value;
	struct sock *sk = ctx->sk;

	if (!sk || !socket)
		return 0;
	if (socket->is_open && BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP)
		tick_stream(socket, sk);
	else
		tick_datagrams(socket);
	return 0;
}

SEC("iter/task")
int existing_processes(struct bpf_iter__task *ctx)
{
	return on_task(ctx);
}

SEC("iter/task_file")
int existing_flows(struct bpf_iter__task_file *ctx)
{
	return on_file(ctx);
}

SEC("iter/task_file")
int existing_flows__plain(struct bpf_iter__task_file *ctx)
{
	return on_file_plain(ctx);
}

SEC("iter/bpf_sk_storage_map")
int byte_counts(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	return on_tick(ctx);
}
