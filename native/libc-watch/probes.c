/* SPDX-License-Identifier: MIT */
#include "probes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SOURCE_DIR "/sys/bus/event_source/devices/uprobe/"

#ifndef OPEN_TREE_CLONE /* C libraries older than their kernel */
#define OPEN_TREE_CLONE 1
#define OPEN_TREE_CLOEXEC O_CLOEXEC
#endif

static uint32_t uprobe_type;
static uint64_t return_flag;

static int read_setting(const char *name, const char *format, unsigned int *number)
{
	char path[128];
	int count;
	FILE *file;

	snprintf(path, sizeof(path), SOURCE_DIR "%s", name);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	count = fscanf(file, format, number);
	fclose(file);
	return count == 1 ? 0 : -EINVAL;
}

int tt_probes_prepare(void)
{
	unsigned int type, bit;
	int error = read_setting("type", "%u", &type);

	if (!error)
		error = read_setting("format/retprobe", "config:%u", &bit);
	if (error)
		return error;
	if (bit > 63)
		return -EINVAL;
	uprobe_type = type;
	return_flag = 1ull << bit;
	return 0;
}

void tt_probes_init(struct tt_probes *probes)
{
	for (int i = 0; i < 2 * TT_FUNCTIONS; i++)
		probes->fds[i] = -1;
}

static int open_probe(const char *path, uint64_t offset, bool is_return)
{
	struct perf_event_attr attr = {
		.type = uprobe_type,
		.size = sizeof(attr),
		.config = is_return ? return_flag : 0,
		.uprobe_path = (uintptr_t)path,
		.probe_offset = offset,
	};
	/* All processes; the one CPU named does not matter for a probe in code. */
	long fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

bool tt_probes_are_allowed(void)
{
	/* Permission is asked for first: any other error says yes. */
	int fd = open_probe("/proc/self/exe", 0, false);

	if (fd >= 0)
		close(fd);
	return fd != -EACCES && fd != -EPERM;
}

static int attach_one(int *slot, const char *path, uint64_t offset, bool is_return, int program)
{
	int fd = open_probe(path, offset, is_return);

	if (fd < 0)
		return fd;
	*slot = fd;
	if (ioctl(fd, PERF_EVENT_IOC_SET_BPF, program) || ioctl(fd, PERF_EVENT_IOC_ENABLE, 0))
		return -errno;
	return 0;
}

static void close_probe(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_all(struct tt_probes *probes)
{
	for (int i = 0; i < 2 * TT_FUNCTIONS; i++)
		close_probe(&probes->fds[i]);
}

/*
 * A probe holds the mount that its file was found on. On a mount of our own,
 * of nothing but this file, others can be unmounted as ever. It takes
 * CAP_SYS_ADMIN and works for mounts of our own namespace; those of others end
 * with their namespace, whoever holds them.
 */
static int open_own_mount(int fd)
{
	return (int)syscall(SYS_open_tree, fd, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
}

static int attach_at(struct tt_probes *probes, int fd, const struct tt_functions *functions,
		     const struct tt_lookup_programs *programs)
{
	char path[32];
	int error = 0;

	/* The very file that was read, whatever its name leads to by now. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (int i = 0; i < TT_FUNCTIONS && !error; i++) {
		uint64_t offset = functions->offsets[i];

		if (!offset || programs->at_entry[i] < 0)
			continue;
		/* The return first: a call seen to begin must be seen to end. */
		error = attach_one(&probes->fds[TT_FUNCTIONS + i], path, offset, true, programs->at_return);
		if (!error)
			error = attach_one(&probes->fds[i], path, offset, false, programs->at_entry[i]);
	}
	if (error)
		close_all(probes);
	return error;
}

int tt_probes_attach(struct tt_probes *probes, int fd, const struct tt_functions *functions,
		     const struct tt_lookup_programs *programs)
{
	int own = open_own_mount(fd);
	int error = attach_at(probes, own < 0 ? fd : own, functions, programs);

	probes->holds_mount = own < 0;
	if (own >= 0)
		close(own);
	return error;
}

/* In a child: keeps the two probes of one function until everybody else has let go of them, and ends. */
static void end_with(struct tt_probes *probes, int function)
{
	const struct timespec others_take = { 0, 20000000 };

	for (int i = 0; i < 2 * TT_FUNCTIONS; i++)
		if (i % TT_FUNCTIONS != function)
			close_probe(&probes->fds[i]);
	ppoll(NULL, 0, &others_take, NULL);
	_exit(0);
}

/*
 * The last close of a probe waits in the kernel for a tenth of a second. Six
 * of them, one after the other, would keep us from seeing a new library and a
 * file system from being unmounted: each function's are closed by a child.
 */
void tt_probes_release(struct tt_probes *probes)
{
	for (int i = 0; i < TT_FUNCTIONS; i++)
		if (probes->fds[i] >= 0 && syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL) == 0)
			end_with(probes, i);
	close_all(probes);
}
