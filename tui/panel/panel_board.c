/* SPDX-License-Identifier: BSD-2-Clause */
/* A panel that shows the first lines of a board. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/query/board.h"
#include "tui/model/fresh.h"
#include "tui/panel/panel.h"

/* As in the board's own view. */
#define UPDATE_EVERY_NS 900000000ull
#define UPDATE_SHARE    20

/* Whom a line is about. */
struct line_key {
	const struct field *field;
	struct value value;
};

struct panel_board {
	struct board *board;
	struct fresh fresh;
	int n;
	struct line_key keys[PANEL_TOP_MAX];
};

void panel_board_free(struct panel_board *b)
{
	if (!b)
		return;
	board_free(b->board);
	free(b);
}

static int board_height(const struct panel *panel, const struct panel_choice *choice, int top)
{
	(void)panel;
	(void)choice;
	return 2 + top;
}

/* By the first column that has something to filter by. */
static void read_key(const struct board *board, uint32_t line, struct line_key *key)
{
	char buf[VALUE_BUF];

	*key = (struct line_key){ .value = { .type = VALUE_NONE } };
	for (int i = 0; i < board->ops->n_columns; i++) {
		const char *field = board->ops->columns[i].field;

		if (!field)
			continue;
		board->ops->value(board, line, i, &key->value, buf);
		key->field = field_find(field, strlen(field), NULL);
		/* What was written to buf can't be kept. */
		if (key->value.type != VALUE_NONE && key->value.text != buf)
			return;
	}
	key->value.type = VALUE_NONE;
}

static bool bring_up_to_date(struct panel_state *s, const struct panel_frame *p)
{
	struct panel_board *b = s->board;
	enum fresh_state state;

	if (!b)
		b = s->board = calloc(1, sizeof(*b));
	if (!b)
		return false;
	state = fresh_state(&b->fresh, p->f, 0);
	if (state == FRESH_ASKED ||
	    (state == FRESH_STALE && fresh_may(&b->fresh, UPDATE_EVERY_NS, UPDATE_SHARE))) {
		fresh_begin(&b->fresh);
		board_free(b->board);
		s->panel->board->make(&b->board, p->f->rows, p->f->filter, p->f->from_seq,
				      p->f->to_seq);
		fresh_done(&b->fresh, p->f, 0);
	}
	if (!b->board)
		return false;
	for (b->n = 0; b->n < p->top && b->n < PANEL_TOP_MAX && (uint32_t)b->n < b->board->count;
	     b->n++)
		read_key(b->board, (uint32_t)b->n, &b->keys[b->n]);
	return true;
}

/* --- columns --- */

struct layout {
	int w[BOARD_COLUMNS_MAX]; /* 0: not on show */
};

static int total_width(const struct board_ops *ops, const struct layout *l)
{
	int total = 0;

	for (int i = 0; i < ops->n_columns; i++)
		total += l->w[i] ? l->w[i] + 1 : 0;
	return total - 1;
}

/* Leaves columns out by their drop numbers; the last one gets what is left. */
static struct layout lay_out(const struct board_ops *ops, int w)
{
	struct layout l = { { 0 } };
	int last = ops->n_columns - 1;

	for (int i = 0; i < ops->n_columns; i++)
		l.w[i] = ops->columns[i].width;
	while (total_width(ops, &l) > w) {
		int drop = -1;

		for (int i = 0; i < ops->n_columns; i++) {
			if (l.w[i] && ops->columns[i].drop &&
			    (drop < 0 || ops->columns[i].drop > ops->columns[drop].drop))
				drop = i;
		}
		if (drop < 0)
			break;
		l.w[drop] = 0;
	}
	l.w[last] += w - total_width(ops, &l);
	if (l.w[last] < 0)
		l.w[last] = 0;
	return l;
}

static void draw_line(const struct panel_state *s, const struct panel_frame *p,
		      const struct layout *l, int line, int y)
{
	const struct board *board = s->board->board;
	bool chosen = line == p->cursor;
	int x = p->at.x + 1;

	theme_use(p->f->theme, chosen ? ROLE_SELECTED : ROLE_TEXT);
	text_blank(y, p->at.x, p->at.w);
	for (int i = 0; i < board->ops->n_columns; i++) {
		const struct board_column *c = &board->ops->columns[i];
		char buf[VALUE_BUF], text[VALUE_BUF];
		struct value v;

		if (l->w[i] == 0)
			continue;
		board->ops->value(board, (uint32_t)line, i, &v, buf);
		value_format(i == 0 && v.type == VALUE_NONE ? &s->board->keys[line].value : &v,
			     VALUE_SHORT, text, sizeof(text));
		text_cell(y, x, l->w[i], text, c->right ? TEXT_RIGHT : 0,
			  p->f->theme->glyph->ellipsis);
		x += l->w[i] + 1;
	}
}

static void draw_header(const struct panel_state *s, const struct panel_frame *p,
			const struct layout *l)
{
	const struct board_ops *ops = s->panel->board;
	int x = p->at.x + 1;

	theme_use(p->f->theme, ROLE_TEXT);
	for (int i = 0; i < ops->n_columns; i++) {
		if (l->w[i] == 0)
			continue;
		text_cell(p->at.y + 1, x, l->w[i], ops->columns[i].title,
			  ops->columns[i].right ? TEXT_RIGHT : 0, p->f->theme->glyph->ellipsis);
		x += l->w[i] + 1;
	}
}

static void board_draw(struct panel_state *s, const struct panel_frame *p)
{
	struct layout l = lay_out(s->panel->board, p->at.w - 2);
	char right[40] = "", n[TEXT_COUNT_MAX];

	if (!bring_up_to_date(s, p))
		return;
	if (p->choice->total)
		snprintf(right, sizeof(right), "of %s",
			 text_count(s->board->board->count, COUNT_FULL, n));
	panel_draw_title(s, p, right);
	if (s->board->n == 0) {
		theme_use(p->f->theme, ROLE_TEXT);
		if (p->at.h > 1)
			text_put(p->at.y + 1, p->at.x + 1, p->at.w - 1, s->panel->board->empty);
		return;
	}
	if (p->at.h > 1)
		draw_header(s, p, &l);
	for (int i = 0; i < s->board->n && 2 + i < p->at.h; i++)
		draw_line(s, p, &l, i, p->at.y + 2 + i);
}

static int board_lines(const struct panel_state *s, const struct panel_choice *choice)
{
	(void)choice;
	return s->board && s->board->n > 0 ? s->board->n : 1;
}

static const struct value *board_value(const struct panel_state *s,
				       const struct panel_choice *choice, int line)
{
	(void)choice;
	if (!s->board || line >= s->board->n || s->board->keys[line].value.type == VALUE_NONE)
		return NULL;
	return &s->board->keys[line].value;
}

static const struct field *board_field(const struct panel_state *s, int line)
{
	return s->board->keys[line].field;
}

const struct panel_ops panel_board_ops = {
	.wide = true,
	.height = board_height,
	.draw = board_draw,
	.lines = board_lines,
	.value = board_value,
	.field = board_field,
};
