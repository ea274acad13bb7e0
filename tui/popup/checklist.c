/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/popup/checklist.h"

#include <stdio.h>
#include <string.h>

#include "tui/keys/keymap.h"
#include "tui/widget/box.h"
#include "tui/widget/key.h"

#define MAX_WIDTH 76
#define HELP_MIN  10 /* less of a help is none */
#define BOX_WIDTH 4  /* "[x] " */
#define STEP      5

static void narrow(struct checklist *c);

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
	narrow(c);
}

void checklist_open(struct checklist *c, const struct checklist_owner *ops, void *owner)
{
	*c = (struct checklist){ .ops = ops, .owner = owner };
	fill(c);
	for (int i = 0; ops->one && i < c->n; i++) {
		if (c->item[i].on)
			c->chosen = i;
	}
}

void checklist_add(struct checklist *c, const char *text, const char *help, bool on, int tag,
		   bool moves)
{
	if (c->n < CHECKLIST_MAX)
		c->item[c->n++] = (struct checklist_item){
			.text = text, .help = help, .on = on, .moves = moves, .tag = tag
		};
}

void checklist_key(struct checklist *c, char key)
{
	c->item[c->n - 1].key = key;
}

static void reveal(struct checklist *c)
{
	move_reveal(&c->chosen, &c->top, c->height, c->n_shown);
}

static void step(struct checklist *c, enum move how)
{
	c->chosen = move_choice(c->chosen, how, c->height, c->n_shown);
	reveal(c);
}

static struct checklist_item *chosen_item(struct checklist *c)
{
	return c->n_shown ? &c->item[c->shown[c->chosen]] : NULL;
}

/* Changes places with a neighbour, of those in sight. */
static void move_item(struct checklist *c, int step)
{
	int to = c->chosen + step;
	struct checklist_item *a = chosen_item(c), *b, item;

	if (!a || to < 0 || to >= c->n_shown)
		return;
	b = &c->item[c->shown[to]];
	if (!a->moves || !b->moves)
		return;
	item = *b;
	*b = *a;
	*a = item;
	c->chosen = to;
	reveal(c);
}

/* Those in sight, but for the switches below. */
static void set_all(struct checklist *c, bool on)
{
	for (int i = 0; i < c->n_shown; i++) {
		if (c->item[c->shown[i]].moves)
			c->item[c->shown[i]].on = on;
	}
}

static void take_one(struct checklist *c)
{
	for (int i = 0; i < c->n; i++)
		c->item[i].on = &c->item[i] == chosen_item(c);
	if (c->n_shown)
		c->ops->apply(c->owner, c);
}

/* --- the search --- */

static void narrow(struct checklist *c)
{
	c->n_shown = 0;
	for (int i = 0; i < c->n; i++) {
		if (strcasestr(c->item[i].text, c->search) ||
		    strcasestr(c->item[i].help, c->search))
			c->shown[c->n_shown++] = i;
	}
	reveal(c);
}

static void search_key(struct checklist *c, int key)
{
	size_t len = strlen(c->search);
	enum move how;

	if (key == KEY_ESCAPE)
		c->search[0] = '\0';
	else if (key == KEY_BACKSPACE || key == 0x7f || key == KEY_CTRL('h'))
		c->search[len ? len - 1 : 0] = '\0';
	else if (key >= ' ' && key < 0x7f && len + 1 < sizeof(c->search))
		snprintf(c->search + len, sizeof(c->search) - len, "%c", key);
	else if (key >= ' ' && keymap_move(key, &how))
		step(c, how);
	if (key == KEY_ESCAPE || key_is_enter(key))
		c->searching = false;
	narrow(c);
}

static bool checklist_is_typing(const void *popup)
{
	return ((const struct checklist *)popup)->searching;
}

/* --- */

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

static bool one_key(struct checklist *c, int key)
{
	enum move how;

	if (key_is_enter(key) || key == ' ') {
		take_one(c);
		return false;
	}
	for (int i = 0; i < c->n_shown; i++) {
		if (c->item[c->shown[i]].key && c->item[c->shown[i]].key == key) {
			c->chosen = i;
			take_one(c);
			return false;
		}
	}
	if (keymap_move(key, &how))
		step(c, how);
	return true;
}

/* True when it changed what is chosen. */
static bool change_key(struct checklist *c, int key)
{
	switch (key) {
	case ' ':
		if (chosen_item(c))
			chosen_item(c)->on = !chosen_item(c)->on;
		return true;
	case 'a':
	case 'n':
		if (c->ops->toggles)
			return false;
		set_all(c, key == 'a');
		return true;
	case 'J':
	case 'K':
		if (c->ops->toggles)
			return false;
		move_item(c, key == 'J' ? 1 : -1);
		return true;
	case '+':
	case '=':
	case '-':
		step_number(c, key == '-' ? -STEP : STEP);
		return true;
	default:
		return false;
	}
}

