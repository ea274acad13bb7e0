/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "core/query/distinct_internal.h"
#include "core/query/glob.h"
#include "core/query/radix.h"

/* A value's order as a sequence of numbers: of a text eight bytes each. */
static uint64_t order_key(const struct value *v, size_t depth)
{
	uint64_t key = 0;
	size_t at = depth * sizeof(key);

	if (distinct_is_text(v)) {
		for (size_t i = at; i < at + sizeof(key); i++)
			key = key << 8 | (i < v->len ? glob_fold(v->text[i]) : 0);
		return key;
	}
	if (depth == 0 || v->type != VALUE_ADDR)
		return value_key(v);
	/* The first key may hold less than the front of an IPv6 address. */
	for (size_t i = 0; i < sizeof(key); i++)
		key = key << 8 | v->addr.b[depth == 1 ? i : sizeof(key) + i];
	return key;
}

static bool order_ends(const struct value *v, size_t depth)
{
	if (distinct_is_text(v))
		return depth * sizeof(uint64_t) >= v->len;
	return depth >= (v->type == VALUE_ADDR ? 3 : 1);
}

/* Orders n values that are equal up to depth. A run of equal ones goes one
 * deeper: at most as deep as a text is long, by eights. */
static void order_run(const struct distinct *d, struct radix_item *items, struct radix_item *spare,
		      uint32_t n, size_t depth)
{
	const struct radix_item *sorted;
	uint32_t from, to;

	for (uint32_t i = 0; i < n; i++)
		items[i].key = order_key(distinct_at(d, items[i].seq), depth);
	sorted = radix_sort(items, spare, n);
	if (sorted != items)
		memcpy(items, sorted, n * sizeof(*items));
	for (from = 0; from < n; from = to) {
		for (to = from + 1; to < n && items[to].key == items[from].key; to++)
			;
		if (to - from > 1 && !order_ends(distinct_at(d, items[from].seq), depth + 1))
			order_run(d, items + from, spare, to - from, depth + 1);
	}
}

/* ranks[number of a value]: its place among the others. NULL: out of memory. */
static uint32_t *rank_values(const struct distinct *d)
{
	uint32_t *order = distinct_order(d);
	uint32_t *ranks = order ? malloc(((size_t)d->count + 1) * sizeof(*ranks)) : NULL;

	for (uint32_t i = 0; ranks && i < d->count; i++)
		ranks[order[i]] = i;
	free(order);
	return ranks;
}

/* As distinct_order, of pairs. */
static uint32_t *order_pairs(const struct distinct *d)
{
	uint32_t *first = rank_values(d->first), *second = rank_values(d->second);
	struct radix_item *items = malloc(2 * ((size_t)d->count + 1) * sizeof(*items));
	uint32_t *order = malloc(((size_t)d->count + 1) * sizeof(*order));
	const struct radix_item *sorted;

	if (!first || !second || !items || !order) {
		free(order);
		order = NULL;
		goto out;
	}
	for (uint32_t i = 0; i < d->count; i++) {
		items[i].key = (uint64_t)first[d->pairs[i].first] << 32 |
			       second[d->pairs[i].second];
		items[i].seq = i;
	}
	sorted = radix_sort(items, items + d->count, d->count);
	for (uint32_t i = 0; i < d->count; i++)
		order[i] = sorted[i].seq;
out:
	free(first);
	free(second);
	free(items);
	return order;
}

/* The absent value, of another type than the rest, is kept out and last. */
uint32_t *distinct_order(const struct distinct *d)
{
	struct radix_item *items;
	uint32_t *order;
	uint32_t n = 0, absent = 0;

	if (d->first)
		return order_pairs(d);
	items = malloc(2 * ((size_t)d->count + 1) * sizeof(*items));
	order = malloc(((size_t)d->count + 1) * sizeof(*order));
	if (!items || !order) {
		free(items);
		free(order);
		return NULL;
	}
	for (uint32_t i = 0; i < d->count; i++) {
		if (distinct_at(d, i)->type == VALUE_NONE)
			order[d->count - ++absent] = i;
		else
			items[n++].seq = i;
	}
	order_run(d, items, items + n, n, 0);
	for (uint32_t i = 0; i < n; i++)
		order[i] = items[i].seq;
	free(items);
	return order;
}
