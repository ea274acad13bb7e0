/* SPDX-License-Identifier: BSD-2-Clause */
/* Groups: by hand, and many of them against counting one by one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <strings.h>

#include <cmocka.h>

#include "core/query/group.h"
#include "tests/unit/rows.h"

#define MS 1000000ull

static const struct field *field_named(const char *name)
{
	const struct field *fd = field_find(name, strlen(name), NULL);

	assert_non_null(fd);
	return fd;
}

static struct grouping *make(const struct rows *r, const char *filter, const char *by,
			     uint32_t max_groups)
{
	struct grouping *g;
	struct filter *f;

	assert_int_equal(filter_parse(filter, 0, &f, NULL), 0);
	assert_int_equal(grouping_make(&g, &r->src, f, field_named(by), flow_table_oldest(r->table),
				       r->table->next_seq, max_groups),
			 0);
	filter_free(f);
	return g;
}

static struct rows *some_rows(void)
{
	/* clang-format off */
	static const struct row_spec specs[] = {
		{ .qname = "www.example.com", .latency_ns = 10 * MS, .server = "10.0.0.2" },
		{ .qname = "WWW.example.COM", .latency_ns = 30 * MS, .server = "10.0.0.2" },
		{ .qname = "www.example.com", .latency_ns = 20 * MS, .server = "10.0.0.3" },
		{ .qname = "Nosuch.test", .latency_ns = 5 * MS, .rcode = 3, .server = "10.0.0.3" },
		{ .qname = "broken.test", .latency_ns = 900 * MS, .rcode = 2, .server = "fd00::53" },
		{ .qname = "slow.test", .state = FLOW_TIMEOUT, .server = "10.0.0.3" },
		{ .qname = "slow.test", .state = FLOW_TIMEOUT, .server = "10.0.0.3" },
		{ .qname = "waits.test", .pending = true, .server = "fd00::53" },
		{ .no_question = true, .state = FLOW_UNSOLICITED, .rcode = 5, .server = "10.0.0.9" },
	};
	/* clang-format on */
	struct rows *r = rows_new();

	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++)
		rows_add(r, &specs[i]);
	return r;
}

/* Every group's key and count, in order: "NOERROR 3, - 2". */
static void read_groups(const struct grouping *g, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	for (uint32_t i = 0; i < grouping_count(g); i++) {
		const struct group *at = grouping_at(g, i);
		char key[64];

		value_format(&at->key, VALUE_SHORT, key, sizeof(key));
		n += (size_t)snprintf(out + n, size - n, "%s%s %llu", i ? ", " : "", key,
				      (unsigned long long)at->count);
	}
}

static void test_groups(void **state)
{
	static const struct {
		const char *filter;
		const char *by;
		enum group_column column;
		bool descending;
		const char *groups;
	} cases[] = {
		/* clang-format off */
		{ "", "rcode", GROUP_COUNT, true, "NOERROR 3, - 3, SERVFAIL 1, NXDOMAIN 1, REFUSED 1" },
		{ "", "rcode", GROUP_COUNT, false, "SERVFAIL 1, NXDOMAIN 1, REFUSED 1, NOERROR 3, - 3" },
		{ "", "rcode", GROUP_KEY, false, "NOERROR 3, SERVFAIL 1, NXDOMAIN 1, REFUSED 1, - 3" },
		{ "", "rcode", GROUP_KEY, true, "REFUSED 1, NXDOMAIN 1, SERVFAIL 1, NOERROR 3, - 3" },
		{ "", "rcode", GROUP_SHARE, true, "NOERROR 3, - 3, SERVFAIL 1, NXDOMAIN 1, REFUSED 1" },
		{ "", "rcode", GROUP_LATENCY_MAX, true, "SERVFAIL 1, NOERROR 3, NXDOMAIN 1, REFUSED 1, - 3" },
		{ "", "rcode", GROUP_LATENCY_MIN, false, "NXDOMAIN 1, NOERROR 3, SERVFAIL 1, REFUSED 1, - 3" },
		{ "", "rcode", GROUP_TIMEOUTS, true, "- 3, NOERROR 3, SERVFAIL 1, NXDOMAIN 1, REFUSED 1" },
		{ "", "rcode", GROUP_ERRORS, true, "SERVFAIL 1, NXDOMAIN 1, REFUSED 1, NOERROR 3, - 3" },
		{ "answered", "rcode", GROUP_COUNT, true, "NOERROR 3, SERVFAIL 1, NXDOMAIN 1" },
		{ "nosuch.field", "rcode", GROUP_COUNT, true, "" },
		{ "", "qname", GROUP_COUNT, true,
		  "www.example.com 3, slow.test 2, broken.test 1, Nosuch.test 1, waits.test 1, - 1" },
		{ "", "qname", GROUP_KEY, false,
		  "broken.test 1, Nosuch.test 1, slow.test 2, waits.test 1, www.example.com 3, - 1" },
		{ "", "server", GROUP_COUNT, true, "10.0.0.3 4, 10.0.0.2 2, fd00::53 2, 10.0.0.9 1" },
		{ "", "server", GROUP_KEY, true, "fd00::53 2, 10.0.0.9 1, 10.0.0.3 4, 10.0.0.2 2" },
		{ "", "state", GROUP_COUNT, true, "answered 5, timeout 2, pending 1, unsolicited 1" },
		{ "", "flags", GROUP_COUNT, true, "qr rd ra 6, rd 3" },
		{ "", "pod", GROUP_COUNT, true, "- 9" },
		/* clang-format on */
	};
	struct rows *r = some_rows();
	char got[400];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct grouping *g = make(r, cases[i].filter, cases[i].by, 100);

		grouping_sort(g, cases[i].column, cases[i].descending);
		read_groups(g, got, sizeof(got));
		if (strcmp(got, cases[i].groups) != 0)
			fail_msg("%s by %s: %s, not %s", cases[i].by,
				 group_column_name(cases[i].column), got, cases[i].groups);
		grouping_free(g);
	}
	rows_free(r);
}

