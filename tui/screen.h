/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The terminal: taking it over, its size and its looks, giving it back.
 */
#ifndef DNSTOP_TUI_SCREEN_H
#define DNSTOP_TUI_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/err.h"
#include "tui/looks.h"
#include "tui/theme.h"

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
bool screen_too_small(const struct screen *s);

#endif
