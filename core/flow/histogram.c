/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/histogram.h"

#include <stdlib.h>
#include <string.h>

#define SUB_BITS 5
#define SUB      (1u << SUB_BITS) /* buckets to a power of two */
/* Values below 2 * SUB have a bucket each; each further power of two has SUB. */
#define BUCKETS ((64 - SUB_BITS) * SUB + SUB)

struct histogram {
	uint64_t count;
	uint64_t min;
	uint64_t max;
	unsigned __int128 sum; /* 2^64 samples of 2^64 ns can't overflow it */
	uint64_t bucket[BUCKETS];
};

static inline unsigned int bucket_shift(uint64_t ns)
{
	return ns < 2 * SUB ? 0 : 63u - (unsigned int)__builtin_clzll(ns) - SUB_BITS;
}

static inline unsigned int bucket_of(uint64_t ns)
{
	unsigned int shift = bucket_shift(ns);

	return shift * SUB + (unsigned int)(ns >> shift);
}

/* The middle of a bucket, half its width from any sample in it. */
static uint64_t bucket_middle(unsigned int i)
{
	unsigned int shift = i < 2 * SUB ? 0 : i / SUB - 1;
	uint64_t low = (uint64_t)(i - shift * SUB) << shift;

	return low + ((1ull << shift) >> 1);
}

struct histogram *histogram_new(void)
{
	return calloc(1, sizeof(struct histogram));
}

void histogram_free(struct histogram *h)
{
	free(h);
}

void histogram_reset(struct histogram *h)
{
	if (h->count) {
		unsigned int first = bucket_of(h->min), last = bucket_of(h->max);

		memset(&h->bucket[first], 0, (last - first + 1) * sizeof(h->bucket[0]));
	}
	h->count = 0;
	h->min = 0;
	h->max = 0;
	h->sum = 0;
}

void histogram_add(struct histogram *h, uint64_t ns)
{
	if (h->count == 0 || ns < h->min)
		h->min = ns;
	if (ns > h->max)
		h->max = ns;
	h->count++;
	h->sum += ns;
	h->bucket[bucket_of(ns)]++;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	if (from->count == 0)
		return;
	if (into->count == 0 || from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
	into->count += from->count;
	into->sum += from->sum;
	for (unsigned int i = bucket_of(from->min); i <= bucket_of(from->max); i++)
		into->bucket[i] += from->bucket[i];
}

uint64_t histogram_count(const struct histogram *h)
{
	return h->count;
}

uint64_t histogram_min(const struct histogram *h)
{
	return h->min;
}

uint64_t histogram_max(const struct histogram *h)
{
	return h->max;
}

uint64_t histogram_avg(const struct histogram *h)
{
	return h->count ? (uint64_t)(h->sum / h->count) : 0;
}

/* Nearest rank: the smallest sample with at least q of all samples at or below it. */
static uint64_t rank_of(double q, uint64_t count)
{
	double want = q * (double)count;

	if (!(want > 1))
		return 1;
	if (want >= (double)count)
		return count;

	uint64_t rank = (uint64_t)want;

	return (double)rank < want ? rank + 1 : rank;
}

uint64_t histogram_quantile(const struct histogram *h, double q)
{
	uint64_t seen = 0, rank;
	unsigned int i;

	if (h->count == 0)
		return 0;
	rank = rank_of(q, h->count);
	/* The ends are known better than their buckets. */
	if (rank == 1)
		return h->min;
	if (rank == h->count)
		return h->max;
	for (i = bucket_of(h->min); i < bucket_of(h->max); i++) {
		seen += h->bucket[i];
		if (seen >= rank)
			break;
	}

	uint64_t middle = bucket_middle(i);

	if (middle < h->min)
		return h->min;
	return middle > h->max ? h->max : middle;
}