static bool take_key(void *popup, int key)
{
	struct checklist *c = popup;
	enum move how;

	if (c->searching) {
		search_key(c, key);
		return true;
	}
	if (key == '/') {
		c->searching = true;
		return true;
	}
	if (c->ops->one)
		return one_key(c, key);
	if (key >= '0' && key <= '9') {
		type_digit(c, key - '0');
		c->ops->apply(c->owner, c);
		return true;
	}
	c->typed = 0;
	if (change_key(c, key)) {
		c->ops->apply(c->owner, c);
		/* What it could not do is not so. */
		if (c->ops->toggles)
			fill(c);
		return true;
	}
	switch (key) {
	case '\r':
	case '\n':
	case KEY_ENTER:
	case KEY_F(2):
	case KEY_F(7):
	case 'f':
		return false;
	case 'r':
		if (!c->ops->reset)
			return true;
		c->ops->reset(c->owner);
		fill(c);
		return true;
	default:
		if (keymap_move(key, &how))
			step(c, how);
		return true;
	}
}

static void checklist_wheel(void *popup, int lines)
{
	step(popup, lines > 0 ? MOVE_DOWN : MOVE_UP);
}

/* As Space does on the item there; of which one is taken, as Enter. */
static bool checklist_click(void *popup, int y, int x)
{
	struct checklist *c = popup;
	int line = box_line_at(c->box, y, x);

	if (!rect_has(c->box, y, x))
		return false;
	if (line < 0 || c->top + line >= c->n_shown)
		return true;
	c->chosen = c->top + line;
	c->searching = false;
	return take_key(popup, ' ');
}

static void draw_item(const struct checklist *c, const struct frame *f, int i, int y,
		      struct rect box)
{
	const struct glyphs *g = f->theme->glyph;
	const struct checklist_item *item = &c->item[c->shown[i]];
	int text_w = box.w - 4 - BOX_WIDTH;
	char key[4] = { ' ', item->key ? item->key : ' ' };
	int help_x = c->text_w + 2;

	box_draw_line(f->theme, box, y);
	theme_use(f->theme, i == c->chosen ? ROLE_SELECTED : ROLE_TEXT);
	text_blank(y, box.x + 1, box.w - 2);
	if (c->ops->one) {
		text_put(y, box.x + 2, 1, item->on ? g->pointer : " ");
		text_put(y, box.x + 3, 2, key);
	} else {
		text_put(y, box.x + 2, BOX_WIDTH, item->on ? "[x]" : "[ ]");
	}
	if (item->help[0] && text_w > help_x + HELP_MIN) {
		text_cell(y, box.x + 2 + BOX_WIDTH + help_x, text_w - help_x, item->help, 0,
			  g->ellipsis);
		text_w = c->text_w;
	}
	text_cell(y, box.x + 2 + BOX_WIDTH, text_w, item->text, 0, g->ellipsis);
}

static void write_head(const struct checklist *c, char *buf, size_t size)
{
	int len = snprintf(buf, size, " %s", c->ops->title);

	if (c->ops->number)
		len += snprintf(buf + len, size - (size_t)len, ": %s %d", c->ops->number,
				c->number);
	if (c->searching || c->search[0])
		len += snprintf(buf + len, size - (size_t)len, "  /%s%s %d of %d", c->search,
				c->searching ? "_" : "", c->n_shown, c->n);
	snprintf(buf + len, size - (size_t)len, " ");
}

static const char *foot(const struct checklist *c)
{
	if (c->searching)
		return " letters narrow  Enter keep  Esc all ";
	if (c->ops->one)
		return " Enter or its key takes one  / search  Esc close ";
	if (c->ops->toggles)
		return " Space on/off  / search  Enter Esc close ";
	return c->ops->number
		       ? " Space on/off  a all  n none  J K move  / search  + - 0-9 top  r reset "
		       : " Space on/off  a all  n none  J K move  / search  r reset  Esc close ";
}

static void checklist_draw(void *popup, const struct frame *f, struct rect at)
{
	struct checklist *c = popup;
	struct rect box;
	char text[160];

	/* As high as all items, so that a search does not make it jump. */
	c->height = c->n < at.h - 2 ? c->n : at.h - 2;
	reveal(c);
	box = box_within(at, c->height, MAX_WIDTH);
	c->box = box;
	write_head(c, text, sizeof(text));
	box_draw_top(f->theme, box, text);
	for (int i = 0; i < c->height; i++) {
		if (c->top + i < c->n_shown)
			draw_item(c, f, c->top + i, box.y + 1 + i, box);
		else
			box_draw_line(f->theme, box, box.y + 1 + i);
	}
	box_draw_bottom(f->theme, box, foot(c));
}

const struct popup_ops checklist_ops = {
	.key = take_key,
	.is_typing = checklist_is_typing,
	.wheel = checklist_wheel,
	.click = checklist_click,
	.draw = checklist_draw,
};
