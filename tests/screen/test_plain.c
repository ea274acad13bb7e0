/* SPDX-License-Identifier: BSD-2-Clause */
/* What --plain says: its sentences, how much it says of what is alike, its commands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "plain/plain.h"
#include "plain/plain_limit.h"
#include "plain/plain_say.h"
#include "tests/unit/rows.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MS           1000000ull

/* ---- sentences */

static const struct {
	struct row_spec spec;
	enum plain_kind kind;
	const char *text;
} said[] = {
	{ { .qname = "mail.example.org",
	    .qtype = 15,
	    .rcode = 2,
	    .latency_ns = 2104 * MS,
	    .pid = 7,
	    .comm = "postfix" },
	  PLAIN_ERROR,
	  "12:04:31 SERVFAIL for mail.example.org MX asked by postfix of 10.0.0.2 after 2.1 s" },
	{ { .qname = "www.example.com", .latency_ns = 101 * MS },
	  PLAIN_SLOW,
	  "12:04:31 slow answer for www.example.com A asked by 10.0.3.22 of 10.0.0.2 after 101 ms" },
	{ { .latency_ns = 100 * MS },
	  PLAIN_FINE,
	  "12:04:31 answer for example.com A asked by 10.0.3.22 of 10.0.0.2 after 100 ms" },
	{ { .state = FLOW_TIMEOUT, .attempts = 3, .qtype = 28 },
	  PLAIN_UNANSWERED,
	  "12:04:31 no answer for example.com AAAA asked by 10.0.3.22 of 10.0.0.2 in 3 attempts" },
	{ { .state = FLOW_TIMEOUT, .drop_reason = "NO_SOCKET" },
	  PLAIN_UNANSWERED,
	  "12:04:31 no answer for example.com A asked by 10.0.3.22 of 10.0.0.2, dropped: NO_SOCKET" },
	{ { .state = FLOW_TIMEOUT, .service = SERVICE_MDNS },
	  PLAIN_FINE,
	  "12:04:31 no answer for example.com A asked by 10.0.3.22 of 10.0.0.2" },
	{ { .pending = true },
	  PLAIN_FINE,
	  "12:04:31 no answer yet for example.com A asked by 10.0.3.22 of 10.0.0.2" },
	{ { .state = FLOW_UNSOLICITED },
	  PLAIN_FINE,
	  "12:04:31 an answer that nobody asked for, example.com A, from 10.0.0.2 to 10.0.3.22" },
	{ { .rcode = 5, .marks = FLOW_LATE, .latency_ns = 7000 * MS },
	  PLAIN_ERROR,
	  "12:04:31 REFUSED, late, for example.com A asked by 10.0.3.22 of 10.0.0.2 after 7 s" },
	{ { .no_question = true, .rcode = 1 },
	  PLAIN_ERROR,
	  "12:04:31 FORMERR for a message without a question asked by 10.0.3.22 of 10.0.0.2 after "
	  "1.0 ms" },
};

static void test_rows(void **state)
{
	struct rows *r = rows_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(said); i++) {
		char buf[PLAIN_SENTENCE_MAX];
		struct words s = words_in(buf, sizeof(buf));
		const struct flow *f = rows_add(r, &said[i].spec);

		say_row(&s, &r->src, f);
		if (strcmp(buf, said[i].text) == 0 && plain_kind_of(f) == said[i].kind)
			continue;
		print_error("%s\nnot %s (%d)\n", buf, said[i].text, plain_kind_of(f));
		failed++;
	}
	assert_int_equal(failed, 0);
	rows_free(r);
}

static void test_long_name_keeps_its_end(void **state)
{
	struct rows *r = rows_new();
	char name[250] = "", buf[PLAIN_SENTENCE_MAX];
	struct words s = words_in(buf, sizeof(buf));

	(void)state;
	memset(name, 'x', 200);
	snprintf(name + 200, sizeof(name) - 200, ".tunnel.example");
	say_row(&s, &r->src, rows_add(r, &(struct row_spec){ .qname = name, .rcode = 3 }));
	assert_non_null(strstr(buf, "NXDOMAIN for ...xxx"));
	assert_non_null(strstr(buf, "xxx.tunnel.example A"));
	assert_true(s.len < 200);
	rows_free(r);
}

