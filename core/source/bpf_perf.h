/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the per-processor perf buffers (perf_event_open(2), "MMAP layout") as
 * one stream in the order of time.
 *
 * The segments of one TCP connection pass over several processors. Read one
 * buffer after the other, a connection's end would come before its data.
 * Knows nothing of libbpf, so that tests can make up buffers.
 */
#ifndef DNSTOP_SOURCE_BPF_PERF_H
#define DNSTOP_SOURCE_BPF_PERF_H

#include <stddef.h>
#include <stdint.h>

struct bpf_perf;

/* One record, borrowed for the length of the call; `len` bytes, among them the
 * padding that perf puts behind it. */
typedef void (*bpf_perf_fn)(void *ctx, const void *record, uint32_t len);

/* For n buffers. NULL when memory is short. */
struct bpf_perf *bpf_perf_new(unsigned n);
void bpf_perf_free(struct bpf_perf *p);
/* Sets the i-th buffer: a page of struct perf_event_mmap_page, then a power of
 * two bytes of data. Returns -EINVAL for another size. */
int bpf_perf_set(struct bpf_perf *p, unsigned i, void *base, size_t size);
/* Delivers the records there are, by their first 8 bytes (a time), at the most
 * `budget`; returns how many. */
int bpf_perf_drain(struct bpf_perf *p, int budget, bpf_perf_fn fn, void *ctx);

#endif
