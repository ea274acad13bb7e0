/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers as pictures of cells: bars and sparklines, with the glyphs of UTF-8 or
 * of ASCII. Bars are thin, so that those of neighbouring lines stay apart.
 * Attributes are the caller's.
 */
#ifndef DNSTOP_WIDGET_GRAPH_H
#define DNSTOP_WIDGET_GRAPH_H

#include <stddef.h>

#include "tui/widget/text.h"
#include "tui/widget/theme.h"

#define GRAPH_EIGHTHS 8

/* A bar of share (0..1) of w cells, in buf. What is not 0 can be seen. */
void graph_bar(const struct theme *t, double share, int w, char *buf, size_t size);
/* The glyph of a column of a sparkline, eighths in 0..8. */
const char *graph_spark(const struct theme *t, int eighths);
/* How many eighths show value where max is full; 0 for 0 alone. */
int graph_eighths(double value, double max);

#endif
