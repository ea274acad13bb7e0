/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Latencies, for their average and quantiles, in as little memory as will do:
 * the samples themselves up to HISTOGRAM_EXACT of them, so that quantiles are
 * exact; from then on log-linear buckets, 32 to a power of two, so that a
 * quantile is within 1.6% of the truth. There are buckets from the smallest
 * sample's power of two to the largest's only, in counters as wide as what they
 * count. Nanoseconds.
 *
 * Zeroed memory is an empty histogram.
 */
#ifndef DNSTOP_FLOW_HISTOGRAM_H
#define DNSTOP_FLOW_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/pool.h"

#define HISTOGRAM_EXACT 64

/* All but cells and what is below it is for everybody to read. */
struct histogram {
	unsigned __int128 sum; /* 2^64 samples of 2^64 ns can't overflow it */
	uint64_t count;
	uint64_t min; /* 0 when empty */
	uint64_t max;
	void *cells;    /* samples, or the counters of buckets */
	uint64_t kept;  /* samples in cells: count, but for those that found no memory */
	uint8_t width;  /* bytes of a cell: 1, 2, 4 or 8 */
	uint8_t room;   /* cells, while they are samples */
	uint8_t first;  /* power of two that the buckets begin with */
	uint8_t powers; /* how many have buckets; 0: the cells are samples */
};

/* Where a number of histograms keep their cells; pool.max bounds them together. */
struct histogram_memory {
	struct pool pool;
	uint64_t lost; /* samples that found no memory: they are in no quantile */
};

/* The end of all histograms in it. */
void histogram_memory_fini(struct histogram_memory *m);

void histogram_add(struct histogram *h, uint64_t ns, struct histogram_memory *m);
/* The same of n samples, which costs less than one by one. */
void histogram_add_all(struct histogram *h, const uint64_t *ns, size_t n,
		       struct histogram_memory *m);
void histogram_merge(struct histogram *into, const struct histogram *from,
		     struct histogram_memory *m);

uint64_t histogram_avg(const struct histogram *h); /* exact; 0 when empty */
/* Nearest ranks: out[i] is the smallest sample that permille[i] of 1000 samples
 * do not exceed. n of them, in ascending order. All 0 when empty. */
void histogram_quantiles(const struct histogram *h, const unsigned *permille, int n, uint64_t *out);

#endif
