/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How screens look: text and attributes against tests/screen/golden. Each view and
 * popup as it is first seen is in matrix.c; here is what they come to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/harness.h"

#define MAX_STEPS 12

struct golden {
	const char *name;
	int cols, rows;
	const char *term;
	const char *file; /* a capture beside the demo one; NULL: that */
	const char *env[3];
	const char *step[MAX_STEPS];
};

#define TO_UPSTREAM  "type:/ns1.dns.example\r"
#define TO_RESOLVERS "key:Tab", "key:Tab"
#define TO_OVERVIEW  "key:S-Tab"
#define TO_SERVFAIL  "type:/rcode=SERVFAIL\r"

static const struct golden goldens[] = {
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
	{ .name = "paused-80x24", .cols = 80, .rows = 24, .step = { "type: " } },
	{ .name = "help-40x10", .cols = 40, .rows = 10, .step = { "type:?", "key:PgDn" } },
	{
		.name = "filter-empty-80x24",
		.cols = 80,
		.rows = 24,
		.step = { "type:/" },
	},
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
	{ .name = "overview-40x10", .cols = 40, .rows = 10, .step = { TO_OVERVIEW, "key:Down" } },
	{ .name = "overview-80x20",
	  .cols = 80,
	  .rows = 20,
	  .step = { TO_OVERVIEW, "key:PgDn", "key:PgDn" } },
	{ .name = "overview-nocolor-120x40",
	  .cols = 120,
	  .rows = 40,
	  .env = { "NO_COLOR=1" },
	  .step = { TO_OVERVIEW, "type:v" } },
	{ .name = "overview-errors-80x24",
	  .cols = 80,
	  .rows = 24,
	  .step = { TO_OVERVIEW, "type:H", "type:s" } },
	{ .name = "overview-expanded-80x24",
	  .cols = 80,
	  .rows = 24,
	  .step = { TO_OVERVIEW, "key:PgDn", "key:PgDn", "key:PgDn", "key:PgDn", "key:PgDn",
		    "type:e" } },
	{ .name = "overview-names-120x40",
	  .cols = 120,
	  .rows = 40,
	  .step = { TO_OVERVIEW, "type:2", "type:/unsolicited" } },
	{ .name = "panels-80x24",
	  .cols = 80,
	  .rows = 24,
	  .step = { TO_OVERVIEW, "key:F2", "key:Down", "type:J" } },
	{ .name = "overview-boards-120x40",
	  .cols = 120,
	  .rows = 40,
	  .file = "lookups.pcap",
	  .step = { TO_OVERVIEW, "key:F2", "key:End", "type:kkkkk KKKKKKKKKKKKKKKKKKKKKKKK",
		    "key:End", "type:kkkkk KKKKKKKKKKKKKKKKKKKKKKKK", "key:Esc", "key:Down" } },
	{ .name = "resolvers-120x40", .cols = 120, .rows = 40, .step = { TO_RESOLVERS } },
	{ .name = "resolvers-80x24",
	  .cols = 80,
	  .rows = 24,
	  .file = "lookups.pcap",
	  .step = { TO_RESOLVERS, "key:Down", "type:>", "type:>" } },
	{ .name = "resolvers-40x10", .cols = 40, .rows = 10, .step = { TO_RESOLVERS } },
	{ .name = "search-120x40",
	  .cols = 120,
	  .rows = 40,
	  .file = "lookups.pcap",
	  .step = { TO_RESOLVERS, "key:Tab" } },
	{ .name = "search-80x24",
	  .cols = 80,
	  .rows = 24,
	  .file = "lookups.pcap",
	  .step = { TO_RESOLVERS, "key:Tab" } },
	{ .name = "search-empty-80x24",
	  .cols = 80,
	  .rows = 24,
	  .env = { "LC_ALL=C" },
	  .step = { TO_RESOLVERS, "key:Tab" } },
	{ .name = "search-drilled-80x24",
	  .cols = 80,
	  .rows = 24,
	  .file = "lookups.pcap",
	  .step = { TO_RESOLVERS, "key:Tab", "key:Enter" } },
	{ .name = "encrypted-120x40",
	  .cols = 120,
	  .rows = 40,
	  .file = "encrypted.pcap",
	  .step = { TO_RESOLVERS, "key:Tab", "key:Tab", "key:Down" } },
	{ .name = "encrypted-40x10",
	  .cols = 40,
	  .rows = 10,
	  .file = "encrypted.pcap",
	  .step = { TO_RESOLVERS, "key:Tab", "key:Tab" } },
	{ .name = "encrypted-none-80x24",
	  .cols = 80,
	  .rows = 24,
	  .step = { TO_RESOLVERS, "key:Tab", "key:Tab" } },
	{ .name = "waterfall-120x40",
	  .cols = 120,
	  .rows = 40,
	  .file = "lookups.pcap",
	  .step = { TO_UPSTREAM, "type:w", "key:Up", "key:Up" } },
	{ .name = "waterfall-80x24",
	  .cols = 80,
	  .rows = 24,
	  .file = "lookups.pcap",
	  .step = { TO_UPSTREAM, "type:w" } },
	{ .name = "waterfall-40x10",
	  .cols = 40,
	  .rows = 10,
	  .file = "lookups.pcap",
	  .step = { TO_UPSTREAM, "type:w", "key:Home" } },
	{ .name = "waterfall-ascii-80x24",
	  .cols = 80,
	  .rows = 24,
	  .file = "lookups.pcap",
	  .env = { "LC_ALL=C" },
	  .step = { TO_UPSTREAM, "type:w" } },
	{ .name = "waterfall-nocolor-80x24",
	  .cols = 80,
	  .rows = 24,
	  .file = "lookups.pcap",
	  .env = { "NO_COLOR=1" },
	  .step = { "type:/www.example.net\r", "type:w" } },
	{ .name = "waterfall-went-120x40",
	  .cols = 120,
	  .rows = 40,
	  .file = "lookups.pcap",
	  .step = { TO_UPSTREAM, "type:w", "key:Home", "key:Enter", "key:Enter" } },
	{ .name = "waterfall-alone-80x24",
	  .cols = 80,
	  .rows = 24,
	  .step = { "key:Down", "type:w" } },
	{ .name = "top-120x40", .cols = 120, .rows = 40, .step = { "type:2" } },
	{ .name = "top-200x60", .cols = 200, .rows = 60, .step = { "type:s" } },
	{ .name = "top-40x10", .cols = 40, .rows = 10, .step = { "type:0" } },
	{ .name = "top-rcode-120x40",
	  .cols = 120,
	  .rows = 40,
	  .env = { "LC_ALL=C" },
	  .step = { "type:r" } },
	{ .name = "top-nocolor-80x24",
	  .cols = 80,
	  .rows = 24,
	  .env = { "NO_COLOR=1" },
	  .step = { "type:r" } },
	{ .name = "top-sorted-80x24",
	  .cols = 80,
	  .rows = 24,
	  .term = "xterm",
	  .step = { "type:d", "key:F6", "key:End", "key:Enter" } },
	{ .name = "top-filter-80x24",
	  .cols = 80,
	  .rows = 24,
	  .step = { "type:t", "type:/rcode!=NOERROR" } },
	{ .name = "top-drilled-80x24",
	  .cols = 80,
	  .rows = 24,
	  .step = { "type:@", "key:Down", "key:Enter" } },
};

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
	struct vt *vt = start_file(g->file ? g->file : given.demo, g->cols, g->rows, g->term,
				   g->env);

	for (int i = 0; i < MAX_STEPS && g->step[i]; i++)
		do_step(vt, g->step[i]);
	compare_golden(vt, g->name);
	vt_free(vt);
}

#define GOLDENS (sizeof(goldens) / sizeof(goldens[0]))

int goldens_run(void)
{
	struct CMUnitTest tests[GOLDENS];

	for (size_t i = 0; i < GOLDENS; i++)
		tests[i] = (struct CMUnitTest){
			.name = goldens[i].name,
			.test_func = test_golden,
			.initial_state = (void *)(uintptr_t)&goldens[i],
		};
	return cmocka_run_group_tests_name("screens", tests, NULL, NULL);
}
