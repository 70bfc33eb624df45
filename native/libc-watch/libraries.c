/* SPDX-License-Identifier: MIT */
#include "libraries.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "report.h"

/* Whoever maps ever new files called libc.so.6 must not keep us busy: so many at once, then one a second. */
#define ATTACH_BURST 64
#define ATTACH_EVERY_MS 1000
/* Inode numbers are used again: what was refused is looked at anew after a while. */
#define REFUSED_MAX 64
#define REFUSED_MS 60000

struct library {
	uint32_t major, minor;
	uint64_t inode;
	bool is_used;
	bool is_on_root;
	int holder; /* pidfd of a process that maps it; -1: none known */
	struct tt_probes probes;
	bool is_attached;
	char path[TT_LIBRARY_PATH_LEN];
};

struct refusal {
	uint32_t major, minor;
	uint64_t inode;
	uint64_t at_ms;
};

static struct library libraries[TT_LIBRARIES_MAX];
static struct refusal refusals[REFUSED_MAX];
static size_t next_refusal;
static struct tt_lookup_programs programs;
static uint32_t root_major, root_minor;
static bool is_root_known;
static uint64_t tokens = ATTACH_BURST, filled_at_ms;
static bool is_look_wanted;
static bool is_crowd_told;

void tt_libraries_init(const struct tt_lookup_programs *given)
{
	programs = *given;
	is_root_known = tt_root_device(&root_major, &root_minor);
}

static struct library *find(uint32_t major, uint32_t minor, uint64_t inode)
{
	for (size_t i = 0; i < TT_LIBRARIES_MAX; i++) {
		struct library *library = &libraries[i];

		if (library->is_used && library->inode == inode && library->major == major && library->minor == minor)
			return library;
	}
	return NULL;
}

static bool is_refused(uint32_t major, uint32_t minor, uint64_t inode, uint64_t now_ms)
{
	for (size_t i = 0; i < REFUSED_MAX; i++) {
		const struct refusal *refusal = &refusals[i];

		if (refusal->inode == inode && refusal->major == major && refusal->minor == minor &&
		    now_ms - refusal->at_ms < REFUSED_MS)
			return true;
	}
	return false;
}

/* `why` NULL: nothing in it is of use, which is no news. */
static void refuse(pid_t pid, const struct tt_mapping *mapping, uint64_t now_ms, const char *why)
{
	refusals[next_refusal++ % REFUSED_MAX] = (struct refusal){
		.major = mapping->major, .minor = mapping->minor, .inode = mapping->inode, .at_ms = now_ms
	};
	if (why)
		tt_report_refused(mapping->path, pid, why);
}

static bool take_token(uint64_t now_ms)
{
	uint64_t new = (now_ms - filled_at_ms) / ATTACH_EVERY_MS;

	if (new > 0) {
		tokens = tokens + new > ATTACH_BURST ? ATTACH_BURST : tokens + new;
		filled_at_ms += new * ATTACH_EVERY_MS;
	}
	if (tokens == 0)
		return false;
	tokens--;
	return true;
}

static bool stat_user_namespace(const char *process, struct stat *about)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%.20s/ns/user", process);
	return stat(path, about) == 0;
}

static bool is_in_our_user_namespace(const char *process)
{
	struct stat ours, its;

	return stat_user_namespace("self", &ours) && stat_user_namespace(process, &its) && ours.st_ino == its.st_ino &&
	       ours.st_dev == its.st_dev;
}

/*
 * A user's own file system (FUSE) could make us wait for ever, and no signal
 * would end it. The kernel keeps us out of one as such, but not where an
 * overlay of that user lies on top, nor can we tell where the mount is gone.
 */
static const char *why_it_may_stall(pid_t pid, const struct tt_mapping *mapping)
{
	char process[24], type[32];

	if (is_root_known && mapping->major == root_major && mapping->minor == root_minor)
		return NULL;
	snprintf(process, sizeof(process), "%d", pid);
	if (!tt_file_system_of(process, mapping->major, mapping->minor, type, sizeof(type)) &&
	    !tt_file_system_of("self", mapping->major, mapping->minor, type, sizeof(type)))
		return "on a file system that is mounted nowhere we know, which could make us wait";
	if (strncmp(type, "fuse", 4) == 0)
		return "on a file system of a user's own (FUSE), which could make us wait";
	if (strcmp(type, "overlay") == 0 && !is_in_our_user_namespace(process))
		return "on an overlay in a user namespace, which may lie on FUSE and could make us wait";
	return NULL;
}

