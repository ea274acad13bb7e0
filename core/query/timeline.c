/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/timeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/query/distinct.h"
#include "core/query/filter_internal.h"

#define MS 1000000ull
#define S  (1000 * MS)

/* More different values than these are of no key, unless one was met before. */
#define MAX_VALUES 200000
#define NO_KEY     UINT32_MAX

void timeline_lay_out(struct timeline *t, uint64_t start_ns, uint64_t end_ns, bool whole)
{
	static const uint64_t lengths[] = {
		500 * MS, S,        2 * S,    5 * S,     10 * S,    15 * S,
		30 * S,   60 * S,   120 * S,  300 * S,   600 * S,   900 * S,
		1800 * S, 3600 * S, 7200 * S, 21600 * S, 43200 * S,
	};
	uint64_t span, first, last;
	size_t i = 0;

	/* A clock may have been set back. */
	if (start_ns > end_ns)
		start_ns = end_ns;
	span = end_ns - start_ns;

	/* One bucket may be begun at each end. */
	while (i < sizeof(lengths) / sizeof(lengths[0]) - 1 &&
	       span / lengths[i] + 2 > TIMELINE_BUCKETS)
		i++;
	t->bucket_ns = lengths[i];
	while (span / t->bucket_ns + 2 > TIMELINE_BUCKETS)
		t->bucket_ns *= 2;
	first = start_ns / t->bucket_ns;
	last = end_ns / t->bucket_ns;
	if (whole && last > first)
		last--;
	t->start_ns = first * t->bucket_ns;
	t->n_buckets = (uint32_t)(last - first + 1);
}

/* Which key each distinct value is. */
struct keys {
	const struct timeline_query *q;
	struct distinct *values;
	uint32_t *key_of; /* by number of the value */
	uint32_t known, room;
};

static int learn_keys(struct keys *k)
{
	uint32_t n = distinct_count(k->values);

	if (n > k->room) {
		uint32_t room = n * 2;
		uint32_t *more = realloc(k->key_of, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		k->key_of = more;
		k->room = room;
	}
	for (; k->known < n; k->known++) {
		const struct value *v = distinct_at(k->values, k->known);

		k->key_of[k->known] = NO_KEY;
		for (uint32_t i = 0; i < k->q->n_keys; i++) {
			if (k->q->keys[i].type == v->type && value_compare(&k->q->keys[i], v) == 0)
				k->key_of[k->known] = i;
		}
	}
	return 0;
}

/* The key of a row; NO_KEY, or a negative errno in *rc. */
static uint32_t key_of_row(struct keys *k, const struct flow *f, int *rc)
{
	uint32_t number = distinct_of(k->values, f);

	if (number == DISTINCT_FULL) {
		*rc = distinct_error(k->values);
		return NO_KEY;
	}
	if (number >= k->known)
		*rc = learn_keys(k);
	return *rc ? NO_KEY : k->key_of[number];
}

static void add_row(struct timeline_point *p, const struct flow *f)
{
	p->count++;
	if (f->state != FLOW_ANSWERED)
		return;
	p->answered++;
	p->latency_sum += f->latency_ns;
}

static int count_rows(struct timeline *t, struct keys *k)
{
	const struct timeline_query *q = k->q;
	bool all = filter_is_empty(q->filter);
	int rc = 0;

	if (!all)
		filter_begin(q->filter, q->src);
	for (uint32_t seq = q->from_seq; seq != q->to_seq && rc == 0; seq++) {
		const struct flow *f = flow_table_row(q->src->table, seq);
		uint64_t bucket = (f->ts_ns - t->start_ns) / t->bucket_ns;
		uint32_t key;

		/* What came before the start wraps round to be far too late. */
		if (bucket >= t->n_buckets || (!all && !filter_run(q->filter, q->src, f)))
			continue;
		add_row(&t->total[bucket], f);
		key = q->n_keys ? key_of_row(k, f, &rc) : NO_KEY;
		if (key != NO_KEY)
			add_row(&t->key[key][bucket], f);
	}
	return rc;
}

int timeline_count(struct timeline *t, const struct timeline_query *q)
{
	struct keys k = { .q = q };
	int rc = 0;

	t->n_keys = q->n_keys;
	memset(t->total, 0, sizeof(t->total));
	memset(t->key, 0, sizeof(t->key[0]) * q->n_keys);
	if (q->n_keys) {
		k.values = distinct_new(q->src, q->by, MAX_VALUES);
		rc = k.values ? 0 : -ENOMEM;
	}
	if (rc == 0)
		rc = count_rows(t, &k);
	distinct_free(k.values);
	free(k.key_of);
	return rc;
}
