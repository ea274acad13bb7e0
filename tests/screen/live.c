/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The screen over rows that come in while one looks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>

#include "tests/screen/harness.h"

static void test_tail(void **state)
{
	struct vt *vt = start_live(80, 24, "4096");

	(void)state;
	must(vt, vt_wait_text(vt, "host059", WAIT_MS), "the newest row");
	must(vt, vt_find(vt, "host059", NULL) == 3, "is on top");
	kill(vt_pid(vt), SIGUSR1);
	must(vt, vt_wait_text(vt, "host062", WAIT_MS), "a newer row");
	must(vt, vt_find(vt, "host062", NULL) == 3, "is on top then");
	quit(vt);
}

static void test_selection_stays_on_its_row(void **state)
{
	struct vt *vt = start_live(80, 24, "4096");
	struct vt_cell cell;

	(void)state;
	press(vt, "Down");
	press(vt, "Down");
	must(vt, vt_find(vt, "host057", NULL) == 5, "the third row");
	kill(vt_pid(vt), SIGUSR1);
	must(vt, vt_wait_text(vt, "3 new", WAIT_MS), "new rows are told of");
	must(vt, vt_find(vt, "host057", NULL) == 5, "the row stays on its line");
	vt_cell_at(vt, 5, 40, &cell);
	must(vt, cell.reverse, "and selected");
	must(vt, vt_find(vt, "host062", NULL) < 0, "the new ones are above");
	press(vt, "g");
	must(vt, vt_find(vt, "host062", NULL) == 3, "g goes to them");
	quit(vt);
}

static void test_age_fits(void **state)
{
	struct vt *vt = start_live(80, 24, "4096");

	(void)state;
	kill(vt_pid(vt), SIGHUP);
	must(vt, vt_wait_text(vt, "waiting.example", WAIT_MS), "a row that waits");
	kill(vt_pid(vt), SIGCONT);
	must(vt, vt_wait_text(vt, ">528ms waiting", WAIT_MS), "for how long");
	quit(vt);
}

/* What has no answer yet is not called unanswered, in groups either. */
static void test_waiting_group(void **state)
{
	struct vt *vt = start_live(120, 40, "4096");

	(void)state;
	kill(vt_pid(vt), SIGHUP);
	must(vt, vt_wait_text(vt, "waiting.example", WAIT_MS), "a row that waits");
	press(vt, "r");
	must(vt, vt_wait_text(vt, "waiting     ", WAIT_MS), "in Top");
	must(vt, vt_find(vt, "no answer", NULL) < 0, "is no loss");
	press(vt, "S-Tab");
	press(vt, "S-Tab");
	must(vt, vt_wait_text(vt, "- waiting", WAIT_MS), "nor in the overview");
	quit(vt);
}

static void test_follow(void **state)
{
	struct vt *vt = start_live(80, 24, "4096");

	(void)state;
	must(vt, vt_wait_text(vt, "host059", WAIT_MS), "the newest row");
	press(vt, "F");
	must(vt, vt_find(vt, "following row 1 ", NULL) == 1, "it says so");
	kill(vt_pid(vt), SIGUSR1);
	must(vt, vt_wait_text(vt, "following row 4 ", WAIT_MS), "new rows push it down");
	must(vt, vt_find(vt, "host059", NULL) == 3, "it stays where it is");
	press(vt, "Up");
	must(vt, vt_find(vt, "following", NULL) < 0, "until another is chosen");
	quit(vt);
}

static void test_selection_survives_eviction(void **state)
{
	struct vt *vt = start_live(80, 24, "64");

	(void)state;
	press(vt, "G");
	must(vt, vt_find(vt, "host000", NULL) > 0, "the oldest row");
	for (int i = 0; i < 3; i++) {
		kill(vt_pid(vt), SIGUSR1);
		must(vt, vt_settle(vt, 300, WAIT_MS), "the screen comes to rest");
	}
	must(vt, vt_find(vt, "host000", NULL) < 0 && vt_find(vt, "host005", NULL) > 0,
	     "it was evicted");
	must(vt, vt_find(vt, "evicted 5", NULL) >= 0 || vt_find(vt, "evict 5", NULL) >= 0,
	     "and that is told");
	quit(vt);
}

