/* SPDX-License-Identifier: MIT */
/*
 * N-API glue for src/helper/native.ts: arguments in, exceptions out. A wrong
 * argument throws; nothing here aborts the process.
 */
#include <node_api.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "napi-values.h"
#include "process-calls.h"

#define PATH_LEN 4096
#define EXPORT_COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* "Telltale capture", so that no foreign object is taken for ours. */
static const napi_type_tag capture_tag = { 0x54656c6c74616c65, 0x2063617074757265 };

struct holder {
	struct tt_capture *capture; /* NULL once closed */
};

static void finalize_holder(napi_env env, void *data, void *hint)
{
	struct holder *holder = data;

	tt_capture_close(holder->capture);
	free(holder);
}

/* `this` of a method call, with up to one argument; NULL: an exception is pending. */
static struct holder *this_holder(napi_env env, napi_callback_info info, napi_value *argument)
{
	napi_value self;
	void *holder = NULL;
	size_t count = argument ? 1 : 0;
	bool is_ours = false;

	if (napi_get_cb_info(env, info, &count, argument, &self, NULL) != napi_ok ||
	    napi_check_object_type_tag(env, self, &capture_tag, &is_ours) != napi_ok || !is_ours ||
	    napi_unwrap(env, self, &holder) != napi_ok) {
		tt_throw_type(env, "not called on a capture");
		return NULL;
	}
	return holder;
}

static struct tt_capture *this_capture(napi_env env, napi_callback_info info, napi_value *argument)
{
	struct holder *holder = this_holder(env, info, argument);

	if (holder && !holder->capture)
		tt_throw(env, "closed", "the capture is closed");
	return holder ? holder->capture : NULL;
}

static napi_value features(napi_env env, napi_callback_info info)
{
	struct tt_capture *capture = this_capture(env, info, NULL);
	const struct tt_feature *list;
	napi_value result, entry, value;
	size_t count;

	if (!capture)
		return NULL;
	count = tt_capture_features(capture, &list);
	napi_create_array_with_length(env, count, &result);
	for (size_t i = 0; i < count; i++) {
		napi_create_object(env, &entry);
		napi_create_string_utf8(env, list[i].id, NAPI_AUTO_LENGTH, &value);
		napi_set_named_property(env, entry, "id", value);
		napi_get_boolean(env, list[i].is_attached, &value);
		napi_set_named_property(env, entry, "isAttached", value);
		napi_get_boolean(env, list[i].is_plain, &value);
		napi_set_named_property(env, entry, "isFallback", value);
		if (!list[i].reason[0])
			napi_get_null(env, &value);
		else
			napi_create_string_utf8(env, list[i].reason, NAPI_AUTO_LENGTH, &value);
		napi_set_named_property(env, entry, "reason", value);
		napi_set_element(env, result, i, entry);
	}
	return result;
}

static napi_value function_programs(napi_env env, napi_callback_info info)
{
	struct tt_capture *capture = this_capture(env, info, NULL);
	napi_value result, entry, value;
	const char *name;
	int fd;

	if (!capture)
		return NULL;
	napi_create_array(env, &result);
	for (uint32_t i = 0; (fd = tt_capture_function_program(capture, i, &name)) >= 0; i++) {
		napi_create_object(env, &entry);
		napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &value);
		napi_set_named_property(env, entry, "name", value);
		napi_create_int32(env, fd, &value);
		napi_set_named_property(env, entry, "fd", value);
		napi_set_element(env, result, i, entry);
	}
	return result;
}

static napi_value cost(napi_env env, napi_callback_info info)
{
	struct tt_capture *capture = this_capture(env, info, NULL);
	struct tt_program_size size;
	uint64_t load_ns, attach_ns;
	napi_value result, programs, entry, value;

	if (!capture)
		return NULL;
	napi_create_object(env, &result);
	tt_capture_times(capture, &load_ns, &attach_ns);
	tt_set_number(env, result, "loadMs", load_ns / 1e6);
	tt_set_number(env, result, "attachMs", attach_ns / 1e6);
	napi_create_array(env, &programs);
	napi_set_named_property(env, result, "programs", programs);
	for (uint32_t i = 0; !tt_capture_program_size(capture, i, &size); i++) {
		napi_create_object(env, &entry);
		napi_create_string_utf8(env, size.name, NAPI_AUTO_LENGTH, &value);
		napi_set_named_property(env, entry, "name", value);
		tt_set_number(env, entry, "instructions", size.instructions);
		napi_get_null(env, &value);
		napi_set_named_property(env, entry, "verifiedInstructions", value);
		if (size.verified_instructions)
			tt_set_number(env, entry, "verifiedInstructions", size.verified_instructions);
		napi_set_element(env, programs, i, entry);
	}
	return result;
}

typedef ssize_t (*reader)(struct tt_capture *capture, uint8_t *target, size_t room);

