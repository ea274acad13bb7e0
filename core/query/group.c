/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/flow/histogram.h"
#include "core/query/distinct.h"
#include "core/query/filter_internal.h"
#include "core/query/radix.h"

/* Groups of more samples than this get their quantiles from a histogram; the
 * others are sorted, which is exact and cheaper. */
#define MAX_SORTED 64

#define FIRST_ROOM 64

/* What a row changes: small, as a hundred thousand of them are hit at random. */
struct tally {
	uint64_t latency_sum;
	uint64_t latency_min;
	uint64_t latency_max;
	uint64_t bytes;
	uint32_t count;
	uint32_t answered;
	uint32_t timeouts;
	uint32_t errors;
};

struct grouping {
	struct distinct *keys;
	struct group *groups;     /* by number of the key */
	uint32_t *by_key;         /* the numbers, in the order of their keys */
	uint32_t *order;          /* as sorted */
	struct radix_item *items; /* 2 * count, to sort with */
	uint32_t count;
	struct group total;
	struct group other;
};

/* While it is made. */
struct work {
	struct grouping *g;
	const struct row_source *src;
	struct tally *tallies; /* one each, and the last for the others */
	uint32_t room;
	struct tally other;
	uint32_t n_samples;
	uint32_t *sample_group; /* DISTINCT_FULL: the others */
	uint64_t *sample_ns;
	uint64_t *by_group; /* the samples, each group's together */
	struct histogram *one;
	struct histogram *all;
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

static void tally_row(struct tally *t, const struct flow *f)
{
	t->count++;
	t->bytes += (uint64_t)f->query_bytes + f->response_bytes;
	t->timeouts += f->state == FLOW_TIMEOUT;
	t->errors += (f->marks & FLOW_HAS_RESPONSE) && f->rcode != 0;
	if (f->state != FLOW_ANSWERED)
		return;
	if (t->answered == 0 || f->latency_ns < t->latency_min)
		t->latency_min = f->latency_ns;
	if (f->latency_ns > t->latency_max)
		t->latency_max = f->latency_ns;
	t->latency_sum += f->latency_ns;
	t->answered++;
}

static int count_row(struct work *w, const struct flow *f)
{
	uint32_t number = distinct_of(w->g->keys, f);
	struct tally *t = &w->other;

	if (number == DISTINCT_FULL) {
		if (distinct_error(w->g->keys))
			return -ENOMEM;
	} else {
		if (number >= w->room) {
			uint32_t room = w->room * 2;
			struct tally *more = realloc(w->tallies, room * sizeof(*more));

			if (!more)
				return -ENOMEM;
			memset(more + w->room, 0, (room - w->room) * sizeof(*more));
			w->tallies = more;
			w->room = room;
		}
		t = &w->tallies[number];
	}
	tally_row(t, f);
	if (f->state == FLOW_ANSWERED) {
		w->sample_group[w->n_samples] = number;
		w->sample_ns[w->n_samples++] = f->latency_ns;
	}
	return 0;
}

static int count_rows(struct work *w, struct filter *filter, uint32_t from_seq, uint32_t to_seq)
{
	bool all = filter_is_empty(filter);
	int rc = 0;

	if (!all)
		filter_begin(filter, w->src);
	for (uint32_t seq = from_seq; seq != to_seq && rc == 0; seq++) {
		const struct flow *f = flow_table_row(w->src->table, seq);

		if (all || filter_run(filter, w->src, f))
			rc = count_row(w, f);
	}
	return rc;
}

/* One counting sort brings each group's samples together: a histogram a group
 * would take 500 MB for a hundred thousand names. */
static int gather_samples(struct work *w)
{
	uint32_t n = w->g->count, at = 0;
	uint32_t *next = malloc(((size_t)n + 1) * sizeof(*next));

	w->by_group = malloc(((size_t)w->n_samples + 1) * sizeof(*w->by_group));
	if (!next || !w->by_group) {
		free(next);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < n; i++) {
		next[i] = at;
		at += w->tallies[i].answered;
	}
	next[n] = at;
	for (uint32_t i = 0; i < w->n_samples; i++) {
		uint32_t group = w->sample_group[i] < n ? w->sample_group[i] : n;

		w->by_group[next[group]++] = w->sample_ns[i];
	}
	free(next);
	return 0;
}

static void sort_samples(uint64_t *ns, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		uint64_t sample = ns[i];
		uint32_t at = i;

		for (; at > 0 && ns[at - 1] > sample; at--)
			ns[at] = ns[at - 1];
		ns[at] = sample;
	}
}

/* Nearest rank: the smallest sample that `percent` of all do not exceed. */
static uint64_t sorted_quantile(const uint64_t *ns, uint32_t n, uint32_t percent)
{
	return ns[((uint64_t)n * percent + 99) / 100 - 1];
}

static void fill_quantiles(struct group *g, const struct histogram *h)
{
	g->latency_ns[GROUP_LATENCY_P50] = histogram_quantile(h, 0.50);
	g->latency_ns[GROUP_LATENCY_P90] = histogram_quantile(h, 0.90);
	g->latency_ns[GROUP_LATENCY_P99] = histogram_quantile(h, 0.99);
}

