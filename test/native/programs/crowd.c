/* SPDX-License-Identifier: MIT */
/*
 * crowd FILE MS: a process of 40,000 mappings that for so many milliseconds
 * maps ever new files called FILE as a loader maps a library.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define MAPPINGS 40000

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(int count, char **list)
{
	long end = now_ms() + atol(list[count - 1]);

	for (int i = 0; i < MAPPINGS; i++) /* of two kinds: neighbours of one kind become one mapping */
		mmap(NULL, 4096, i & 1 ? PROT_READ : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	while (now_ms() < end) {
		int fd = open(list[1], O_RDWR | O_CREAT | O_TRUNC, 0755);
		void *memory;

		if (fd < 0 || write(fd, "no library", 10) != 10)
			return 1;
		memory = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
		close(fd);
		if (memory == MAP_FAILED || munmap(memory, 4096) || unlink(list[1]))
			return 1;
		usleep(1000);
	}
	return 0;
}
