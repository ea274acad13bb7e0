/* SPDX-License-Identifier: BSD-2-Clause */
/* The tracker at its bounds: full tables, floods, wrong bytes, random traffic. */
#include "core/flow/tracker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define C " 10.0.0.1:1000 10.0.0.2:53 "

struct tally {
	uint64_t settled;
	uint64_t answered;
};

static void tally_settled(void *ctx, const struct flow *f, uint32_t seq)
{
	struct tally *t = ctx;

	(void)seq;
	t->settled++;
	t->answered += f->state == FLOW_ANSWERED;
}

static void malformed_messages_make_no_row(void **state)
{
	static const uint8_t wire[] =
		"\0\7\1\0\0\1\0\0\0\0\0\0\x3f"; /* a label of 63, none there */
	struct script *s = script_new(4);

	(void)state;
	for (uint32_t len = 0; len < sizeof(wire); len++) {
		struct dns_msg m = {
			.ts_ns = SCRIPT_START_NS,
			.wire = wire,
			.wire_len = len,
			.wire_orig = len,
		};

		tracker_feed(s->tracker, &m);
	}
	tracker_flush(s->tracker);
	assert_int_equal(tracker_stats(s->tracker)->messages, sizeof(wire));
	assert_int_equal(tracker_stats(s->tracker)->malformed, sizeof(wire));
	assert_int_equal(s->table->count, 0);
	script_free(s);
}

/* Rows leave by age: what is open is given out as it is, and later answers
 * find nothing, nor rows of others that took the place. */
static void eviction_settles_open_rows(void **state)
{
	struct script *s = script_new(3);

	(void)state;
	script_run(s, "Q 0" C "1 a.example A\n"
		      "Q 1ms" C "2 a.example A\n"
		      "R 2ms" C "2 a.example A\n"
		      "Q 3ms" C "3 a.example A\n"
		      "Q 4ms" C "4 a.example A\n"
		      "Q 5ms" C "5 a.example A\n"
		      "R 6ms" C "1 a.example A\n"
		      "R 7ms" C "4 a.example A\n"
		      "F\n");
	assert_string_equal(script_rows(s),
			    "answered 10.0.0.1:1000 4 a.example A 3000us tries=1 seen=2\n"
			    "pending 10.0.0.1:1000 5 a.example A tries=1 seen=1\n"
			    "unsolicited 10.0.0.1:1000 1 a.example A tries=0 seen=1\n");
	assert_string_equal(s->settled, "0:pending 1:answered 2:pending 3:answered 4:pending "
					"5:unsolicited");
	assert_int_equal(s->table->evicted, 3);
	script_free(s);
}

/* A flood of questions under one id, far more than a chain is walked: each
 * still finds its answer, and an answer without a question the newest. */
static void many_questions_under_one_id_pair(void **state)
{
	enum {
		N = 20000,
		IN_FLIGHT = 500
	};
	struct script *s = script_new(32768);
	char line[128];

	(void)state;
	for (int i = 0; i < N; i++) {
		snprintf(line, sizeof(line), "Q %dus" C "7 n%d.example A", i, i);
		script_line(s, line);
		if (i < IN_FLIGHT)
			continue;
		snprintf(line, sizeof(line), "R %dus" C "7 n%d.example A ip=%d", i, i - IN_FLIGHT,
			 i & 0xffff);
		script_line(s, line);
	}
	tracker_flush(s->tracker);
	assert_int_equal(tracker_stats(s->tracker)->paired, N - IN_FLIGHT);
	/* Sent again, seen again, answered again, far back in the chain. */
	script_run(s, "Q 20001us" C "7 n19600.example A\n"
		      "R 20001us" C "7 n19499.example A ip=19999\n"
		      "R 20002us" C "7 n19499.example A ip=20001\n"
		      "R 20003us" C "7 - -\n");
	assert_int_equal(tracker_stats(s->tracker)->retries + tracker_stats(s->tracker)->hops, 2);
	assert_int_equal(tracker_stats(s->tracker)->duplicates, 1);
	assert_int_equal(tracker_stats(s->tracker)->paired, N - IN_FLIGHT + 1);
	assert_int_equal(flow_table_row(s->table, N - 1)->state, FLOW_ANSWERED);
	script_free(s);
}

/* A tunnel's names fill the room for names before the table is full: old rows
 * go early, and settle, so that the new ones have theirs. */
static void long_names_push_old_rows_out(void **state)
{
	enum {
		N = 150000,
		ROWS = 140000
	};
	static char label[] = "0123456789012345678901234567890123456789012345678901234567";
	struct flow_table_config table = { .max_flows = ROWS, .hash_seed = 1 };
	struct tally tally = { 0 };
	struct tracker_config config = { .settled = tally_settled, .ctx = &tally };
	struct flow_table *t = flow_table_new(&table);
	struct tracker *tr = tracker_new(t, &config);
	char name[256];
	uint8_t wire[512];

	(void)state;
	for (unsigned int i = 0; i < N; i++) {
		struct dns_msg m = {
			.ts_ns = SCRIPT_START_NS + i * 1000ull,
			.src_port = (uint16_t)i,
			.dst_port = 53,
			.wire = wire,
		};

		snprintf(name, sizeof(name), "%08u.%s.%s.%s", i, label, label, label);
		m.wire_len = (uint32_t)script_wire(wire, false, i % 65536, name, "A", 0, 0, 0);
		m.wire_orig = m.wire_len;
		tracker_feed(tr, &m);
	}
	tracker_flush(tr);
	assert_int_equal(t->count + t->evicted, N);
	assert_true(t->count < ROWS);
	assert_true(t->count > 20000);
	assert_int_equal(tally.settled, t->evicted);
	assert_int_equal(intern_lost(t->names), 0);
	for (uint32_t i = 0; i < t->count; i++) {
		uint32_t seq = flow_table_oldest(t) + i;
		size_t len;

		snprintf(name, sizeof(name), "%08u.%s.%s.%s", seq, label, label, label);
		assert_string_equal(intern_text(t->names, flow_table_row(t, seq)->qname, &len),
				    name);
	}
	tracker_free(tr);
	flow_table_free(t);
}

