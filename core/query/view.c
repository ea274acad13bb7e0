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
struct rows {
	uint32_t *seqs;
	uint32_t room;
	uint32_t count;
	uint32_t present; /* rows that have the fact */
	uint32_t from_seq;
	bool by_time;
	bool descending;
};

/* What is being made, in the order of these. */
enum phase {
	COLLECT, /* the rows that pass, by arrival, in rows.seqs */
	NUMBER,  /* values that a number does not hold: the number of each in keys */
	RANK,    /* the ranks of those */
	KEY,     /* items: the rows with the fact, with their keys */
	SORT,
	DONE,
};

struct making {
	enum phase phase;
	const struct row_source *src;
	struct filter *filter;
	const struct field *field; /* NULL: by time */
	struct rows rows;
	uint32_t next, to_seq;    /* COLLECT: rows from here on are still to be looked at */
	uint32_t at;              /* of rows.seqs, in the phases after it */
	uint32_t absent;          /* KEY: rows without the fact, in front of rows.seqs */
	uint32_t n_items;         /* KEY */
	struct radix_item *items; /* 2 * items_room, for sorting */
	uint32_t items_room;
	struct distinct *values; /* NUMBER to KEY */
	uint32_t *ranks;         /* RANK to KEY: by number of the value */
};

struct view {
	struct rows rows;
	struct making making;
};

struct view *view_new(void)
{
	struct view *v = calloc(1, sizeof(struct view));

	if (v)
		v->making.phase = DONE;
	return v;
}

static void forget_values(struct making *m)
{
	distinct_free(m->values);
	free(m->ranks);
	m->values = NULL;
	m->ranks = NULL;
}

void view_free(struct view *v)
{
	if (!v)
		return;
	forget_values(&v->making);
	free(v->making.rows.seqs);
	free(v->making.items);
	free(v->rows.seqs);
	free(v);
}

/* As many as the table has rows, not as pass: memory that is not written
 * costs nothing. */
static bool make_room(struct making *m, uint32_t rows)
{
	if (rows > m->rows.room) {
		free(m->rows.seqs);
		m->rows.room = 0;
		m->rows.seqs = malloc(rows * sizeof(*m->rows.seqs));
		if (!m->rows.seqs)
			return false;
		m->rows.room = rows;
	}
	if (m->field && rows > m->items_room) {
		free(m->items);
		m->items_room = 0;
		m->items = malloc(2 * (size_t)rows * sizeof(*m->items));
		if (!m->items)
			return false;
		m->items_room = rows;
	}
	return true;
}

static bool is_number(const struct field *field)
{
	return field->type != VALUE_TEXT && field->type != VALUE_LIST && field->type != VALUE_ADDR;
}

void view_begin(struct view *v, const struct row_source *src, struct filter *filter,
		struct view_order order, uint32_t from_seq, uint32_t to_seq)
{
	struct making *m = &v->making;

	forget_values(m);
	m->phase = COLLECT;
	m->src = src;
	m->filter = filter_is_empty(filter) ? NULL : filter;
	m->field = order.field;
	m->rows.count = m->rows.present = 0;
	m->rows.from_seq = m->next = from_seq;
	m->rows.by_time = !order.field;
	m->rows.descending = order.descending;
	m->to_seq = to_seq;
	m->at = m->absent = m->n_items = 0;
}

/* The end of a part of at most n, of what goes up to `to`. */
static uint32_t part_end(uint32_t from, uint32_t to, uint32_t n)
{
	return to - from > n ? from + n : to;
}

/* Rows that were evicted meanwhile are left out. */
static void collect(struct making *m, uint32_t most)
{
	const struct flow_table *t = m->src->table;
	uint32_t n = m->rows.count, oldest = flow_table_oldest(t), end;

	if ((int32_t)(oldest - m->next) > 0)
		m->next = (int32_t)(oldest - m->to_seq) > 0 ? m->to_seq : oldest;
	end = part_end(m->next, m->to_seq, most);
	if (m->filter) {
		filter_begin(m->filter, m->src);
		for (; m->next != end; m->next++) {
			m->rows.seqs[n] = m->next;
			n += filter_run(m->filter, m->src, flow_table_row(t, m->next));
		}
	} else {
		for (; m->next != end; m->next++)
			m->rows.seqs[n++] = m->next;
	}
	m->rows.count = m->rows.present = n;
	if (m->next == m->to_seq)
		m->phase = !m->field ? DONE : is_number(m->field) ? KEY : NUMBER;
}

/* A row with its key, or without the fact, to the front. Those that are gone by
 * now stay: their places have other rows, and so some key. */
static void put_item(struct making *m, uint32_t seq, bool present, uint64_t key)
{
	if (present)
		m->items[m->n_items++] = (struct radix_item){ key, seq };
	else
		m->rows.seqs[m->absent++] = seq;
}

