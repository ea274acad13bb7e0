/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/histogram.h"

#include <stdbool.h>
#include <string.h>

#define SUB_BITS 5
#define SUB      (1u << SUB_BITS) /* buckets to a power of two */

#define FIRST_ROOM  4
#define FIRST_WIDTH 4 /* of samples: 4.29 s */

/* Values below 2 * SUB have a bucket each; each further power of two has SUB. */
static inline unsigned bucket_of(uint64_t ns)
{
	unsigned shift = ns < 2 * SUB ? 0 : 63u - (unsigned)__builtin_clzll(ns) - SUB_BITS;

	return shift * SUB + (unsigned)(ns >> shift);
}

/* The middle of a bucket, half its width from any sample in it. */
static uint64_t bucket_middle(unsigned bucket)
{
	unsigned shift = bucket < 2 * SUB ? 0 : bucket / SUB - 1;
	uint64_t low = (uint64_t)(bucket - shift * SUB) << shift;

	return low + ((1ull << shift) >> 1);
}

static inline uint64_t cell_get(const void *cells, unsigned width, unsigned i)
{
	switch (width) {
	case 1:
		return ((const uint8_t *)cells)[i];
	case 2:
		return ((const uint16_t *)cells)[i];
	case 4:
		return ((const uint32_t *)cells)[i];
	default:
		return ((const uint64_t *)cells)[i];
	}
}

static inline void cell_set(void *cells, unsigned width, unsigned i, uint64_t to)
{
	switch (width) {
	case 1:
		((uint8_t *)cells)[i] = (uint8_t)to;
		break;
	case 2:
		((uint16_t *)cells)[i] = (uint16_t)to;
		break;
	case 4:
		((uint32_t *)cells)[i] = (uint32_t)to;
		break;
	default:
		((uint64_t *)cells)[i] = to;
	}
}

static inline bool fits(unsigned width, uint64_t n)
{
	return width == 8 || n >> (8 * width) == 0;
}

/* Counts one more in a cell; false when it is full. */
static inline bool cell_count(void *cells, unsigned width, unsigned i)
{
	switch (width) {
	case 1:
		return ((uint8_t *)cells)[i] < UINT8_MAX && ++((uint8_t *)cells)[i];
	case 2:
		return ((uint16_t *)cells)[i] < UINT16_MAX && ++((uint16_t *)cells)[i];
	case 4:
		return ((uint32_t *)cells)[i] < UINT32_MAX && ++((uint32_t *)cells)[i];
	default:
		return ++((uint64_t *)cells)[i];
	}
}

static unsigned cells_of(const struct histogram *h)
{
	return h->powers ? h->powers * SUB : h->room;
}

/* Moves the cells to n of width bytes; the first one becomes number `at`. */
static bool cells_move(struct histogram *h, unsigned n, unsigned at, unsigned width,
		       struct histogram_memory *m)
{
	unsigned n_old = cells_of(h);
	uint8_t *cells = pool_alloc(&m->pool, (size_t)n * width);

	if (!cells)
		return false;
	if (width == h->width)
		memcpy(cells + (size_t)at * width, h->cells, (size_t)n_old * width);
	else
		for (unsigned i = 0; i < n_old; i++)
			cell_set(cells, width, at + i, cell_get(h->cells, h->width, i));
	pool_free(&m->pool, h->cells, (size_t)cells_of(h) * h->width);
	h->cells = cells;
	h->width = (uint8_t)width;
	return true;
}

/* Buckets instead of samples, or more of them: from min to max. */
static bool buckets_span(struct histogram *h, struct histogram_memory *m)
{
	unsigned first = bucket_of(h->min) / SUB, powers = bucket_of(h->max) / SUB - first + 1;

	if (h->powers) {
		if (!cells_move(h, powers * SUB, (h->first - first) * SUB, h->width, m))
			return false;
	} else {
		uint8_t *cells = pool_alloc(&m->pool, powers * SUB);

		if (!cells)
			return false;
		for (unsigned i = 0; i < h->kept; i++)
			cells[bucket_of(cell_get(h->cells, h->width, i)) - first * SUB]++;
		pool_free(&m->pool, h->cells, (size_t)cells_of(h) * h->width);
		h->cells = cells;
		h->width = 1;
	}
	h->first = (uint8_t)first;
	h->powers = (uint8_t)powers;
	return true;
}

/* n samples of one bucket; min and max take them in already. */
static void keep_in_bucket(struct histogram *h, unsigned bucket, uint64_t n,
			   struct histogram_memory *m)
{
	uint64_t sum;
	unsigned i;

	if ((bucket / SUB < h->first || bucket / SUB >= (unsigned)h->first + h->powers) &&
	    !buckets_span(h, m))
		goto lost;
	i = bucket - h->first * SUB;
	sum = cell_get(h->cells, h->width, i) + n;
	while (!fits(h->width, sum))
		if (!cells_move(h, cells_of(h), 0, h->width * 2u, m))
			goto lost;
	cell_set(h->cells, h->width, i, sum);
	h->kept += n;
	return;
lost:
	m->lost += n;
}

/* One sample; what is nearly always so is tried first. */
static inline void keep_bucketed(struct histogram *h, uint64_t ns, struct histogram_memory *m)
{
	unsigned bucket = bucket_of(ns), i = bucket - h->first * SUB;

	if (i < h->powers * SUB && cell_count(h->cells, h->width, i))
		h->kept++;
	else
		keep_in_bucket(h, bucket, 1, m);
}

