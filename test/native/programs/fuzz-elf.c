/* SPDX-License-Identifier: MIT */
/*
 * fuzz-elf LIBRARY ROUNDS: has the reader of C libraries read this one spoilt
 * in many ways, under the sanitizers. Prints how often it found functions.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf-functions.h"

static uint64_t state = 88172645463325252ull; /* the same run each time */

static uint64_t draw(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

/* Small, huge, near a power of two, or near the file's size: where bounds are got wrong. */
static uint64_t draw_number(uint64_t size)
{
	switch (draw(5)) {
	case 0:
		return draw(256);
	case 1:
		return UINT64_MAX - draw(256);
	case 2:
		return (1ull << draw(64)) - draw(3);
	case 3:
		return size - draw(64) + draw(64);
	default:
		return draw(size);
	}
}

/* Where the tables are that the reader looks at. */
static uint64_t draw_place(const Elf64_Ehdr *header, uint64_t size)
{
	uint64_t places[] = { 0, 0, header->e_phoff, header->e_shoff, draw(size) };
	uint64_t lengths[] = { 16, sizeof(*header), header->e_phnum * sizeof(Elf64_Phdr),
			       header->e_shnum * sizeof(Elf64_Shdr), 64 };
	int which = (int)draw(5);

	return places[which] + draw(lengths[which]);
}

int main(int count, char **list)
{
	int source = count == 3 ? open(list[1], O_RDONLY) : -1;
	int spoilt = memfd_create("spoilt", 0);
	struct stat about;
	unsigned long found = 0;
	uint8_t *whole;

	if (source < 0 || spoilt < 0 || fstat(source, &about))
		return 2;
	whole = mmap(NULL, about.st_size, PROT_READ, MAP_PRIVATE, source, 0);
	for (long round = atol(list[2]); round > 0; round--) {
		struct tt_functions functions;

		if (pwrite(spoilt, whole, about.st_size, 0) != about.st_size)
			return 3;
		for (uint64_t i = draw(4) + 1; i > 0; i--) {
			uint64_t number = draw_number(about.st_size);
			uint64_t length = 1ull << draw(4);
			uint64_t place = draw_place((const void *)whole, about.st_size) & ~(length - 1);

			if (pwrite(spoilt, &number, length, place) != (ssize_t)length)
				return 3;
		}
		if (draw(8) == 0 && ftruncate(spoilt, draw(about.st_size)))
			return 3;
		fstat(spoilt, &about);
		if (!tt_find_functions(spoilt, &functions) && functions.count > 0)
			found++;
		for (int i = 0; i < TT_FUNCTIONS; i++)
			if (functions.offsets[i] >= (uint64_t)about.st_size)
				return 4; /* outside of the file */
		fstat(source, &about);
		if (ftruncate(spoilt, about.st_size))
			return 3;
	}
	printf("%lu\n", found);
	return 0;
}
