/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In which hierarchy of cgroups a process is looked for. Where version 1 keeps the
 * containers, version 2 may be there too, with groups that say less: then one of
 * version 1 counts. An id is the inode number of a group's folder, in one hierarchy.
 */
#ifndef DNSTOP_BASE_CGROUPS_H
#define DNSTOP_BASE_CGROUPS_H

enum cgroup_hierarchy {
	CGROUPS_V2,
	/* Of version 1, by controller; systemd and runtimes have groups in all of them. */
	CGROUPS_PIDS,
	CGROUPS_MEMORY,
	CGROUPS_CPU,
	CGROUP_HIERARCHIES,
};

#endif
