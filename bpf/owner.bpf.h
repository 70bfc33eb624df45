/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Who is behind a socket: the process, not the thread, as the kernel's own structures tell it. */
#ifndef TELLTALE_OWNER_BPF_H
#define TELLTALE_OWNER_BPF_H

#include "maps.bpf.h"

static __always_inline __u64 cgroup_id_of(struct task_struct *task)
{
	return BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
}

static __always_inline __u64 netns_of(struct task_struct *task)
{
	return BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
}

/*
 * The caller's own, where the hook runs in its context: two helpers do what
 * takes six guarded reads.
 */
static __always_inline void fill_caller(struct tt_owner *owner, struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	owner->start_ns = BPF_CORE_READ(leader, start_boottime);
	owner->cgroup_id = bpf_get_current_cgroup_id();
	owner->pid = BPF_CORE_READ(task, tgid);
	owner->uid = bpf_get_current_uid_gid();
	BPF_CORE_READ_INTO(&owner->comm, leader, comm);
}

static __always_inline void fill_owner(struct tt_owner *owner, struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	owner->start_ns = BPF_CORE_READ(leader, start_boottime);
	owner->cgroup_id = cgroup_id_of(task);
	owner->pid = BPF_CORE_READ(task, tgid);
	owner->uid = BPF_CORE_READ(task, cred, uid.val);
	/* The leader's: a thread may call itself anything. */
	BPF_CORE_READ_INTO(&owner->comm, leader, comm);
}

#endif
