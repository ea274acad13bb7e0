/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filter as chips on the screen's second line, and the keys that change them:
 * each is turned into another text of the filter.
 */
#ifndef DNSTOP_FILTER_CHIPS_H
#define DNSTOP_FILTER_CHIPS_H

#include <stdbool.h>

#include "core/query/filter_chips.h"
#include "tui/widget/text.h"
#include "tui/widget/theme.h"

struct chips {
	bool focus; /* keys are theirs */
	int at;     /* the chip under the cursor */
	int first;  /* the first one on screen */
	struct filter_chips list;
	int y; /* where they were drawn last; w 0: not on screen */
	struct {
		int x, w;
	} place[FILTER_CHIPS_MAX];
};

enum chips_result {
	CHIPS_NOTHING,
	CHIPS_CHANGED, /* list is another one: write it */
	CHIPS_EDIT,    /* the chip at `at` is to be edited */
	CHIPS_FILTER,  /* the filter bar is asked for */
};

/* Takes the text's chips; the cursor stays where it can. */
void chips_read(struct chips *c, const char *text);
enum chips_result chips_key(struct chips *c, int key);
/* The chip at a cell of the screen; -1: none. */
int chips_at(const struct chips *c, int y, int x);
/* Draws them in one line; returns the cells used. */
int chips_draw(struct chips *c, const char *text, const struct theme *theme, struct rect at);

#endif
