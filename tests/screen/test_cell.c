/* SPDX-License-Identifier: BSD-2-Clause */
/* A cell's test passes the rows that have the same in it, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/query/filter.h"
#include "tests/unit/rows.h"
#include "tui/model/cell.h"
#include "tui/model/term.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NOW_NS       (ROWS_TS_NS + 60000000000ull)

/* Stands for a decoder: what a response's bytes say, a line each. */
static size_t texts(const uint8_t *wire, size_t len, char *buf, size_t size)
{
	assert_true(len < size);
	memcpy(buf, wire, len);
	return len;
}

#define ONE_ANSWER  "10.0.0.1"
#define TWO_ANSWERS "TXT \"a \\\" and, (b)\"\n10.0.0.1"

static const struct row_spec specs[] = {
	{ .qname = "www.example.com", .pid = 7, .comm = "dig", .ifname = "eth0", .ifindex = 3 },
	{ .qname = "WWW.example.com", .rcode = 3, .latency_ns = 2104118233, .ede = 22 },
	{ .qname = "a\\032b\"\\\\.example",
	  .qtype = 65280,
	  .rcode = 23,
	  .pid = 8,
	  .comm = "a \"b\" or c" },
	{ .qname = "and", .state = FLOW_TIMEOUT, .client = "fd00::7", .server = "fd00::53" },
	{ .qname = "*.example.com", .pending = true, .attempts = 3 },
	{ .qname = ".",
	  .qtype = 255,
	  .answers = 1,
	  .ttl = 300,
	  .response = ONE_ANSWER,
	  .response_len = sizeof(ONE_ANSWER) - 1 },
	{ .no_question = true,
	  .rcode = 1,
	  .answers = 2,
	  .response = TWO_ANSWERS,
	  .response_len = sizeof(TWO_ANSWERS) - 1 },
	{ .qname = "x*y?.example.com", .state = FLOW_UNSOLICITED, .comm = "(", .pid = 9 },
	{ .qname = "#x", .comm = "not", .pid = 10 },
};

static struct rows *made_rows(void)
{
	struct rows *r = rows_new();

	for (size_t i = 0; i < COUNT(specs); i++)
		rows_add(r, &specs[i]);
	r->src.answer_texts = texts;
	return r;
}

static bool passes(const struct rows *r, const char *text, uint32_t seq)
{
	struct err err = { 0 };
	struct filter *f;
	bool yes;

	if (filter_parse(text, NOW_NS, &f, &err))
		fail_msg("%s: %s", text, err.text);
	yes = filter_match(f, &r->src, flow_table_row(r->table, seq));
	filter_free(f);
	return yes;
}

static bool same(const struct field *field, const struct rows *r, uint32_t a, uint32_t b)
{
	static char buf[2][VALUE_BUF];
	struct value v[2];

	field->get(&r->src, flow_table_row(r->table, a), &v[0], buf[0]);
	field->get(&r->src, flow_table_row(r->table, b), &v[1], buf[1]);
	return value_compare(&v[0], &v[1]) == 0 && v[0].type == v[1].type;
}

/* Every cell of every row: it passes itself, with `exclude` it does not, and of the
 * others those pass the one and not the other that have the same. */
static void test_every_cell(void **state)
{
	struct rows *r = made_rows();
	size_t n;
	const struct field *all = fields(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (uint32_t a = 0; a < COUNT(specs); a++) {
			const struct flow *row = flow_table_row(r->table, a);
			char with[2 * TERM_MAX], without[2 * TERM_MAX];

			assert_true(cell_term(&all[i], &r->src, row, false, with, sizeof(with)));
			assert_true(
				cell_term(&all[i], &r->src, row, true, without, sizeof(without)));
			for (uint32_t b = 0; b < COUNT(specs); b++) {
				bool in = passes(r, with, b);

				if (in == passes(r, without, b))
					fail_msg("row %u: %s: so is %s", b, with, without);
				/* A list of more than these items has them, too. */
				if (in != same(&all[i], r, a, b) &&
				    !(in && all[i].type == VALUE_LIST))
					fail_msg("row %u: %s of row %u: %d", b, with, a, in);
			}
		}
	}
	rows_free(r);
}

static void test_how_it_is_written(void **state)
{
	static const struct {
		uint32_t row;
		const char *field;
		bool exclude;
		const char *term;
	} rows[] = {
		{ 0, "rcode", false, "rcode=NOERROR" },
		{ 1, "rcode", true, "not rcode=NXDOMAIN" },
		{ 3, "rcode", false, "unanswered" },
		{ 3, "rcode", true, "not unanswered" },
		{ 4, "rcode", false, "unanswered" },
		{ 4, "latency", false, "not latency_us" },
		{ 4, "latency", true, "latency_us" },
		{ 1, "latency", false, "latency_us=2104118233ns" },
		{ 0, "qname", false, "qname=www.example.com" },
		{ 3, "qname", true, "not qname=\"and\"" },
		{ 4, "qname", false, "qname=\"*.example.com\"" },
		{ 2, "comm", false, "comm=\"a \\\"b\\\" or c\"" },
		{ 3, "client", false, "client=fd00::7" },
		{ 1, "comm", true, "comm" },
		{ 5, "answer", false, "answer=10.0.0.1" },
		{ 0, "answer", false, "answers=0" },
		{ 6, "answer", true,
		  "not (answer=\"TXT \\\"a \\\\\\\" and, (b)\\\"\" and answer=10.0.0.1)" },
	};
	struct rows *r = made_rows();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct field *field = field_find(rows[i].field, strlen(rows[i].field), NULL);
		char seen[2 * TERM_MAX];

		assert_true(cell_term(field, &r->src, flow_table_row(r->table, rows[i].row),
				      rows[i].exclude, seen, sizeof(seen)));
		assert_string_equal(seen, rows[i].term);
		assert_false(cell_term(field, &r->src, flow_table_row(r->table, rows[i].row),
				       rows[i].exclude, seen, strlen(rows[i].term)));
	}
	rows_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cell),
		cmocka_unit_test(test_how_it_is_written),
	};

	return cmocka_run_group_tests_name("cell", tests, NULL, NULL);
}
