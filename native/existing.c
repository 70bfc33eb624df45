/* SPDX-License-Identifier: MIT */
#include "existing.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "event.h"

void tt_iteration_init(struct tt_iteration *iteration)
{
	iteration->fd = -1;
	iteration->carried = 0;
}

void tt_iteration_end(struct tt_iteration *iteration)
{
	if (iteration->fd >= 0)
		close(iteration->fd);
	tt_iteration_init(iteration);
}

static ssize_t read_again(int fd, void *target, size_t room)
{
	ssize_t length;

	do
		length = read(fd, target, room);
	while (length < 0 && (errno == EINTR || errno == EAGAIN));
	return length < 0 ? -errno : length;
}

/* Bytes of the whole records at the start of `bytes`; -EBADMSG when they are not records. */
static ssize_t whole_records(const uint8_t *bytes, size_t length)
{
	size_t at = 0;

	while (length - at >= sizeof(struct tt_header)) {
		struct tt_header header;

		memcpy(&header, bytes + at, sizeof(header));
		if (header.size < sizeof(header) || header.size > TT_CARRY_LEN)
			return -EBADMSG;
		if (header.size > length - at)
			break;
		at += header.size;
	}
	return at;
}

ssize_t tt_iteration_read(struct tt_iteration *iteration, const struct bpf_link *link, uint8_t *target, size_t room)
{
	ssize_t length, whole;

	if (iteration->fd < 0) {
		iteration->fd = bpf_iter_create(bpf_link__fd(link));
		if (iteration->fd < 0)
			return -errno;
	}
	do {
		memcpy(target, iteration->carry, iteration->carried);
		length = read_again(iteration->fd, target + iteration->carried, room - iteration->carried);
		if (length <= 0)
			return length;
		length += iteration->carried;
		whole = whole_records(target, length);
		if (whole < 0)
			return whole;
		iteration->carried = length - whole;
		memcpy(iteration->carry, target + whole, iteration->carried);
	} while (whole == 0);
	return whole;
}

int tt_iteration_run(const struct bpf_link *link)
{
	int fd = bpf_iter_create(bpf_link__fd(link));
	uint8_t nothing[64];
	ssize_t length;

	if (fd < 0)
		return -errno;
	do
		length = read_again(fd, nothing, sizeof(nothing));
	while (length > 0);
	close(fd);
	return length;
}