static void test_durations(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0 microseconds" }, { 62400, "62 microseconds" }, { 400000, "0.4 ms" },
		{ 12240000, "12.2 ms" }, { 412 * MS, "412 ms" },       { 949 * MS, "949 ms" },
		{ 951 * MS, "1.0 s" },   { 2104 * MS, "2.1 s" },       { 3600000 * MS, "3600 s" },
		{ 5000 * MS, "5 s" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char buf[64];
		struct words s = words_in(buf, sizeof(buf));

		say_duration(&s, cases[i].ns);
		assert_string_equal(buf, cases[i].text);
	}
}

static void test_sentence_is_cut_not_overrun(void **state)
{
	char buf[8];
	struct words s = words_in(buf, sizeof(buf));

	(void)state;
	words_add(&s, "%s", "abcde");
	words_add(&s, "%s", "fghij");
	words_add(&s, "%s", "k");
	assert_string_equal(buf, "abcdefg");
	assert_int_equal(s.len, 7);
}

static struct grouping *by_server(struct rows *r)
{
	struct grouping *g;

	assert_int_equal(grouping_make(&g, &r->src, NULL, field_find("server", 6, NULL),
				       flow_table_oldest(r->table), r->table->next_seq, 100),
			 0);
	return g;
}

static void check_summary(struct rows *r, const char *text)
{
	char buf[PLAIN_SENTENCE_MAX];
	struct words s = words_in(buf, sizeof(buf));
	struct grouping *g = by_server(r);

	say_summary(&s, g);
	assert_string_equal(buf, text);
	grouping_free(g);
}

static void test_summary(void **state)
{
	struct rows *r = rows_new();

	(void)state;
	check_summary(r, "no queries");
	rows_add(r, &(struct row_spec){ .latency_ns = 10 * MS });
	check_summary(r, "1 query, no errors, none unanswered, average 10.0 ms, p90 10.0 ms; "
			 "slowest server 10.0.0.2 with 10.0 ms on average");
	rows_add(r, &(struct row_spec){ .latency_ns = 50 * MS, .rcode = 3, .server = "10.0.0.9" });
	check_summary(r, "2 queries, 1 error, none unanswered, average 30.0 ms, p90 50.0 ms; "
			 "slowest server 10.0.0.9 with 50.0 ms on average");
	rows_add(r, &(struct row_spec){ .state = FLOW_TIMEOUT });
	check_summary(r, "3 queries, 1 error, 1 unanswered, average 30.0 ms, p90 50.0 ms; "
			 "worst server 10.0.0.2 with 1 of 2 unanswered");
	rows_free(r);
}

/* ---- how much is said */

static void test_limit(void **state)
{
	struct plain_limit l = { 0 };
	char buf[100];
	struct words s = words_in(buf, sizeof(buf));

	(void)state;
	for (int i = 0; i < PLAIN_LIMIT_EACH + 12; i++)
		assert_int_equal(plain_limit_pass(&l, PLAIN_ERROR, 2), i < PLAIN_LIMIT_EACH);
	assert_true(plain_limit_pass(&l, PLAIN_ERROR, 3));
	assert_true(plain_limit_pass(&l, PLAIN_SLOW, 0));
	assert_true(plain_limit_say(&l, 0, &s));
	assert_string_equal(buf, "SERVFAIL: and 12 more like it");
	s = words_in(buf, sizeof(buf));
	assert_true(plain_limit_say(&l, 1, &s));
	assert_string_equal(buf, "");
	assert_false(plain_limit_say(&l, 3, &s));
	plain_limit_reset(&l);
	assert_true(plain_limit_pass(&l, PLAIN_ERROR, 2));
}

/* Whoever makes up response codes gets no more lines for it, and each is counted. */
static void test_limit_of_all(void **state)
{
	struct plain_limit l = { 0 };
	uint64_t passed = 0, more = 0;

	(void)state;
	for (uint16_t rcode = 1; rcode <= 4000; rcode++)
		passed += plain_limit_pass(&l, PLAIN_ERROR, rcode);
	for (int i = 0; i < l.n; i++)
		more += l.entry[i].more;
	assert_int_equal(passed, PLAIN_LIMIT_ALL);
	assert_int_equal(passed + more, 4000);
}

/* ---- the whole of it, over rows that are there */

struct talk {
	struct rows *rows;
	struct plain *plain;
	struct tracker_stats stats;
	struct ui_model model;
	int commands; /* to write to */
	int in;
	char *text; /* all that was said */
	size_t len;
	FILE *out;
};

static struct talk *talk_new(bool live)
{
	struct talk *t = calloc(1, sizeof(*t));
	struct plain_config cfg = {
		.title = "eth0",
		.notice = "",
		.filter = "",
		.interval_ns = 5000 * MS,
		.live = live,
	};
	struct err err = { 0 };
	int fd[2];

