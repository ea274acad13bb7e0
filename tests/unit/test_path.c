/* SPDX-License-Identifier: BSD-2-Clause */
/* Which way the messages of a row went, and what is kept of that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/flow/path.h"
#include "core/query/field.h"
#include "tests/unit/script.h"

#define C   " 10.0.0.1:1000 10.0.0.2:53 "
#define OUT " 10.88.0.1:40000 10.0.0.2:53 "

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* As interfaces have no names here, each leg is "KIND +TIME DIRECTION - - FROM TO". */
#define ROW " 10.0.0.1:1000 10.0.0.2:53\n"
#define WOR " 10.0.0.2:53 10.0.0.1:1000\n"

static const struct {
	const char *what;
	const char *lines;
	const char *path, *nat, *node, *server;
} ways[] = {
	{ "seen once", "Q 0" C "7 a A origin\nR 9ms" C "7 a A hop\n", "-", "-", "-", "-" },
	{ "loopback",
	  "Q 0" C "7 a A origin\nQ 1ms" C "7 a A hop\n"
	  "R 5ms" C "7 a A origin\nR 7ms" C "7 a A hop\n",
	  "query +0.000 out - -" ROW "query +1000.000 - - -" ROW "answer +5000.000 - - -" WOR
	  "answer +7000.000 - - -" WOR,
	  "0", "3.0ms", "4.0ms" },
	{ "an answer seen twice, its query once",
	  "Q 0" C "7 a A\nR 5ms" C "7 a A origin\nR 7ms" C "7 a A hop\n",
	  "query +0.000 - - -" ROW "answer +5000.000 out - -" WOR "answer +7000.000 - - -" WOR, "0",
	  "2.0ms", "5.0ms" },
	{ "a hop that comes first",
	  "Q 1ms" C "7 a A hop\nQ 0" C "7 a A origin\nR 5ms" C "7 a A hop\n",
	  "query +0.000 - - -" ROW "query +1000.000 - - -" ROW "answer +5000.000 - - -" WOR, "0",
	  "1.0ms", "4.0ms" },
	{ "NAT",
	  "Q 0" C "7 a A origin\nQ 1ms" OUT "7 a A hop\nR 5ms" OUT "7 a A hop\nR 6ms" C
	  "7 a A hop\n",
	  "query +0.000 out - -" ROW "query +1000.000 - - - 10.88.0.1:40000 10.0.0.2:53\n"
	  "answer +5000.000 - - - 10.0.0.2:53 10.88.0.1:40000\nanswer +6000.000 - - -" WOR,
	  "1", "2.0ms", "4.0ms" },
	{ "a retry", /* its waiting is neither here nor there */
	  "Q 0" C "7 a A origin\nQ 1ms" C "7 a A hop\nQ 1s" C "7 a A origin\nQ 1003ms" C
	  "7 a A hop\nR 1010ms" C "7 a A hop\n",
	  "query +0.000 out - -" ROW "query +1000.000 - - -" ROW "query +1000000.000 - - -" ROW
	  "query +1003000.000 - - -" ROW "answer +1010000.000 - - -" WOR,
	  "0", "3.0ms", "7.0ms" },
	{ "a retry from another port",
	  "Q 0" C "7 a A origin\nQ 1ms" C
	  "7 a A hop\nQ 1s 10.0.0.1:2000 10.0.0.2:53 7 a A origin\n",
	  "query +0.000 out - -" ROW "query +1000.000 - - -" ROW
	  "query +1000000.000 - - - 10.0.0.1:2000 10.0.0.2:53\n",
	  "0", "0.0us", "-" },
	{ "only the retry is seen twice",
	  "Q 0" C "7 a A origin\nQ 1s" C "7 a A origin\nQ 1003ms" C "7 a A hop\n",
	  "query +0.000 out - -" ROW "query +1000000.000 out - -" ROW
	  "query +1003000.000 - - -" ROW,
	  "0", "3.0ms", "-" },
	{ "thrown away on its way", "Q 0" C "7 a A origin\nQ 1ms" C "7 a A hop drop\n",
	  "query +0.000 out - -" ROW "query +1000.000 - - - 10.0.0.1:1000 10.0.0.2:53 NO_SOCKET\n",
	  "0", "0.0us", "-" },
	{ "thrown away at once", "Q 0" C "7 a A drop\n",
	  "query +0.000 - - - 10.0.0.1:1000 10.0.0.2:53 NO_SOCKET\n", "0", "0.0us", "-" },
	{ "an answer thrown away",
	  "Q 0" C "7 a A origin\nR 1ms" C "7 a A drop\nQ 1s" C "7 a A origin\nR 1005ms" C "7 a A\n",
	  "query +0.000 out - -" ROW "answer +1000.000 - - - 10.0.0.2:53 10.0.0.1:1000 NO_SOCKET\n"
	  "query +1000000.000 - - -" ROW "answer +1005000.000 - - -" WOR,
	  "0", "0.0us", "5.0ms" },
	{ "an answer without its query", "R 1ms" C "7 a A origin\nR 2ms" C "7 a A hop\n",
	  "answer +0.000 out - -" WOR "answer +1000.000 - - -" WOR, "0", "1.0ms", "-" },
	{ "an answer that overtook its query",
	  "R 3ms" C "7 a A origin\nR 4ms" C "7 a A hop\nQ 1ms" C "7 a A origin\n",
	  "query +0.000 - - -" ROW "answer +2000.000 out - -" WOR "answer +3000.000 - - -" WOR, "0",
	  "1.0ms", "2.0ms" },
};

