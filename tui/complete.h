/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Tab offers in the filter bar: the candidates of filter_complete in a
 * small list to choose from.
 */
#ifndef DNSTOP_TUI_COMPLETE_H
#define DNSTOP_TUI_COMPLETE_H

#include <stdbool.h>

#include "tui/lineedit.h"
#include "tui/text.h"
#include "tui/theme.h"

#define COMPLETE_MAX   256
#define COMPLETE_LINES 8 /* of the list on screen */

struct candidate {
	char text[64];
	char help[72];
	int from, to;
};

struct complete {
	bool open;
	int n, chosen, top;
	struct candidate candidate[COMPLETE_MAX];
};

/* Collects what could stand at the cursor. A single candidate, or what all of
 * them begin with, goes into the line at once. Returns true when the line
 * changed. */
bool complete_start(struct complete *c, struct lineedit *e);
/* A key while the list is open. Sets *changed when the line changed; returns
 * false for a key that is not the list's (the list is closed then). */
bool complete_key(struct complete *c, struct lineedit *e, int key, bool *changed);
/* Draws the list above line `bottom`, its left edge near column x. */
void complete_draw(const struct complete *c, const struct theme *theme, int bottom, int x,
		   int cols);

#endif
