/* SPDX-License-Identifier: MIT */
/* Functions of the addon that are about this process and its peer, not about a capture: see src/helper/native.ts. */
#ifndef TELLTALE_PROCESS_CALLS_H
#define TELLTALE_PROCESS_CALLS_H

#include <node_api.h>

napi_value tt_peer_credentials(napi_env env, napi_callback_info info);
napi_value tt_drop_privileges_call(napi_env env, napi_callback_info info);
napi_value tt_boot_time_ns(napi_env env, napi_callback_info info);

#endif
