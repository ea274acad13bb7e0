/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters as chips, and what is done to chips as filters again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/query/filter.h"
#include "core/query/filter_chips.h"
#include "tests/unit/filter_rows.h"

struct chips_case {
	const char *text;
	const char *chips;   /* each in brackets, "#" before what is off, all or any */
	const char *written; /* what they are written as */
};

/* clang-format off */
static const struct chips_case cases[] = {
	{ "", "", "" },
	{ "   ", "", "" },
	{ "rcode=", "", "" },
	{ "rcode=3", "[rcode=3] all", "rcode=3" },
	{ "rcode=3 id=1", "[rcode=3] [id=1] all", "rcode=3 and id=1" },
	{ "rcode=3 and id=1 && slow", "[rcode=3] [id=1] [slow] all", "rcode=3 and id=1 and slow" },
	{ "rcode=3 or id=1 | slow", "[rcode=3] [id=1] [slow] any", "rcode=3 or id=1 or slow" },
	{ "rcode in {2, 3} not slow", "[rcode in {2, 3}] [not slow] all", "rcode in {2, 3} and not slow" },
	{ "rcode = 2 , 3 corp", "[rcode = 2 , 3] [corp] all", "rcode = 2 , 3 and corp" },
	{ "latency>=10 ms corp", "[latency>=10 ms] [corp] all", "latency>=10 ms and corp" },
	{ "qname not contains x and a", "[qname not contains x] [a] all", "qname not contains x and a" },
	{ "slow=0 or corp", "[slow=0] [corp] any", "slow=0 or corp" },
	/* What is nested is one chip. */
	{ "slow (rcode=3 or id=1)", "[slow] [(rcode=3 or id=1)] all", "slow and (rcode=3 or id=1)" },
	{ "not (rcode=3 or id=1)", "[not (rcode=3 or id=1)] all", "not (rcode=3 or id=1)" },
	{ "a and b or c", "[(a and b)] [c] any", "(a and b) or c" },
	{ "a or b and c and d or e f", "[a] [(b and c and d)] [(e f)] any", "a or (b and c and d) or (e f)" },
	/* One pair of parentheses around all says nothing. */
	{ "(a or b)", "[a] [b] any", "a or b" },
	{ " ( (a and (b or c)) ) ", "[a] [(b or c)] all", "a and (b or c)" },
	{ "(a) (b)", "[(a)] [(b)] all", "(a) and (b)" },
	/* Switched off. */
	{ "# rcode=3", "[#rcode=3] all", "# rcode=3" },
	{ "#rcode=3 and id=1", "[#rcode=3] [id=1] all", "# rcode=3 and id=1" },
	{ "a #not b #(c or d)", "[a] [#not b] [#(c or d)] all", "a and # not b and # (c or d)" },
	{ "a or #b", "[a] [#b] any", "a or # b" },
	{ "#a b or c", "[(#a b)] [c] any", "(#a b) or c" },
	{ "# (#a or b)", "[#(#a or b)] all", "# (#a or b)" },
	{ "a#b and qname=#c", "[a#b] [qname=#c] all", "a#b and qname=#c" },
	/* With their units. */
	{ "latency>=20", "[latency>=20ms] all", "latency>=20" },
	{ "dns.time > 0.5 or latency_us in {1 .. 5} or node_us<7", "[dns.time > 0.5s] [latency_us in {1us .. 5us}] [node_us<7us] any", "dns.time > 0.5 or latency_us in {1 .. 5} or node_us<7" },
	{ "(latency>=20 and (latency<5 or id=20))", "[latency>=20ms] [(latency<5ms or id=20)] all", "latency>=20 and (latency<5 or id=20)" },
	{ "latency>=20 ms", "[latency>=20 ms] all", "latency>=20 ms" },
};
/* clang-format on */

static void describe(const char *text, char *out, size_t size)
{
	struct filter_chips c;
	char label[500];
	size_t n = 0;

	filter_chips(text, &c);
	out[0] = '\0';
	for (int i = 0; i < c.n; i++)
		n += (size_t)snprintf(out + n, size - n, "[%s%s] ", c.chip[i].off ? "#" : "",
				      filter_chip_label(text, &c, i, label, sizeof(label)));
	if (c.n)
		snprintf(out + n, size - n, "%s", c.any ? "any" : "all");
}

static void test_chips(void **state)
{
	char seen[1000], written[1000];
	struct filter_chips c;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		describe(cases[i].text, seen, sizeof(seen));
		assert_string_equal(seen, cases[i].chips);
		filter_chips(cases[i].text, &c);
		assert_true(filter_chips_write(cases[i].text, &c, written, sizeof(written)));
		assert_string_equal(written, cases[i].written);
		/* Chips of chips are the same ones. */
		describe(written, seen, sizeof(seen));
		assert_string_equal(seen, cases[i].chips);
	}
}

