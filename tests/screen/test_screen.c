/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real program on real (virtual) terminals:
 *
 *	test_screen DNSTOP LIVE_MAIN DEMO.pcap GOLDEN_DIR
 *
 * GOLDEN_WRITE=1 writes the goldens instead of comparing with them; what
 * changed is then for `git diff` and for your eyes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/vtdrive.h"

#define WAIT_MS   10000
#define QUIET_MS  80
#define ANSWER_MS 1500
#define MAX_STEPS 12
#define NAME_SIZE 300

/* From the command line; set once by main. */
static struct {
	const char *dnstop;
	const char *live;
	const char *demo; /* file name; the tests run in its directory */
	const char *golden;
} given;

/* --- starting --- */

static struct vt *start(int cols, int rows, const char *term, const char *const *env,
			const char *const *argv)
{
	struct vt_options opt = { .rows = rows, .cols = cols, .term = term, .env = env };
	struct vt *vt = vt_start(&opt, argv);

	assert_non_null(vt);
	return vt;
}

/* Fails the test, showing the screen. */
static void must(struct vt *vt, bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "not so: %s\n", what);
	vt_dump(vt, stderr);
	vt_free(vt);
	fail();
}

static struct vt *start_demo(int cols, int rows, const char *term, const char *const *env)
{
	const char *argv[] = { given.dnstop, given.demo, NULL };
	struct vt *vt = start(cols, rows, term, env, argv);

	must(vt, vt_wait_text(vt, "FILE", WAIT_MS), "the file was read");
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "the screen comes to rest");
	return vt;
}

static struct vt *start_live(int cols, int rows, const char *max_rows)
{
	const char *argv[] = { given.live, max_rows, NULL };
	struct vt *vt = start(cols, rows, NULL, NULL, argv);

	must(vt, vt_wait_text(vt, "LIVE", WAIT_MS), "it is live");
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "the screen comes to rest");
	return vt;
}

/* Lets the program answer what was just done, and come to rest: keys that
 * change nothing cost ANSWER_MS. */
static void rest(struct vt *vt, uint64_t before)
{
	if (vt_bytes(vt) == before)
		vt_wait_bytes(vt, ANSWER_MS);
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "the screen comes to rest");
}

/* "type:TEXT", "key:NAME", "size:COLSxROWS" or "wait:TEXT". */
static void do_step(struct vt *vt, const char *step)
{
	uint64_t before = vt_bytes(vt);
	int cols, rows;

	if (strncmp(step, "type:", 5) == 0)
		vt_type(vt, step + 5);
	else if (strncmp(step, "key:", 4) == 0)
		assert_true(vt_key(vt, step + 4));
	else if (sscanf(step, "size:%dx%d", &cols, &rows) == 2)
		vt_resize(vt, rows, cols);
	else if (strncmp(step, "wait:", 5) == 0)
		must(vt, vt_wait_text(vt, step + 5, WAIT_MS), step);
	else
		fail_msg("no such step: %s", step);
	rest(vt, before);
}

static void press(struct vt *vt, const char *name)
{
	uint64_t before = vt_bytes(vt);

	assert_true(vt_key(vt, name));
	rest(vt, before);
}

/* Ends it by q and sees the terminal given back. */
static void quit(struct vt *vt)
{
	int status;

	vt_key(vt, "q");
	must(vt, vt_wait_exit(vt, &status, WAIT_MS), "q ends it");
	must(vt, WIFEXITED(status) && WEXITSTATUS(status) == 0, "it ends well");
	must(vt,
	     !vt_altscreen(vt) && vt_modes_restored(vt) && vt_cursor_visible(vt) &&
		     !vt_mouse_on(vt),
	     "the terminal is as it was");
	vt_free(vt);
}

/* --- goldens --- */

struct golden {
	const char *name;
	int cols, rows;
	const char *term;
	const char *env[3];
	const char *step[MAX_STEPS];
};

#define TO_SERVFAIL "type:/rcode=SERVFAIL\r"

