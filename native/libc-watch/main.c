/* SPDX-License-Identifier: MIT */
/*
 * telltale-libc-watch UID PROGRAM...: finds every C library that any process
 * has mapped, now or later, and puts our lookup programs at its functions.
 *
 * The helper starts it with the programs open from descriptor 3 on, named in
 * that order, and reads what it reports on its standard output. It ends when
 * its standard input does. Its own process, because finding the libraries of
 * containers takes rights that the helper gives up.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "confine.h"
#include "libraries.h"
#include "mappings.h"
#include "news.h"
#include "probes.h"
#include "report.h"

#define FIRST_PROGRAM_FD 3
#define EXIT_USAGE 2
/* Between two looks at all processes: one takes 20 ms where there are 300. */
#define LOOK_PAUSE_MS 1000
/*
 * Any user can have us read: a file called like a library, mapped again and
 * again by a process of a hundred thousand mappings. So the wait grows with
 * what the last look or news took, and news that takes long waits for a look.
 */
#define LOOK_PAUSE_TIMES 10
#define NEWS_PAUSE_TIMES 4
#define NEWS_TAKES_MAX_MS 50
/* Between two readings of news that keeps coming, as in a build that starts thousands of programs. */
#define NEWS_PAUSE_MS 5
#define NEWS_KEEPS_COMING_MS 50

struct dir_entry { /* struct linux_dirent64 of getdents64(2) */
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* What we have used of a processor: waiting for the kernel to attach is nobody's attack. */
static uint64_t used_ms(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (uint64_t)used.tv_sec * 1000 + (uint64_t)used.tv_nsec / 1000000;
}

static void take_mapping(pid_t pid, const struct tt_mapping *mapping, void *context)
{
	(void)context;
	tt_libraries_take(pid, mapping, now_ms());
}

static uint64_t used_before_news_ms;
static bool is_news_left;

static void take_news(pid_t pid, uint32_t major, uint32_t minor, uint64_t inode)
{
	if (pid <= 0 || tt_libraries_is_known(major, minor, inode, now_ms()))
		return;
	if (used_ms() - used_before_news_ms < NEWS_TAKES_MAX_MS)
		tt_each_library(pid, take_mapping, NULL);
	else
		is_news_left = true;
}

static void look_at_all(int proc)
{
	static _Alignas(8) char bytes[8192];
	long length;

	tt_libraries_look_begins();
	lseek(proc, 0, SEEK_SET);
	while ((length = syscall(SYS_getdents64, proc, bytes, sizeof(bytes))) > 0) {
		for (long at = 0; at < length;) {
			const struct dir_entry *entry = (const void *)(bytes + at);

			if (entry->name[0] >= '1' && entry->name[0] <= '9')
				tt_each_library(atoi(entry->name), take_mapping, NULL);
			at += entry->length;
		}
	}
	tt_libraries_look_ends();
}

/* How long to wait before the next. */
static uint64_t look_and_time(int proc)
{
	uint64_t before_ms = used_ms(), pause_ms;

	look_at_all(proc);
	pause_ms = LOOK_PAUSE_TIMES * (used_ms() - before_ms);
	return pause_ms > LOOK_PAUSE_MS ? pause_ms : LOOK_PAUSE_MS;
}

static void wait_ms(struct pollfd *list, size_t count, long ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	ppoll(list, count, ms < 0 ? NULL : &time, NULL);
}

static volatile sig_atomic_t is_ending;

/* Ends the wait, as the end of our input does: should somebody else hold its other end, this comes all the same. */
static void end(int number)
{
	(void)number;
	is_ending = 1;
}

static bool has_news(const struct pollfd *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].revents)
			return true;
	return false;
}

