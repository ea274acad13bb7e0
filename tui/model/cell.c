/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/model/cell.h"

#include <stdio.h>
#include <string.h>

#include "tui/model/term.h"

/* Of an absent value. Rows lack a code where they lack an answer, for which there
 * is a word. */
static bool absent_term(const struct field *field, const struct flow *row, bool exclude, char *buf,
			size_t size)
{
	bool waits = row->state == FLOW_PENDING || row->state == FLOW_TIMEOUT;
	struct value none = { .type = VALUE_NONE };
	int n;

	if (!waits || strcmp(field->name, "rcode") != 0)
		return term_of(field, &none, exclude, buf, size);
	n = snprintf(buf, size, "%sunanswered", exclude ? "not " : "");
	return n >= 0 && (size_t)n < size;
}

/* Of a list that is known to have no item: no test of its items can say so. */
static bool empty_term(const struct field *field, bool exclude, char *buf, size_t size)
{
	int n;

	if (strcmp(field->name, "answer") != 0)
		return false;
	n = snprintf(buf, size, "%sanswers=0", exclude ? "not " : "");
	return n >= 0 && (size_t)n < size;
}

/* A test for each item; a test of a list asks whether one of its items passes. */
static bool list_term(const struct field *field, const struct value *list, char *buf, size_t size)
{
	const char *end = list->text + list->len;
	size_t len = 0;

	for (const char *p = list->text; p < end; p++) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		struct value item = { .type = VALUE_TEXT, .text = p };
		int n;

		item.len = (size_t)((stop ? stop : end) - p);
		n = snprintf(buf + len, size - len, "%s", len ? " and " : "");
		if (n < 0 || (size_t)n >= size - len)
			return false;
		len += (size_t)n;
		if (!term_of(field, &item, false, buf + len, size - len))
			return false;
		len += strlen(buf + len);
		p += item.len;
	}
	return len > 0;
}

bool cell_term(const struct field *field, const struct row_source *src, const struct flow *row,
	       bool exclude, char *buf, size_t size)
{
	char own[VALUE_BUF], test[TERM_MAX];
	struct value v;
	bool list;
	int n;

	field->get(src, row, &v, own);
	list = v.type == VALUE_LIST && v.len;
	if (v.type == VALUE_NONE)
		return absent_term(field, row, exclude, buf, size);
	if (v.type == VALUE_LIST && !v.len)
		return empty_term(field, exclude, buf, size);
	if (!(list ? list_term(field, &v, test, sizeof(test))
		   : term_of(field, &v, false, test, sizeof(test))))
		return false;
	/* Not "!=", which rows without the fact don't pass. */
	list = list && memchr(v.text, '\n', v.len);
	n = snprintf(buf, size, "%s%s%s%s", exclude ? "not " : "", list ? "(" : "", test,
		     list ? ")" : "");
	return n >= 0 && (size_t)n < size;
}
