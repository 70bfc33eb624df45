/* SPDX-License-Identifier: MIT */
/*
 * Giving up root. Capabilities belong to threads and Node has many; glibc's
 * setresuid() changes all of them, and a thread that leaves uid 0 loses its
 * capabilities unless it asked to keep them, which only ours does.
 */
#include "privilege.h"

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const names[] = {
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL",
	"CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE",
	"CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
	"CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
	"CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME",
	"CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
	"CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
};

int tt_capability_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			return i;
	return -EINVAL;
}

struct capabilities {
	uint64_t permitted;
	uint64_t effective;
};

static int get_capabilities(struct capabilities *now)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {};

	if (syscall(SYS_capget, &header, data))
		return -errno;
	now->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	now->effective = data[0].effective | (uint64_t)data[1].effective << 32;
	return 0;
}

static int set_capabilities(const struct capabilities *wanted)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {};

	for (int word = 0; word < 2; word++) {
		data[word].permitted = wanted->permitted >> (32 * word);
		data[word].effective = wanted->effective >> (32 * word);
	}
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

int tt_swap_effective(uint64_t wanted, uint64_t *before)
{
	struct capabilities now = {};
	int error = get_capabilities(&now);

	if (error)
		return error;
	*before = now.effective;
	now.effective = wanted & now.permitted;
	return set_capabilities(&now);
}

/* Nothing we might execute could get them back. Where we may not, no_new_privs does the same. */
static void shrink_bounding_set(uint64_t keep)
{
	for (int bit = 0; prctl(PR_CAPBSET_READ, bit, 0, 0, 0) >= 0 && bit < 64; bit++)
		if (!(keep >> bit & 1))
			prctl(PR_CAPBSET_DROP, bit, 0, 0, 0);
}

static int change_ids(uid_t uid, gid_t gid)
{
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgroups(0, NULL) || setresgid(gid, gid, gid) ||
	    setresuid(uid, uid, uid))
		return -errno;
	return 0;
}

static int check_thread(const char *tid, uint64_t keep)
{
	char path[64], line[256];
	uint64_t permitted = UINT64_MAX;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%.20s/status", tid);
	file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? 0 : -errno; /* it ended */
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, "CapPrm:", 7))
			permitted = strtoull(line + 7, NULL, 16);
	fclose(file);
	return permitted & ~keep ? -EPERM : 0;
}

/* Trust, and look. */
static int check_all_threads(uint64_t keep)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	int error = 0;

	if (!dir)
		return -errno;
	while (!error && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			error = check_thread(entry->d_name, keep);
	closedir(dir);
	return error;
}

int tt_drop_privileges(uid_t uid, gid_t gid, uint64_t keep)
{
	struct capabilities kept = {};
	int error = get_capabilities(&kept);

	if (error)
		return error;
	keep &= kept.permitted;
	kept.permitted = kept.effective = keep;
	shrink_bounding_set(keep);
	error = change_ids(uid, gid);
	if (!error)
		error = set_capabilities(&kept);
	if (error)
		return error;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	/* Other processes of the new user may not look into us. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	return check_all_threads(keep);
}
