/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/popup/sortmenu.h"

#include <stdio.h>

#include "tui/keys/keymap.h"
#include "tui/widget/key.h"

#define NAME_WIDTH 14
#define MAX_WIDTH  74

void sortmenu_open(struct sortmenu *s, struct table *t)
{
	*s = (struct sortmenu){ .table = t, .chosen = t->sort >= 0 ? t->sort : 0 };
}

static void reveal(struct sortmenu *s)
{
	move_reveal(&s->chosen, &s->top, s->height, s->table->n_columns);
}

static void step(struct sortmenu *s, enum move how)
{
	s->chosen = move_choice(s->chosen, how, s->height, s->table->n_columns);
	reveal(s);
}

static bool sortmenu_key(void *popup, int key)
{
	struct sortmenu *s = popup;
	enum move how;

	switch (key) {
	case '\r':
	case '\n':
	case KEY_ENTER:
		/* Of the column that orders already Enter keeps the direction: that
		 * is what `I` turns. */
		if (s->chosen != s->table->sort)
			table_sort(s->table, s->chosen);
		return false;
	case 'I':
		table_sort_invert(s->table);
		return true;
	default:
		if (keymap_move(key, &how))
			step(s, how);
		return true;
	}
}

static void sortmenu_wheel(void *popup, int lines)
{
	struct sortmenu *s = popup;

	s->chosen += lines > 0 ? 1 : -1;
	reveal(s);
}

static void draw_item(const struct sortmenu *s, const struct frame *f, int i, int y,
		      struct rect box)
{
	const struct table *t = s->table;
	const struct glyphs *g = f->theme->glyph;
	const struct table_column *c = &t->column[i];

	theme_use(f->theme, ROLE_RULE);
	text_put(y, box.x, 1, g->column);
	text_put(y, box.x + box.w - 1, 1, g->column);
	theme_use(f->theme, i == s->chosen ? ROLE_SELECTED : ROLE_TEXT);
	text_blank(y, box.x + 1, box.w - 2);
	if (i == t->sort)
		text_put(y, box.x + 2, 1, t->descending ? g->descending : g->ascending);
	text_cell(y, box.x + 4, NAME_WIDTH - 1, c->title, 0, g->ellipsis);
	text_cell(y, box.x + 4 + NAME_WIDTH, box.w - NAME_WIDTH - 6, c->help, 0, g->ellipsis);
}

static void draw_edge(const struct frame *f, int y, struct rect box, const char *left,
		      const char *right, const char *text)
{
	theme_use(f->theme, ROLE_RULE);
	text_put(y, box.x, 1, left);
	text_repeat(y, box.x + 1, box.w - 2, f->theme->glyph->rule);
	text_put(y, box.x + box.w - 1, 1, right);
	theme_use(f->theme, ROLE_STRONG);
	text_put(y, box.x + 2, box.w - 4, text);
}

static void sortmenu_draw(void *popup, const struct frame *f, struct rect at)
{
	struct sortmenu *s = popup;
	const struct glyphs *g = f->theme->glyph;
	int items = s->table->n_columns;
	struct rect box;

	s->height = items < at.h - 2 ? items : at.h - 2;
	reveal(s);
	box.h = s->height + 2;
	box.w = at.w - 4 < MAX_WIDTH ? at.w - 4 : MAX_WIDTH;
	box.y = at.y + (at.h - box.h) / 2;
	box.x = at.x + (at.w - box.w) / 2;
	draw_edge(f, box.y, box, g->corner[0], g->corner[1], " Sort by ");
	for (int i = 0; i < s->height; i++)
		draw_item(s, f, s->top + i, box.y + 1 + i, box);
	draw_edge(f, box.y + box.h - 1, box, g->corner[2], g->corner[3],
		  " Enter sort  I invert  Esc close ");
}

const struct popup_ops sortmenu_ops = {
	.key = sortmenu_key,
	.wheel = sortmenu_wheel,
	.draw = sortmenu_draw,
};
