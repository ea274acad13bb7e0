/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/model/queries.h"

#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/hash.h"
#include "core/query/tallies.h"
#include "tui/model/fresh.h"

#define MAX_QUERIES 40
/* More different keys than these are counted together. */
#define MAX_GROUPS 200000
/* A query is made again at most this often, and takes one part in so many of
 * the time; all together take so much CPU of a frame, looked at after so many
 * rows or groups. */
#define UPDATE_EVERY_NS 900000000ull
#define UPDATE_SHARE    50
#define FRAME_NS        10000000ull
#define SLICE_ROWS      4096
#define SLICE_GROUPS    1024

/* One that is being made; what it replaces is shown meanwhile. */
struct making {
	uint32_t at, to; /* rows [at, to) are still to be counted */
	struct fresh fresh;
	uint64_t last_bucket;
	struct tallies *tallies;
	struct grouping *groups; /* made of them */
	struct timeline *times;
	struct timeline_pass *pass; /* into times */
};

struct query {
	const struct field *by, *second;
	bool is_times;
	bool used; /* in this frame */
	bool is_made_again;
	uint32_t made;
	uint64_t last_bucket; /* of time, when it was made */
	uint64_t keys_hash;
	uint32_t n_keys;
	struct fresh fresh;
	struct grouping *groups;
	struct timeline *times;
	struct making making;
};

struct queries {
	struct query *at[MAX_QUERIES];
	int n;
	uint64_t spent_ns; /* of the frame's time */
	bool busy;
};

struct queries *queries_new(void)
{
	return calloc(1, sizeof(struct queries));
}

static void making_stop(struct query *q)
{
	tallies_free(q->making.tallies);
	grouping_free(q->making.groups);
	timeline_end(q->making.pass);
	free(q->making.times);
	q->making = (struct making){ 0 };
	q->is_made_again = false;
}

static void query_free(struct query *q)
{
	making_stop(q);
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
	return q->is_times && q->times && q->times->bucket_ns &&
	       f->now_ns / q->times->bucket_ns != q->last_bucket;
}

static bool is_stale(const struct query *q, const struct frame *f)
{
	return fresh_state(&q->fresh, f, 0) == FRESH_STALE || time_passed(q, f);
}

/* Of the window, or of all that is in memory. */
static void lay_out(struct timeline *t, const struct frame *f)
{
	const struct flow_table *table = f->rows->table;
	uint64_t end = f->now_ns, start = end;

	if (f->window_ns && f->m->live)
		start = end > f->window_ns ? end - f->window_ns : 0;
	else if (f->from_seq != f->to_seq)
		start = flow_table_row(table, f->from_seq)->ts_ns;
	timeline_lay_out(t, start, end, f->m->live && !f->m->ended);
}

static bool start_groups(struct query *q, const struct frame *f)
{
	struct tallies_limits limits = {
		.groups = MAX_GROUPS,
		.group_bytes = SIZE_MAX, /* the rows are few enough */
		.sample_bytes = SIZE_MAX,
	};

	q->making.tallies = tallies_new(f->rows, q->by, q->second, &limits);
	return q->making.tallies;
}

static bool start_times(struct query *q, const struct frame *f, const struct value *keys)
{
	struct timeline_query query = {
		.src = f->rows,
		.filter = f->filter,
		.by = q->by,
		.keys = keys,
		.n_keys = q->n_keys,
	};

	q->making.times = calloc(1, sizeof(*q->making.times));
	if (!q->making.times)
		return false;
	lay_out(q->making.times, f);
	q->making.last_bucket = f->now_ns / q->making.times->bucket_ns;
	q->making.pass = timeline_begin(q->making.times, &query);
	return q->making.pass;
}

/* keys: of a timeline, with their texts. */
static bool start(struct query *q, const struct frame *f, const struct value *keys)
{
	making_stop(q);
	q->making.at = f->from_seq;
	q->making.to = f->to_seq;
	fresh_done(&q->making.fresh, f, 0);
	q->making.fresh.cost_ns = 0;
	q->is_made_again = true;
	if (q->is_times ? start_times(q, f, keys) : start_groups(q, f))
		return true;
	making_stop(q);
	return false;
}

/* Counts a few rows; those evicted meanwhile are gone. */
static void take_slice(struct query *q, const struct frame *f)
{
	const struct flow_table *t = f->rows->table;
	struct making *m = &q->making;
	uint32_t oldest = flow_table_oldest(t), end;

	if ((int32_t)(oldest - m->at) > 0)
		m->at = (int32_t)(oldest - m->to) > 0 ? m->to : oldest;
	end = m->to - m->at > SLICE_ROWS ? m->at + SLICE_ROWS : m->to;
	if (q->is_times) {
		timeline_rows(m->pass, m->at, end);
	} else {
		bool all = filter_is_empty(f->filter);

		for (uint32_t seq = m->at; seq != end; seq++) {
			const struct flow *row = flow_table_row(t, seq);

			if (all || filter_match(f->filter, f->rows, row))
				tallies_add(m->tallies, row);
		}
	}
	m->at = end;
}

