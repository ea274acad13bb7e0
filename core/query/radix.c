/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/radix.h"

#include <stdbool.h>
#include <string.h>

#define DIGIT_BITS       11
#define SMALL_DIGIT_BITS 8 /* for few items, so that counting does not outweigh them */
#define SMALL            4096
#define TINY             32
#define DIGITS           ((64 + SMALL_DIGIT_BITS - 1) / SMALL_DIGIT_BITS)
#define BUCKETS          (1u << DIGIT_BITS)

/* The smallest and largest key; true when the items are in order already, as
 * rows by time nearly always are. */
static bool survey(const struct radix_item *items, uint32_t n, uint64_t *least, uint64_t *most)
{
	uint64_t before = 0;
	bool ordered = true;

	*least = UINT64_MAX;
	*most = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint64_t key = items[i].key;

		ordered &= before <= key;
		before = key;
		*least = key < *least ? key : *least;
		*most = key > *most ? key : *most;
	}
	return ordered;
}

static void insertion_sort(struct radix_item *items, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		struct radix_item item = items[i];
		uint32_t at = i;

		for (; at > 0 && items[at - 1].key > item.key; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

/* Counts to the place where each bucket begins. */
static void add_up(uint32_t *counts, uint32_t buckets)
{
	uint32_t at = 0;

	for (uint32_t b = 0; b < buckets; b++) {
		uint32_t count = counts[b];

		counts[b] = at;
		at += count;
	}
}

struct radix_item *radix_sort(struct radix_item *items, struct radix_item *spare, uint32_t n)
{
	const unsigned bits = n < SMALL ? SMALL_DIGIT_BITS : DIGIT_BITS;
	const uint32_t buckets = 1u << bits;
	uint32_t counts[DIGITS][BUCKETS];
	struct radix_item *from = items, *to = spare, *swap;
	uint64_t least, most;
	unsigned digits = 0;

	if (survey(items, n, &least, &most))
		return items;
	if (n <= TINY) {
		insertion_sort(items, n);
		return items;
	}
	for (uint64_t span = most - least; span; span >>= bits)
		memset(counts[digits++], 0, buckets * sizeof(counts[0][0]));
	for (uint32_t i = 0; i < n; i++)
		for (unsigned d = 0; d < digits; d++)
			counts[d][(items[i].key - least) >> d * bits & (buckets - 1)]++;
	for (unsigned d = 0; d < digits; d++) {
		add_up(counts[d], buckets);
		for (uint32_t i = 0; i < n; i++)
			to[counts[d][(from[i].key - least) >> d * bits & (buckets - 1)]++] =
				from[i];
		swap = from;
		from = to;
		to = swap;
	}
	return from;
}