static const struct golden goldens[] = {
	{ .name = "flows-120x40", .cols = 120, .rows = 40 },
	{ .name = "flows-80x24", .cols = 80, .rows = 24 },
	{ .name = "flows-40x10", .cols = 40, .rows = 10 },
	{ .name = "flows-200x60", .cols = 200, .rows = 60 },
	{ .name = "flows-ascii-80x24", .cols = 80, .rows = 24, .env = { "LC_ALL=C" } },
	{ .name = "flows-8colours-80x24", .cols = 80, .rows = 24, .term = "xterm" },
	{ .name = "flows-nocolor-80x24", .cols = 80, .rows = 24, .env = { "NO_COLOR=1" } },
	{ .name = "flows-vt100-80x24", .cols = 80, .rows = 24, .term = "vt100" },
	{ .name = "small-39x10", .cols = 80, .rows = 24, .step = { "size:39x10" } },
	{
		.name = "selected-80x24",
		.cols = 80,
		.rows = 24,
		.step = { "key:Down", "key:Down", "key:PgDn" },
	},
	{
		.name = "sorted-80x24",
		.cols = 80,
		.rows = 24,
		.step = { "type:>", "type:>", "type:>", "type:>", "type:>" },
	},
	{
		.name = "sortmenu-80x24",
		.cols = 80,
		.rows = 24,
		.step = { "key:F6", "key:Down", "key:Down" },
	},
	{ .name = "paused-80x24", .cols = 80, .rows = 24, .step = { "type: " } },
	{ .name = "help-80x24", .cols = 80, .rows = 24, .step = { "type:?" } },
	{ .name = "help-120x40", .cols = 120, .rows = 40, .step = { "key:F1" } },
	{ .name = "help-40x10", .cols = 40, .rows = 10, .step = { "type:?", "key:PgDn" } },
	{ .name = "help-ascii-80x24",
	  .cols = 80,
	  .rows = 24,
	  .env = { "LC_ALL=C" },
	  .step = { "type:?" } },
	{ .name = "filter-80x24", .cols = 80, .rows = 24, .step = { "type:/rcode!=NOERROR" } },
	{
		.name = "filter-empty-80x24",
		.cols = 80,
		.rows = 24,
		.step = { "type:/" },
	},
	{
		.name = "filter-error-80x24",
		.cols = 80,
		.rows = 24,
		.step = { "type:/rcode!=NOERROR", "type: and latencyy>=20ms" },
	},
	{
		.name = "filter-error-40x10",
		.cols = 40,
		.rows = 10,
		.step = { "type:/rcode!=NOERROR", "type: and latencyy>=20ms" },
	},
	{
		.name = "filter-error-nocolor-80x24",
		.cols = 80,
		.rows = 24,
		.env = { "NO_COLOR=1", "LC_ALL=C" },
		.step = { "type:/rcode!=NOERROR", "type: and latencyy>=20ms" },
	},
	{ .name = "complete-80x24",
	  .cols = 80,
	  .rows = 24,
	  .step = { "type:/rcode=N", "key:Tab" } },
	{ .name = "detail-120x40", .cols = 120, .rows = 40, .step = { TO_SERVFAIL, "key:Enter" } },
	{ .name = "detail-80x24", .cols = 80, .rows = 24, .step = { TO_SERVFAIL, "key:Enter" } },
	{
		.name = "detail-80x20",
		.cols = 80,
		.rows = 20,
		.step = { TO_SERVFAIL, "key:Enter", "key:PgDn" },
	},
	{
		.name = "detail-200x60",
		.cols = 200,
		.rows = 60,
		.step = { "type:/qname=deb.example.org\r", "key:Enter" },
	},
	{
		.name = "detail-unsolicited-80x24",
		.cols = 80,
		.rows = 24,
		.step = { "type:/unsolicited\r", "key:Enter" },
	},
	{
		.name = "detail-timeout-80x24",
		.cols = 80,
		.rows = 24,
		.step = { "type:/timeout\r", "key:Enter" },
	},
};

