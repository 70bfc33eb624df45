/* SPDX-License-Identifier: MIT */
/* Puts our programs at functions of a file, by perf events: without tracefs, and gone when their descriptors are. */
#ifndef TELLTALE_PROBES_H
#define TELLTALE_PROBES_H

#include <stdbool.h>

#include "elf-functions.h"

/* Descriptors of the programs, which we were started with; -1: the kernel refused that one. */
struct tt_lookup_programs {
	int at_entry[TT_FUNCTIONS];
	int at_return;
};

struct tt_probes {
	int fds[2 * TT_FUNCTIONS]; /* -1: none */
	bool holds_mount; /* while attached, the file's mount cannot be unmounted */
};

/* What the kernel calls uprobes; 0 or a negative errno. Reads /sys: before we are confined. */
int tt_probes_prepare(void);
/* Whether we may open a probe with the capabilities in effect; opens one and closes it. */
bool tt_probes_are_allowed(void);
void tt_probes_init(struct tt_probes *probes);
/* At all functions of the file open as `fd`, or, with a negative errno, at none. */
int tt_probes_attach(struct tt_probes *probes, int fd, const struct tt_functions *functions,
		     const struct tt_lookup_programs *programs);
void tt_probes_release(struct tt_probes *probes);

#endif
