/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory that the kernel programs write to, mapped for a reader. */
#ifndef DNSTOP_SOURCE_BPF_BUFFERS_H
#define DNSTOP_SOURCE_BPF_BUFFERS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/source/bpf_lanes.h"
#include "core/source/bpf_reader.h"

struct perf_buffer;

struct bpf_buffers {
	struct bpf_reader *reader;
	int wait_fd;              /* readable when a perf buffer fills; borrowed */
	struct perf_buffer *perf; /* NULL where there are none */
	/* How the kernel's ring is mapped: the reader's page; the writer's and the data
	 * twice. */
	void *consumer;
	void *producer;
	size_t producer_bytes;
};

/* What is to be read, all borrowed. */
struct bpf_written {
	const struct bpf_lanes *lanes; /* NULL: none */
	int ring_fd;                   /* of a BPF_MAP_TYPE_RINGBUF ... */
	size_t ring_bytes;             /* ... of this size */
	int perf_fd;                   /* of a perf event array; -1: none */
};

/* Whether the kernel lets this process have perf buffers. */
bool bpf_buffers_perf_permitted(void);
/* On failure nothing is left to close. */
int bpf_buffers_open(struct bpf_buffers *b, const struct bpf_written *written, struct err *err);
void bpf_buffers_close(struct bpf_buffers *b); /* fine on a zeroed struct */

#endif