/* Room for n more samples as they are, of up to max. */
static bool samples_room(struct histogram *h, unsigned n, struct histogram_memory *m)
{
	unsigned width = h->room ? h->width : FIRST_WIDTH, room = h->room ? h->room : FIRST_ROOM;

	if (!fits(width, h->max))
		width = sizeof(h->max);
	while (room < h->kept + n)
		room *= 2;
	if (room == h->room && width == h->width)
		return true;
	if (!cells_move(h, room, 0, width, m))
		return false;
	h->room = (uint8_t)room;
	return true;
}

/* min and max take them in already. */
static void keep_samples(struct histogram *h, const uint64_t *ns, size_t n,
			 struct histogram_memory *m)
{
	bool room = true;

	if (!h->powers && h->kept + n > HISTOGRAM_EXACT)
		room = buckets_span(h, m);
	else if (!h->powers)
		room = samples_room(h, (unsigned)n, m);
	if (!room) {
		m->lost += n;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (h->powers)
			keep_bucketed(h, ns[i], m);
		else
			cell_set(h->cells, h->width, (unsigned)h->kept++, ns[i]);
	}
}

void histogram_memory_fini(struct histogram_memory *m)
{
	pool_fini(&m->pool);
}

void histogram_add_all(struct histogram *h, const uint64_t *ns, size_t n,
		       struct histogram_memory *m)
{
	if (n && h->count == 0)
		h->min = ns[0];
	for (size_t i = 0; i < n; i++) {
		h->min = ns[i] < h->min ? ns[i] : h->min;
		h->max = ns[i] > h->max ? ns[i] : h->max;
		h->sum += ns[i];
	}
	h->count += n;
	keep_samples(h, ns, n, m);
}

void histogram_add(struct histogram *h, uint64_t ns, struct histogram_memory *m)
{
	if (!h->powers) {
		histogram_add_all(h, &ns, 1, m);
		return;
	}
	h->min = ns < h->min ? ns : h->min;
	h->max = ns > h->max ? ns : h->max;
	h->count++;
	h->sum += ns;
	keep_bucketed(h, ns, m);
}

void histogram_merge(struct histogram *into, const struct histogram *from,
		     struct histogram_memory *m)
{
	uint64_t samples[HISTOGRAM_EXACT];

	if (from->count == 0)
		return;
	if (into->count == 0 || from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
	into->count += from->count;
	into->sum += from->sum;
	if (!from->powers) {
		for (unsigned i = 0; i < from->kept; i++)
			samples[i] = cell_get(from->cells, from->width, i);
		keep_samples(into, samples, from->kept, m);
		return;
	}
	if (!into->powers && !buckets_span(into, m)) {
		m->lost += from->kept;
		return;
	}
	for (unsigned i = 0; i < cells_of(from); i++) {
		uint64_t n = cell_get(from->cells, from->width, i);

		if (n)
			keep_in_bucket(into, from->first * SUB + i, n, m);
	}
}

uint64_t histogram_avg(const struct histogram *h)
{
	return h->count ? (uint64_t)(h->sum / h->count) : 0;
}

static uint64_t rank_of(const struct histogram *h, unsigned permille)
{
	uint64_t n = h->kept;
	/* In parts, as n * 1000 may not fit. */
	uint64_t rank = n / 1000 * permille + (n % 1000 * permille + 999) / 1000;

	if (rank == 0)
		return 1;
	return rank < n ? rank : n;
}

static void sort(uint64_t *ns, unsigned n)
{
	for (unsigned i = 1; i < n; i++) {
		uint64_t sample = ns[i];
		unsigned at = i;

		for (; at > 0 && ns[at - 1] > sample; at--)
			ns[at] = ns[at - 1];
		ns[at] = sample;
	}
}

static void quantiles_of_samples(const struct histogram *h, const unsigned *permille, int n,
				 uint64_t *out)
{
	uint64_t samples[HISTOGRAM_EXACT];

	for (unsigned i = 0; i < h->kept; i++)
		samples[i] = cell_get(h->cells, h->width, i);
	sort(samples, (unsigned)h->kept);
	for (int i = 0; i < n; i++)
		out[i] = h->kept ? samples[rank_of(h, permille[i]) - 1] : h->min;
}

static void quantiles_of_buckets(const struct histogram *h, const unsigned *permille, int n,
				 uint64_t *out)
{
	uint64_t seen = 0, next = 0;
	unsigned bucket = 0;

	for (int i = 0; i < n; i++) {
		uint64_t rank = rank_of(h, permille[i]), middle;

		for (; seen < rank; next++) {
			seen += cell_get(h->cells, h->width, (unsigned)next);
			bucket = h->first * SUB + (unsigned)next;
		}
		middle = bucket_middle(bucket);
		/* The ends are known better than their buckets. */
		if (rank == 1 || middle < h->min)
			out[i] = h->min;
		else
			out[i] = rank == h->kept || middle > h->max ? h->max : middle;
	}
}

void histogram_quantiles(const struct histogram *h, const unsigned *permille, int n, uint64_t *out)
{
	if (h->powers)
		quantiles_of_buckets(h, permille, n, out);
	else
		quantiles_of_samples(h, permille, n, out);
}