static int open_mapped(pid_t pid, const struct tt_mapping *mapping)
{
	char path[80];
	int fd;

	/* The mapped file itself: its name may lead elsewhere, to nothing, or into another root. */
	snprintf(path, sizeof(path), "/proc/%d/map_files/%llx-%llx", pid, (unsigned long long)mapping->start,
		 (unsigned long long)mapping->end);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

/* NULL: attached. Else why not; "": it has nothing to attach to, and may well be no C library. */
static const char *attach(struct library *library, int fd, struct tt_functions *functions)
{
	static char words[128];
	const char *why = tt_find_functions(fd, functions);
	int error;

	if (why)
		return why;
	if (functions->count == 0)
		return "";
	error = tt_probes_attach(&library->probes, fd, functions, &programs);
	if (error) {
		snprintf(words, sizeof(words), "not attached: %s", strerror(-error));
		return words;
	}
	return NULL;
}

static void begin_library(struct library *library, pid_t pid, const struct tt_mapping *mapping)
{
	memset(library, 0, sizeof(*library));
	library->major = mapping->major;
	library->minor = mapping->minor;
	library->inode = mapping->inode;
	library->is_on_root = is_root_known && mapping->major == root_major && mapping->minor == root_minor;
	library->holder = (int)syscall(SYS_pidfd_open, pid, 0);
	memcpy(library->path, mapping->path, sizeof(library->path));
	tt_probes_init(&library->probes);
}

static void end_library(struct library *library)
{
	if (library->is_attached) {
		tt_probes_release(&library->probes);
		tt_report_released(library->path);
	}
	if (library->holder >= 0)
		close(library->holder);
	library->is_used = false;
}

/* A place: an empty one, or that of a library which nobody is known to map; NULL: all are in use. */
static struct library *find_place(void)
{
	for (size_t i = 0; i < TT_LIBRARIES_MAX; i++)
		if (!libraries[i].is_used)
			return &libraries[i];
	for (size_t i = 0; i < TT_LIBRARIES_MAX; i++) {
		if (libraries[i].holder >= 0)
			continue;
		end_library(&libraries[i]);
		is_look_wanted = true; /* should somebody map it after all */
		return &libraries[i];
	}
	return NULL;
}

static void attach_new(pid_t pid, const struct tt_mapping *mapping, uint64_t now_ms)
{
	struct library *library = find_place();
	struct tt_functions functions;
	const char *why;
	int fd;

	if (!library) {
		refuse(pid, mapping, now_ms, "too many different C libraries are in use");
		return;
	}
	why = why_it_may_stall(pid, mapping);
	if (why) {
		refuse(pid, mapping, now_ms, why);
		return;
	}
	fd = open_mapped(pid, mapping);
	if (fd == -ENOENT || fd == -ESRCH) /* unmapped or ended meanwhile */
		return;
	if (fd < 0) {
		refuse(pid, mapping, now_ms, strerror(-fd));
		return;
	}
	begin_library(library, pid, mapping);
	why = attach(library, fd, &functions);
	close(fd);
	if (why) {
		end_library(library);
		refuse(pid, mapping, now_ms, *why ? why : NULL);
		return;
	}
	library->is_used = true;
	library->is_attached = true;
	tt_report_attached(library->path, pid, functions.count);
}

void tt_libraries_take(pid_t pid, const struct tt_mapping *mapping, uint64_t now_ms)
{
	struct library *library = find(mapping->major, mapping->minor, mapping->inode);

	if (library) {
		if (library->holder < 0)
			library->holder = (int)syscall(SYS_pidfd_open, pid, 0);
		return;
	}
	if (is_refused(mapping->major, mapping->minor, mapping->inode, now_ms))
		return;
	if (!take_token(now_ms)) {
		is_look_wanted = true;
		if (!is_crowd_told)
			tt_report_blind("so many files called like a C library come into use that some wait their turn");
		is_crowd_told = true;
		return;
	}
	attach_new(pid, mapping, now_ms);
}

bool tt_libraries_is_known(uint32_t major, uint32_t minor, uint64_t inode, uint64_t now_ms)
{
	const struct library *library = find(major, minor, inode);

	return library ? library->holder >= 0 : is_refused(major, minor, inode, now_ms);
}

size_t tt_libraries_poll_list(struct pollfd *list)
{
	size_t count = 0;

	for (size_t i = 0; i < TT_LIBRARIES_MAX; i++)
		if (libraries[i].is_used && libraries[i].holder >= 0)
			list[count++] = (struct pollfd){ .fd = libraries[i].holder, .events = POLLIN };
	return count;
}

static bool has_ended(int pidfd)
{
	struct pollfd entry = { .fd = pidfd, .events = POLLIN };
	struct timespec now = { 0, 0 };

	return ppoll(&entry, 1, &now, NULL) == 1;
}

void tt_libraries_check_holders(void)
{
	for (size_t i = 0; i < TT_LIBRARIES_MAX; i++) {
		struct library *library = &libraries[i];

		if (!library->is_used || library->holder < 0 || !has_ended(library->holder))
			continue;
		close(library->holder);
		library->holder = -1;
		if (library->is_on_root)
			continue;
		is_look_wanted = true;
		if (library->probes.holds_mount)
			end_library(library);
	}
}

bool tt_libraries_want_look(void)
{
	return is_look_wanted;
}

void tt_libraries_look_begins(void)
{
	is_look_wanted = false;
}

void tt_libraries_end(void)
{
	for (size_t i = 0; i < TT_LIBRARIES_MAX; i++)
		if (libraries[i].is_used)
			tt_probes_release(&libraries[i].probes);
}

void tt_libraries_look_ends(void)
{
	for (size_t i = 0; i < TT_LIBRARIES_MAX; i++)
		if (libraries[i].is_used && libraries[i].holder < 0 && !libraries[i].is_on_root)
			end_library(&libraries[i]);
}
