/* SPDX-License-Identifier: BSD-2-Clause */
/* Who asked, and where it was seen, as they decide which transaction a query is of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "script.h"

#define C  " 10.0.0.1:1000 10.0.0.2:53 "
#define C2 " 10.0.0.1:2000 10.0.0.2:53 "

static void expect(const char *traffic, const char *rows)
{
	struct script *s = script_new(64);

	script_run(s, traffic);
	assert_string_equal(script_rows(s), rows);
	script_free(s);
}

/* From another port, with the same id and question: a retry of the process that
 * asked before, and another process's own question. */
static void a_retry_is_of_the_same_process(void **state)
{
	(void)state;
	expect("Q 0" C "7 a.example A origin pid=1\nQ 1s" C2 "7 a.example A origin pid=1\n",
	       "pending 10.0.0.1:1000 7 a.example A tries=2 seen=2 open\n");
	expect("Q 0" C "7 a.example A origin pid=1\nQ 1s" C2 "7 a.example A origin pid=2\n",
	       "pending 10.0.0.1:1000 7 a.example A tries=1 seen=1 open\n"
	       "pending 10.0.0.1:2000 7 a.example A tries=1 seen=1 open\n");
	/* One of whom nobody knows might be either's. */
	expect("Q 0" C "7 a.example A origin pid=1\nQ 1s" C2 "7 a.example A origin\n",
	       "pending 10.0.0.1:1000 7 a.example A tries=2 seen=2 open\n");
}

/* Where nobody is known who could ask again: in a capture. */
static void a_port_of_a_capture_is_one_s_own(void **state)
{
	(void)state;
	expect("Q 0" C "7 a.example A ip=1\nQ 1s" C2 "7 a.example A ip=2\nR 1001ms" C2
	       "7 a.example A\n",
	       "pending 10.0.0.1:1000 7 a.example A tries=1 seen=1 open\n"
	       "answered 10.0.0.1:2000 7 a.example A 1000us tries=1 seen=2 open\n");
}

/* Nor whether it is still the same that is asked, after the timeout. */
static void asked_again_in_a_capture(void **state)
{
	(void)state;
	expect("Q 0" C "7 a.example A ip=1\nQ 4s" C "7 a.example A ip=2\nQ 6s" C
	       "7 a.example A ip=3\nR 6001ms" C "7 a.example A\n",
	       "pending 10.0.0.1:1000 7 a.example A tries=2 seen=2 open\n"
	       "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 open\n");
}

/* Senders that give each packet the same IP id, though not 0. */
static void ids_that_do_not_count(void **state)
{
	(void)state;
	expect("Q 0" C "7 a.example A ip=1\nR 1ms" C "7 a.example A ip=1\nQ 2ms" C
	       "7 a.example A ip=1\nR 4ms" C "7 a.example A ip=1\n",
	       "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 open\n"
	       "answered 10.0.0.1:1000 7 a.example A 2000us tries=1 seen=2 open\n");
	/* Before the answer it is the same packet, as at another interface afterwards. */
	expect("Q 0" C "7 a.example A ip=1 if=2\nQ 1us" C "7 a.example A ip=1 if=2\nR 1ms" C
	       "7 a.example A ip=1 if=2\nQ 1100us" C "7 a.example A ip=1 if=3\n",
	       "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=4 open\n");
}

#define TCP "7 a.example A tcp "

/* A stream captured on all interfaces of a router: each message is there twice. */
static void a_stream_captured_at_two_places_is_one(void **state)
{
	const char *row = "answered 10.0.0.1:1000 7 a.example A 200us tries=1 seen=4 open\n";

	(void)state;
	expect("Q 0" C TCP "in if=2\nQ 5us" C TCP "out if=3\nR 200us" C TCP "in if=3\nR 204us" C TCP
	       "out if=2\n",
	       row);
	/* Without interfaces the direction must do; and as each interface's buffer was
	 * written, one after the other. */
	expect("Q 0" C TCP "in\nQ 5us" C TCP "out\nR 200us" C TCP "in\nR 204us" C TCP "out\n", row);
	expect("Q 0" C TCP "if=2\nR 204us" C TCP "if=2\nQ 5us" C TCP "if=3\nR 200us" C TCP "if=3\n",
	       row);
	/* Twice at one place are two questions. */
	expect("Q 0" C TCP "if=2\nQ 5us" C TCP "if=2\nR 200us" C TCP "if=2\nR 204us" C TCP "if=2\n",
	       "answered 10.0.0.1:1000 7 a.example A 204us tries=1 seen=2 open\n"
	       "answered 10.0.0.1:1000 7 a.example A 195us tries=1 seen=2 open\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_retry_is_of_the_same_process),
		cmocka_unit_test(a_port_of_a_capture_is_one_s_own),
		cmocka_unit_test(asked_again_in_a_capture),
		cmocka_unit_test(ids_that_do_not_count),
		cmocka_unit_test(a_stream_captured_at_two_places_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
