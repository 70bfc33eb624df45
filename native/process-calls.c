/* SPDX-License-Identifier: MIT */
#include "process-calls.h"

#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

#include "napi-values.h"
#include "privilege.h"

napi_value tt_peer_credentials(napi_env env, napi_callback_info info)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);
	napi_value argument, result, value;
	size_t count = 1;
	int32_t fd;

	if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok || count < 1 ||
	    napi_get_value_int32(env, argument, &fd) != napi_ok)
		return tt_throw_type(env, "fd: a file descriptor");
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length))
		return tt_throw_errno(env, "SO_PEERCRED", -errno);
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

napi_value tt_drop_privileges_call(napi_env env, napi_callback_info info)
{
	napi_value options;
	uint32_t uid, gid;
	uint64_t keep;
	size_t count = 1;
	int error;

	if (napi_get_cb_info(env, info, &count, &options, NULL, NULL) != napi_ok || count < 1 ||
	    !tt_get_uint32(env, options, "uid", &uid) || !tt_get_uint32(env, options, "gid", &gid) ||
	    !get_capabilities(env, options, &keep))
		return tt_throw_type(env, "options: { uid, gid, keep: [\"CAP_...\"] }");
	error = tt_drop_privileges(uid, gid, keep);
	return error ? tt_throw_errno(env, "dropping privileges", error) : NULL;
}

napi_value tt_boot_time_ns(napi_env env, napi_callback_info info)
{
	struct timespec now;
	napi_value result;

	clock_gettime(CLOCK_BOOTTIME, &now);
	napi_create_double(env, now.tv_sec * 1e9 + now.tv_nsec, &result);
	return result;
}
