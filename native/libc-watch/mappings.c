/* SPDX-License-Identifier: MIT */
#include "mappings.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of one file of /proc: a process of a hundred thousand mappings is its own business. */
#define BYTES_MAX (4 * 1024 * 1024)
/* The longest line: a path, escaped. What is longer is skipped. */
#define LINE_MAX_LEN 8192
#define DELETED " (deleted)"

/* Reads /proc files by lines without the heap. */
struct line_reader {
	int fd;
	size_t from, to;  /* unread bytes of `bytes` */
	size_t read_bytes;
	bool is_skipping; /* the rest of a line that was too long */
	char bytes[LINE_MAX_LEN];
};

static struct line_reader reader;

static bool open_lines(const char *path)
{
	reader.fd = open(path, O_RDONLY | O_CLOEXEC);
	reader.from = reader.to = reader.read_bytes = 0;
	reader.is_skipping = false;
	return reader.fd >= 0;
}

static bool fill_lines(void)
{
	ssize_t got;

	memmove(reader.bytes, reader.bytes + reader.from, reader.to - reader.from);
	reader.to -= reader.from;
	reader.from = 0;
	if (reader.to == sizeof(reader.bytes)) {
		reader.is_skipping = true;
		reader.to = 0;
	}
	if (reader.read_bytes >= BYTES_MAX)
		return false;
	got = read(reader.fd, reader.bytes + reader.to, sizeof(reader.bytes) - reader.to);
	if (got <= 0)
		return false;
	reader.to += (size_t)got;
	reader.read_bytes += (size_t)got;
	return true;
}

/* The next line without its end; NULL: that was all, and the file is closed. */
static char *next_line(void)
{
	for (;;) {
		char *start = reader.bytes + reader.from;
		char *end = memchr(start, '\n', reader.to - reader.from);

		if (end) {
			*end = 0;
			reader.from = (size_t)(end + 1 - reader.bytes);
			if (!reader.is_skipping)
				return start;
			reader.is_skipping = false;
			continue;
		}
		if (!fill_lines()) {
			close(reader.fd);
			return NULL;
		}
	}
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool ends(const char *text, size_t length, const char *with)
{
	size_t tail = strlen(with);

	return length >= tail && memcmp(text + length - tail, with, tail) == 0;
}

bool tt_is_library_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t length = strlen(name);

	if (ends(name, length, DELETED))
		length -= strlen(DELETED);
	if (begins(name, "libc.so.6"))
		return length == strlen("libc.so.6");
	if (begins(name, "libc-2."))
		return ends(name, length, ".so");
	if (begins(name, "ld-musl-") || begins(name, "libc.musl-"))
		return ends(name, length, ".so.1");
	return begins(name, "libc.so") && length == strlen("libc.so");
}

/* Reads a number and the one character after it. */
static bool take_number(char **at, int base, char after, uint64_t *number)
{
	char *end;

	*number = strtoull(*at, &end, base);
	if (end == *at || *end != after)
		return false;
	*at = end + 1;
	return true;
}

/* "7f00-7f10 r-xp 00000000 fe:01 1234      /path": see proc(5). */
static bool parse_mapping(char *line, struct tt_mapping *mapping)
{
	uint64_t offset, major, minor;
	char *at = line;
	size_t length;

	if (!take_number(&at, 16, '-', &mapping->start) || !take_number(&at, 16, ' ', &mapping->end))
		return false;
	if (strlen(at) < 5 || at[2] != 'x' || at[4] != ' ')
		return false;
	at += 5;
	if (!take_number(&at, 16, ' ', &offset) || !take_number(&at, 16, ':', &major) ||
	    !take_number(&at, 16, ' ', &minor) || !take_number(&at, 10, ' ', &mapping->inode) || !mapping->inode)
		return false;
	at += strspn(at, " ");
	if (*at != '/' || !tt_is_library_name(at))
		return false;
	mapping->major = (uint32_t)major;
	mapping->minor = (uint32_t)minor;
	length = strlen(at);
	if (length >= sizeof(mapping->path))
		at += length - (sizeof(mapping->path) - 1);
	snprintf(mapping->path, sizeof(mapping->path), "%s", at);
	return true;
}

/* More in one process are no libraries of ours. */
#define LIBRARIES_A_PROCESS 8

void tt_each_library(pid_t pid, tt_mapping_taker take, void *context)
{
	static struct tt_mapping found[LIBRARIES_A_PROCESS];
	int count = 0;
	char path[32];
	char *line;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	if (!open_lines(path))
		return;
	while ((line = next_line()))
		if (count < LIBRARIES_A_PROCESS && parse_mapping(line, &found[count]))
			count++;
	for (int i = 0; i < count; i++)
		take(pid, &found[i], context);
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": see proc(5). */
struct mount {
	uint64_t major, minor;
	const char *dir;
	const char *type;
};

static bool parse_mount(char *line, struct mount *mount)
{
	char *type = strstr(line, " - ");
	char *at = line;
	uint64_t number;
	char *root;

	if (!type || !take_number(&at, 10, ' ', &number) || !take_number(&at, 10, ' ', &number) ||
	    !take_number(&at, 10, ':', &mount->major) || !take_number(&at, 10, ' ', &mount->minor))
		return false;
	type += 3;
	type[strcspn(type, " ")] = 0;
	mount->type = type;
	root = strchr(at, ' ');
	if (!root)
		return false;
	at = root + 1;
	at[strcspn(at, " ")] = 0;
	mount->dir = at;
	return true;
}

bool tt_file_system_of(const char *process, uint32_t major, uint32_t minor, char *type, unsigned long room)
{
	struct mount mount;
	bool is_found = false;
	char path[48];
	char *line;

	snprintf(path, sizeof(path), "/proc/%.20s/mountinfo", process);
	if (!open_lines(path))
		return false;
	while ((line = next_line())) {
		if (is_found || !parse_mount(line, &mount) || mount.major != major || mount.minor != minor)
			continue;
		snprintf(type, room, "%s", mount.type);
		is_found = true;
	}
	return is_found;
}

bool tt_root_device(uint32_t *major, uint32_t *minor)
{
	struct mount mount;
	bool is_found = false;
	char *line;

	if (!open_lines("/proc/self/mountinfo"))
		return false;
	while ((line = next_line())) {
		if (!parse_mount(line, &mount) || strcmp(mount.dir, "/") != 0)
			continue;
		*major = (uint32_t)mount.major; /* the last one lies on top */
		*minor = (uint32_t)mount.minor;
		is_found = true;
	}
	return is_found;
}