	assert_non_null(t);
	t->rows = rows_new();
	t->model = (struct ui_model){
		.rows = &t->rows->src,
		.tracker = &t->stats,
		.title = "eth0",
		.notice = "",
		.problem = "",
		.unwritten = "",
		.live = live,
		.now_ns = ROWS_TS_NS,
	};
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	t->in = cfg.in = fd[0];
	t->commands = fd[1];
	t->out = cfg.out = open_memstream(&t->text, &t->len);
	cfg.rows = &t->rows->src;
	assert_int_equal(plain_open(&t->plain, &cfg, &err), 0);
	return t;
}

static void talk_free(struct talk *t)
{
	assert_int_equal(face_plain.close(t->plain), 0);
	fclose(t->out);
	free(t->text);
	close(t->in);
	close(t->commands);
	rows_free(t->rows);
	free(t);
}

static void settle(struct talk *t, const struct row_spec *spec)
{
	face_plain.settled(t->plain, rows_add(t->rows, spec));
}

/* What a line is answered with; valid until the next one. */
static const char *answer(struct talk *t, const char *line)
{
	size_t before = t->len;

	assert_int_equal(write(t->commands, line, strlen(line)), strlen(line));
	face_plain.input(t->plain, &t->model);
	return t->text + before;
}

static const char *tick(struct talk *t)
{
	size_t before = t->len;

	face_plain.draw(t->plain, &t->model);
	return t->text + before;
}

static void test_silent_while_nothing_changes(void **state)
{
	struct talk *t = talk_new(true);

	(void)state;
	assert_non_null(strstr(t->text, "watches eth0"));
	assert_string_equal(tick(t), "");
	assert_string_equal(tick(t), "");
	settle(t, &(struct row_spec){ .latency_ns = 10 * MS });
	assert_string_equal(tick(t),
			    "12:04:31 1 query, no errors, none unanswered, average 10.0 ms, "
			    "p90 10.0 ms; slowest server 10.0.0.2 with 10.0 ms on "
			    "average\n");
	assert_string_equal(tick(t), "");
	talk_free(t);
}

/* A late answer is told of, but its query is not counted again. */
static void test_settled_again(void **state)
{
	struct talk *t = talk_new(true);
	size_t before;

	(void)state;
	tick(t);
	before = t->len;
	settle(t, &(struct row_spec){ .latency_ns = 7000 * MS,
				      .marks = FLOW_LATE | FLOW_SETTLED_ONCE });
	assert_non_null(strstr(t->text + before, "late answer for example.com A"));
	assert_string_equal(tick(t), "");
	talk_free(t);
}

static void test_alike_is_summed_up(void **state)
{
	struct talk *t = talk_new(true);
	const char *text;
	int lines = 0;

	(void)state;
	tick(t);
	for (int i = 0; i < 10; i++)
		settle(t, &(struct row_spec){ .rcode = 3 });
	for (text = t->text; (text = strstr(text, "NXDOMAIN for")); text++)
		lines++;
	assert_int_equal(lines, PLAIN_LIMIT_EACH);
	assert_non_null(strstr(tick(t), "12:04:31 NXDOMAIN: and 7 more like it\n"));
	talk_free(t);
}

static void test_losses(void **state)
{
	struct talk *t = talk_new(true);

	(void)state;
	tick(t);
	t->model.source.lost_ring = 3;
	assert_string_equal(tick(t), "Lost: 3 more (3 in all), no room in the kernel's ring.\n");
	assert_string_equal(tick(t), "");
	t->model.source.lost_ring = 8;
	t->model.source.sampling = 4;
	tick(t);
	assert_non_null(strstr(t->text, "Lost: 5 more (8 in all)"));
	assert_non_null(strstr(t->text, "of 4 transactions one is taken."));
	talk_free(t);
}

static void test_filter(void **state)
{
	struct talk *t = talk_new(true);

	(void)state;
	tick(t);
	assert_non_null(strstr(answer(t, "filter rcod=NXDOMAIN\n"), "Did you mean rcode?"));
	assert_non_null(strstr(t->text, "The filter stays: none"));
	settle(t, &(struct row_spec){ .rcode = 3 });
	assert_string_equal(answer(t, "filter rcode=SERVFAIL\n"),
			    "The filter is now: rcode=SERVFAIL. 0 of 1 transactions in memory "
			    "match.\n");
	settle(t, &(struct row_spec){ .rcode = 3 });
	assert_string_equal(tick(t), "");
	settle(t, &(struct row_spec){ .rcode = 2 });
	assert_non_null(strstr(tick(t), " 1 query, 1 error"));
	assert_string_equal(answer(t, "filter\n"), "The filter is: rcode=SERVFAIL.\n");
	assert_non_null(strstr(answer(t, "filter none\n"), "3 of 3"));
	talk_free(t);
}

