/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lookups whose rows leave memory, that are too many, or of traffic that makes no
 * sense.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/flow/member.h"
#include "tests/unit/lookup_rows.h"

/* A lookup whose first row has left memory still has its name, and no more. */
static void test_first_row_gone(void **state)
{
	struct script *s = script_new(2);
	char text[64];

	(void)state;
	script_run(s, "Q 0 " P " " R " 1 a.example A\nQ 1us " P " " R " 2 a.example AAAA\n"
		      "R 1ms " P " " R " 2 a.example AAAA answers=1\nQ 2ms " P " " R
		      " 3 b.example A\n");
	write_rows(s, text, sizeof(text));
	assert_string_equal(text, "a.example AAAA L0\nb.example A L2\n");
	write_first(s, text, sizeof(text));
	assert_string_equal(text, "- - - - -");
	script_free(s);
}

/* What hung under a question still says so when that has left memory. */
static void test_cause_gone(void **state)
{
	struct script *s = script_new(2);
	char text[128];

	(void)state;
	script_run(s, "Q 0 " P " " R " 1 a.example A\nQ 1ms " U " " S " 7 a.example A\n"
		      "Q 2ms " O " 10.0.0.7:53 8 b.example A\n");
	write_rows(s, text, sizeof(text));
	assert_string_equal(text, "a.example A L0 <0\nb.example A L2\n");
	/* Under what is gone nothing new hangs. */
	script_run(s, "Q 3ms " V " " S " 9 a.example A\n");
	write_rows(s, text, sizeof(text));
	assert_string_equal(text, "b.example A L2\na.example A L3\n");
	script_free(s);
}

/* More open questions than there is room for: counted, and nothing else is wrong. */
static void test_no_room(void **state)
{
	struct script *s = script_new(65536);
	const struct tracker_stats *stats = tracker_stats(s->tracker);
	uint32_t linked = 0;
	char line[160];

	(void)state;
	script_run(s, "Q 0 " P " " R " 1 z.example A\nQ 1us " U " " S " 2 z.example A\n");
	for (int i = 0; i < 20000; i++) {
		snprintf(line, sizeof(line), "Q 1ms 10.0.%d.%d:4001 " R " 3 n%d.a.b.c.example A",
			 1 + i / 250, 1 + i % 250, i);
		script_line(s, line);
	}
	for (int i = 0; i < 20000; i++) {
		snprintf(line, sizeof(line), "Q 2ms " U " " S " %d n%d.a.b.c.example A", i, i);
		script_line(s, line);
	}
	tracker_flush(s->tracker);
	assert_true(stats->causes_lost > 0);
	for (uint32_t seq = 20002; seq < s->table->next_seq; seq++) {
		const struct flow_side *side = flow_table_side(s->table,
							       flow_table_row(s->table, seq));

		if (!side || side->parent == FLOW_NO_SEQ)
			continue;
		assert_int_equal(side->parent, seq - 20000);
		linked++;
	}
	assert_true(linked > 10000);
	script_run(s, "F\n");
	script_free(s);
}

/* A resolver that asks many servers for one question stays one who is asked. */
static void test_many_servers(void **state)
{
	struct script *s = script_new(32768);
	char line[160];

	(void)state;
	script_run(s, "Q 0 " P " " R " 1 a.example A\n");
	for (int i = 0; i < 16000; i++) {
		snprintf(line, sizeof(line), "Q 1ms " U " 198.18.%d.%d:53 %d a.example A", i / 250,
			 1 + i % 250, i);
		script_line(s, line);
	}
	tracker_flush(s->tracker);
	for (uint32_t seq = 1; seq <= 16000; seq++)
		assert_int_equal(flow_parent(s->table, flow_table_row(s->table, seq)), 0);
	script_free(s);
}

static void test_cleared(void **state)
{
	struct script *s = script_new(16);
	char text[128];

	(void)state;
	script_run(s, "Q 0 " P " " R " 1 a.example A\nQ 1ms " U " " S " 7 x.example A\nC\n"
		      "Q 2ms " V " " S " 8 a.example A\nQ 3ms " P " " R " 2 a.example AAAA\n");
	write_rows(s, text, sizeof(text));
	assert_string_equal(text, "a.example A L2\na.example AAAA L3\n");
	script_free(s);
}

