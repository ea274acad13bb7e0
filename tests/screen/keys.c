/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What keys and the mouse do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "tests/screen/harness.h"

static void test_innermost_first(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	press(vt, "Esc");
	must(vt, vt_find(vt, "FILE", NULL) == 0, "Esc never quits");
	press(vt, "Enter");
	press(vt, "?");
	must(vt, vt_find(vt, "GENERAL", NULL) > 0, "help is open");
	press(vt, "q");
	must(vt, vt_find(vt, "GENERAL", NULL) < 0 && vt_find(vt, "Detail ", NULL) > 0,
	     "q closed the help alone");
	press(vt, "q");
	must(vt, vt_find(vt, " Response ", NULL) < 0 && vt_find(vt, "Asked at", NULL) < 0,
	     "q closed the detail");
	quit(vt);
}

static void test_filter_bar(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	do_step(vt, "type:/rcode=REFUSED\r");
	must(vt, vt_find(vt, "5 of ", NULL) == 1, "the filter is kept");
	do_step(vt, "type:/ and id=1");
	must(vt, vt_find(vt, "0 of ", NULL) == 1, "applied while one types");
	press(vt, "Esc");
	must(vt, vt_find(vt, "5 of ", NULL) == 1, "Esc goes back");
	/* Not applied, and not accepted, while it is wrong. */
	do_step(vt, "type:/ and idd=1\r");
	must(vt, vt_find(vt, "5 of ", NULL) == 1, "the last valid one stays");
	must(vt, vt_find(vt, "^~~", NULL) > 0 && vt_find(vt, "(last valid)", NULL) == 1,
	     "it says so");
	press(vt, "^U");
	must(vt, vt_find(vt, "Filter: none", NULL) == 1, "an empty one shows every row");
	press(vt, "Up");
	must(vt, vt_find(vt, "/rcode=REFUSED", NULL) > 0, "history");
	do_step(vt, "type:\xc3\xa9");
	must(vt, vt_find(vt, "\\DDD", NULL) > 0, "other bytes are refused politely");
	press(vt, "Esc");
	must(vt, vt_find(vt, "Filter: rcode=REFUSED", NULL) == 1, "Esc goes back");
	quit(vt);
}

static void test_completion(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	do_step(vt, "type:/rcode=NX");
	press(vt, "Tab");
	must(vt, vt_find(vt, " 1 of ", NULL) > 0, "a list of what could stand there");
	press(vt, "Enter");
	must(vt, vt_find(vt, "Filter: rcode=NXDOMAIN", NULL) == 1,
	     "Enter takes one, and it is applied");
	do_step(vt, "type: and zz");
	press(vt, "Tab");
	must(vt, vt_find(vt, "nothing to complete", NULL) > 0, "it says when there is none");
	press(vt, "Esc");
	quit(vt);
}

/* `rcode=` is typed through "r", "rc" ... which are filters too. */
static void test_words_on_the_way(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	do_step(vt, "type:/rco");
	must(vt, vt_find(vt, "52 of 52", NULL) == 1, "the beginning of a field is not applied");
	do_step(vt, "type:de=REFUSED");
	must(vt, vt_find(vt, "5 of 52", NULL) == 1, "the test is");
	do_step(vt, "type: corp.example");
	must(vt, vt_find(vt, "Filter: rcode=REFUSED corp.example", NULL) == 1, "a bare word is");
	do_step(vt, "type:=1");
	must(vt, vt_find(vt, "Filter: rcode=REFUSED  (last valid)", NULL) == 1,
	     "it is no more when it turns out wrong");
	press(vt, "Esc");
	do_step(vt, "type:/api\r");
	must(vt, vt_find(vt, "10 of 52", NULL) == 1, "Enter applies a bare word");
	quit(vt);
}

static void test_mouse(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);
	struct vt_cell cell;
	int col;

	(void)state;
	vt_mouse(vt, 7, 30, 1);
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "rest");
	vt_cell_at(vt, 7, 30, &cell);
	must(vt, cell.reverse && vt_find(vt, "row 5", NULL) == 1, "a click selects");
	must(vt, vt_find(vt, "LATENCY", &col) == 2, "a column");
	vt_mouse(vt, 2, col, 1);
	must(vt, vt_wait_text(vt, "LATENCY▼", WAIT_MS), "a click on a title sorts");
	vt_mouse(vt, 2, col, 1);
	must(vt, vt_wait_text(vt, "LATENCY▲", WAIT_MS), "and turns");
	press(vt, "Home");
	vt_mouse(vt, 10, 30, 5);
	must(vt, vt_wait_text(vt, "row 4", WAIT_MS), "the wheel scrolls");
	quit(vt);
}

int keys_run(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_innermost_first), cmocka_unit_test(test_filter_bar),
		cmocka_unit_test(test_completion),      cmocka_unit_test(test_words_on_the_way),
		cmocka_unit_test(test_mouse),
	};

	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
