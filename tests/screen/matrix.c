/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every view and popup on every kind of terminal: four sizes, UTF-8 and C locale,
 * 256 colours, 8 and none. A file a scene in golden/matrix holds them all:
 *
 *	== 80x24                the text in UTF-8, and where the cursor is
 *	-- C                    the lines that are others in the C locale
 *	-- 256, -- 8, -- none   how cells look
 *	-- C 8                  what is left: lines that none of these foretells
 *
 * Scenes are drawn by a few processes at once, since most of their time they wait.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/harness.h"

#define MAX_STEPS 12
#define JOBS      4
#define SLOW_MS   400
#define ROWS_MAX  80

enum {
	UTF8,
	C_LOCALE,
	LOCALES
};
enum {
	COLOURS_256,
	COLOURS_8,
	COLOURS_NONE,
	COLOURS
};

struct scene {
	const char *name;
	const char *step[MAX_STEPS];
};

static const struct scene scenes[] = {
	{ "flows", { NULL } },
	{ "detail", { "type:/rcode=SERVFAIL\r", "key:Enter" } },
	{ "rewound", { "type:,", "type:,", "type:," } },
	{ "overview", { "key:S-Tab" } },
	{ "expanded", { "key:S-Tab", "key:PgDn", "type:e" } },
	{ "stacked", { "key:S-Tab", "key:PgDn", "key:PgDn", "type:v" } },
	{ "top", { "type:@", "key:Down" } },
	{ "resolvers", { "key:F5", "key:F5" } },
	{ "searches", { "key:F5", "key:F5", "key:F5" } },
	{ "encrypted", { "key:F5", "key:F5", "key:F5", "key:F5" } },
	{ "waterfall", { "type:w" } },
	{ "chips", { "type:/rcode!=NOERROR latency>=1 (corp or slow)\r", "type:El l" } },
	{ "quick", { "type:/error nxdomain\r", "key:F7", "key:Down" } },
	{ "help", { "type:?" } },
	{ "counters", { "type:a" } },
	{ "columns", { "key:F2", "key:Down", "type: " } },
	{ "panels", { "key:S-Tab", "key:F2", "type:/lat" } },
	{ "rank", { "key:S-Tab", "type:B", "key:Down" } },
	{ "export", { "key:F9", "key:Tab" } },
	{ "sort", { "key:F6", "key:Down", "key:Down" } },
	{ "filter", { "type:/rcode!=NOERROR" } },
	{ "filter-error", { "type:/rcode!=NOERROR", "type: and latencyy>=20ms" } },
	{ "complete", { "type:/rcode=N", "key:Tab" } },
	{ "find", { "key:F3", "type:rcode=REFUSED and slowly=1\r" } },
	{ "no-match", { "type:/id=1,2\r" } },
};

static const struct {
	int cols, rows;
} sizes[] = { { 200, 60 }, { 120, 40 }, { 80, 24 }, { 40, 10 } };

#define SCENES (sizeof(scenes) / sizeof(scenes[0]))
#define SIZES  (sizeof(sizes) / sizeof(sizes[0]))

static const char *const locale_names[] = { "UTF-8", "C" };
static const char *const colour_names[] = { "256", "8", "none" };

/* One screen, as lines of the goldens' format. */
struct seen {
	char *dump;
	char *head;           /* size, cursor */
	char *text[ROWS_MAX]; /* of row i: "  3|..." */
	char *look[ROWS_MAX]; /* of row i: "  3: ...", NULL: plain */
};

struct collected {
	struct seen at[SIZES][LOCALES][COLOURS];
};

/* --- drawing --- */

static void split(struct seen *s, char *dump)
{
	char *rest = dump, *line;
	bool looks = false;
	int row = 0;

	*s = (struct seen){ .dump = dump, .head = strsep(&rest, "\n") };
	while ((line = strsep(&rest, "\n")) && *line) {
		if (strncmp(line, "row:", 4) == 0)
			looks = true;
		else if (looks)
			s->look[atoi(line)] = line;
		else if (row < ROWS_MAX)
			s->text[row++] = line;
	}
}

/* One program of a kind, through the sizes. */
static void draw(const struct scene *scene, struct collected *c, int locale, int colours,
		 int quiet_ms)
{
	const char *env[] = { locale == C_LOCALE ? "LC_ALL=C" : "LC_ALL=C.UTF-8",
			      colours == COLOURS_NONE ? "NO_COLOR=1" : NULL, NULL };
	struct vt *vt = start_demo(sizes[0].cols, sizes[0].rows,
				   colours == COLOURS_8 ? "xterm" : NULL, env);

	for (int i = 0; i < MAX_STEPS && scene->step[i]; i++)
		do_step(vt, scene->step[i]);
	for (size_t i = 0; i < SIZES; i++) {
		char step[40];

		snprintf(step, sizeof(step), "size:%dx%d", sizes[i].cols, sizes[i].rows);
		if (i)
			do_step(vt, step);
		must(vt, vt_settle(vt, quiet_ms, WAIT_MS), "the screen comes to rest");
		split(&c->at[i][locale][colours], dump_text(vt));
	}
	vt_free(vt);
}

