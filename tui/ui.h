/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The screen as the loop sees it: keys go in, effects come out, and only the
 * loop says when to draw. Nothing of curses shows here.
 */
#ifndef DNSTOP_TUI_UI_H
#define DNSTOP_TUI_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "app/face.h"
#include "core/base/err.h"
#include "core/query/field.h"
#include "core/query/group.h"
#include "tui/widget/looks.h"

struct ui_config {
	const char *filter;                 /* -Y, already known to be valid; NULL for none */
	const struct tlds *tlds;            /* borrowed; NULL: there is no list */
	const char *sort;                   /* "field" or "-field"; NULL: newest first */
	const struct field *const *columns; /* --columns; NULL: the default ones */
	int n_columns;
	enum looks_colour colour;
	bool ascii;        /* --ascii; a locale that is not UTF-8 has the same effect */
	const char *theme; /* as looks.h has them; NULL: not said */
	const char *graph;
	bool no_mouse;
	const struct field *by, *second; /* groups are on show first; NULL: not said */
	enum group_column by_column;     /* their order */
	bool by_ascending;
	uint32_t top;  /* groups that a panel shows, as many as it can; 0: not said */
	int level;     /* names by so many labels are on show first; 0: not said */
	bool settings; /* the user's settings and history are read and kept */
};

struct ui;

/* Takes the terminal over. Fails with err filled where there is none that can
 * show a screen (not a tty, TERM=dumb), naming --batch as the way out. */
int ui_open(struct ui **out, const struct ui_config *cfg, struct err *err);
/* Gives the terminal back as it was; NULL is fine. */
void ui_close(struct ui *ui);

/* Where keys come from, to wait on: standard input, or the terminal itself
 * where standard input is something else. */
int ui_fd(const struct ui *ui);
/* Takes every key that is waiting. Returns enum ui_effect bits. */
int ui_input(struct ui *ui, const struct ui_model *m);
/* The terminal's size changed (SIGWINCH), or we were stopped and continued. */
int ui_resized(struct ui *ui);
/* Stops the program as ^Z asks (SIGTSTP): gives the terminal back, stops, and
 * takes it again when continued. For a loop that takes SIGTSTP through its
 * signalfd; curses' own handler, where it may run, does the same but in the
 * middle of anything. */
int ui_stop(struct ui *ui);
/* Draws a frame; writes nothing to the terminal where nothing changed. */
void ui_draw(struct ui *ui, const struct ui_model *m);
/* Whether the frame just drawn shows less than was asked for: counting goes on
 * in the next ones, which had better come soon. */
bool ui_is_busy(const struct ui *ui);

/* It as a face of the loop; what is passed is a struct ui. */
extern const struct face_ops face_screen;

/* Gives the terminal back from a signal handler: only async-signal-safe calls.
 * Installed by the loop for SEGV, ABRT, BUS, ILL and FPE. */
void ui_emergency_restore(void);

#endif
