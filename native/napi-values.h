/* SPDX-License-Identifier: MIT */
/* Values of JavaScript for C: exceptions, fields of arguments and of results. */
#ifndef TELLTALE_NAPI_VALUES_H
#define TELLTALE_NAPI_VALUES_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* These throw, unless an exception is on its way already, and give NULL to return. */
napi_value tt_throw(napi_env env, const char *code, const char *text);
/* `error` is negative. */
napi_value tt_throw_errno(napi_env env, const char *what, int error);
napi_value tt_throw_type(napi_env env, const char *text);

/* False: not there, of another type, empty, or too long for `room`. */
bool tt_get_string(napi_env env, napi_value object, const char *key, char *target, size_t room);
/* False: not there, or no whole number of 32 bits. */
bool tt_get_uint32(napi_env env, napi_value object, const char *key, uint32_t *target);
void tt_set_number(napi_env env, napi_value object, const char *name, double number);

#endif
