/* SPDX-License-Identifier: BSD-2-Clause */
/* A panel of groups ranked by a figure: what is slowest, most frequent ... */
#include <stdio.h>
#include <string.h>

#include "tui/panel/panel.h"
#include "tui/widget/graph.h"

#define CELL     8 /* a figure and the blank before it */
#define COUNT_W  10
#define KEY_MIN  14
#define KEY_MAX  28
#define NAME_MIN 24 /* less only where there is no room */
#define NAME_MAX 44
#define BAR_MIN  8
#define BAR_MAX  40
/* From this room on a sparkline stands beside a bar, or instead of it. */
#define SPARK_MIN 12
#define SPARK_MAX 200

/* What fits into a width. */
struct layout {
	int key;
	enum group_column figure[4];
	int figures;
	bool count;
	int bar, spark;
};

static bool of_latency(const struct panel_state *s)
{
	return group_is_latency(s->panel->column);
}

/* The title, and where figures are several the columns' titles. */
static int head_lines(const struct panel *panel)
{
	return group_is_latency(panel->column) ? 2 : 1;
}

static int ranked_height(const struct panel *panel, const struct panel_choice *choice, int top)
{
	(void)choice;
	return head_lines(panel) + top;
}

static struct layout lay_out(const struct panel_state *s, const struct field *field, int w)
{
	static const enum group_column more[] = { GROUP_LATENCY_AVG, GROUP_LATENCY_P90,
						  GROUP_LATENCY_P99 };
	struct layout l = { .key = KEY_MIN, .count = true };
	bool text = field->flags & FIELD_TAIL;
	int room = w - 2 - KEY_MIN - COUNT_W;

	if (of_latency(s)) {
		l.figure[l.figures++] = s->panel->column;
		room -= CELL;
		for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
			if (more[i] == s->panel->column || room < CELL || w < 50)
				continue;
			l.figure[l.figures++] = more[i];
			room -= CELL;
		}
	} else {
		room -= CELL; /* the share */
	}
	if (room < 0)
		l.count = false;
	/* Names need room more than bars do. */
	while (room > (text && l.key >= NAME_MIN ? BAR_MIN + 1 : 0) &&
	       l.key < (text ? NAME_MAX : KEY_MAX) && (l.key < w / 3 || text || room < BAR_MIN)) {
		l.key++;
		room--;
	}
	room--;
	if (of_latency(s) && room >= SPARK_MIN) {
		l.bar = room >= 3 * SPARK_MIN ? room / 3 : 0;
		l.bar = l.bar > BAR_MAX ? BAR_MAX : l.bar;
		l.spark = room - (l.bar ? l.bar + 1 : 0);
		l.spark = l.spark > SPARK_MAX ? SPARK_MAX : l.spark;
	} else if (room >= BAR_MIN) {
		l.bar = room;
	}
	return l;
}

/* --- what stands on the title's right --- */

static void overall_text(const struct panel_state *s, const struct panel_frame *p, char *buf,
			 size_t size)
{
	static const struct {
		const char *name;
		enum group_column column;
	} more[] = {
		{ "p50", GROUP_LATENCY_P50 },
		{ "p90", GROUP_LATENCY_P90 },
		{ "p99", GROUP_LATENCY_P99 },
	};
	const struct group *all = &s->ranking.total;
	char n[TEXT_COUNT_MAX], latency[40];
	int len;

	buf[0] = '\0';
	if (of_latency(s) && p->choice->overall) {
		panel_latency(all, s->panel->column, latency, sizeof(latency));
		len = snprintf(buf, size, "overall %s", latency);
		for (size_t i = 0; i < sizeof(more) / sizeof(more[0]) && p->at.w >= 100; i++) {
			if (more[i].column == s->panel->column)
				continue;
			panel_latency(all, more[i].column, latency, sizeof(latency));
			len += snprintf(buf + len, size - (size_t)len, "  %s %s", more[i].name,
					latency);
		}
	} else if (!of_latency(s) && p->choice->total) {
		snprintf(buf, size, "total %s",
			 text_count(group_figure(all, s->panel->column), COUNT_FULL, n));
	}
}

/* --- lines --- */

static void draw_arrow(const struct panel_state *s, const struct panel_frame *p, int y, int x)
{
	const struct glyphs *g = p->f->theme->glyph;

	theme_use(p->f->theme, ROLE_KEY);
	text_put(y, x, 1, s->panel->ascending ? g->ascending : g->descending);
	theme_use(p->f->theme, ROLE_TEXT);
}

static void draw_header(const struct panel_state *s, const struct panel_frame *p,
			const struct layout *l, int y)
{
	const struct glyphs *g = p->f->theme->glyph;
	int x = p->at.x + 1 + l->key;
	char title[40];

	theme_use(p->f->theme, ROLE_TEXT);
	snprintf(title, sizeof(title), "%s", s->field->title);
	text_cell(y, p->at.x + 1, l->key, title, 0, g->ellipsis);
	for (int i = 0; i < l->figures; i++, x += CELL) {
		theme_use(p->f->theme, i == 0 ? ROLE_KEY : ROLE_TEXT);
		text_cell(y, x, CELL, group_column_title(l->figure[i]), TEXT_RIGHT, g->ellipsis);
		/* The arrow stands in the gap to the next one. */
		if (i == 1)
			draw_arrow(s, p, y, x);
	}
	if (l->figures == 1)
		draw_arrow(s, p, y, x);
	theme_use(p->f->theme, ROLE_TEXT);
	if (l->count)
		text_cell(y, x + 1, COUNT_W - 1, "COUNT", TEXT_RIGHT, g->ellipsis);
}

