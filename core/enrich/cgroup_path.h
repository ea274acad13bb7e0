/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a cgroup's path says of the container in it. Each runtime names its
 * groups in its own way, by the cgroupfs or the systemd driver:
 *
 *   /docker/ID                        /system.slice/docker-ID.scope
 *   /kubepods/burstable/podUID/ID     /kubepods.slice/.../kubepods-podU_I_D.slice/cri-containerd-ID.scope
 *   /libpod_parent/libpod-ID          .../crio-ID.scope
 *   /user.slice/user-UID.slice/...    of a user without privileges
 *   .../kubepods-podU_I_D.slice:cri-containerd:ID
 *   /lxc.payload.NAME                 /machine.slice/machine-NAME.scope
 *
 *   /NAMESPACE/ID                     of containerd's own; ID may be any name
 *
 * and a process outside of all has its systemd unit: /system.slice/NAME.service.
 * Pure.
 */
#ifndef DNSTOP_ENRICH_CGROUP_PATH_H
#define DNSTOP_ENRICH_CGROUP_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTAINER_ID_LEN  64
#define CONTAINER_POD_LEN 36

/* All "" where the path does not tell. */
struct cgroup_path {
	char id[CONTAINER_ID_LEN + 1]; /* of the container: 64 hexadecimal digits */
	char pod[CONTAINER_POD_LEN +
		 1];    /* its pod's UID, with dashes; 32 digits for a static pod's */
	char name[128]; /* that the path itself tells: LXC's, nspawn's, a unit's */
	/* Where nothing else is told: the end of the path, NAMESPACE/ID if it is one of
	 * containerd's, which only the disk can tell. */
	char task[160];
	uint32_t uid; /* whose service manager the group is under, 0: the system's */
};

/* The innermost container counts; a group that has been removed, as the kernel says
 * behind its path, had one, too. False where nothing was found but a task. */
bool cgroup_path_parse(const char *path, size_t len, struct cgroup_path *out);

#endif
