/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/complete.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/query/filter.h"
#include "tui/keymap.h"

static void collect(void *ctx, const struct filter_completion *fc)
{
	struct complete *c = ctx;
	struct candidate *to = &c->candidate[c->n];

	if (c->n == COMPLETE_MAX || strlen(fc->text) >= sizeof(to->text))
		return;
	snprintf(to->text, sizeof(to->text), "%s", fc->text);
	snprintf(to->help, sizeof(to->help), "%s", fc->help ? fc->help : "");
	to->from = fc->from;
	to->to = fc->to;
	c->n++;
}

/* Bytes that all candidates begin with, case aside. */
static int common_prefix(const struct complete *c)
{
	const char *first = c->candidate[0].text;
	int len = (int)strlen(first);

	for (int i = 1; i < c->n; i++) {
		while (len > 0 && strncasecmp(first, c->candidate[i].text, (size_t)len) != 0)
			len--;
	}
	return len;
}

/* Whether all candidates would replace the same bytes. */
static bool same_span(const struct complete *c)
{
	for (int i = 1; i < c->n; i++) {
		if (c->candidate[i].from != c->candidate[0].from ||
		    c->candidate[i].to != c->candidate[0].to)
			return false;
	}
	return true;
}

static bool take(struct complete *c, struct lineedit *e, int i)
{
	const struct candidate *k = &c->candidate[i];

	c->open = false;
	lineedit_replace(e, k->from, k->to, k->text);
	return true;
}

bool complete_start(struct complete *c, struct lineedit *e)
{
	char prefix[sizeof(c->candidate[0].text)];
	int len;

	*c = (struct complete){ 0 };
	filter_complete(e->text, e->pos, collect, c);
	if (c->n == 0)
		return false;
	if (c->n == 1)
		return take(c, e, 0);
	c->open = true;
	len = common_prefix(c);
	if (!same_span(c) || len <= c->candidate[0].to - c->candidate[0].from)
		return false;
	snprintf(prefix, sizeof(prefix), "%.*s", len, c->candidate[0].text);
	lineedit_replace(e, c->candidate[0].from, c->candidate[0].to, prefix);
	for (int i = 0; i < c->n; i++)
		c->candidate[i].to = e->pos;
	return true;
}

static void choose(struct complete *c, int i)
{
	c->chosen = (i + c->n) % c->n;
	if (c->chosen < c->top)
		c->top = c->chosen;
	if (c->chosen >= c->top + COMPLETE_LINES)
		c->top = c->chosen - COMPLETE_LINES + 1;
}

bool complete_key(struct complete *c, struct lineedit *e, int key, bool *changed)
{
	switch (key) {
	case '\t':
	case KEY_DOWN:
		choose(c, c->chosen + 1);
		return true;
	case KEY_BTAB:
	case KEY_UP:
		choose(c, c->chosen - 1);
		return true;
	case '\r':
	case '\n':
	case KEY_ENTER:
		*changed = take(c, e, c->chosen);
		return true;
	case KEY_ESCAPE:
		c->open = false;
		return true;
	default:
		c->open = false;
		return false;
	}
}

static int widest(const struct complete *c)
{
	int w = 0;

	for (int i = 0; i < c->n; i++) {
		int n = (int)strlen(c->candidate[i].text);

		if (n > w)
			w = n;
	}
	return w;
}

static void draw_border(const struct theme *theme, int y, int x, int w, const char *left,
			const char *right)
{
	text_put(y, x, 1, left);
	text_repeat(y, x + 1, w - 2, theme->glyph->rule);
	text_put(y, x + w - 1, 1, right);
}

void complete_draw(const struct complete *c, const struct theme *theme, int bottom, int x, int cols)
{
	const struct glyphs *g = theme->glyph;
	int room = bottom - 2 < COMPLETE_LINES ? bottom - 2 : COMPLETE_LINES;
	int lines = c->n < room ? c->n : room;
	int names = widest(c);
	int w = names + 50 < cols ? names + 50 : cols;
	int y = bottom - lines - 2;

	if (lines < 1)
		return;
	if (x + w > cols)
		x = cols - w;
	theme_use(theme, ROLE_RULE);
	draw_border(theme, y, x, w, g->corner[0], g->corner[1]);
	draw_border(theme, bottom - 1, x, w, g->corner[2], g->corner[3]);
	text_putf(y, x + 2, w - 4, " %d of %d ", c->chosen + 1, c->n);
	for (int i = 0; i < lines; i++) {
		const struct candidate *k = &c->candidate[c->top + i];
		bool chosen = c->top + i == c->chosen;

		theme_use(theme, ROLE_RULE);
		text_put(y + 1 + i, x, 1, g->column);
		text_put(y + 1 + i, x + w - 1, 1, g->column);
		theme_use(theme, chosen ? ROLE_SELECTED : ROLE_TEXT);
		text_blank(y + 1 + i, x + 1, w - 2);
		text_put(y + 1 + i, x + 2, w - 4, k->text);
		text_cell(y + 1 + i, x + 4 + names, w - names - 6, k->help, 0, g->ellipsis);
	}
}
