/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals of all kinds, and that each is given back as it was.
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

#include "tests/screen/harness.h"

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
	must(vt, vt_find(vt, "F1Help", NULL) == 29, "it has the new size");
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

/* It sends more keys than TERM says: as on a serial line. */
static void test_keys_beyond_term(void **state)
{
	static const char *const terms[] = { "vt100", "linux", "xterm" };

	(void)state;
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		struct vt *vt = start_demo(80, 24, terms[i], NULL);

		press(vt, "F5");
		must(vt, vt_find(vt, "by client", NULL) == 1, "F5: the next view");
		press(vt, "S-Tab");
		must(vt, vt_find(vt, "52 of 52", NULL) == 1, "S-Tab: the one before");
		press(vt, "Down");
		press(vt, "PgDn");
		must(vt, vt_find(vt, "row 21 ", NULL) == 1, "down");
		press(vt, "Home");
		press(vt, "F6");
		must(vt, vt_find(vt, "Sort by", NULL) > 0, "F6: the order");
		press(vt, "Esc");
		must(vt, vt_find(vt, "window", NULL) < 0, "and nothing else");
		vt_key(vt, "F10");
		must(vt, vt_wait_exit(vt, NULL, WAIT_MS), "F10 quits");
		vt_free(vt);
	}
}

static void refused(struct vt *vt)
{
	int status;

	must(vt, vt_wait_exit(vt, &status, WAIT_MS), "it ends");
	must(vt, WIFEXITED(status) && WEXITSTATUS(status) == 1, "with exit status 1");
	must(vt, vt_find(vt, "--plain", NULL) >= 0, "it names the way out");
	must(vt, vt_find(vt, "--batch", NULL) >= 0, "and the other");
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
	snprintf(command, sizeof(command), "cat %s | setsid -w %s -", given.demo, given.dnstop);
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

int terminal_run(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quit),
		cmocka_unit_test(test_keys_that_quit),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_hang_up),
		cmocka_unit_test(test_stop_and_continue),
		cmocka_unit_test(test_unknown_terminal),
		cmocka_unit_test(test_keys_beyond_term),
		cmocka_unit_test(test_dumb_terminal),
		cmocka_unit_test(test_no_keys),
		cmocka_unit_test(test_piped_capture),
		cmocka_unit_test(test_idle_writes_nothing),
		cmocka_unit_test(test_resize_storm),
	};

	return cmocka_run_group_tests_name("terminals", tests, NULL, NULL);
}
