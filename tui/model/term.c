/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/model/term.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/query/filter.h"

/* What the filter takes for a word as it is, whatever field it is of. */
static bool is_plain(const char *text, size_t len)
{
	static const char *const keywords[] = { "and", "or", "not", "in" };

	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)text[i]) && !strchr("._-:", text[i]))
			return false;
	}
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (strcasecmp(text, keywords[i]) == 0)
			return false;
	}
	return len > 0 && !strstr(text, "..");
}

/* In quotes, in which a backslash is written twice. */
static bool put_quoted(const char *text, size_t len, char *buf, size_t size)
{
	size_t n = 0;

	if (size < 3)
		return false;
	buf[n++] = '"';
	for (size_t i = 0; i < len; i++) {
		if (n + 4 > size)
			return false;
		if (text[i] == '"' || text[i] == '\\')
			buf[n++] = '\\';
		buf[n++] = text[i];
	}
	buf[n++] = '"';
	buf[n] = '\0';
	return true;
}

bool term_value(const struct value *v, char *buf, size_t size)
{
	char text[VALUE_BUF];

	switch (v->type) {
	case VALUE_UINT:
		snprintf(buf, size, "%" PRIu64, v->u);
		return true;
	case VALUE_TIME:
		snprintf(buf, size, "%" PRIu64 ".%09" PRIu64, v->u / 1000000000, v->u % 1000000000);
		return true;
	case VALUE_DURATION:
		snprintf(buf, size, "%" PRIu64 "ns", v->u);
		return true;
	case VALUE_ADDR:
		value_format(v, VALUE_SHORT, buf, size);
		return true;
	default:
		if (v->len >= sizeof(text))
			return false;
		memcpy(text, v->text, v->len);
		text[v->len] = '\0';
	}
	if (!is_plain(text, v->len) || v->len >= size)
		return put_quoted(text, v->len, buf, size);
	memcpy(buf, text, v->len + 1);
	return true;
}

bool term_of(const struct field *field, const struct value *v, bool exclude, char *buf, size_t size)
{
	const char *meant;
	int n;

	/* The word alone is another test where it is a predicate too ("tc"): those
	 * fields are numbers. */
	if (v->type == VALUE_NONE)
		n = snprintf(buf, size, "%s%s%s", exclude ? "" : "not ", field->name,
			     filter_predicate_of(field->name, &meant) ? ">=0" : "");
	else
		n = snprintf(buf, size, "%s%s", field->name, exclude ? "!=" : "=");
	if (n < 0 || (size_t)n >= size)
		return false;
	return v->type == VALUE_NONE || term_value(v, buf + n, size - (size_t)n);
}

static bool is_or(const char *text)
{
	return strncmp(text, "||", 2) == 0 ||
	       (strncasecmp(text, "or", 2) == 0 && !isalnum((unsigned char)text[2]));
}

/* Whether it may have an "or" outside all parentheses; more of those do no
 * harm, so texts in quotes are not looked into. */
static bool may_fall_apart(const char *filter)
{
	bool begins = true;

	for (const char *p = filter; *p; p++) {
		if ((begins || *p == '|') && is_or(p))
			return true;
		begins = !isalnum((unsigned char)*p);
	}
	return false;
}

bool term_add(const char *filter, const char *term, char *buf, size_t size)
{
	bool wrap = may_fall_apart(filter);
	int n;

	if (filter[strspn(filter, " ")] == '\0')
		n = snprintf(buf, size, "%s", term);
	else
		n = snprintf(buf, size, "%s%s%s and %s", wrap ? "(" : "", filter, wrap ? ")" : "",
			     term);
	return n >= 0 && (size_t)n < size;
}
