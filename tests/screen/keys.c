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

static void test_quit_keeps_text(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);
	int status;

	(void)state;
	vt_key(vt, "Q");
	must(vt, vt_wait_exit(vt, &status, WAIT_MS), "Q ends it");
	must(vt, !vt_altscreen(vt) && vt_modes_restored(vt), "the terminal is as it was");
	must(vt, vt_find(vt, "deb.example.org", NULL) >= 0, "but for what was on screen");
	vt_free(vt);
}

static void test_filter_bar(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	do_step(vt, "type:/rcode=REFUSED\r");
	must(vt, vt_find(vt, "5 of ", NULL) == 1, "the filter is kept");
	do_step(vt, "type:/id=1");
	must(vt, vt_find(vt, "[rcode=REFUSED] [id=1] all", NULL) == 1, "what is typed is added");
	press(vt, "Esc");
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
	must(vt, vt_find(vt, "[rcode=REFUSED]", NULL) == 1, "Esc goes back");
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
	must(vt, vt_find(vt, "[rcode=NXDOMAIN]", NULL) == 1, "Enter takes one, and it is applied");
	do_step(vt, "type: or client=");
	press(vt, "Tab");
	must(vt, vt_find(vt, "10.0.3.17  ", NULL) > 0, "values that rows have");
	press(vt, "Esc");
	press(vt, "^U");
	do_step(vt, "type:rcode=");
	press(vt, "Tab");
	must(vt, vt_find(vt, "NOERROR    38  ", NULL) > 0, "with counts");
	must(vt, vt_find(vt, "NXDOMAIN    5  Non-Existent Domain", NULL) > 0, "and descriptions");
	press(vt, "Enter");
	must(vt, vt_find(vt, "[rcode=NOERROR]", NULL) == 1, "the most frequent one is first");
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
	must(vt, vt_find(vt, "[rcode=REFUSED] [corp.example] all", NULL) == 1, "a bare word is");
	do_step(vt, "type:=1");
	must(vt, vt_find(vt, "[rcode=REFUSED] (last valid)", NULL) == 1,
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

/* What a key does in the footer is clicked at. */
static void test_footer(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);
	int col;

	(void)state;
	must(vt, vt_find(vt, "Sort", &col) == 23, "a label");
	vt_mouse(vt, 23, col + 1, 1);
	must(vt, vt_wait_text(vt, "Sort by", WAIT_MS), "a click on it does it");
	press(vt, "Esc");
	must(vt, vt_find(vt, "F8", &col) == 23, "a key's name");
	vt_mouse(vt, 23, col, 1);
	must(vt, vt_wait_text(vt, "PAUSED", WAIT_MS), "does it too");
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "the whole screen");
	must(vt, vt_find(vt, "Filter", &col) >= 0, "the filter");
	must(vt, vt_find(vt, "F4", &col) == 23, "its key");
	vt_mouse(vt, 23, col, 1);
	must(vt, vt_wait_text(vt, "go back", WAIT_MS), "opens the bar");
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "the whole screen");
	must(vt, vt_find(vt, "go back", &col) == 23, "which has its own");
	vt_mouse(vt, 23, col, 1);
	must(vt, vt_wait_gone(vt, "go back", WAIT_MS), "and closes by it");
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "the whole screen");
	must(vt, vt_find(vt, "Quit", &col) == 23, "the last one");
	vt_mouse(vt, 23, col, 1);
	must(vt, vt_wait_exit(vt, NULL, WAIT_MS), "ends it");
	vt_free(vt);
}

static void test_groups(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);

	(void)state;
	press(vt, "d");
	must(vt, vt_find(vt, "by server", NULL) == 1, "a letter groups");
	must(vt, vt_find(vt, "3 groups of 52", NULL) == 1, "by all rows");
	press(vt, "Down");
	press(vt, "Enter");
	must(vt, vt_find(vt, "[server=fd00::53]", NULL) == 1, "Enter narrows the filter");
	must(vt, vt_find(vt, "5 of 52", NULL) == 1, "and shows the flows");
	press(vt, "Backspace");
	must(vt, vt_find(vt, "Filter: none", NULL) == 1, "back to the filter");
	must(vt, vt_find(vt, "by server", NULL) == 1, "and to the groups");
	press(vt, "r");
	press(vt, "-");
	must(vt, vt_find(vt, "[rcode!=NOERROR]", NULL) == 1, "all but one group");
	press(vt, "3");
	press(vt, "+");
	must(vt, vt_find(vt, "[rcode!=NOERROR] [domain3=", NULL) == 1, "one of the rest");
	must(vt, vt_find(vt, "1 group of ", NULL) == 1, "of them alone");
	press(vt, "Backspace");
	press(vt, "Backspace");
	must(vt, vt_find(vt, "Filter: none", NULL) == 1, "step by step back");
	press(vt, "@");
	press(vt, "-");
	must(vt, vt_find(vt, "not (client=10.0.3.17 and domain2=example.co", NULL) == 1,
	     "all but a pair");
	must(vt, vt_find(vt, "groups of 37", NULL) == 1, "are the rest");
	press(vt, "Backspace");
	press(vt, "3");
	press(vt, "Backspace");
	press(vt, "F5");
	must(vt, vt_find(vt, "by last 3", NULL) < 0, "the next view");
	press(vt, "S-Tab");
	must(vt, vt_find(vt, "by last 3", NULL) == 1, "and back");
	quit(vt);
}