static const struct flow *only_row(const struct script *s)
{
	assert_int_equal(s->table->count, 1);
	return flow_table_row(s->table, flow_table_oldest(s->table));
}

/* The list of a path as the getter gives it, each leg with its end of line. */
static void path_text(const struct script *s, char *out, size_t size)
{
	struct row_source src = { .table = s->table };
	const struct field *fd = field_find("path", 4, NULL);
	struct value v;
	char buf[VALUE_BUF];

	fd->get(&src, only_row(s), &v, buf);
	if (v.type == VALUE_NONE)
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%.*s\n", (int)v.len, v.text);
}

static bool cell_is(const struct script *s, const char *name, const char *want)
{
	struct row_source src = { .table = s->table };
	char text[256];

	field_cell(field_find(name, strlen(name), NULL), &src, only_row(s), text, sizeof(text));
	if (strcmp(text, want) == 0)
		return true;
	print_error("%s is %s, not %s\n", name, text, want);
	return false;
}

static void scripts_give_their_ways(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct script *s = script_new(4);
		char got[VALUE_BUF + 1];

		script_run(s, ways[i].lines);
		path_text(s, got, sizeof(got));
		if (strcmp(got, ways[i].path) != 0 || !cell_is(s, "nat", ways[i].nat) ||
		    !cell_is(s, "node_us", ways[i].node) ||
		    !cell_is(s, "server_us", ways[i].server)) {
			print_error("%s:\nwant\n%s\ngot\n%s\n", ways[i].what, ways[i].path, got);
			failed++;
		}
		script_free(s);
	}
	assert_int_equal(failed, 0);
}

/* The parts of the time are the latency, whatever came between. */
static void times_add_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct script *s = script_new(4);
		const struct flow *f;
		struct path p;

		script_run(s, ways[i].lines);
		f = only_row(s);
		if (path_read(s->table, f, &p) && p.has_server)
			assert_int_equal(p.waited_ns + p.query_ns + p.server_ns, f->latency_ns);
		script_free(s);
	}
}

/* Where nobody asks for paths, all else of a sighting is told as ever. */
static void nobody_asks(void **state)
{
	struct flow_table_config table = { .max_flows = 4, .no_paths = true, .hash_seed = 1 };
	struct script *s = script_new_of(&table);
	struct path p;

	(void)state;
	script_run(s, "Q 0" C "7 a A origin\nQ 1ms" C "7 a A hop\n"
		      "R 2ms" C "7 a A origin\nR 3ms" C "7 a A hop drop\n");
	assert_false(path_read(s->table, only_row(s), &p));
	assert_int_equal(only_row(s)->sightings, 3);
	assert_int_not_equal(only_row(s)->drop_reason, INTERN_NONE);
	flow_table_sweep(s->table);
	assert_int_equal(only_row(s)->state, FLOW_ANSWERED);
	script_free(s);
}