static void test_figures(void **state)
{
	struct rows *r = some_rows();
	struct grouping *g = make(r, "", "rcode", 100);
	const struct group *noerror, *absent, *all = grouping_total(g);

	(void)state;
	grouping_sort(g, GROUP_KEY, false);
	noerror = grouping_at(g, 0);
	assert_int_equal(noerror->answered, 3);
	assert_int_equal(noerror->latency_ns[GROUP_LATENCY_AVG], 20 * MS);
	assert_int_equal(noerror->latency_ns[GROUP_LATENCY_MIN], 10 * MS);
	assert_int_equal(noerror->latency_ns[GROUP_LATENCY_P50], 20 * MS);
	assert_int_equal(noerror->latency_ns[GROUP_LATENCY_P90], 30 * MS);
	assert_int_equal(noerror->latency_ns[GROUP_LATENCY_P99], 30 * MS);
	assert_int_equal(noerror->latency_ns[GROUP_LATENCY_MAX], 30 * MS);
	assert_int_equal(noerror->errors, 0);
	assert_int_equal(noerror->bytes, 3 * (40 + 120));
	absent = grouping_at(g, 4);
	assert_int_equal(absent->key.type, VALUE_NONE);
	assert_int_equal(absent->answered, 0);
	assert_int_equal(absent->timeouts, 2);
	assert_int_equal(absent->latency_ns[GROUP_LATENCY_MIN], 0);
	assert_int_equal(absent->bytes, 3 * 40);
	assert_int_equal(all->count, 9);
	assert_int_equal(all->answered, 5);
	assert_int_equal(all->timeouts, 2);
	assert_int_equal(all->errors, 3);
	assert_int_equal(all->latency_ns[GROUP_LATENCY_MIN], 5 * MS);
	assert_int_equal(all->latency_ns[GROUP_LATENCY_MAX], 900 * MS);
	assert_int_equal(all->latency_ns[GROUP_LATENCY_AVG], 193 * MS);
	assert_int_equal(grouping_other(g)->count, 0);
	grouping_free(g);
	rows_free(r);
}

/* Beyond max_groups nothing is lost: it is in `other`, and in the total. */
static void test_other(void **state)
{
	struct rows *r = some_rows();
	struct grouping *g = make(r, "", "qname", 2);
	const struct group *other = grouping_other(g);

	(void)state;
	assert_int_equal(grouping_count(g), 2);
	assert_int_equal(grouping_at(g, 0)->count + grouping_at(g, 1)->count, 4);
	assert_int_equal(other->key.type, VALUE_NONE);
	assert_int_equal(other->count, 5);
	assert_int_equal(other->timeouts, 2);
	assert_int_equal(other->latency_ns[GROUP_LATENCY_P50], 900 * MS);
	assert_int_equal(grouping_total(g)->count, 9);
	grouping_free(g);
	rows_free(r);
}

