/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A panel of groups over time: a sparkline each, with its own maximum, so that
 * it reads without colours and a rare group is not flat; or columns that stand
 * on each other, as high as all of them together.
 */
#include <stdio.h>
#include <string.h>

#include "tui/panel/panel.h"
#include "tui/widget/graph.h"

#define NAME_MIN 12
#define NAME_MAX 30
#define MOST_W   11 /* "max 12.3k/s" */

static int times_height(const struct panel *panel, const struct panel_choice *choice, int top)
{
	(void)panel;
	return 1 + (choice->total ? 1 : 0) + top;
}

static int name_width(int w)
{
	int cells = w / 6;

	return cells < NAME_MIN ? NAME_MIN : cells > NAME_MAX ? NAME_MAX : cells;
}

static void most_text(double per_second, char *buf, size_t size)
{
	char n[TEXT_COUNT_MAX];

	if (per_second >= 9.95)
		snprintf(buf, size, "max %s/s",
			 text_count((uint64_t)(per_second + 0.5), COUNT_SHORT, n));
	else
		snprintf(buf, size, "max %.1f/s", per_second);
}

/* --- lines --- */

static void draw_line(const struct panel_frame *p, const struct timeline *t,
		      const struct timeline_point *points, const char *name, enum role role,
		      int line)
{
	const struct theme *theme = p->f->theme;
	bool chosen = line == p->cursor;
	int y = p->at.y + 1 + line;
	int name_w = name_width(p->at.w);
	int w = p->at.w - 2 - name_w - 1 - MOST_W;
	double values[PANEL_CELLS_MAX], most = 0;
	char text[40];

	if (w > PANEL_CELLS_MAX)
		w = PANEL_CELLS_MAX;
	theme_use(theme, chosen ? ROLE_SELECTED : role == ROLE_BAR ? ROLE_TEXT : role);
	text_blank(y, p->at.x, name_w);
	text_cell(y, p->at.x + 1, name_w - 1, name, 0, theme->glyph->ellipsis);
	if (w < 1)
		return;
	panel_resample(t, points, false, w, values);
	for (int i = 0; i < w; i++)
		most = values[i] > most ? values[i] : most;
	theme_use(theme, role);
	panel_draw_spark(p, values, most, y, p->at.x + 1 + name_w, w);
	theme_use(theme, chosen ? ROLE_SELECTED : ROLE_TEXT);
	most_text(most, text, sizeof(text));
	text_cell(y, p->at.x + p->at.w - 1 - MOST_W, MOST_W, text, TEXT_RIGHT,
		  theme->glyph->ellipsis);
}

static void draw_lines(const struct panel_state *s, const struct panel_frame *p,
		       const struct timeline *t, const int *series)
{
	char name[VALUE_BUF / 2];
	int line = 0;

	if (p->choice->total)
		draw_line(p, t, t->total, "total", ROLE_BAR, line++);
	for (int i = 0; i < s->ranking.n && line < p->at.h - 1; i++) {
		enum role role = panel_key(s, &s->ranking.at[i].group, name, sizeof(name));

		draw_line(p, t, t->key[series[i]], name, role == ROLE_TEXT ? ROLE_BAR : role,
			  line++);
	}
}

/* --- columns --- */

struct stack {
	int n;
	enum role role[RANKING_MAX + 1]; /* the last: what is of no group */
	char letter[RANKING_MAX + 1];
	double values[RANKING_MAX + 1][PANEL_CELLS_MAX];
	double most; /* of a column */
};

/* What tells the groups apart that are no response codes. */
static const enum role series_roles[] = {
	ROLE_NOERROR, ROLE_NXDOMAIN, ROLE_REFUSED, ROLE_SERVFAIL, ROLE_RCODE,
};

static void fill_stack(struct stack *st, const struct panel_state *s, const struct timeline *t,
		       const int *series, int w)
{
	double total[PANEL_CELLS_MAX];
	char name[VALUE_BUF / 2];

	st->n = s->ranking.n;
	st->most = 0;
	panel_resample(t, t->total, false, w, total);
	for (int k = 0; k < st->n; k++) {
		st->role[k] = panel_key(s, &s->ranking.at[k].group, name, sizeof(name));
		st->letter[k] = name[0];
		if (st->role[k] == ROLE_TEXT) {
			st->role[k] = series_roles[k % (int)(sizeof(series_roles) /
							     sizeof(series_roles[0]))];
			st->letter[k] = (char)('a' + k % 26);
		}
		panel_resample(t, t->key[series[k]], false, w, st->values[k]);
	}
	st->role[st->n] = ROLE_TEXT;
	st->letter[st->n] = '.';
	for (int i = 0; i < w; i++) {
		double rest = total[i];

		for (int k = 0; k < st->n; k++)
			rest -= st->values[k][i];
		st->values[st->n][i] = rest > 1e-9 ? rest : 0;
		st->most = total[i] > st->most ? total[i] : st->most;
	}
}

