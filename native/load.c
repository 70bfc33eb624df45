/* SPDX-License-Identifier: MIT */
/*
 * libbpf loads an object as a whole or not at all. We load it, and when the
 * kernel refuses a program, load again without that program (or with its plain
 * fallback), until the rest passes. No kernel version is ever looked at.
 */
#include "load.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "config.h"

#define PLAIN_SUFFIX "__plain"

/* What libbpf said during one load; it has one callback for the whole process. */
struct load_log {
	char program[TT_NAME_LEN]; /* the last it complained of */
	char verifier[TT_REASON_LEN];
	char last[TT_REASON_LEN];
};

static _Thread_local struct load_log *current_log;

int tt_fail(struct tt_failure *failure, const char *code, int error, const char *format, ...)
{
	va_list arguments;

	failure->code = code;
	va_start(arguments, format);
	vsnprintf(failure->text, sizeof(failure->text), format, arguments);
	va_end(arguments);
	return error;
}

static void copy_line(char *target, const char *start, const char *end)
{
	size_t length = end - start;

	if (length >= TT_REASON_LEN)
		length = TT_REASON_LEN - 1;
	memcpy(target, start, length);
	target[length] = 0;
}

/* The verifier's verdict is the line above its statistics. */
static void keep_verdict(struct load_log *log, const char *text)
{
	const char *end = strstr(text, "\nprocessed ");
	const char *start;

	if (!end || end == text)
		return;
	for (start = end; start > text && start[-1] != '\n'; start--)
		;
	copy_line(log->verifier, start, end);
}

static int take_log(enum libbpf_print_level level, const char *format, va_list arguments)
{
	struct load_log *log = current_log;
	char *text, *name, *end;

	if (!log || level == LIBBPF_DEBUG)
		return 0;
	if (vasprintf(&text, format, arguments) < 0)
		return 0;
	name = strstr(text, "prog '");
	end = name ? strchr(name + 6, '\'') : NULL;
	if (end && (size_t)(end - name - 6) < TT_NAME_LEN) {
		memcpy(log->program, name + 6, end - name - 6);
		log->program[end - name - 6] = 0;
	}
	keep_verdict(log, text);
	if (level == LIBBPF_WARN && !strstr(text, "PROG LOAD LOG"))
		copy_line(log->last, text, text + strcspn(text, "\n"));
	free(text);
	return 0;
}

void tt_feature_id(const struct tt_program *program, char id[TT_NAME_LEN])
{
	size_t length = strlen(program->name);

	if (program->is_plain)
		length -= strlen(PLAIN_SUFFIX);
	memcpy(id, program->name, length);
	id[length] = 0;
}

static const struct tt_program *find_program(const struct tt_programs *programs, const char *name)
{
	for (size_t i = 0; i < programs->count; i++)
		if (!strcmp(programs->list[i].name, name))
			return &programs->list[i];
	return NULL;
}

bool tt_is_wanted(const struct tt_programs *programs, const struct tt_program *program)
{
	const struct tt_program *better;
	char id[TT_NAME_LEN];

	if (program->is_refused)
		return false;
	if (!program->is_plain)
		return true;
	tt_feature_id(program, id);
	better = find_program(programs, id);
	return better && better->is_refused;
}

bool tt_refuse_unattached(struct tt_programs *programs, const char *id, const char *reason)
{
	struct tt_program *program = NULL;
	bool has_plain = false;

	for (size_t i = 0; i < programs->count; i++) {
		struct tt_program *entry = &programs->list[i];
		char name[TT_NAME_LEN];

		tt_feature_id(entry, name);
		if (strcmp(name, id))
			continue;
		if (entry->is_plain)
			has_plain = true;
		else
			program = entry;
	}
	if (!program || program->is_refused || !has_plain)
		return false;
	program->is_refused = true;
	snprintf(program->reason, sizeof(program->reason), "%s", reason);
	return true;
}