/* -l: the level that it opens with. */
static void test_level(void **state)
{
	const char *argv[] = { given.dnstop, "-l", "3", given.demo, NULL };
	struct vt *vt = start(120, 40, NULL, NULL, argv);

	(void)state;
	must(vt, vt_wait_text(vt, "by last 3 labels", WAIT_MS), "names by three labels");
	press(vt, "1");
	must(vt, vt_find(vt, "by last label", NULL) == 1, "the others are at hand");
	quit(vt);
}

/* Where the second key has no value, and where a name has to be quoted. */
static void test_filters_of_groups(void **state)
{
	static const struct {
		const char *group, *filter, *rows;
	} all[] = {
		{ "r", "[rcode=NOERROR]", "38 of 52" },
		{ "0", "[qname=api.example.com]", "10 of 52" },
		{ "t", "[qtype=A]", "29 of 52" },
		{ "b", "[band=0-1ms]", "22 of 52" },
		{ "p", "[not comm]", "52 of 52" },
		{ "x", "[not container]", "52 of 52" },
		{ "P", "[not pod]", "52 of 52" },
		{ "i", "[not interface]", "52 of 52" },
		{ "o", "[opcode=QUERY]", "52 of 52" },
		{ ")", "[client=10.0.3.17] [qname=api.example.com] all", "10 of 52" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct vt *vt = start_demo(120, 40, NULL, NULL);

		press(vt, all[i].group);
		press(vt, "Enter");
		must(vt, vt_find(vt, all[i].filter, NULL) == 1, all[i].filter);
		must(vt, vt_find(vt, all[i].rows, NULL) == 1, all[i].rows);
		vt_free(vt);
	}
}

static void test_window(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	for (int i = 0; i < 5; i++)
		press(vt, "[");
	must(vt, vt_find(vt, "window 1m", NULL) == 0, "the shortest");
	must(vt, vt_find(vt, "52 of 52", NULL) == 1, "has all of 18 seconds");
	press(vt, "]");
	must(vt, vt_find(vt, "window 5m", NULL) == 0, "a longer one");
	for (int i = 0; i < 4; i++)
		press(vt, "]");
	must(vt, vt_find(vt, "window", NULL) < 0, "all, without a word");
	quit(vt);
}

static void test_rewind(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	press(vt, ",");
	must(vt, vt_find(vt, "PAUSED", NULL) == 0, "going back pauses");
	must(vt, vt_find(vt, " 12:04:31-12:04:48  1s back", NULL) == 2, "and tells where one is");
	must(vt, vt_find(vt, "49 of 49", NULL) == 1, "in fewer rows");
	for (int i = 0; i < 3; i++)
		press(vt, ",");
	must(vt, vt_find(vt, "-12:04:45  4s back", NULL) == 2, "further");
	must(vt, vt_find(vt, "12:04:45.702", NULL) == 4, "the newest row then");
	must(vt, vt_find(vt, "Go on", NULL) == 23, "how to go on");
	press(vt, ".");
	must(vt, vt_find(vt, "3s back", NULL) == 2, "forth again");
	do_step(vt, "type:/rcode=REFUSED\r");
	must(vt, vt_find(vt, "4 of 42", NULL) == 1, "the filter is of these rows");
	press(vt, "S-Tab");
	must(vt, vt_find(vt, "total 4", NULL) > 0, "and so is the overview");
	press(vt, "F8");
	must(vt, vt_find(vt, "total 5", NULL) > 0, "one key leads back to all");
	quit(vt);
}

static void test_overview(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);
	int col;

	(void)state;
	press(vt, "S-Tab");
	must(vt, vt_find(vt, "Top 5 average DNS latencies by server", NULL) == 2, "the overview");
	press(vt, "p");
	must(vt, vt_find(vt, "latencies by process", NULL) == 2, "a letter chooses the scope");
	press(vt, "#");
	must(vt, vt_find(vt, "latencies by last 3 labels", NULL) == 2, "of pairs the name");
	press(vt, "PgDn");
	press(vt, "Down");
	press(vt, "Enter");
	must(vt, vt_find(vt, "[rcode=NXDOMAIN]", NULL) == 1, "Enter opens the group");
	press(vt, "Backspace");
	must(vt, vt_find(vt, "X NXDOMAIN", &col) > 0, "and back");
	press(vt, "-");
	must(vt, vt_find(vt, "[rcode!=NXDOMAIN]", NULL) == 1, "all but it");
	must(vt, vt_find(vt, "X NXDOMAIN", NULL) < 0, "in every panel");
	press(vt, "e");
	must(vt,
	     vt_find(vt, "average DNS latencies", NULL) < 0 &&
		     vt_find(vt, "DNS response codes", NULL) == 2,
	     "one panel alone");
	press(vt, "Esc");
	must(vt, vt_find(vt, "average DNS latencies", NULL) == 2, "Esc closes it");
	quit(vt);
}