/* Until the helper is gone. */
static void watch(int proc)
{
	static struct pollfd list[1 + TT_NEWS_CPUS_MAX + TT_LIBRARIES_MAX];
	uint64_t looked_at_ms = now_ms(), news_at_ms = 0, news_took_ms = 0;
	uint64_t look_pause_ms = LOOK_PAUSE_MS;
	bool is_lost = false;

	for (;;) {
		bool is_look_wanted = is_lost || tt_libraries_want_look();
		uint64_t since_look_ms = now_ms() - looked_at_ms;
		size_t news_count;

		if (is_look_wanted && since_look_ms >= look_pause_ms) {
			is_lost = false;
			look_pause_ms = look_and_time(proc);
			looked_at_ms = now_ms();
			continue;
		}
		list[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
		news_count = tt_news_poll_list(list + 1);
		wait_ms(list, 1 + news_count + tt_libraries_poll_list(list + 1 + news_count),
			is_look_wanted ? (long)(look_pause_ms - since_look_ms) : -1);
		if (list[0].revents || is_ending)
			return;
		tt_libraries_check_holders();
		if (!has_news(list + 1, news_count))
			continue;
		if (now_ms() - news_at_ms < NEWS_KEEPS_COMING_MS + news_took_ms)
			wait_ms(list, 1, (long)(NEWS_PAUSE_MS + NEWS_PAUSE_TIMES * news_took_ms));
		used_before_news_ms = used_ms();
		is_lost |= tt_news_read(take_news) || is_news_left;
		is_news_left = false;
		news_at_ms = now_ms();
		news_took_ms = used_ms() - used_before_news_ms;
	}
}

/* Seven descriptors a library: two probes a function, and a process that maps it. */
static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static bool take_program(struct tt_lookup_programs *programs, const char *name, int fd)
{
	static const char *const entries[TT_FUNCTIONS] = {
		[TT_GETADDRINFO] = "lookup_getaddrinfo",
		[TT_GETHOSTBYNAME_R] = "lookup_gethostbyname_r",
		[TT_GETHOSTBYNAME2_R] = "lookup_gethostbyname2_r",
	};

	if (!strcmp(name, "lookup_return")) {
		programs->at_return = fd;
		return true;
	}
	for (int i = 0; i < TT_FUNCTIONS; i++) {
		if (strcmp(name, entries[i]) != 0)
			continue;
		programs->at_entry[i] = fd;
		return true;
	}
	return false;
}

struct arguments {
	uid_t user;
	struct tt_lookup_programs programs;
};

static bool parse_arguments(int count, char **list, struct arguments *arguments)
{
	char *end;
	unsigned long user;

	if (count < 3)
		return false;
	user = strtoul(list[1], &end, 10);
	if (*end || end == list[1] || user == 0 || user >= UINT32_MAX)
		return false;
	arguments->user = (uid_t)user;
	arguments->programs.at_return = -1;
	for (int i = 0; i < TT_FUNCTIONS; i++)
		arguments->programs.at_entry[i] = -1;
	for (int i = 2; i < count; i++)
		if (!take_program(&arguments->programs, list[i], FIRST_PROGRAM_FD + i - 2))
			return false;
	return arguments->programs.at_return >= 0;
}

/* Where the files of processes are; negative: it was said why not. */
static int prepare(const struct arguments *arguments, pid_t parent)
{
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = proc < 0 ? -errno : tt_probes_prepare();

	if (error) {
		tt_report_failed(proc < 0 ? "no /proc" : "this kernel has no probes for user space (CONFIG_UPROBE_EVENTS)");
		return error;
	}
	raise_descriptor_limit();
	signal(SIGTERM, end);
	error = tt_news_open();
	if (error)
		tt_report_blind(strerror(-error));
	error = tt_confine(arguments->user, parent);
	if (error) {
		tt_report_failed(strerror(-error));
		return error;
	}
	return proc;
}

int main(int count, char **list)
{
	pid_t parent = getppid();
	struct arguments arguments;
	int proc;

	if (!parse_arguments(count, list, &arguments)) {
		fprintf(stderr, "usage: telltale-libc-watch UID PROGRAM...\n");
		return EXIT_USAGE;
	}
	proc = prepare(&arguments, parent);
	if (proc < 0)
		return 1;
	tt_libraries_init(&arguments.programs);
	look_at_all(proc);
	tt_report_ready();
	watch(proc);
	tt_libraries_end();
	return 0;
}
