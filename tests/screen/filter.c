/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filter's chips and quick filters, on the demo capture: its 52 rows have 5 of
 * REFUSED.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

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

/* The cell is the one that has the cursor's row in reverse and is underlined. */
static bool is_marked(struct vt *vt, int row, const char *title)
{
	struct vt_cell cell;
	int col;

	must(vt, vt_find(vt, title, &col) == 2, title);
	vt_cell_at(vt, row, col, &cell);
	return cell.reverse && cell.underline;
}

static void test_cells(void **state)
{
	struct vt *vt = start_demo(120, 24, NULL, NULL);
	int col;

	(void)state;
	must(vt, is_marked(vt, 3, "NAME"), "the name is, first");
	must(vt, !is_marked(vt, 3, "RCODE") && !is_marked(vt, 4, "NAME"), "and nothing else");
	press(vt, "Left");
	must(vt, is_marked(vt, 3, "TYPE") && !is_marked(vt, 3, "NAME"),
	     "Left goes over the columns");
	press(vt, "Down");
	must(vt, is_marked(vt, 4, "TYPE") && !is_marked(vt, 3, "TYPE"), "and Down keeps to one");
	for (int i = 0; i < 20; i++)
		press(vt, "Right");
	must(vt, is_marked(vt, 4, "RCODE"), "Right stops at the last one");
	do_step(vt, "type:/rcode=REFUSED\ry");
	must(vt, vt_find(vt, "OSC 52: REFUSED", NULL) > 2, "y copies it");
	must(vt, vt_find(vt, "PROTO", &col) == 2, "a column");
	vt_mouse(vt, 3, col + 1, 1);
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "rest");
	must(vt, is_marked(vt, 3, "PROTO"), "a click goes to a cell, too");
	quit(vt);
}

/* Until one goes to a cell it is the one that rows are ordered by. */
static void test_cell_of_the_order(void **state)
{
	struct vt *vt = start_demo(120, 24, NULL, NULL);

	(void)state;
	do_step(vt, "type:>");
	must(vt, is_marked(vt, 3, "CLIENT"), "of the order");
	do_step(vt, "type:<");
	must(vt, is_marked(vt, 3, "NAME"), "times are no two the same");
	/* One that leaves the screen is not filtered by. */
	press(vt, "Left");
	press(vt, "Left");
	must(vt, is_marked(vt, 3, "PROTO"), "a cell");
	do_step(vt, "size:60x24");
	must(vt, is_marked(vt, 3, "NAME"), "another one while it is not seen");
	do_step(vt, "size:120x24");
	must(vt, is_marked(vt, 3, "PROTO"), "and it again");
	quit(vt);
}

/* What + and - make of the cell, on the newest of some rows. */
static void test_filters_of_cells(void **state)
{
	static const struct {
		const char *filter, *key, *chips, *rows;
	} all[] = {
		{ "rcode=REFUSED", "type:+", "[rcode=REFUSED] [rcode=REFUSED] all", " 5 of 52" },
		{ "rcode=REFUSED", "type:-", "[rcode=REFUSED] [not rcode=REFUSED] all",
		  " 0 of 52" },
		{ "timeout", "type:+", "[timeout] [unanswered] all", " 1 of 52" },
		{ "timeout", "type:-", "[timeout] [not unanswered] all", " 0 of 52" },
		{ "rcode=REFUSED or corpse", "type:-",
		  "[(rcode=REFUSED or corpse)] [not rcode=REFUSED] all", " 0 of 52" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct vt *vt = start_demo(120, 24, NULL, NULL);
		char text[100];

		snprintf(text, sizeof(text), "type:/%s\r", all[i].filter);
		do_step(vt, text);
		for (int k = 0; k < 20 && !is_marked(vt, 3, "RCODE"); k++)
			press(vt, "Right");
		do_step(vt, all[i].key);
		must(vt, vt_find(vt, all[i].chips, NULL) == 1, all[i].chips);
		must(vt, vt_find(vt, all[i].rows, NULL) == 1, all[i].rows);
		press(vt, "Backspace");
		must(vt, vt_find(vt, "] all", NULL) < 0, "Backspace goes back");
		vt_free(vt);
	}
}

static bool row_has(struct vt *vt, int row, const char *text)
{
	struct vt_cell cell;

	vt_cell_at(vt, row, 0, &cell);
	return cell.reverse && vt_find(vt, text, NULL) == row;
}

static void test_find(void **state)
{
	struct vt *vt = start_demo(120, 70, NULL, NULL);

	(void)state;
	do_step(vt, "type:n");
	must(vt, vt_find(vt, "Enter finds", NULL) > 0, "nothing to look for yet: what?");
	press(vt, "Esc");
	must(vt, vt_find(vt, "Enter finds", NULL) < 0, "Esc closes");
	press(vt, "F3");
	do_step(vt, "type:rcode=REFUSED\r");
	must(vt, vt_find(vt, "52 of 52", NULL) == 1, "no row is hidden");
	must(vt, vt_find(vt, "Enter finds", NULL) < 0, "the line makes room");
	must(vt, row_has(vt, vt_find(vt, "REFUSED", NULL), "REFUSED"), "the first one");
	for (int i = 0; i < 4; i++)
		do_step(vt, "type:n");
	must(vt, vt_find(vt, "going round", NULL) < 0, "four more of five");
	do_step(vt, "type:n");
	must(vt, vt_find(vt, "after going round the end", NULL) > 0, "and round");
	must(vt, row_has(vt, vt_find(vt, "REFUSED", NULL), "REFUSED"), "to the first one");
	do_step(vt, "type:N");
	must(vt, vt_find(vt, "going round the beginning", NULL) > 0, "N goes up");
	/* A bare word is of the name. */
	press(vt, "^F");
	press(vt, "^U");
	do_step(vt, "type:deb.EXAMPLE\r");
	must(vt, row_has(vt, vt_find(vt, "deb.example.org", NULL), "deb.example.org"), "a word");
	press(vt, "^F");
	press(vt, "^U");
	do_step(vt, "type:qname=nowhere.example\r");
	must(vt, vt_find(vt, "nothing found: qname=nowhere.example", NULL) > 0, "it says so");
	press(vt, "^F");
	press(vt, "^U");
	do_step(vt, "type:rcodee=1\r");
	must(vt, vt_find(vt, "! unknown field", NULL) > 0, "what is wrong");
	must(vt, vt_find(vt, ">rcodee=1", NULL) > 0, "and the line stays");
	press(vt, "Esc");
	quit(vt);
}

/* The line has keys of its own, which can be clicked at. */
static void test_find_footer(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);
	int col;

	(void)state;
	press(vt, "F3");
	must(vt, vt_find(vt, "Enter find  Esc close  ^U clear", &col) == 23, "they are told of");
	vt_mouse(vt, 23, col + 13, 1);
	must(vt, vt_wait_gone(vt, "Enter find", WAIT_MS), "Esc closes it");
	quit(vt);
}