static int list_programs(struct bpf_object *object, struct tt_programs *programs)
{
	struct bpf_program *program;

	programs->count = 0;
	bpf_object__for_each_program(program, object) {
		const char *name = bpf_program__name(program);
		struct tt_program *entry = &programs->list[programs->count];
		size_t length = strlen(name);
		size_t suffix = strlen(PLAIN_SUFFIX);

		if (programs->count == TT_PROGRAMS_MAX || length >= TT_NAME_LEN)
			return -E2BIG;
		memset(entry, 0, sizeof(*entry));
		memcpy(entry->name, name, length + 1);
		entry->is_plain = length > suffix && !strcmp(name + length - suffix, PLAIN_SUFFIX);
		programs->count++;
	}
	return programs->count ? 0 : -ENOENT;
}

static bool is_refused(const struct tt_programs *programs, const char *name)
{
	const struct tt_program *program = find_program(programs, name);

	return program && program->is_refused;
}

static int configure(struct bpf_object *object, const struct tt_programs *programs, uint32_t ring_bytes)
{
	struct tt_config config = {
		.release_is_plain = is_refused(programs, "release"),
		.packets_are_plain = is_refused(programs, "egress") || is_refused(programs, "ingress"),
	};
	struct bpf_map *ring = bpf_object__find_map_by_name(object, "records");
	struct bpf_map *settings = bpf_object__find_map_by_name(object, TT_CONFIG_SECTION);
	struct bpf_program *program;
	int error;

	if (!ring || !settings)
		return -ENOENT;
	error = bpf_map__set_max_entries(ring, ring_bytes);
	if (!error)
		error = bpf_map__set_initial_value(settings, &config, sizeof(config));
	if (error)
		return error;
	bpf_object__for_each_program(program, object) {
		const struct tt_program *entry = find_program(programs, bpf_program__name(program));

		bpf_program__set_autoload(program, entry && tt_is_wanted(programs, entry));
	}
	return 0;
}

/* Opens and loads what is not refused yet; a loaded object, or NULL with errno. */
static struct bpf_object *try_load(const struct tt_options *options, struct tt_programs *programs)
{
	struct bpf_object *object = bpf_object__open_file(options->object_file, NULL);
	int error;

	if (!object)
		return NULL;
	error = programs->count ? 0 : list_programs(object, programs);
	if (!error)
		error = configure(object, programs, options->ring_bytes);
	if (!error)
		error = bpf_object__load(object);
	if (!error)
		return object;
	bpf_object__close(object);
	errno = -error;
	return NULL;
}

static bool refuse(struct tt_programs *programs, const struct load_log *log, int error)
{
	for (size_t i = 0; i < programs->count; i++) {
		struct tt_program *program = &programs->list[i];

		if (strcmp(program->name, log->program) || program->is_refused)
			continue;
		program->is_refused = true;
		snprintf(program->reason, sizeof(program->reason), "%.250s (%s)",
			 log->verifier[0] ? log->verifier : "refused by the kernel", strerror(error));
		return true;
	}
	return false;
}

/* Before 5.11 maps count against this limit; later kernels do not care, so a refusal is no error. */
static void raise_memlock(void)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_MEMLOCK, &all);
}

int tt_load_object(const struct tt_options *options, struct bpf_object **result, struct tt_programs *programs,
		   struct tt_failure *failure)
{
	libbpf_print_fn_t previous = libbpf_set_print(take_log);
	struct load_log log;
	char text[128];
	int error = 0;

	raise_memlock();
	current_log = &log;
	do {
		memset(&log, 0, sizeof(log));
		*result = try_load(options, programs);
		error = *result ? 0 : errno;
	} while (!*result && error != EPERM && refuse(programs, &log, error));
	current_log = NULL;
	libbpf_set_print(previous);
	if (*result)
		return 0;
	libbpf_strerror(error, text, sizeof(text)); /* its own numbers too */
	return tt_fail(failure, error == EPERM ? "no-permission" : "load-failed", -error, "%s: %s",
		       log.last[0] ? log.last : options->object_file, text);
}
