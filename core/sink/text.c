/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table for people: a header, then rows in columns. Nothing is cut: a cell
 * longer than its column takes the room of the blanks after it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/sink/out.h"

/* Rows go out one by one, so a column's width is set before its cells are
 * known: wide enough for any IPv4 address and most names. */
#define WIDTH_ADDR 15u
#define WIDTH_MAX  32u

struct text {
	struct sink base;
	bool headed;
	const struct field *by, *second; /* of groups, by two or one */
	const struct board_ops *board;
	size_t overrun; /* cells that this line is beyond its columns */
	int n_columns;
	const struct field *columns[FIELD_MAX_COLUMNS];
	struct out out;
};

static size_t width_of(const struct field *f)
{
	if (f->type == VALUE_ADDR)
		return WIDTH_ADDR;
	if (f->max_width <= f->width)
		return f->width;
	return f->max_width < WIDTH_MAX ? f->max_width : WIDTH_MAX;
}

static void put_cell(struct text *t, const char *cell, size_t len, size_t width, bool right,
		     bool last)
{
	size_t blanks = width > len ? width - len : 0;
	size_t back = blanks < t->overrun ? blanks : t->overrun;

	blanks -= back;
	t->overrun -= back;
	if (len > width)
		t->overrun += len - width;
	if (right)
		out_spaces(&t->out, blanks);
	out_bytes(&t->out, cell, len);
	if (!right && !last)
		out_spaces(&t->out, blanks);
	out_char(&t->out, last ? '\n' : ' ');
	if (last)
		t->overrun = 0;
}

static void put_row_header(struct text *t)
{
	if (t->headed)
		return;
	t->headed = true;
	for (int i = 0; i < t->n_columns; i++) {
		const struct field *f = t->columns[i];

		put_cell(t, f->title, strlen(f->title), width_of(f), f->flags & FIELD_RIGHT,
			 i == t->n_columns - 1);
	}
}

static size_t group_width(enum group_column c)
{
	return c == GROUP_BYTES ? 12 : 8;
}

static void put_title(struct text *t, const struct field *field)
{
	put_cell(t, field->title, strlen(field->title), width_of(field), false, false);
}

static void put_key(struct text *t, const struct field *field, const struct value *v)
{
	char cell[VALUE_BUF];
	size_t len = value_format(v, VALUE_SHORT, cell, sizeof(cell));

	put_cell(t, cell, len, width_of(field), false, false);
}

static void put_group_header(struct text *t, const struct field *by)
{
	if (t->headed)
		return;
	t->headed = true;
	put_title(t, by);
	if (t->second)
		put_title(t, t->second);
	for (enum group_column c = GROUP_COUNT; c < GROUP_COLUMNS; c++)
		put_cell(t, group_column_title(c), strlen(group_column_title(c)), group_width(c),
			 true, c == GROUP_COLUMNS - 1);
}

static int text_open(struct sink **out, const struct sink_config *cfg, struct err *err)
{
	struct text *t;
	int n;

	*out = NULL;
	t = malloc(sizeof(*t));
	if (!t)
		return err_set(err, -ENOMEM, "not enough memory for text output");
	n = cfg->columns ? sink_columns(cfg, t->columns, err) : field_default_columns(t->columns);
	if (n < 0) {
		free(t);
		return n;
	}
	t->base = (struct sink){ .ops = &sink_text };
	t->headed = false;
	t->by = cfg->by;
	t->second = cfg->second;
	t->board = cfg->board;
	t->overrun = 0;
	t->n_columns = n;
	out_init(&t->out, cfg);
	*out = &t->base;
	return 0;
}

static int text_row(struct sink *s, const struct row_source *src, const struct flow *f)
{
	struct text *t = (struct text *)s;
	char cell[VALUE_BUF];

	put_row_header(t);
	for (int i = 0; i < t->n_columns; i++) {
		const struct field *fd = t->columns[i];
		size_t len = field_cell(fd, src, f, cell, sizeof(cell));

		put_cell(t, cell, len, width_of(fd), fd->flags & FIELD_RIGHT,
			 i == t->n_columns - 1);
	}
	return out_end_row(&t->out);
}

/* In tenths of a percent: 92.8%. */
static size_t share_cell(uint64_t millionths, char *cell, size_t size)
{
	unsigned tenths = (unsigned)((millionths + 500) / 1000);

	return (size_t)snprintf(cell, size, "%u.%u%%", tenths / 10, tenths % 10);
}

static int text_group(struct sink *s, const struct field *by, const struct group *g, uint64_t total)
{
	struct text *t = (struct text *)s;
	char cell[VALUE_BUF];

	put_group_header(t, by);
	put_key(t, by, &g->key);
	if (t->second)
		put_key(t, t->second, &g->second);
	for (enum group_column c = GROUP_COUNT; c < GROUP_COLUMNS; c++) {
		struct value v = sink_group_value(g, c);
		size_t len = c == GROUP_SHARE
				     ? share_cell(sink_group_share(g, total), cell, sizeof(cell))
				     : value_format(&v, VALUE_SHORT, cell, sizeof(cell));

		put_cell(t, cell, len, group_width(c), true, c == GROUP_COLUMNS - 1);
	}
	return out_end_row(&t->out);
}

static size_t column_width(const struct board_column *c)
{
	size_t most = c->type == VALUE_ADDR ? WIDTH_ADDR : c->max_width;

	if (most > WIDTH_MAX)
		most = WIDTH_MAX;
	return most > c->width ? most : c->width;
}

static void put_board_header(struct text *t)
{
	if (t->headed)
		return;
	t->headed = true;
	for (int i = 0; i < t->board->n_columns; i++) {
		const struct board_column *c = &t->board->columns[i];

		put_cell(t, c->title, strlen(c->title), column_width(c), c->right,
			 i == t->board->n_columns - 1);
	}
}

static int text_line(struct sink *s, const struct board *b, uint32_t line)
{
	struct text *t = (struct text *)s;
	char buf[VALUE_BUF], cell[VALUE_BUF];
	struct value v;

	put_board_header(t);
	for (int i = 0; i < b->ops->n_columns; i++) {
		const struct board_column *c = &b->ops->columns[i];
		size_t len;

		b->ops->value(b, line, i, &v, buf);
		len = value_format(&v, VALUE_SHORT, cell, sizeof(cell));
		put_cell(t, cell, len, column_width(c), c->right, i == b->ops->n_columns - 1);
	}
	return out_end_row(&t->out);
}

static int text_close(struct sink *s)
{
	struct text *t = (struct text *)s;
	int ret;

	if (t->board)
		put_board_header(t);
	else if (t->by)
		put_group_header(t, t->by);
	else
		put_row_header(t);
	ret = out_finish(&t->out);
	free(t);
	return ret;
}

const struct sink_ops sink_text = {
	.name = "text",
	.open = text_open,
	.row = text_row,
	.group = text_group,
	.line = text_line,
	.close = text_close,
};
