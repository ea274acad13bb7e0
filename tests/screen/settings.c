/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Settings and history in the real program: kept when asked, read again, and
 * never in the way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/screen/harness.h"

/* A home of its own for each test, gone afterwards. */
static char home[64], config_home[80], state_home[80], config[120], history[120];
static const char *const env[] = { config_home, state_home, NULL };

static int make_home(void **state)
{
	(void)state;
	snprintf(home, sizeof(home), "/tmp/dnstop-home-XXXXXX");
	if (!mkdtemp(home))
		return -1;
	snprintf(config_home, sizeof(config_home), "XDG_CONFIG_HOME=%s", home);
	snprintf(state_home, sizeof(state_home), "XDG_STATE_HOME=%s", home);
	snprintf(config, sizeof(config), "%s/dnstop/config", home);
	snprintf(history, sizeof(history), "%s/dnstop/history", home);
	return 0;
}

static int remove_home(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", home);
	return system(command) ? -1 : 0;
}

static void put(const char *path, const char *text)
{
	char in[80];
	FILE *f;

	snprintf(in, sizeof(in), "%s/dnstop", home);
	mkdir(in, 0700);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void holds(const char *path, const char *want)
{
	char got[4000] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	got[fread(got, 1, sizeof(got) - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(got, want);
}

static struct vt *start_with(const char *option, const char *argument)
{
	const char *argv[] = { given.dnstop, given.demo, option, argument, NULL };
	struct vt *vt = start(120, 40, NULL, env, argv);

	must(vt, vt_wait_text(vt, "FILE", WAIT_MS), "the file was read");
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "the screen comes to rest");
	return vt;
}

static void test_saved_when_asked(void **state)
{
	struct vt *vt = start_demo(120, 40, NULL, env);

	(void)state;
	do_step(vt, "type:>]");
	quit(vt);
	assert_int_not_equal(access(config, F_OK), 0);
	vt = start_demo(120, 40, NULL, env);
	do_step(vt, "type:>");
	press(vt, "S-Tab");
	do_step(vt, "type:XXp");
	do_step(vt, "type:A");
	do_step(vt, "type:[");
	do_step(vt, "type:W");
	must(vt, vt_find(vt, "settings saved in", NULL) >= 0, "it says so");
	must(vt, vt_find(vt, config, NULL) >= 0, "and where");
	press(vt, "Down");
	must(vt, vt_find(vt, "settings saved", NULL) < 0, "once");
	quit(vt);
	holds(config, "# dnstop's settings; see dnstop(8)\n"
		      "sort = -client\ntop = 15\nscope = comm\noverall = no\nwindow = 1h\n"
		      "view = overview\n");
	vt = start_demo(120, 40, NULL, env);
	must(vt, vt_find(vt, "Top 15 average", NULL) >= 0, "the overview as it was");
	must(vt, vt_find(vt, "overall", NULL) < 0, "without what was switched off");
	press(vt, "Tab");
	must(vt, vt_find(vt, "CLIENT\xe2\x96\xbc", NULL) >= 0, "the order as it was");
	quit(vt);
}

static void test_lines_of_others_stay(void **state)
{
	struct vt *vt;

	(void)state;
	put(config, "# mine\ncolumns = qname, rcode latency_us\nfrom.tomorrow = 7\n");
	vt = start_demo(120, 40, NULL, env);
	must(vt, vt_find(vt, "from.tomorrow is no setting", NULL) >= 0, "what is not known");
	must(vt, vt_find(vt, "config:3:", NULL) >= 0, "and its place");
	must(vt, vt_find(vt, "CLIENT", NULL) < 0, "the columns of the file");
	do_step(vt, "type:IW");
	quit(vt);
	holds(config, "# mine\ncolumns = qname rcode latency_us\nfrom.tomorrow = 7\n"
		      "sort = ts\n");
}

static void test_the_command_line_wins(void **state)
{
	struct vt *vt;

	(void)state;
	put(config, "columns = rcode\nsort = -rcode\n");
	vt = start_with("--columns", "qname,client");
	must(vt, vt_find(vt, "CLIENT", NULL) >= 0, "its columns");
	must(vt, vt_find(vt, "by rcode", NULL) >= 0, "with the order of the file");
	do_step(vt, "type:W");
	quit(vt);
	holds(config, "columns = rcode\nsort = -rcode\n");
	vt = start_with("--no-config", NULL);
	must(vt, vt_find(vt, "by rcode", NULL) < 0, "nothing is read");
	do_step(vt, "type:W");
	must(vt, vt_find(vt, "not saved: --no-config", NULL) >= 0, "and nothing kept");
	do_step(vt, "type:/rcode=NXDOMAIN\r");
	quit(vt);
	assert_int_not_equal(access(history, F_OK), 0);
}

static void test_mistakes_stop_nothing(void **state)
{
	struct vt *vt;

	(void)state;
	put(config, "columns = ts nosuch\ntop = 99\nwhat is this\nsort=\x1b[2J\noverall = maybe\n"
		    "key.help = F13\nview = top\n");
	vt = start_demo(120, 40, NULL, env);
	must(vt, vt_find(vt, "config:1: columns", NULL) >= 0, "the first");
	must(vt, vt_find(vt, "not a number from 1 to 50", NULL) >= 0, "what is wrong");
	must(vt, vt_find(vt, "and 3 more", NULL) >= 0, "and how many there are");
	press(vt, "Down");
	must(vt, vt_find(vt, "config:1", NULL) < 0, "until a key");
	must(vt, vt_find(vt, "SHARE", NULL) >= 0, "what is right is done");
	quit(vt);
	assert_int_equal(unlink(config), 0);
	assert_int_equal(mkdir(config, 0700), 0);
	vt = start_demo(80, 24, NULL, env);
	must(vt, vt_find(vt, "Is a directory", NULL) >= 0, "it can't be read");
	do_step(vt, "type:W");
	must(vt, vt_find(vt, "settings are not saved", NULL) >= 0, "nor written");
	quit(vt);
}

static void test_keys(void **state)
{
	struct vt *vt;

	(void)state;
	put(config, "key.pause = z\nkey.down = Space\nkey.help = F1\n");
	vt = start_demo(80, 24, NULL, env);
	must(vt, vt_find(vt, "! ", NULL) < 0, "nothing is wrong");
	must(vt, vt_find(vt, "z Pause", NULL) == 23, "the footer knows");
	do_step(vt, "type:  ");
	must(vt, vt_find(vt, "row 3", NULL) >= 0, "the new meaning");
	press(vt, "F8");
	must(vt, vt_find(vt, "PAUSED", NULL) < 0, "the old key does nothing");
	do_step(vt, "type:z");
	must(vt, vt_find(vt, "PAUSED", NULL) >= 0, "the new one does");
	do_step(vt, "type:?");
	must(vt, vt_find(vt, "GENERAL", NULL) < 0, "a key that was given up");
	press(vt, "F1");
	must(vt, vt_find(vt, "GENERAL", NULL) >= 0, "help");
	press(vt, "Esc");
	do_step(vt, "type:W");
	quit(vt);
	holds(config, "key.pause = z\nkey.down = Space\nkey.help = F1\n");
}

static void test_history_is_kept(void **state)
{
	struct vt *vt;

	(void)state;
	vt = start_demo(80, 24, NULL, env);
	do_step(vt, "type:/rcode=NXDOMAIN\r");
	do_step(vt, "type:/");
	press(vt, "^U");
	do_step(vt, "type:latency>1ms\r");
	quit(vt);
	holds(history, "rcode=NXDOMAIN\nlatency>1ms\n");
	assert_int_not_equal(access(config, F_OK), 0);
	/* What another one wrote meanwhile stays. */
	vt = start_demo(80, 24, NULL, env);
	put(history, "rcode=NXDOMAIN\nlatency>1ms\nid=7\n");
	do_step(vt, "type:/");
	press(vt, "Up");
	press(vt, "Up");
	must(vt, vt_find(vt, "rcode=NXDOMAIN", NULL) >= 0, "what was entered before");
	press(vt, "Enter");
	quit(vt);
	holds(history, "latency>1ms\nid=7\nrcode=NXDOMAIN\n");
}

/* Among the looks of cells. */
static bool has_colour(const struct vt *vt, const char *colour)
{
	char *text = dump_text(vt);
	bool found = strstr(strstr(text, "row: cells"), colour);

	free(text);
	return found;
}

static void test_looks(void **state)
{
	struct vt *vt = start_with("--no-mouse", NULL);

	(void)state;
	must(vt, !vt_mouse_on(vt), "the mouse is the terminal's");
	quit(vt);
	/* What the file says; the command line has the last word. */
	put(config,
	    "mouse = no\ngraph = block\ntheme = light\npanels = latency-time\nview = overview\n");
	vt = start_demo(80, 24, NULL, env);
	must(vt, !vt_mouse_on(vt), "the same of the file");
	must(vt, vt_find(vt, "\xe2\x96\x88", NULL) >= 0, "a line in blocks");
	must(vt, has_colour(vt, "fg25") && !has_colour(vt, "fg31"), "dark blue for light");
	quit(vt);
	vt = start_with("--graph", "ascii");
	must(vt, vt_find(vt, "\xe2\x96\x88", NULL) < 0, "no blocks");
	must(vt, vt_find(vt, "*", NULL) >= 0, "but stars");
	quit(vt);
	vt = start_with("--theme", "dark");
	must(vt, has_colour(vt, "fg75") && !has_colour(vt, "fg25"), "light blue for dark");
	quit(vt);
	vt = start_with("--theme", "mono");
	must(vt, !has_colour(vt, "fg"), "no colour");
	quit(vt);
}

int settings_run(void)
{
#define AT_HOME(test) cmocka_unit_test_setup_teardown(test, make_home, remove_home)
	static const struct CMUnitTest tests[] = {
		AT_HOME(test_saved_when_asked),
		AT_HOME(test_lines_of_others_stay),
		AT_HOME(test_the_command_line_wins),
		AT_HOME(test_mistakes_stop_nothing),
		AT_HOME(test_keys),
		AT_HOME(test_history_is_kept),
		AT_HOME(test_looks),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
