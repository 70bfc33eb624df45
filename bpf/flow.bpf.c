/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Flows: who opens them. The owner is taken in the caller's context (connect,
 * bind, sendmsg) and kept with the socket, since packets and state changes are
 * seen in anybody's context.
 */
#include "allowance.bpf.h"
#include "emit.bpf.h"
#include "endpoints.bpf.h"
#include "owner.bpf.h"
#include "user.bpf.h"

/* The socket's storage, owned by the calling process from now on. */
static __always_inline struct tt_socket *claim_socket(struct bpf_sock_addr *ctx, bool *is_handed_over)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct bpf_sock *sk = ctx->sk;
	struct tt_socket *socket;

	if (!sk)
		return NULL;
	socket = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!socket)
		return NULL;
	if (!socket->cookie) {
		socket->cookie = bpf_get_socket_cookie(ctx);
		socket->netns = netns_of(task);
	}
	*is_handed_over = false;
	if (socket->owner.pid != (__u32)BPF_CORE_READ(task, tgid)) {
		*is_handed_over = socket->owner.pid != 0;
		fill_caller(&socket->owner, task);
	}
	return socket;
}

/* Makes `remote` the one the socket's datagrams are counted for; tells of the change. False: it was already. */
static __always_inline bool turn_to_remote(struct tt_socket *socket, const struct tt_endpoints *endpoints,
					   __u32 origin)
{
	struct tt_run ended;

	/* Nearly always. Without the lock: a turn that another thread makes meanwhile is seen with its packet. */
	if (socket->run.number && is_same_remote(&socket->run.endpoints, endpoints))
		return false;
	bpf_spin_lock(&socket->lock);
	if (socket->run.number && is_same_remote(&socket->run.endpoints, endpoints)) {
		bpf_spin_unlock(&socket->lock);
		return false;
	}
	ended = socket->run;
	socket->run.endpoints = *endpoints;
	socket->run.sent = 0;
	socket->run.received = 0;
	socket->run.packets_sent = 0;
	socket->run.packets_received = 0;
	socket->run.number = ended.number + 1;
	socket->run.is_inbound = 0;
	socket->run.copied = 0;
	bpf_spin_unlock(&socket->lock);
	tell_turn(socket, &ended, endpoints, origin, TT_OUT);
	return true;
}

static __always_inline void asked_remote(struct tt_endpoints *endpoints, struct bpf_sock_addr *ctx, __u16 family)
{
	__builtin_memset(endpoints, 0, sizeof(*endpoints));
	endpoints->family = family;
	endpoints->protocol = ctx->protocol;
	endpoints->remote_port = bpf_ntohs(ctx->user_port);
	if (family == AF_INET) {
		set_ip4(endpoints->remote_address, ctx->user_ip4);
		return;
	}
	__u32 *words = (__u32 *)endpoints->remote_address;

	words[0] = ctx->user_ip6[0];
	words[1] = ctx->user_ip6[1];
	words[2] = ctx->user_ip6[2];
	words[3] = ctx->user_ip6[3];
	/* Datagrams to a mapped address travel, and are counted, as IPv4. */
	if (ctx->protocol == IPPROTO_UDP && is_mapped_ip4(endpoints->remote_address)) {
		endpoints->family = AF_INET;
		words[0] = words[3];
		words[2] = 0;
		words[3] = 0;
	}
}

static __always_inline int on_connect(struct bpf_sock_addr *ctx, __u16 family)
{
	struct tt_endpoints endpoints;
	struct tt_socket *socket;
	bool is_handed_over;

	if (ctx->protocol != IPPROTO_TCP && ctx->protocol != IPPROTO_UDP)
		return ALLOW;
	socket = claim_socket(ctx, &is_handed_over);
	if (!socket)
		return ALLOW;
	asked_remote(&endpoints, ctx, family);
	if (ctx->protocol == IPPROTO_UDP) {
		turn_to_remote(socket, &endpoints, TT_ORIGIN_CONNECT);
		return ALLOW;
	}
	__builtin_memset(&socket->out, 0, sizeof(socket->out));
	__builtin_memset(&socket->in, 0, sizeof(socket->in));
	/* What the server says matters once bytes of ours were copied (client-stream.bpf.h), or it is a resolver. */
	socket->in.is_done = endpoints.remote_port != 53;
	socket->run.endpoints = endpoints; /* for a release before any packet */
	socket->is_client = 1;
	socket->is_syn_sent = 0;
	socket->is_open = 1;
	emit_open(socket, &endpoints, TT_ORIGIN_CONNECT, TT_OUT);
	return ALLOW;
}

static __always_inline int on_sendmsg(struct bpf_sock_addr *ctx, __u16 family)
{
	struct tt_endpoints endpoints;
	struct tt_socket *socket;
	bool is_handed_over;

	if (ctx->protocol != IPPROTO_UDP)
		return ALLOW;
	socket = claim_socket(ctx, &is_handed_over);
	if (!socket)
		return ALLOW;
	asked_remote(&endpoints, ctx, family);
	if (!turn_to_remote(socket, &endpoints, TT_ORIGIN_SEND) && is_handed_over)
		tell_owner(&socket->allowance, socket, &endpoints, was_used(socket));
	return ALLOW;
}

