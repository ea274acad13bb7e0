/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the screen's tests have in common: starting the program, doing what a
 * user does, and failing with the screen shown.
 */
#ifndef DNSTOP_TESTS_SCREEN_HARNESS_H
#define DNSTOP_TESTS_SCREEN_HARNESS_H

#include "tests/screen/vtdrive.h"

#define WAIT_MS   10000
#define QUIET_MS  80
#define NAME_SIZE 300

/* From the command line; set once by main. */
struct given {
	const char *dnstop;
	const char *live;
	const char *demo; /* file name; the tests run in its directory */
	const char *golden;
};
extern struct given given;

struct vt *start(int cols, int rows, const char *term, const char *const *env,
		 const char *const *argv);
/* The real program on the demo capture, read to its end. */
struct vt *start_demo(int cols, int rows, const char *term, const char *const *env);
/* The same of another capture beside that one. */
struct vt *start_file(const char *file, int cols, int rows, const char *term,
		      const char *const *env);
/* live_main with at most max_rows rows in memory. */
struct vt *start_live(int cols, int rows, const char *max_rows);

/* Fails the test, showing the screen. */
void must(struct vt *vt, bool ok, const char *what);
/* "type:TEXT", "key:NAME", "size:COLSxROWS" or "wait:TEXT"; then rests. */
void do_step(struct vt *vt, const char *step);
/* A key as vt_key names it; then rests. */
void press(struct vt *vt, const char *name);
/* Ends it by q and sees the terminal given back. */
void quit(struct vt *vt);

/* The screen as goldens have it; the caller frees it. */
char *dump_text(const struct vt *vt);

/* The tests, by file. Each returns the number of those that failed. */
int goldens_run(void);
int matrix_run(void);
int terminal_run(void);
int keys_run(void);
int filter_run(void);
int mouse_run(void);
int live_run(void);
int monkey_run(void);
int panels_run(void);
int settings_run(void);

#endif
