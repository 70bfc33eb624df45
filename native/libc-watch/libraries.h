/* SPDX-License-Identifier: MIT */
/*
 * The C libraries that are mapped somewhere, each told by device and inode,
 * with our probes in them.
 *
 * A probe holds on to the mount of its file: a container's or chroot's file
 * system could not be unmounted. So of each library one process is watched
 * that maps it; when that ends, the library is let go at once (unless it is on
 * our own root, which nobody unmounts) and taken again should a look around
 * find another process.
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
bool tt_libraries_is_known(uint32_t major, uint32_t minor, uint64_t inode);
/* The watched processes, to be waited for, into `list` with room for TT_LIBRARIES_MAX; their number. */
size_t tt_libraries_poll_list(struct pollfd *list);
/* Those whose process ended are let go or left without one. */
void tt_libraries_check_holders(void);
/* Whether a look at all processes is wanted: some have no process now, or there was no time for a new one. */
bool tt_libraries_want_look(void);
void tt_libraries_look_begins(void);
/* All processes were looked at: who has none now is let go for good. */
void tt_libraries_look_ends(void);

#endif
