/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/radix.h"

#include <stdbool.h>
#include <string.h>

#define DIGIT_BITS 11
#define DIGITS     ((64 + DIGIT_BITS - 1) / DIGIT_BITS)
#define BUCKETS    (1u << DIGIT_BITS)

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

static uint32_t digit_of(uint64_t key, unsigned digit)
{
	return key >> digit * DIGIT_BITS & (BUCKETS - 1);
}

struct radix_item *radix_sort(struct radix_item *items, struct radix_item *spare, uint32_t n)
{
	uint32_t counts[DIGITS][BUCKETS];
	struct radix_item *from = items, *to = spare, *swap;
	uint64_t least, most;
	unsigned digits = 0;

	if (survey(items, n, &least, &most))
		return items;
	for (uint64_t span = most - least; span; span >>= DIGIT_BITS)
		digits++;
	memset(counts, 0, digits * sizeof(counts[0]));
	for (uint32_t i = 0; i < n; i++)
		for (unsigned d = 0; d < digits; d++)
			counts[d][digit_of(items[i].key - least, d)]++;
	for (unsigned d = 0; d < digits; d++) {
		uint32_t at = 0;

		for (uint32_t b = 0; b < BUCKETS; b++) {
			uint32_t count = counts[d][b];

			counts[d][b] = at;
			at += count;
		}
		for (uint32_t i = 0; i < n; i++)
			to[counts[d][digit_of(from[i].key - least, d)]++] = from[i];
		swap = from;
		from = to;
		to = swap;
	}
	return from;
}
