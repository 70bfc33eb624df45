/* SPDX-License-Identifier: MIT */
#include "ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "event.h"

int tt_ring_open(struct tt_ring *ring, int map_fd, size_t bytes)
{
	void *consumer, *producer;

	memset(ring, 0, sizeof(*ring));
	ring->page = sysconf(_SC_PAGESIZE);
	ring->bytes = bytes;
	consumer = mmap(NULL, ring->page, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
	if (consumer == MAP_FAILED)
		return -errno;
	ring->consumer = consumer;
	/* The kernel maps the data twice, so that a record over the edge is in one piece. */
	producer = mmap(NULL, ring->page + 2 * bytes, PROT_READ, MAP_SHARED, map_fd, ring->page);
	if (producer == MAP_FAILED) {
		int error = -errno;

		tt_ring_close(ring);
		return error;
	}
	ring->producer = producer;
	ring->data = (const uint8_t *)producer + ring->page;
	return 0;
}

/*
 * The kernel's protocol (kernel/bpf/ringbuf.c): positions only grow; each
 * record has an 8-byte header with its length, a busy and a discard bit.
 */
ssize_t tt_ring_read(struct tt_ring *ring, uint8_t *target, size_t room)
{
	unsigned long at = *ring->consumer;
	unsigned long end = __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE);
	size_t used = 0;

	while (at < end) {
		const uint8_t *slot = ring->data + (at & (ring->bytes - 1));
		uint32_t word = __atomic_load_n((const uint32_t *)slot, __ATOMIC_ACQUIRE);
		uint32_t length = word & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
		const struct tt_header *header = (const void *)(slot + BPF_RINGBUF_HDR_SZ);

		if (word & BPF_RINGBUF_BUSY_BIT)
			break;
		if (!(word & BPF_RINGBUF_DISCARD_BIT)) {
			if (header->size > length || header->size < sizeof(*header) || header->size % 8)
				return -EBADMSG; /* not our programs' writing */
			if (used + header->size > room)
				break;
			memcpy(target + used, header, header->size);
			used += header->size;
		}
		at += (length + BPF_RINGBUF_HDR_SZ + 7) & ~7ul;
	}
	__atomic_store_n(ring->consumer, at, __ATOMIC_RELEASE);
	return used;
}

void tt_ring_close(struct tt_ring *ring)
{
	if (ring->consumer)
		munmap((void *)ring->consumer, ring->page);
	if (ring->producer)
		munmap((void *)ring->producer, ring->page + 2 * ring->bytes);
	memset(ring, 0, sizeof(*ring));
}
