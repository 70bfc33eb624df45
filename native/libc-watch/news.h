/* SPDX-License-Identifier: MIT */
/*
 * Tells when any process maps a C library: the kernel's own records of
 * executable mappings (perf events), one small ring a CPU. Nothing is asked
 * again and again, and a container's first program is known while its loader
 * still works.
 */
#ifndef TELLTALE_NEWS_H
#define TELLTALE_NEWS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TT_NEWS_CPUS_MAX 1024

typedef void (*tt_news_taker)(pid_t pid, uint32_t major, uint32_t minor, uint64_t inode);

/* On all CPUs or, with a negative errno, on none. */
int tt_news_open(void);
/* Puts what to wait for into `list`, which has room for TT_NEWS_CPUS_MAX; their number. */
size_t tt_news_poll_list(struct pollfd *list);
/* Hands on what came; true: some was lost, look everywhere. */
bool tt_news_read(tt_news_taker take);

#endif
