/* SPDX-License-Identifier: MIT */
/* Gets the object past the verifier, without the programs this kernel refuses. */
#ifndef TELLTALE_LOAD_H
#define TELLTALE_LOAD_H

#include <bpf/libbpf.h>

#include "capture.h"

/* A program of the object; X__plain is the fallback where X is refused. */
struct tt_program {
	char name[TT_NAME_LEN];
	bool is_plain;
	bool is_refused;
	char reason[TT_REASON_LEN];
};

struct tt_programs {
	struct tt_program list[TT_PROGRAMS_MAX];
	size_t count;
};

/* Programs refused before stay so: `programs` is empty the first time. */
int tt_load_object(const struct tt_options *options, struct bpf_object **result, struct tt_programs *programs,
		   struct tt_failure *failure);
/* The name of the program a plain one is the fallback of: its own without the suffix. */
void tt_feature_id(const struct tt_program *program, char id[TT_NAME_LEN]);
/* Whether the program is to be loaded, given what was refused so far. */
bool tt_is_wanted(const struct tt_programs *programs, const struct tt_program *program);
/* One that loads and cannot be attached: true when a plain program is to be tried instead, in another load. */
bool tt_refuse_unattached(struct tt_programs *programs, const char *id, const char *reason);
int tt_fail(struct tt_failure *failure, const char *code, int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
