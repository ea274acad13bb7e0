/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filter and the bar in which it is typed. What is typed is applied while
 * it is valid; while it isn't, the last valid filter stays, and a caret and a
 * sentence say what is wrong.
 */
#ifndef DNSTOP_FILTER_FILTERBAR_H
#define DNSTOP_FILTER_FILTERBAR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/query/filter.h"
#include "core/query/tlds.h"
#include "tui/filter/chips.h"
#include "tui/filter/complete.h"
#include "tui/filter/history.h"
#include "tui/widget/doc.h"
#include "tui/widget/lineedit.h"
#include "tui/widget/text.h"
#include "tui/widget/theme.h"

struct filterbar {
	bool open;
	struct lineedit edit;
	struct err err;             /* of what is typed; code 0: nothing is wrong */
	bool held;                  /* not applied yet: its last word may become a field */
	const char *remark;         /* about the last key; NULL: none */
	struct filter *filter;      /* the one applied; NULL: every row */
	char applied[LINEEDIT_MAX]; /* its text */
	char settled[LINEEDIT_MAX]; /* the last valid text that did not end in a bare word */
	char before[LINEEDIT_MAX];  /* the text when the bar was opened */
	uint32_t revision;          /* changes with the filter */
	struct chips chips;         /* of the text applied */
	const struct tlds *tlds;    /* what filters may look into; NULL: there is no list */
	char notice[300];           /* to be told until the next key; "" */
	bool told;                  /* that the list is old */
	struct doc message;         /* what is told below the line */
	struct history history;
	struct complete complete;
	struct rect line; /* what is typed, as drawn last: from its byte `from` on */
	int from;
};

/* text: a valid filter, or NULL; tlds is borrowed. Returns 0 or a negative errno with err. */
int filterbar_init(struct filterbar *b, const char *text, const struct tlds *tlds, uint64_t now_ns,
		   struct err *err);
void filterbar_fini(struct filterbar *b);
/* Applies a valid text and keeps it, as if it had been typed. Returns 0 or a
 * negative errno; the filter is then what it was. */
int filterbar_set(struct filterbar *b, const char *text, uint64_t now_ns);
/* Switches a test on, as a chip, or takes its chip away. Returns 0 or a negative
 * errno, with a notice; the filter is then what it was. */
int filterbar_toggle(struct filterbar *b, const char *test, bool on, uint64_t now_ns);
/* Whether a test is a chip, and is switched on. */
bool filterbar_has(const struct filterbar *b, const char *test);
/* Gives keys to the chips, where there are any; and takes one of theirs. */
void filterbar_focus(struct filterbar *b, int chip);
void filterbar_chip_key(struct filterbar *b, int key, uint64_t now_ns);
/* A click: on a chip it switches it on or off; while the bar is open, on a candidate
 * it takes it, on the line it brings the cursor. False at any other place. */
bool filterbar_click(struct filterbar *b, int y, int x, uint64_t now_ns);
/* Opens it with the filter that is applied. */
void filterbar_open(struct filterbar *b);
/* A key while it is open. */
void filterbar_key(struct filterbar *b, int key, const struct frame *f);
/* Goes on with what is being counted for it, before a frame is drawn; and whether
 * there is more to do. */
void filterbar_work(struct filterbar *b, const struct frame *f);
bool filterbar_is_busy(const struct filterbar *b);
/* Lines that it takes of a screen of `rows` x `cols` while it is open. */
int filterbar_height(struct filterbar *b, int rows, int cols);
/* Draws it in as many lines; *cursor_y and *cursor_x are where the cursor is to
 * be. */
void filterbar_draw(struct filterbar *b, const struct theme *theme, struct rect at, int *cursor_y,
		    int *cursor_x);

#endif
