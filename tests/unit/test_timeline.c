/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows over time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/query/timeline.h"
#include "tests/unit/rows.h"

#define S 1000000000ull

static void test_layout(void **state)
{
	static const struct {
		uint64_t start, end; /* ms */
		bool whole;
		uint64_t bucket_ms;
		uint64_t first_ms;
		uint32_t n;
	} rows[] = {
		{ 1000, 1000, false, 500, 1000, 1 },    { 1200, 1200, false, 500, 1000, 1 },
		{ 1200, 19700, false, 500, 1000, 38 },  { 1200, 19700, true, 500, 1000, 37 },
		{ 1000, 1000, true, 500, 1000, 1 },     { 1000, 60000, false, 500, 1000, 119 },
		{ 1000, 61000, false, 1000, 1000, 61 }, { 100500, 400500, false, 5000, 100000, 61 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct timeline t = { 0 };

		timeline_lay_out(&t, rows[i].start * 1000000, rows[i].end * 1000000, rows[i].whole);
		assert_int_equal(t.bucket_ns, rows[i].bucket_ms * 1000000);
		assert_int_equal(t.start_ns, rows[i].first_ms * 1000000);
		assert_int_equal(t.n_buckets, rows[i].n);
	}
}

/* Never more than there is room for, and the end is always among them. */
static void test_any_span(void **state)
{
	(void)state;
	for (uint64_t span = 1; span < UINT64_MAX / 4; span = span * 3 / 2 + 1) {
		struct timeline t = { 0 };
		uint64_t start = 1795435471402118233ull, end = start + span;

		timeline_lay_out(&t, start, end, false);
		assert_in_range(t.n_buckets, 1, TIMELINE_BUCKETS);
		assert_true(t.start_ns <= start);
		assert_in_range((end - t.start_ns) / t.bucket_ns, t.n_buckets - 1, t.n_buckets - 1);
	}
	/* A clock that was set back. */
	for (int whole = 0; whole < 2; whole++) {
		struct timeline t = { 0 };

		timeline_lay_out(&t, 50 * S, 10 * S, whole);
		assert_in_range(t.n_buckets, 1, TIMELINE_BUCKETS);
	}
}

static void test_counts(void **state)
{
	struct rows *r = rows_new();
	struct value keys[2] = { { .type = VALUE_NAMED, .u = 3 }, { .type = VALUE_NONE } };
	struct timeline_query q = {
		.src = &r->src,
		.by = field_find("rcode", 5, NULL),
		.keys = keys,
		.n_keys = 2,
	};
	struct timeline *t = calloc(1, sizeof(*t));

	(void)state;
	rows_add(r, &(struct row_spec){ .ts_ns = 10 * S, .latency_ns = 30 });
	rows_add(r, &(struct row_spec){ .ts_ns = 10 * S + 1, .rcode = 3, .latency_ns = 50 });
	rows_add(r, &(struct row_spec){ .ts_ns = 11 * S, .rcode = 3, .latency_ns = 70 });
	rows_add(r, &(struct row_spec){ .ts_ns = 11 * S, .state = FLOW_TIMEOUT });
	rows_add(r, &(struct row_spec){ .ts_ns = 11 * S, .rcode = 2, .latency_ns = 90 });
	/* Outside at both ends. */
	rows_add(r, &(struct row_spec){ .ts_ns = 9 * S, .rcode = 3 });
	rows_add(r, &(struct row_spec){ .ts_ns = 99 * S, .rcode = 3 });
	q.to_seq = r->table->next_seq;
	timeline_lay_out(t, 10 * S, 11 * S, false);
	assert_int_equal(t->n_buckets, 3);
	assert_int_equal(timeline_count(t, &q), 0);
	assert_int_equal(t->total[0].count, 2);
	assert_int_equal(t->total[0].latency_sum, 80);
	assert_int_equal(t->total[1].count, 0);
	assert_int_equal(t->total[2].count, 3);
	assert_int_equal(t->total[2].answered, 2);
	assert_int_equal(t->key[0][0].count, 1);
	assert_int_equal(t->key[0][0].latency_sum, 50);
	assert_int_equal(t->key[0][2].count, 1);
	assert_int_equal(t->key[1][2].count, 1);
	assert_int_equal(t->key[1][2].answered, 0);
	/* Again, under a filter, of no key. */
	assert_int_equal(filter_parse("rcode=NXDOMAIN", 0, &q.filter, NULL), 0);
	q.n_keys = 0;
	assert_int_equal(timeline_count(t, &q), 0);
	assert_int_equal(t->total[0].count + t->total[2].count, 2);
	filter_free(q.filter);
	free(t);
	rows_free(r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_any_span),
		cmocka_unit_test(test_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