/* Servers do not connect: their owner is whoever binds. */
static __always_inline int on_bind(struct bpf_sock_addr *ctx)
{
	struct tt_socket *socket;
	bool is_handed_over;

	if (ctx->protocol != IPPROTO_TCP && ctx->protocol != IPPROTO_UDP)
		return ALLOW;
	socket = claim_socket(ctx, &is_handed_over);
	if (socket) {
		socket->out.is_done = 1;
		socket->in.is_done = 1;
	}
	return ALLOW;
}

/* volatile: joined reads of context fields become a computed pointer, which the verifier refuses. */
static __always_inline void accepted_addresses(struct tt_endpoints *endpoints, volatile struct bpf_sock_ops *ctx)
{
	__u32 *local = (__u32 *)endpoints->local_address;
	__u32 *remote = (__u32 *)endpoints->remote_address;

	if (endpoints->family == AF_INET) {
		local[0] = ctx->local_ip4;
		remote[0] = ctx->remote_ip4;
		return;
	}
	local[0] = ctx->local_ip6[0];
	local[1] = ctx->local_ip6[1];
	local[2] = ctx->local_ip6[2];
	local[3] = ctx->local_ip6[3];
	remote[0] = ctx->remote_ip6[0];
	remote[1] = ctx->remote_ip6[1];
	remote[2] = ctx->remote_ip6[2];
	remote[3] = ctx->remote_ip6[3];
}

/* An accepted connection. The storage is a copy of the listener's. */
static __always_inline int on_accepted(struct bpf_sock_ops *ctx)
{
	struct tt_endpoints endpoints = {};
	struct bpf_sock *sk = ctx->sk;
	struct tt_socket *socket;

	if (!sk)
		return ALLOW;
	socket = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!socket)
		return ALLOW;
	endpoints.family = ctx->family;
	endpoints.protocol = IPPROTO_TCP;
	endpoints.local_port = ctx->local_port;
	endpoints.remote_port = bpf_ntohl(ctx->remote_port);
	accepted_addresses(&endpoints, ctx);
	socket->cookie = bpf_get_socket_cookie(ctx);
	socket->run.endpoints = endpoints;
	socket->is_open = 1;
	socket->is_client = 0;
	socket->run.use = USE_UNSEEN;
	/* No data has passed yet; only DNS servers' streams are copied. */
	socket->out.start = ctx->snd_nxt;
	socket->out.next = 0;
	socket->out.is_known = 1;
	socket->out.is_done = endpoints.local_port != 53;
	socket->in.start = ctx->rcv_nxt;
	socket->in.next = 0;
	socket->in.is_known = 1;
	socket->in.is_done = endpoints.local_port != 53;
	emit_open(socket, &endpoints, TT_ORIGIN_ACCEPT, TT_IN);
	return ALLOW;
}

/*
 * Sockets that need neither connect() nor bind(): their owner is whoever makes
 * them. TCP and UDP tell by themselves, and MPTCP speaks through TCP sockets.
 */
static __always_inline int on_create(struct bpf_sock *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct tt_socket *socket;

	if (ctx->type == SOCK_STREAM ? ctx->protocol != IPPROTO_SCTP
				     : ctx->type == SOCK_DGRAM && ctx->protocol == IPPROTO_UDP)
		return ALLOW;
	socket = bpf_sk_storage_get(&sockets, ctx, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!socket)
		return ALLOW;
	socket->cookie = bpf_get_socket_cookie(ctx);
	socket->netns = netns_of(task);
	fill_owner(&socket->owner, task);
	return ALLOW;
}

SEC("cgroup/connect4")
int connect4(struct bpf_sock_addr *ctx)
{
	return on_connect(ctx, AF_INET);
}

SEC("cgroup/connect6")
int connect6(struct bpf_sock_addr *ctx)
{
	return on_connect(ctx, AF_INET6);
}

SEC("cgroup/sendmsg4")
int sendmsg4(struct bpf_sock_addr *ctx)
{
	return on_sendmsg(ctx, AF_INET);
}

SEC("cgroup/sendmsg6")
int sendmsg6(struct bpf_sock_addr *ctx)
{
	return on_sendmsg(ctx, AF_INET6);
}

SEC("cgroup/bind4")
int bind4(struct bpf_sock_addr *ctx)
{
	return on_bind(ctx);
}

SEC("cgroup/bind6")
int bind6(struct bpf_sock_addr *ctx)
{
	return on_bind(ctx);
}

SEC("cgroup/sock_create")
int create(struct bpf_sock *ctx)
{
	return on_create(ctx);
}

SEC("sockops")
int accept(struct bpf_sock_ops *ctx)
{
	return ctx->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB ? on_accepted(ctx) : ALLOW;
}