/* What is off is as if it was not there. */
static void test_off(void **state)
{
	static const struct match_case off[] = {
		{ "# timeout", ALL },
		{ "#timeout", ALL },
		{ "# timeout and rcode=NXDOMAIN", "bf" },
		{ "rcode=NXDOMAIN # corp", "bf" },
		{ "rcode=NXDOMAIN or # corp", "bf" },
		{ "# corp or # timeout", ALL },
		{ "not (# corp)", ALL },
		{ "(# corp or timeout) and # slow", "d" },
		{ "# (corp or timeout) rcode=NXDOMAIN", "bf" },
		{ "# qname~/x/ and # qname=y and corp", "def" },
	};
	struct filter *f;
	struct err err;

	CHECK_CASES(state, off);
	assert_int_equal(filter_parse("# corp", 0, &f, NULL), 0);
	assert_true(filter_is_empty(f));
	filter_free(f);
	/* But it is read. */
	assert_true(filter_parse("corp and # idd=3", 0, &f, &err) < 0);
	assert_int_equal(err.pos, 11);
	assert_true(filter_parse("corp and #", 0, &f, &err) < 0);
	assert_true(filter_parse("# # corp", 0, &f, &err) < 0);
	assert_true(filter_parse("not # corp", 0, &f, &err) < 0);
}

struct change {
	const char *text;
	const char *what; /* "off 1", "on 1", "del 1", "flip", "add TEST" */
	const char *then;
};

static void apply(const struct change *ch, char *out, size_t size)
{
	struct filter_chips c;
	int i;

	filter_chips(ch->text, &c);
	if (strncmp(ch->what, "add ", 4) == 0) {
		assert_true(filter_chips_add(ch->text, &c, ch->what + 4, out, size));
		return;
	}
	if (strcmp(ch->what, "flip") == 0) {
		c.any = !c.any;
	} else if (sscanf(ch->what, "off %d", &i) == 1) {
		c.chip[i].off = true;
	} else if (sscanf(ch->what, "on %d", &i) == 1) {
		c.chip[i].off = false;
	} else {
		assert_int_equal(sscanf(ch->what, "del %d", &i), 1);
		memmove(&c.chip[i], &c.chip[i + 1], sizeof(c.chip[0]) * (size_t)(--c.n - i));
	}
	assert_true(filter_chips_write(ch->text, &c, out, size));
}

static void test_changes(void **state)
{
	static const struct change changes[] = {
		{ "rcode=3 id=1", "off 0", "# rcode=3 and id=1" },
		{ "# rcode=3 and id=1", "on 0", "rcode=3 and id=1" },
		{ "rcode=3 id=1", "del 0", "id=1" },
		{ "rcode=3", "del 0", "" },
		{ "rcode=3 id=1 (a or b)", "flip", "rcode=3 or id=1 or (a or b)" },
		{ "a and b or c", "flip", "(a and b) and c" },
		{ "a or b and c", "off 1", "a or # (b and c)" },
		{ "", "add slow", "slow" },
		{ "", "add a or b", "a or b" },
		{ "rcode=3", "add slow", "rcode=3 and slow" },
		{ "a or b", "add slow", "a or b or slow" },
		{ "a or b", "add c and d", "a or b or (c and d)" },
		{ "a b", "add c or d", "a and b and (c or d)" },
		{ "a b", "add c and d", "a and b and c and d" },
		{ "# a", "add slow", "# a and slow" },
	};
	char then[300];

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct filter *f;

		apply(&changes[i], then, sizeof(then));
		assert_string_equal(then, changes[i].then);
		assert_int_equal(filter_parse(then, 0, &f, NULL), 0);
		filter_free(f);
	}
}

static void test_find(void **state)
{
	static const char text[] = "slow and # NXDOMAIN and (a or b)";
	struct filter_chips c;

	(void)state;
	filter_chips(text, &c);
	assert_int_equal(filter_chip_find(text, &c, "SLOW"), 0);
	assert_int_equal(filter_chip_find(text, &c, "nxdomain"), 1);
	assert_int_equal(filter_chip_find(text, &c, "slo"), -1);
	assert_int_equal(filter_chip_find("", &(struct filter_chips){ 0 }, "slow"), -1);
}

/* Too many for chips are one, and no text is written beyond its room. */
static void test_bounds(void **state)
{
	char text[2000] = "a0", out[2000];
	struct filter_chips c;

	(void)state;
	for (int i = 1; i < FILTER_CHIPS_MAX; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), " a%d", i);
	filter_chips(text, &c);
	assert_int_equal(c.n, FILTER_CHIPS_MAX);
	assert_false(filter_chips_write(text, &c, out, 100));
	assert_true(strlen(out) < 100);
	snprintf(text + strlen(text), sizeof(text) - strlen(text), " more");
	filter_chips(text, &c);
	assert_int_equal(c.n, 1);
	assert_true(filter_chips_add(text, &c, "slow", out, sizeof(out)));
	assert_non_null(strstr(out, "(a0 a1"));
	assert_non_null(strstr(out, "more) and slow"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chips),   cmocka_unit_test(test_off),
		cmocka_unit_test(test_changes), cmocka_unit_test(test_find),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, make_rows, free_rows);
}
