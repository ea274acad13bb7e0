/* SPDX-License-Identifier: BSD-2-Clause */
/* Sorting a million rows by a number. */
#ifndef DNSTOP_QUERY_RADIX_H
#define DNSTOP_QUERY_RADIX_H

#include <stdint.h>

struct radix_item {
	uint64_t key;
	uint32_t seq;
};

/* Orders n items by key; equal keys keep their order. spare has room for n
 * items too. Returns where the result is: items or spare. */
struct radix_item *radix_sort(struct radix_item *items, struct radix_item *spare, uint32_t n);

#endif