/* A group for each pair that some row has, by its first value and its second. */
static void test_pairs(void **state)
{
	static const char *const want[] = {
		"10.0.0.2 example.com 2", "10.0.0.3 example.com 1", "10.0.0.3 Nosuch.test 1",
		"10.0.0.3 slow.test 2",   "10.0.0.9 - 1",           "fd00::53 broken.test 1",
		"fd00::53 waits.test 1",
	};
	struct rows *r = some_rows();
	struct grouping *g;

	(void)state;
	assert_int_equal(grouping_make_pairs(&g, &r->src, NULL, field_named("server"),
					     field_named("domain2"), 0, r->table->next_seq, 100),
			 0);
	assert_int_equal(grouping_count(g), sizeof(want) / sizeof(want[0]));
	for (uint32_t i = 0; i < grouping_count(g); i++) {
		const struct group *at = grouping_at(g, i);
		char key[64], second[64], text[160];

		value_format(&at->key, VALUE_SHORT, key, sizeof(key));
		value_format(&at->second, VALUE_SHORT, second, sizeof(second));
		snprintf(text, sizeof(text), "%s %s %llu", key, second,
			 (unsigned long long)at->count);
		assert_int_equal(strcasecmp(text, want[i]), 0);
	}
	assert_int_equal(grouping_total(g)->count, 9);
	grouping_free(g);
	/* As many as are asked for, the rest together. */
	assert_int_equal(grouping_make_pairs(&g, &r->src, NULL, field_named("server"),
					     field_named("domain2"), 0, r->table->next_seq, 3),
			 0);
	assert_in_range(grouping_count(g), 1, 3);
	assert_true(grouping_other(g)->count > 0);
	assert_int_equal(grouping_total(g)->count, 9);
	grouping_free(g);
	rows_free(r);
}

static void test_refused(void **state)
{
	struct rows *r = some_rows();
	struct grouping *g;

	(void)state;
	assert_int_equal(grouping_make(&g, &r->src, NULL, field_named("ts"), 0, 1, 10), -EINVAL);
	assert_null(g);
	grouping_free(NULL);
	rows_free(r);
}

static bool near(uint64_t a, uint64_t b)
{
	uint64_t apart = a > b ? a - b : b - a;

	return apart * 1000 <= b * 16;
}

/* Groups small enough to be sorted, and large enough for a histogram: in each,
 * and over all, samples 1 .. n ms in a mixed order. */
static void test_quantiles(void **state)
{
	static const uint32_t sizes[] = { 1, 2, 10, 64, 65, 100, 1000 };
	struct rows *r = rows_new_sized(4096);
	struct grouping *g;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (uint32_t k = 0; k < sizes[i]; k++)
			rows_add(r, &(struct row_spec){
					    .server_port = (uint16_t)sizes[i],
					    .latency_ns = (k * 7 % sizes[i] + 1) * MS,
				    });
	g = make(r, "", "server_port", 100);
	for (uint32_t i = 0; i < grouping_count(g); i++) {
		const struct group *at = grouping_at(g, i);
		uint64_t n = at->count;

		if (n % 7 == 0)
			fail_msg("7 and %u have a common factor", (unsigned)n);
		assert_int_equal(n, at->key.u);
		assert_true(near(at->latency_ns[GROUP_LATENCY_P50], (n + 1) / 2 * MS));
		assert_true(near(at->latency_ns[GROUP_LATENCY_P90], (n * 9 + 9) / 10 * MS));
		assert_true(near(at->latency_ns[GROUP_LATENCY_P99], (n * 99 + 99) / 100 * MS));
		assert_int_equal(at->latency_ns[GROUP_LATENCY_MAX], n * MS);
	}
	assert_int_equal(grouping_total(g)->answered, 1242);
	assert_true(near(grouping_total(g)->latency_ns[GROUP_LATENCY_P99], 988 * MS));
	grouping_free(g);
	rows_free(r);
}

/* Many names: each counted as often as it was asked, and none twice. */
static void test_many(void **state)
{
	enum {
		NAMES = 3000,
		ROWS = 3 * NAMES
	};
	struct rows *r = rows_new_sized(ROWS);
	struct grouping *g;
	char name[64], before[64] = "";

	(void)state;
	for (uint32_t i = 0; i < ROWS; i++) {
		snprintf(name, sizeof(name),
			 i % 2 ? "host%05u.Dept.example" : "HOST%05u.dept.example", i % NAMES);
		rows_add(r, &(struct row_spec){ .qname = name });
	}
	g = make(r, "", "qname", UINT32_MAX);
	assert_int_equal(grouping_count(g), NAMES);
	grouping_sort(g, GROUP_COUNT, true);
	for (uint32_t i = 0; i < NAMES; i++) {
		const struct group *at = grouping_at(g, i);

		assert_int_equal(at->count, 3);
		assert_true(strcasecmp(before, at->key.text) < 0);
		snprintf(before, sizeof(before), "%s", at->key.text);
	}
	grouping_free(g);
	rows_free(r);
}

static void test_columns(void **state)
{
	(void)state;
	for (int c = 0; c < GROUP_COLUMNS; c++) {
		const char *name = group_column_name((enum group_column)c);
		const char *title = group_column_title((enum group_column)c);

		assert_int_equal(group_column_find(name, strlen(name)), c);
		assert_int_equal(group_column_find(title, strlen(title)), c);
	}
	assert_string_equal(group_column_name(GROUP_LATENCY_P50), "latency_p50_us");
	assert_int_equal(group_column_find("nosuch", 6), -ENOENT);
	assert_int_equal(group_column_find("count", 3), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),  cmocka_unit_test(test_figures),
		cmocka_unit_test(test_other),   cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_quantiles),
		cmocka_unit_test(test_many),    cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