static void test_panels_popup(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);
	int col;

	(void)state;
	press(vt, "S-Tab");
	press(vt, "F2");
	press(vt, " ");
	press(vt, "+");
	press(vt, "Esc");
	must(vt, vt_find(vt, "average DNS latencies", NULL) < 0, "Space hides");
	must(vt, vt_find(vt, "Top 10 DNS response codes", &col) == 2 && col < 5, "+ shows more");
	press(vt, "f");
	press(vt, "Down");
	press(vt, "J");
	press(vt, "7");
	press(vt, "Enter");
	must(vt, vt_find(vt, "Top 7 response codes with total", NULL) == 2, "J moves down");
	press(vt, "f");
	press(vt, "End");
	press(vt, "Up");
	press(vt, " ");
	press(vt, "q");
	must(vt, vt_find(vt, "N NOERROR", NULL) < 0, "a switch");
	press(vt, "f");
	press(vt, "r");
	press(vt, "Esc");
	must(vt, vt_find(vt, "Top 5 average DNS latencies", NULL) == 2, "r: as it was");
	must(vt, vt_find(vt, "N NOERROR", NULL) > 0, "the switches, too");
	quit(vt);
}

static void test_search_in_popup(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);

	(void)state;
	press(vt, "F2");
	do_step(vt, "type:/answ");
	must(vt,
	     vt_find(vt, "/answ_", NULL) > 0 && vt_find(vt, "[ ] answers", NULL) > 0 &&
		     vt_find(vt, "] qclass", NULL) < 0,
	     "what is typed narrows the list");
	do_step(vt, "type:q");
	must(vt, vt_find(vt, "Manage columns", NULL) > 0, "q is a letter there");
	press(vt, "Backspace");
	press(vt, "Enter");
	press(vt, "n");
	must(vt, vt_find(vt, "[x]", NULL) < 0, "none of those");
	press(vt, "a");
	must(vt, vt_find(vt, "[x] answers", NULL) > 0, "all of those");
	press(vt, "n");
	do_step(vt, "type:/");
	press(vt, "Esc");
	must(vt, vt_find(vt, "[x] client ", NULL) > 0, "Esc shows all, the others as they were");
	press(vt, "n");
	press(vt, "Esc");
	must(vt, vt_find(vt, "NAME", NULL) < 0, "without any");
	press(vt, "f");
	press(vt, "r");
	press(vt, "Esc");
	must(vt, vt_find(vt, "NAME", NULL) == 2, "r: as it was");
	quit(vt);
}

/* Latencies ranked by what is taken from the list, or by its key. */
static void test_rank_by(void **state)
{
	static const struct {
		const char *step, *title, *line;
	} all[] = {
		{ "type:s", "latencies by client", "10.0.3.22" },
		{ "type:0", "latencies by name", "mail.example.org" },
		{ "type:2", "latencies by last 2 labels", "example.org" },
		{ "type:p", "latencies by process", NULL },
		{ "type:x", "latencies by container", NULL },
		{ "type:P", "latencies by pod", NULL },
		{ "type:i", "latencies by interface", NULL },
		{ "type:/transport\r\r", "latencies by transport", "udp" },
		{ "type:/netns\r\r", "latencies by netns", NULL },
	};
	struct vt *vt = start_demo(120, 40, NULL, NULL);

	(void)state;
	press(vt, "S-Tab");
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		press(vt, i % 2 ? "F6" : "B");
		must(vt, vt_find(vt, "Rank by", NULL) > 0, "the list");
		do_step(vt, all[i].step);
		must(vt, vt_find(vt, all[i].title, NULL) == 2, all[i].title);
		must(vt, !all[i].line || vt_find(vt, all[i].line, NULL) == 4, all[i].title);
	}
	press(vt, "F5");
	press(vt, "F5");
	press(vt, "B");
	do_step(vt, "type:/flags\r");
	press(vt, "Enter");
	must(vt, vt_find(vt, "by flags", NULL) == 1, "Top groups by any field, too");
	quit(vt);
}

