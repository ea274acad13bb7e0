/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys, clicks and sizes in any order, as nobody would think of them: whatever is
 * open then, the program lives, and gives the terminal back. MONKEY=N goes on for N
 * rounds, from seed MONKEY_SEED on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/harness.h"

#define STEPS 250

/* Those that quit, stop or write files are left out: F9, F10, W, q, Q, ^C, ^X, ^Z. */
static const char *const keys[] = {
	"Up",    "Down",      "Left", "Right", "Home",  "End", "PgUp", "PgDn", "Enter",
	"Enter", "Esc",       "Esc",  "Tab",   "S-Tab", "F1",  "F2",   "F3",   "F4",
	"F5",    "F6",        "F7",   "F8",    "^A",    "^E",  "^F",   "^L",   "^N",
	"^P",    "Backspace", "Del",  "^U",    "^W",    "^K",  "^R",   "S-Up", "S-Down",
};
static const char *const texts[] = {
	"rcode=NXDOMAIN",
	" and latency>=10ms",
	" or not client=10.0.0.0/8",
	"name~*.example",
	"(((",
	"\"",
	"/x[/",
	"3f",
	"<<<<<<<<<<<<<<<<<<<<<<<<",
	"id=",
	",,,,",
	"....",
	"[[[[",
	"]]]]",
	"wwww",
};

#define N(array) (sizeof(array) / sizeof((array)[0]))

static unsigned roll(unsigned *seed, unsigned below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed % below;
}

static void type_one(struct vt *vt, unsigned *seed)
{
	char text[2] = { (char)(' ' + roll(seed, 95)) };

	if (!strchr("qQW", text[0]))
		vt_type(vt, text);
}

static void do_something(struct vt *vt, unsigned *seed)
{
	unsigned what = roll(seed, 20);

	const char *key = keys[roll(seed, N(keys))];

	if (what < 8)
		assert_true(vt_key(vt, key));
	else if (what < 14)
		type_one(vt, seed);
	else if (what < 15)
		vt_type(vt, texts[roll(seed, N(texts))]);
	else if (what < 16)
		/* Smaller ones are too much for libvterm. */
		vt_resize(vt, (int)(4 + roll(seed, 57)), (int)(24 + roll(seed, 177)));
	else if (what < 17)
		vt_resize(vt, 24, 80);
	else if (vt_rows(vt) > 1)
		/* But not on the keys of the last line. */
		vt_mouse(vt, (int)roll(seed, (unsigned)vt_rows(vt) - 1),
			 (int)roll(seed, (unsigned)vt_cols(vt)),
			 roll(seed, 3) ? 1 : 4 + (int)roll(seed, 2));
	/* Escape and what follows must not become another key. */
	vt_pump(vt, strcmp(key, "Esc") ? 2 : 40);
}

static void play(struct vt *vt, unsigned seed, bool rows_come)
{
	static const int signals[] = { SIGUSR1, SIGUSR1, SIGHUP, SIGCONT };
	unsigned first = seed;
	int status;

	for (int i = 0; i < STEPS; i++) {
		do_something(vt, &seed);
		if (rows_come && roll(&seed, 4) == 0)
			kill(vt_pid(vt), signals[roll(&seed, N(signals))]);
		if (vt_wait_exit(vt, &status, 0)) {
			fprintf(stderr, "seed %u, step %d, wait status %#x\n", first, i,
				(unsigned)status);
			/* A click on what a size before had there may quit. */
			must(vt, status == 0, "it lives");
			vt_free(vt);
			return;
		}
	}
	vt_resize(vt, 24, 80);
	/* A typed line, a list's search, the list itself, what is expanded ... */
	for (int i = 0; i < 8; i++) {
		vt_key(vt, "Esc");
		vt_pump(vt, 40);
	}
	vt_key(vt, "F1");
	must(vt, vt_wait_text(vt, "GENERAL", WAIT_MS), "it answers");
	vt_key(vt, "q");
	must(vt, vt_wait_gone(vt, "GENERAL", WAIT_MS), "and again");
	quit(vt);
}

/* Keys that come faster than frames act on what is not counted yet. */
static void test_keys_before_the_frame(void **state)
{
	struct vt *vt = start_demo(80, 24, NULL, NULL);

	(void)state;
	press(vt, "s");
	do_step(vt, "type:jjj");
	must(vt, vt_find(vt, "by client", NULL) == 1, "groups, the fourth one selected");
	do_step(vt, "type:djjk");
	must(vt, vt_find(vt, "by server", NULL) == 1, "others");
	do_step(vt, "type:2jG0G-+=");
	must(vt, vt_find(vt, "by name", NULL) == 1, "and others");
	quit(vt);
}

/* A list that was scrolled on a small screen has all its lines on a larger one. */
static void test_list_grows(void **state)
{
	static const char *const lists[][2] = { { "F6", "TIME   " }, { "F7", "] error " } };

	(void)state;
	for (size_t i = 0; i < N(lists); i++) {
		struct vt *vt = start_demo(40, 10, NULL, NULL);

		press(vt, lists[i][0]);
		press(vt, "End");
		do_step(vt, "size:120x60");
		must(vt, vt_wait_text(vt, lists[i][1], WAIT_MS), "its first line is there");
		press(vt, "Esc");
		quit(vt);
	}
}

static void test_monkey(void **state)
{
	unsigned rounds = getenv("MONKEY") ? (unsigned)atoi(getenv("MONKEY")) : 2;
	unsigned seed = getenv("MONKEY_SEED") ? (unsigned)atoi(getenv("MONKEY_SEED")) : 1;
	const char *const files[] = { given.demo, "lookups.pcap" };

	(void)state;
	for (unsigned i = 0; i < rounds; i++) {
		play(start_file(files[i % 2], 80, 24, NULL, NULL), (seed + i) * 2654435761u, false);
		play(start_live(80, 24, "64"), (seed + i) * 2246822519u, true);
	}
}

int monkey_run(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_before_the_frame),
		cmocka_unit_test(test_list_grows),
		cmocka_unit_test(test_monkey),
	};

	return cmocka_run_group_tests_name("monkey", tests, NULL, NULL);
}
