/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CSV (RFC 4180): a header line, CR LF, numbers as in JSON. An absent fact is
 * an empty field, an empty text is "". Items of a list are parted by ";".
 */
#include <errno.h>
#include <stdlib.h>

#include "core/sink/out.h"

struct csv {
	struct sink base;
	bool headed;
	const struct board_ops *board;
	const struct field *by;     /* of the groups, if that is what comes */
	const struct field *second; /* of groups by two; or NULL */
	int n_columns;
	const struct field *columns[FIELD_MAX_COLUMNS];
	struct out out;
};

static bool needs_quotes(const char *text, size_t len, char eol)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i] == '\n' ? eol : text[i];

		if (c == '"' || c == ',' || c == '\r' || c == '\n')
			return true;
	}
	return len == 0;
}

/* eol is what an end of line is written as. */
static void put_text(struct out *o, const char *text, size_t len, char eol)
{
	bool quoted = needs_quotes(text, len, eol);

	if (quoted)
		out_char(o, '"');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"')
			out_char(o, '"');
		out_char(o, text[i] == '\n' ? eol : text[i]);
	}
	if (quoted)
		out_char(o, '"');
}

static void put_value(struct out *o, const struct value *v)
{
	char addr[VALUE_ADDR_TEXT_MAX];

	switch (v->type) {
	case VALUE_NONE:
		break;
	case VALUE_UINT:
	case VALUE_TIME:
	case VALUE_DURATION:
		out_number(o, v);
		break;
	case VALUE_NAMED:
	case VALUE_TEXT:
		put_text(o, v->text, v->len, '\n');
		break;
	case VALUE_ADDR:
		out_bytes(o, addr, value_addr_text(&v->addr, addr));
		break;
	case VALUE_LIST:
		put_text(o, v->text, v->len, ';');
		break;
	}
}

static void put_header(struct csv *c, const struct field *by)
{
	struct out *o = &c->out;

	if (c->headed)
		return;
	c->headed = true;
	if (c->board) {
		for (int i = 0; i < c->board->n_columns; i++) {
			if (i)
				out_char(o, ',');
			out_text(o, c->board->columns[i].name);
		}
	} else if (by) {
		out_text(o, by->name);
		if (c->second) {
			out_char(o, ',');
			out_text(o, c->second->name);
		}
		for (enum group_column g = GROUP_COUNT; g < GROUP_COLUMNS; g++) {
			out_char(o, ',');
			out_text(o, group_column_name(g));
		}
	} else {
		for (int i = 0; i < c->n_columns; i++) {
			if (i)
				out_char(o, ',');
			out_text(o, c->columns[i]->name);
		}
	}
	out_text(o, "\r\n");
}

static int csv_open(struct sink **out, const struct sink_config *cfg, struct err *err)
{
	struct csv *c;
	int n;

	*out = NULL;
	c = malloc(sizeof(*c));
	if (!c)
		return err_set(err, -ENOMEM, "not enough memory for CSV output");
	n = sink_columns(cfg, c->columns, err);
	if (n < 0) {
		free(c);
		return n;
	}
	c->base = (struct sink){ .ops = &sink_csv };
	c->headed = false;
	c->by = cfg->by;
	c->second = cfg->second;
	c->board = cfg->board;
	c->n_columns = n;
	out_init(&c->out, cfg);
	*out = &c->base;
	return 0;
}

static int csv_row(struct sink *s, const struct row_source *src, const struct flow *f)
{
	struct csv *c = (struct csv *)s;
	char buf[VALUE_BUF];
	struct value v;

	put_header(c, NULL);
	for (int i = 0; i < c->n_columns; i++) {
		if (i)
			out_char(&c->out, ',');
		c->columns[i]->get(src, f, &v, buf);
		put_value(&c->out, &v);
	}
	out_text(&c->out, "\r\n");
	return out_end_row(&c->out);
}

static int csv_group(struct sink *s, const struct field *by, const struct group *g, uint64_t total)
{
	struct csv *csv = (struct csv *)s;
	struct out *o = &csv->out;

	put_header(csv, by);
	put_value(o, &g->key);
	if (csv->second) {
		out_char(o, ',');
		put_value(o, &g->second);
	}
	for (enum group_column c = GROUP_COUNT; c < GROUP_COLUMNS; c++) {
		struct value v = sink_group_value(g, c);

		out_char(o, ',');
		if (c == GROUP_SHARE)
			out_decimal(o, sink_group_share(g, total), 6, true);
		else
			put_value(o, &v);
	}
	out_text(o, "\r\n");
	return out_end_row(o);
}

static int csv_line(struct sink *s, const struct board *b, uint32_t line)
{
	struct csv *csv = (struct csv *)s;
	char buf[VALUE_BUF];
	struct value v;

	put_header(csv, NULL);
	for (int i = 0; i < b->ops->n_columns; i++) {
		if (i)
			out_char(&csv->out, ',');
		b->ops->value(b, line, i, &v, buf);
		put_value(&csv->out, &v);
	}
	out_text(&csv->out, "\r\n");
	return out_end_row(&csv->out);
}

static int csv_close(struct sink *s)
{
	struct csv *c = (struct csv *)s;
	int ret;

	put_header(c, c->by);
	ret = out_finish(&c->out);
	free(c);
	return ret;
}

const struct sink_ops sink_csv = {
	.name = "csv",
	.open = csv_open,
	.row = csv_row,
	.group = csv_group,
	.line = csv_line,
	.close = csv_close,
};