static char *dump_text(const struct vt *vt)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	vt_dump(vt, f);
	fclose(f);
	return text;
}

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;
	ssize_t n;

	if (!f)
		return NULL;
	n = getdelim(&text, &size, '\0', f);
	fclose(f);
	if (n < 0) {
		free(text);
		return NULL;
	}
	return text;
}

static void write_golden(const struct vt *vt, const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	vt_dump(vt, f);
	assert_int_equal(fclose(f), 0);
}

/* The screen may still be on its way to what is expected. */
static bool becomes(struct vt *vt, const char *expected)
{
	char *seen = dump_text(vt);

	for (int tries = 0; strcmp(expected, seen) != 0 && tries < 20; tries++) {
		free(seen);
		vt_pump(vt, 100);
		seen = dump_text(vt);
	}
	if (strcmp(expected, seen) == 0) {
		free(seen);
		return true;
	}
	fprintf(stderr, "expected:\n%s\nseen:\n%s\n", expected, seen);
	free(seen);
	return false;
}

static void compare_golden(struct vt *vt, const char *name)
{
	char path[NAME_SIZE];
	char *expected;
	bool same;

	snprintf(path, sizeof(path), "%s/%s.txt", given.golden, name);
	if (getenv("GOLDEN_WRITE")) {
		must(vt, vt_settle(vt, 400, WAIT_MS), "the screen comes to rest");
		write_golden(vt, path);
		return;
	}
	expected = read_file(path);
	if (!expected)
		fail_msg("no golden %s; `make golden` writes it", path);
	same = becomes(vt, expected);
	free(expected);
	if (!same)
		fail_msg("%s looks otherwise; if that is right, `make golden`", name);
}

static void test_golden(void **state)
{
	const struct golden *g = *state;
	struct vt *vt = start_demo(g->cols, g->rows, g->term, g->env);

	for (int i = 0; i < MAX_STEPS && g->step[i]; i++)
		do_step(vt, g->step[i]);
	compare_golden(vt, g->name);
	vt_free(vt);
}

/* --- the terminal is given back --- */

static void test_quit(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	must(vt,
	     vt_altscreen(vt) && !vt_modes_restored(vt) && !vt_cursor_visible(vt) &&
		     vt_mouse_on(vt),
	     "it took the terminal over");
	quit(vt);
}

static void test_keys_that_quit(void **state)
{
	static const char *const keys[] = { "F10", "^C", "^X" };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct vt *vt = start_demo(80, 24, NULL, NULL);
		int status;

		vt_key(vt, keys[i]);
		must(vt, vt_wait_exit(vt, &status, WAIT_MS), keys[i]);
		must(vt, !vt_altscreen(vt) && vt_modes_restored(vt), "the terminal is as it was");
		vt_free(vt);
	}
}

static void test_signals(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGSEGV, SIGABRT, SIGBUS };

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct vt *vt = start_demo(80, 24, NULL, NULL);
		int status;

		kill(vt_pid(vt), signals[i]);
		must(vt, vt_wait_exit(vt, &status, WAIT_MS), strsignal(signals[i]));
		must(vt, WIFSIGNALED(status) && WTERMSIG(status) == signals[i],
		     "its parent sees which signal it was");
		must(vt,
		     !vt_altscreen(vt) && vt_modes_restored(vt) && vt_cursor_visible(vt) &&
			     !vt_mouse_on(vt),
		     "the terminal is as it was");
		vt_free(vt);
	}
}

static void test_hang_up(void **state)
{
	static const char *const traps[] = { "", "trap '' HUP; " };
	char command[NAME_SIZE + 40];
	const char *argv[] = { "sh", "-c", command, NULL };

	(void)state;
	for (size_t i = 0; i < sizeof(traps) / sizeof(traps[0]); i++) {
		struct vt *vt;

		snprintf(command, sizeof(command), "%sexec %s %s", traps[i], given.dnstop,
			 given.demo);
		vt = start(80, 24, NULL, NULL, argv);
		must(vt, vt_wait_text(vt, "FILE", WAIT_MS), "the file was read");
		vt_hang_up(vt);
		assert_true(vt_wait_exit(vt, NULL, WAIT_MS));
		vt_free(vt);
	}
}

