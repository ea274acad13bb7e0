/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table on the screen: columns that fit the width, a header that tells the
 * order, a cursor and scrolling. It knows nothing of flows: its owner gives
 * the columns and draws from its own rows through a callback.
 */
#ifndef DNSTOP_WIDGET_TABLE_H
#define DNSTOP_WIDGET_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/widget/move.h"
#include "tui/widget/text.h"
#include "tui/widget/theme.h"

#define TABLE_MAX_COLUMNS 96
/* Longest text of a cell that is kept; the screen shows less. */
#define TABLE_CELL_MAX 1100

struct table_column {
	const char *title;
	const char *help;
	const void *tag; /* the owner's */
	int width;       /* cells at least */
	int max_width;   /* cells at the most */
	int drop;        /* higher ones leave a narrow screen first; 0 never */
	unsigned flags;  /* enum text_flag */
	/* The table's own. */
	int want;   /* cells that its widest text so far takes */
	bool blank; /* no text so far but "-": gives its place to those in need */
	int x, w;   /* from the table's left edge; w 0: not on screen */
};

struct table_cell {
	enum role role;
	char text[TABLE_CELL_MAX];
};

struct frame; /* the owner's: what is drawn, passed through */

/* Fills the cell of `row` (below count) in column `column`. */
typedef void (*table_cell_fn)(void *ctx, const struct frame *f, uint32_t row, int column,
			      struct table_cell *out);

struct table {
	struct table_column column[TABLE_MAX_COLUMNS];
	int n_columns;
	bool keep_blank; /* columns that the user chose stay, blank or not */
	/* Columns with this drop number, or a higher one, give their place to texts that
	 * would be cut short; 0: none does. */
	int cheap;
	table_cell_fn cell;
	/* The column whose cell is marked in the cursor's row, one that is on screen;
	 * less than 0: none. NULL: never one. */
	int (*marked)(const void *ctx);
	void *ctx;

	int sort; /* index of the column that orders the rows; -1: one that is not here */
	bool descending;
	uint32_t sort_revision; /* changes with the order */

	uint32_t count;  /* rows */
	uint32_t cursor; /* below count, 0 when there are none */
	uint32_t top;    /* first row on screen */
	struct rect at;  /* where it was drawn last, header included */
};

/* Gives every column its place in `width` cells: leaves columns out by their
 * drop number, then lets the others grow to what their texts want. Where that
 * is not enough, blank columns leave too, and cheap ones. */
void table_layout(struct table *t, int width);

void table_draw(struct table *t, const struct theme *theme, struct rect at, const struct frame *f);
void table_move(struct table *t, enum move how);
/* Scrolls without moving the cursor more than it must. */
void table_scroll(struct table *t, int lines);
/* Says how many rows there are now; the cursor stays among them. */
void table_set_count(struct table *t, uint32_t count);
/* Brings the cursor on screen. */
void table_reveal(struct table *t);

/* The next column on screen to the right (+1) or left (-1) of one; that one itself
 * where there is none. */
int table_column_beside(const struct table *t, int column, int step);

/* Orders by a column; by the one that is it already: the other way round. */
void table_sort(struct table *t, int column);
/* Orders by the next column on screen to the right (+1) or left (-1). */
void table_sort_step(struct table *t, int step);
void table_sort_invert(struct table *t);

/* The column at a cell of the screen; -1: none. */
int table_column_at(const struct table *t, int x);
/* A click at a cell of the screen: on a header it sorts, on a row it brings the cursor and
 * returns true. */
bool table_click(struct table *t, int y, int x);

#endif
