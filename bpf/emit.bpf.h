/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Writers of the flow records, shared by the hooks that see flows. */
#ifndef TELLTALE_EMIT_BPF_H
#define TELLTALE_EMIT_BPF_H

#include "maps.bpf.h"

static __always_inline void fill_open(struct tt_flow_open *record, const struct tt_socket *socket,
				      const struct tt_endpoints *endpoints, __u32 origin, __u8 direction)
{
	fill_header(&record->header, TT_FLOW_OPEN, sizeof(*record));
	record->cookie = socket->cookie;
	record->netns = socket->netns;
	record->owner = socket->owner;
	record->endpoints = *endpoints;
	record->origin = origin;
	record->tcp_state = 0;
	record->direction = direction;
	record->reserved = 0;
}

static __always_inline void emit_open(const struct tt_socket *socket, const struct tt_endpoints *endpoints,
				      __u32 origin, __u8 direction)
{
	struct tt_flow_open *record = reserve_record(TT_FLOW_OPEN, sizeof(*record));

	if (!record)
		return;
	fill_open(record, socket, endpoints, origin, direction);
	submit_record(record, TT_FLOW_OPEN);
}

static __always_inline void emit_owner(const struct tt_socket *socket, const struct tt_endpoints *endpoints,
				       bool was_used)
{
	struct tt_flow_owner *record = reserve_record(TT_FLOW_OWNER, sizeof(*record));

	if (!record)
		return;
	fill_header(&record->header, TT_FLOW_OWNER, sizeof(*record));
	record->cookie = socket->cookie;
	record->netns = socket->netns;
	record->owner = socket->owner;
	record->endpoints = *endpoints;
	record->was_used = was_used;
	record->reserved = 0;
	submit_record(record, TT_FLOW_OWNER);
}

static __always_inline void emit_run(__u64 cookie, const struct tt_run *run, __u32 flags)
{
	struct tt_flow_bytes *record = reserve_record(TT_FLOW_BYTES, sizeof(*record));

	if (!record)
		return;
	fill_header(&record->header, TT_FLOW_BYTES, sizeof(*record));
	record->cookie = cookie;
	record->bytes_sent = run->sent;
	record->bytes_received = run->received;
	record->packets_sent = run->packets_sent;
	record->packets_received = run->packets_received;
	record->endpoints = run->endpoints;
	record->flags = flags;
	record->run = run->number;
	submit_record(record, TT_FLOW_BYTES);
}

#endif
