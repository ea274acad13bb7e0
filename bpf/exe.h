/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which program a process runs, for user space to look up when the process may
 * be gone. It is found where a program begins and where one is forked off: both
 * are rare, and neither is a packet.
 *
 * The path is what /proc/PID/exe shows (prepend_path, fs/d_path.c): the names of
 * the directory entries up to the root of the process's mount namespace, across
 * mounts. A name that is changed while it is read is no fact.
 */
#ifndef DNSTOP_BPF_EXE_H
#define DNSTOP_BPF_EXE_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/event.h"
#include "bpf/kernel.h"

#define EXE_NAME_MAX  255 /* of one directory entry */
#define EXE_STEPS_MAX 64  /* entries and mounts up to the root */

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct event_process);
	__type(value, struct event_exe);
} executables SEC(".maps");

/* A path while it is found. */
struct climb {
	__u64 entry; /* address of a struct dentry */
	__u64 mount; /* of a struct mount */
	struct event_exe exe;
	char beyond[EXE_NAME_MAX + 1]; /* room for a name whose length is not known beforehand */
};

/* Neither program is interrupted by itself, but each by the other. */
enum climber {
	CLIMBER_EXEC,
	CLIMBER_FORK,
	CLIMBERS,
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, CLIMBERS);
	__type(key, __u32);
	__type(value, struct climb);
} climbs SEC(".maps");

enum climbed {
	CLIMBED_NAME,
	CLIMBED_TOP,
	CLIMBED_ASTRAY,
};

static __always_inline bool add_name(struct climb *c, const struct dentry *entry)
{
	const unsigned char *name = BPF_CORE_READ(entry, d_name.name);
	__u32 len = BPF_CORE_READ(entry, d_name.len);
	__u32 at = c->exe.len;

	if (len == 0 || len > EXE_NAME_MAX || at + len + 1 > EVENT_EXE_MAX)
		return false;
	barrier_var(at); /* the verifier is told anew what the compiler knows */
	barrier_var(len);
	at &= EVENT_EXE_MAX - 1;
	len &= EXE_NAME_MAX;
	if (bpf_probe_read_kernel(c->exe.names + at, len, name))
		return false;
	at += len;
	barrier_var(at);
	c->exe.names[at & (EVENT_EXE_MAX - 1)] = '\0';
	c->exe.len = at + 1;
	return true;
}

/* One step up. Not static: so the verifier looks at it once, not at each step. */
__noinline int climb_step(__u32 climber)
{
	struct climb *c = bpf_map_lookup_elem(&climbs, &climber);
	const struct dentry *entry, *parent;
	const struct mount *mount, *below;
	__u32 changes;

	if (!c)
		return CLIMBED_ASTRAY;
	entry = (const struct dentry *)c->entry;
	mount = (const struct mount *)c->mount;
	if (entry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		below = BPF_CORE_READ(mount, mnt_parent);
		if (below == mount)
			return CLIMBED_TOP;
		c->entry = (__u64)BPF_CORE_READ(mount, mnt_mountpoint);
		c->mount = (__u64)below;
		return CLIMBED_NAME;
	}
	changes = BPF_CORE_READ(entry, d_seq.seqcount.sequence);
	parent = BPF_CORE_READ(entry, d_parent);
	if (!parent || parent == entry || changes & 1 || !add_name(c, entry) ||
	    BPF_CORE_READ(entry, d_seq.seqcount.sequence) != changes)
		return CLIMBED_ASTRAY;
	c->entry = (__u64)parent;
	return CLIMBED_NAME;
}

/* A memfd and the like have no place: their names are their file system's for what
 * never had any in a directory. */
static __always_inline bool has_no_place(const struct dentry *entry)
{
	return BPF_CORE_READ(entry, d_parent) == entry && BPF_CORE_READ(entry, d_op) &&
	       !BPF_CORE_READ(entry, d_hash.pprev);
}

static __always_inline void find_exe(struct climb *c, __u32 climber, struct file *file)
{
	const struct dentry *entry = BPF_CORE_READ(file, f_path.dentry);
	struct vfsmount *mount = BPF_CORE_READ(file, f_path.mnt);
	int rc = CLIMBED_NAME;

	c->exe.len = 0;
	c->exe.deleted = !BPF_CORE_READ(entry, d_hash.pprev);
	c->entry = (__u64)entry;
	c->mount = (__u64)mount - bpf_core_field_offset(struct mount, mnt);
	if (has_no_place(entry)) {
		add_name(c, entry);
		return;
	}
	for (int i = 0; i < EXE_STEPS_MAX && rc == CLIMBED_NAME; i++)
		rc = climb_step(climber);
	if (rc != CLIMBED_TOP)
		c->exe.len = 0;
}

static __always_inline void name_process(struct event_process *of, struct task_struct *task)
{
	of->start_ns = BPF_CORE_READ(task, group_leader, start_boottime);
	of->pid = BPF_CORE_READ(task, tgid);
	of->execs = BPF_CORE_READ(task, self_exec_id);
	of->unused = 0;
}

/* Sets climbs[climber] to what the task runs; NULL for a thread of the kernel's. */
static __always_inline struct climb *look_at_exe(__u32 climber, struct task_struct *task)
{
	struct climb *c = bpf_map_lookup_elem(&climbs, &climber);
	struct file *file = BPF_CORE_READ(task, mm, exe_file);

	if (!c || !file)
		return NULL;
	find_exe(c, climber, file);
	name_process(&c->exe.of, task);
	return c;
}

static __always_inline int program_begins(struct task_struct *task)
{
	struct climb *c = look_at_exe(CLIMBER_EXEC, task);

	if (c)
		bpf_map_update_elem(&executables, &c->exe.of, &c->exe, BPF_ANY);
	return 0;
}

/* What is in the map may be overwritten by another's while it is copied: then it
 * is looked at again. */
static __always_inline bool copy_known(struct climb *c, const struct event_process *of)
{
	const struct event_exe *known = bpf_map_lookup_elem(&executables, of);

	if (!known)
		return false;
	__builtin_memcpy(&c->exe, known, sizeof(c->exe));
	return c->exe.of.start_ns == of->start_ns && c->exe.of.pid == of->pid &&
	       c->exe.of.execs == of->execs;
}

/* Of a process that began before these programs did, all that is forked finds what
 * the first one finds. */
static __always_inline int process_forked(struct task_struct *parent, struct task_struct *child)
{
	struct event_process of;
	__u32 climber = CLIMBER_FORK;
	struct climb *c = bpf_map_lookup_elem(&climbs, &climber);

	if (!c || BPF_CORE_READ(child, tgid) == BPF_CORE_READ(parent, tgid))
		return 0;
	name_process(&of, parent);
	if (!copy_known(c, &of)) {
		if (!look_at_exe(climber, parent))
			return 0;
		bpf_map_update_elem(&executables, &of, &c->exe, BPF_ANY);
	}
	name_process(&c->exe.of, child);
	bpf_map_update_elem(&executables, &c->exe.of, &c->exe, BPF_ANY);
	return 0;
}

#endif
