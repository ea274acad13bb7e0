/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where rows go besides the screen. A new sink is one file that defines a
 * struct sink_ops and one line in sink.c's list.
 */
#ifndef DNSTOP_SINK_SINK_H
#define DNSTOP_SINK_SINK_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/err.h"
#include "core/query/board.h"
#include "core/query/field.h"
#include "core/query/group.h"

struct sink_config {
	FILE *out;                          /* borrowed */
	const struct field *const *columns; /* NULL: the format's own choice */
	int n_columns;
	const struct field *by; /* a report of groups, so that even an empty one has its header */
	const struct board_ops *board; /* a report of a board's lines, likewise */
	bool line_buffered;            /* flush after each row: a pipe watched live */
};

struct sink;

struct sink_ops {
	const char *name; /* "json", "csv", "text" */
	int (*open)(struct sink **out, const struct sink_config *cfg, struct err *err);
	/* One settled row. Returns 0 or a negative errno (-EPIPE, -ENOSPC ...). */
	int (*row)(struct sink *s, const struct row_source *src, const struct flow *f);
	/* One group of a report. */
	int (*group)(struct sink *s, const struct field *by, const struct group *g, uint64_t total);
	/* One line of the report of a board. */
	int (*line)(struct sink *s, const struct board *b, uint32_t line);
	/* Flushes and frees; returns what the last write met. */
	int (*close)(struct sink *s);
};

struct sink {
	const struct sink_ops *ops;
};

const struct sink_ops *sink_find(const char *name); /* NULL when there is none */

#endif
