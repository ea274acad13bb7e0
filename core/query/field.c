/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/field.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/base/err.h"
#include "core/query/nearest.h"

/* From the left, as the mock-ups have them. */
static const char default_columns[] = "ts,interface,comm,client,client_port,server,server_port,"
				      "transport,qtype,qname,id,latency_us,rcode";

/* Goes through every name and alias: the first of each field is its name. */
struct walk {
	const struct field *field;
	const struct field_alias *next; /* NULL: the name itself */
	size_t left;                    /* fields, this one included */
	bool named;
};

static struct walk walk_begin(void)
{
	struct walk w = { 0 };

	w.field = fields(&w.left);
	return w;
}

/* The next word, NULL at the end; *bare_ns is what a bare number counts there. */
static const char *walk_next(struct walk *w, const struct field **field, uint64_t *bare_ns)
{
	for (; w->left; w->left--, w->field++, w->named = false) {
		*field = w->field;
		*bare_ns = w->field->bare_ns;
		if (!w->named) {
			w->named = true;
			w->next = w->field->aliases;
			return w->field->name;
		}
		if (w->next && w->next->name) {
			if (w->next->bare_ns)
				*bare_ns = w->next->bare_ns;
			return w->next++->name;
		}
	}
	return NULL;
}

const struct field *field_find(const char *name, size_t len, uint64_t *alias_bare_ns)
{
	struct walk w = walk_begin();
	const struct field *field;
	const char *word;
	uint64_t bare_ns;

	while ((word = walk_next(&w, &field, &bare_ns))) {
		if (strlen(word) != len || strncasecmp(word, name, len) != 0)
			continue;
		if (alias_bare_ns)
			*alias_bare_ns = bare_ns;
		return field;
	}
	return NULL;
}

const char *field_suggest(const char *name, size_t len)
{
	struct nearest near = nearest_to(name, len);
	struct walk w = walk_begin();
	const struct field *field;
	const char *word;
	uint64_t bare_ns;

	while ((word = walk_next(&w, &field, &bare_ns)))
		nearest_consider(&near, word);
	return near.best;
}

/* One name of a list: bytes [from, to) of text. */
static int parse_one(const char *text, size_t from, size_t to, const struct field **out, int n,
		     struct err *err)
{
	int pos = (int)from, len = (int)(to - from);
	const struct field *field = field_find(text + from, to - from, NULL);
	const char *near = field_suggest(text + from, to - from);

	if (len == 0)
		return err_set_at(err, -EINVAL, pos, 0, "a field's name is expected here");
	if (!field && near)
		return err_set_at(err, -EINVAL, pos, len,
				  "unknown field \"%.*s\"; did you mean %s?", len, text + from,
				  near);
	if (!field)
		return err_set_at(err, -EINVAL, pos, len, "unknown field \"%.*s\"", len,
				  text + from);
	for (int i = 0; i < n; i++)
		if (out[i] == field)
			return err_set_at(err, -EINVAL, pos, len, "field %s is given twice",
					  field->name);
	out[n] = field;
	return 0;
}

int field_parse_list(const char *text, const struct field **out, int max, struct err *err)
{
	size_t from = 0;
	int n = 0;

	for (;;) {
		size_t end = from + strcspn(text + from, ","), to = end;
		int ret;

		from += strspn(text + from, " ");
		while (to > from && text[to - 1] == ' ')
			to--;
		if (from > to)
			from = to;
		if (n == max)
			return err_set_at(err, -E2BIG, (int)from, (int)(to - from),
					  "more than %d fields", max);
		ret = parse_one(text, from, to, out, n, err);
		if (ret)
			return ret;
		n++;
		if (!text[end])
			return n;
		from = end + 1;
	}
}

int field_default_columns(const struct field *out[FIELD_MAX_COLUMNS])
{
	int n = field_parse_list(default_columns, out, FIELD_MAX_COLUMNS, NULL);

	return n < 0 ? 0 : n;
}

size_t field_cell(const struct field *fd, const struct row_source *src, const struct flow *f,
		  char *buf, size_t size)
{
	char scratch[VALUE_BUF];
	struct value v;

	fd->get(src, f, &v, scratch);
	if (v.type == VALUE_NONE && fd->absent) {
		const char *text = fd->absent(f);

		v = (struct value){ .type = VALUE_TEXT, .text = text, .len = strlen(text) };
	}
	return value_format(&v, VALUE_SHORT, buf, size);
}
