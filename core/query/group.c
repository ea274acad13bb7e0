/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/query/distinct.h"
#include "core/query/filter_internal.h"
#include "core/query/radix.h"
#include "core/query/tallies.h"

struct grouping {
	struct distinct *keys;
	struct group *groups;     /* by number of the key */
	uint32_t *by_key;         /* the numbers, in the order of their keys; NULL: not known yet */
	uint32_t *order;          /* as sorted */
	struct radix_item *items; /* 2 * count, to sort with */
	uint32_t count;
	struct group total;
	struct group other;
};

/* What a group's row is called in JSON, and by users. */
static const struct {
	const char *name;
	const char *title;
} columns[GROUP_COLUMNS] = {
	[GROUP_KEY] = { "key", "KEY" },
	[GROUP_COUNT] = { "count", "COUNT" },
	[GROUP_SHARE] = { "share", "SHARE" },
	[GROUP_LATENCY_AVG] = { "latency_avg_us", "AVG" },
	[GROUP_LATENCY_MIN] = { "latency_min_us", "MIN" },
	[GROUP_LATENCY_P50] = { "latency_p50_us", "P50" },
	[GROUP_LATENCY_P90] = { "latency_p90_us", "P90" },
	[GROUP_LATENCY_P99] = { "latency_p99_us", "P99" },
	[GROUP_LATENCY_MAX] = { "latency_max_us", "MAX" },
	[GROUP_TIMEOUTS] = { "timeouts", "TIMEOUTS" },
	[GROUP_ERRORS] = { "errors", "ERRORS" },
	[GROUP_BYTES] = { "bytes", "BYTES" },
};

const char *group_column_name(enum group_column c)
{
	return columns[c].name;
}

const char *group_column_title(enum group_column c)
{
	return columns[c].title;
}

int group_column_find(const char *name, size_t len)
{
	for (int c = 0; c < GROUP_COLUMNS; c++)
		if ((strlen(columns[c].name) == len &&
		     strncasecmp(columns[c].name, name, len) == 0) ||
		    (strlen(columns[c].title) == len &&
		     strncasecmp(columns[c].title, name, len) == 0))
			return c;
	return -ENOENT;
}

/* By key, descending or not; absence is last. */
static void order_by_key(struct grouping *g, bool descending)
{
	uint32_t n = g->count, present = n;

	while (present && g->groups[g->by_key[present - 1]].key.type == VALUE_NONE)
		present--;

	for (uint32_t i = 0; i < n; i++)
		g->order[i] = g->by_key[descending && i < present ? present - 1 - i : i];
}

bool grouping_order(struct grouping *g)
{
	uint32_t n = distinct_count(g->keys), kept = 0;

	if (g->by_key)
		return true;
	g->by_key = distinct_order(g->keys);
	if (!g->by_key)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (g->groups[g->by_key[i]].count)
			g->by_key[kept++] = g->by_key[i];
	order_by_key(g, false);
	return true;
}

/* Leaves out the groups whose rows have all been taken back. */
struct grouping *grouping_new(struct distinct *keys, struct group *groups,
			      const struct group *total, const struct group *other)
{
	struct grouping *g = calloc(1, sizeof(*g));
	uint32_t n = distinct_count(keys);

	if (!g) {
		distinct_free(keys);
		free(groups);
		return NULL;
	}
	g->keys = keys;
	g->groups = groups;
	g->total = *total;
	g->other = *other;
	g->order = malloc(((size_t)n + 1) * sizeof(*g->order));
	g->items = malloc(2 * ((size_t)n + 1) * sizeof(*g->items));
	if (!g->order || !g->items) {
		grouping_free(g);
		return NULL;
	}
	for (uint32_t i = 0; i < n; i++) {
		groups[i].key = *distinct_at(keys, i);
		if (distinct_second(keys, i))
			groups[i].second = *distinct_second(keys, i);
		if (groups[i].count)
			g->order[g->count++] = i;
	}
	return g;
}

int grouping_make_pairs(struct grouping **out, const struct row_source *src, struct filter *filter,
			const struct field *by, const struct field *second, uint32_t from_seq,
			uint32_t to_seq, uint32_t max_groups)
{
	struct tallies_limits limits = {
		.groups = max_groups,
		.group_bytes = SIZE_MAX, /* the rows are few enough */
		.sample_bytes = SIZE_MAX,
	};
	bool all = filter_is_empty(filter);
	struct tallies *t;
	int rc;

	*out = NULL;
	if ((by->flags | (second ? second->flags : 0)) & FIELD_NO_GROUP)
		return -EINVAL;
	t = tallies_new(src, by, second, &limits);
	if (!t)
		return -ENOMEM;
	if (!all)
		filter_begin(filter, src);
	for (uint32_t seq = from_seq; seq != to_seq; seq++) {
		const struct flow *f = flow_table_row(src->table, seq);

		if (all || filter_run(filter, src, f))
			tallies_add(t, f);
	}
	rc = tallies_finish(t, out);
	tallies_free(t);
	return rc;
}

int grouping_make(struct grouping **out, const struct row_source *src, struct filter *filter,
		  const struct field *by, uint32_t from_seq, uint32_t to_seq, uint32_t max_groups)
{
	return grouping_make_pairs(out, src, filter, by, NULL, from_seq, to_seq, max_groups);
}

void grouping_free(struct grouping *g)
{
	if (!g)
		return;
	distinct_free(g->keys);
	free(g->groups);
	free(g->by_key);
	free(g->order);
	free(g->items);
	free(g);
}

bool group_is_latency(enum group_column c)
{
	return c >= GROUP_LATENCY_AVG && c <= GROUP_LATENCY_MAX;
}

uint64_t group_figure(const struct group *g, enum group_column by)
{
	if (group_is_latency(by))
		return g->latency_ns[by];
	switch (by) {
	case GROUP_TIMEOUTS:
		return g->timeouts;
	case GROUP_ERRORS:
		return g->errors;
	case GROUP_BYTES:
		return g->bytes;
	default:
		return g->count;
	}
}

const char *group_no_answer(const struct group *g)
{
	return g->timeouts ? "no answer" : "waiting";
}

/* Groups without a sample are neither fast nor slow: last, either way. */
static uint64_t sort_key(const struct group *g, enum group_column by, bool descending)
{
	uint64_t n = group_figure(g, by);

	if (group_is_latency(by) && !g->answered)
		return UINT64_MAX;
	return descending ? UINT64_MAX - 1 - n : n;
}

void grouping_sort(struct grouping *g, enum group_column by, bool descending)
{
	struct radix_item *sorted;

	/* Without memory for it equal ones come in any order. */
	if (grouping_order(g))
		order_by_key(g, by == GROUP_KEY && descending);
	if (by == GROUP_KEY)
		return;
	/* Sorting keeps the order of equal ones, so that ties are by key. */
	for (uint32_t i = 0; i < g->count; i++)
		g->items[i] = (struct radix_item){
			.key = sort_key(&g->groups[g->order[i]], by, descending),
			.seq = g->order[i],
		};
	sorted = radix_sort(g->items, g->items + g->count, g->count);
	for (uint32_t i = 0; i < g->count; i++)
		g->order[i] = sorted[i].seq;
}

uint32_t grouping_count(const struct grouping *g)
{
	return g->count;
}

const struct group *grouping_at(const struct grouping *g, uint32_t i)
{
	return &g->groups[g->order[i]];
}

const struct group *grouping_total(const struct grouping *g)
{
	return &g->total;
}

const struct group *grouping_other(const struct grouping *g)
{
	return &g->other;
}
