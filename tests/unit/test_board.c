/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boards: what is said of resolvers, and of what search lists waste.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/query/board.h"
#include "core/query/resolvers.h"
#include "tests/unit/rows.h"
#include "tests/unit/script.h"

#define MS(n) ((n)*1000000ull)

static const struct {
	struct score score;
	const char *verdict;
} verdicts[] = {
	{ { .queries = 100, .answered = 100, .udp = 100, .p95_ns = MS(20) }, "ok" },
	{ { .queries = 9, .answered = 9, .p95_ns = MS(20) }, "few queries" },
	{ { .queries = 9, .unanswered = 9 }, "drops 100% of queries" },
	{ { .queries = 10, .unanswered = 10 }, "answers nothing" },
	{ { .queries = 100, .answered = 96, .unanswered = 4 }, "drops 4% of queries" },
	{ { .queries = 1000, .answered = 991, .unanswered = 9 }, "ok" },
	{ { .queries = 50, .answered = 49, .unanswered = 1 }, "ok" },
	{ { .queries = 100, .answered = 100, .p95_ns = MS(480) }, "slow: p95 480 ms" },
	{ { .queries = 100, .answered = 100, .p95_ns = MS(100) }, "slow: p95 100 ms" },
	{ { .queries = 100, .answered = 100, .servfail = 12 }, "SERVFAIL 12%" },
	{ { .queries = 100, .answered = 100, .edns = 10, .edns_failures = 3 },
	  "EDNS fails in 30%" },
	{ { .queries = 100, .answered = 100, .udp = 50, .truncated = 5 }, "truncates 10%" },
	{ { .queries = 100, .answered = 100, .retried = 2, .retries = 5 }, "2% asked again" },
	{ { .queries = 200, .answered = 100, .unanswered = 100, .servfail = 50, .p95_ns = MS(900) },
	  "drops 50% of queries, SERVFAIL 50%" },
	/* What still waits is in no share. */
	{ { .queries = 1000, .answered = 98, .unanswered = 2 }, "drops 2% of queries" },
};

static void test_verdicts(void **state)
{
	char text[128], tiny[8];

	(void)state;
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		size_t len = resolvers_verdict(&verdicts[i].score, text, sizeof(text));

		assert_string_equal(text, verdicts[i].verdict);
		assert_int_equal(len, strlen(text));
	}
	assert_int_equal(resolvers_verdict(&verdicts[4].score, tiny, sizeof(tiny)), 7);
	assert_string_equal(tiny, "drops 4");
}

/* A line as text, values in short style. */
static const char *line_text(const struct board *b, uint32_t line, char *out, size_t size)
{
	size_t used = 0;

	for (int i = 0; i < b->ops->n_columns; i++) {
		char buf[VALUE_BUF], text[VALUE_BUF];
		struct value v;

		b->ops->value(b, line, i, &v, buf);
		value_format(&v, VALUE_SHORT, text, sizeof(text));
		used += (size_t)snprintf(out + used, size - used, "%s%s", i ? "|" : "", text);
	}
	return out;
}

static struct board *make(const struct board_ops *ops, const struct flow_table *t,
			  const char *where)
{
	const struct row_source src = { .table = t };
	struct filter *filter;
	struct err err = { 0 };
	struct board *b;

	assert_int_equal(filter_parse(where, 0, &filter, &err), 0);
	assert_int_equal(ops->make(&b, &src, filter, flow_table_oldest(t), t->next_seq), 0);
	filter_free(filter);
	return b;
}

#define HEAD_EDNS (FLOW_HAS_QUERY_EDNS | FLOW_HAS_RESPONSE_EDNS)

