/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boards: reports over rows with columns of their own, where a grouping's do not
 * say enough. A new one is a file that defines a struct board_ops, and a line in
 * board.c's list; it is then a report, in every format, and a view.
 */
#ifndef DNSTOP_QUERY_BOARD_H
#define DNSTOP_QUERY_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/query/field.h"
#include "core/query/filter.h"

#define BOARD_COLUMNS_MAX 16

struct board_column {
	const char *name;  /* the JSON key */
	const char *title; /* of its column */
	const char *help;
	const char *field; /* the field that the value is of, to filter by; NULL: none */
	enum value_type type;
	uint8_t width, max_width; /* as in struct field */
	uint8_t drop;
	bool right;
};

struct board {
	const struct board_ops *ops;
	uint32_t count;
};

struct board_ops {
	const char *name; /* "resolvers": of the report */
	const char *help;
	const char *empty; /* what it means that there is no line */
	const struct board_column *columns;
	int n_columns;
	bool lookups;      /* it depends on lookups */
	bool unfiltered;   /* it is not about rows: no filter says anything */
	const char *where; /* a filter's term that the rows of a line pass, too; NULL: none */
	/* Whether nothing is wrong with what a line is about; NULL: nobody can say. */
	bool (*is_fine)(const struct board *b, uint32_t line);
	/* Looks at rows [from_seq, to_seq) that pass the filter. 0 or -ENOMEM. */
	int (*make)(struct board **out, const struct row_source *src, struct filter *filter,
		    uint32_t from_seq, uint32_t to_seq);
	/* The value of a line (below count) in a column; text is borrowed from the
	 * board or written to buf (VALUE_BUF bytes). */
	void (*value)(const struct board *b, uint32_t line, int column, struct value *out,
		      char *buf);
	void (*free)(struct board *b);
};

extern const struct board_ops board_resolvers;
extern const struct board_ops board_searches;
extern const struct board_ops board_encrypted;

const struct board_ops *const *boards(size_t *n);
const struct board_ops *board_find(const char *name); /* NULL when there is none */
/* NULL is fine. */
void board_free(struct board *b);

/* Lines by a column, with absent values last, both ways; equal ones as they were.
 * order has b->count numbers. */
void board_sort(const struct board *b, int column, bool descending, uint32_t *order);

#endif
