/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads every processor's lane and perf buffer, and the kernel's ring, as one stream
 * in the order of time.
 *
 * A query and its response, or the segments of one TCP connection, may come by
 * different ways. Read one after the other, an answer would come before its
 * question, and a connection's end before its data.
 * Knows nothing of libbpf, so that tests can make up the memory.
 */
#ifndef DNSTOP_SOURCE_BPF_READER_H
#define DNSTOP_SOURCE_BPF_READER_H

#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"

struct bpf_reader;

/* One record, borrowed for the length of the call; `len` bytes, among them
 * what was reserved or padded behind it. Aligned to 4 bytes. */
typedef void (*bpf_reader_fn)(void *ctx, const void *record, uint32_t len);

/* For n lanes, rings and perf buffers in all. NULL when memory is short. */
struct bpf_reader *bpf_reader_new(unsigned n);
void bpf_reader_free(struct bpf_reader *r);

/* Sets the i-th to a lane, of whose records there are `bytes`. Returns -EINVAL unless
 * that is a power of two. */
int bpf_reader_set_lane(struct bpf_reader *r, unsigned i, struct event_lane *lane, size_t bytes);
/* Sets the i-th to a ring as the kernel maps it: the reader's page, which is written to;
 * the writer's page; and its data, `bytes` of it, mapped twice in a row.
 * Returns -EINVAL unless bytes is a power of two. */
int bpf_reader_set_ring(struct bpf_reader *r, unsigned i, uint64_t *consumer,
			const uint64_t *producer, const void *data, size_t bytes);
/* Sets the i-th to a perf buffer: a page of struct perf_event_mmap_page, then
 * `bytes` of data. Returns -EINVAL unless these are a power of two. */
int bpf_reader_set_perf(struct bpf_reader *r, unsigned i, void *base, size_t bytes);

/* Delivers the records there are by their first 8 bytes, a time; none later
 * than `until`, as an earlier one may still be on its way; at the most
 * `budget`. Returns how many. */
int bpf_reader_drain(struct bpf_reader *r, uint64_t until, int budget, bpf_reader_fn fn, void *ctx);

/* The time of the next record that there is; UINT64_MAX: none. */
uint64_t bpf_reader_next(struct bpf_reader *r);

/* How full the fullest was when the last drain began, in 256ths. */
unsigned bpf_reader_fill(const struct bpf_reader *r);

#endif
