/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/view/boardview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/flow/inventory.h"
#include "tui/model/fresh.h"
#include "tui/model/term.h"
#include "tui/widget/doc.h"
#include "tui/widget/table.h"

/* As the groups of Top: about as often as frames are drawn, and little of the time. */
#define UPDATE_EVERY_NS 900000000ull
#define UPDATE_SHARE    20

/* The table keeps so many lines at least when one is shown whole below it. */
#define TABLE_LINES 5
#define KEY_WIDTH   10

struct boardview {
	const struct board_ops *ops;
	struct table table;
	struct board *board; /* NULL: memory was short */
	uint32_t *order;     /* of its lines; NULL: as they come */
	uint32_t sorted;     /* the table's sort_revision that order is of */
	struct fresh fresh;
	bool selected; /* a line of its own, not the top one */
	char key[VALUE_BUF];
	bool partial;    /* not all of a line has room in the table */
	struct doc line; /* the one under the cursor, whole */
};

static uint32_t line_at(const struct boardview *v, uint32_t row)
{
	return v->order ? v->order[row] : row;
}

/* The first column of a line that says whom it is about. */
static bool line_key(const struct boardview *v, uint32_t line, int *column, struct value *out,
		     char *buf)
{
	for (int i = 0; i < v->ops->n_columns; i++) {
		if (!v->ops->columns[i].field)
			continue;
		v->ops->value(v->board, line, i, out, buf);
		*column = i;
		if (out->type != VALUE_NONE)
			return true;
	}
	return false;
}

static void key_text(const struct boardview *v, uint32_t line, char *out, size_t size)
{
	char buf[VALUE_BUF];
	struct value value;
	int column;

	out[0] = '\0';
	if (line_key(v, line, &column, &value, buf))
		value_format(&value, VALUE_SHORT, out, size);
}

/* --- cells --- */

static void board_cell(void *ctx, const struct frame *f, uint32_t row, int column,
		       struct table_cell *out)
{
	const struct boardview *v = ctx;
	uint32_t line = line_at(v, row);
	char buf[VALUE_BUF];
	struct value value;

	(void)f;
	v->ops->value(v->board, line, column, &value, buf);
	out->role = ROLE_TEXT;
	/* Whom a line is about is told first, by what is known. */
	if (column == 0 && value.type == VALUE_NONE)
		key_text(v, line, out->text, sizeof(out->text));
	else if (value.type == VALUE_UINT)
		text_count(value.u, COUNT_FULL, out->text);
	else
		value_format(&value, VALUE_SHORT, out->text, sizeof(out->text));
	if (column == v->ops->n_columns - 1 && v->ops->is_fine && !v->ops->is_fine(v->board, line))
		out->role = ROLE_WARNING;
}

/* --- keeping true to the table --- */

static void follow_selection(struct boardview *v)
{
	struct table *t = &v->table;
	uint32_t line = t->cursor - t->top;
	char text[VALUE_BUF];

	table_set_count(t, v->board ? v->board->count : 0);
	if (!v->selected) {
		t->cursor = t->top = 0;
		return;
	}
	for (uint32_t i = 0; i < t->count; i++) {
		key_text(v, line_at(v, i), text, sizeof(text));
		if (strcmp(text, v->key) != 0)
			continue;
		t->cursor = i;
		t->top = i > line ? i - line : 0;
		return;
	}
}

static void sort_lines(struct boardview *v)
{
	free(v->order);
	v->order = NULL;
	v->sorted = v->table.sort_revision;
	if (!v->board || v->table.sort < 0)
		return;
	v->order = malloc(((size_t)v->board->count + 1) * sizeof(*v->order));
	if (v->order)
		board_sort(v->board, v->table.sort, v->table.descending, v->order);
}

/* What is not about rows changes without them, unless it is paused. */
static uint32_t revision_of(const struct boardview *v, const struct frame *f)
{
	if (!v->ops->unfiltered || !f->rows->inventory || f->paused)
		return v->fresh.own_revision;
	return (uint32_t)inventory_stats(f->rows->inventory)->packets;
}

static void board_update(void *view, const struct frame *f)
{
	struct boardview *v = view;
	uint32_t revision = revision_of(v, f);
	enum fresh_state state = fresh_state(&v->fresh, f, revision);
	bool again = state == FRESH_ASKED ||
		     (state == FRESH_STALE && fresh_may(&v->fresh, UPDATE_EVERY_NS, UPDATE_SHARE));

	if (again) {
		fresh_begin(&v->fresh);
		board_free(v->board);
		v->ops->make(&v->board, f->rows, f->filter, f->from_seq, f->to_seq);
		fresh_done(&v->fresh, f, revision);
	}
	if (!again && v->sorted == v->table.sort_revision)
		return;
	sort_lines(v);
	follow_selection(v);
}

/* --- drawing --- */

/* Whether a column is left out or cut. */
static bool is_partial(const struct table *t)
{
	for (int i = 0; i < t->n_columns; i++) {
		if (t->column[i].w < t->column[i].want || !t->column[i].w)
			return t->count > 0;
	}
	return false;
}

/* All that is known of the line under the cursor. */
static void write_line(struct boardview *v, const struct frame *f)
{
	struct table_cell cell;

	doc_clear(&v->line);
	for (int i = 0; i < v->ops->n_columns; i++) {
		board_cell(v, f, v->table.cursor, i, &cell);
		if (strcmp(cell.text, "-") != 0)
			doc_add_pair(&v->line, ROLE_STRONG, v->ops->columns[i].title, KEY_WIDTH,
				     cell.role, cell.text);
	}
}