static void test_find_groups(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);
	struct vt_cell cell;
	int row;

	(void)state;
	do_step(vt, "type:0");
	press(vt, "F3");
	do_step(vt, "type:DEB\r");
	row = vt_find(vt, "deb.example.org", NULL);
	vt_cell_at(vt, row, 0, &cell);
	must(vt, row > 2 && cell.reverse, "a group by its name");
	must(vt, vt_find(vt, "groups of 52", NULL) == 1, "none is hidden");
	press(vt, "F3");
	press(vt, "^U");
	do_step(vt, "type:rcode=REFUSED\r");
	must(vt, vt_find(vt, "a word only", NULL) > 0, "no more than that");
	do_step(vt, "type:r");
	press(vt, "F3");
	press(vt, "^U");
	do_step(vt, "type:answer\r");
	row = vt_find(vt, "no answer", NULL);
	vt_cell_at(vt, row, 0, &cell);
	must(vt, row > 2 && cell.reverse, "as it is written");
	do_step(vt, "type:N");
	must(vt, vt_find(vt, "going round", NULL) > 0, "it is the only one");
	quit(vt);
}

static void test_click_on_chip(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);
	int col;

	(void)state;
	do_step(vt, "type:/rcode=REFUSED id=1\r");
	must(vt, vt_find(vt, "[id=1]", &col) == 1, "a chip");
	vt_mouse(vt, 1, col + 2, 1);
	must(vt, vt_wait_text(vt, "[rcode=REFUSED] [# id=1] all", WAIT_MS), "a click: off");
	must(vt, vt_wait_text(vt, " 5 of 52", WAIT_MS), "it is not asked");
	vt_mouse(vt, 1, col + 2, 1);
	must(vt, vt_wait_text(vt, "[rcode=REFUSED] [id=1] all", WAIT_MS), "and on");
	must(vt, vt_find(vt, "[rcode", &col) == 1, "the other one");
	vt_mouse(vt, 1, col, 1);
	must(vt, vt_wait_text(vt, "[# rcode=REFUSED] [id=1] all", WAIT_MS), "is clicked on, too");
	vt_mouse(vt, 1, col - 1, 1);
	vt_settle(vt, QUIET_MS, WAIT_MS);
	must(vt, vt_find(vt, "[# rcode=REFUSED] [id=1] all", NULL) == 1, "beside it nothing is");
	/* What is typed is not changed under one's hands. */
	do_step(vt, "type:/");
	vt_mouse(vt, 1, col, 1);
	vt_settle(vt, QUIET_MS, WAIT_MS);
	must(vt, vt_find(vt, "[# rcode=REFUSED] [id=1] all", NULL) == 1, "not while one types");
	press(vt, "Esc");
	quit(vt);
}

int filter_run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chips),
		cmocka_unit_test(test_nested_chip),
		cmocka_unit_test(test_quick),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_cell_of_the_order),
		cmocka_unit_test(test_filters_of_cells),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_footer),
		cmocka_unit_test(test_find_groups),
		cmocka_unit_test(test_click_on_chip),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
