/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The terminal: taking it over, its size and its looks, giving it back.
 */
#ifndef DNSTOP_WIDGET_SCREEN_H
#define DNSTOP_WIDGET_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/err.h"
#include "tui/widget/looks.h"
#include "tui/widget/theme.h"

/* Below this there is no room for a table. */
#define SCREEN_MIN_COLS 40
#define SCREEN_MIN_ROWS 10

struct screen {
	void *term;  /* SCREEN of curses */
	FILE *keys;  /* /dev/tty where standard input is something else; else NULL */
	int keys_fd; /* where keys are read from */
	int rows, cols;
	char note[200]; /* worth telling once; "" */
	struct theme theme;
};

/* Fails where standard output is no terminal or the terminal can't address
 * its cells, with err naming the way out. */
int screen_open(struct screen *s, const struct looks *looks, enum looks_colour colour,
		struct err *err);
void screen_close(struct screen *s);
/* Gives the terminal back for a while, and takes it again. */
void screen_leave(struct screen *s);
void screen_enter(struct screen *s);
/* Takes the terminal's size anew; everything is painted again. */
void screen_resize(struct screen *s);
/* Paints everything again at the next refresh (^L). */
void screen_repaint(struct screen *s);
/* What is on it as lines of text, without the blanks at their ends; of malloc, NULL
 * when memory is short. */
char *screen_text(const struct screen *s);
/* The next key that waits, as key.h has them; SCREEN_NO_KEY: none does. */
#define SCREEN_NO_KEY (-1)
int screen_key(struct screen *s);

/* What the mouse did. */
struct screen_mouse {
	int y, x;   /* cells */
	int wheel;  /* notches, down +1, up -1 */
	bool click; /* of the first button */
};
#define SCREEN_MOUSE_MAX 8 /* curses keeps no more */
/* Once KEY_MOUSE came: all that was done since it was asked last, in its order. Returns how
 * much; 0 where it is nothing to us. */
int screen_mouse(struct screen *s, struct screen_mouse out[SCREEN_MOUSE_MAX]);

/* Around what is drawn of a frame: a blank screen; and all of it to the terminal,
 * as far as it changed. */
void screen_begin(struct screen *s);
void screen_end(struct screen *s);
/* Where the cursor is to be at the frame's end, and whether it can be seen. */
void screen_cursor(struct screen *s, int y, int x, bool visible);

bool screen_too_small(const struct screen *s);

#endif
