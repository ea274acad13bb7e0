/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/table.h"

#include <string.h>

#define GAP 1
/* A text that has less than it wants, and less than this, gets the place of columns
 * that matter little. */
#define COMFORT 32

static int body_height(const struct table *t)
{
	return t->at.h > 1 ? t->at.h - 1 : 1;
}

static int total_width(const struct table *t)
{
	int sum = 0;

	for (int i = 0; i < t->n_columns; i++) {
		if (t->column[i].w)
			sum += t->column[i].w + (sum ? GAP : 0);
	}
	return sum;
}

/* Which columns may be left out. */
enum droppable {
	DROP_ANY,
	DROP_BLANK,
	DROP_CHEAP, /* but not what the rows are ordered by */
};

static bool may_drop(const struct table *t, int i, enum droppable which)
{
	const struct table_column *c = &t->column[i];

	if (!c->w || !c->drop)
		return false;
	if (which == DROP_CHEAP)
		return t->cheap && c->drop >= t->cheap && i != t->sort;
	return which == DROP_ANY || c->blank;
}

/* The column to leave out next: the highest drop number, of equals the last. */
static int next_to_drop(const struct table *t, enum droppable which)
{
	int found = -1;

	for (int i = 0; i < t->n_columns; i++) {
		const struct table_column *c = &t->column[i];

		if (!may_drop(t, i, which))
			continue;
		if (found < 0 || c->drop >= t->column[found].drop)
			found = i;
	}
	return found;
}

/* Whether some text has less than it wants, and less than `enough`. */
static bool is_in_need(const struct table *t, int enough)
{
	for (int i = 0; i < t->n_columns; i++) {
		const struct table_column *c = &t->column[i];

		if (c->w && c->w < c->want && c->w < c->max_width && c->w < enough)
			return true;
	}
	return false;
}

/* Cell by cell in turn, so that no column takes all that is left. */
static void grow(struct table *t, int room)
{
	bool grew = true;

	while (room > 0 && grew) {
		grew = false;
		for (int i = 0; i < t->n_columns && room > 0; i++) {
			struct table_column *c = &t->column[i];

			if (c->w && c->w < c->want && c->w < c->max_width) {
				c->w++;
				room--;
				grew = true;
			}
		}
	}
}

/* Leaves out what may be, as long as texts are in need of its place. */
static void make_room(struct table *t, int width, enum droppable which, int enough)
{
	int drop;

	while (is_in_need(t, enough) && (drop = next_to_drop(t, which)) >= 0) {
		t->column[drop].w = 0;
		grow(t, width - total_width(t));
	}
}

void table_layout(struct table *t, int width)
{
	int x = 0;
	int drop;

	for (int i = 0; i < t->n_columns; i++)
		t->column[i].w = t->column[i].width;
	while (total_width(t) > width && (drop = next_to_drop(t, DROP_ANY)) >= 0)
		t->column[drop].w = 0;
	grow(t, width - total_width(t));
	if (!t->keep_blank) {
		make_room(t, width, DROP_BLANK, width);
		make_room(t, width, DROP_CHEAP, COMFORT);
	}
	for (int i = 0; i < t->n_columns; i++) {
		struct table_column *c = &t->column[i];

		if (!c->w)
			continue;
		c->x = x;
		if (x + c->w > width)
			c->w = width > x ? width - x : 0;
		x += c->w + GAP;
	}
}

static void draw_header(const struct table *t, const struct theme *theme)
{
	const struct glyphs *g = theme->glyph;

	theme_use(theme, ROLE_HEADER);
	text_blank(t->at.y, t->at.x, t->at.w);
	for (int i = 0; i < t->n_columns; i++) {
		const struct table_column *c = &t->column[i];
		int cells = text_cells(c->title);
		int x = t->at.x + c->x;
		/* The arrow may stand in the gap to the next column. */
		int room = c->x + c->w < t->at.w ? c->w + GAP : c->w;

		if (!c->w)
			continue;
		theme_use(theme, i == t->sort ? ROLE_HEADER_SORT : ROLE_HEADER);
		if (c->flags & TEXT_RIGHT && cells < c->w)
			x += c->w - cells;
		cells = text_put(t->at.y, x, c->w, c->title);
		if (i == t->sort)
			text_put(t->at.y, x + cells, t->at.x + c->x + room - (x + cells),
				 t->descending ? g->descending : g->ascending);
	}
}

static void draw_row(struct table *t, const struct theme *theme, const struct frame *f,
		     uint32_t row, int y)
{
	bool chosen = row == t->cursor;
	int marked = chosen && t->marked ? t->marked(t->ctx) : -1;
	struct table_cell cell;

	theme_use(theme, chosen ? ROLE_SELECTED : ROLE_TEXT);
	text_blank(y, t->at.x, t->at.w);
	for (int i = 0; i < t->n_columns; i++) {
		const struct table_column *c = &t->column[i];

		if (!c->w)
			continue;
		cell.role = ROLE_TEXT;
		t->cell(t->ctx, f, row, i, &cell);
		theme_use(theme, i == marked ? ROLE_CELL : chosen ? ROLE_SELECTED : cell.role);
		text_cell(y, t->at.x + c->x, c->w, cell.text, c->flags, theme->glyph->ellipsis);
	}
}

