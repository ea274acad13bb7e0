/* SPDX-License-Identifier: BSD-2-Clause */
/* The name, and the domains that it lies in. */
#include "core/query/field_put.h"

#include <strings.h>

GETTER(qname)
{
	put_none(out);
	if (!has(f, FLOW_HAS_QUESTION) || f->qname == INTERN_NONE)
		return;
	out->type = VALUE_TEXT;
	out->text = intern_text(src->table->names, f->qname, &out->len);
}

/* Where the label before text[end] begins; end is past its last byte. A dot
 * behind an odd number of backslashes is a byte of the label. */
static size_t label_start(const char *text, size_t end)
{
	for (size_t at = end; at > 0; at--) {
		size_t escapes = 0;

		if (text[at - 1] != '.')
			continue;
		while (escapes < at - 1 && text[at - 2 - escapes] == '\\')
			escapes++;
		if (escapes % 2 == 0)
			return at;
	}
	return 0;
}

static void put_domain(struct value *out, unsigned labels)
{
	size_t at = label_start(out->text, out->len);

	if (strcasecmp(out->text + at, "arpa") == 0)
		labels++;
	/* The root's name is a dot that parts nothing. */
	while (--labels > 0 && at > 0 && at < out->len)
		at = label_start(out->text, at - 1);
	if (at == out->len)
		return;
	out->text += at;
	out->len -= at;
}

#define DOMAIN_GETTER(n)                           \
	GETTER(domain##n)                          \
	{                                          \
		field_get_qname(src, f, out, buf); \
		if (out->type == VALUE_TEXT)       \
			put_domain(out, n);        \
	}

DOMAIN_GETTER(1)
DOMAIN_GETTER(2)
DOMAIN_GETTER(3)
DOMAIN_GETTER(4)
DOMAIN_GETTER(5)
DOMAIN_GETTER(6)
DOMAIN_GETTER(7)
DOMAIN_GETTER(8)
DOMAIN_GETTER(9)
