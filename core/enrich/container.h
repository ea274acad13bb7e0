/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the cgroup of who asked to the container and pod, by names.
 *
 * With cgroups of version 2 the kernel gives the group's id, which is its
 * folder's inode number and never used again: the path is found while the group
 * is there, be the process gone or not. Where version 1 keeps the containers,
 * only /proc/PID/cgroup knows, for as long as the process lives.
 * What was found is remembered; memory is bounded.
 */
#ifndef DNSTOP_ENRICH_CONTAINER_H
#define DNSTOP_ENRICH_CONTAINER_H

#include <stdint.h>

#include "core/enrich/container_disk.h"

struct containers;

/* root: "/", or what tests make of it. NULL when memory is short. */
struct containers *containers_new(const char *root);
void containers_free(struct containers *c);

/* Names of the container of a process that was in this cgroup (0: not known) at
 * ts_ns, epoch; all "" where there is none or it can't be known. Borrowed until
 * the next call. */
const struct container_names *containers_find(struct containers *c, uint64_t cgroup, uint32_t pid,
					      uint64_t ts_ns);

#endif