static double most_of(const struct panel_state *s)
{
	double most = 0;

	for (int i = 0; i < s->ranking.n; i++) {
		double v = (double)group_figure(&s->ranking.at[i].group, s->panel->column);

		most = v > most ? v : most;
	}
	return most;
}

static void draw_spark(const struct panel_frame *p, const struct timeline *t, int key, int y, int x,
		       int w)
{
	double values[SPARK_MAX], most = 0;

	if (!t || !t->n_buckets)
		return;
	panel_resample(t, t->key[key], true, w, values);
	for (int i = 0; i < w; i++)
		most = values[i] > most ? values[i] : most;
	panel_draw_spark(p, values, most, y, x, w);
}

static void draw_group(const struct panel_state *s, const struct panel_frame *p,
		       const struct layout *l, const struct ranked *r, bool chosen, int y)
{
	const struct group *g = &r->group;
	char text[VALUE_BUF / 2], n[TEXT_COUNT_MAX];
	enum role role = panel_key(s, g, text, sizeof(text));
	const char *ellipsis = p->f->theme->glyph->ellipsis;
	uint64_t all = group_figure(&s->ranking.total, s->panel->column);
	int x = p->at.x + 1;
	double most = most_of(s);

	theme_use(p->f->theme, chosen ? ROLE_SELECTED : ROLE_TEXT);
	text_blank(y, p->at.x, p->at.w - (l->spark ? l->spark + 2 : 0));
	theme_use(p->f->theme, chosen ? ROLE_SELECTED : role);
	text_cell(y, x, l->key, text, s->field->flags & FIELD_TAIL ? TEXT_TAIL : 0, ellipsis);
	theme_use(p->f->theme, chosen ? ROLE_SELECTED : ROLE_TEXT);
	x += l->key;
	for (int i = 0; i < l->figures; i++, x += CELL) {
		panel_latency(g, l->figure[i], text, sizeof(text));
		text_cell(y, x, CELL, text, TEXT_RIGHT, ellipsis);
	}
	if (l->count) {
		uint64_t count = of_latency(s) ? g->count : group_figure(g, s->panel->column);

		text_cell(y, x + 1, COUNT_W - 1, text_count(count, COUNT_FULL, n), TEXT_RIGHT,
			  ellipsis);
		x += COUNT_W;
	}
	if (!of_latency(s)) {
		snprintf(text, sizeof(text), "%.1f%%",
			 all ? 100.0 * (double)group_figure(g, s->panel->column) / (double)all : 0);
		text_cell(y, x, CELL, text, TEXT_RIGHT, ellipsis);
		x += CELL;
	}
	if (!chosen)
		theme_use(p->f->theme, role == ROLE_TEXT ? ROLE_BAR : role);
	if (l->bar) {
		graph_bar(p->f->theme, (double)group_figure(g, s->panel->column) / most, l->bar,
			  text, sizeof(text));
		text_put(y, x + 1, l->bar, text);
	}
}

static const char *none_text(const struct panel_state *s)
{
	return of_latency(s) || s->ranking.total.count == 0 ? "no samples" : "none";
}

static void ranked_draw(struct panel_state *s, const struct panel_frame *p)
{
	int head = head_lines(s->panel);
	struct panel_times times = { .line = NULL };
	char right[200];
	struct layout l = lay_out(s, panel_field(s, p), p->at.w);

	if (!panel_ask(s, p, s->panel->column, s->panel->ascending, l.spark ? &times : NULL))
		return;
	overall_text(s, p, right, sizeof(right));
	panel_draw_title(s, p, right);
	if (of_latency(s) && p->at.h > 1)
		draw_header(s, p, &l, p->at.y + 1);
	for (int i = 0; i < s->ranking.n && head + i < p->at.h; i++) {
		int y = p->at.y + head + i;

		draw_group(s, p, &l, &s->ranking.at[i], i == p->cursor, y);
		theme_use(p->f->theme, ROLE_BAR);
		if (l.spark)
			draw_spark(p, times.line, times.series[i], y,
				   p->at.x + p->at.w - 1 - l.spark, l.spark);
	}
	if (s->ranking.n == 0 && p->at.h > head) {
		theme_use(p->f->theme, ROLE_TEXT);
		text_put(p->at.y + head, p->at.x + 1, p->at.w - 1, none_text(s));
	}
}

static int ranked_lines(const struct panel_state *s, const struct panel_choice *choice)
{
	(void)choice;
	return s->ranking.n > 0 ? s->ranking.n : 1;
}

static const struct value *ranked_value(const struct panel_state *s,
					const struct panel_choice *choice, int line)
{
	(void)choice;
	return line < s->ranking.n ? &s->ranking.at[line].group.key : NULL;
}

const struct panel_ops panel_ranked_ops = {
	.height = ranked_height,
	.draw = ranked_draw,
	.lines = ranked_lines,
	.value = ranked_value,
};
