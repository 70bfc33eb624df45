/* SPDX-License-Identifier: MIT */
/*
 * Reader of a BPF ring buffer. libbpf's own reader hands out one record a
 * callback and cannot leave one where it is when the target is full.
 */
#ifndef TELLTALE_RING_H
#define TELLTALE_RING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct tt_ring {
	volatile unsigned long *consumer; /* one page, ours to write */
	volatile unsigned long *producer; /* one page, then the data, twice in a row */
	const uint8_t *data;
	size_t bytes;
	size_t page;
};

int tt_ring_open(struct tt_ring *ring, int map_fd, size_t bytes);
ssize_t tt_ring_read(struct tt_ring *ring, uint8_t *target, size_t room);
void tt_ring_close(struct tt_ring *ring);

#endif
