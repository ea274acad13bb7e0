/* SPDX-License-Identifier: BSD-2-Clause */
/* The compiled filter: its ranges, its memory of names, a match. */
#include <stdlib.h>
#include <string.h>

#include "core/query/filter_internal.h"

bool key128_less(struct key128 a, struct key128 b)
{
	return a.high < b.high || (a.high == b.high && a.low < b.low);
}

struct key128 key128_of_addr(const struct ip_addr *a)
{
	uint64_t half[2];

	memcpy(half, a->b, sizeof(half));
	return (struct key128){ be64toh(half[0]), be64toh(half[1]) };
}

static int range_order(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return key128_less(y->low, x->low) - key128_less(x->low, y->low);
}

void filter_order_ranges(struct filter *f, struct test *t)
{
	struct range *r = f->ranges + t->first;
	uint32_t n = 0;

	if (t->count < 2)
		return;
	qsort(r, t->count, sizeof(*r), range_order);
	for (uint32_t i = 1; i < t->count; i++) {
		if (key128_less(r[n].high, r[i].low))
			r[++n] = r[i];
		else if (key128_less(r[n].high, r[i].high))
			r[n].high = r[i].high;
	}
	t->count = n + 1;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	for (uint32_t i = 0; i < f->n_patterns; i++)
		pattern_fini(&f->patterns[i]);
	for (int i = 0; i < f->n_memos; i++)
		free(f->memos[i].bits);
	free(f->tests);
	free(f->ranges);
	free(f->patterns);
	free(f->texts);
	free(f);
}

bool filter_is_empty(const struct filter *f)
{
	return !f || f->entry == FILTER_ACCEPT;
}

static size_t memo_bytes(uint32_t limit)
{
	return (size_t)limit / 4 + 1;
}

/* Where memory is short every row is judged anew: slower, not wrong. */
static void memo_begin(struct memo *m, const struct flow_table *table)
{
	const struct intern *store = m->field->id_store(table);
	uint32_t generation = intern_generation(store), limit = intern_limit(store);
	uint8_t *bits;

	if (m->store != store || m->generation != generation) {
		m->store = store;
		m->generation = generation;
		if (m->bits)
			memset(m->bits, 0, memo_bytes(m->limit));
	}
	if (limit <= m->limit && m->bits)
		return;
	if (limit < UINT32_MAX / 2 && m->bits)
		limit += limit / 2; /* ids may grow one by one */
	bits = realloc(m->bits, memo_bytes(limit));
	if (!bits)
		return;
	if (m->bits)
		memset(bits + memo_bytes(m->limit), 0, memo_bytes(limit) - memo_bytes(m->limit));
	else
		memset(bits, 0, memo_bytes(limit));
	m->bits = bits;
	m->limit = limit;
}

void filter_begin(struct filter *f, const struct row_source *src)
{
	for (int i = 0; i < f->n_memos; i++)
		memo_begin(&f->memos[i], src->table);
}

static bool in_ranges(const struct range *r, uint32_t n, struct key128 key)
{
	uint32_t from = 0, to = n;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (key128_less(r[middle].high, key))
			from = middle + 1;
		else
			to = middle;
	}
	return from < n && !key128_less(key, r[from].low);
}

static bool any_pattern(const struct pattern *p, uint32_t n, const char *text, size_t len)
{
	for (uint32_t i = 0; i < n; i++)
		if (pattern_matches(&p[i], text, len))
			return true;
	return false;
}

static bool any_item(const struct pattern *p, uint32_t n, const struct value *v)
{
	const char *at = v->text, *end = v->text + v->len;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (!stop)
			stop = end;
		if (any_pattern(p, n, at, (size_t)(stop - at)))
			return true;
		at = stop + 1;
	}
	return false;
}

static bool value_passes(const struct filter *f, const struct test *t, const struct value *v)
{
	const struct pattern *patterns = f->patterns + t->first;
	char addr[VALUE_ADDR_TEXT_MAX];
	bool found;

	if (v->type == VALUE_NONE)
		return false;
	if (t->kind == TEST_PRESENT)
		return true;
	if (t->kind == TEST_RANGES)
		found = in_ranges(f->ranges + t->first, t->count,
				  v->type == VALUE_ADDR ? key128_of_addr(&v->addr)
							: (struct key128){ .low = v->u });
	else if (v->type == VALUE_ADDR)
		found = any_pattern(patterns, t->count, addr, value_addr_text(&v->addr, addr));
	else if (v->type == VALUE_LIST)
		found = any_item(patterns, t->count, v);
	else
		found = any_pattern(patterns, t->count, v->text, v->len);
	return found != t->negated;
}

static bool judge(const struct filter *f, const struct test *t, const struct row_source *src,
		  const struct flow *row)
{
	struct value v;
	char buf[VALUE_BUF];

	t->field->get(src, row, &v, buf);
	if (t->kind == TEST_NAME)
		return v.type == VALUE_TEXT && t->holds.qname(src, v.text, v.len);
	return value_passes(f, t, &v);
}

/* Id 0 is no text: what it means is the row's to say, so it is never remembered. */
static bool judge_once(const struct filter *f, const struct test *t, const struct row_source *src,
		       const struct flow *row)
{
	const struct memo *m = &f->memos[t->memo];
	uint32_t id = m->field->id(row);
	unsigned shift = id % 4 * 2, known;

	if (id == INTERN_NONE || id >= m->limit)
		return judge(f, t, src, row);
	known = m->bits[id / 4] >> shift & 3;
	if (known == 0) {
		known = judge(f, t, src, row) ? 3 : 1;
		m->bits[id / 4] |= (uint8_t)(known << shift);
	}
	return known == 3;
}

bool filter_run(struct filter *f, const struct row_source *src, const struct flow *row)
{
	uint16_t at = f->entry;

	while (at < FILTER_ACCEPT) {
		const struct test *t = &f->tests[at];
		bool holds;

		if (t->kind == TEST_ROW)
			holds = t->holds.row(src, row);
		else if (t->memo != FILTER_NO_MEMO)
			holds = judge_once(f, t, src, row);
		else
			holds = judge(f, t, src, row);
		at = holds ? t->yes : t->no;
	}
	return at == FILTER_ACCEPT;
}

bool filter_match(struct filter *f, const struct row_source *src, const struct flow *row)
{
	if (!f)
		return true;
	filter_begin(f, src);
	return filter_run(f, src, row);
}
