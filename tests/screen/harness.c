/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/screen/harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* Keys that change nothing cost this much. */
#define ANSWER_MS 1500

struct given given;

struct vt *start(int cols, int rows, const char *term, const char *const *env,
		 const char *const *argv)
{
	struct vt_options opt = { .rows = rows, .cols = cols, .term = term, .env = env };
	struct vt *vt = vt_start(&opt, argv);

	assert_non_null(vt);
	return vt;
}

void must(struct vt *vt, bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "not so: %s\n", what);
	vt_dump(vt, stderr);
	vt_free(vt);
	fail();
}

struct vt *start_demo(int cols, int rows, const char *term, const char *const *env)
{
	return start_file(given.demo, cols, rows, term, env);
}

struct vt *start_file(const char *file, int cols, int rows, const char *term,
		      const char *const *env)
{
	const char *argv[] = { given.dnstop, file, NULL };
	struct vt *vt = start(cols, rows, term, env, argv);

	must(vt, vt_wait_text(vt, "FILE", WAIT_MS), "the file was read");
	must(vt, vt_settle(vt, QUIET_MS, WAIT_MS), "the screen comes to rest");
	return vt;
}

struct vt *start_live(int cols, int rows, const char *max_rows)
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

void do_step(struct vt *vt, const char *step)
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

void press(struct vt *vt, const char *name)
{
	uint64_t before = vt_bytes(vt);

	assert_true(vt_key(vt, name));
	rest(vt, before);
}

void quit(struct vt *vt)
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

char *dump_text(const struct vt *vt)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	vt_dump(vt, f);
	fclose(f);
	return text;
}
