/* SPDX-License-Identifier: MIT */
#ifndef TELLTALE_CONFINE_H
#define TELLTALE_CONFINE_H

#include <sys/types.h>

/*
 * Gives up what is not needed to look at mappings and to attach probes, for
 * good: the user id, capabilities, and every system call but a few. Nothing
 * can be executed, traced, killed, written to or connected to afterwards.
 * `parent` must still be our parent; we end when it does. 0 or a negative errno.
 */
int tt_confine(uid_t user, pid_t parent);

#endif
