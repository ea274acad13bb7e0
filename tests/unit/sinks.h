/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of the sinks share: a sink whose output is a string. */
#ifndef DNSTOP_TESTS_UNIT_SINKS_H
#define DNSTOP_TESTS_UNIT_SINKS_H

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/sink/sink.h"
#include "tests/unit/rows.h"

struct capture {
	struct sink *sink;
	FILE *file;
	char *text;
	size_t len;
};

/* Opens it in place, as the stream keeps pointers into c. cfg's file is set
 * here. columns: "id,ts", NULL for the format's own. */
static inline void capture_open(struct capture *c, const char *sink, const char *columns,
				struct sink_config cfg)
{
	const struct field *list[FIELD_MAX_COLUMNS];
	struct err err = { 0 };

	*c = (struct capture){ 0 };
	c->file = open_memstream(&c->text, &c->len);
	assert_non_null(c->file);
	cfg.out = c->file;
	if (columns) {
		cfg.n_columns = field_parse_list(columns, list, FIELD_MAX_COLUMNS, &err);
		assert_true(cfg.n_columns > 0);
		cfg.columns = list;
	}
	assert_int_equal(sink_find(sink)->open(&c->sink, &cfg, &err), 0);
	assert_string_equal(c->sink->ops->name, sink);
}

/* Closes the sink and compares all it wrote. */
static inline void capture_expect(struct capture *c, const char *want)
{
	assert_int_equal(c->sink->ops->close(c->sink), 0);
	fclose(c->file);
	assert_string_equal(c->text, want);
	assert_int_equal(c->len, strlen(want));
	free(c->text);
}

/* One row through a sink of its own. */
static inline void expect_row(const char *sink, const char *columns, const struct rows *r,
			      const struct flow *f, const char *want)
{
	struct capture c;

	capture_open(&c, sink, columns, (struct sink_config){ 0 });
	assert_int_equal(c.sink->ops->row(c.sink, &r->src, f), 0);
	capture_expect(&c, want);
}

static inline void expect_failure(const char *sink, FILE *out, int want)
{
	struct rows *r = rows_new();
	const struct flow *f = rows_add(r, &(struct row_spec){ 0 });
	struct sink_config cfg = { .out = out, .line_buffered = true };
	struct err err = { 0 };
	struct sink *s;

	assert_int_equal(sink_find(sink)->open(&s, &cfg, &err), 0);
	assert_int_equal(s->ops->row(s, &r->src, f), want);
	/* It stays broken, and says so to the end. */
	assert_int_equal(s->ops->row(s, &r->src, f), want);
	assert_int_equal(s->ops->close(s), want);
	rows_free(r);
	fclose(out);
}

static inline void expect_failures(const char *sink)
{
	int ends[2];

	expect_failure(sink, fopen("/dev/full", "w"), -ENOSPC);
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	expect_failure(sink, fdopen(ends[1], "w"), -EPIPE);
}

/* A full disk that is noticed only at the end. */
static inline void expect_failure_at_close(const char *sink)
{
	struct rows *r = rows_new();
	const struct flow *f = rows_add(r, &(struct row_spec){ 0 });
	struct sink_config cfg = { .out = fopen("/dev/full", "w") };
	struct err err = { 0 };
	struct sink *s;

	assert_int_equal(sink_find(sink)->open(&s, &cfg, &err), 0);
	assert_int_equal(s->ops->row(s, &r->src, f), 0);
	assert_int_equal(s->ops->close(s), -ENOSPC);
	rows_free(r);
	fclose(cfg.out);
}

/* Two groups to print: one with answers, one without. */
static inline struct group answered_group(void)
{
	return (struct group){
		.key = { .type = VALUE_NAMED, .u = 3, .text = "NXDOMAIN", .len = 8 },
		.count = 750,
		.answered = 740,
		.latency_ns = {
			[GROUP_LATENCY_AVG] = 12200000,
			[GROUP_LATENCY_MIN] = 412035,
			[GROUP_LATENCY_P50] = 6000000,
			[GROUP_LATENCY_P90] = 38000000,
			[GROUP_LATENCY_P99] = 211000000,
			[GROUP_LATENCY_MAX] = 2104118233,
		},
		.timeouts = 10,
		.errors = 740,
		.bytes = 120000,
	};
}

static inline struct group silent_group(void)
{
	return (struct group){
		.key = { .type = VALUE_NONE }, .count = 250, .timeouts = 250, .bytes = 10000
	};
}

static inline void put_groups(struct capture *c, const char *by)
{
	const struct field *f = field_find(by, strlen(by), NULL);
	struct group answered = answered_group(), silent = silent_group();

	assert_int_equal(c->sink->ops->group(c->sink, f, &answered, 1000), 0);
	assert_int_equal(c->sink->ops->group(c->sink, f, &silent, 1000), 0);
}

#endif
