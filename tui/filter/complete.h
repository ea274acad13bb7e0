/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Tab offers in the filter bar, in a small list to choose from: where a value
 * can stand those that the rows on show have, the most frequent first, and the
 * candidates of filter_complete. Values are counted in parts, a few milliseconds
 * in each frame, so that typing never waits for them.
 */
#ifndef DNSTOP_FILTER_COMPLETE_H
#define DNSTOP_FILTER_COMPLETE_H

#include <stdbool.h>

#include "core/query/field.h"
#include "tui/model/frame.h"
#include "tui/widget/lineedit.h"
#include "tui/widget/text.h"
#include "tui/widget/theme.h"

#define COMPLETE_MAX   256
#define COMPLETE_SEEN  100 /* values of rows among them */
#define COMPLETE_LINES 8   /* of the list on screen */

struct candidate {
	char text[270];
	char help[72];
	uint64_t count; /* rows that have it; 0: not told */
	int from, to;
};

struct queries;

struct complete {
	bool open;
	bool counting;             /* the rows' values are still to come */
	const struct field *field; /* theirs; NULL: no value can stand there */
	struct queries *queries;
	int n, chosen, top;
	struct rect box; /* as drawn last */
	struct candidate candidate[COMPLETE_MAX];
};

void complete_free(struct complete *c);
/* Collects what could stand at the cursor. A single candidate, or what all of
 * them begin with, goes into the line at once, unless there is more to come.
 * Returns true when the line changed. */
bool complete_start(struct complete *c, struct lineedit *e, const struct frame *f);
/* Goes on counting, before a frame is drawn, and closes the list where there is
 * nothing. */
void complete_work(struct complete *c, const struct lineedit *e, const struct frame *f);
/* A key while the list is open. Sets *changed when the line changed; returns
 * false for a key that is not the list's (the list is closed then). */
bool complete_key(struct complete *c, struct lineedit *e, int key, bool *changed);
/* A click: on a candidate it takes it and returns true. */
bool complete_click(struct complete *c, struct lineedit *e, int y, int x);
/* Draws the list above line `bottom`, its left edge near column x. */
void complete_draw(struct complete *c, const struct theme *theme, int bottom, int x, int cols);

#endif
