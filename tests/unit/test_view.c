/* SPDX-License-Identifier: BSD-2-Clause */
/* Orders: small ones by hand, large ones against qsort with value_compare. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/query/radix.h"
#include "core/query/view.h"
#include "tests/unit/rows.h"

#define MS 1000000ull

static const struct field *field_named(const char *name)
{
	const struct field *fd = field_find(name, strlen(name), NULL);

	assert_non_null(fd);
	return fd;
}

/* The labels of a view's rows: row n is the letter 'a' + n. */
static void read_view(const struct view *v, uint32_t first, char *out)
{
	for (uint32_t i = 0; i < view_count(v); i++)
		*out++ = (char)('a' + (view_seq(v, i) - first));
	*out = '\0';
}

/* Each row of the view is where view_find says, and the others nowhere. */
static void check_find(const struct view *v, const struct flow_table *t)
{
	uint32_t found = 0;

	for (uint32_t seq = flow_table_oldest(t) - 2; seq != t->next_seq + 2; seq++) {
		int64_t at = view_find(v, seq);

		if (at < 0)
			continue;
		assert_int_equal(view_seq(v, (uint32_t)at), seq);
		found++;
	}
	assert_int_equal(found, view_count(v));
}

static struct rows *letters(void)
{
	/* clang-format off */
	static const struct row_spec specs[] = {
		{ .qname = "delta.test", .latency_ns = 20 * MS, .client = "10.0.0.9", .rcode = 3 },
		{ .qname = "Alpha.test", .latency_ns = 5 * MS, .client = "fd00::2", .rcode = 0 },
		{ .qname = "charlie.test", .state = FLOW_TIMEOUT, .client = "9.0.0.1" },
		{ .qname = "alpha.TEST", .latency_ns = 20 * MS, .client = "fd00::1:0:0:0:1" },
		{ .no_question = true, .latency_ns = 1, .client = "10.0.0.9", .rcode = 2 },
		{ .qname = "bravo.test", .pending = true, .client = "fd00::1:0:0:0:0" },
		{ .qname = "alpha.test.longer", .latency_ns = 3000 * MS, .client = "10.0.0.10" },
	};
	/* clang-format on */
	struct rows *r = rows_new();

	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++)
		rows_add(r, &specs[i]);
	return r;
}

static void test_orders(void **state)
{
	static const struct {
		const char *filter;
		const char *field;
		bool descending;
		const char *rows;
	} cases[] = {
		/* clang-format off */
		{ "", NULL, false, "abcdefg" },
		{ "", NULL, true, "gfedcba" },
		{ "test", NULL, true, "gfdcba" },
		{ "", "ts", false, "abcdefg" },
		{ "", "ts", true, "gfedcba" },
		{ "", "latency", false, "ebadgcf" },
		{ "", "latency", true, "gdabefc" },
		{ "latency>=20ms", "latency", false, "adg" },
		{ "unanswered", "latency", false, "cf" },
		{ "unanswered", "latency", true, "fc" },
		{ "", "qname", false, "bdgfcae" },
		{ "", "qname", true, "acfgdbe" },
		{ "", "client", false, "caegbfd" },
		{ "", "client", true, "dfbgeac" },
		{ "", "rcode", false, "bdgeacf" },
		{ "", "state", false, "fabdegc" },
		{ "", "flags", false, "abdegcf" },
		{ "", "comm", false, "abcdefg" },
		{ "", "comm", true, "gfedcba" },
		{ "nosuch", "qname", true, "" },
		{ "nosuch", NULL, true, "" },
		/* clang-format on */
	};
	struct rows *r = letters();
	struct view *v = view_new();
	char got[32];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct view_order order = { .descending = cases[i].descending };
		struct filter *f;

		order.field = cases[i].field ? field_named(cases[i].field) : NULL;
		assert_int_equal(filter_parse(cases[i].filter, 0, &f, NULL), 0);
		assert_int_equal(view_update(v, &r->src, f, order, flow_table_oldest(r->table),
					     r->table->next_seq),
				 0);
		read_view(v, flow_table_oldest(r->table), got);
		if (strcmp(got, cases[i].rows) != 0)
			fail_msg("\"%s\" by %s: %s, not %s", cases[i].filter,
				 cases[i].field ? cases[i].field : "time", got, cases[i].rows);
		check_find(v, r->table);
		filter_free(f);
	}
	view_free(v);
	rows_free(r);
}