static void test_pause(void **state)
{
	struct talk *t = talk_new(true);
	size_t before;

	(void)state;
	tick(t);
	assert_non_null(strstr(answer(t, "pause\n"), "Paused"));
	before = t->len;
	settle(t, &(struct row_spec){ .rcode = 3 });
	tick(t);
	assert_int_equal(t->len, before);
	assert_non_null(strstr(answer(t, "show\n"), "1. 12:04:31 NXDOMAIN"));
	answer(t, "go\n");
	assert_non_null(strstr(tick(t), " 1 query, 1 error"));
	talk_free(t);
}

static void test_lists(void **state)
{
	struct talk *t = talk_new(true);

	(void)state;
	settle(t, &(struct row_spec){ .client = "10.0.3.1", .qname = "old.example" });
	settle(t, &(struct row_spec){ .client = "10.0.3.2", .qname = "mid.example" });
	settle(t, &(struct row_spec){ .client = "10.0.3.2", .qname = "new.example", .id = 4242 });
	assert_non_null(strstr(answer(t, "detail\n"), "Say show first"));
	assert_non_null(strstr(answer(t, "show 2\n"), "1. 12:04:31 answer for new.example"));
	assert_non_null(strstr(t->text, "2. 12:04:31 answer for mid.example"));
	assert_null(strstr(t->text, "old.example"));
	assert_non_null(strstr(answer(t, "detail 1\n"), "\nid: 4242\n"));
	assert_non_null(strstr(answer(t, "detail 3\n"), "The list has 2"));
	assert_non_null(strstr(answer(t, "top client\n"), "2 of 2 values of client"));
	assert_non_null(strstr(t->text, "1. 10.0.3.2: 2 queries"));
	assert_non_null(strstr(answer(t, "top client 0\n"), "\"0\" is not a number"));
	assert_non_null(strstr(answer(t, "top clint\n"), "did you mean client?"));
	talk_free(t);
}

static void test_wrong_commands(void **state)
{
	struct talk *t = talk_new(true);

	(void)state;
	assert_non_null(strstr(answer(t, "flter x\n"), "did you mean filter?"));
	assert_string_equal(answer(t, "  \n"), "");
	/* What is typed wrong comes back without its control bytes. */
	assert_non_null(strstr(answer(t, "\033[2Jx\n"), "There is no command \"\\027[2Jx\""));
	assert_null(strchr(t->text, '\033'));
	assert_non_null(strstr(answer(t, "f x\n"), "There is no command \"f\""));
	talk_free(t);
}

/* A command may come in pieces, and several at once; none is longer than a line. */
static void test_lines_as_they_come(void **state)
{
	struct talk *t = talk_new(true);

	(void)state;
	assert_string_equal(answer(t, "fil"), "");
	assert_non_null(strstr(answer(t, "ter\npause\n"), "The filter is: none"));
	assert_non_null(strstr(t->text, "Paused"));
	for (int i = 0; i < 10; i++) {
		char part[1001];

		memset(part, 'x', 1000);
		part[1000] = '\0';
		assert_string_equal(answer(t, part), "");
	}
	assert_non_null(strstr(answer(t, "\n"), "too long a line"));
	talk_free(t);
}

static void test_file(void **state)
{
	struct talk *t = talk_new(false);

	(void)state;
	assert_int_equal(face_plain.fd(t->plain), -1);
	settle(t, &(struct row_spec){ .rcode = 3 });
	assert_string_equal(tick(t), "");
	t->model.ended = true;
	assert_non_null(strstr(tick(t), "in all 1 query, 1 error"));
	assert_int_equal(face_plain.fd(t->plain), t->in);
	assert_int_equal(write(t->commands, "quit\n", 5), 5);
	assert_int_equal(face_plain.input(t->plain, &t->model), UI_QUIT);
	talk_free(t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_long_name_keeps_its_end),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_sentence_is_cut_not_overrun),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_limit_of_all),
		cmocka_unit_test(test_silent_while_nothing_changes),
		cmocka_unit_test(test_settled_again),
		cmocka_unit_test(test_alike_is_summed_up),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_wrong_commands),
		cmocka_unit_test(test_lines_as_they_come),
		cmocka_unit_test(test_file),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests_name("plain", tests, NULL, NULL);
}
