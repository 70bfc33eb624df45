/* SPDX-License-Identifier: MIT */
#include "napi-values.h"

#include <stdio.h>
#include <string.h>

napi_value tt_throw(napi_env env, const char *code, const char *text)
{
	bool is_pending = false;

	napi_is_exception_pending(env, &is_pending);
	if (!is_pending)
		napi_throw_error(env, code, text);
	return NULL;
}

napi_value tt_throw_errno(napi_env env, const char *what, int error)
{
	char text[256];

	snprintf(text, sizeof(text), "%s: %s", what, strerror(-error));
	return tt_throw(env, "errno", text);
}

napi_value tt_throw_type(napi_env env, const char *text)
{
	bool is_pending = false;

	napi_is_exception_pending(env, &is_pending);
	if (!is_pending)
		napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", text);
	return NULL;
}

bool tt_get_string(napi_env env, napi_value object, const char *key, char *target, size_t room)
{
	napi_value value;
	size_t length;

	return napi_get_named_property(env, object, key, &value) == napi_ok &&
	       napi_get_value_string_utf8(env, value, target, room, &length) == napi_ok && length > 0 &&
	       length < room - 1 && strlen(target) == length;
}

bool tt_get_uint32(napi_env env, napi_value object, const char *key, uint32_t *target)
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

void tt_set_number(napi_env env, napi_value object, const char *name, double number)
{
	napi_value value;

	napi_create_double(env, number, &value);
	napi_set_named_property(env, object, name, value);
}
