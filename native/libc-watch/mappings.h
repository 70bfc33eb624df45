/* SPDX-License-Identifier: MIT */
/* What /proc says of a process: its mapped C libraries, and the file systems they are on. */
#ifndef TELLTALE_MAPPINGS_H
#define TELLTALE_MAPPINGS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define TT_LIBRARY_PATH_LEN 256

struct tt_mapping {
	uint64_t start, end;
	uint32_t major, minor;
	uint64_t inode;
	char path[TT_LIBRARY_PATH_LEN]; /* as the process sees it; the end of a longer one */
};

/* Whether a path's last part is what a C library is called: libc.so.6, libc-2.31.so, ld-musl-x86_64.so.1, ... */
bool tt_is_library_name(const char *path);

typedef void (*tt_mapping_taker)(pid_t pid, const struct tt_mapping *mapping, void *context);

/* Hands each mapped C library of a process to `take`; the process may have ended. Not reentrant. */
void tt_each_library(pid_t pid, tt_mapping_taker take, void *context);

/*
 * The type of the file system with this device number among the mounts of a
 * process ("self" too); false: it has none such. Not reentrant.
 */
bool tt_file_system_of(const char *process, uint32_t major, uint32_t minor, char *type, unsigned long room);
/* The device number of our own root. */
bool tt_root_device(uint32_t *major, uint32_t *minor);

#endif
