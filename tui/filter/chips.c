/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/filter/chips.h"

#include <stdio.h>
#include <string.h>

#include "tui/widget/key.h"

/* Cells of a chip that are worth being shown of it; and of "..." */
#define CHIP_MIN  6
#define LABEL_MAX 1100

void chips_read(struct chips *c, const char *text)
{
	filter_chips(text, &c->list);
	if (c->at >= c->list.n)
		c->at = c->list.n - 1;
	if (c->at < 0)
		c->at = 0;
	if (c->first > c->at)
		c->first = c->at;
	if (c->list.n == 0)
		c->focus = false;
}

static enum chips_result remove_chip(struct chips *c)
{
	struct filter_chips *l = &c->list;

	l->n--;
	memmove(&l->chip[c->at], &l->chip[c->at + 1], sizeof(l->chip[0]) * (size_t)(l->n - c->at));
	return CHIPS_CHANGED;
}

static enum chips_result go_to(struct chips *c, int at)
{
	if (at >= 0 && at < c->list.n)
		c->at = at;
	return CHIPS_NOTHING;
}

enum chips_result chips_key(struct chips *c, int key)
{
	switch (key) {
	case KEY_LEFT:
	case KEY_BTAB:
	case 'h':
		return go_to(c, c->at - 1);
	case KEY_RIGHT:
	case '\t':
	case 'l':
		return go_to(c, c->at + 1);
	case KEY_HOME:
		return go_to(c, 0);
	case KEY_END:
		return go_to(c, c->list.n - 1);
	case ' ':
		c->list.chip[c->at].off = !c->list.chip[c->at].off;
		return CHIPS_CHANGED;
	case KEY_DC:
	case KEY_BACKSPACE:
	case 0x7f:
	case KEY_CTRL('h'):
	case 'x':
		return remove_chip(c);
	case 'a':
		c->list.any = !c->list.any;
		return c->list.n > 1 ? CHIPS_CHANGED : CHIPS_NOTHING;
	case '\r':
	case '\n':
	case KEY_ENTER:
		return CHIPS_EDIT;
	case '/':
	case KEY_F(4):
		return CHIPS_FILTER;
	default:
		c->focus = false;
		return CHIPS_NOTHING;
	}
}

/* --- drawing --- */

/* "[rcode=NXDOMAIN]", "[# slow]" for what is off. */
static void write_chip(const struct chips *c, const char *text, int i, char *buf, size_t size)
{
	char label[LABEL_MAX];

	snprintf(buf, size, "[%s%s]", c->list.chip[i].off ? "# " : "",
		 filter_chip_label(text, &c->list, i, label, sizeof(label)));
}

/* Cells of the chips from `first` to the one under the cursor, which is to be seen. */
static int cells_to_cursor(const struct chips *c, const char *text, int first)
{
	char chip[LABEL_MAX + 8];
	int cells = first ? 2 : 0;

	for (int i = first; i <= c->at; i++) {
		write_chip(c, text, i, chip, sizeof(chip));
		cells += text_cells(chip) + 1;
	}
	return cells;
}

static void reveal(struct chips *c, const char *text, int w)
{
	if (!c->focus)
		c->first = 0;
	if (c->first > c->at)
		c->first = c->at;
	while (c->focus && c->first < c->at && cells_to_cursor(c, text, c->first) > w)
		c->first++;
}

int chips_at(const struct chips *c, int y, int x)
{
	for (int i = 0; i < c->list.n; i++) {
		if (y == c->y && x >= c->place[i].x && x < c->place[i].x + c->place[i].w)
			return i;
	}
	return -1;
}

int chips_draw(struct chips *c, const char *text, const struct theme *theme, struct rect at)
{
	const char *word = c->list.any ? "any" : "all";
	const char *ellipsis = theme->glyph->ellipsis;
	char chip[LABEL_MAX + 8];
	/* How they are joined is told even where not all can be seen. */
	int last = at.x + at.w, mode = c->list.n > 1 && at.w > 4 * CHIP_MIN ? 4 : 0;
	int x = at.x, end = last - mode, i;

	reveal(c, text, at.w - mode);
	c->y = at.y;
	memset(c->place, 0, sizeof(c->place));
	theme_use(theme, ROLE_TEXT);
	if (c->first)
		x += text_put(at.y, x, end - x, ellipsis) + 1;
	for (i = c->first; i < c->list.n; i++) {
		int cells;

		write_chip(c, text, i, chip, sizeof(chip));
		cells = text_cells(chip);
		if (x + cells > end && i > c->first && end - x < CHIP_MIN)
			break;
		if (x + cells > end)
			cells = end - x > 0 ? end - x : 0;
		theme_use(theme, c->focus && i == c->at ? ROLE_SELECTED
				 : c->list.chip[i].off  ? ROLE_OFF
							: ROLE_STRONG);
		text_cell(at.y, x, cells, chip, 0, ellipsis);
		c->place[i].x = x;
		c->place[i].w = cells;
		x += cells + 1;
		if (x > end)
			break;
	}
	theme_use(theme, ROLE_TEXT);
	if (i < c->list.n && x < end)
		x += text_put(at.y, x, end - x, ellipsis) + 1;
	if (mode || (c->list.n > 1 && last - x >= (int)strlen(word)))
		x += text_put(at.y, x, last - x, word) + 1;
	return x - at.x;
}
