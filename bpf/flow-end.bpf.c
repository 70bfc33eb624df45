/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What became of flows: TCP state changes, and sockets that are released. */
#include "emit.bpf.h"
#include "endpoints.bpf.h"
#include "tcp-bytes.bpf.h"

/*
 * A connect() the kernel refused before it tried (no route) changes no TCP
 * state: the attempt ends here, with the socket.
 */
static __always_inline void emit_never_tried(const struct tt_socket *socket)
{
	struct tt_flow_state *record = reserve_record(TT_FLOW_STATE, sizeof(*record));

	if (!record)
		return;
	__builtin_memset(record, 0, sizeof(*record));
	fill_header(&record->header, TT_FLOW_STATE, sizeof(*record));
	record->cookie = socket->cookie;
	record->endpoints = socket->run.endpoints;
	record->old_state = TCP_CLOSE;
	record->new_state = TCP_CLOSE;
	submit_record(record, TT_FLOW_STATE);
}

static __always_inline int on_release(struct bpf_sock *sk)
{
	struct tt_socket *socket;

	socket = bpf_sk_storage_get(&sockets, sk, 0, 0);
	if (!socket)
		return ALLOW;
	if (sk->protocol != IPPROTO_TCP || sk->type == SOCK_RAW) {
		struct tt_run run;

		bpf_spin_lock(&socket->lock);
		run = socket->run;
		bpf_spin_unlock(&socket->lock);
		if (run.number)
			emit_run(socket->cookie, &run, TT_BYTES_FINAL);
	} else if (socket->is_open && socket->is_client && !socket->is_syn_sent && sk->state == TCP_CLOSE) {
		emit_never_tried(socket);
	}
	return ALLOW;
}

/* Where the kernel gives this hook no socket storage: tell of the end, without numbers. */
static __always_inline int on_release_plain(struct bpf_sock *sk)
{
	struct tt_run run = {};

	if (sk->protocol == IPPROTO_TCP)
		return ALLOW;
	run.endpoints.family = sk->family;
	run.endpoints.protocol = sk->protocol;
	emit_run(bpf_get_socket_cookie(sk), &run, TT_BYTES_FINAL);
	return ALLOW;
}

/*
 * Only what is told of: connections that are there, and that are over. An
 * accepted one is there when the accept hook tells of it.
 */
static __always_inline bool is_told(int old_state, int new_state)
{
	return (new_state == TCP_ESTABLISHED && old_state != TCP_SYN_RECV) ||
	       (new_state == TCP_CLOSE && old_state != TCP_LISTEN);
}

static __always_inline int on_state_change(struct sock *sk, int old_state, int new_state)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct tt_flow_state *record;

	if (!tp)
		return 0;
	record = reserve_record(TT_FLOW_STATE, sizeof(*record));
	if (!record)
		return 0;
	fill_header(&record->header, TT_FLOW_STATE, sizeof(*record));
	record->cookie = sk->__sk_common.skc_cookie.counter;
	record->bytes_sent = tp->bytes_sent - tp->bytes_retrans;
	record->bytes_received = payload_received(tp->bytes_received, sk->__sk_common.skc_flags);
	endpoints_of_trusted(&record->endpoints, sk);
	record->srtt_us = tp->srtt_us >> 3;
	record->retransmits = tp->total_retrans;
	record->error = sk->sk_err;
	record->old_state = old_state;
	record->new_state = new_state;
	submit_record(record, TT_FLOW_STATE);
	return 0;
}

/* Where the kernel gives tracepoints no types: the same by guarded reads, which take five times as long. */
static __always_inline int on_state_change_plain(struct sock *sk, int old_state, int new_state)
{
	struct tcp_sock *tp = (struct tcp_sock *)sk;
	struct tt_flow_state *record;

	if (BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	record = reserve_record(TT_FLOW_STATE, sizeof(*record));
	if (!record)
		return 0;
	fill_header(&record->header, TT_FLOW_STATE, sizeof(*record));
	record->cookie = BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
	record->bytes_sent = tcp_bytes_sent(tp);
	record->bytes_received = tcp_bytes_received(tp);
	endpoints_of_sock(&record->endpoints, sk);
	record->srtt_us = BPF_CORE_READ(tp, srtt_us) >> 3;
	record->retransmits = BPF_CORE_READ(tp, total_retrans);
	record->error = BPF_CORE_READ(sk, sk_err);
	record->old_state = old_state;
	record->new_state = new_state;
	submit_record(record, TT_FLOW_STATE);
	return 0;
}

SEC("cgroup/sock_release")
int release(struct bpf_sock *ctx)
{
	return on_release(ctx);
}

SEC("cgroup/sock_release")
int release__plain(struct bpf_sock *ctx)
{
	return on_release_plain(ctx);
}

SEC("tp_btf/inet_sock_set_state")
int tcp_state(__u64 *ctx)
{
	return is_told(ctx[1], ctx[2]) ? on_state_change((struct sock *)ctx[0], ctx[1], ctx[2]) : 0;
}

SEC("raw_tp/inet_sock_set_state")
int tcp_state__plain(struct bpf_raw_tracepoint_args *ctx)
{
	return is_told(ctx->args[1], ctx->args[2]) ?
		       on_state_change_plain((struct sock *)ctx->args[0], ctx->args[1], ctx->args[2]) :
		       0;
}
