/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seam between the screen and what it shows. A view (the flows, the overview,
 * the Top tables) is one file that defines a struct view_ops and one line in
 * ui.c's list.
 */
#ifndef DNSTOP_VIEW_VIEW_OPS_H
#define DNSTOP_VIEW_VIEW_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/query/field.h"
#include "tui/keys/keymap.h"
#include "tui/model/frame.h"
#include "tui/widget/move.h"
#include "tui/widget/text.h"
#include "tui/widget/theme.h"

struct table;
struct checklist;

/* Room for what a view says of itself beside the filter. */
#define VIEW_STATUS_MAX 120

/* What is marked "may be NULL" a view need not have. `view` is its state, made by a
 * function of its own and freed by `free`. */
struct view_ops {
	const char *title;
	const char *enter; /* what Enter does, for the footer */
	/* Brings it up to date with the model; called before each draw. */
	void (*update)(void *view, const struct frame *f);
	void (*draw)(void *view, const struct frame *f, struct rect at);
	void (*move)(void *view, enum move how);
	/* A click or a turn of the wheel, in cells of the screen. */
	void (*click)(void *view, int y, int x);
	void (*wheel)(void *view, int lines); /* down: more than 0 */
	/* How many rows of how many are on show. */
	void (*status)(void *view, const struct frame *f, char buf[VIEW_STATUS_MAX]);
	/* The row under the cursor; false when there is none. May be NULL. */
	bool (*selected)(void *view, uint32_t *seq);
	/* The field whose cell of that row is marked, and moving the mark a column to
	 * the right (+1) or left (-1); both may be NULL. */
	const struct field *(*cell)(const void *view);
	void (*move_cell)(void *view, int step);
	/* The table that sort keys act on; may be NULL. */
	struct table *(*table)(void *view);
	/* The test that the rows of the group under the cursor pass, or with
	 * `exclude` all others; false when there is none. May be NULL. */
	bool (*term)(void *view, bool exclude, char *buf, size_t size);
	/* Whether the name of the group in row i of its table has a word in it, and
	 * bringing the cursor there; both may be NULL. */
	bool (*has_word)(const void *view, uint32_t i, const char *word);
	void (*go_to)(void *view, uint32_t i);
	/* Groups by enum groupby_key; may be NULL. */
	void (*group)(void *view, int key);
	/* False where it means nothing; may be NULL. */
	bool (*toggle)(void *view, enum toggle what);
	/* Closes what is open in it; false when nothing is. May be NULL. */
	bool (*close)(void *view);
	/* Opens the list of what can be grouped by, to take one; may be NULL. */
	void (*choose_group)(void *view, struct checklist *c);
	/* Opens the list of what it shows, to choose from; may be NULL. */
	void (*manage)(void *view, struct checklist *c);
	/* Whether it shows less than was asked for, and counts on in the next
	 * frames; may be NULL. */
	bool (*is_busy)(const void *view);
	/* Forgets what it knew of rows: they are gone (^R). */
	void (*reset)(void *view);
	void (*free)(void *view);
};

#endif
