/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What programs ask their C library for, and what it tells them: where another
 * process sends the DNS packet (systemd-resolved, nscd, avahi), or none does
 * (/etc/hosts), only this shows which program wanted which name.
 *
 * The programs are attached to each C library by another process
 * (native/libc-watch). The structures read here are laid out alike in glibc
 * and musl on 64-bit machines; 32-bit libraries are never attached to.
 */
#include "lookup.bpf.h"
#include "owner.bpf.h"
#include "registers.bpf.h"

/* getaddrinfo gives each address once a kind of socket, which is three times when none was asked for. */
#define ANSWER_NODES_MAX 64
#define ERANGE 34

struct user_addrinfo {
	__s32 flags, family, socktype, protocol;
	__u32 address_length;
	__u32 padding;
	__u64 address; /* struct sockaddr * */
	__u64 canonical_name;
	__u64 next;
};

struct user_hostent {
	__u64 name;
	__u64 aliases;
	__s32 family;
	__s32 length;
	__u64 addresses; /* char **, ended by NULL */
};

static __always_inline __u64 thread_start_ns(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, start_boottime);
}

/*
 * While a call is on its way, the kernel keeps its own address (the start of a
 * page) in place of the call's return address: so a call that was left by
 * longjmp, as timeouts of old programs do it, is told from one still going on.
 */
static __always_inline bool is_under_way(const struct tt_asked *asked)
{
	__u64 word = 0;

	if (!IS_RETURN_ADDRESS_ON_STACK)
		return true;
	bpf_probe_read_user(&word, sizeof(word), (void *)asked->stack);
	return word && !(word & 0xfff);
}

/* Whether a call at `stack` was made by the one in `asked`: musl's gethostbyname_r calls gethostbyname2_r. */
static __always_inline bool is_within(const struct tt_asked *asked, __u64 stack)
{
	return stack < asked->stack && asked->thread_start_ns == thread_start_ns() && is_under_way(asked);
}

static __always_inline void read_name(char name[TT_LOOKUP_NAME_LEN], __u16 *name_length, __u16 *flags, __u64 name_at)
{
	long length = bpf_probe_read_user_str(name, TT_LOOKUP_NAME_LEN, (void *)name_at);
	char beyond = 0;

	if (length <= 0)
		return;
	*name_length = length - 1;
	if (length < TT_LOOKUP_NAME_LEN)
		return;
	bpf_probe_read_user(&beyond, 1, (void *)(name_at + TT_LOOKUP_NAME_LEN - 1));
	if (beyond)
		*flags |= TT_LOOKUP_NAME_CUT;
}

static __always_inline int on_ask(const struct tt_registers *registers, __u16 call, __u64 answer_at)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 stack = STACK_POINTER(registers);
	struct tt_asked *before = bpf_map_lookup_elem(&asked_names, &thread);
	struct tt_asked asked = {};

	if (before && is_within(before, stack))
		return 0;
	asked.name_at = FIRST_ARGUMENT(registers);
	if (!asked.name_at) { /* an address to listen at is asked for */
		bpf_map_delete_elem(&asked_names, &thread);
		return 0;
	}
	asked.asked_ns = bpf_ktime_get_boot_ns();
	asked.thread_start_ns = thread_start_ns();
	asked.stack = stack;
	asked.answer_at = answer_at;
	asked.call = call;
	/* Now: the answer may be written over it (gethostbyname(host->h_name)). */
	read_name(asked.name, &asked.name_length, &asked.flags, asked.name_at);
	if (bpf_map_update_elem(&asked_names, &thread, &asked, BPF_ANY))
		count_lost(TT_LOOKUP);
	return 0;
}

/* False: there is no room for more, or the address cannot be read. */
static __always_inline bool add_address(struct tt_lookup *record, __u64 address_at, __u32 family)
{
	/* Kept in memory, where the verifier does not follow its value: paths through the loop stay few. */
	__u32 count = *(volatile __u16 *)&record->address_count;
	__u64 address[2] = {};
	__u64 *last, *slot;
	long error;

	if (family == AF_INET)
		error = bpf_probe_read_user(address, 4, (void *)address_at);
	else if (family == AF_INET6)
		error = bpf_probe_read_user(address, 16, (void *)address_at);
	else
		return true;
	if (error)
		return false;
	last = (void *)record->addresses[(count - 1) & (TT_LOOKUP_ADDRESSES - 1)];
	if (count && last[0] == address[0] && last[1] == address[1])
		return true;
	if (count >= TT_LOOKUP_ADDRESSES)
		return false;
	slot = (void *)record->addresses[count & (TT_LOOKUP_ADDRESSES - 1)];
	slot[0] = address[0];
	slot[1] = address[1];
	record->families[count & (TT_LOOKUP_ADDRESSES - 1)] = family;
	*(volatile __u16 *)&record->address_count = count + 1;
	return true;
}

