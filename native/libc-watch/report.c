/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_LEN 640 /* below PIPE_BUF: a line is written whole */

static void write_line(char *line, int length)
{
	if (length >= LINE_LEN)
		length = LINE_LEN - 1;
	line[length - 1] = '\n';
	if (write(STDOUT_FILENO, line, (size_t)length) != length)
		_exit(0); /* nobody listens any more */
}

/* A path may hold what would look like our own punctuation. */
static const char *clean(const char *path)
{
	static char cleaned[256];
	size_t i;

	for (i = 0; path[i] && i < sizeof(cleaned) - 1; i++)
		cleaned[i] = (unsigned char)path[i] < ' ' || path[i] == 0x7f ? '?' : path[i];
	cleaned[i] = 0;
	return cleaned;
}

void tt_report_attached(const char *path, pid_t pid, int functions)
{
	char line[LINE_LEN];

	write_line(line, snprintf(line, sizeof(line), "attached\t%s\t%d\t%d\n", clean(path), pid, functions));
}

void tt_report_refused(const char *path, pid_t pid, const char *why)
{
	char line[LINE_LEN];

	write_line(line, snprintf(line, sizeof(line), "refused\t%s\t%d\t%.200s\n", clean(path), pid, why));
}

void tt_report_released(const char *path)
{
	char line[LINE_LEN];

	write_line(line, snprintf(line, sizeof(line), "released\t%s\n", clean(path)));
}

void tt_report_blind(const char *why)
{
	char line[LINE_LEN];

	write_line(line, snprintf(line, sizeof(line), "blind\t%.200s\n", why));
}

void tt_report_failed(const char *why)
{
	char line[LINE_LEN];

	write_line(line, snprintf(line, sizeof(line), "failed\t%.200s\n", why));
}

void tt_report_ready(void)
{
	char line[LINE_LEN];

	write_line(line, snprintf(line, sizeof(line), "ready\n"));
}
