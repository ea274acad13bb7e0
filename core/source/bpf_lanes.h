/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lanes that the kernel programs write to, one for each processor: see
 * struct event_lane.
 */
#ifndef DNSTOP_SOURCE_BPF_LANES_H
#define DNSTOP_SOURCE_BPF_LANES_H

#include <stddef.h>

#include "bpf/event.h"
#include "core/base/err.h"

struct bpf_lanes {
	unsigned n;
	size_t bytes; /* of each one's records, a power of two */
	int fd;       /* of the map */
	void *map;    /* where it is mapped, `mapped` bytes */
	size_t mapped;
};

/* On failure nothing is left to close. */
int bpf_lanes_open(struct bpf_lanes *l, struct err *err);
void bpf_lanes_close(struct bpf_lanes *l); /* fine on a zeroed struct */

struct event_lane *bpf_lanes_at(const struct bpf_lanes *l, unsigned i);
/* Has all of them leave out so many. */
void bpf_lanes_tell(const struct bpf_lanes *l, const struct event_control *control);

#endif