/* A group's quantiles; its samples go into the histogram of all, too. */
static void measure(struct work *w, struct group *g, uint64_t *ns, uint32_t n)
{
	struct histogram *h = n > MAX_SORTED ? w->one : w->all;

	if (n == 0)
		return;
	if (n > MAX_SORTED)
		histogram_reset(h);
	for (uint32_t i = 0; i < n; i++)
		histogram_add(h, ns[i]);
	if (n > MAX_SORTED) {
		fill_quantiles(g, h);
		histogram_merge(w->all, h);
		return;
	}
	sort_samples(ns, n);
	g->latency_ns[GROUP_LATENCY_P50] = sorted_quantile(ns, n, 50);
	g->latency_ns[GROUP_LATENCY_P90] = sorted_quantile(ns, n, 90);
	g->latency_ns[GROUP_LATENCY_P99] = sorted_quantile(ns, n, 99);
}

static void fill_group(struct group *g, const struct tally *t)
{
	g->count = t->count;
	g->answered = t->answered;
	g->timeouts = t->timeouts;
	g->errors = t->errors;
	g->bytes = t->bytes;
	g->latency_ns[GROUP_LATENCY_MIN] = t->latency_min;
	g->latency_ns[GROUP_LATENCY_MAX] = t->latency_max;
	if (t->answered)
		g->latency_ns[GROUP_LATENCY_AVG] = t->latency_sum / t->answered;
}

static void tally_merge(struct tally *into, const struct tally *from)
{
	if (from->answered && (!into->answered || from->latency_min < into->latency_min))
		into->latency_min = from->latency_min;
	if (from->latency_max > into->latency_max)
		into->latency_max = from->latency_max;
	into->latency_sum += from->latency_sum;
	into->bytes += from->bytes;
	into->count += from->count;
	into->answered += from->answered;
	into->timeouts += from->timeouts;
	into->errors += from->errors;
}

static void fill_groups(struct work *w)
{
	struct grouping *g = w->g;
	uint64_t *samples = w->by_group;
	struct tally total = w->other;

	for (uint32_t i = 0; i < g->count; i++) {
		const struct tally *t = &w->tallies[i];

		g->groups[i].key = *distinct_at(g->keys, i);
		if (distinct_second(g->keys, i))
			g->groups[i].second = *distinct_second(g->keys, i);
		fill_group(&g->groups[i], t);
		measure(w, &g->groups[i], samples, t->answered);
		samples += t->answered;
		tally_merge(&total, t);
	}
	fill_group(&g->other, &w->other);
	measure(w, &g->other, samples, w->other.answered);
	fill_group(&g->total, &total);
	if (total.answered)
		fill_quantiles(&g->total, w->all);
}

static int work_init(struct work *w, const struct field *by, const struct field *second,
		     uint32_t rows, uint32_t max_groups)
{
	w->g = calloc(1, sizeof(*w->g));
	if (!w->g)
		return -ENOMEM;
	w->g->keys = second ? distinct_new_pairs(w->src, by, second, max_groups)
			    : distinct_new(w->src, by, max_groups);
	w->room = FIRST_ROOM;
	w->tallies = calloc(w->room, sizeof(*w->tallies));
	w->sample_group = malloc(((size_t)rows + 1) * sizeof(*w->sample_group));
	w->sample_ns = malloc(((size_t)rows + 1) * sizeof(*w->sample_ns));
	w->one = histogram_new();
	w->all = histogram_new();
	return w->g->keys && w->tallies && w->sample_group && w->sample_ns && w->one && w->all
		       ? 0
		       : -ENOMEM;
}

static void work_fini(struct work *w)
{
	grouping_free(w->g);
	free(w->tallies);
	free(w->sample_group);
	free(w->sample_ns);
	free(w->by_group);
	histogram_free(w->one);
	histogram_free(w->all);
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

/* Once its keys are known; so that sorting needs no memory. */
static int groups_init(struct grouping *g)
{
	uint32_t n = distinct_count(g->keys);

	g->count = n;
	g->groups = calloc((size_t)n + 1, sizeof(*g->groups));
	g->order = malloc(((size_t)n + 1) * sizeof(*g->order));
	g->items = malloc(2 * ((size_t)n + 1) * sizeof(*g->items));
	g->by_key = distinct_order(g->keys);
	if (!g->groups || !g->order || !g->items || !g->by_key)
		return -ENOMEM;
	order_by_key(g, false);
	return 0;
}

int grouping_make_pairs(struct grouping **out, const struct row_source *src, struct filter *filter,
			const struct field *by, const struct field *second, uint32_t from_seq,
			uint32_t to_seq, uint32_t max_groups)
{
	struct work w = { .src = src };
	int rc;

	*out = NULL;
	if ((by->flags | (second ? second->flags : 0)) & FIELD_NO_GROUP)
		return -EINVAL;
	rc = work_init(&w, by, second, to_seq - from_seq, max_groups);
	if (rc == 0)
		rc = count_rows(&w, filter, from_seq, to_seq);
	if (rc)
		goto out;
	rc = groups_init(w.g);
	if (rc == 0)
		rc = gather_samples(&w);
	if (rc == 0) {
		fill_groups(&w);
		*out = w.g;
		w.g = NULL;
	}
out:
	work_fini(&w);
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

static bool is_latency(enum group_column c)
{
	return c >= GROUP_LATENCY_AVG && c <= GROUP_LATENCY_MAX;
}

static uint64_t figure(const struct group *g, enum group_column by)
{
	if (is_latency(by))
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

/* Groups without a sample are neither fast nor slow: last, either way. */
static uint64_t sort_key(const struct group *g, enum group_column by, bool descending)
{
	uint64_t n = figure(g, by);

	if (is_latency(by) && !g->answered)
		return UINT64_MAX;
	return descending ? UINT64_MAX - 1 - n : n;
}

void grouping_sort(struct grouping *g, enum group_column by, bool descending)
{
	struct radix_item *sorted;

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
