/* SPDX-License-Identifier: MIT */
#include "news.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mappings.h"

/* 32 KiB a CPU: some 200 mappings, as 40 starting programs make. */
#define DATA_PAGES 8
#define RECORD_MAX 4352 /* a mapping record with the longest path */

struct ring {
	int fd;
	struct perf_event_mmap_page *control;
	const uint8_t *data;
};

static struct ring rings[TT_NEWS_CPUS_MAX];
static size_t ring_count;
static size_t page_size;

static int open_ring(int cpu, struct ring *ring)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.mmap = 1,
		.mmap2 = 1,
		.watermark = 1,
		.wakeup_watermark = 1,
	};
	void *memory;
	int error;

	ring->fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (ring->fd < 0)
		return -errno;
	memory = mmap(NULL, (1 + DATA_PAGES) * page_size, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
	if (memory == MAP_FAILED) {
		error = -errno;
		close(ring->fd);
		return error;
	}
	ring->control = memory;
	ring->data = (const uint8_t *)memory + page_size;
	return 0;
}

static void close_rings(void)
{
	while (ring_count > 0) {
		struct ring *ring = &rings[--ring_count];

		munmap(ring->control, (1 + DATA_PAGES) * page_size);
		close(ring->fd);
	}
}

int tt_news_open(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	int error = 0;

	page_size = (size_t)sysconf(_SC_PAGESIZE);
	for (int cpu = 0; cpu < cpus && !error; cpu++) {
		if (ring_count == TT_NEWS_CPUS_MAX)
			error = -E2BIG;
		else
			error = open_ring(cpu, &rings[ring_count]);
		if (!error)
			ring_count++;
		if (error == -ENODEV) /* not online */
			error = 0;
	}
	if (!error && ring_count == 0)
		error = -ENODEV;
	if (error)
		close_rings();
	return error;
}

size_t tt_news_poll_list(struct pollfd *list)
{
	for (size_t i = 0; i < ring_count; i++)
		list[i] = (struct pollfd){ .fd = rings[i].fd, .events = POLLIN };
	return ring_count;
}

/* PERF_RECORD_MMAP2, as linux/perf_event.h describes it. */
struct mapping_record {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t address, length, page_offset;
	uint32_t major, minor;
	uint64_t inode, inode_generation;
	uint32_t protection, flags;
	char path[];
};

/* Out of the ring, where it may lie across the end. */
static void copy_out(const struct ring *ring, uint64_t at, void *target, size_t length)
{
	size_t size = DATA_PAGES * page_size;
	size_t from = at % size;
	size_t first = length < size - from ? length : size - from;

	memcpy(target, ring->data + from, first);
	memcpy((uint8_t *)target + first, ring->data, length - first);
}

static void take_mapping(const uint8_t *bytes, size_t length, tt_news_taker take)
{
	const struct mapping_record *record = (const void *)bytes;

	if (length <= sizeof(*record) || !memchr(record->path, 0, length - sizeof(*record)))
		return;
	if ((record->protection & PROT_EXEC) && tt_is_library_name(record->path))
		take((pid_t)record->pid, record->major, record->minor, record->inode);
}

static bool read_ring(struct ring *ring, tt_news_taker take)
{
	static _Alignas(8) uint8_t bytes[RECORD_MAX];
	uint64_t head = __atomic_load_n(&ring->control->data_head, __ATOMIC_ACQUIRE);
	uint64_t at = ring->control->data_tail;
	bool is_lost = false;

	while (at < head) {
		struct perf_event_header header;

		copy_out(ring, at, &header, sizeof(header));
		if (header.size < sizeof(header)) { /* cannot be; but then nothing after it can be trusted */
			at = head;
			is_lost = true;
			break;
		}
		if (header.type == PERF_RECORD_LOST)
			is_lost = true;
		if (header.type == PERF_RECORD_MMAP2 && header.size <= sizeof(bytes)) {
			copy_out(ring, at, bytes, header.size);
			take_mapping(bytes, header.size, take);
		}
		at += header.size;
	}
	__atomic_store_n(&ring->control->data_tail, at, __ATOMIC_RELEASE);
	return is_lost;
}

bool tt_news_read(tt_news_taker take)
{
	bool is_lost = false;

	for (size_t i = 0; i < ring_count; i++)
		is_lost |= read_ring(&rings[i], take);
	return is_lost;
}
