/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/checklist.h"

#include <curses.h>
#include <stdio.h>

#define MAX_WIDTH 76
#define HELP_MIN  10 /* less of a help is none */
#define BOX_WIDTH 4  /* "[x] " */
#define STEP      5

static void fill(struct checklist *c)
{
	c->n = c->text_w = 0;
	c->ops->fill(c->owner, c);
	/* What has a help beside it makes the column. */
	for (int i = 0; i < c->n; i++) {
		int cells = text_cells(c->item[i].text);

		if (c->item[i].help[0] && cells > c->text_w)
			c->text_w = cells;
	}
}

void checklist_open(struct checklist *c, const struct checklist_owner *ops, void *owner)
{
	*c = (struct checklist){ .ops = ops, .owner = owner };
	fill(c);
}

void checklist_add(struct checklist *c, const char *text, const char *help, bool on, int tag,
		   bool moves)
{
	if (c->n < CHECKLIST_MAX)
		c->item[c->n++] = (struct checklist_item){ text, help, on, moves, tag };
}

static void reveal(struct checklist *c)
{
	popup_list_reveal(&c->chosen, &c->top, c->height, c->n);
}

static void move_choice(struct checklist *c, enum move how)
{
	c->chosen = popup_list_move(c->chosen, how, c->height, c->n);
	reveal(c);
}

/* Changes places with a neighbour. */
static void move_item(struct checklist *c, int step)
{
	int to = c->chosen + step;
	struct checklist_item item;

	if (to < 0 || to >= c->n || !c->item[c->chosen].moves || !c->item[to].moves)
		return;
	item = c->item[to];
	c->item[to] = c->item[c->chosen];
	c->item[c->chosen] = item;
	c->chosen = to;
	reveal(c);
}

static void set_number(struct checklist *c, int number)
{
	if (!c->ops->number)
		return;
	c->number = number < 1 ? 1 : number > c->ops->number_max ? c->ops->number_max : number;
}

/* 5, 10, 15 ... */
static void step_number(struct checklist *c, int step)
{
	int next = c->number / STEP * STEP + step;

	set_number(c, step < 0 && c->number % STEP ? c->number / STEP * STEP : next);
}

static void type_digit(struct checklist *c, int digit)
{
	int typed = c->typed * 10 + digit;

	c->typed = c->ops->number && typed > c->ops->number_max ? digit : typed;
	if (c->typed > 0)
		set_number(c, c->typed);
}

static bool checklist_key(void *popup, int key)
{
	struct checklist *c = popup;
	enum move how;

	if (key >= '0' && key <= '9') {
		type_digit(c, key - '0');
		c->ops->apply(c->owner, c);
		return true;
	}
	c->typed = 0;
	switch (key) {
	case '\r':
	case '\n':
	case KEY_ENTER:
	case KEY_F(2):
	case 'f':
		return false;
	case ' ':
		c->item[c->chosen].on = !c->item[c->chosen].on;
		break;
	case 'J':
	case 'K':
		move_item(c, key == 'J' ? 1 : -1);
		break;
	case '+':
	case '=':
	case '-':
		step_number(c, key == '-' ? -STEP : STEP);
		break;
	case 'r':
		c->ops->reset(c->owner);
		fill(c);
		reveal(c);
		return true;
	default:
		if (popup_move_of(key, &how))
			move_choice(c, how);
		return true;
	}
	c->ops->apply(c->owner, c);
	return true;
}

static void checklist_wheel(void *popup, int lines)
{
	move_choice(popup, lines > 0 ? MOVE_DOWN : MOVE_UP);
}

static void draw_item(const struct checklist *c, const struct frame *f, int i, int y,
		      struct rect box)
{
	const struct glyphs *g = f->theme->glyph;
	const struct checklist_item *item = &c->item[i];
	int text_w = box.w - 4 - BOX_WIDTH;
	int help_x = c->text_w + 2;

	theme_use(f->theme, ROLE_RULE);
	text_put(y, box.x, 1, g->column);
	text_put(y, box.x + box.w - 1, 1, g->column);
	theme_use(f->theme, i == c->chosen ? ROLE_SELECTED : ROLE_TEXT);
	text_blank(y, box.x + 1, box.w - 2);
	text_put(y, box.x + 2, BOX_WIDTH, item->on ? "[x]" : "[ ]");
	if (item->help[0] && text_w > help_x + HELP_MIN) {
		text_cell(y, box.x + 2 + BOX_WIDTH + help_x, text_w - help_x, item->help, 0,
			  g->ellipsis);
		text_w = c->text_w;
	}
	text_cell(y, box.x + 2 + BOX_WIDTH, text_w, item->text, 0, g->ellipsis);
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

static void checklist_draw(void *popup, const struct frame *f, struct rect at)
{
	struct checklist *c = popup;
	const struct glyphs *g = f->theme->glyph;
	struct rect box = at;
	char text[120];

	c->height = c->n < at.h - 2 ? c->n : at.h - 2;
	reveal(c);
	box.h = c->height + 2;
	box.w = at.w - 4 < MAX_WIDTH ? at.w - 4 : MAX_WIDTH;
	box.y = at.y + (at.h - box.h) / 2;
	box.x = at.x + (at.w - box.w) / 2;
	if (c->ops->number)
		snprintf(text, sizeof(text), " %s: %s %d ", c->ops->title, c->ops->number,
			 c->number);
	else
		snprintf(text, sizeof(text), " %s ", c->ops->title);
	draw_edge(f, box.y, box, g->corner[0], g->corner[1], text);
	for (int i = 0; i < c->height; i++)
		draw_item(c, f, c->top + i, box.y + 1 + i, box);
	snprintf(text, sizeof(text), " Space on/off  J K move%s  r reset  Esc close ",
		 c->ops->number ? "  + - 0-9 top" : "");
	draw_edge(f, box.y + box.h - 1, box, g->corner[2], g->corner[3], text);
}

const struct popup_ops checklist_ops = {
	.key = checklist_key,
	.wheel = checklist_wheel,
	.draw = checklist_draw,
};