/* What the ring has no room for any more is said to be gone, never another's. */
static void old_legs_are_gone(void **state)
{
	struct script *s = script_new(4); /* 64 legs */
	char line[128];
	struct path p;

	(void)state;
	script_run(s, "Q 0" C "7 a A origin\nQ 1ms" C "7 a A hop\n");
	for (int i = 2; i < 70; i++) {
		snprintf(line, sizeof(line), "Q %dms" C "7 a A hop\n", i);
		script_run(s, line);
	}
	assert_true(path_read(s->table, only_row(s), &p));
	assert_true(p.cut);
	assert_int_equal(p.n, 64);
	assert_int_equal(p.leg[63].ts_ns, SCRIPT_START_NS + 69000000);
	assert_int_equal(p.leg[0].ts_ns, SCRIPT_START_NS + 6000000);
	script_free(s);

	s = script_new(4);
	script_run(s, "Q 0" C "7 a A origin\nQ 1ms" C "7 a A hop\n"
		      "Q 0 10.0.0.9:1 10.0.0.2:53 8 b A origin\n");
	for (int i = 2; i < 70; i++) {
		snprintf(line, sizeof(line), "Q %dms 10.0.0.9:1 10.0.0.2:53 8 b A hop\n", i);
		script_run(s, line);
	}
	assert_true(path_read(s->table, flow_table_row(s->table, flow_table_oldest(s->table)), &p));
	assert_true(p.cut);
	assert_int_equal(p.n, 0);
	script_free(s);
}

static void legs_wrap(void **state)
{
	struct legs *l = legs_new(1);
	uint32_t ref[300];

	(void)state;
	assert_non_null(l);
	for (uint32_t i = 0; i < ARRAY_SIZE(ref); i++) {
		struct leg leg = {
			.ts_ns = i,
			.seq = i % 3,
			.flags = i % 2 ? LEG_ENDS : 0,
			.before = i ? ref[i - 1] : LEGS_NONE,
		};
		struct leg_ends ends = { .src.b = { (uint8_t)i }, .dst.b = { 1 } };

		ref[i] = legs_put(l, &leg, &ends);
		for (uint32_t j = 0; j <= i; j++) {
			const struct leg *got = legs_get(l, j % 3, ref[j]);

			assert_null(legs_get(l, j % 3 + 1, ref[j]));
			if (j + 44 <= i)
				assert_null(got);
			if (j + 40 > i)
				assert_non_null(got);
			if (!got)
				continue;
			assert_int_equal(got->ts_ns, j);
			if (got->flags & LEG_ENDS)
				assert_int_equal(legs_ends(got)->src.b[0], (uint8_t)j);
		}
	}
	assert_null(legs_get(l, 0, LEGS_NONE));
	legs_free(l);
}

/* A place that only a leg names is not given away, nor a label. */
static void what_legs_name_stays(void **state)
{
	struct script *s = script_new(4);
	const struct flow *f;
	struct path p;
	size_t len;

	(void)state;
	script_run(s, "Q 0" C "7 a A origin if=1\nQ 1ms" C "7 a A hop if=2 drop\n");
	f = only_row(s);
	s->table->evicted = 1000; /* so that a sweep may be made */
	for (uint32_t i = 10; i < 6000; i++)
		flow_table_place(s->table, 0, i, NULL);
	flow_table_sweep(s->table);
	assert_true(path_read(s->table, f, &p));
	assert_int_equal(s->table->places[p.leg[0].place].ifindex, 1);
	assert_int_equal(s->table->places[p.leg[1].place].ifindex, 2);
	assert_string_equal(intern_text(s->table->labels, p.leg[1].reason, &len), "NO_SOCKET");
	script_free(s);
}

/* A message seen twice was sent once. */
static void test_asked(void **state)
{
	struct script *s = script_new(64);
	const struct tracker_stats *st = tracker_stats(s->tracker);

	(void)state;
	script_run(s,
		   "Q 0" C "7 a A origin\nQ 1ms" C "7 a A hop\nQ 1s" C "7 a A origin\n"
		   "Q 1001ms" C "7 a A hop\nR 1005ms" C "7 a A origin\nR 1007ms" C "7 a A hop\n");
	assert_int_equal(st->queries, 4);
	assert_int_equal(st->hops, 3);
	assert_int_equal(st->query_hops, 2);
	assert_int_equal(tracker_asked(st), 2);
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts_give_their_ways),
		cmocka_unit_test(times_add_up),
		cmocka_unit_test(nobody_asks),
		cmocka_unit_test(old_legs_are_gone),
		cmocka_unit_test(legs_wrap),
		cmocka_unit_test(what_legs_name_stays),
		cmocka_unit_test(test_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
