/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/queries.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "tui/fresh.h"

#define MAX_QUERIES 40
/* More different keys than these are counted together. */
#define MAX_GROUPS 200000
/* A query is made again at most this often, and takes one part in so many of
 * the time; all together take so much of a frame. */
#define UPDATE_EVERY_NS 900000000ull
#define UPDATE_SHARE    40
#define FRAME_NS        10000000ull

struct query {
	const struct field *by;
	bool is_times;
	bool used; /* in this frame */
	bool due;  /* may be made again in this frame */
	uint32_t made;
	uint64_t last_bucket; /* of time, when it was made */
	uint64_t keys_hash;
	struct fresh fresh;
	struct grouping *groups;
	struct timeline *times;
};

struct queries {
	struct query *at[MAX_QUERIES];
	int n;
};

struct queries *queries_new(void)
{
	return calloc(1, sizeof(struct queries));
}

static void query_free(struct query *q)
{
	grouping_free(q->groups);
	free(q->times);
	free(q);
}

void queries_reset(struct queries *q)
{
	for (int i = 0; i < q->n; i++)
		query_free(q->at[i]);
	q->n = 0;
}

void queries_free(struct queries *q)
{
	if (!q)
		return;
	queries_reset(q);
	free(q);
}

/* Time passes over a timeline even when no rows come. */
static bool time_passed(const struct query *q, const struct frame *f)
{
	return q->is_times && q->times->bucket_ns &&
	       f->now_ns / q->times->bucket_ns != q->last_bucket;
}

static bool is_stale(const struct query *q, const struct frame *f)
{
	return fresh_state(&q->fresh, f, 0) == FRESH_STALE || time_passed(q, f);
}

/* The oldest first, while there is time. */
void queries_begin(struct queries *q, const struct frame *f)
{
	uint64_t spent = 0;

	for (int i = 0; i < q->n; i++)
		q->at[i]->used = q->at[i]->due = false;
	while (spent < FRAME_NS) {
		struct query *oldest = NULL;

		for (int i = 0; i < q->n; i++) {
			struct query *at = q->at[i];

			if (!at->due && is_stale(at, f) &&
			    fresh_may(&at->fresh, UPDATE_EVERY_NS, UPDATE_SHARE) &&
			    (!oldest || at->fresh.made_at_ns < oldest->fresh.made_at_ns))
				oldest = at;
		}
		if (!oldest)
			return;
		oldest->due = true;
		spent += oldest->fresh.cost_ns;
	}
}

void queries_end(struct queries *q)
{
	int n = 0;

	for (int i = 0; i < q->n; i++) {
		if (q->at[i]->used)
			q->at[n++] = q->at[i];
		else
			query_free(q->at[i]);
	}
	q->n = n;
}

static struct query *find_query(struct queries *q, const struct field *by, bool is_times,
				uint64_t keys_hash)
{
	struct query *new;

	for (int i = 0; i < q->n; i++) {
		struct query *at = q->at[i];

		if (at->by == by && at->is_times == is_times && at->keys_hash == keys_hash)
			return at;
	}
	new = q->n < MAX_QUERIES ? calloc(1, sizeof(*new)) : NULL;
	if (!new)
		return NULL;
	*new = (struct query){ .by = by, .is_times = is_times, .keys_hash = keys_hash };
	if (is_times)
		new->times = calloc(1, sizeof(*new->times));
	if (is_times && !new->times) {
		free(new);
		return NULL;
	}
	q->at[q->n++] = new;
	return new;
}

static bool must_make(const struct query *q, const struct frame *f)
{
	return q->due || fresh_state(&q->fresh, f, 0) == FRESH_ASKED;
}

const struct grouping *queries_groups(struct queries *q, const struct frame *f,
				      const struct field *by, uint32_t *made)
{
	struct query *at = find_query(q, by, false, 0);

	if (!at)
		return NULL;
	at->used = true;
	if (must_make(at, f)) {
		fresh_begin(&at->fresh);
		grouping_free(at->groups);
		at->groups = NULL;
		grouping_make(&at->groups, f->m->rows, f->filter, by, f->from_seq, f->to_seq,
			      MAX_GROUPS);
		fresh_done(&at->fresh, f, 0);
		at->made++;
		at->due = false;
	}
	*made = at->made;
	return at->groups;
}

static uint64_t hash_keys(const struct value *keys, uint32_t n)
{
	uint64_t hash = n;

	for (uint32_t i = 0; i < n; i++) {
		hash = hash_mix(hash, keys[i].type);
		if (keys[i].text)
			hash = hash_bytes(keys[i].text, keys[i].len, hash);
		else if (keys[i].type == VALUE_ADDR)
			hash = hash_bytes(keys[i].addr.b, sizeof(keys[i].addr.b), hash);
		else
			hash = hash_mix(hash, keys[i].u);
	}
	return hash;
}

/* Of the window, or of all that is in memory. */
static void lay_out(struct timeline *t, const struct frame *f)
{
	const struct flow_table *table = f->m->rows->table;
	uint64_t end = f->now_ns, start = end;

	if (f->window_ns && f->m->live)
		start = end > f->window_ns ? end - f->window_ns : 0;
	else if (f->from_seq != f->to_seq)
		start = flow_table_row(table, f->from_seq)->ts_ns;
	timeline_lay_out(t, start, end, f->m->live && !f->m->ended);
}

const struct timeline *queries_times(struct queries *q, const struct frame *f,
				     const struct field *by, const struct value *keys, uint32_t n)
{
	struct query *at = find_query(q, by, true, hash_keys(keys, n));

	if (!at)
		return NULL;
	at->used = true;
	if (must_make(at, f)) {
		struct timeline_query query = {
			.src = f->m->rows,
			.filter = f->filter,
			.by = by,
			.keys = keys,
			.n_keys = n < TIMELINE_KEYS ? n : TIMELINE_KEYS,
			.from_seq = f->from_seq,
			.to_seq = f->to_seq,
		};

		fresh_begin(&at->fresh);
		lay_out(at->times, f);
		if (timeline_count(at->times, &query))
			at->times->n_buckets = 0;
		at->last_bucket = f->now_ns / at->times->bucket_ns;
		fresh_done(&at->fresh, f, 0);
		at->due = false;
	}
	return at->times;
}
