/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text on the screen, measured in cells.
 *
 * Whatever is printed passes through here, so a byte that could steer the
 * terminal never reaches it: control bytes, and what the locale can't show,
 * become '?'. Attributes are the window's current ones (theme_use).
 */
#ifndef DNSTOP_WIDGET_TEXT_H
#define DNSTOP_WIDGET_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of the screen, in cells. */
struct rect {
	int y, x, h, w;
};

/* Whether a cell is in it. */
static inline bool rect_has(struct rect r, int y, int x)
{
	return y >= r.y && y < r.y + r.h && x >= r.x && x < r.x + r.w;
}

enum text_flag {
	TEXT_RIGHT = 1 << 0, /* right-aligned */
	TEXT_TAIL = 1 << 1,  /* too long: cut on the left, the right end stays */
};

/* Cells that s takes. */
int text_cells(const char *s);
/* Draws s from (y, x) on, at most w cells of it. Returns the cells used. */
int text_put(int y, int x, int w, const char *s);
int text_putf(int y, int x, int w, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Fills exactly w cells with s, blanks, and `ellipsis` where s was cut. */
void text_cell(int y, int x, int w, const char *s, unsigned flags, const char *ellipsis);
void text_blank(int y, int x, int w);
void text_blank_rect(struct rect r);
/* w cells of one glyph. */
void text_repeat(int y, int x, int w, const char *glyph);

enum count_style {
	COUNT_FULL,  /* 1,204,311 */
	COUNT_SHORT, /* 1.2M */
};

/* A count for people. Returns buf. */
#define TEXT_COUNT_MAX 32
const char *text_count(uint64_t n, enum count_style style, char buf[TEXT_COUNT_MAX]);

#endif
