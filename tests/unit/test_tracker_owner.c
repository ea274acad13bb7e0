/* SPDX-License-Identifier: BSD-2-Clause */
/* Who asked, where it decides which transaction a query is of. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_retry_is_of_the_same_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
