/* SPDX-License-Identifier: MIT */
/*
 * ask STEP...: calls the C library for names, in ways that the tests name.
 * One word a step, its value after "=". Ends 0 whatever the answers.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define THREADS 8
#define ROUNDS 20

static void ask_getaddrinfo(const char *name)
{
	struct addrinfo *list = NULL;

	if (getaddrinfo(name, "80", NULL, &list) == 0)
		freeaddrinfo(list);
}

static void ask_r(const char *name, int family)
{
	struct hostent host, *answer = NULL;
	char buffer[8192];
	int error;

	if (family)
		gethostbyname2_r(name, family, &host, buffer, sizeof(buffer), &answer, &error);
	else
		gethostbyname_r(name, &host, buffer, sizeof(buffer), &answer, &error);
}

static void *ask_often(void *argument)
{
	char name[64];

	for (int i = 0; i < ROUNDS; i++) {
		snprintf(name, sizeof(name), "127.0.%d.%d", (int)(long)argument, i);
		ask_getaddrinfo(name);
	}
	return NULL;
}

static void ask_from_threads(const char *value)
{
	pthread_t threads[THREADS];

	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, ask_often, (void *)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static jmp_buf before_call;

static void leave(int number)
{
	siglongjmp(before_call, 1);
}

/* As old programs make a timeout: the call never returns. */
static void ask_and_leave(const char *name)
{
	signal(SIGALRM, leave);
	if (sigsetjmp(before_call, 1) == 0) {
		ualarm(200000, 0);
		ask_getaddrinfo(name);
		ualarm(0, 0);
	}
}

/* Deeper in the stack than the one before, which a call left for good could be taken for the caller of. */
static __attribute__((noinline)) void ask_deeper(const char *name)
{
	volatile char room[16384];

	memset((void *)room, 1, sizeof(room));
	ask_getaddrinfo(name);
	room[0] = room[1];
}

static void ask_for_its_own_answer(const char *name)
{
	struct hostent *host = gethostbyname(name);

	if (host)
		gethostbyname(host->h_name);
}

static void listen_anywhere(const char *port)
{
	struct addrinfo hints = { .ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM }, *list = NULL;

	if (getaddrinfo(NULL, port, &hints, &list) == 0)
		freeaddrinfo(list);
}

/* Maps a file as a loader maps a library, for good. */
static void map(const char *file)
{
	int fd = open(file, O_RDONLY);

	if (fd < 0 || mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		exit(1);
	close(fd);
}

static void wait_ms(const char *value)
{
	usleep(atoi(value) * 1000);
}

static void ask_by_name(const char *name) { gethostbyname(name); }
static void ask_by_name2(const char *name) { gethostbyname2(name, AF_INET6); }
static void ask_by_name_r(const char *name) { ask_r(name, 0); }
static void ask_by_name2_r(const char *name) { ask_r(name, AF_INET6); }

static const struct {
	const char *word;
	void (*run)(const char *value);
} steps[] = {
	{ "getaddrinfo", ask_getaddrinfo }, { "gethostbyname", ask_by_name },
	{ "gethostbyname2", ask_by_name2 }, { "gethostbyname_r", ask_by_name_r },
	{ "gethostbyname2_r", ask_by_name2_r }, { "threads", ask_from_threads },
	{ "leave", ask_and_leave },	     { "deeper", ask_deeper },
	{ "own", ask_for_its_own_answer },   { "listen", listen_anywhere },
	{ "map", map },			     { "wait", wait_ms },
};

int main(int count, char **list)
{
	for (int i = 1; i < count; i++) {
		char *value = strchr(list[i], '=');

		if (!value)
			return 2;
		*value++ = 0;
		for (size_t j = 0; j < sizeof(steps) / sizeof(steps[0]); j++)
			if (!strcmp(steps[j].word, list[i]))
				steps[j].run(value);
	}
	return 0;
}
