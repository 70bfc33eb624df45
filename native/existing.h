/* SPDX-License-Identifier: MIT */
/* Runs BPF iterators and cuts their output, a byte stream, into whole records. */
#ifndef TELLTALE_EXISTING_H
#define TELLTALE_EXISTING_H

#include <bpf/libbpf.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TT_CARRY_LEN 4096 /* larger than any record an iterator writes */

struct tt_iteration {
	int fd; /* -1: not running */
	uint8_t carry[TT_CARRY_LEN];
	size_t carried;
};

void tt_iteration_init(struct tt_iteration *iteration);
/* Goes on with the run of `link`, or begins one; 0: the run is over. `room` is above TT_CARRY_LEN. */
ssize_t tt_iteration_read(struct tt_iteration *iteration, const struct bpf_link *link, uint8_t *target, size_t room);
void tt_iteration_end(struct tt_iteration *iteration);
/* Runs an iterator for its effects; it writes no output. */
int tt_iteration_run(const struct bpf_link *link);

#endif