static void test_pause(void **state)
{
	struct vt *vt = start_live(80, 24, "4096");

	(void)state;
	press(vt, " ");
	must(vt, vt_find(vt, "PAUSED", NULL) == 0, "the badge");
	kill(vt_pid(vt), SIGUSR1);
	must(vt, vt_wait_text(vt, "3 new", WAIT_MS), "what came since");
	must(vt, vt_find(vt, "host062", NULL) < 0 && vt_find(vt, "host059", NULL) == 4,
	     "the rows stand still");
	must(vt, vt_wait_text(vt, "seen 126", WAIT_MS), "capture goes on");
	press(vt, "F8");
	must(vt, vt_wait_text(vt, "host062", WAIT_MS), "on it goes");
	quit(vt);
}

/* An answer that comes while the screen stands still shows when it goes on. */
static void test_rows_stand_still(void **state)
{
	struct vt *vt = start_live(80, 24, "4096");

	(void)state;
	kill(vt_pid(vt), SIGHUP);
	must(vt, vt_wait_text(vt, "waiting.example", WAIT_MS), "a row");
	press(vt, " ");
	kill(vt_pid(vt), SIGHUP);
	must(vt, vt_wait_text(vt, "pair 61", WAIT_MS), "its answer is there");
	must(vt, vt_find(vt, " waiting", NULL) == 4 && vt_find(vt, "4.0ms", NULL) < 0,
	     "but the row stands still");
	must(vt, vt_find(vt, "memory from", NULL) == 2, "the time line");
	press(vt, " ");
	must(vt, vt_find(vt, "4.0ms NOERROR", NULL) == 3, "now it is as it is");
	must(vt, vt_find(vt, "memory from", NULL) < 0, "the time line is gone");
	quit(vt);
}

static void test_evicted_meanwhile(void **state)
{
	struct vt *vt = start_live(80, 24, "64");

	(void)state;
	press(vt, " ");
	for (int i = 0; i < 3; i++) {
		kill(vt_pid(vt), SIGUSR1);
		must(vt, vt_settle(vt, 300, WAIT_MS), "the screen comes to rest");
	}
	must(vt, vt_find(vt, "5 evicted since", NULL) == 2, "that is told");
	press(vt, "G");
	must(vt, vt_find(vt, "(evicted)", NULL) > 3, "where it was");
	quit(vt);
}

static void test_loss_is_loud(void **state)
{
	struct vt *vt = start_live(80, 24, "4096");
	struct vt_cell cell;
	int col;

	(void)state;
	must(vt, vt_find(vt, "lost 0", &col) == 22, "the truth bar");
	vt_cell_at(vt, 22, col, &cell);
	must(vt, !cell.reverse, "is calm");
	kill(vt_pid(vt), SIGUSR2);
	must(vt, vt_wait_text(vt, "lost 3", WAIT_MS), "a loss");
	vt_find(vt, "lost 3", &col);
	vt_cell_at(vt, 22, col, &cell);
	must(vt, cell.reverse && cell.bold, "is loud");
	vt_resize(vt, 10, 40);
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "rest");
	must(vt, vt_find(vt, "lost 3", NULL) == 8, "on the narrowest screen too");
	vt_resize(vt, 24, 80);
	quit(vt);
}

int live_run(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tail),
		cmocka_unit_test(test_follow),
		cmocka_unit_test(test_age_fits),
		cmocka_unit_test(test_waiting_group),
		cmocka_unit_test(test_selection_stays_on_its_row),
		cmocka_unit_test(test_selection_survives_eviction),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_rows_stand_still),
		cmocka_unit_test(test_evicted_meanwhile),
		cmocka_unit_test(test_loss_is_loud),
	};

	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
