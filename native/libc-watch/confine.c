/* SPDX-License-Identifier: MIT */
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../privilege.h"
#include "probes.h"

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/*
 * PTRACE: to read /proc/PID/maps of others. DAC_READ_SEARCH: to enter
 * /proc/PID/map_files. Then, to open what is in there and to attach probes,
 * the least that this kernel accepts.
 */
static const char *const always[] = { "CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH", NULL };
static const char *const narrow[] = { "CAP_CHECKPOINT_RESTORE", "CAP_PERFMON", NULL };
static const char *const wide[] = { "CAP_SYS_ADMIN", NULL };

static uint64_t bits_of(const char *const *names)
{
	uint64_t bits = 0;

	for (; *names; names++)
		bits |= 1ull << tt_capability_by_name(*names);
	return bits;
}

/* Tried, as kernels and distributions differ: in some a probe takes CAP_PERFMON, in some CAP_SYS_ADMIN. */
static uint64_t least_capabilities(void)
{
	uint64_t few = bits_of(always) | bits_of(narrow);
	uint64_t before;
	bool is_enough;

	if (tt_swap_effective(few, &before))
		return few;
	is_enough = tt_probes_are_allowed();
	tt_swap_effective(before, &few);
	return is_enough ? bits_of(always) | bits_of(narrow) : bits_of(always) | bits_of(wide);
}

#ifndef OPEN_TREE_CLONE /* C libraries older than their kernel */
#define OPEN_TREE_CLONE 1
#define OPEN_TREE_CLOEXEC O_CLOEXEC
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
/* The low half: the machines we know are little endian, and all numbers below fit. */
#define LOAD_ARGUMENT(index) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[index]))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define END_PROCESS BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
#define IF_EQUAL(value, then, otherwise) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), then, otherwise)
#define ALLOW_CALL(name) IF_EQUAL(SYS_##name, 0, 1), ALLOW

static struct sock_filter filter[] = {
	LOAD(arch),
	IF_EQUAL(OUR_ARCHITECTURE, 1, 0),
	END_PROCESS,
	LOAD(nr),
	ALLOW_CALL(read),
	ALLOW_CALL(pread64),
	ALLOW_CALL(close),
	ALLOW_CALL(fstat),
	ALLOW_CALL(newfstatat),
	ALLOW_CALL(getdents64),
	ALLOW_CALL(lseek),
	ALLOW_CALL(ppoll),
	ALLOW_CALL(clock_gettime),
	ALLOW_CALL(perf_event_open),
	ALLOW_CALL(pidfd_open),
	ALLOW_CALL(restart_syscall),
	ALLOW_CALL(rt_sigreturn),
	ALLOW_CALL(exit_group),
	/* write: to the pipe we were given only. */
	IF_EQUAL(SYS_write, 0, 4),
	LOAD_ARGUMENT(0),
	IF_EQUAL(STDOUT_FILENO, 0, 1),
	ALLOW,
	REFUSE,
	/* clone: a child like us, as fork makes it. */
	IF_EQUAL(SYS_clone, 0, 4),
	LOAD_ARGUMENT(0),
	IF_EQUAL(SIGCHLD, 0, 1),
	ALLOW,
	REFUSE,
	/* open_tree: a mount that nobody sees but us. */
	IF_EQUAL(SYS_open_tree, 0, 4),
	LOAD_ARGUMENT(2),
	IF_EQUAL(AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC, 0, 1),
	ALLOW,
	REFUSE,
	/* openat: to read only. */
	IF_EQUAL(SYS_openat, 0, 5),
	LOAD_ARGUMENT(2),
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, O_ACCMODE | O_CREAT | O_TRUNC),
	IF_EQUAL(O_RDONLY, 0, 1),
	ALLOW,
	REFUSE,
	/* ioctl: the two that attach. */
	IF_EQUAL(SYS_ioctl, 0, 5),
	LOAD_ARGUMENT(1),
	IF_EQUAL(PERF_EVENT_IOC_SET_BPF, 1, 0),
	IF_EQUAL(PERF_EVENT_IOC_ENABLE, 0, 1),
	ALLOW,
	REFUSE,
	REFUSE,
};

static int filter_calls(void)
{
	const struct sock_fprog program = { .len = sizeof(filter) / sizeof(filter[0]), .filter = filter };

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) ? -errno : 0;
}

int tt_confine(uid_t user, pid_t parent)
{
	int error = tt_drop_privileges(user, user, least_capabilities());

	if (error)
		return error;
	/* After the change of user, which clears it. Not SIGKILL: probes are let go faster in good order. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0))
		return -errno;
	if (getppid() != parent)
		return -ESRCH;
	signal(SIGCHLD, SIG_IGN); /* children (probes.c) leave nothing behind */
	return filter_calls();
}
