/* SPDX-License-Identifier: BSD-2-Clause */
/* Values that Tab offers: those of the rows, the most frequent first, counted in parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <curses.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/rows.h"
#include "tui/filter/complete.h"
#include "tui/widget/key.h"

#define MANY 300000u

static struct frame frame_of(struct rows *r, struct ui_model *m)
{
	static const struct tracker_stats none;

	m->rows = &r->src;
	m->tracker = &none;
	m->now_ns = r->next_ts_ns;
	return (struct frame){ .m = m,
			       .rows = &r->src,
			       .from_seq = flow_table_oldest(r->table),
			       .to_seq = r->table->next_seq,
			       .now_ns = m->now_ns };
}

/* Draws frames until all is counted; returns how many it took. */
static int count_all(struct complete *c, const struct lineedit *e, const struct frame *f)
{
	int frames = 0;

	for (; c->open && c->counting; frames++)
		complete_work(c, e, f);
	return frames;
}

static const char *text_at(const struct complete *c, int i)
{
	return i < c->n ? c->candidate[i].text : "";
}

static void add_names(struct rows *r)
{
	static const struct row_spec specs[] = {
		{ .qname = "b.example", .rcode = 3 },
		{ .qname = "a.example", .rcode = 3 },
		{ .qname = "b.example", .rcode = 3, .pid = 7, .comm = "a \"b\"" },
		{ .qname = "c.example", .state = FLOW_TIMEOUT },
		{ .qname = "b.example", .rcode = 5 },
		{ .qname = "a.example", .client = "fd00::7" },
	};

	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++)
		rows_add(r, &specs[i]);
}

static void test_values_of_rows(void **state)
{
	static const struct {
		const char *typed, *first, *second;
		uint64_t count, next;
	} rows[] = {
		{ "rcode=", "NXDOMAIN", "NOERROR", 3, 1 },
		{ "qname=", "b.example", "a.example", 3, 2 },
		{ "timeout and qname in {", "b.example", "a.example", 3, 2 },
		{ "rcode=N", "NXDOMAIN", "NOERROR", 3, 1 },
		{ "rcode=NX", "NXDOMAIN", "NXRRSET", 3, 0 },
		{ "id=", "0", "", 6, 0 },
		{ "comm=", "\"a \\\"b\\\"\"", "", 1, 0 },
		{ "client=", "10.0.3.22", "fd00::7", 5, 1 },
		/* No two the same. */
		{ "latency>=5", "5us", "5ms", 0, 0 },
	};
	struct rows *r = rows_new();
	struct ui_model m = { 0 };
	struct frame f;

	(void)state;
	add_names(r);
	f = frame_of(r, &m);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct complete *c = calloc(1, sizeof(*c));
		struct lineedit e;
		bool taken;

		assert_non_null(c);
		lineedit_set(&e, rows[i].typed);
		taken = complete_start(c, &e, &f);
		count_all(c, &e, &f);
		if (taken) {
			/* The only one goes into the line at once. */
			assert_int_equal(rows[i].next, 0);
			assert_string_equal(e.text + strlen(rows[i].typed), rows[i].first);
		} else if (strcmp(text_at(c, 0), rows[i].first) != 0 ||
			   strcmp(text_at(c, 1), rows[i].second) != 0) {
			fail_msg("%s: %s, %s", rows[i].typed, text_at(c, 0), text_at(c, 1));
		} else {
			assert_int_equal(c->candidate[0].count, rows[i].count);
			assert_int_equal(c->candidate[1].count, rows[i].next);
		}
		complete_free(c);
		free(c);
	}
	rows_free(r);
}

/* Names of values stay beside those of rows, each once, with what IANA says. */
static void test_iana_names(void **state)
{
	struct rows *r = rows_new();
	struct ui_model m = { 0 };
	struct complete *c = calloc(1, sizeof(*c));
	struct frame f;
	struct lineedit e;
	int nx = 0, servfail = 0;

	(void)state;
	assert_non_null(c);
	add_names(r);
	f = frame_of(r, &m);
	lineedit_set(&e, "rcode=");
	complete_start(c, &e, &f);
	count_all(c, &e, &f);
	for (int i = 0; i < c->n; i++) {
		nx += strcmp(c->candidate[i].text, "NXDOMAIN") == 0;
		servfail += strcmp(c->candidate[i].text, "SERVFAIL") == 0 &&
			    c->candidate[i].count == 0;
	}
	assert_int_equal(nx, 1);
	assert_int_equal(servfail, 1);
	assert_string_equal(c->candidate[0].help, "Non-Existent Domain");
	complete_free(c);
	free(c);
	rows_free(r);
}

/* Of many rows the list opens before all are counted, keys work, and what was chosen
 * meanwhile stays chosen. */
static void test_counted_in_parts(void **state)
{
	struct rows *r = rows_new_sized(MANY);
	struct ui_model m = { 0 };
	struct complete *c = calloc(1, sizeof(*c));
	struct frame f;
	struct lineedit e;
	bool changed = false;
	char name[40];
	char chosen[40];

	(void)state;
	assert_non_null(c);
	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "n%u.example", i % 4 ? i % 50000 : 7);
		rows_add(r, &(struct row_spec){ .qname = name, .rcode = i % 3 ? 0 : 3 });
	}
	f = frame_of(r, &m);
	lineedit_set(&e, "qname=");
	complete_start(c, &e, &f);
	assert_true(c->open && c->counting);
	assert_int_equal(c->n, 0);
	assert_true(complete_key(c, &e, KEY_DOWN, &changed) && !changed);
	assert_true(complete_key(c, &e, '\r', &changed) && !changed);
	assert_true(count_all(c, &e, &f) > 0);
	assert_string_equal(text_at(c, 0), "n7.example");
	assert_int_equal(c->n, COMPLETE_SEEN);
	lineedit_set(&e, "rcode=");
	complete_start(c, &e, &f);
	if (c->counting) {
		complete_key(c, &e, KEY_DOWN, &changed);
		complete_key(c, &e, KEY_DOWN, &changed);
		snprintf(chosen, sizeof(chosen), "%s", text_at(c, c->chosen));
		count_all(c, &e, &f);
		assert_string_equal(text_at(c, c->chosen), chosen);
	}
	assert_int_equal(c->candidate[0].count, MANY / 3 * 2);
	complete_free(c);
	free(c);
	rows_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_of_rows),
		cmocka_unit_test(test_iana_names),
		cmocka_unit_test(test_counted_in_parts),
	};

	return cmocka_run_group_tests_name("complete", tests, NULL, NULL);
}