/* Learns how wide the texts on screen are. What a column wants never shrinks
 * while it is on show, so that columns don't wander as rows pass. */
static void measure(struct table *t, const struct frame *f)
{
	uint32_t end = t->top + (uint32_t)body_height(t);
	struct table_cell cell;

	for (uint32_t row = t->top; row < end && row < t->count; row++) {
		for (int i = 0; i < t->n_columns; i++) {
			struct table_column *c = &t->column[i];
			int cells;

			if (c->want >= c->max_width && !c->blank)
				continue;
			t->cell(t->ctx, f, row, i, &cell);
			cells = text_cells(cell.text);
			if (strcmp(cell.text, "-") != 0)
				c->blank = false;
			if (cells > c->want)
				c->want = cells;
		}
	}
}

void table_draw(struct table *t, const struct theme *theme, struct rect at, const struct frame *f)
{
	if (at.w != t->at.w) {
		for (int i = 0; i < t->n_columns; i++) {
			t->column[i].want = 0;
			t->column[i].blank = t->count > 0;
		}
	}
	t->at = at;
	table_reveal(t);
	measure(t, f);
	table_layout(t, at.w);
	draw_header(t, theme);
	for (int i = 0; i < at.h - 1; i++) {
		uint32_t row = t->top + (uint32_t)i;

		if (row < t->count) {
			draw_row(t, theme, f, row, at.y + 1 + i);
		} else {
			theme_use(theme, ROLE_TEXT);
			text_blank(at.y + 1 + i, at.x, at.w);
		}
	}
}

void table_reveal(struct table *t)
{
	uint32_t h = (uint32_t)body_height(t);

	if (t->cursor < t->top)
		t->top = t->cursor;
	if (t->cursor >= t->top + h)
		t->top = t->cursor - h + 1;
	/* No blank lines below while there are rows above. */
	if (t->top + h > t->count)
		t->top = t->count > h ? t->count - h : 0;
}

void table_set_count(struct table *t, uint32_t count)
{
	t->count = count;
	if (t->cursor >= count)
		t->cursor = count ? count - 1 : 0;
}

void table_move(struct table *t, enum move how)
{
	uint32_t page = (uint32_t)body_height(t);
	uint32_t last = t->count ? t->count - 1 : 0;

	switch (how) {
	case MOVE_UP:
		t->cursor -= t->cursor > 0;
		break;
	case MOVE_DOWN:
		t->cursor += t->cursor < last;
		break;
	case MOVE_PAGE_UP:
		t->cursor -= t->cursor < page ? t->cursor : page;
		break;
	case MOVE_PAGE_DOWN:
		t->cursor = last - t->cursor < page ? last : t->cursor + page;
		break;
	case MOVE_FIRST:
		t->cursor = 0;
		break;
	case MOVE_LAST:
		t->cursor = last;
		break;
	}
	table_reveal(t);
}

void table_scroll(struct table *t, int lines)
{
	uint32_t h = (uint32_t)body_height(t);
	int64_t top = (int64_t)t->top + lines;
	int64_t last = t->count > h ? (int64_t)t->count - h : 0;

	t->top = (uint32_t)(top < 0 ? 0 : top > last ? last : top);
	if (t->cursor < t->top)
		t->cursor = t->top;
	if (t->cursor >= t->top + h)
		t->cursor = t->top + h - 1;
}

void table_sort(struct table *t, int column)
{
	if (column < 0 || column >= t->n_columns)
		return;
	t->descending = t->sort == column ? !t->descending : true;
	t->sort = column;
	t->sort_revision++;
}

int table_column_beside(const struct table *t, int column, int step)
{
	for (int i = column + step; i >= 0 && i < t->n_columns; i += step) {
		if (t->column[i].w)
			return i;
	}
	return column;
}

void table_sort_step(struct table *t, int step)
{
	int to = table_column_beside(t, t->sort, step);

	if (to == t->sort)
		return;
	t->sort = to;
	t->sort_revision++;
}

void table_sort_invert(struct table *t)
{
	t->descending = !t->descending;
	t->sort_revision++;
}

int table_column_at(const struct table *t, int x)
{
	int found = -1;

	for (int i = 0; i < t->n_columns; i++) {
		const struct table_column *c = &t->column[i];

		if (c->w && x >= t->at.x + c->x && x < t->at.x + c->x + c->w + GAP)
			found = i;
	}
	return found;
}

/* What is at a cell of the screen: the column of a header (row -1), or a row.
 * Returns false for neither. */
static bool hit(const struct table *t, int y, int x, int *column, int64_t *row)
{
	int line = y - t->at.y;

	if (line < 0 || line >= t->at.h || x < t->at.x || x >= t->at.x + t->at.w)
		return false;
	*column = -1;
	*row = line - 1;
	if (line > 0) {
		*row += t->top;
		return *row < (int64_t)t->count;
	}
	*column = table_column_at(t, x);
	return *column >= 0;
}

bool table_click(struct table *t, int y, int x)
{
	int column;
	int64_t row;

	if (!hit(t, y, x, &column, &row))
		return false;
	if (column >= 0) {
		table_sort(t, column);
		return false;
	}
	t->cursor = (uint32_t)row;
	return true;
}
