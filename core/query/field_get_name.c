/* SPDX-License-Identifier: BSD-2-Clause */
/* The name, and the domains that it lies in. */
#include "core/query/field_put.h"

#include <strings.h>

#include "core/query/name_labels.h"

GETTER(qname)
{
	put_none(out);
	if (!has(f, FLOW_HAS_QUESTION) || f->qname == INTERN_NONE)
		return;
	out->type = VALUE_TEXT;
	out->text = intern_text(src->table->names, f->qname, &out->len);
}

static void put_domain(struct value *out, unsigned labels)
{
	size_t at = name_label_start(out->text, out->len);

	if (strcasecmp(out->text + at, "arpa") == 0)
		labels++;
	/* The root's name is a dot that parts nothing. */
	while (--labels > 0 && at > 0 && at < out->len)
		at = name_label_start(out->text, at - 1);
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

GETTER(domain)
{
	size_t at;

	field_get_qname(src, f, out, buf);
	if (out->type != VALUE_TEXT)
		return;
	if (!src->registrable) {
		put_domain(out, 2);
		return;
	}
	at = src->registrable(out->text, out->len);
	out->text += at;
	out->len -= at;
}