/* The group that is at a height of column i; st->n + 1 above all. */
static int group_at(const struct stack *st, int i, double height)
{
	double sum = 0;
	int k;

	for (k = 0; k <= st->n; k++) {
		sum += st->values[k][i];
		if (height < sum)
			break;
	}
	return k;
}

/* A cell shows the group at its middle, or as much of the topmost one as there
 * is; without colours, its letter. */
static void draw_stack_cell(const struct stack *st, const struct panel_frame *p, int i, double low,
			    double high, int y, int x)
{
	const struct theme *theme = p->f->theme;
	double sum = 0, top;
	int k;

	for (int g = 0; g <= st->n; g++)
		sum += st->values[g][i];
	if (sum <= low)
		return;
	top = sum < high ? sum : high;
	k = group_at(st, i, (low + top) / 2);
	if (k > st->n)
		k = st->n;
	theme_use(theme, st->role[k]);
	if (theme->colours && theme->graph != GRAPH_ASCII) {
		text_put(y, x, 1, graph_spark(theme, graph_eighths(top - low, high - low)));
	} else if (top - low >= (high - low) / 2 || low <= 0) {
		char letter[2] = { st->letter[k] };

		text_put(y, x, 1, letter);
	}
}

static void draw_legend(const struct stack *st, const struct panel_state *s,
			const struct panel_frame *p, int name_w)
{
	const struct theme *theme = p->f->theme;
	char text[VALUE_BUF / 2], name[VALUE_BUF / 2];
	int line = 0;

	if (p->choice->total) {
		theme_use(theme, p->cursor == line ? ROLE_SELECTED : ROLE_TEXT);
		most_text(st->most, text, sizeof(text));
		text_cell(p->at.y + 1 + line++, p->at.x + 1, name_w - 1, text, 0,
			  theme->glyph->ellipsis);
	}
	for (int k = 0; k < st->n && line < p->at.h - 1; k++, line++) {
		panel_key(s, &s->ranking.at[k].group, name, sizeof(name));
		if (name[0] == st->letter[k] && name[1] == ' ')
			snprintf(text, sizeof(text), "%s", name);
		else
			snprintf(text, sizeof(text), "%c %.200s", st->letter[k], name);
		theme_use(theme, p->cursor == line ? ROLE_SELECTED : st->role[k]);
		text_cell(p->at.y + 1 + line, p->at.x + 1, name_w - 1, text, 0,
			  theme->glyph->ellipsis);
	}
}

static void draw_stacked(const struct panel_state *s, const struct panel_frame *p,
			 const struct timeline *t, const int *series)
{
	struct stack st;
	int name_w = name_width(p->at.w);
	int w = p->at.w - 2 - name_w;
	int rows = p->at.h - 1;

	if (w > PANEL_CELLS_MAX)
		w = PANEL_CELLS_MAX;
	if (w < 1 || rows < 1)
		return;
	fill_stack(&st, s, t, series, w);
	draw_legend(&st, s, p, name_w);
	for (int row = 0; row < rows && st.most > 0; row++) {
		double low = st.most * row / rows, high = st.most * (row + 1) / rows;

		for (int i = 0; i < w; i++)
			draw_stack_cell(&st, p, i, low, high, p->at.y + rows - row,
					p->at.x + 1 + name_w + i);
	}
}

/* --- */

static void times_draw(struct panel_state *s, const struct panel_frame *p)
{
	struct panel_times times;
	const struct timeline *t;
	char right[60];

	if (!panel_ask(s, p, GROUP_COUNT, false, &times))
		return;
	t = times.line;
	if (!t || !t->n_buckets) {
		panel_draw_counting(s, p);
		return;
	}
	panel_span(t, right, sizeof(right));
	panel_draw_title(s, p, right);
	if (s->ranking.total.count == 0) {
		theme_use(p->f->theme, ROLE_TEXT);
		if (p->at.h > 1)
			text_put(p->at.y + 1, p->at.x + 1, p->at.w - 1, "no samples");
	} else if (p->choice->stacked) {
		draw_stacked(s, p, t, times.series);
	} else {
		draw_lines(s, p, t, times.series);
	}
}

static int times_lines(const struct panel_state *s, const struct panel_choice *choice)
{
	int n = s->ranking.n + (choice->total ? 1 : 0);

	return n > 0 ? n : 1;
}

static const struct value *times_value(const struct panel_state *s,
				       const struct panel_choice *choice, int line)
{
	int i = line - (choice->total ? 1 : 0);

	return i >= 0 && i < s->ranking.n ? &s->ranking.at[i].group.key : NULL;
}

const struct panel_ops panel_times_ops = {
	.wide = true,
	.height = times_height,
	.draw = times_draw,
	.lines = times_lines,
	.value = times_value,
};