/* --- as one text --- */

static const char *or_nothing(const char *line)
{
	return line ? line : "";
}

static void write_look(FILE *out, const struct seen *s, int colours)
{
	fprintf(out, "-- %s\n", colour_names[colours]);
	for (int row = 0; row < ROWS_MAX; row++) {
		if (s->look[row])
			fprintf(out, "%s\n", s->look[row]);
	}
}

/* The lines of a screen that are not what the others let one expect. */
static void write_rest(FILE *out, const struct seen *s, const struct seen *text,
		       const struct seen *look, const char *what)
{
	bool any = false;

	for (int row = 0; row < ROWS_MAX; row++) {
		bool other_text = strcmp(or_nothing(s->text[row]), or_nothing(text->text[row]));
		bool other_look = strcmp(or_nothing(s->look[row]), or_nothing(look->look[row]));

		if ((other_text || other_look) && !any)
			fprintf(out, "-- %s\n", what);
		any |= other_text || other_look;
		if (other_text)
			fprintf(out, "%s\n", or_nothing(s->text[row]));
		if (other_look)
			fprintf(out, "%s\n", s->look[row] ? s->look[row] : "plain");
	}
}

static void write_size(FILE *out, struct seen all[LOCALES][COLOURS])
{
	const struct seen *base = &all[UTF8][COLOURS_256];

	fprintf(out, "== %s\n", base->head);
	for (int row = 0; row < ROWS_MAX && base->text[row]; row++)
		fprintf(out, "%s\n", base->text[row]);
	/* What the C locale looks like otherwise is told further down. */
	write_rest(out, &all[C_LOCALE][COLOURS_256], base, &all[C_LOCALE][COLOURS_256], "C");
	for (int i = 0; i < COLOURS; i++)
		write_look(out, &all[UTF8][i], i);
	for (int l = 0; l < LOCALES; l++) {
		for (int i = 0; i < COLOURS; i++) {
			char what[40];

			snprintf(what, sizeof(what), "%s %s", locale_names[l], colour_names[i]);
			write_rest(out, &all[l][i], &all[l][COLOURS_256], &all[UTF8][i], what);
		}
	}
}

static char *seen_path(const struct scene *s, char path[NAME_SIZE])
{
	snprintf(path, NAME_SIZE, "matrix-%s.seen", s->name);
	return path;
}

static char *golden_path(const struct scene *s, char path[NAME_SIZE])
{
	snprintf(path, NAME_SIZE, "%s/matrix/%s.txt", given.golden, s->name);
	return path;
}

static void collect(const struct scene *s, int quiet_ms, const char *path)
{
	struct collected *c = calloc(1, sizeof(*c));
	FILE *out;

	assert_non_null(c);
	for (int l = 0; l < LOCALES; l++)
		for (int i = 0; i < COLOURS; i++)
			draw(s, c, l, i, quiet_ms);
	out = fopen(path, "w");
	assert_non_null(out);
	for (size_t i = 0; i < SIZES; i++)
		write_size(out, c->at[i]);
	assert_int_equal(fclose(out), 0);
	for (size_t i = 0; i < SIZES * LOCALES * COLOURS; i++)
		free((&c->at[0][0][0])[i].dump);
	free(c);
}

/* --- */

/* Draws all scenes, a few at once; one that fails leaves no file. */
static void collect_all(void)
{
	bool write = getenv("GOLDEN_WRITE");
	char path[NAME_SIZE];
	int running = 0;

	for (size_t i = 0; i < SCENES; i++) {
		unlink(seen_path(&scenes[i], path));
		if (running == JOBS && wait(NULL) > 0)
			running--;
		fflush(NULL);
		if (fork() == 0) {
			collect(&scenes[i], write ? SLOW_MS : QUIET_MS,
				write ? golden_path(&scenes[i], path) : path);
			_exit(0);
		}
		running++;
	}
	while (running-- > 0)
		wait(NULL);
}

static bool same_files(const char *golden, const char *seen, bool tell)
{
	char command[3 * NAME_SIZE];

	snprintf(command, sizeof(command), "diff -u '%s' '%s' %s", golden, seen,
		 tell ? ">&2" : "> /dev/null 2>&1");
	return system(command) == 0;
}

static void test_scene(void **state)
{
	const struct scene *s = *state;
	char golden[NAME_SIZE], seen[NAME_SIZE];

	golden_path(s, golden);
	seen_path(s, seen);
	if (getenv("GOLDEN_WRITE"))
		return;
	/* A machine that is very busy may not have come to rest. */
	if (!same_files(golden, seen, false))
		collect(s, SLOW_MS, seen);
	if (!same_files(golden, seen, true))
		fail_msg("%s looks otherwise; if that is right, `make golden`", s->name);
}

int matrix_run(void)
{
	struct CMUnitTest tests[SCENES];

	collect_all();
	for (size_t i = 0; i < SCENES; i++)
		tests[i] = (struct CMUnitTest){
			.name = scenes[i].name,
			.test_func = test_scene,
			.initial_state = (void *)(uintptr_t)&scenes[i],
		};
	return cmocka_run_group_tests_name("matrix", tests, NULL, NULL);
}