static void test_window(void **state)
{
	struct rows *r = letters();
	struct view *v = view_new();
	struct view_order by_name = { .field = field_named("qname") };
	uint32_t first = flow_table_oldest(r->table);
	char got[32];

	(void)state;
	assert_int_equal(view_update(v, &r->src, NULL, by_name, first + 2, first + 4), 0);
	read_view(v, first, got);
	assert_string_equal(got, "dc");
	assert_int_equal(view_update(v, &r->src, NULL, by_name, first, first), 0);
	assert_int_equal(view_count(v), 0);
	assert_int_equal(view_find(v, first), -1);
	view_free(v);
	view_free(NULL);
	rows_free(r);
}

/* Sequence numbers wrap after 2^32 rows; the view must not care. */
static void test_wrap(void **state)
{
	struct rows *r = rows_new_sized(16);
	struct view *v = view_new();
	struct view_order newest = { .descending = true };
	char got[32];

	(void)state;
	r->table->next_seq = UINT32_MAX - 2;
	for (int i = 0; i < 6; i++)
		rows_add(r, &(struct row_spec){ .latency_ns = (uint64_t)(10 - i) * MS });
	assert_int_equal(flow_table_oldest(r->table), UINT32_MAX - 2);
	assert_int_equal(view_update(v, &r->src, NULL, newest, flow_table_oldest(r->table),
				     r->table->next_seq),
			 0);
	read_view(v, UINT32_MAX - 2, got);
	assert_string_equal(got, "fedcba");
	check_find(v, r->table);
	newest.field = field_named("latency");
	assert_int_equal(view_update(v, &r->src, NULL, newest, flow_table_oldest(r->table),
				     r->table->next_seq),
			 0);
	read_view(v, UINT32_MAX - 2, got);
	assert_string_equal(got, "abcdef");
	check_find(v, r->table);
	view_free(v);
	rows_free(r);
}

static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static struct rows *random_rows(uint32_t n)
{
	struct rows *r = rows_new_sized(n);
	uint64_t s = 42;
	char name[64], client[64];

	for (uint32_t i = 0; i < n; i++) {
		uint64_t x = random_next(&s);

		snprintf(name, sizeof(name), "%.*sn%llu.%s", (int)(x % 20), "aaaaaaaaaaaaaaaaaaaa",
			 (unsigned long long)(x / 32 % 50), x & 1 ? "Test" : "tesT");
		snprintf(client, sizeof(client), x & 2 ? "fd00::%llx:%llx" : "10.%llu.0.%llu",
			 (unsigned long long)(x / 64 % 3), (unsigned long long)(x / 256 % 200));
		rows_add(r, &(struct row_spec){
				    .qname = name,
				    .no_question = x % 17 == 0,
				    .client = client,
				    .state = x % 5 == 0 ? FLOW_TIMEOUT : FLOW_ANSWERED,
				    .latency_ns = 1 + (x >> (x >> 58)),
				    .ts_ns = ROWS_TS_NS + (x % 3000) * MS,
			    });
	}
	return r;
}

struct order_ctx {
	const struct row_source *src;
	const struct field *field;
	bool descending;
};

/* What view.h promises, said another way. */
static int promised_order(const void *a, const void *b, void *ctx)
{
	const struct order_ctx *c = ctx;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	char x_buf[VALUE_BUF], y_buf[VALUE_BUF];
	struct value u, v;
	int order, arrival = x < y ? -1 : 1;

	c->field->get(c->src, flow_table_row(c->src->table, x), &u, x_buf);
	c->field->get(c->src, flow_table_row(c->src->table, y), &v, y_buf);
	order = value_compare(&u, &v);
	if (u.type == VALUE_NONE || v.type == VALUE_NONE)
		return order ? order : c->descending ? -arrival : arrival;
	if (order == 0)
		order = arrival;
	return c->descending ? -order : order;
}

static void test_against_qsort(void **state)
{
	static const char *const names[] = { "latency", "qname", "client", "ts", "rcode", "flags" };
	enum {
		ROWS = 6000
	};
	struct rows *r = random_rows(ROWS);
	struct view *v = view_new();
	uint32_t *seqs = malloc(ROWS * sizeof(*seqs));

	(void)state;
	assert_non_null(seqs);
	for (size_t i = 0; i < 2 * sizeof(names) / sizeof(names[0]); i++) {
		struct order_ctx ctx = { &r->src, field_named(names[i / 2]), i % 2 };
		struct view_order order = { ctx.field, ctx.descending };

		for (uint32_t n = 0; n < ROWS; n++)
			seqs[n] = flow_table_oldest(r->table) + n;
		qsort_r(seqs, ROWS, sizeof(*seqs), promised_order, &ctx);
		assert_int_equal(view_update(v, &r->src, NULL, order, flow_table_oldest(r->table),
					     r->table->next_seq),
				 0);
		assert_int_equal(view_count(v), ROWS);
		for (uint32_t n = 0; n < ROWS; n++)
			if (view_seq(v, n) != seqs[n])
				fail_msg("by %s%s: position %u", i % 2 ? "-" : "", names[i / 2], n);
	}
	free(seqs);
	view_free(v);
	rows_free(r);
}

