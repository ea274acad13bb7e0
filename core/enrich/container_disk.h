/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of containers and pods from what runtimes leave on the disk; no daemon
 * and no API server is asked.
 *
 *   var/log/containers/POD_NAMESPACE_CONTAINER-ID.log    the kubelet's links
 *   var/log/pods/NAMESPACE_POD_UID/                      the kubelet's folders
 *   run/containerd/io.containerd.runtime.v2.task/NAMESPACE/ID/config.json   containerd
 *   var/lib/docker/containers/ID/config.v2.json          docker: "Name"
 *   var/lib/containers/storage/DRIVER-containers/containers.json    podman, CRI-O
 *   var/lib/containers/storage/DRIVER-containers/volatile-containers.json   with --rm
 *   var/lib/containers/storage/DRIVER-containers/ID/userdata/config.json    podman's pods
 *
 * and of users without privileges the same below their home directories.
 */
#ifndef DNSTOP_ENRICH_CONTAINER_DISK_H
#define DNSTOP_ENRICH_CONTAINER_DISK_H

#include <stdbool.h>

#include "core/enrich/cgroup_path.h"

struct container_names {
	char container[128]; /* a name, 12 digits of its id, or a systemd unit; "" for none */
	/* namespace/name; of podman's pods the host name, which is their name where they are
	 * given no other; "" for none, or where it is not known */
	char pod[320];
};

/* Looks under the directory root_fd for what path identifies. Returns whether all
 * names were found; else the container goes by 12 digits of its id. */
bool container_disk_names(int root_fd, const struct cgroup_path *path, struct container_names *out);

#endif
