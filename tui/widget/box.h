/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frame around what lies over the rest of the screen, or the rule above it where
 * that is all of the screen.
 */
#ifndef DNSTOP_WIDGET_BOX_H
#define DNSTOP_WIDGET_BOX_H

#include "tui/widget/text.h"
#include "tui/widget/theme.h"

/* The middle of `at`, with room for so many lines within the frame, at most w cells
 * wide and some cells from the sides. */
struct rect box_within(struct rect at, int lines, int w);
/* Its first and its last line, each with a text in it. */
void box_draw_top(const struct theme *theme, struct rect box, const char *text);
void box_draw_bottom(const struct theme *theme, struct rect box, const char *text);
/* A line of it that is blank but for the sides; ROLE_TEXT is in use then. */
void box_draw_line(const struct theme *theme, struct rect box, int y);

/* What a page that fills `at` has below its title. */
struct rect box_page(struct rect at);
/* The page, blank, with its title; scrolls: not all of it is on show. ROLE_TEXT is in
 * use then. */
void box_draw_page(const struct theme *theme, struct rect at, const char *title, bool scrolls);

/* The line within the frame that is at a cell of the screen; -1: another place. */
int box_line_at(struct rect box, int y, int x);

#endif
