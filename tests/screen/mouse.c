/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be clicked at, and what boards and counters tell in words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/screen/harness.h"

/* A click on a text, or so many cells beside its beginning. */
static void click(struct vt *vt, const char *text, int dx)
{
	uint64_t before = vt_bytes(vt);
	int col, row = vt_find(vt, text, &col);

	must(vt, row >= 0, text);
	vt_mouse(vt, row, col + dx, 1);
	if (vt_bytes(vt) == before)
		vt_wait_bytes(vt, 1500);
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "the screen comes to rest");
}

static void test_tabs(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	click(vt, "Overview", 3);
	must(vt, vt_find(vt, "Top 5 average DNS latencies", NULL) == 2, "a click on a view's name");
	click(vt, "Top  …", 1);
	must(vt, vt_find(vt, "CLIENT", NULL) == 2, "on another");
	click(vt, "…", 0);
	must(vt, vt_find(vt, "Resolvers", NULL) == 1 && vt_find(vt, "VERDICT", NULL) == 2,
	     "the dots are the views that have no room");
	click(vt, "…", 0);
	must(vt, vt_find(vt, "Search  …", NULL) == 1, "one after the other");
	click(vt, "…", 0);
	must(vt, vt_find(vt, "Encrypted", NULL) == 1, "to the last");
	do_step(vt, "size:120x40");
	must(vt, vt_wait_text(vt, "Top  Resolvers  Search  Encrypted  Filter: none", WAIT_MS),
	     "all of them, where there is room");
	do_step(vt, "type:/id>5\r");
	must(vt, vt_find(vt, "Top  Encrypted  …  [id>5]", NULL) == 1, "a filter takes it");
	quit(vt);
}

static void test_checklist(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);

	(void)state;
	press(vt, "F2");
	click(vt, "[x] qname", 1);
	must(vt, vt_find(vt, "[ ] qname", NULL) > 0, "a click on a column hides it");
	click(vt, "] state", 0);
	must(vt, vt_find(vt, "[x] state", NULL) > 0, "and shows another");
	click(vt, "seen 105", 0);
	must(vt, vt_wait_gone(vt, "Manage columns", WAIT_MS), "a click beside the list closes it");
	must(vt, vt_wait_gone(vt, "NAME", WAIT_MS) && vt_find(vt, "STATE", NULL) == 2, "it is so");
	press(vt, "B");
	click(vt, "t qtype", 0);
	must(vt, vt_find(vt, "by query type", NULL) == 1, "of a list to take one, takes it");
	quit(vt);
}

static void test_other_popups(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);

	(void)state;
	press(vt, "F6");
	click(vt, "LATENCY       ", 0);
	must(vt, vt_find(vt, "LATENCY▼", NULL) == 2, "what to sort by");
	press(vt, "F6");
	click(vt, "▼ LATENCY", 0);
	must(vt, vt_find(vt, "LATENCY▲", NULL) == 2, "or the other way round");
	press(vt, "F9");
	click(vt, "NDJSON", 0);
	must(vt, vt_find(vt, "[NDJSON]", NULL) > 0 && vt_find(vt, ".json", NULL) > 0, "a format");
	click(vt, "as chosen for the flows", 0);
	must(vt, vt_find(vt, "Columns  all ", NULL) > 0, "which columns");
	click(vt, "TIME", 0);
	must(vt, vt_find(vt, "NDJSON", NULL) < 0, "beside it: closed");
	press(vt, "?");
	click(vt, "GENERAL", 0);
	must(vt, vt_find(vt, "GENERAL", NULL) > 0, "nothing to click at");
	press(vt, "q");
	quit(vt);
}

static void test_waterfall(void **state)
{
	struct vt *vt = start_file("lookups.pcap", 80, 24, NULL, NULL);

	(void)state;
	do_step(vt, "type:/ns1.dns.example\r");
	press(vt, "w");
	click(vt, "192.0.2.53           ■", 0);
	must(vt, vt_find(vt, "10.0.0.2 > 192.0.2.53", NULL) > 0, "a click chooses a question");
	click(vt, "192.0.2.53           ■", 0);
	must(vt, vt_find(vt, "QUESTION", NULL) < 0 && vt_find(vt, "[lookup=0]", NULL) == 1,
	     "one more goes to it");
	quit(vt);
}

static void test_completion(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);
	int row, col;

	(void)state;
	do_step(vt, "type:/rcode=");
	press(vt, "Tab");
	click(vt, "REFUSED     5", 0);
	must(vt, vt_find(vt, "[rcode=REFUSED]", NULL) == 1, "a click takes what completes");
	click(vt, "/rcode=REFUSED", 1);
	vt_cursor(vt, &row, &col);
	must(vt, col == 1, "on the line it brings the cursor");
	do_step(vt, "type:not ");
	must(vt, vt_find(vt, "[not rcode=REFUSED]", NULL) == 1, "to type there");
	press(vt, "Esc");
	quit(vt);
}

/* On the smallest screen the list has room for two. */
static void test_completion_on_a_small_screen(void **state)
{
	struct vt *vt = start_demo(40, 10, NULL, NULL);

	(void)state;
	do_step(vt, "type:/rcode=");
	press(vt, "Tab");
	for (int i = 0; i < 5; i++)
		press(vt, "Down");
	must(vt, vt_find(vt, " 6 of ", NULL) == 0 && vt_find(vt, "FORMERR", NULL) > 0,
	     "what Enter would take can be seen");
	press(vt, "Enter");
	must(vt, vt_find(vt, "/rcode=FORMERR", NULL) > 0, "and is taken");
	press(vt, "Esc");
	quit(vt);
}

