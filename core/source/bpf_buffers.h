/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory that the kernel programs write to, mapped for a reader. */
#ifndef DNSTOP_SOURCE_BPF_BUFFERS_H
#define DNSTOP_SOURCE_BPF_BUFFERS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/source/bpf_reader.h"
#include "core/source/bpf_rings.h"

struct perf_buffer;

struct bpf_buffers {
	struct bpf_reader *reader;
	int wait_fd;              /* readable when a perf buffer fills; borrowed */
	struct perf_buffer *perf; /* NULL where there are none */
	unsigned n_rings;
	struct ring_map *rings; /* their mappings */
};

/* Whether the kernel lets this process have perf buffers. */
bool bpf_buffers_perf_permitted(void);
/* perf_fd: -1 for none. On failure nothing is left to close. */
int bpf_buffers_open(struct bpf_buffers *b, const struct bpf_rings *rings, int perf_fd,
		     struct err *err);
void bpf_buffers_close(struct bpf_buffers *b); /* fine on a zeroed struct */

#endif