static napi_value read_with(napi_env env, napi_callback_info info, reader read, const char *what)
{
	napi_value argument, result;
	struct tt_capture *capture = this_capture(env, info, &argument);
	napi_typedarray_type type;
	void *target;
	size_t room;
	ssize_t length;
	bool is_array = false;

	if (!capture)
		return NULL;
	if (napi_is_typedarray(env, argument, &is_array) != napi_ok || !is_array ||
	    napi_get_typedarray_info(env, argument, &type, &room, &target, NULL, NULL) != napi_ok ||
	    type != napi_uint8_array)
		return tt_throw_type(env, "target: a Uint8Array");
	if (room < TT_TARGET_MIN)
		return tt_throw_type(env, "target: at least 8192 bytes");
	length = read(capture, target, room);
	if (length < 0)
		return tt_throw_errno(env, what, length);
	napi_create_int64(env, length, &result);
	return result;
}

static napi_value read_records(napi_env env, napi_callback_info info)
{
	return read_with(env, info, tt_capture_read, "reading records");
}

static napi_value read_existing(napi_env env, napi_callback_info info)
{
	return read_with(env, info, tt_capture_read_existing, "reading what exists");
}

static napi_value number_array(napi_env env, const uint64_t *numbers)
{
	napi_value array, value;

	napi_create_array_with_length(env, TT_RECORD_TYPES, &array);
	for (uint32_t i = 0; i < TT_RECORD_TYPES; i++) {
		napi_create_double(env, (double)numbers[i], &value);
		napi_set_element(env, array, i, value);
	}
	return array;
}

static napi_value stats(napi_env env, napi_callback_info info)
{
	struct tt_capture *capture = this_capture(env, info, NULL);
	uint64_t sent[TT_RECORD_TYPES], lost[TT_RECORD_TYPES];
	napi_value result;

	if (!capture)
		return NULL;
	tt_capture_stats(capture, sent, lost);
	napi_create_object(env, &result);
	napi_set_named_property(env, result, "sent", number_array(env, sent));
	napi_set_named_property(env, result, "lost", number_array(env, lost));
	return result;
}

static napi_value close_capture(napi_env env, napi_callback_info info)
{
	struct holder *holder = this_holder(env, info, NULL);

	if (!holder)
		return NULL;
	tt_capture_close(holder->capture);
	holder->capture = NULL;
	return NULL;
}

static napi_value wrap_capture(napi_env env, struct tt_capture *capture)
{
	static const napi_property_descriptor methods[] = {
		{ "features", NULL, features, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "cost", NULL, cost, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "functionPrograms", NULL, function_programs, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "read", NULL, read_records, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "readExisting", NULL, read_existing, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "stats", NULL, stats, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "close", NULL, close_capture, NULL, NULL, NULL, napi_enumerable, NULL },
	};
	struct holder *holder = malloc(sizeof(*holder));
	napi_value object;

	if (!holder) {
		tt_capture_close(capture);
		return tt_throw(env, "load-failed", "out of memory");
	}
	holder->capture = capture;
	if (napi_create_object(env, &object) != napi_ok ||
	    napi_wrap(env, object, holder, finalize_holder, NULL, NULL) != napi_ok) {
		finalize_holder(env, holder, NULL);
		return tt_throw(env, "load-failed", "out of memory");
	}
	/* From here on the object's finalizer frees everything. */
	if (napi_type_tag_object(env, object, &capture_tag) != napi_ok ||
	    napi_define_properties(env, object, EXPORT_COUNT(methods), methods) != napi_ok)
		return tt_throw(env, "load-failed", "the capture object could not be made");
	return object;
}

/* --- functions of the module --- */

static napi_value open_capture(napi_env env, napi_callback_info info)
{
	char object_file[PATH_LEN], cgroup_dir[PATH_LEN];
	struct tt_options options = { .object_file = object_file, .cgroup_dir = cgroup_dir };
	struct tt_failure failure = { .code = "load-failed" };
	struct tt_capture *capture = NULL;
	napi_value argument;
	size_t count = 1;

	if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok || count < 1 ||
	    !tt_get_string(env, argument, "objectFile", object_file, sizeof(object_file)) ||
	    !tt_get_string(env, argument, "cgroupDir", cgroup_dir, sizeof(cgroup_dir)) ||
	    !tt_get_uint32(env, argument, "ringBytes", &options.ring_bytes))
		return tt_throw_type(env, "options: { objectFile, cgroupDir, ringBytes }");
	if (options.ring_bytes < 4096 || options.ring_bytes & (options.ring_bytes - 1))
		return tt_throw_type(env, "ringBytes: a power of two, at least 4096");
	if (tt_capture_open(&options, &capture, &failure))
		return tt_throw(env, failure.code, failure.text);
	return wrap_capture(env, capture);
}

NAPI_MODULE_INIT()
{
	static const napi_property_descriptor functions[] = {
		{ "open", NULL, open_capture, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "peerCredentials", NULL, tt_peer_credentials, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "dropPrivileges", NULL, tt_drop_privileges_call, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "bootTimeNs", NULL, tt_boot_time_ns, NULL, NULL, NULL, napi_enumerable, NULL },
	};

	if (napi_define_properties(env, exports, EXPORT_COUNT(functions), functions) != napi_ok)
		return tt_throw(env, "load-failed", "the addon's functions could not be defined");
	return exports;
}