static void key_numbers(struct making *m, uint32_t end)
{
	struct value value;
	char buf[VALUE_BUF];

	for (; m->at < end; m->at++) {
		uint32_t seq = m->rows.seqs[m->at];

		m->field->get(m->src, flow_table_row(m->src->table, seq), &value, buf);
		put_item(m, seq, value.type != VALUE_NONE, value_key(&value));
	}
}

/* Each distinct value is ranked once: the keys are the ranks. */
static bool number_values(struct making *m, uint32_t end)
{
	for (; m->at < end; m->at++) {
		uint32_t number = distinct_of(m->values,
					      flow_table_row(m->src->table, m->rows.seqs[m->at]));

		if (number == DISTINCT_FULL)
			return false;
		m->items[m->at] = (struct radix_item){ number, m->rows.seqs[m->at] };
	}
	return true;
}

static void key_ranks(struct making *m, uint32_t end)
{
	for (; m->at < end; m->at++) {
		uint32_t number = (uint32_t)m->items[m->at].key;

		put_item(m, m->items[m->at].seq, distinct_at(m->values, number)->type != VALUE_NONE,
			 m->ranks[number]);
	}
}

/* By number of a value: its place among the others. NULL: out of memory. */
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

static bool number_part(struct making *m, uint32_t end)
{
	if (!m->values)
		m->values = distinct_new(m->src, m->field, UINT32_MAX - 1);
	if (!m->values || !number_values(m, end))
		return false;
	if (m->at == m->rows.count)
		m->phase = RANK;
	return true;
}

static void key_part(struct making *m, uint32_t end)
{
	if (m->ranks)
		key_ranks(m, end);
	else
		key_numbers(m, end);
	if (m->at < m->rows.count)
		return;
	m->rows.present = m->n_items;
	m->phase = SORT;
}

static void sort(struct making *m)
{
	const struct radix_item *sorted = radix_sort(m->items, m->items + m->items_room,
						     m->rows.present);

	/* The absent ones make room at the front, in their order. */
	for (uint32_t i = m->absent; i-- > 0;)
		m->rows.seqs[m->rows.present + i] = m->rows.seqs[i];
	for (uint32_t i = 0; i < m->rows.present; i++)
		m->rows.seqs[i] = sorted[i].seq;
	m->phase = DONE;
}

static bool work(struct making *m, uint32_t rows)
{
	uint32_t end = part_end(m->at, m->rows.count, rows);

	switch (m->phase) {
	case COLLECT:
		if (m->next == m->rows.from_seq && !make_room(m, m->to_seq - m->next))
			return false;
		collect(m, rows);
		return true;
	case NUMBER:
		return number_part(m, end);
	case RANK:
		m->ranks = rank_values(m->values);
		m->at = 0;
		m->phase = KEY;
		return m->ranks;
	case KEY:
		key_part(m, end);
		return true;
	case SORT:
		sort(m);
		return true;
	case DONE:
		break;
	}
	return true;
}

int view_work(struct view *v, uint32_t rows)
{
	struct making *m = &v->making;
	struct rows done;

	if (m->phase == DONE)
		return 0;
	if (!work(m, rows)) {
		forget_values(m);
		m->phase = DONE;
		v->rows.count = v->rows.present = 0;
		return -ENOMEM;
	}
	if (m->phase != DONE)
		return 1;
	forget_values(m);
	done = m->rows;
	m->rows = v->rows;
	v->rows = done;
	return 0;
}

int view_update(struct view *v, const struct row_source *src, struct filter *filter,
		struct view_order order, uint32_t from_seq, uint32_t to_seq)
{
	int rc;

	view_begin(v, src, filter, order, from_seq, to_seq);
	do
		rc = view_work(v, UINT32_MAX);
	while (rc > 0);
	return rc;
}

uint32_t view_count(const struct view *v)
{
	return v->rows.count;
}

/* Position on screen to position in seqs, and back: it is its own inverse. */
static uint32_t turned(const struct view *v, uint32_t i)
{
	if (!v->rows.descending)
		return i;
	return i < v->rows.present ? v->rows.present - 1 - i
				   : v->rows.count - 1 - (i - v->rows.present);
}

uint32_t view_seq(const struct view *v, uint32_t i)
{
	return v->rows.seqs[turned(v, i)];
}

/* By time a binary search; else all are looked at, 4 bytes each. */
int64_t view_find(const struct view *v, uint32_t seq)
{
	uint32_t from = 0, to = v->rows.count;

	while (v->rows.by_time && from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (v->rows.seqs[middle] - v->rows.from_seq < seq - v->rows.from_seq)
			from = middle + 1;
		else
			to = middle;
	}
	while (!v->rows.by_time && from < v->rows.count && v->rows.seqs[from] != seq)
		from++;
	return from < v->rows.count && v->rows.seqs[from] == seq ? (int64_t)turned(v, from) : -1;
}
