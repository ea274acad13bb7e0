/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/dns/labels.h"

#include <string.h>

void dns_labels(struct dns_labels *out, const char *text, size_t len)
{
	bool begins = true, escaped = false;

	if (len >= sizeof(out->lower))
		len = sizeof(out->lower) - 1;
	out->len = len;
	out->n = 0;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		bool dot = c == '.' && !escaped;

		out->lower[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
		escaped = c == '\\' && !escaped;
		if (begins && !dot && out->n < DNS_LABELS_MAX)
			out->at[out->n++] = (uint16_t)i;
		begins = dot;
	}
	out->lower[len] = '\0';
}

size_t dns_labels_length(const struct dns_labels *l, int n)
{
	if (n <= 0)
		return 0;
	return n < l->n ? l->at[n] - 1u : l->len;
}

/* The bytes of one label. */
static size_t label_len(const struct dns_labels *l, int i)
{
	return dns_labels_length(l, i + 1) - l->at[i];
}

int dns_labels_common(const struct dns_labels *a, const struct dns_labels *b)
{
	int n = 0;

	while (n < a->n && n < b->n && label_len(a, n) == label_len(b, n) &&
	       memcmp(a->lower + a->at[n], b->lower + b->at[n], label_len(a, n)) == 0)
		n++;
	return n;
}

bool dns_labels_end(const struct dns_labels *a, int a_from, const struct dns_labels *b, int b_from)
{
	int skip = (a->n - a_from) - (b->n - b_from);
	size_t a_at, b_at;

	if (b_from >= b->n || skip <= 0)
		return false;
	a_at = a->at[a_from + skip];
	b_at = b->at[b_from];
	return a->len - a_at == b->len - b_at &&
	       memcmp(a->lower + a_at, b->lower + b_at, a->len - a_at) == 0;
}
