/* SPDX-License-Identifier: MIT */
/*
 * Where a C library has its lookup functions. The file may be anybody's: any
 * user may map a file called libc.so.6. It is read piece by piece, never
 * mapped (it could be cut short under us), every number in it is checked
 * against the file's size, and every loop has a bound.
 */
#ifndef TELLTALE_ELF_FUNCTIONS_H
#define TELLTALE_ELF_FUNCTIONS_H

#include <stdint.h>

/* gethostbyname and gethostbyname2 call the last two: each probe makes every start of a program dearer. */
enum tt_function {
	TT_GETADDRINFO,
	TT_GETHOSTBYNAME_R,
	TT_GETHOSTBYNAME2_R,
	TT_FUNCTIONS,
};

struct tt_functions {
	uint64_t offsets[TT_FUNCTIONS]; /* in the file; 0: it has no such function */
	int count;
};

/* NULL: read, though it may have none of the functions. Else why it cannot be used. Not reentrant. */
const char *tt_find_functions(int fd, struct tt_functions *functions);

#endif
