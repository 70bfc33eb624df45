/* SPDX-License-Identifier: MIT */
#include "socket-cookies.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SOCKET_LINK "socket:["

/* The same numbers on every machine (new system calls since 5.1); older headers lack them. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

#define LIMIT_NS 3000000000ll /* some 2 us a socket */
#define END_NS 100000000ll
#define LOOK_EVERY_NS 5000000
#define MAX_INHERITED 4096 /* descriptors, where the kernel cannot close a range */

static bool is_socket(int dir_fd, const char *name)
{
	char target[sizeof(SOCKET_LINK)];
	ssize_t length = readlinkat(dir_fd, name, target, sizeof(target));

	return length == sizeof(target) && !strncmp(target, SOCKET_LINK, strlen(SOCKET_LINK));
}

/* A descriptor of ours for its socket, for as long as it takes to ask. */
static void ask_cookie(int pid_fd, int their_fd)
{
	int fd = (int)syscall(SYS_pidfd_getfd, pid_fd, their_fd, 0);
	uint64_t cookie;
	socklen_t length = sizeof(cookie);

	if (fd < 0)
		return;
	getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &length);
	close(fd);
}

static void ask_all_of(const char *pid)
{
	int pid_fd = (int)syscall(SYS_pidfd_open, atoi(pid), 0);
	char path[32];
	struct dirent *entry;
	DIR *files;

	if (pid_fd < 0)
		return;
	snprintf(path, sizeof(path), "/proc/%.16s/fd", pid);
	files = opendir(path);
	while (files && (entry = readdir(files)))
		if (is_socket(dirfd(files), entry->d_name))
			ask_cookie(pid_fd, atoi(entry->d_name));
	if (files)
		closedir(files);
	close(pid_fd);
}

static void ask_all(void)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;

	while (processes && (entry = readdir(processes)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			ask_all_of(entry->d_name);
}

/* The probes live as long as anybody holds their descriptors. */
static void close_inherited(void)
{
	if (!syscall(SYS_close_range, 0, ~0u, 0))
		return;
	for (int fd = 0; fd < MAX_INHERITED; fd++)
		close(fd);
}

static bool ends_within(pid_t child, long long limit_ns)
{
	const struct timespec pause = { .tv_nsec = LOOK_EVERY_NS };

	for (long long waited = 0; waited < limit_ns; waited += LOOK_EVERY_NS) {
		pid_t ended = waitpid(child, NULL, WNOHANG);

		if (ended == child || (ended < 0 && errno != EINTR))
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

/*
 * By a child, and for a while only: what we hold for a moment may be a file of
 * FUSE by then, put in the socket's place, or the last descriptor of a socket
 * that lingers. To close these waits for whoever made them, for ever if they
 * like, and not even a signal ends that.
 */
void tt_give_socket_cookies(void)
{
	pid_t child = fork();

	if (child < 0)
		return;
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close_inherited();
		ask_all();
		_exit(0);
	}
	if (ends_within(child, LIMIT_NS))
		return;
	kill(child, SIGKILL);
	ends_within(child, END_NS);
}
