/* SPDX-License-Identifier: MIT */
#ifndef TELLTALE_PRIVILEGE_H
#define TELLTALE_PRIVILEGE_H

#include <stdint.h>
#include <sys/types.h>

/* Bit of a capability by its name, or -EINVAL. */
int tt_capability_by_name(const char *name);
/* The calling thread's effective capabilities become `wanted`, as far as they are permitted; tells what they were. */
int tt_swap_effective(uint64_t wanted, uint64_t *before);
/*
 * The whole process becomes `uid` and `gid` for good; only the calling thread
 * keeps the capabilities of `keep` (a bit set). Other threads have none.
 */
int tt_drop_privileges(uid_t uid, gid_t gid, uint64_t keep);

#endif
