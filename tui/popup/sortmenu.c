/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/popup/sortmenu.h"

#include <stdio.h>

#include "tui/keys/keymap.h"
#include "tui/widget/box.h"
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

/* As on a title of the table: the column that orders already turns round. */
static bool sortmenu_click(void *popup, int y, int x)
{
	struct sortmenu *s = popup;
	int line = box_line_at(s->box, y, x);

	if (line < 0 || s->top + line >= s->table->n_columns)
		return rect_has(s->box, y, x);
	table_sort(s->table, s->top + line);
	return false;
}

static void draw_item(const struct sortmenu *s, const struct frame *f, int i, int y,
		      struct rect box)
{
	const struct table *t = s->table;
	const struct glyphs *g = f->theme->glyph;
	const struct table_column *c = &t->column[i];

	box_draw_line(f->theme, box, y);
	theme_use(f->theme, i == s->chosen ? ROLE_SELECTED : ROLE_TEXT);
	text_blank(y, box.x + 1, box.w - 2);
	if (i == t->sort)
		text_put(y, box.x + 2, 1, t->descending ? g->descending : g->ascending);
	text_cell(y, box.x + 4, NAME_WIDTH - 1, c->title, 0, g->ellipsis);
	text_cell(y, box.x + 4 + NAME_WIDTH, box.w - NAME_WIDTH - 6, c->help, 0, g->ellipsis);
}

static void sortmenu_draw(void *popup, const struct frame *f, struct rect at)
{
	struct sortmenu *s = popup;
	int items = s->table->n_columns;
	struct rect box;

	s->height = items < at.h - 2 ? items : at.h - 2;
	reveal(s);
	box = box_within(at, s->height, MAX_WIDTH);
	s->box = box;
	box_draw_top(f->theme, box, " Sort by ");
	for (int i = 0; i < s->height; i++)
		draw_item(s, f, s->top + i, box.y + 1 + i, box);
	box_draw_bottom(f->theme, box, " Enter sort  I invert  Esc close ");
}

const struct popup_ops sortmenu_ops = {
	.key = sortmenu_key,
	.wheel = sortmenu_wheel,
	.click = sortmenu_click,
	.draw = sortmenu_draw,
};