static void test_stop_and_continue(void **state)
{
	const char *argv[] = { "bash", "--norc", "--noprofile", "-i", NULL };
	const char *env[] = { "PS1=ready> ", NULL };
	struct vt *vt = start(80, 24, NULL, env, argv);
	char command[NAME_SIZE];

	(void)state;
	must(vt, vt_wait_text(vt, "ready>", WAIT_MS), "a shell");
	snprintf(command, sizeof(command), "%s %s\r", given.dnstop, given.demo);
	vt_type(vt, command);
	must(vt, vt_wait_altscreen(vt, true, WAIT_MS), "dnstop runs");
	must(vt, vt_wait_text(vt, "FILE", WAIT_MS), "the file was read");
	vt_key(vt, "^Z");
	must(vt, vt_wait_altscreen(vt, false, WAIT_MS), "^Z gives the screen back");
	must(vt, vt_wait_text(vt, "Stopped", WAIT_MS), "the shell has it stopped");
	vt_resize(vt, 30, 100);
	vt_type(vt, "fg\r");
	must(vt, vt_wait_altscreen(vt, true, WAIT_MS), "fg takes the screen again");
	must(vt, vt_wait_text(vt, "api.example.com", WAIT_MS), "the rows are there again");
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "the screen comes to rest");
	must(vt, vt_find(vt, "F1 ? Help", NULL) == 29, "it has the new size");
	vt_key(vt, "q");
	must(vt, vt_wait_altscreen(vt, false, WAIT_MS), "q ends it");
	vt_type(vt, "exit\r");
	must(vt, vt_wait_exit(vt, NULL, WAIT_MS), "the shell ends");
	vt_free(vt);
}

/* --- terminals of all kinds --- */

static void test_unknown_terminal(void **state)
{
	struct vt *vt = start_demo(80, 24, "no-such-terminal", NULL);

	(void)state;
	must(vt, vt_find(vt, "no-such-terminal", NULL) >= 0, "it says what it takes it for");
	press(vt, "Down");
	must(vt, vt_find(vt, "no-such-terminal", NULL) < 0, "once");
	quit(vt);
}

static void refused(struct vt *vt)
{
	int status;

	must(vt, vt_wait_exit(vt, &status, WAIT_MS), "it ends");
	must(vt, WIFEXITED(status) && WEXITSTATUS(status) == 1, "with exit status 1");
	must(vt, vt_find(vt, "--batch", NULL) >= 0, "it names the way out");
	must(vt, vt_modes_restored(vt), "the terminal is as it was");
	vt_free(vt);
}

static void test_dumb_terminal(void **state)
{
	const char *argv[] = { given.dnstop, given.demo, NULL };

	(void)state;
	refused(start(80, 24, "dumb", NULL, argv));
}

static void test_no_keys(void **state)
{
	/* Neither standard input nor a controlling terminal. */
	char command[NAME_SIZE + 40];
	const char *argv[] = { "sh", "-c", command, NULL };

	(void)state;
	snprintf(command, sizeof(command), "setsid -w %s %s < /dev/null", given.dnstop, given.demo);
	refused(start(80, 24, NULL, NULL, argv));
}

static void test_piped_capture(void **state)
{
	char command[NAME_SIZE + 40];
	const char *argv[] = { "sh", "-c", command, NULL };
	struct vt *vt;

	(void)state;
	snprintf(command, sizeof(command), "cat %s | %s -", given.demo, given.dnstop);
	vt = start(80, 24, NULL, NULL, argv);
	must(vt, vt_wait_text(vt, "FILE", WAIT_MS), "it reads standard input");
	press(vt, "Down");
	must(vt, vt_find(vt, "row 2", NULL) >= 0, "keys come from the terminal");
	quit(vt);
}

