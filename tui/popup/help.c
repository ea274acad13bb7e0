/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/popup/help.h"

#include <stdio.h>
#include <string.h>

#include "tui/keys/keymap.h"
#include "tui/keys/keys.h"
#include "tui/widget/box.h"
#include "tui/widget/move.h"

#define KEYS_WIDTH   12
#define COLUMN_WIDTH (KEYS_WIDTH + KEYMAP_HELP_MAX + 1)
#define COLUMNS_MAX  3
#define MAX_LINES    200

/* One line of a column. */
struct help_line {
	const char *title; /* of a section; NULL with an action, or for a blank line */
	const struct action *action;
};

static int section_lines(enum section s, struct help_line *out)
{
	size_t n;
	const struct action *a = keymap_actions(&n);
	int lines = 0;

	out[lines++] = (struct help_line){ .title = keymap_section_title(s) };
	for (size_t i = 0; i < n && lines < MAX_LINES; i++) {
		if (a[i].section == s && a[i].help)
			out[lines++] = (struct help_line){ .action = &a[i] };
	}
	return lines;
}

/* Fills as many columns with the sections in their order; returns the number of
 * lines of each. */
static void arrange(struct help_line column[COLUMNS_MAX][MAX_LINES], int count[COLUMNS_MAX],
		    int columns)
{
	int total = 0;
	int at = 0;

	for (int s = 0; s < SECTION_COUNT; s++) {
		struct help_line lines[MAX_LINES];

		total += section_lines((enum section)s, lines) + 1;
	}
	for (int c = 0; c < COLUMNS_MAX; c++)
		count[c] = 0;
	for (int s = 0; s < SECTION_COUNT; s++) {
		struct help_line lines[MAX_LINES];
		int n = section_lines((enum section)s, lines);

		/* To where the columns come out most even. */
		if (at + 1 < columns && count[at] && count[at] + n / 2 >= total / columns)
			at++;
		if (count[at] + n + 1 > MAX_LINES)
			return;
		if (count[at])
			column[at][count[at]++] = (struct help_line){ 0 };
		memcpy(&column[at][count[at]], lines, sizeof(lines[0]) * (size_t)n);
		count[at] += n;
	}
}

static void draw_line(const struct help_line *line, const struct frame *f, int y, int x, int w)
{
	char keys[KEYS_TEXT_MAX];

	if (line->title) {
		theme_use(f->theme, ROLE_STRONG);
		text_put(y, x, w, line->title);
	} else if (line->action) {
		theme_use(f->theme, ROLE_KEY);
		text_put(y, x + 1, KEYS_WIDTH - 2,
			 keys_text(f->keys, line->action, KEYMAP_MAX_KEYS, keys));
		theme_use(f->theme, ROLE_TEXT);
		text_put(y, x + KEYS_WIDTH, w - KEYS_WIDTH, line->action->help);
	}
}

static void clamp(struct help *h)
{
	if (h->top > h->lines - h->height)
		h->top = h->lines - h->height;
	if (h->top < 0)
		h->top = 0;
}

static void help_draw(void *popup, const struct frame *f, struct rect at)
{
	struct help *h = popup;
	struct help_line column[COLUMNS_MAX][MAX_LINES];
	int columns = at.w / COLUMN_WIDTH;
	struct rect body = box_page(at);
	int count[COLUMNS_MAX];

	columns = columns < 1 ? 1 : columns > COLUMNS_MAX ? COLUMNS_MAX : columns;
	arrange(column, count, columns);
	h->height = body.h;
	h->lines = 0;
	for (int c = 0; c < columns; c++)
		h->lines = count[c] > h->lines ? count[c] : h->lines;
	clamp(h);
	box_draw_page(f->theme, at, " Help - dnstop " DNSTOP_VERSION " ", h->lines > h->height);
	for (int c = 0; c < columns; c++) {
		for (int i = 0; i < body.h && h->top + i < count[c]; i++)
			draw_line(&column[c][h->top + i], f, body.y + i, body.x + c * COLUMN_WIDTH,
				  c + 1 < columns ? COLUMN_WIDTH - 1 : body.w - c * COLUMN_WIDTH);
	}
}

static void help_wheel(void *popup, int lines)
{
	struct help *h = popup;

	h->top += lines;
	clamp(h);
}

static bool help_key(void *popup, int key)
{
	struct help *h = popup;
	enum move how;

	if (keymap_move(key, &how))
		h->top = move_choice(h->top, how, h->height, h->lines);
	clamp(h);
	return true;
}

const struct popup_ops help_ops = {
	.key = help_key,
	.wheel = help_wheel,
	.draw = help_draw,
};
