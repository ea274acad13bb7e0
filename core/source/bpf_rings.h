/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rings that the kernel programs write to: one for each processor, since
 * all of them writing to one wait for each other at every record.
 */
#ifndef DNSTOP_SOURCE_BPF_RINGS_H
#define DNSTOP_SOURCE_BPF_RINGS_H

#include <stddef.h>

#include "core/base/err.h"

struct bpf_rings {
	unsigned n;
	size_t bytes; /* of each, a power of two */
	int *fds;
};

/* On failure nothing is left to close. */
int bpf_rings_open(struct bpf_rings *r, struct err *err);
void bpf_rings_close(struct bpf_rings *r); /* fine on a zeroed struct */

#endif