static void test_idle_writes_nothing(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, NULL);
	uint64_t before = vt_bytes(vt);

	(void)state;
	/* Long enough for several frames of the loop. */
	vt_pump(vt, 2500);
	must(vt, vt_bytes(vt) == before, "an idle screen writes nothing");
	quit(vt);
}

static void test_resize_storm(void **state)
{
	struct vt *stormy = start_demo(80, 24, NULL, NULL);
	struct vt *calm = start_demo(101, 31, NULL, NULL);
	char *a, *b;

	(void)state;
	for (int i = 0; i < 200; i++) {
		vt_resize(stormy, 1 + i * 7 % 60, 1 + i * 13 % 200);
		vt_pump(stormy, 1);
	}
	vt_resize(stormy, 31, 101);
	must(stormy, vt_settle(stormy, 1200, WAIT_MS), "the screen comes to rest");
	a = dump_text(stormy);
	b = dump_text(calm);
	assert_string_equal(a, b);
	free(a);
	free(b);
	quit(stormy);
	quit(calm);
}

/* --- what keys do --- */

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

/* --- live --- */

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
	must(vt, vt_find(vt, "host062", NULL) < 0 && vt_find(vt, "host059", NULL) == 3,
	     "the rows stand still");
	must(vt, vt_find(vt, "seen 126", NULL) == 22, "capture goes on");
	press(vt, "F8");
	must(vt, vt_wait_text(vt, "host062", WAIT_MS), "on it goes");
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

#define GOLDENS (sizeof(goldens) / sizeof(goldens[0]))

int main(int argc, char **argv)
{
	static const struct CMUnitTest behaviour[] = {
		cmocka_unit_test(test_quit),
		cmocka_unit_test(test_keys_that_quit),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_hang_up),
		cmocka_unit_test(test_stop_and_continue),
		cmocka_unit_test(test_unknown_terminal),
		cmocka_unit_test(test_dumb_terminal),
		cmocka_unit_test(test_no_keys),
		cmocka_unit_test(test_piped_capture),
		cmocka_unit_test(test_idle_writes_nothing),
		cmocka_unit_test(test_resize_storm),
		cmocka_unit_test(test_innermost_first),
		cmocka_unit_test(test_filter_bar),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_words_on_the_way),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_tail),
		cmocka_unit_test(test_selection_stays_on_its_row),
		cmocka_unit_test(test_selection_survives_eviction),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_loss_is_loud),
	};
	struct CMUnitTest looks[GOLDENS];
	int failed;

	if (argc != 5) {
		fputs("usage: test_screen DNSTOP LIVE_MAIN DEMO.pcap GOLDEN_DIR\n", stderr);
		return 2;
	}
	given.dnstop = realpath(argv[1], NULL);
	given.live = realpath(argv[2], NULL);
	given.golden = realpath(argv[4], NULL);
	given.demo = strrchr(argv[3], '/') ? strrchr(argv[3], '/') + 1 : argv[3];
	if (given.demo != argv[3]) {
		char *dir = strndup(argv[3], (size_t)(given.demo - argv[3]));

		if (!dir || chdir(dir) < 0) {
			perror(argv[3]);
			return 2;
		}
		free(dir);
	}
	if (!given.dnstop || !given.live || !given.golden) {
		fputs("test_screen: a program or the goldens are not there\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < GOLDENS; i++)
		looks[i] = (struct CMUnitTest){
			.name = goldens[i].name,
			.test_func = test_golden,
			.initial_state = (void *)(uintptr_t)&goldens[i],
		};
	failed = cmocka_run_group_tests_name("screens", looks, NULL, NULL);
	if (!getenv("GOLDEN_WRITE"))
		failed += cmocka_run_group_tests_name("screen", behaviour, NULL, NULL);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