static void test_counters(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	press(vt, "a");
	must(vt, vt_find(vt, "0  lost          no room in the kernel's ring", NULL) > 0, "losses");
	press(vt, "Down");
	press(vt, "Down");
	must(vt, vt_find(vt, "105  seen          DNS packets taken up", NULL) > 0, "and the rest");
	press(vt, "End");
	must(vt, vt_find(vt, "1  malformed     header or question wrong: no row", NULL) > 0,
	     "in words");
	press(vt, "a");
	must(vt, vt_find(vt, "malformed  ", NULL) < 0, "the key closes it, too");
	click(vt, "seen 105", 0);
	must(vt, vt_find(vt, "LOST OR LEFT OUT", NULL) == 2, "a click on the bar opens it");
	press(vt, "Esc");
	press(vt, "h");
	must(vt, vt_find(vt, "a          all counters, in words", NULL) > 0, "the help says so");
	press(vt, "q");
	quit(vt);
}

/* What the table has no room for is told of the line under the cursor. */
static void test_board_line(void **state)
{
	struct vt *vt = start_file("lookups.pcap", 80, 24, NULL, NULL);

	(void)state;
	click(vt, "…", 0);
	must(vt, vt_find(vt, "VERDICT   ", NULL) > 10 && vt_find(vt, "RETRIES", NULL) > 10,
	     "of a server, all columns");
	click(vt, "…", 0);
	must(vt,
	     vt_find(vt, "CHANGE    resolv.conf: options ndots:2; or ask for \"api.shop.example.\"",
		     NULL) > 10,
	     "the line to change is there as a whole");
	do_step(vt, "size:200x40");
	must(vt, vt_wait_text(vt, "WALKS", WAIT_MS), "all columns have room");
	must(vt, vt_find(vt, "WALKS", NULL) == 2 && vt_find(vt, "WALKS     ", NULL) < 0,
	     "not where the table has it");
	quit(vt);
}

/* Whatever a mouse sends, and no key after it: the screen goes on. */
static void test_every_button(void **state)
{
	static const char *const sent[] = {
		"\x1b[<0;70;12M", /* the left one, some time before it is let go */
		"\x1b[<0;70;12m",   "\x1b[<1;70;12M",   "\x1b[<1;70;12m", "\x1b[<2;70;12M",
		"\x1b[<2;70;12m",   "\x1b[<4;70;12M",   "\x1b[<4;70;12m", /* with Shift */
		"\x1b[<66;70;12M",  "\x1b[<67;70;12M",                    /* a wheel to the side */
		"\x1b[<128;70;12M", "\x1b[<128;70;12m",                   /* a button more */
		"\x1b[<35;70;12M",                                        /* moved */
	};
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++) {
		vt_type(vt, sent[i]);
		must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "the screen comes to rest");
		do_step(vt, i % 2 ? "size:80x24" : "size:100x30");
		must(vt, vt_find(vt, "F1Help", NULL) == (i % 2 ? 23 : 29), sent[i] + 1);
	}
	quit(vt);
}

static char *dump_after(const char *first, const char *second, const char *third)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);
	char *text;

	do_step(vt, first);
	do_step(vt, second);
	do_step(vt, third);
	text = dump_text(vt);
	quit(vt);
	return text;
}

/* What came while the screen was busy is all there. */
static void test_much_at_once(void **state)
{
	static const char wheel[] = "type:\x1b[<65;40;9M", nothing[] = "key:Esc";
	char *many = dump_after("type:\x1b[<65;40;9M\x1b[<65;40;9M\x1b[<65;40;9M", nothing,
				nothing);
	char *each = dump_after(wheel, wheel, wheel), *none = dump_after(nothing, nothing, nothing);
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	assert_string_equal(many, each);
	assert_string_not_equal(many, none);
	free(many);
	free(each);
	free(none);
	do_step(vt, "type:\x1b[<0;3;2M\x1b[<0;3;2m\x1b[<2;3;2M\x1b[<2;3;2m");
	must(vt, vt_find(vt, "Top 5 average DNS latencies", NULL) == 2,
	     "a click, before another button's");
	do_step(vt, "key:Tab");
	click(vt, "TIME▼", 0);
	must(vt, vt_find(vt, "TIME▲", NULL) == 2, "a click turns the order round");
	do_step(vt, "type:\x1b[<0;2;3M\x1b[<0;2;3m\x1b[<0;2;3M\x1b[<0;2;3m");
	must(vt, vt_find(vt, "TIME▲", NULL) == 2, "two clicks do twice");
	do_step(vt, "type:\x1b[<0;2;3M\x1b[<0;2;3m\x1b[<0;2;3M\x1b[<0;2;3m\x1b[<0;2;3M");
	must(vt, vt_find(vt, "TIME▼", NULL) == 2, "and three");
	quit(vt);
}

int mouse_run(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tabs),
		cmocka_unit_test(test_checklist),
		cmocka_unit_test(test_other_popups),
		cmocka_unit_test(test_waterfall),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_completion_on_a_small_screen),
		cmocka_unit_test(test_counters),
		cmocka_unit_test(test_board_line),
		cmocka_unit_test(test_every_button),
		cmocka_unit_test(test_much_at_once),
	};

	return cmocka_run_group_tests_name("mouse", tests, NULL, NULL);
}
