/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line of ASCII text and a cursor in it: the keys of readline that
 * everybody's fingers know.
 */
#ifndef DNSTOP_WIDGET_LINEEDIT_H
#define DNSTOP_WIDGET_LINEEDIT_H

#include "tui/widget/text.h"
#include "tui/widget/theme.h"

#define LINEEDIT_MAX 1024

struct lineedit {
	char text[LINEEDIT_MAX]; /* NUL-terminated */
	int len;
	int pos; /* of the cursor, 0..len */
};

enum lineedit_result {
	LINEEDIT_IGNORED, /* not a key of the editor */
	LINEEDIT_MOVED,
	LINEEDIT_CHANGED,
	LINEEDIT_NOT_ASCII, /* a byte that can't be typed here */
	LINEEDIT_FULL,
};

void lineedit_set(struct lineedit *e, const char *text); /* cursor at the end */
/* key as curses gives it. */
enum lineedit_result lineedit_key(struct lineedit *e, int key);
/* Puts text in the place of bytes [from, to); cursor behind it. */
void lineedit_replace(struct lineedit *e, int from, int to, const char *text);

/* Draws a rule with a title, below it the text behind a prompt of one cell, and the
 * rest of `at` blank. Sets the cursor's place; returns which byte of the text is the
 * first on show, at the second cell of its line. */
int lineedit_draw(const struct lineedit *e, const struct theme *theme, struct rect at,
		  const char *title, const char *prompt, int *cursor_y, int *cursor_x);

#endif
