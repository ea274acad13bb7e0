/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/view.h"

#include <errno.h>
#include <stdlib.h>

#include "core/query/distinct.h"
#include "core/query/filter_internal.h"
#include "core/query/radix.h"

/*
 * seqs is in ascending order, the rows without the fact behind; a descending
 * view reads both parts backwards.
 */
struct view {
	uint32_t *seqs;
	uint32_t room;
	uint32_t count;
	uint32_t present; /* rows that have the fact */
	uint32_t from_seq;
	bool by_time;
	bool descending;
	struct radix_item *items; /* 2 * items_room, for sorting */
	uint32_t items_room;
};

struct view *view_new(void)
{
	return calloc(1, sizeof(struct view));
}

void view_free(struct view *v)
{
	if (!v)
		return;
	free(v->seqs);
	free(v->items);
	free(v);
}

/* As many as the table has rows, not as pass: memory that is not written
 * costs nothing. */
static int make_room(struct view *v, uint32_t rows, bool sorted)
{
	if (rows > v->room) {
		free(v->seqs);
		v->room = 0;
		v->seqs = malloc(rows * sizeof(*v->seqs));
		if (!v->seqs)
			return -ENOMEM;
		v->room = rows;
	}
	if (sorted && rows > v->items_room) {
		free(v->items);
		v->items_room = 0;
		v->items = malloc(2 * (size_t)rows * sizeof(*v->items));
		if (!v->items)
			return -ENOMEM;
		v->items_room = rows;
	}
	return 0;
}

/* The rows that pass, by arrival. */
static void collect(struct view *v, const struct row_source *src, struct filter *filter,
		    uint32_t from_seq, uint32_t to_seq)
{
	const struct flow_table *t = src->table;
	uint32_t n = 0;

	if (filter_is_empty(filter)) {
		for (uint32_t seq = from_seq; seq != to_seq; seq++)
			v->seqs[n++] = seq;
	} else {
		filter_begin(filter, src);
		for (uint32_t seq = from_seq; seq != to_seq; seq++) {
			v->seqs[n] = seq;
			n += filter_run(filter, src, flow_table_row(t, seq));
		}
	}
	v->count = v->present = n;
}

/* Splits the rows collected: those with the fact become items, with its key;
 * those without it stay in seqs, from the front. Returns how many stay. */
static uint32_t key_numbers(struct view *v, const struct row_source *src, const struct field *field)
{
	uint32_t n = 0, absent = 0;
	struct value value;
	char buf[VALUE_BUF];

	for (uint32_t i = 0; i < v->count; i++) {
		uint32_t seq = v->seqs[i];

		field->get(src, flow_table_row(src->table, seq), &value, buf);
		if (value.type == VALUE_NONE)
			v->seqs[absent++] = seq;
		else
			v->items[n++] = (struct radix_item){ value_key(&value), seq };
	}
	v->present = n;
	return absent;
}

/* ranks[number of a value]: its place among the others. NULL: out of memory. */
static uint32_t *rank_values(const struct distinct *d)
{
	uint32_t n = distinct_count(d);
	uint32_t *order = distinct_order(d);
	uint32_t *ranks = order ? malloc(((size_t)n + 1) * sizeof(*ranks)) : NULL;

	for (uint32_t i = 0; ranks && i < n; i++)
		ranks[order[i]] = i;
	free(order);
	return ranks;
}

/* Values that a number does not hold are ranked first, each distinct one once:
 * the keys are the ranks. Otherwise as key_numbers. */
static int key_ranks(struct view *v, const struct row_source *src, const struct field *field,
		     uint32_t *absent)
{
	struct distinct *d = distinct_new(src, field, UINT32_MAX - 1);
	uint32_t *ranks = NULL;
	uint32_t n = 0;
	int rc = -ENOMEM;

	*absent = 0;
	if (!d)
		goto out;
	for (uint32_t i = 0; i < v->count; i++) {
		uint32_t number = distinct_of(d, flow_table_row(src->table, v->seqs[i]));

		if (number == DISTINCT_FULL)
			goto out;
		v->items[i] = (struct radix_item){ number, v->seqs[i] };
	}
	ranks = rank_values(d);
	if (!ranks)
		goto out;
	for (uint32_t i = 0; i < v->count; i++) {
		uint32_t number = (uint32_t)v->items[i].key, seq = v->items[i].seq;

		if (distinct_at(d, number)->type == VALUE_NONE)
			v->seqs[(*absent)++] = seq;
		else
			v->items[n++] = (struct radix_item){ ranks[number], seq };
	}
	v->present = n;
	rc = 0;
out:
	free(ranks);
	distinct_free(d);
	return rc;
}

static bool is_number(const struct field *field)
{
	return field->type != VALUE_TEXT && field->type != VALUE_LIST && field->type != VALUE_ADDR;
}

static int sort_rows(struct view *v, const struct row_source *src, const struct field *field)
{
	const struct radix_item *sorted;
	uint32_t absent;
	int rc = 0;

	if (is_number(field))
		absent = key_numbers(v, src, field);
	else
		rc = key_ranks(v, src, field, &absent);
	if (rc)
		return rc;
	sorted = radix_sort(v->items, v->items + v->items_room, v->present);
	/* The absent ones make room at the front, in their order. */
	for (uint32_t i = absent; i-- > 0;)
		v->seqs[v->present + i] = v->seqs[i];
	for (uint32_t i = 0; i < v->present; i++)
		v->seqs[i] = sorted[i].seq;
	return 0;
}

int view_update(struct view *v, const struct row_source *src, struct filter *filter,
		struct view_order order, uint32_t from_seq, uint32_t to_seq)
{
	int rc;

	v->count = v->present = 0;
	v->from_seq = from_seq;
	v->by_time = !order.field;
	v->descending = order.descending;
	rc = make_room(v, to_seq - from_seq, order.field != NULL);
	if (rc)
		return rc;
	collect(v, src, filter, from_seq, to_seq);
	rc = order.field ? sort_rows(v, src, order.field) : 0;
	if (rc)
		v->count = v->present = 0;
	return rc;
}

uint32_t view_count(const struct view *v)
{
	return v->count;
}

/* Position on screen to position in seqs, and back: it is its own inverse. */
static uint32_t turned(const struct view *v, uint32_t i)
{
	if (!v->descending)
		return i;
	return i < v->present ? v->present - 1 - i : v->count - 1 - (i - v->present);
}

uint32_t view_seq(const struct view *v, uint32_t i)
{
	return v->seqs[turned(v, i)];
}

/* By time a binary search; else all are looked at, 4 bytes each. */
int64_t view_find(const struct view *v, uint32_t seq)
{
	uint32_t from = 0, to = v->count;

	while (v->by_time && from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (v->seqs[middle] - v->from_seq < seq - v->from_seq)
			from = middle + 1;
		else
			to = middle;
	}
	while (!v->by_time && from < v->count && v->seqs[from] != seq)
		from++;
	return from < v->count && v->seqs[from] == seq ? (int64_t)turned(v, from) : -1;
}
