/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the cgroup of who asked to the container and pod, by names.
 *
 * The kernel gives the group's id in one hierarchy, which is its folder's inode
 * number and never used again: the path is found while the group is there, be the
 * process gone or not, and afterwards where something has kept it. Where there is no
 * id, only /proc/PID/cgroup knows, for as long as the process lives.
 * What was found is remembered; memory is bounded.
 */
#ifndef DNSTOP_ENRICH_CONTAINER_H
#define DNSTOP_ENRICH_CONTAINER_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/cgroups.h"
#include "core/enrich/container_disk.h"

struct containers;

/* root: "/", or what tests make of it. NULL when memory is short. */
struct containers *containers_new(const char *root);
void containers_free(struct containers *c);

/* The hierarchy of the ids: that of version 2, unless version 1 keeps the containers. */
enum cgroup_hierarchy containers_hierarchy(const struct containers *c);

/* Sets path to what is kept of a group, which may be gone. Returns its length, 0 for
 * nothing. */
typedef int (*containers_kept_fn)(void *ctx, uint64_t cgroup, char *path, size_t size);

void containers_ask(struct containers *c, containers_kept_fn kept, void *ctx);

/* Names of the container of a process that was in this cgroup (0: not known) at
 * ts_ns, epoch; all "" where there is none or it can't be known. Borrowed until
 * the next call. */
const struct container_names *containers_find(struct containers *c, uint64_t cgroup, uint32_t pid,
					      uint64_t ts_ns);

#endif