static void test_resolvers(void **state)
{
	struct rows *r = rows_new();
	char text[512];
	struct board *b;
	uint32_t order[2];

	(void)state;
	for (unsigned i = 1; i <= 20; i++)
		rows_add(r, &(struct row_spec){ .server = "10.0.0.1",
						.latency_ns = MS(i),
						.marks = HEAD_EDNS,
						.rcode = i == 7 ? 2 : 0 });
	rows_add(r,
		 &(struct row_spec){ .server = "10.0.0.1", .state = FLOW_TIMEOUT, .attempts = 3 });
	rows_add(r, &(struct row_spec){ .server = "10.0.0.1", .pending = true });
	/* What is no question of DNS proper, or none at all, is in no score. */
	rows_add(r, &(struct row_spec){ .server = "224.0.0.251", .service = SERVICE_MDNS });
	rows_add(r, &(struct row_spec){ .server = "10.0.0.1", .state = FLOW_UNSOLICITED });
	/* EDNS that is refused, ignored, and one whose answer was not seen whole. */
	rows_add(r, &(struct row_spec){ .server = "fd00::2", .marks = HEAD_EDNS, .rcode = 1 });
	rows_add(r, &(struct row_spec){ .server = "fd00::2", .marks = FLOW_HAS_QUERY_EDNS });
	rows_add(r, &(struct row_spec){ .server = "fd00::2",
					.marks = FLOW_HAS_QUERY_EDNS | FLOW_CUT,
					.response_flags = DNS_FLAG_QR | DNS_FLAG_TC });
	b = make(&board_resolvers, r->table, "");
	assert_int_equal(b->count, 2);
	assert_string_equal(line_text(b, 0, text, sizeof(text)),
			    "10.0.0.1|22|10.0ms|19.0ms|20.0ms|1|1|0|0|2|SERVFAIL 5%");
	assert_string_equal(
		line_text(b, 1, text, sizeof(text)),
		"fd00::2|3|1.0ms|1.0ms|1.0ms|0|0|1|2|0|EDNS fails in 100%, truncates 33%");
	board_sort(b, 1, false, order);
	assert_int_equal(order[0], 1);
	board_sort(b, 1, true, order);
	assert_int_equal(order[0], 0);
	board_free(b);
	b = make(&board_resolvers, r->table, "server=fd00::2 rcode=FORMERR");
	assert_int_equal(b->count, 1);
	assert_string_equal(line_text(b, 0, text, sizeof(text)),
			    "fd00::2|1|1.0ms|1.0ms|1.0ms|0|0|0|1|0|EDNS fails in 100%");
	board_free(b);
	rows_free(r);
}

static void test_many_servers(void **state)
{
	struct rows *r = rows_new_sized(4096);
	struct board *b;
	char text[256], addr[32];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		snprintf(addr, sizeof(addr), "10.1.%d.%d", i / 250, i % 250);
		rows_add(r, &(struct row_spec){ .server = addr });
	}
	rows_add(r, &(struct row_spec){ .server = addr });
	b = make(&board_resolvers, r->table, "");
	assert_int_equal(b->count, 2000);
	assert_string_equal(line_text(b, 0, text, sizeof(text)),
			    "10.1.7.249|2|1.0ms|1.0ms|1.0ms|0|0|0|0|0|few queries");
	board_free(b);
	rows_free(r);
}

#define W(t, port, id, name, rcode)                                                  \
	"Q " t "ms 10.0.0.9:" port " 10.0.0.1:53 " id " " name " A pid=7 comm=app\n" \
	"R " t ".5ms 10.0.0.9:" port " 10.0.0.1:53 " id " " name " A rcode=" rcode

static void test_searches(void **state)
{
	struct script *s = script_new(64);
	char text[512];
	struct board *b;

	(void)state;
	script_run(
		s,
		W("0", "4001", "1", "api.x.com.ns.svc.cl", "3") "\n" W(
			"2", "4002", "2", "api.x.com.svc.cl",
			"3") "\n" W("4", "4003", "3", "api.x.com",
				    "0") " answers=1\n" W("900", "4001", "4", "api.x.com.ns.svc.cl",
							  "3") "\n" W("902", "4002", "5",
								      "api.x.com.svc.cl",
								      "3") "\n" W("903", "4003",
										  "6", "api.x.com",
										  "0") " answers=1\n"
		/* Another name, once. */
		W("1900", "4001", "7", "db.ns.svc.cl",
		  "3") "\n" W("1902", "4002", "8", "db.svc.cl",
			      "0") " answers=1\n"
				   /* A client whose process is not known. */
				   "Q 3s 10.0.0.8:5001 10.0.0.1:53 9 q.ns.svc.cl A\n"
				   "R 3001ms 10.0.0.8:5001 10.0.0.1:53 9 q.ns.svc.cl A rcode=3\n"
				   "Q 3002ms 10.0.0.8:5001 10.0.0.1:53 10 q.svc.cl A\n"
				   "R 3003ms 10.0.0.8:5001 10.0.0.1:53 10 q.svc.cl A answers=1\n"
				   /* No walk. */
				   "Q 4s 10.0.0.7:5001 10.0.0.1:53 9 r.example A\n");
	b = make(&board_searches, s->table, "");
	assert_int_equal(b->count, 2);
	assert_string_equal(line_text(b, 0, text, sizeof(text)),
			    "app|-|10.0.0.9|3|5|9.0ms|api.x.com|"
			    "resolv.conf: options ndots:2; or ask for \"api.x.com.\"");
	assert_string_equal(line_text(b, 1, text, sizeof(text)),
			    "-|-|10.0.0.8|1|1|2.0ms|q.svc.cl|"
			    "ask for \"q.svc.cl.\", with the dot at its end");
	board_free(b);
	b = make(&board_searches, s->table, "client=10.0.0.8 wasted=1");
	assert_int_equal(b->count, 1);
	board_free(b);
	script_free(s);
}

