/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line of ASCII text and a cursor in it: the keys of readline that
 * everybody's fingers know.
 */
#ifndef DNSTOP_WIDGET_LINEEDIT_H
#define DNSTOP_WIDGET_LINEEDIT_H

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

#endif
