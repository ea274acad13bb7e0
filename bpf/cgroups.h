/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The cgroup of a process, and the paths of those groups that are made while the
 * programs run: a group may be gone before user space looks for its folder.
 */
#ifndef DNSTOP_BPF_CGROUPS_H
#define DNSTOP_BPF_CGROUPS_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/access.h"
#include "bpf/event.h"
#include "bpf/kernel.h"
#include "bpf/maps.h"

#define NO_SUBSYSTEM (~0u)

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64); /* its id in the hierarchy that is looked at */
	__type(value, struct event_cgroup);
} cgroup_paths SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_cgroup);
} cgroup_room SEC(".maps");

#define SUBSYSTEM(name)                                             \
	(bpf_core_enum_value_exists(enum cgroup_subsys_id, name)    \
		 ? bpf_core_enum_value(enum cgroup_subsys_id, name) \
		 : NO_SUBSYSTEM)

/* The controller whose hierarchy of version 1 is looked at, as the kernel counts
 * them; NO_SUBSYSTEM: it is that of version 2. */
static __always_inline __u32 cgroup_subsystem(void)
{
	if (config.cgroups == EVENT_CGROUPS_PIDS)
		return SUBSYSTEM(pids_cgrp_id);
	if (config.cgroups == EVENT_CGROUPS_MEMORY)
		return SUBSYSTEM(memory_cgrp_id);
	if (config.cgroups == EVENT_CGROUPS_CPU)
		return SUBSYSTEM(cpu_cgrp_id);
	return NO_SUBSYSTEM;
}

#ifdef DNSTOP_DIRECT
static __always_inline void cgroup_v1(struct css_set *groups, __u32 subsystem, __u64 *id)
{
	__u64 states = (__u64)__builtin_preserve_access_index(&groups->subsys);
	void *state = (void *)word_at(states + 8 * subsystem);

	*id = ((struct cgroup_subsys_state *)typed(state, struct cgroup_subsys_state))
		      ->cgroup->kn->id;
}
#else
/* All that is read on the way goes where the id will be: the stack is full. */
static __always_inline void cgroup_v1(struct css_set *groups, __u32 subsystem, __u64 *id)
{
	__u64 states = (__u64)__builtin_preserve_access_index(&groups->subsys);

	if (bpf_probe_read_kernel(id, sizeof(*id), (void *)(states + 8 * subsystem)) ||
	    bpf_core_read(id, sizeof(*id), &((struct cgroup_subsys_state *)*id)->cgroup) ||
	    bpf_core_read(id, sizeof(*id), &((struct cgroup *)*id)->kn) ||
	    bpf_core_read(id, sizeof(*id), &((struct kernfs_node *)*id)->id))
		*id = 0;
}
#endif

/* By loads, like all of an owner: helpers cost several times that. */
static __always_inline void fill_cgroup(enum access how, struct css_set *groups, __u64 *id)
{
	__u32 subsystem = cgroup_subsystem();
	struct kernfs_node *node;
	struct cgroup *group;

	*id = 0;
	if (!groups)
		return;
	if (subsystem != NO_SUBSYSTEM) {
		cgroup_v1(groups, subsystem, id);
		return;
	}
	group = FIELD(how, groups, dfl_cgrp);
	node = group ? FIELD(how, group, kn) : NULL;
	if (node)
		*id = FIELD(how, node, id);
}

static __always_inline bool is_looked_at(struct cgroup *group)
{
	__u32 subsystem = cgroup_subsystem();

	if (subsystem == NO_SUBSYSTEM)
		return BPF_CORE_READ(group, root, hierarchy_id) == 0; /* version 2 */
	return BPF_CORE_READ(group, root, subsys_mask) >> (subsystem & 31) & 1;
}

static __always_inline int cgroup_made(struct cgroup *group, const char *path)
{
	__u32 first = 0;
	struct event_cgroup *room = bpf_map_lookup_elem(&cgroup_room, &first);
	long n;

	if (!room || !is_looked_at(group))
		return 0;
	n = bpf_probe_read_kernel_str(room->path, sizeof(room->path), path);
	if (n <= 1 || n >= (long)sizeof(room->path)) /* perhaps not all of it */
		return 0;
	room->id = BPF_CORE_READ(group, kn, id);
	bpf_map_update_elem(&cgroup_paths, &room->id, room, BPF_ANY);
	return 0;
}

#endif
