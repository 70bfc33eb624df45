/* SPDX-License-Identifier: MIT */
/*
 * Loads the probes, attaches them and hands out their records. Functions
 * return 0 or a byte count, else a negative errno. One thread at a time.
 */
#ifndef TELLTALE_CAPTURE_H
#define TELLTALE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "event.h"

#define TT_PROGRAMS_MAX 48
#define TT_NAME_LEN 48
#define TT_REASON_LEN 320
/* Smaller targets are refused: no record may be larger than what it is read into. */
#define TT_TARGET_MIN 8192

struct tt_options {
	const char *object_file;
	const char *cgroup_dir;
	uint32_t ring_bytes;
};

struct tt_feature {
	char id[TT_NAME_LEN];
	bool is_attached;
	bool is_plain;	    /* attached is the fallback: `reason` says why the first choice was refused */
	char reason[TT_REASON_LEN]; /* empty when the first choice is attached */
};

/* What a loaded program is made of. */
struct tt_program_size {
	const char *name;
	uint32_t instructions;		/* as the kernel runs them */
	uint32_t verified_instructions; /* the verifier walked through; 0: this kernel does not tell */
};

struct tt_failure {
	const char *code; /* as in src/helper/native.ts */
	char text[TT_REASON_LEN * 2];
};

struct tt_capture;

int tt_capture_open(const struct tt_options *options, struct tt_capture **result, struct tt_failure *failure);
size_t tt_capture_features(const struct tt_capture *capture, const struct tt_feature **features);
/*
 * The descriptor of a loaded program that belongs at a function of a library,
 * by a number from 0 on; the capture keeps it. -ENOENT: there are no more.
 */
int tt_capture_function_program(const struct tt_capture *capture, size_t index, const char **name);
/* Loaded programs by a number from 0 on; -ENOENT: there are no more. */
int tt_capture_program_size(const struct tt_capture *capture, size_t index, struct tt_program_size *size);
/* What opening took: reading the object and the verifier, then attaching. */
void tt_capture_times(const struct tt_capture *capture, uint64_t *load_ns, uint64_t *attach_ns);
/* Whole records into `target`; 0: nothing waits. Also lets the byte counts tick when it is time. */
ssize_t tt_capture_read(struct tt_capture *capture, uint8_t *target, size_t room);
/* Whole records of what was there before; 0: that was all. */
ssize_t tt_capture_read_existing(struct tt_capture *capture, uint8_t *target, size_t room);
void tt_capture_stats(const struct tt_capture *capture, uint64_t sent[TT_RECORD_TYPES],
		      uint64_t lost[TT_RECORD_TYPES]);
/* NULL is allowed. */
void tt_capture_close(struct tt_capture *capture);

#endif
