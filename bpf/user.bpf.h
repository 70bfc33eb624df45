/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Who uses a socket. The owner we keep is who opened it, or its listener; the
 * process that sends on it may be another: a worker, a child, whoever it was
 * passed to. A packet hook runs in anybody's context, but while a process is in
 * a call on a TCP socket it holds the socket's lock, and nobody else sends then.
 *
 * A packet of a socket whose user is known costs one comparison. We look again
 * after any process forked or ran exec, and when the iterator ticked.
 */
#ifndef TELLTALE_USER_BPF_H
#define TELLTALE_USER_BPF_H

#include "emit.bpf.h"
#include "endpoints.bpf.h"
#include "owner.bpf.h"

#define USE_BITS 2
#define USE_MASK ((1 << USE_BITS) - 1)

/* What tt_run.use is when the user was seen since the last exec or fork (or the 64th before it: then the tick helps). */
static __always_inline __u8 seen_now(void)
{
	return process_changes << USE_BITS | USE_SEEN;
}

static __always_inline bool is_user_known(const struct tt_socket *socket)
{
	return config.packets_are_plain || socket->run.use == seen_now();
}

static __always_inline bool was_used(const struct tt_socket *socket)
{
	return (socket->run.use & USE_MASK) != USE_UNSEEN;
}

/* The kernel's own structure, for CO-RE: the verifier lets no pointer of a program's be computed with. */
static __always_inline struct sock *kernel_sock(struct bpf_sock *sk)
{
	struct bpf_sock *held = sk;
	struct sock *address = NULL;

	bpf_probe_read_kernel(&address, sizeof(address), &held);
	return address;
}

static __always_inline bool is_of_kernel(struct sock *sk)
{
	return !BPF_CORE_READ(sk, sk_socket, file);
}

/* A process that calls itself something else since it ran exec, or for its own reasons: user space tells these apart. */
static __always_inline bool is_owner(const struct tt_owner *owner, struct task_struct *task)
{
	const __u64 *known = (const __u64 *)owner->comm;
	__u64 comm[TT_COMM_LEN / 8] = {};

	if (owner->pid != (__u32)BPF_CORE_READ(task, tgid))
		return false;
	BPF_CORE_READ_INTO(&comm, task, group_leader, comm);
	return comm[0] == known[0] && comm[1] == known[1];
}

/* The calling process sends on the socket: true when that is the owner we know. `is_bare`: nothing of its own. */
static __always_inline bool is_owner_sending(struct tt_socket *socket, struct task_struct *task, bool is_bare)
{
	if (!(BPF_CORE_READ(task, flags) & PF_KTHREAD) && !is_owner(&socket->owner, task))
		return false;
	/* The last word of a handshake is still connect(), whoever may speak next. */
	if (was_used(socket) || !is_bare)
		socket->run.use = seen_now();
	return true;
}

/* It is another's from now on, and that is told. */
static __noinline int hand_over(struct tt_socket *socket, const struct tt_endpoints *endpoints)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	bool was_theirs = was_used(socket);

	socket->run.use = seen_now();
	fill_owner(&socket->owner, task);
	if (!socket->netns)
		socket->netns = netns_of(task);
	emit_owner(socket, endpoints, was_theirs);
	return 0;
}

/* Of a socket that sends by itself too: acknowledgments, what waited in its queue. */
static __noinline int confirm_stream_user(struct bpf_sock *sk, struct tt_socket *socket, bool is_bare)
{
	struct sock *kernel = kernel_sock(sk);
	struct tt_endpoints endpoints;

	if (!BPF_CORE_READ(kernel, sk_lock.owned) ||
	    is_owner_sending(socket, (void *)bpf_get_current_task(), is_bare))
		return 0;
	endpoints_of_sock(&endpoints, kernel);
	return hand_over(socket, &endpoints);
}

/*
 * Of a socket that sends in its caller's context only. Not so sockets of
 * tunnels: the kernel's own, and those given to it (L2TP, IPsec over UDP).
 */
static __noinline int confirm_datagram_user(struct bpf_sock *sk, struct tt_socket *socket,
					    const struct tt_endpoints *endpoints)
{
	struct sock *kernel = kernel_sock(sk);

	if (is_of_kernel(kernel) ||
	    (sk->protocol == IPPROTO_UDP && BPF_CORE_READ((struct udp_sock *)kernel, encap_type))) {
		socket->run.use = seen_now();
		return 0;
	}
	return is_owner_sending(socket, (void *)bpf_get_current_task(), false) ? 0 : hand_over(socket, endpoints);
}

#endif
