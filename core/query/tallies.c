/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/tallies.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/pages.h"
#include "core/flow/histogram.h"
#include "core/query/distinct.h"

#define FIRST_ROOM 64
#define OTHER      TALLIES_MAX_GROUPS /* where a group's number is expected */

struct tally {
	struct histogram latencies;
	uint64_t count;
	uint64_t bytes;
	uint64_t timeouts;
	uint64_t errors;
};

/* What is needed of a row. It is counted a few rows later, so that its number,
 * its group's tally and the place of its sample have come from memory by then,
 * each asked for as soon as it is known where it is. */
struct held {
	uint64_t latency_ns;
	uint32_t number; /* of its group or OTHER; for the newest a note (distinct.h) */
	uint32_t bytes;
	bool answered;
	bool timed_out;
	bool error;
};

/* Rows held, and how many rows ago one came whose number or tally is there. */
#define HELD       16 /* a power of two */
#define HELD_NOTES 5
#define HELD_TALLY 10
/* So many are in the caches anyway. */
#define FEW_GROUPS 256

/* How a row that settled unanswered was counted: it may settle again. */
struct settled {
	uint32_t counted : 1;
	uint32_t timed_out : 1;
	uint32_t number : 30; /* of its group, or OTHER */
};

struct tallies {
	const struct row_source *src;
	struct distinct *keys;
	struct tally *groups; /* by number of the key */
	uint32_t count;
	uint32_t room; /* more than count, or keys is closed */
	struct tally other;
	size_t group_bytes;     /* at the most */
	struct held held[HELD]; /* row n, from zero, is in n % HELD */
	uint64_t rows;          /* that came */
	uint64_t numbered;      /* of them, those whose number is known */
	struct histogram_memory samples;
	struct group *done; /* finishing: the first n_done groups of `groups`, and their sum */
	uint32_t n_done;
	struct tally total;
	struct histogram_memory total_samples;
	struct settled
		*settled; /* by place in the table's ring; written where a row is unanswered */
};

struct tallies *tallies_new(const struct row_source *src, const struct field *by,
			    const struct field *second, const struct tallies_limits *limits)
{
	uint32_t max = limits->groups < TALLIES_MAX_GROUPS ? limits->groups : TALLIES_MAX_GROUPS;
	struct tallies *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->src = src;
	t->group_bytes = limits->group_bytes;
	t->samples.pool.max = limits->sample_bytes;
	t->keys = second ? distinct_new_pairs(src, by, second, max) : distinct_new(src, by, max);
	t->room = FIRST_ROOM;
	t->groups = pages_alloc(t->room, sizeof(*t->groups));
	/* Pages are taken where unanswered rows are. */
	t->settled = calloc(src->table->capacity, sizeof(*t->settled));
	if (!t->keys || !t->groups || !t->settled) {
		tallies_free(t);
		return NULL;
	}
	return t;
}

void tallies_free(struct tallies *t)
{
	if (!t)
		return;
	histogram_memory_fini(&t->samples);
	histogram_memory_fini(&t->total_samples);
	free(t->done);
	distinct_free(t->keys);
	pages_free(t->groups, t->room, sizeof(*t->groups));
	free(t->settled);
	free(t);
}

static bool grow(struct tallies *t)
{
	struct tally *more = pages_alloc(2 * (size_t)t->room, sizeof(*more));

	if (!more)
		return false;
	memcpy(more, t->groups, t->count * sizeof(*more));
	pages_free(t->groups, t->room, sizeof(*t->groups));
	t->groups = more;
	t->room *= 2;
	return true;
}

/* Begins the group of a new key; the last one when that is enough of them. */
static void begin_group(struct tallies *t)
{
	t->count++;
	if (distinct_bytes(t->keys) + t->count * sizeof(struct tally) > t->group_bytes ||
	    (t->count == t->room && !grow(t)))
		distinct_close(t->keys);
}

static struct tally *tally_of(struct tallies *t, uint32_t number)
{
	return number == OTHER ? &t->other : &t->groups[number];
}

static struct held *held(struct tallies *t, uint64_t row)
{
	return &t->held[row % HELD];
}

static uint32_t number_of(const struct tallies *t, uint32_t note)
{
	uint32_t number = distinct_noted(t->keys, note);

	return number == DISTINCT_FULL ? OTHER : number;
}

/* Turns the notes of all rows before this one into numbers. */
static void number_rows(struct tallies *t, uint64_t end)
{
	for (; t->numbered < end; t->numbered++) {
		struct held *h = held(t, t->numbered);
		struct tally *tally;

		h->number = number_of(t, h->number);
		tally = tally_of(t, h->number);
		__builtin_prefetch(tally);
		__builtin_prefetch(&tally->errors);
	}
}

static void count_held(struct tallies *t, const struct held *h)
{
	struct tally *tally = tally_of(t, h->number);

	tally->count++;
	tally->bytes += h->bytes;
	tally->timeouts += h->timed_out;
	tally->errors += h->error;
	if (h->answered)
		histogram_add(&tally->latencies, h->latency_ns, &t->samples);
}

static void count_all(struct tallies *t)
{
	number_rows(t, t->rows);
	for (uint64_t row = t->rows < HELD ? 0 : t->rows - HELD; row < t->rows; row++)
		count_held(t, held(t, row));
}