/* What an answer says to ask next is known, too, where no message bytes are kept. */
static void test_no_store(void **state)
{
	struct script *s = script_new_store(64, 0);
	char text[512];

	(void)state;
	script_run(s, "Q 0 " P " " R " 1 www.a.example A\nQ 1ms " U " " S " 7 www.a.example A\n"
		      "R 2ms " U " " S " 7 www.a.example A cname=x.cdn.net\n"
		      "Q 3ms " V " " S " 8 x.cdn.net A\n"
		      "R 4ms " V " " S " 8 x.cdn.net A nsname=ns1.dns.org\n"
		      "Q 5ms " U " " S " 9 ns1.dns.org A\nQ 6ms " U " " S " 10 other.net A\n");
	write_rows(s, text, sizeof(text));
	assert_string_equal(text, "www.a.example A L0\nwww.a.example A L0 <0\nx.cdn.net A L0 <0\n"
				  "ns1.dns.org A L0 <0\nother.net A L4\n");
	script_free(s);
}

/* What a link must be, whatever came: to an older question that is asked of whom
 * the query is from, open when it was sent. */
static uint32_t check_links(const struct script *s)
{
	const struct flow_table *t = s->table;
	uint32_t links = 0;

	for (uint32_t seq = flow_table_oldest(t); seq != t->next_seq; seq++) {
		const struct flow *f = flow_table_row(t, seq), *q;
		uint32_t parent = flow_parent(t, f), lookup = flow_lookup(t, f, seq);

		assert_true(lookup <= seq);
		if (parent == FLOW_NO_SEQ || !flow_table_has(t, parent))
			continue;
		links++;
		q = flow_table_row(t, parent);
		assert_true(parent < seq);
		assert_true(q->ts_ns <= f->ts_ns);
		assert_true(q->state != FLOW_ANSWERED || f->ts_ns <= q->ts_ns + q->latency_ns);
		assert_int_equal(flow_lookup(t, q, parent), lookup);
		if (f->owner && flow_table_answerer(t, q))
			assert_int_equal(flow_owner_pid(t, f->owner),
					 flow_owner_pid(t, flow_table_answerer(t, q)));
		else if (!f->owner)
			assert_int_equal(q->server, f->client);
	}
	return links;
}

/* Few of everything, so that it meets: three hosts that ask each other. */
static void test_random(void **state)
{
	static const char *const names[] = {
		"a", "b.a", "c.b.a", "d.b.a", "c.b.a.d.b.a", "c.d.b.a"
	};
	static const char *const types[] = { "A", "AAAA", "NS" };
	uint32_t links = 0;
	char line[256];

	(void)state;
	srand(1);
	for (int round = 0; round < 40; round++) {
		struct script *s = script_new(round % 2 ? 32 : 1024);

		for (int i = 0; i < 3000; i++) {
			bool response = rand() % 2;
			int from = rand() % 3, to = (from + 1 + rand() % 2) % 3;
			int pid = round % 4 < 2 ? 0 : 1 + (response ? to : from);

			snprintf(line, sizeof(line),
				 "%c %dus 10.0.0.%d:%d 10.0.0.%d:53 %d %s %s pid=%d%s%s%s",
				 response ? 'R' : 'Q', i * 300 - rand() % 200, from,
				 4000 + rand() % 4, to, rand() % 4, names[rand() % 6],
				 types[rand() % 3], pid, response && rand() % 2 ? " rcode=3" : "",
				 response && rand() % 3 == 0 ? " cname=c.b.a" : "",
				 response && rand() % 3 == 0 ? " nsname=d.b.a" : "");
			script_line(s, line);
		}
		tracker_flush(s->tracker);
		links += check_links(s);
		script_run(s, "T 60s\nF\n");
		check_links(s);
		script_free(s);
	}
	assert_true(links > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_row_gone), cmocka_unit_test(test_cause_gone),
		cmocka_unit_test(test_cleared),        cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_random),         cmocka_unit_test(test_no_store),
		cmocka_unit_test(test_many_servers),
	};

	return cmocka_run_group_tests_name("lookups without end", tests, NULL, NULL);
}
