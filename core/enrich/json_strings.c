/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/enrich/json_strings.h"

#include <string.h>

void json_strings_init(struct json_strings *j, const char *text, size_t len)
{
	*j = (struct json_strings){ .at = text, .end = text + len };
}

bool json_text_is(const struct json_text *t, const char *s)
{
	size_t n = strlen(s);

	return t->len == n && memcmp(t->text, s, n) == 0;
}

/* From behind the first quote to behind the last. */
static bool read_string(struct json_strings *j, struct json_text *t)
{
	t->text = j->at;
	for (; j->at < j->end; j->at++) {
		if (*j->at == '"') {
			t->len = (size_t)(j->at++ - t->text);
			return true;
		}
		if (*j->at == '\\' && ++j->at == j->end)
			break;
	}
	return false;
}

static bool is_key(struct json_strings *j)
{
	while (j->at < j->end &&
	       (*j->at == ' ' || *j->at == '\n' || *j->at == '\t' || *j->at == '\r'))
		j->at++;
	return j->at < j->end && *j->at == ':';
}

bool json_strings_next(struct json_strings *j)
{
	struct json_text t;

	while (j->at < j->end) {
		switch (*j->at++) {
		case '{':
			j->objects += j->depth == 1;
			j->depth++;
			break;
		case '[':
			j->depth++;
			break;
		case '}':
		case ']':
			if (j->depth-- == 0)
				j->at = j->end;
			break;
		case '"':
			if (!read_string(j, &t))
				return false;
			if (!is_key(j)) {
				j->value = t;
				return true;
			}
			j->key = t;
			j->key_depth = j->depth;
			break;
		default:
			break;
		}
	}
	return false;
}