static uint32_t note_of(struct tallies *t, const struct flow *row)
{
	uint32_t note;

	if (distinct_is_stale(t->keys))
		number_rows(t, t->rows);
	note = distinct_note(t->keys, row);
	if (note == DISTINCT_FULL)
		/* Short of memory once, it would be so for each row. */
		distinct_close(t->keys);
	if (distinct_count(t->keys) > t->count)
		begin_group(t);
	return note;
}

static void hold(struct tallies *t, const struct held *h)
{
	if (t->rows >= HELD)
		count_held(t, held(t, t->rows));
	*held(t, t->rows++) = *h;
	if (t->rows > HELD_NOTES)
		number_rows(t, t->rows - HELD_NOTES);
	if (t->rows > HELD_TALLY) {
		const struct held *before = held(t, t->rows - HELD_TALLY);

		if (before->answered)
			histogram_prefetch(&tally_of(t, before->number)->latencies,
					   before->latency_ns);
	}
}

/* Returns the row's note, good until the next row. */
static uint32_t count_row(struct tallies *t, const struct flow *row)
{
	struct held h = {
		.latency_ns = row->latency_ns,
		.number = note_of(t, row),
		.bytes = row->query_bytes + row->response_bytes,
		.answered = row->state == FLOW_ANSWERED,
		.timed_out = flow_is_unanswered(row),
		.error = (row->marks & FLOW_HAS_RESPONSE) && row->rcode != 0,
	};

	if (t->count > FEW_GROUPS) {
		hold(t, &h);
	} else {
		h.number = number_of(t, h.number);
		count_held(t, &h);
	}
	return h.number;
}

void tallies_add(struct tallies *t, const struct flow *row)
{
	count_row(t, row);
}

/* There was no response then: no latency, no error, no more bytes than the query's. */
static void take_back(struct tallies *t, const struct flow *row, struct settled was)
{
	struct tally *tally = tally_of(t, was.number);

	if (!was.counted)
		return;
	tally->count--;
	tally->bytes -= row->query_bytes;
	tally->timeouts -= was.timed_out;
}

void tallies_settle(struct tallies *t, const struct flow *row, bool passes)
{
	struct settled *settled = &t->settled[row - t->src->table->rows];
	uint32_t note = DISTINCT_FULL;

	if (row->marks & FLOW_SETTLED_ONCE)
		take_back(t, row, *settled);
	if (passes)
		note = count_row(t, row);
	if (row->state != FLOW_ANSWERED)
		*settled = (struct settled){
			.counted = passes,
			.timed_out = flow_is_unanswered(row),
			.number = number_of(t, note),
		};
}

uint64_t tallies_lost(const struct tallies *t)
{
	return t->samples.lost;
}

static void fill_group(struct group *g, const struct tally *tally)
{
	static const unsigned permille[] = { 500, 900, 990 };
	const struct histogram *h = &tally->latencies;
	uint64_t quantiles[3];

	histogram_quantiles(h, permille, 3, quantiles);
	g->count = tally->count;
	g->answered = h->count;
	g->timeouts = tally->timeouts;
	g->errors = tally->errors;
	g->bytes = tally->bytes;
	g->latency_ns[GROUP_LATENCY_AVG] = histogram_avg(h);
	g->latency_ns[GROUP_LATENCY_MIN] = h->min;
	g->latency_ns[GROUP_LATENCY_P50] = quantiles[0];
	g->latency_ns[GROUP_LATENCY_P90] = quantiles[1];
	g->latency_ns[GROUP_LATENCY_P99] = quantiles[2];
	g->latency_ns[GROUP_LATENCY_MAX] = h->max;
}

static void tally_merge(struct tally *into, const struct tally *from, struct histogram_memory *m)
{
	histogram_merge(&into->latencies, &from->latencies, m);
	into->count += from->count;
	into->bytes += from->bytes;
	into->timeouts += from->timeouts;
	into->errors += from->errors;
}

static void finish_group(struct tallies *t, struct group *out, const struct tally *tally)
{
	fill_group(out, tally);
	tally_merge(&t->total, tally, &t->total_samples);
}

static bool finish_begin(struct tallies *t)
{
	t->done = calloc((size_t)t->count + 1, sizeof(*t->done));
	if (!t->done)
		return false;
	t->total_samples.pool.max = SIZE_MAX;
	count_all(t);
	return true;
}

int tallies_finish_some(struct tallies *t, uint32_t n, struct grouping **out)
{
	struct group all = { 0 }, other = { 0 };

	*out = NULL;
	if (!t->done && !finish_begin(t))
		return -ENOMEM;
	for (; t->n_done < t->count && n > 0; t->n_done++, n--)
		finish_group(t, &t->done[t->n_done], &t->groups[t->n_done]);
	/* What comes now takes as long as a part. */
	if (n == 0)
		return 1;
	finish_group(t, &other, &t->other);
	fill_group(&all, &t->total);
	/* What the groups take next, the samples may have taken. */
	histogram_memory_fini(&t->total_samples);
	histogram_memory_fini(&t->samples);
	*out = grouping_new(t->keys, t->done, &all, &other);
	t->keys = NULL;
	t->done = NULL;
	return *out ? 0 : -ENOMEM;
}

int tallies_finish(struct tallies *t, struct grouping **out)
{
	int rc = tallies_finish_some(t, UINT32_MAX, out);

	if (rc || grouping_order(*out))
		return rc;
	grouping_free(*out);
	*out = NULL;
	return -ENOMEM;
}
