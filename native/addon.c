/* SPDX-License-Identifier: MIT */
/*
 * N-API glue for src/helper/native.ts: arguments in, exceptions out. A wrong
 * argument throws; nothing here aborts the process.
 */
#include <errno.h>
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "capture.h"
#include "privilege.h"

#define PATH_LEN 4096
#define EXPORT_COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* "Telltale capture", so that no foreign object is taken for ours. */
static const napi_type_tag capture_tag = { 0x54656c6c74616c65, 0x2063617074757265 };

static napi_value throw_code(napi_env env, const char *code, const char *text)
{
	bool is_pending = false;

	napi_is_exception_pending(env, &is_pending);
	if (!is_pending)
		napi_throw_error(env, code, text);
	return NULL;
}

static napi_value throw_errno(napi_env env, const char *what, int error)
{
	char text[256];

	snprintf(text, sizeof(text), "%s: %s", what, strerror(-error));
	return throw_code(env, "errno", text);
}

static napi_value throw_type(napi_env env, const char *text)
{
	bool is_pending = false;

	napi_is_exception_pending(env, &is_pending);
	if (!is_pending)
		napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", text);
	return NULL;
}

static bool get_string(napi_env env, napi_value object, const char *key, char *target, size_t room)
{
	napi_value value;
	size_t length;

	return napi_get_named_property(env, object, key, &value) == napi_ok &&
	       napi_get_value_string_utf8(env, value, target, room, &length) == napi_ok && length > 0 &&
	       length < room - 1 && strlen(target) == length;
}

static bool get_uint32(napi_env env, napi_value object, const char *key, uint32_t *target)
{
	napi_value value;
	double number;

	if (napi_get_named_property(env, object, key, &value) != napi_ok ||
	    napi_get_value_double(env, value, &number) != napi_ok || !(number >= 0 && number <= UINT32_MAX) ||
	    number != (uint32_t)number)
		return false;
	*target = number;
	return true;
}

/* --- the capture object --- */

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
		throw_type(env, "not called on a capture");
		return NULL;
	}
	return holder;
}

static struct tt_capture *this_capture(napi_env env, napi_callback_info info, napi_value *argument)
{
	struct holder *holder = this_holder(env, info, argument);

	if (holder && !holder->capture)
		throw_code(env, "closed", "the capture is closed");
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

static void set_number(napi_env env, napi_value object, const char *name, double number)
{
	napi_value value;

	napi_create_double(env, number, &value);
	napi_set_named_property(env, object, name, value);
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
	set_number(env, result, "loadMs", load_ns / 1e6);
	set_number(env, result, "attachMs", attach_ns / 1e6);
	napi_create_array(env, &programs);
	napi_set_named_property(env, result, "programs", programs);
	for (uint32_t i = 0; !tt_capture_program_size(capture, i, &size); i++) {
		napi_create_object(env, &entry);
		napi_create_string_utf8(env, size.name, NAPI_AUTO_LENGTH, &value);
		napi_set_named_property(env, entry, "name", value);
		set_number(env, entry, "instructions", size.instructions);
		napi_get_null(env, &value);
		napi_set_named_property(env, entry, "verifiedInstructions", value);
		if (size.verified_instructions)
			set_number(env, entry, "verifiedInstructions", size.verified_instructions);
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
		return throw_type(env, "target: a Uint8Array");
	if (room < TT_TARGET_MIN)
		return throw_type(env, "target: at least 8192 bytes");
	length = read(capture, target, room);
	if (length < 0)
		return throw_errno(env, what, length);
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
		return throw_code(env, "load-failed", "out of memory");
	}
	holder->capture = capture;
	if (napi_create_object(env, &object) != napi_ok ||
	    napi_wrap(env, object, holder, finalize_holder, NULL, NULL) != napi_ok) {
		finalize_holder(env, holder, NULL);
		return throw_code(env, "load-failed", "out of memory");
	}
	/* From here on the object's finalizer frees everything. */
	if (napi_type_tag_object(env, object, &capture_tag) != napi_ok ||
	    napi_define_properties(env, object, EXPORT_COUNT(methods), methods) != napi_ok)
		return throw_code(env, "load-failed", "the capture object could not be made");
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
	    !get_string(env, argument, "objectFile", object_file, sizeof(object_file)) ||
	    !get_string(env, argument, "cgroupDir", cgroup_dir, sizeof(cgroup_dir)) ||
	    !get_uint32(env, argument, "ringBytes", &options.ring_bytes))
		return throw_type(env, "options: { objectFile, cgroupDir, ringBytes }");
	if (options.ring_bytes < 4096 || options.ring_bytes & (options.ring_bytes - 1))
		return throw_type(env, "ringBytes: a power of two, at least 4096");
	if (tt_capture_open(&options, &capture, &failure))
		return throw_code(env, failure.code, failure.text);
	return wrap_capture(env, capture);
}

