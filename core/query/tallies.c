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

/* What is counted of a row. */
struct sample {
	uint64_t latency_ns; /* NO_LATENCY: it was not answered */
	uint32_t bytes;
	uint32_t timed_out : 1;
	uint32_t error : 1;
	uint32_t number : 30; /* of its group, or OTHER */
};

#define NO_LATENCY UINT64_MAX

/* Of many groups rows are held until there are so many that some belong to one
 * group, sorted by it and counted then: that group comes from memory once for all
 * of them, and memory is gone through in its order. */
#define HELD (1u << 17)
/* So many are in the caches anyway. */
#define FEW_GROUPS 256
/* Sorting goes by so many bits of the number at once. */
#define DIGIT_BITS 9
#define DIGITS     (1u << DIGIT_BITS)
/* Latencies of one group that are counted together. */
#define TOGETHER 256

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
	size_t group_bytes;  /* at the most */
	struct sample *held; /* room for 2 * HELD, half of it to sort with; NULL: not yet needed */
	uint32_t n_held;
	struct histogram_memory samples;
	struct group *done; /* finishing: the first n_done groups of `groups` */
	uint32_t n_done;
	struct tally total;
	bool is_summed; /* total has the latencies of all groups, and gets what comes */
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
	t->total_samples.pool.max = SIZE_MAX;
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
	pages_free(t->held, 2 * HELD, sizeof(*t->held));
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

/* Latencies of one group. */
static void count_latencies(struct tallies *t, struct tally *tally, const uint64_t *ns, uint32_t n)
{
	histogram_add_all(&tally->latencies, ns, n, &t->samples);
	if (t->is_summed)
		histogram_add_all(&t->total.latencies, ns, n, &t->total_samples);
}

/* Few groups are cheaper summed at the end, many as long as they are few. */
static void sum_latencies(struct tallies *t)
{
	if (t->is_summed)
		return;
	histogram_merge(&t->total.latencies, &t->other.latencies, &t->total_samples);
	for (uint32_t i = 0; i < t->count; i++)
		histogram_merge(&t->total.latencies, &t->groups[i].latencies, &t->total_samples);
	t->is_summed = true;
}

static inline void count_figures(struct tally *tally, const struct sample *s)
{
	tally->count++;
	tally->bytes += s->bytes;
	tally->timeouts += s->timed_out;
	tally->errors += s->error;
}

static void count_one(struct tallies *t, const struct sample *s)
{
	struct tally *tally = tally_of(t, s->number);

	count_figures(tally, s);
	if (s->latency_ns == NO_LATENCY)
		return;
	histogram_add(&tally->latencies, s->latency_ns, &t->samples);
	if (t->is_summed)
		histogram_add(&t->total.latencies, s->latency_ns, &t->total_samples);
}

/* The rows from *s on that are of its group; returns where others begin. */
static const struct sample *count_run(struct tallies *t, const struct sample *s,
				      const struct sample *end)
{
	uint32_t number = s->number, n = 0;
	struct tally *tally = tally_of(t, number);
	uint64_t ns[TOGETHER];

	for (; s < end && s->number == number; s++) {
		count_figures(tally, s);
		ns[n] = s->latency_ns;
		n += s->latency_ns != NO_LATENCY;
		if (n == TOGETHER) {
			count_latencies(t, tally, ns, n);
			n = 0;
		}
	}
	if (n)
		count_latencies(t, tally, ns, n);
	return s;
}

/* By some bits of their numbers; those that are equal there keep their order. */
static void sort_digit(const struct sample *from, struct sample *to, uint32_t n, unsigned shift)
{
	uint32_t at[DIGITS] = { 0 }, sum = 0;

	for (uint32_t i = 0; i < n; i++)
		at[from[i].number >> shift & (DIGITS - 1)]++;
	for (uint32_t digit = 0; digit < DIGITS; digit++) {
		uint32_t count = at[digit];

		at[digit] = sum;
		sum += count;
	}
	for (uint32_t i = 0; i < n; i++)
		to[at[from[i].number >> shift & (DIGITS - 1)]++] = from[i];
}

static void count_held(struct tallies *t)
{
	struct sample *from = t->held, *to = t->held + HELD, *swap;
	const struct sample *s, *end;

	/* OTHER is among the last by any bits. */
	for (unsigned shift = 0; t->count >> shift; shift += DIGIT_BITS) {
		sort_digit(from, to, t->n_held, shift);
		swap = from;
		from = to;
		to = swap;
	}
	end = from + t->n_held;
	for (s = from; s < end;)
		s = count_run(t, s, end);
	t->n_held = 0;
}

/* False when memory is short. */
static bool hold(struct tallies *t, const struct sample *s)
{
	if (!t->held) {
		t->held = pages_alloc(2 * HELD, sizeof(*t->held));
		sum_latencies(t);
	}
	if (!t->held)
		return false;
	t->held[t->n_held++] = *s;
	if (t->n_held == HELD)
		count_held(t);
	return true;
}

static uint32_t number_of(struct tallies *t, const struct flow *row)
{
	uint32_t number = distinct_of(t->keys, row);

	if (number == DISTINCT_FULL)
		/* Short of memory once, it would be so for each row. */
		distinct_close(t->keys);
	if (distinct_count(t->keys) > t->count)
		begin_group(t);
	return number == DISTINCT_FULL ? OTHER : number;
}

/* Returns the number of the row's group, or OTHER. */
static uint32_t count_row(struct tallies *t, const struct flow *row)
{
	struct sample s = {
		.latency_ns = row->state == FLOW_ANSWERED ? row->latency_ns : NO_LATENCY,
		.bytes = row->query_bytes + row->response_bytes,
		.timed_out = flow_is_unanswered(row),
		.error = (row->marks & FLOW_HAS_RESPONSE) && row->rcode != 0,
		.number = number_of(t, row) & OTHER,
	};

	if (t->count <= FEW_GROUPS || !hold(t, &s))
		count_one(t, &s);
	return s.number;
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
	uint32_t number = OTHER;

	if (row->marks & FLOW_SETTLED_ONCE)
		take_back(t, row, *settled);
	if (passes)
		number = count_row(t, row);
	if (row->state != FLOW_ANSWERED)
		*settled = (struct settled){
			.counted = passes,
			.timed_out = flow_is_unanswered(row),
			.number = number & OTHER,
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

static void finish_group(struct tallies *t, struct group *out, const struct tally *tally)
{
	fill_group(out, tally);
	t->total.count += tally->count;
	t->total.bytes += tally->bytes;
	t->total.timeouts += tally->timeouts;
	t->total.errors += tally->errors;
}

static bool finish_begin(struct tallies *t)
{
	t->done = calloc((size_t)t->count + 1, sizeof(*t->done));
	if (!t->done)
		return false;
	if (t->n_held)
		count_held(t);
	sum_latencies(t);
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
