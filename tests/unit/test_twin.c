/* SPDX-License-Identifier: BSD-2-Clause */
/* A cut answer and the same question over TCP; the messages of transfers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/query/field.h"
#include "tests/unit/script.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define UDP " 10.0.0.1:1000 10.0.0.2:53 "
#define TCP " 10.0.0.1:2000 10.0.0.2:53 "

/* A field of each row, with blanks between them. */
static void expect(const struct script *s, const char *what, const char *field, const char *want)
{
	const struct row_source src = { .table = s->table };
	const struct field *fd = field_find(field, strlen(field), NULL);
	char all[256] = "";

	for (uint32_t i = 0; i < s->table->count; i++) {
		size_t used = strlen(all);

		if (i)
			all[used++] = ' ';
		field_cell(fd, &src, flow_table_row(s->table, flow_table_oldest(s->table) + i),
			   all + used, sizeof(all) - used);
	}
	if (strcmp(all, want))
		fail_msg("%s: %s is \"%s\", not \"%s\"", what, field, all, want);
}

static void cut_answers_and_their_retries_name_each_other(void **state)
{
	static const struct {
		const char *what;
		const char *lines;
		const char *twins;
	} cases[] = {
		{ "a cut answer and its retry, with other letters and another id",
		  "Q 0" UDP "7 a.example A\nR 1ms" UDP "7 a.example A tc\n"
		  "Q 2ms" TCP "9 A.Example A tcp\nR 3ms" TCP "9 A.Example A tcp\n",
		  "1 0" },
		{ "of two retries the first",
		  "Q 0" UDP "7 a.example A\nR 1ms" UDP "7 a.example A tc\n"
		  "Q 2ms" TCP "9 a.example A tcp\nQ 3ms" TCP "10 a.example A tcp\n",
		  "1 0 -" },
		{ "each with its own",
		  "Q 0" UDP "7 a.example A\nQ 0" UDP "8 a.example AAAA\n"
		  "R 1ms" UDP "7 a.example A tc\nR 1ms" UDP "8 a.example AAAA tc\n"
		  "Q 2ms" TCP "9 a.example AAAA tcp\nQ 3ms" TCP "10 a.example A tcp\n",
		  "3 2 1 0" },
		{ "an answer that was whole",
		  "Q 0" UDP "7 a.example A\nR 1ms" UDP "7 a.example A\nQ 2ms" TCP
		  "9 a.example A tcp\n",
		  "- -" },
		{ "another type, name, client or server",
		  "Q 0" UDP "7 a.example A\nR 1ms" UDP "7 a.example A tc\n"
		  "Q 2ms" TCP "9 a.example AAAA tcp\nQ 2ms" TCP "9 b.example A tcp\n"
		  "Q 2ms 10.0.0.3:2000 10.0.0.2:53 9 a.example A tcp\n"
		  "Q 2ms 10.0.0.1:2000 10.0.0.9:53 9 a.example A tcp\n",
		  "- - - - -" },
		{ "too long after it",
		  "Q 0" UDP "7 a.example A\nR 1ms" UDP "7 a.example A tc\n"
		  "Q 6s" TCP "9 a.example A tcp\n",
		  "- -" },
		{ "forgotten with the table",
		  "Q 0" UDP "7 a.example A\nR 1ms" UDP "7 a.example A tc\nC\n"
		  "Q 2ms" TCP "9 a.example A tcp\n",
		  "-" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script *s = script_new(16);

		script_run(s, cases[i].lines);
		expect(s, cases[i].what, "twin", cases[i].twins);
		script_free(s);
	}
}

/* The row of a cut answer goes to the sinks late enough to know its twin. */
static void a_cut_answer_waits_for_its_twin(void **state)
{
	struct script *s = script_new(16);

	(void)state;
	script_run(s, "Q 0" UDP "7 a.example A\nQ 0" UDP "8 b.example A\n"
		      "R 1ms" UDP "7 a.example A tc\nR 1ms" UDP "8 b.example A\n"
		      "T 900ms\n");
	assert_string_equal(s->settled, "1:answered");
	script_run(s, "T 1100ms\n");
	assert_string_equal(s->settled, "1:answered 0:answered");
	script_free(s);
}

static void transfers_have_their_messages_counted(void **state)
{
	static const struct {
		const char *what;
		const char *lines;
		const char *messages;
	} cases[] = {
		{ "an ordinary answer",
		  "Q 0" TCP "7 a.example A tcp\nR 1ms" TCP "7 a.example A tcp\n", "1" },
		{ "no answer", "Q 0" TCP "7 a.example AXFR tcp\n", "-" },
		{ "three messages, of a capture",
		  "Q 0" TCP "7 a.example AXFR tcp\nR 1ms" TCP "7 a.example AXFR tcp\n"
		  "R 2ms" TCP "7 - - tcp\nR 3ms" TCP "7 - - tcp\n",
		  "3" },
		{ "two messages, each seen where it was sent and where it came in",
		  "Q 0" TCP "7 a.example AXFR tcp origin out if=1\n"
		  "R 1ms" TCP "7 a.example AXFR tcp origin out if=1\n"
		  "R 1ms" TCP "7 a.example AXFR tcp hop in if=1\n"
		  "R 2ms" TCP "7 - - tcp origin out if=1\nR 2ms" TCP "7 - - tcp hop in if=1\n",
		  "2" },
		{ "two messages of another host's, on two interfaces",
		  "Q 0" TCP "7 a.example 251 tcp origin out if=1\n"
		  "R 1ms" TCP "7 a.example 251 tcp hop in if=2\n"
		  "R 1ms" TCP "7 a.example 251 tcp hop in if=1\n"
		  "R 2ms" TCP "7 - - tcp hop in if=2\nR 2ms" TCP "7 - - tcp hop in if=1\n",
		  "2" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script *s = script_new(16);

		script_run(s, cases[i].lines);
		expect(s, cases[i].what, "messages", cases[i].messages);
		script_free(s);
	}
}

/* A transfer goes to the sinks when no more of it has come for a while, however long it
 * takes altogether. */
static void a_transfer_waits_for_its_end(void **state)
{
	struct script *s = script_new(16);

	(void)state;
	script_run(s, "Q 0" TCP "7 a.example AXFR tcp\nR 1ms" TCP "7 a.example AXFR tcp\n"
		      "R 900ms" TCP "7 - - tcp\nR 1800ms" TCP "7 - - tcp\nT 2700ms\n");
	assert_string_equal(s->settled, "");
	script_run(s, "T 2900ms\n");
	assert_string_equal(s->settled, "0:answered");
	expect(s, "a transfer", "messages", "3");
	/* What comes later still is counted, and begins no row. */
	script_run(s, "R 5s" TCP "7 - - tcp\nT 9s\n");
	assert_string_equal(s->settled, "0:answered");
	expect(s, "a transfer that went on", "messages", "4");
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_answers_and_their_retries_name_each_other),
		cmocka_unit_test(a_cut_answer_waits_for_its_twin),
		cmocka_unit_test(transfers_have_their_messages_counted),
		cmocka_unit_test(a_transfer_waits_for_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