/* Pods of one program are lines of their own, whatever their processes. */
static void test_searches_of_pods(void **state)
{
	struct script *s = script_new(64);
	char text[512];
	struct board *b;

	(void)state;
	script_run(s, W("0", "4001", "1", "db.ns.svc.cl", "3") "\n" W(
			      "2", "4002", "2", "db.svc.cl",
			      "3") "\n" W("3", "4003", "3", "db",
					  "3") "\n" W("900", "4001", "4", "api.x.com.ns.svc.cl",
						      "3") "\n" W("902", "4002", "5", "api.x.com",
								  "0") " answers=1\n");
	for (uint32_t i = 0; i < s->table->count; i++) {
		const char *pod = i < 3 ? "shop/db-0" : "shop/web-1";
		struct owner o;

		memset(&o, 0, sizeof(o));
		o.pid = 100 + i;
		o.pod = flow_table_label(s->table, pod, strlen(pod));
		snprintf(o.comm, sizeof(o.comm), "node");
		flow_table_row(s->table, flow_table_oldest(s->table) + i)->owner =
			flow_table_owner(s->table, &o);
	}
	b = make(&board_searches, s->table, "");
	assert_int_equal(b->count, 2);
	assert_string_equal(line_text(b, 0, text, sizeof(text)),
			    "node|shop/db-0|10.0.0.9|1|2|3.0ms|db|"
			    "\"db\" is nowhere: a shorter search line");
	assert_string_equal(line_text(b, 1, text, sizeof(text)),
			    "node|shop/web-1|10.0.0.9|1|1|2.0ms|api.x.com|"
			    "dnsConfig: options ndots:2; or ask for \"api.x.com.\"");
	board_free(b);
	script_free(s);
}

/* Many names, none of them most of the walks: the advice is of what they have in common. */
static void test_searches_of_many_names(void **state)
{
	struct script *s = script_new(256);
	char text[512], walk[512];
	struct board *b;

	(void)state;
	for (int i = 0; i < 24; i++) {
		/* api.x.com every other time, else another one, with more dots. */
		char name[40] = "api.x.com";

		if (i % 2)
			snprintf(name, sizeof(name), "n%d.api.x.com", i);
		snprintf(walk, sizeof(walk),
			 "Q %ds 10.0.0.9:4001 10.0.0.1:53 %d %s.ns.svc.cl A\n"
			 "R %d001ms 10.0.0.9:4001 10.0.0.1:53 %d %s.ns.svc.cl A rcode=3\n"
			 "Q %d002ms 10.0.0.9:4002 10.0.0.1:53 %d %s A\n"
			 "R %d003ms 10.0.0.9:4002 10.0.0.1:53 %d %s A answers=1\n",
			 2 + i, 2 * i, name, 2 + i, 2 * i, name, 2 + i, 2 * i + 1, name, 2 + i,
			 2 * i + 1, name);
		script_run(s, walk);
	}
	b = make(&board_searches, s->table, "");
	assert_int_equal(b->count, 1);
	assert_string_equal(line_text(b, 0, text, sizeof(text)),
			    "-|-|10.0.0.9|24|24|48.0ms|api.x.com|"
			    "resolv.conf: options ndots:2; or ask for \"api.x.com.\"");
	board_free(b);
	script_free(s);
}

static void test_found_by_name(void **state)
{
	size_t n;
	const struct board_ops *const *all = boards(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(board_find(all[i]->name), all[i]);
		assert_true(all[i]->n_columns <= BOARD_COLUMNS_MAX);
		for (int c = 0; c < all[i]->n_columns; c++) {
			const struct board_column *col = &all[i]->columns[c];

			assert_true(strlen(col->title) <= col->width);
			if (col->field)
				assert_non_null(field_find(col->field, strlen(col->field), NULL));
		}
	}
	assert_null(board_find("nonsense"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_resolvers),
		cmocka_unit_test(test_many_servers),
		cmocka_unit_test(test_searches),
		cmocka_unit_test(test_found_by_name),
		cmocka_unit_test(test_searches_of_pods),
		cmocka_unit_test(test_searches_of_many_names),
	};

	return cmocka_run_group_tests_name("boards", tests, NULL, NULL);
}
