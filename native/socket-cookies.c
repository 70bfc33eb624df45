/* SPDX-License-Identifier: MIT */
#include "socket-cookies.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SOCKET_LINK "socket:["

/* The same numbers on every machine (new system calls since 5.1); older headers lack them. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

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

void tt_give_socket_cookies(void)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;

	while (processes && (entry = readdir(processes)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			ask_all_of(entry->d_name);
	if (processes)
		closedir(processes);
}