/* The table, and below it what has no room in it. */
static void draw_parts(struct boardview *v, const struct frame *f, struct rect at)
{
	struct rect below = at;
	char key[VALUE_BUF];

	if (v->partial && v->table.count) {
		write_line(v, f);
		below.h = doc_height(&v->line, at.w - 1) + 1;
		if (below.h > at.h - TABLE_LINES)
			below.h = at.h - TABLE_LINES;
	}
	if (!v->partial || v->table.count == 0 || below.h < 2) {
		table_draw(&v->table, f->theme, at, f);
		return;
	}
	at.h -= below.h;
	below.y = at.y + at.h;
	table_draw(&v->table, f->theme, at, f);
	key_text(v, line_at(v, v->table.cursor), key, sizeof(key));
	theme_use(f->theme, ROLE_RULE);
	text_repeat(below.y, below.x, below.w, f->theme->glyph->rule);
	theme_use(f->theme, ROLE_STRONG);
	text_putf(below.y, below.x + 1, below.w - 2, " %s ", key);
	doc_draw(&v->line, f->theme,
		 (struct rect){ below.y + 1, below.x + 1, below.h - 1, below.w - 1 });
}

static void board_draw(void *view, const struct frame *f, struct rect at)
{
	struct boardview *v = view;
	int room = at.w - (int)strlen(v->ops->empty);

	draw_parts(v, f, at);
	/* Only the drawn table tells. */
	if (v->partial != is_partial(&v->table)) {
		v->partial = !v->partial;
		draw_parts(v, f, at);
	}
	if (v->table.count == 0 && room >= 0 && at.h > 2) {
		theme_use(f->theme, ROLE_TEXT);
		text_put(at.y + at.h / 3 + 1, at.x + room / 2, at.w - room / 2, v->ops->empty);
	}
}

/* --- what the user does --- */

static void select_cursor(struct boardview *v)
{
	v->selected = v->table.cursor > 0;
	if (v->selected)
		key_text(v, line_at(v, v->table.cursor), v->key, sizeof(v->key));
}

static void board_move(void *view, enum move how)
{
	struct boardview *v = view;

	table_move(&v->table, how);
	select_cursor(v);
}

static void board_click(void *view, int y, int x)
{
	struct boardview *v = view;

	if (table_click(&v->table, y, x))
		select_cursor(v);
}

static void board_wheel(void *view, int lines)
{
	struct boardview *v = view;

	table_scroll(&v->table, lines);
	select_cursor(v);
}

static bool board_term(void *view, bool exclude, char *buf, size_t size)
{
	const struct boardview *v = view;
	char text[VALUE_BUF], term[TERM_MAX];
	const struct field *field;
	struct value value;
	int column, n;

	if (v->table.count == 0 || !line_key(v, line_at(v, v->table.cursor), &column, &value, text))
		return false;
	field = field_find(v->ops->columns[column].field, strlen(v->ops->columns[column].field),
			   NULL);
	if (!term_of(field, &value, exclude, term, sizeof(term)))
		return false;
	n = snprintf(buf, size, "%s%s%s", term, v->ops->where && !exclude ? " and " : "",
		     v->ops->where && !exclude ? v->ops->where : "");
	return n >= 0 && (size_t)n < size;
}

static struct table *board_table(void *view)
{
	return &((struct boardview *)view)->table;
}

static void board_status(void *view, const struct frame *f, char buf[VIEW_STATUS_MAX])
{
	const struct boardview *v = view;
	char n[TEXT_COUNT_MAX];

	(void)f;
	if (v->board)
		snprintf(buf, VIEW_STATUS_MAX, "%s line%s",
			 text_count(v->table.count, COUNT_FULL, n), v->table.count == 1 ? "" : "s");
	else
		snprintf(buf, VIEW_STATUS_MAX, "out of memory");
}

/* --- life --- */

static void board_reset(void *view)
{
	struct boardview *v = view;

	v->fresh.valid = false;
	v->selected = false;
}

static void boardview_free(void *view)
{
	struct boardview *v = view;

	if (!v)
		return;
	board_free(v->board);
	doc_free(&v->line);
	free(v->order);
	free(v);
}

struct boardview *boardview_new(const struct board_ops *ops)
{
	struct boardview *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->ops = ops;
	v->table.cell = board_cell;
	v->table.ctx = v;
	v->table.keep_blank = true;
	v->table.sort = -1;
	v->table.descending = true;
	v->table.n_columns = ops->n_columns;
	for (int i = 0; i < ops->n_columns; i++) {
		const struct board_column *c = &ops->columns[i];

		v->table.column[i] = (struct table_column){
			.title = c->title,
			.help = c->help,
			.tag = c,
			.width = c->width,
			.max_width = c->max_width > c->width ? c->max_width : c->width,
			.drop = c->drop,
			.flags = c->right ? (unsigned)TEXT_RIGHT : 0u,
		};
	}
	return v;
}

#define BOARDVIEW_OPS(words)                                                                    \
	{                                                                                       \
		.title = (words), .enter = "Flows", .update = board_update, .draw = board_draw, \
		.move = board_move, .click = board_click, .wheel = board_wheel,                 \
		.status = board_status, .table = board_table, .term = board_term,               \
		.reset = board_reset, .free = boardview_free,                                   \
	}

const struct view_ops boardview_resolvers_ops = BOARDVIEW_OPS("Resolvers");
const struct view_ops boardview_searches_ops = BOARDVIEW_OPS("Search");
const struct view_ops boardview_encrypted_ops = BOARDVIEW_OPS("Encrypted");
