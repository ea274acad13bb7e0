/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding without hiding: a line in which to type what to look for, and the search
 * for the next row of the flows, or the next group, that has it. A search goes on
 * from frame to frame where there are many rows.
 */
#ifndef DNSTOP_TUI_FIND_H
#define DNSTOP_TUI_FIND_H

#include "core/base/err.h"
#include "tui/model/frame.h"
#include "tui/widget/lineedit.h"
#include "tui/widget/text.h"
#include "tui/widget/theme.h"

struct ui;

struct find {
	bool open;
	struct lineedit edit;
	struct err err;          /* of what is typed; code 0: nothing is wrong */
	char text[LINEEDIT_MAX]; /* what was looked for last; "": nothing yet */
	struct filter *filter;   /* of it */

	bool searching;
	const void *view; /* in which */
	int step;         /* +1 down, -1 up */
	uint32_t at;      /* the row to look at next */
	uint32_t left;    /* rows still to look at */
	bool went_round;
};

void find_open(struct find *q);
void find_free(struct find *q);
/* A key while the line is open. */
void find_key(struct ui *ui, const struct frame *f, int key);
/* Looks for the next one from the cursor on, down (+1) or up (-1). */
void find_next(struct ui *ui, const struct frame *f, int step);
/* Goes on with it, before a frame is drawn. */
void find_work(struct ui *ui, const struct frame *f);

#define FIND_LINES 4
void find_draw(const struct find *q, const struct theme *theme, struct rect at, int *cursor_y,
	       int *cursor_x);

#endif
