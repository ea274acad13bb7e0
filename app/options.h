/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line. One table gives each option its letter, long name, help
 * and meaning; --help is printed from it.
 */
#ifndef DNSTOP_APP_OPTIONS_H
#define DNSTOP_APP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "app/classic.h"
#include "core/base/err.h"
#include "core/query/board.h"
#include "core/query/field.h"
#include "core/query/group.h"
#include "core/source/addresses.h"
#include "core/source/source.h"
#include "tui/widget/looks.h"

/* What filter.h takes, and the end. */
#define OPTIONS_FILTER_MAX (65536 + 1)

enum output {
	OUTPUT_SCREEN,
	OUTPUT_JSON,
	OUTPUT_CSV,
	OUTPUT_TEXT,
	OUTPUT_NONE,    /* --write alone, without a terminal */
	OUTPUT_CLASSIC, /* the older dnstop's tables of a savefile, likewise */
	OUTPUT_PLAIN,   /* lines for a screen reader, and commands */
};

struct options {
	enum output output;
	struct source_config source;
	char filter
		[OPTIONS_FILTER_MAX];  /* -Y and the classic switches, as one filter; "" for none */
	const struct field *by;        /* --by, NULL: rows */
	const struct field *second;    /* --by A,B; NULL: by one field */
	const struct board_ops *board; /* --report, NULL: rows or groups */
	uint32_t top;                  /* --top, 0: all */
	const char *sort;              /* --sort as written, NULL when not given */
	bool descending;
	const struct field *sort_field; /* of rows */
	enum group_column sort_column;  /* of groups */
	int board_column;               /* of a board, -1: as it comes */
	const struct field *columns[FIELD_MAX_COLUMNS];
	int n_columns;
	uint64_t duration_ns; /* 0: no end */
	uint64_t count;       /* rows printed, 0: no end */
	uint64_t timeout_ns;
	uint32_t max_flows;
	uint64_t redraw_ns;    /* -r: time between frames, or summaries of --plain */
	uint64_t now_ns;       /* epoch; what a filter's relative times refer to */
	const char *resolvers; /* --resolvers, NULL: the list that came along */
	const char *write;     /* --write: the file, "-" for standard output; NULL: none */
	const char *tlds;      /* --tlds, NULL: $DNSTOP_TLDS or the list that came along */
	bool stats;
	enum looks_colour colour;
	bool ascii;
	bool no_config;    /* --no-config */
	const char *theme; /* as looks.h has them; NULL: not said */
	const char *graph;
	bool no_mouse;
	struct classic_options classic;
	struct addresses addresses; /* -a, -C, -D, and with any of them -i */
	bool progress;              /* -P */
};

/* What the caller should do next. */
enum options_verdict {
	OPTIONS_RUN,
	OPTIONS_DONE,  /* help or version was printed */
	OPTIONS_WRONG, /* the mistake was told on standard error: exit 2 */
};

enum options_verdict options_parse(struct options *o, int argc, char **argv);

/* The options as a list of the man page, on standard output. */
void options_print_mdoc(void);

#endif
