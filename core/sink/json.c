/* SPDX-License-Identifier: BSD-2-Clause */
/* NDJSON: one object a line (RFC 8259), absent facts null, ASCII only. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/sink/out.h"

/* A field and what is written before its value: its name as a key. */
struct column {
	const struct field *field;
	size_t key_len;
	char key[64];
};

struct json {
	struct sink base;
	const struct field *second; /* of groups by two; or NULL */
	int n_columns;
	struct column columns[FIELD_MAX_COLUMNS];
	struct out out;
};

/* Texts are escaped where they enter the table, but JSON must stay JSON
 * whatever comes: a byte beyond ASCII is written as the code point of its
 * number. */
static void put_escaped(struct out *o, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	const char code[] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 0xf] };

	if (c == '"' || c == '\\') {
		out_char(o, '\\');
		out_char(o, (char)c);
	} else {
		out_bytes(o, code, sizeof(code));
	}
}

static void put_string(struct out *o, const char *text, size_t len)
{
	size_t from = 0;

	out_char(o, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\')
			continue;
		out_bytes(o, text + from, i - from);
		put_escaped(o, c);
		from = i + 1;
	}
	out_bytes(o, text + from, len - from);
	out_char(o, '"');
}

static void put_list(struct out *o, const char *text, size_t len)
{
	const char *end = text + len;

	out_char(o, '[');
	while (text < end) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		const char *stop = eol ? eol : end;

		put_string(o, text, (size_t)(stop - text));
		text = eol ? eol + 1 : end;
		if (text < end)
			out_char(o, ',');
	}
	out_char(o, ']');
}

static void put_value(struct out *o, const struct value *v)
{
	char addr[VALUE_ADDR_TEXT_MAX];

	switch (v->type) {
	case VALUE_NONE:
		out_bytes(o, "null", 4);
		break;
	case VALUE_UINT:
	case VALUE_TIME:
	case VALUE_DURATION:
		out_number(o, v);
		break;
	case VALUE_NAMED:
	case VALUE_TEXT:
		put_string(o, v->text, v->len);
		break;
	case VALUE_ADDR:
		put_string(o, addr, value_addr_text(&v->addr, addr));
		break;
	case VALUE_LIST:
		put_list(o, v->text, v->len);
		break;
	}
}

static int json_open(struct sink **out, const struct sink_config *cfg, struct err *err)
{
	const struct field *columns[FIELD_MAX_COLUMNS];
	int n = sink_columns(cfg, columns, err);
	struct json *j;

	*out = NULL;
	if (n < 0)
		return n;
	j = malloc(sizeof(*j));
	if (!j)
		return err_set(err, -ENOMEM, "not enough memory for JSON output");
	j->base = (struct sink){ .ops = &sink_json };
	j->second = cfg->second;
	j->n_columns = n;
	for (int i = 0; i < n; i++) {
		struct column *c = &j->columns[i];

		c->field = columns[i];
		c->key_len = (size_t)snprintf(c->key, sizeof(c->key), "%c\"%s\":", i ? ',' : '{',
					      c->field->name);
	}
	out_init(&j->out, cfg);
	*out = &j->base;
	return 0;
}

static int json_row(struct sink *s, const struct row_source *src, const struct flow *f)
{
	struct json *j = (struct json *)s;
	char buf[VALUE_BUF];
	struct value v;

	for (int i = 0; i < j->n_columns; i++) {
		const struct column *c = &j->columns[i];

		out_bytes(&j->out, c->key, c->key_len);
		c->field->get(src, f, &v, buf);
		put_value(&j->out, &v);
	}
	out_bytes(&j->out, "}\n", 2);
	return out_end_row(&j->out);
}

static void put_key(struct out *o, char before, const struct field *field, const struct value *v)
{
	out_char(o, before);
	put_string(o, field->name, strlen(field->name));
	out_char(o, ':');
	put_value(o, v);
}

static int json_group(struct sink *s, const struct field *by, const struct group *g, uint64_t total)
{
	const struct json *j = (struct json *)s;
	struct out *o = &((struct json *)s)->out;

	put_key(o, '{', by, &g->key);
	if (j->second)
		put_key(o, ',', j->second, &g->second);
	for (enum group_column c = GROUP_COUNT; c < GROUP_COLUMNS; c++) {
		struct value v = sink_group_value(g, c);

		out_char(o, ',');
		put_string(o, group_column_name(c), strlen(group_column_name(c)));
		out_char(o, ':');
		if (c == GROUP_SHARE)
			out_decimal(o, sink_group_share(g, total), 6, true);
		else
			put_value(o, &v);
	}
	out_bytes(o, "}\n", 2);
	return out_end_row(o);
}

static int json_line(struct sink *s, const struct board *b, uint32_t line)
{
	struct out *o = &((struct json *)s)->out;
	char buf[VALUE_BUF];
	struct value v;

	for (int i = 0; i < b->ops->n_columns; i++) {
		const char *name = b->ops->columns[i].name;

		out_char(o, i ? ',' : '{');
		put_string(o, name, strlen(name));
		out_char(o, ':');
		b->ops->value(b, line, i, &v, buf);
		put_value(o, &v);
	}
	out_bytes(o, "}\n", 2);
	return out_end_row(o);
}

static int json_close(struct sink *s)
{
	struct json *j = (struct json *)s;
	int ret = out_finish(&j->out);

	free(j);
	return ret;
}

const struct sink_ops sink_json = {
	.name = "json",
	.open = json_open,
	.row = json_row,
	.group = json_group,
	.line = json_line,
	.close = json_close,
};
