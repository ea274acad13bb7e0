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
	const struct field *second;    /* of pairs; NULL: by one field */
	const struct board_ops *board; /* a report of a board's lines, likewise */
	bool line_buffered;            /* flush after each row: a pipe watched live */
	bool as_they_settle; /* a row may come again, answered late; for who writes messages */
};

struct sink;

struct sink_ops {
	const char *name; /* "json", "csv", "text", "pcapng" */
	int (*open)(struct sink **out, const struct sink_config *cfg, struct err *err);
	/* One settled row. Returns 0 or a negative errno (-EPIPE, -ENOSPC ...). */
	int (*row)(struct sink *s, const struct row_source *src, const struct flow *f);
	/* One group of a report; NULL where groups can't be written. */
	int (*group)(struct sink *s, const struct field *by, const struct group *g, uint64_t total);
	/* One line of the report of a board; likewise. */
	int (*line)(struct sink *s, const struct board *b, uint32_t line);
	/* Flushes and frees; returns what the last write met. */
	int (*close)(struct sink *s);
};

struct sink {
	const struct sink_ops *ops;
	/* Of a sink that writes messages: the rows given, and those of them of which
	 * memory does not hold all any more. Elsewhere 0. */
	uint64_t rows, rows_lacking;
};

const struct sink_ops *sink_find(const char *name); /* NULL when there is none */

#endif
