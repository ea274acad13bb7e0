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

struct timeline_pass {
	struct timeline *t;
	struct timeline_query q; /* its keys are ours */
	struct value keys[TIMELINE_KEYS];
	char *texts; /* of the keys */
	/* Which key each distinct value is. */
	struct distinct *values;
	uint32_t *key_of; /* by number of the value */
	uint32_t known, room;
};

static int learn_keys(struct timeline_pass *p)
{
	uint32_t n = distinct_count(p->values);

	if (n > p->room) {
		uint32_t room = n * 2;
		uint32_t *more = realloc(p->key_of, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		p->key_of = more;
		p->room = room;
	}
	for (; p->known < n; p->known++) {
		const struct value *v = distinct_at(p->values, p->known);

		p->key_of[p->known] = NO_KEY;
		for (uint32_t i = 0; i < p->q.n_keys; i++) {
			if (p->q.keys[i].type == v->type && value_compare(&p->q.keys[i], v) == 0)
				p->key_of[p->known] = i;
		}
	}
	return 0;
}

/* The key of a row; NO_KEY, or a negative errno in *rc. */
static uint32_t key_of_row(struct timeline_pass *p, const struct flow *f, int *rc)
{
	uint32_t number = distinct_of(p->values, f);

	if (number == DISTINCT_FULL) {
		*rc = distinct_error(p->values);
		return NO_KEY;
	}
	if (number >= p->known)
		*rc = learn_keys(p);
	return *rc || number >= p->known ? NO_KEY : p->key_of[number];
}

static void add_row(struct timeline_point *p, const struct flow *f)
{
	p->count++;
	if (f->state != FLOW_ANSWERED)
		return;
	p->answered++;
	p->latency_sum += f->latency_ns;
}

/* The keys' texts may not outlive the question. */
static int copy_keys(struct timeline_pass *p)
{
	size_t room = 1;
	char *at;

	for (uint32_t i = 0; i < p->q.n_keys; i++)
		room += p->q.keys[i].text ? p->q.keys[i].len + 1 : 0;
	at = p->texts = malloc(room);
	if (!at)
		return -ENOMEM;
	for (uint32_t i = 0; i < p->q.n_keys; i++) {
		struct value *v = &p->keys[i];

		*v = p->q.keys[i];
		if (!v->text)
			continue;
		memcpy(at, v->text, v->len);
		at[v->len] = '\0';
		v->text = at;
		at += v->len + 1;
	}
	p->q.keys = p->keys;
	return 0;
}

struct timeline_pass *timeline_begin(struct timeline *t, const struct timeline_query *q)
{
	struct timeline_pass *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->t = t;
	p->q = *q;
	if (q->n_keys)
		p->values = distinct_new(q->src, q->by, MAX_VALUES);
	if (copy_keys(p) || (q->n_keys && !p->values)) {
		timeline_end(p);
		return NULL;
	}
	t->n_keys = q->n_keys;
	memset(t->total, 0, sizeof(t->total));
	memset(t->key, 0, sizeof(t->key[0]) * q->n_keys);
	return p;
}

void timeline_end(struct timeline_pass *p)
{
	if (!p)
		return;
	distinct_free(p->values);
	free(p->key_of);
	free(p->texts);
	free(p);
}

int timeline_rows(struct timeline_pass *p, uint32_t from_seq, uint32_t to_seq)
{
	const struct timeline_query *q = &p->q;
	struct timeline *t = p->t;
	bool all = filter_is_empty(q->filter);
	int rc = 0;

	if (!all)
		filter_begin(q->filter, q->src);
	for (uint32_t seq = from_seq; seq != to_seq && rc == 0; seq++) {
		const struct flow *f = flow_table_row(q->src->table, seq);
		uint64_t bucket = (f->ts_ns - t->start_ns) / t->bucket_ns;
		uint32_t key;

		/* What came before the start wraps round to be far too late. */
		if (bucket >= t->n_buckets || (!all && !filter_run(q->filter, q->src, f)))
			continue;
		add_row(&t->total[bucket], f);
		key = q->n_keys ? key_of_row(p, f, &rc) : NO_KEY;
		if (key != NO_KEY)
			add_row(&t->key[key][bucket], f);
	}
	return rc;
}

int timeline_count(struct timeline *t, const struct timeline_query *q)
{
	struct timeline_pass *p = timeline_begin(t, q);
	int rc = p ? timeline_rows(p, q->from_seq, q->to_seq) : -ENOMEM;

	timeline_end(p);
	return rc;
}
