/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filter's chips and quick filters, on the demo capture: its 52 rows have 5 of
 * REFUSED.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/screen/harness.h"

static void test_chips(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	do_step(vt, "type:/rcode=REFUSED id=1\r");
	must(vt, vt_find(vt, "[rcode=REFUSED] [id=1] all", NULL) == 1, "a chip each");
	must(vt, vt_find(vt, " 0 of 52", NULL) == 1, "both are asked");
	do_step(vt, "type:El ");
	must(vt, vt_find(vt, "[rcode=REFUSED] [# id=1] all", NULL) == 1, "Space: off, and marked");
	must(vt, vt_find(vt, " 5 of 52", NULL) == 1, "what is off is not asked");
	do_step(vt, "type: ");
	must(vt, vt_find(vt, "[rcode=REFUSED] [id=1] all", NULL) == 1, "on again");
	do_step(vt, "type:a");
	must(vt, vt_find(vt, "[rcode=REFUSED] [id=1] any", NULL) == 1, "a: match any");
	must(vt, vt_find(vt, " 5 of 52", NULL) == 1, "and any will do");
	/* Enter: to be edited where the chip ends. */
	do_step(vt, "type:h\r,NXDOMAIN");
	must(vt, vt_find(vt, "/rcode=REFUSED,NXDOMAIN or id=1", NULL) > 1, "the text is the truth");
	do_step(vt, "type:\r");
	must(vt, vt_find(vt, "[rcode=REFUSED,NXDOMAIN] [id=1] any", NULL) == 1, "edited");
	do_step(vt, "type:Ex");
	must(vt, vt_find(vt, "[id=1]  ", NULL) == 1, "x: one less");
	press(vt, "Del");
	must(vt, vt_find(vt, "Filter: none", NULL) == 1, "Del: none left");
	must(vt, vt_find(vt, "52 of 52", NULL) == 1, "every row");
	quit(vt);
}

static void test_nested_chip(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	do_step(vt, "type:/rcode=REFUSED (id=1 or not slow)\r");
	must(vt, vt_find(vt, "[rcode=REFUSED] [(id=1 or not slow)] all", NULL) == 1,
	     "what is nested is one");
	/* From the bar straight to its chips; the text has what was done there. */
	do_step(vt, "type:/");
	press(vt, "F4");
	do_step(vt, "type: ");
	must(vt, vt_find(vt, "[# rcode=REFUSED] [(id=1 or not slow)] all", NULL) == 1, "off");
	press(vt, "Esc");
	do_step(vt, "type:/");
	must(vt, vt_find(vt, "/# rcode=REFUSED and (id=1 or not slow)", NULL) > 1, "and written");
	press(vt, "Esc");
	quit(vt);
}

static void test_quick(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	do_step(vt, "type:/corp\r");
	press(vt, "F7");
	must(vt, vt_find(vt, "Quick filters", NULL) > 0, "a list of them");
	must(vt, vt_find(vt, "rfc1918-ptr", NULL) > 0, "the classic ones, too");
	do_step(vt, "type:/refused\r ");
	must(vt, vt_find(vt, "[x] refused", NULL) > 0, "it is on");
	press(vt, "Esc");
	press(vt, "Esc");
	must(vt, vt_find(vt, "[corp] [refused] all", NULL) == 1, "and one more chip");
	press(vt, "F7");
	do_step(vt, "type:/refused\r ");
	must(vt, vt_find(vt, "[x]", NULL) < 0, "off");
	press(vt, "Esc");
	press(vt, "Esc");
	must(vt, vt_find(vt, "[corp]  ", NULL) == 1, "the other one stays");
	quit(vt);
}

int filter_run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chips),
		cmocka_unit_test(test_nested_chip),
		cmocka_unit_test(test_quick),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
