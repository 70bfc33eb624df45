/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * One object of all probes: they share maps and inline functions.
 *
 * A program named X__plain does what X does where the kernel refuses X; the
 * loader tries X first.
 */
#include "flow.bpf.c"
#include "flow-end.bpf.c"
#include "payload.bpf.c"
#include "packet-socket.bpf.c"
#include "process.bpf.c"
#include "existing.bpf.c"
#include "lookup.bpf.c"

char LICENSE[] SEC("license") = "Dual MIT/GPL";
