/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Processes: identity is taken at exec, when it is certain and when even a
 * process of two milliseconds is alive. Threads are of no interest.
 */
#include "lookup.bpf.h"
#include "owner.bpf.h"

#define EXE_STEPS_MAX 48 /* path components and mount points walked */

static __always_inline struct mount *mount_of(struct vfsmount *vfsmount)
{
	return (void *)vfsmount - bpf_core_field_offset(struct mount, mnt);
}

/*
 * Leaf first, as the dentries hang together. A component may run over the end
 * of `exe` into `filename` (kernel names have at most 255 bytes), which is
 * filled afterwards; trim_exe then cuts the length.
 */
static __always_inline void read_exe(struct tt_process *process, struct mm_struct *mm)
{
	struct file *file = BPF_CORE_READ(mm, exe_file);
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	struct vfsmount *vfsmount = BPF_CORE_READ(file, f_path.mnt);
	struct mount *mount = mount_of(vfsmount);

	if (!file)
		return;
	/* As d_unhashed() has it: no look-up of a path finds it any more, or ever did (memfd). */
	if (!BPF_CORE_READ(file, f_path.dentry, d_hash.pprev))
		process->flags |= TT_PROCESS_EXE_DELETED;
	for (int i = 0; i < EXE_STEPS_MAX; i++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		/* Kept in memory, where the verifier does not follow its value: paths through the loop stay few. */
		__u32 used = *(volatile __u16 *)&process->exe_length;
		long length;

		if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
			struct mount *above = BPF_CORE_READ(mount, mnt_parent);

			if (above == mount)
				return;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = above;
			continue;
		}
		if (dentry == parent && used) /* a memfd is its own parent and still has a name */
			return;
		if (used >= TT_EXE_LEN)
			break;
		length = bpf_probe_read_kernel_str(&process->exe[used & (TT_EXE_LEN - 1)], TT_FILENAME_LEN,
						   BPF_CORE_READ(dentry, d_name.name));
		if (length <= 0)
			break;
		*(volatile __u16 *)&process->exe_length = used + length;
		dentry = parent;
	}
	process->flags |= TT_PROCESS_EXE_CUT;
}

static __always_inline void trim_exe(struct tt_process *process)
{
	if (process->exe_length > TT_EXE_LEN) {
		process->exe_length = TT_EXE_LEN;
		process->flags |= TT_PROCESS_EXE_CUT;
	}
}

static __always_inline void read_filename(struct tt_process *process, const char *filename)
{
	long length;

	__builtin_memset(process->filename, 0, sizeof(process->filename));
	length = bpf_probe_read_kernel_str(process->filename, sizeof(process->filename), filename);
	if (length <= 0)
		return;
	process->filename_length = length;
	if (length == sizeof(process->filename))
		process->flags |= TT_PROCESS_FILENAME_CUT;
}

static __always_inline void read_argv(struct tt_process *process, struct mm_struct *mm)
{
	unsigned long start = BPF_CORE_READ(mm, arg_start);
	unsigned long last = BPF_CORE_READ(mm, arg_end) - start - 1;

	if (last >= TT_ARGV_LEN) {
		if (last + 1 == 0) /* no arguments at all */
			return;
		last = TT_ARGV_LEN - 1;
		process->flags |= TT_PROCESS_ARGV_CUT;
	}
	asm volatile("" : "+r"(last));
	last &= TT_ARGV_LEN - 1;
	if (!bpf_probe_read_user(process->argv, last + 1, (void *)start))
		process->argv_length = last + 1;
}

/* In parts: the compiler expands no memset of more than 1 KiB, and would join neighbours to one. */
static __always_inline void clear_process(struct tt_process *process)
{
	__builtin_memset(process, 0, offsetof(struct tt_process, exe));
	barrier();
	__builtin_memset(process->exe, 0, sizeof(process->exe));
	barrier();
	__builtin_memset(process->filename, 0, sizeof(process->filename));
	barrier();
	__builtin_memset(process->argv, 0, sizeof(process->argv));
	barrier();
}

