/* SPDX-License-Identifier: MIT */
/* Lines to the helper (src/helper/libc-watch.ts reads them), fields between tabs; a path is as its process sees it. */
#ifndef TELLTALE_REPORT_H
#define TELLTALE_REPORT_H

#include <sys/types.h>

void tt_report_attached(const char *path, pid_t pid, int functions);
void tt_report_refused(const char *path, pid_t pid, const char *why);
/* Its last process ended. */
void tt_report_released(const char *path);
/* Libraries that are mapped from now on are not found. */
void tt_report_blind(const char *why);
/* Nothing can be attached at all. */
void tt_report_failed(const char *why);
/* Everything that runs was looked at. */
void tt_report_ready(void);

#endif