/* Of every size: few, less and more than a digit of 11 bits is worth. */
static void test_radix(void **state)
{
	static const uint32_t sizes[] = { 0, 1, 2, 31, 32, 33, 500, 4095, 4096, 20000 };
	static const uint64_t masks[] = { 0, 1, 0xff, 0xfffff, UINT64_MAX };
	uint64_t s = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (size_t j = 0; j < sizeof(masks) / sizeof(masks[0]); j++) {
			uint32_t n = sizes[i];
			struct radix_item *items = calloc(2 * (size_t)n + 1, sizeof(*items));
			const struct radix_item *sorted;

			assert_non_null(items);
			for (uint32_t k = 0; k < n; k++)
				items[k] = (struct radix_item){
					(random_next(&s) & masks[j]) + (UINT64_MAX - masks[j]) / 2,
					k,
				};
			sorted = radix_sort(items, items + n, n);
			for (uint32_t k = 1; k < n; k++)
				assert_true(sorted[k - 1].key < sorted[k].key ||
					    (sorted[k - 1].key == sorted[k].key &&
					     sorted[k - 1].seq < sorted[k].seq));
			free(items);
		}
}

/* In parts of a row it comes out the same, and is what it was until then. */
static void test_parts(void **state)
{
	static const char *const sorts[] = { NULL, "latency_us", "qname", "client" };
	struct rows *r = letters();
	struct view *whole = view_new(), *parts = view_new();
	uint32_t first = flow_table_oldest(r->table), end = r->table->next_seq;

	(void)state;
	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
		struct view_order o = { .field = sorts[i] ? field_named(sorts[i]) : NULL };
		char want[64], before[64], got[64];
		int rc, n = 0;

		view_update(whole, &r->src, NULL, o, first, end);
		read_view(whole, first, want);
		read_view(parts, first, before);
		view_begin(parts, &r->src, NULL, o, first, end);
		while ((rc = view_work(parts, 1)) > 0) {
			read_view(parts, first, got);
			assert_string_equal(got, before);
			n++;
		}
		assert_int_equal(rc, 0);
		assert_in_range(n, end - first - 1, 5 * (end - first));
		read_view(parts, first, got);
		assert_string_equal(got, want);
		/* There is nothing more to do. */
		assert_int_equal(view_work(parts, 1), 0);
	}
	/* Another beginning ends what was begun. */
	view_begin(parts, &r->src, NULL, (struct view_order){ .field = field_named("qname") },
		   first, end);
	for (int i = 0; i < 10; i++)
		view_work(parts, 1);
	view_update(parts, &r->src, NULL, (struct view_order){ 0 }, first, first + 2);
	assert_int_equal(view_count(parts), 2);
	view_free(whole);
	view_free(parts);
	rows_free(r);
}

/* Rows that are evicted between the parts are left out where they were not
 * collected yet. */
static void test_parts_and_eviction(void **state)
{
	struct rows *r = rows_new_sized(8);
	struct view *v = view_new();
	uint32_t first, end;

	(void)state;
	for (int i = 0; i < 8; i++)
		rows_add(r, &(struct row_spec){ .id = (uint16_t)i });
	first = flow_table_oldest(r->table);
	end = r->table->next_seq;
	view_begin(v, &r->src, NULL, (struct view_order){ 0 }, first, end);
	view_work(v, 2);
	for (int i = 0; i < 5; i++)
		rows_add(r, &(struct row_spec){ .id = 100 });
	while (view_work(v, 2) > 0)
		;
	assert_int_equal(view_count(v), 5);
	assert_int_equal(view_seq(v, 2), first + 5);
	/* All of them are gone. */
	view_begin(v, &r->src, NULL, (struct view_order){ 0 }, first, first + 4);
	while (view_work(v, 2) > 0)
		;
	assert_int_equal(view_count(v), 0);
	view_free(v);
	rows_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_against_qsort),
		cmocka_unit_test(test_radix),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_parts_and_eviction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