/* As many keys as rows, over and over: the index grows, and forgets. */
static void every_key_is_found(void **state)
{
	enum {
		N = 30000,
		IN_FLIGHT = 5000
	};
	struct script *s = script_new(10000);
	char line[128];

	(void)state;
	for (int i = 0; i < N + IN_FLIGHT; i++) {
		snprintf(line, sizeof(line), "Q %dus 10.0.%d.1:%d 10.0.0.2:53 %d a.example A", i,
			 i % 200, i % 1000, i % 65536);
		if (i < N)
			script_line(s, line);
		snprintf(line, sizeof(line), "R %dus 10.0.%d.1:%d 10.0.0.2:53 %d a.example A", i,
			 (i - IN_FLIGHT) % 200, (i - IN_FLIGHT) % 1000, (i - IN_FLIGHT) % 65536);
		if (i >= IN_FLIGHT)
			script_line(s, line);
	}
	tracker_flush(s->tracker);
	assert_int_equal(tracker_stats(s->tracker)->paired, N);
	assert_int_equal(tracker_stats(s->tracker)->unsolicited, 0);
	assert_int_equal(s->table->evicted, N - 10000);
	script_free(s);
}

/* Sequence numbers pass 2^32 - 1 without a row being lost. */
static void sequence_numbers_wrap(void **state)
{
	struct script *s = script_new(64);
	char line[128];

	(void)state;
	s->table->next_seq = UINT32_MAX - 100;
	for (int i = 0; i < 300; i++) {
		snprintf(line, sizeof(line), "Q %dms" C "%d a.example A", 2 * i, i);
		script_line(s, line);
		if (i % 3 == 0)
			continue;
		snprintf(line, sizeof(line), "R %dms" C "%d a.example A", 2 * i + 1, i);
		script_line(s, line);
	}
	script_line(s, "F");
	assert_int_equal(tracker_stats(s->tracker)->paired, 200);
	assert_int_equal(tracker_stats(s->tracker)->unsolicited, 0);
	assert_int_equal(s->table->count, 64);
	script_free(s);
}

/* Random traffic from few keys through a small table: every message is counted
 * once, every row settles, and the parts add up. */
static void sums_hold_under_random_traffic(void **state)
{
	struct flow_table_config table = { .max_flows = 100, .store_bytes = 4096, .hash_seed = 3 };
	struct tally tally = { 0 };
	struct tracker_config config = { .settled = tally_settled, .ctx = &tally };
	struct flow_table *t = flow_table_new(&table);
	struct tracker *tr = tracker_new(t, &config);
	const struct tracker_stats *st = tracker_stats(tr);
	uint64_t ts = SCRIPT_START_NS;
	char name[16];

	(void)state;
	srand(1);
	for (int i = 0; i < 200000; i++) {
		bool response = rand() % 2;
		uint8_t wire[128], host = (uint8_t)(rand() % 3);
		struct dns_msg m = {
			.sighting = (uint8_t)(rand() % 3),
			.transport = rand() % 8 ? TRANSPORT_UDP : TRANSPORT_TCP,
			.src = ip_addr_from_v4((uint8_t[]){ 10, 0, 0, response ? 9 : host }),
			.dst = ip_addr_from_v4((uint8_t[]){ 10, 0, 0, response ? host : 9 }),
			.src_port = response ? 53 : (uint16_t)(rand() % 4),
			.dst_port = response ? (uint16_t)(rand() % 4) : 53,
			.has_ip_id = rand() % 2,
			.ip_id = (uint16_t)(rand() % 4),
			.pid = (uint32_t)(rand() % 2),
			.wire = wire,
		};

		ts += (uint64_t)(rand() % 40) * (rand() % 100 ? 100000 : 300000000);
		m.ts_ns = ts - (uint64_t)(rand() % 3000000);
		snprintf(name, sizeof(name), "n%d.x", rand() % 4);
		m.wire_len = (uint32_t)script_wire(wire, response, (unsigned int)(rand() % 3),
						   rand() % 9 ? name : "-", "A", 0, 0, 0);
		m.wire_orig = m.wire_len;
		tracker_feed(tr, &m);
	}
	tracker_finish(tr);
	assert_int_equal(st->queries + st->responses, st->messages);
	assert_int_equal(t->evicted + t->count + st->retries + st->hops + st->paired +
				 st->duplicates,
			 st->messages);
	/* Once each, and once more where an answer came after all was settled. */
	assert_true(tally.settled >= t->evicted + t->count);
	assert_true(tally.settled <= t->evicted + t->count + st->late);
	assert_true(tally.answered == st->paired);
	assert_true(st->paired && st->retries && st->hops && st->duplicates && st->late);
	tracker_free(tr);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(malformed_messages_make_no_row),
		cmocka_unit_test(eviction_settles_open_rows),
		cmocka_unit_test(many_questions_under_one_id_pair),
		cmocka_unit_test(long_names_push_old_rows_out),
		cmocka_unit_test(every_key_is_found),
		cmocka_unit_test(sequence_numbers_wrap),
		cmocka_unit_test(sums_hold_under_random_traffic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