static void test_panel_toggles(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);

	(void)state;
	press(vt, "S-Tab");
	must(vt, vt_find(vt, "overall 54.0ms", NULL) == 2 && vt_find(vt, "total 52", NULL) == 2,
	     "the figures of all");
	press(vt, "A");
	must(vt, vt_find(vt, "overall", NULL) < 0, "A: without the overall ones");
	press(vt, "U");
	must(vt, vt_find(vt, "total 52", NULL) < 0 && vt_find(vt, " total ", NULL) < 0,
	     "U: without totals");
	press(vt, "H");
	must(vt, vt_find(vt, "N NOERROR", NULL) < 0 && vt_find(vt, "X NXDOMAIN", NULL) > 0,
	     "H: without NOERROR");
	press(vt, "A");
	press(vt, "U");
	press(vt, "H");
	must(vt,
	     vt_find(vt, "overall 54.0ms", NULL) == 2 && vt_find(vt, " total ", NULL) > 0 &&
		     vt_find(vt, "N NOERROR", NULL) > 0,
	     "and with them again");
	press(vt, "X");
	must(vt, vt_find(vt, "Top 10 average", NULL) == 2, "X: ten");
	press(vt, "X");
	must(vt, vt_find(vt, "Top 15 average", NULL) == 2, "fifteen");
	press(vt, "X");
	must(vt, vt_find(vt, "Top 5 average", NULL) == 2, "five again");
	quit(vt);
}

/* Two queries were never answered: they are in no ranking of latencies. */
static void test_no_answer_is_not_slow(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);

	(void)state;
	do_step(vt, "type:/timeout or pending\r");
	press(vt, "S-Tab");
	must(vt, vt_find(vt, "no samples", NULL) == 4, "no latency");
	must(vt, vt_find(vt, "overall -", NULL) == 2, "nor an overall one");
	must(vt, vt_find(vt, "- no answer", NULL) > 0, "but no answer");
	quit(vt);
}

static void test_columns_popup(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);
	int name, id;

	(void)state;
	press(vt, "F2");
	must(vt, vt_find(vt, "[x] ts ", NULL) > 0, "those on show come first");
	press(vt, " ");
	press(vt, "Esc");
	must(vt, vt_find(vt, "TIME", NULL) < 0, "Space hides");
	must(vt, vt_find(vt, "by ts", NULL) == 1, "the order stays, and is told of");
	press(vt, "f");
	press(vt, "End");
	press(vt, "Up");
	press(vt, " ");
	press(vt, "Esc");
	must(vt, vt_find(vt, "DOMAIN/8", NULL) == 2, "and shows");
	press(vt, "f");
	for (int i = 0; i < 8; i++)
		press(vt, "Down");
	must(vt, vt_find(vt, "[x] qname", NULL) > 0, "the names");
	press(vt, "J");
	press(vt, "Enter");
	must(vt, vt_find(vt, "NAME", &name) == 2 && vt_find(vt, " ID", &id) == 2 && id < name,
	     "J moves to the right");
	press(vt, "f");
	press(vt, "r");
	press(vt, "q");
	must(vt, vt_find(vt, "TIME▼", NULL) == 2, "r: as it was");
	quit(vt);
}

static void test_overview_mouse(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);
	int col, row;

	(void)state;
	press(vt, "S-Tab");
	row = vt_find(vt, "R REFUSED", &col);
	vt_mouse(vt, row, col, 1);
	must(vt, vt_wait_text(vt, "2/8", WAIT_MS), "a click goes to the panel");
	press(vt, "Enter");
	must(vt, vt_find(vt, "[rcode=REFUSED]", NULL) == 1, "and its line");
	quit(vt);
}

int keys_run(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_innermost_first),
		cmocka_unit_test(test_quit_keeps_text),
		cmocka_unit_test(test_filter_bar),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_words_on_the_way),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_footer),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_filters_of_groups),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_rewind),
		cmocka_unit_test(test_overview),
		cmocka_unit_test(test_panels_popup),
		cmocka_unit_test(test_overview_mouse),
		cmocka_unit_test(test_columns_popup),
		cmocka_unit_test(test_search_in_popup),
		cmocka_unit_test(test_rank_by),
		cmocka_unit_test(test_panel_toggles),
		cmocka_unit_test(test_no_answer_is_not_slow),
	};

	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
