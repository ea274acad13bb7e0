/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/box.h"

#define BESIDE 4 /* cells to the sides, both together */

struct rect box_within(struct rect at, int lines, int w)
{
	struct rect box = { .h = lines + 2, .w = at.w - BESIDE < w ? at.w - BESIDE : w };

	box.y = at.y + (at.h - box.h) / 2;
	box.x = at.x + (at.w - box.w) / 2;
	return box;
}

static void draw_edge(const struct theme *theme, int y, struct rect box, const char *left,
		      const char *right, const char *text)
{
	theme_use(theme, ROLE_RULE);
	text_put(y, box.x, 1, left);
	text_repeat(y, box.x + 1, box.w - 2, theme->glyph->rule);
	text_put(y, box.x + box.w - 1, 1, right);
	theme_use(theme, ROLE_STRONG);
	text_put(y, box.x + 2, box.w - 4, text);
}

void box_draw_top(const struct theme *theme, struct rect box, const char *text)
{
	draw_edge(theme, box.y, box, theme->glyph->corner[0], theme->glyph->corner[1], text);
}

void box_draw_bottom(const struct theme *theme, struct rect box, const char *text)
{
	draw_edge(theme, box.y + box.h - 1, box, theme->glyph->corner[2], theme->glyph->corner[3],
		  text);
}

void box_draw_line(const struct theme *theme, struct rect box, int y)
{
	theme_use(theme, ROLE_RULE);
	text_put(y, box.x, 1, theme->glyph->column);
	text_put(y, box.x + box.w - 1, 1, theme->glyph->column);
	theme_use(theme, ROLE_TEXT);
	text_blank(y, box.x + 1, box.w - 2);
}

struct rect box_page(struct rect at)
{
	return (struct rect){ at.y + 1, at.x + 1, at.h - 1, at.w - 1 };
}

void box_draw_page(const struct theme *theme, struct rect at, const char *title, bool scrolls)
{
	theme_use(theme, ROLE_TEXT);
	text_blank_rect(at);
	theme_use(theme, ROLE_RULE);
	text_repeat(at.y, at.x, at.w, theme->glyph->rule);
	theme_use(theme, ROLE_STRONG);
	text_put(at.y, at.x + 1, at.w - 1, title);
	theme_use(theme, ROLE_TEXT);
	text_put(at.y, at.x + at.w - 17, 16, scrolls ? " j k  q closes " : " q Esc closes ");
}

int box_line_at(struct rect box, int y, int x)
{
	bool inside = y > box.y && y < box.y + box.h - 1 && x > box.x && x < box.x + box.w - 1;

	return inside ? y - box.y - 1 : -1;
}