static __always_inline void fill_process(struct tt_process *process, struct task_struct *task, __u32 flags)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	struct task_struct *parent = BPF_CORE_READ(leader, real_parent);

	clear_process(process);
	fill_header(&process->header, TT_PROCESS, sizeof(*process));
	process->start_ns = BPF_CORE_READ(leader, start_boottime);
	process->parent_start_ns = BPF_CORE_READ(parent, group_leader, start_boottime);
	process->cgroup_id = cgroup_id_of(task);
	process->pid = BPF_CORE_READ(task, tgid);
	process->parent_pid = BPF_CORE_READ(parent, tgid);
	process->uid = BPF_CORE_READ(task, cred, uid.val);
	process->flags = flags;
	BPF_CORE_READ_INTO(&process->comm, task, comm);
}

static __always_inline int on_exec(struct task_struct *task, struct linux_binprm *bprm)
{
	struct tt_process *process = reserve_record(TT_PROCESS, sizeof(*process));
	struct mm_struct *mm;

	__sync_fetch_and_add(&process_changes, 1);
	if (!process)
		return 0;
	mm = BPF_CORE_READ(task, mm);
	fill_process(process, task, TT_PROCESS_EXEC);
	read_exe(process, mm);
	trim_exe(process);
	read_filename(process, BPF_CORE_READ(bprm, filename));
	read_argv(process, mm);
	submit_record(process, TT_PROCESS);
	return 0;
}

static __always_inline int on_fork(struct task_struct *parent, struct task_struct *child)
{
	struct tt_fork *fork;

	if (BPF_CORE_READ(child, pid) != BPF_CORE_READ(child, tgid))
		return 0;
	__sync_fetch_and_add(&process_changes, 1);
	fork = reserve_record(TT_FORK, sizeof(*fork));
	if (!fork)
		return 0;
	fill_header(&fork->header, TT_FORK, sizeof(*fork));
	fork->parent_start_ns = BPF_CORE_READ(parent, group_leader, start_boottime);
	fork->child_start_ns = BPF_CORE_READ(child, start_boottime);
	fork->parent_pid = BPF_CORE_READ(parent, tgid);
	fork->child_pid = BPF_CORE_READ(child, tgid);
	submit_record(fork, TT_FORK);
	return 0;
}

static __always_inline int on_process_exit(struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct tt_exit *record;

	forget_asked();
	if (BPF_CORE_READ(signal, live.counter) > 0)
		return 0; /* other threads live on */
	record = reserve_record(TT_EXIT, sizeof(*record));
	if (!record)
		return 0;
	fill_header(&record->header, TT_EXIT, sizeof(*record));
	record->start_ns = BPF_CORE_READ(leader, start_boottime);
	record->pid = BPF_CORE_READ(task, tgid);
	if (BPF_CORE_READ(signal, flags) & SIGNAL_GROUP_EXIT)
		record->exit_code = BPF_CORE_READ(signal, group_exit_code);
	else
		record->exit_code = BPF_CORE_READ(leader, exit_code);
	submit_record(record, TT_EXIT);
	return 0;
}

/* Only the v2 hierarchy, which is number 0: its ids are the ones owners carry. */
static __always_inline int on_cgroup_mkdir(struct cgroup *cgroup, const char *path)
{
	struct tt_cgroup *record;
	long length;

	if (BPF_CORE_READ(cgroup, root, hierarchy_id) != 0)
		return 0;
	record = reserve_record(TT_CGROUP, sizeof(*record));
	if (!record)
		return 0;
	__builtin_memset(record, 0, sizeof(*record));
	fill_header(&record->header, TT_CGROUP, sizeof(*record));
	record->id = BPF_CORE_READ(cgroup, kn, id);
	length = bpf_probe_read_kernel_str(record->path, sizeof(record->path), path);
	record->path_length = length > 1 ? length - 1 : 0;
	submit_record(record, TT_CGROUP);
	return 0;
}

SEC("raw_tp/sched_process_exec")
int process_exec(struct bpf_raw_tracepoint_args *ctx)
{
	return on_exec((void *)ctx->args[0], (void *)ctx->args[2]);
}

SEC("raw_tp/sched_process_fork")
int process_fork(struct bpf_raw_tracepoint_args *ctx)
{
	return on_fork((void *)ctx->args[0], (void *)ctx->args[1]);
}

SEC("raw_tp/sched_process_exit")
int process_exit(struct bpf_raw_tracepoint_args *ctx)
{
	return on_process_exit((void *)ctx->args[0]);
}

SEC("raw_tp/cgroup_mkdir")
int cgroup_mkdir(struct bpf_raw_tracepoint_args *ctx)
{
	return on_cgroup_mkdir((void *)ctx->args[0], (void *)ctx->args[1]);
}