/* What was made takes the place of what it was made for. */
static void replace(struct query *q)
{
	struct making *m = &q->making;

	if (q->is_times) {
		free(q->times);
		q->times = m->times;
		m->times = NULL;
	} else {
		grouping_free(q->groups);
		q->groups = m->groups;
		m->groups = NULL;
	}
	q->fresh = m->fresh;
	q->last_bucket = m->last_bucket;
	q->made++;
	making_stop(q);
}

/* A part of the work; true when all of it is done. */
static bool work(struct query *q, const struct frame *f)
{
	struct making *m = &q->making;

	if (m->at != m->to) {
		take_slice(q, f);
		return false;
	}
	return q->is_times || tallies_finish_some(m->tallies, SLICE_GROUPS, &m->groups) <= 0;
}

/* Goes on with what is being made until it is, or the frame's time is up. */
static void go_on(struct queries *qs, struct query *q, const struct frame *f)
{
	uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID), spent = 0;
	bool done = false;

	while (!done && qs->spent_ns + spent < FRAME_NS) {
		done = work(q, f);
		spent = clock_ns(CLOCK_THREAD_CPUTIME_ID) - began;
	}
	q->making.fresh.cost_ns += spent;
	qs->spent_ns += spent;
	if (done)
		replace(q);
}

/* Whether what there is answers another question than is asked now. */
static bool must_make(const struct query *q, const struct frame *f)
{
	return fresh_state(&q->fresh, f, 0) == FRESH_ASKED;
}

/* Whether what is being made is what is asked for now. */
static bool is_being_made(const struct query *q, const struct frame *f)
{
	return q->is_made_again && fresh_state(&q->making.fresh, f, 0) != FRESH_ASKED;
}

static bool is_due(const struct query *q, const struct frame *f)
{
	return !q->is_made_again && is_stale(q, f) &&
	       fresh_may(&q->fresh, UPDATE_EVERY_NS, UPDATE_SHARE);
}

/* What is being made, else what is oldest. Timelines are begun by who has their
 * keys. */
static struct query *next_to_make(struct queries *q, const struct frame *f)
{
	struct query *oldest = NULL;

	for (int i = 0; i < q->n; i++) {
		struct query *at = q->at[i];

		if (is_being_made(at, f))
			return at;
		if (!at->is_times && !must_make(at, f) && is_due(at, f) &&
		    (!oldest || at->fresh.made_at_ns < oldest->fresh.made_at_ns))
			oldest = at;
	}
	return oldest;
}

void queries_begin(struct queries *q, const struct frame *f)
{
	q->spent_ns = 0;
	q->busy = false;
	for (int i = 0; i < q->n; i++)
		q->at[i]->used = false;
	while (q->spent_ns < FRAME_NS) {
		struct query *next = next_to_make(q, f);

		if (!next || (!next->is_made_again && !start(next, f, NULL)))
			return;
		go_on(q, next, f);
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

bool queries_are_busy(const struct queries *q)
{
	return q->busy;
}

static struct query *find_query(struct queries *q, const struct query *like)
{
	struct query *new;

	for (int i = 0; i < q->n; i++) {
		struct query *at = q->at[i];

		if (at->by == like->by && at->second == like->second &&
		    at->is_times == like->is_times && at->keys_hash == like->keys_hash)
			return at;
	}
	new = q->n < MAX_QUERIES ? calloc(1, sizeof(*new)) : NULL;
	if (!new)
		return NULL;
	*new = *like;
	q->at[q->n++] = new;
	return new;
}

/* Begins what is asked for, unless it is begun or there. */
static void ask(struct queries *qs, struct query *q, const struct frame *f,
		const struct value *keys)
{
	q->used = true;
	if (!must_make(q, f)) {
		if (q->is_times && is_due(q, f))
			start(q, f, keys);
		return;
	}
	if (!is_being_made(q, f) && !start(q, f, keys))
		return;
	go_on(qs, q, f);
	qs->busy |= q->is_made_again;
}

struct grouping *queries_groups(struct queries *q, const struct frame *f, const struct field *by,
				const struct field *second, uint32_t *made)
{
	struct query *at = find_query(q, &(struct query){ .by = by, .second = second });

	if (!at)
		return NULL;
	ask(q, at, f, NULL);
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

const struct timeline *queries_times(struct queries *q, const struct frame *f,
				     const struct field *by, const struct value *keys, uint32_t n)
{
	struct query *at;

	n = n < TIMELINE_KEYS ? n : TIMELINE_KEYS;
	at = find_query(q, &(struct query){ .by = by,
					    .is_times = true,
					    .n_keys = n,
					    .keys_hash = hash_keys(keys, n) });
	if (!at)
		return NULL;
	ask(q, at, f, keys);
	return at->times;
}
