/* SPDX-License-Identifier: MIT */
/*
 * The C libraries that are mapped somewhere, each told by device and inode,
 * with our probes in them.
 *
 * A probe holds on to its file, and so to the file system of a container or
 * chroot. So of each library one process is watched that maps it. When that
 * ends, a look around finds another, or the library is let go; at once, where
 * a mount could not be unmounted for it. What lies on our own root, which
 * nobody unmounts, stays until its place is needed.
 */
#ifndef TELLTALE_LIBRARIES_H
#define TELLTALE_LIBRARIES_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mappings.h"
#include "probes.h"

#define TT_LIBRARIES_MAX 128 /* containers of one image share theirs */

void tt_libraries_init(const struct tt_lookup_programs *programs);
/* A process maps a library: attaches to it if it is new. */
void tt_libraries_take(pid_t pid, const struct tt_mapping *mapping, uint64_t now_ms);
/* Whether there is nothing new in a mapping of it: attached to, or refused a short while ago. */
bool tt_libraries_is_known(uint32_t major, uint32_t minor, uint64_t inode, uint64_t now_ms);
/* The watched processes, to be waited for, into `list` with room for TT_LIBRARIES_MAX; their number. */
size_t tt_libraries_poll_list(struct pollfd *list);
/* Takes note of those whose process ended. */
void tt_libraries_check_holders(void);
/* Whether a look at all processes is wanted: some have no process now, or there was no time for a new one. */
bool tt_libraries_want_look(void);
void tt_libraries_look_begins(void);
/* All processes were looked at: who has none now is let go for good. */
void tt_libraries_look_ends(void);
/* Lets all go. */
void tt_libraries_end(void);

#endif