static napi_value peer_credentials(napi_env env, napi_callback_info info)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);
	napi_value argument, result, value;
	size_t count = 1;
	int32_t fd;

	if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok || count < 1 ||
	    napi_get_value_int32(env, argument, &fd) != napi_ok)
		return throw_type(env, "fd: a file descriptor");
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length))
		return throw_errno(env, "SO_PEERCRED", -errno);
	napi_create_object(env, &result);
	napi_create_int32(env, peer.pid, &value);
	napi_set_named_property(env, result, "pid", value);
	napi_create_uint32(env, peer.uid, &value);
	napi_set_named_property(env, result, "uid", value);
	napi_create_uint32(env, peer.gid, &value);
	napi_set_named_property(env, result, "gid", value);
	return result;
}

static bool get_capabilities(napi_env env, napi_value options, uint64_t *bits)
{
	napi_value list, entry;
	uint32_t length;
	char name[32];
	int bit;

	*bits = 0;
	if (napi_get_named_property(env, options, "keep", &list) != napi_ok ||
	    napi_get_array_length(env, list, &length) != napi_ok)
		return false;
	for (uint32_t i = 0; i < length; i++) {
		if (napi_get_element(env, list, i, &entry) != napi_ok ||
		    napi_get_value_string_utf8(env, entry, name, sizeof(name), NULL) != napi_ok)
			return false;
		bit = tt_capability_by_name(name);
		if (bit < 0)
			return false;
		*bits |= 1ull << bit;
	}
	return true;
}

static napi_value drop_privileges(napi_env env, napi_callback_info info)
{
	napi_value options;
	uint32_t uid, gid;
	uint64_t keep;
	size_t count = 1;
	int error;

	if (napi_get_cb_info(env, info, &count, &options, NULL, NULL) != napi_ok || count < 1 ||
	    !get_uint32(env, options, "uid", &uid) || !get_uint32(env, options, "gid", &gid) ||
	    !get_capabilities(env, options, &keep))
		return throw_type(env, "options: { uid, gid, keep: [\"CAP_...\"] }");
	error = tt_drop_privileges(uid, gid, keep);
	return error ? throw_errno(env, "dropping privileges", error) : NULL;
}

static napi_value boot_time_ns(napi_env env, napi_callback_info info)
{
	struct timespec now;
	napi_value result;

	clock_gettime(CLOCK_BOOTTIME, &now);
	napi_create_double(env, now.tv_sec * 1e9 + now.tv_nsec, &result);
	return result;
}

NAPI_MODULE_INIT()
{
	static const napi_property_descriptor functions[] = {
		{ "open", NULL, open_capture, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "peerCredentials", NULL, peer_credentials, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "dropPrivileges", NULL, drop_privileges, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "bootTimeNs", NULL, boot_time_ns, NULL, NULL, NULL, napi_enumerable, NULL },
	};

	if (napi_define_properties(env, exports, EXPORT_COUNT(functions), functions) != napi_ok)
		return throw_code(env, "load-failed", "the addon's functions could not be defined");
	return exports;
}
