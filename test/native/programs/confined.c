/* SPDX-License-Identifier: MIT */
/* confined UID: confines itself as telltale-libc-watch does and prints, a line a deed, what it could still do. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "confine.h"
#include "probes.h"

static char text[4096];

static void tell(const char *deed, long result)
{
	char line[128];

	snprintf(line, sizeof(line), "%s: %s\n", deed, result >= 0 ? "done" : errno == EPERM ? "refused" : strerror(errno));
	strncat(text, line, sizeof(text) - strlen(text) - 1);
}

int main(int count, char **list)
{
	char *const nothing[] = { NULL };
	struct iovec bytes = { text, 1 };
	pid_t parent = getppid();
	char maps[32];
	int null;

	if (count != 2 || tt_probes_prepare() || tt_confine(atoi(list[1]), parent))
		return 2;
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	tell("open to read", null);
	snprintf(maps, sizeof(maps), "/proc/%d/maps", parent);
	tell("read of another", open(maps, O_RDONLY | O_CLOEXEC));
	tell("open to write", open("/dev/null", O_WRONLY | O_CLOEXEC));
	tell("open to read and write", open("/dev/null", O_RDWR | O_CLOEXEC));
	tell("create", open("/tmp/telltale-confined", O_RDONLY | O_CREAT, 0600));
	tell("cut", open("/dev/null", O_RDONLY | O_TRUNC));
	tell("write elsewhere", write(null, "x", 1));
	tell("execute", execve("/bin/true", nothing, nothing));
	tell("trace", ptrace(PTRACE_ATTACH, parent, NULL, NULL));
	tell("read memory", process_vm_readv(parent, &bytes, 1, &bytes, 1, 0));
	tell("signal", kill(parent, 0));
	tell("connect", socket(AF_INET, SOCK_STREAM, 0));
	tell("mount", mount("none", "/tmp", "tmpfs", 0, NULL));
	tell("see a mount tree", syscall(SYS_open_tree, AT_FDCWD, "/", O_CLOEXEC));
	tell("load a program", syscall(SYS_bpf, 5, NULL, 0));
	tell("enter a namespace", syscall(SYS_unshare, 0x00020000));
	tell("become root", setuid(0));
	tell("remove", unlink("/tmp/telltale-confined"));
	tell("change a mode", chmod("/tmp", 0));
	tell("make a thread", syscall(SYS_clone, 0x00010900, NULL, NULL, NULL, NULL));
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		return 3;
	_exit(0);
}
