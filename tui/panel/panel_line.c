/* SPDX-License-Identifier: BSD-2-Clause */
/* A panel of one line: the average latency of all rows over time, in braille. */
#include <stdio.h>
#include <string.h>

#include "tui/panel/panel.h"
#include "tui/widget/graph.h"

#define AXIS_W   9
#define ROWS     5
#define ROWS_MAX 60

/* A cell of braille is 2 dots wide and 4 high; the bits of U+2800 and on. */
struct plot {
	int w, h; /* cells */
	unsigned char dots[ROWS_MAX][PANEL_CELLS_MAX];
};

static int line_height(const struct panel *panel, const struct panel_choice *choice, int top)
{
	(void)panel;
	(void)choice;
	return 1 + (top > ROWS ? top : ROWS);
}

static void put_dot(struct plot *plot, int x, int y)
{
	static const unsigned char bits[4][2] = {
		{ 0x01, 0x08 },
		{ 0x02, 0x10 },
		{ 0x04, 0x20 },
		{ 0x40, 0x80 },
	};

	plot->dots[y / 4][x / 2] |= bits[y % 4][x % 2];
}

/* From each value to the next; a gap where there was no sample. */
static void draw_plot(struct plot *plot, const double *values, double most)
{
	int high = plot->h * 4 - 1, last = -1;

	memset(plot->dots, 0, sizeof(plot->dots));
	for (int x = 0; x < plot->w * 2; x++) {
		int y = high - (int)(values[x] / most * high + 0.5);
		int from = y, to = y;

		if (values[x] <= 0) {
			last = -1;
			continue;
		}
		if (last >= 0 && last < y)
			from = last + 1;
		else if (last > y)
			to = last - 1;
		for (int at = from; at <= to; at++)
			put_dot(plot, x, at);
		last = y;
	}
}

static void put_plot(const struct plot *plot, const struct theme *theme, int y, int x)
{
	for (int row = 0; row < plot->h; row++) {
		for (int i = 0; i < plot->w; i++) {
			unsigned bits = plot->dots[row][i];
			char glyph[] = { (char)0xe2, (char)(0xa0 | bits >> 6),
					 (char)(0x80 | (bits & 0x3f)), '\0' };

			if (bits)
				text_put(y + row, x + i, 1,
					 theme->graph == GRAPH_ASCII ? "*" : glyph);
		}
	}
}

/* The same as columns of blocks: what cells of braille are too small for to see. */
static void put_blocks(const struct plot *plot, const struct theme *theme, const double *values,
		       double most, int y, int x)
{
	for (int i = 0; i < plot->w; i++) {
		double value = values[2 * i] > values[2 * i + 1] ? values[2 * i]
								 : values[2 * i + 1];
		int eighths = (int)(value / most * plot->h * GRAPH_EIGHTHS + 0.5);

		if (value > 0 && eighths == 0)
			eighths = 1;
		for (int row = plot->h - 1; row >= 0 && eighths > 0; row--) {
			text_put(y + row, x + i, 1, graph_spark(theme, eighths));
			eighths -= GRAPH_EIGHTHS;
		}
	}
}

static void draw_axis(const struct panel_frame *p, double most, int rows)
{
	struct value v = { .type = VALUE_DURATION, .u = (uint64_t)most };
	char text[40];

	theme_use(p->f->theme, ROLE_TEXT);
	value_format(&v, VALUE_SHORT, text, sizeof(text));
	text_cell(p->at.y + 1, p->at.x + 1, AXIS_W - 2, text, TEXT_RIGHT, "");
	if (rows > 1)
		text_cell(p->at.y + rows, p->at.x + 1, AXIS_W - 2, "0", TEXT_RIGHT, "");
	theme_use(p->f->theme, ROLE_RULE);
	for (int i = 0; i < rows; i++)
		text_put(p->at.y + 1 + i, p->at.x + AXIS_W, 1, p->f->theme->glyph->column);
}

static void draw_title(const struct panel_state *s, const struct panel_frame *p,
		       const struct timeline *t)
{
	char span[40], right[80];

	panel_span(t, span, sizeof(span));
	snprintf(right, sizeof(right), "average  %s", span);
	panel_draw_title(s, p, right);
}

static void line_draw(struct panel_state *s, const struct panel_frame *p)
{
	const struct timeline *t = queries_times(p->queries, p->f, NULL, NULL, 0);
	double values[2 * PANEL_CELLS_MAX], most = 0;
	struct plot plot = { .w = p->at.w - AXIS_W - 4, .h = p->at.h - 1 };

	if (!t || !t->n_buckets) {
		panel_draw_counting(s, p);
		return;
	}
	draw_title(s, p, t);
	if (plot.w > PANEL_CELLS_MAX)
		plot.w = PANEL_CELLS_MAX;
	if (plot.h > ROWS_MAX)
		plot.h = ROWS_MAX;
	if (plot.w < 1 || plot.h < 1)
		return;
	panel_resample(t, t->total, true, 2 * plot.w, values);
	for (int i = 0; i < 2 * plot.w; i++)
		most = values[i] > most ? values[i] : most;
	if (most <= 0) {
		theme_use(p->f->theme, ROLE_TEXT);
		text_put(p->at.y + 1, p->at.x + 1, p->at.w - 1, "no samples");
		return;
	}
	draw_plot(&plot, values, most);
	draw_axis(p, most, plot.h);
	theme_use(p->f->theme, ROLE_BAR);
	if (p->f->theme->graph == GRAPH_BLOCK)
		put_blocks(&plot, p->f->theme, values, most, p->at.y + 1, p->at.x + AXIS_W + 2);
	else
		put_plot(&plot, p->f->theme, p->at.y + 1, p->at.x + AXIS_W + 2);
}

static int line_lines(const struct panel_state *s, const struct panel_choice *choice)
{
	(void)s;
	(void)choice;
	return 1;
}

static const struct value *line_value(const struct panel_state *s,
				      const struct panel_choice *choice, int line)
{
	(void)s;
	(void)choice;
	(void)line;
	return NULL;
}

const struct panel_ops panel_line_ops = {
	.wide = true,
	.height = line_height,
	.draw = line_draw,
	.lines = line_lines,
	.value = line_value,
};