/* Offsets in sockaddr_in and sockaddr_in6. */
static __always_inline __u64 address_in(__u64 sockaddr, __u32 family)
{
	return sockaddr + (family == AF_INET ? 4 : 8);
}

static __always_inline void read_addrinfo(struct tt_lookup *record, __u64 at)
{
	struct user_addrinfo node;

	for (int i = 0; i < ANSWER_NODES_MAX; i++) {
		if (!at)
			return;
		if (bpf_probe_read_user(&node, sizeof(node), (void *)at))
			break;
		if (!add_address(record, address_in(node.address, node.family), node.family))
			break;
		at = node.next;
	}
	record->flags |= TT_LOOKUP_ADDRESSES_CUT;
}

static __always_inline void read_hostent(struct tt_lookup *record, __u64 at)
{
	struct user_hostent host;
	__u64 address_at;

	if (bpf_probe_read_user(&host, sizeof(host), (void *)at))
		return;
	for (int i = 0; i < ANSWER_NODES_MAX; i++) {
		if (bpf_probe_read_user(&address_at, sizeof(address_at), (void *)(host.addresses + 8 * i)))
			break;
		if (!address_at)
			return;
		if (!add_address(record, address_at, host.family))
			break;
	}
	record->flags |= TT_LOOKUP_ADDRESSES_CUT;
}

/* Where the answer is; 0: the call gave none, or it cannot be read. */
static __always_inline __u64 answer_of(const struct tt_asked *asked)
{
	__u64 answer = 0;

	bpf_probe_read_user(&answer, sizeof(answer), (void *)asked->answer_at);
	return answer;
}

static __always_inline void read_answer(struct tt_lookup *record, const struct tt_asked *asked, __u64 returned)
{
	__u64 answer;

	if (asked->call == TT_CALL_GETADDRINFO) {
		record->result = (__s32)returned;
		if (record->result == 0) /* else the pointer may be anything */
			read_addrinfo(record, answer_of(asked));
		return;
	}
	answer = answer_of(asked);
	record->result = answer ? 0 : -1;
	if (answer)
		read_hostent(record, answer);
}

static __always_inline void emit_lookup(const struct tt_asked *asked, __u64 returned)
{
	struct tt_lookup *record = reserve_record(TT_LOOKUP, sizeof(*record));

	if (!record)
		return;
	__builtin_memset(record, 0, sizeof(*record));
	fill_header(&record->header, TT_LOOKUP, sizeof(*record));
	fill_owner(&record->owner, (void *)bpf_get_current_task());
	record->asked_ns = asked->asked_ns;
	record->call = asked->call;
	record->flags = asked->flags;
	record->name_length = asked->name_length;
	if (asked->name_length)
		__builtin_memcpy(record->name, asked->name, sizeof(record->name));
	else /* it was not in memory yet; the call has brought it there */
		read_name(record->name, &record->name_length, &record->flags, asked->name_at);
	read_answer(record, asked, returned);
	submit_record(record, TT_LOOKUP);
}

/* gethostbyname_r found too little room for the answer: gethostbyname, or whoever called, asks again with more. */
static __always_inline bool is_to_be_repeated(const struct tt_asked *asked, __u64 returned)
{
	return asked->call == TT_CALL_GETHOSTBYNAME && (__s32)returned == ERANGE;
}

static __always_inline int on_answer(const struct tt_registers *registers)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 stack = STACK_POINTER(registers) - STACK_GROWN_BY_RETURN;
	struct tt_asked *asked = bpf_map_lookup_elem(&asked_names, &thread);

	if (!asked || stack < asked->stack) /* began before we were there, or lies within the one that counts */
		return 0;
	if (stack == asked->stack && asked->thread_start_ns == thread_start_ns() &&
	    !is_to_be_repeated(asked, RETURN_VALUE(registers)))
		emit_lookup(asked, RETURN_VALUE(registers));
	bpf_map_delete_elem(&asked_names, &thread);
	return 0;
}

SEC("uprobe")
int lookup_getaddrinfo(struct tt_registers *ctx)
{
	return on_ask(ctx, TT_CALL_GETADDRINFO, FOURTH_ARGUMENT(ctx));
}

/* What gethostbyname calls, in glibc and in musl; likewise below. */
SEC("uprobe")
int lookup_gethostbyname_r(struct tt_registers *ctx)
{
	return on_ask(ctx, TT_CALL_GETHOSTBYNAME, FIFTH_ARGUMENT(ctx));
}

SEC("uprobe")
int lookup_gethostbyname2_r(struct tt_registers *ctx)
{
	return on_ask(ctx, TT_CALL_GETHOSTBYNAME, SIXTH_ARGUMENT(ctx));
}

SEC("uretprobe")
int lookup_return(struct tt_registers *ctx)
{
	return on_answer(ctx);
}
