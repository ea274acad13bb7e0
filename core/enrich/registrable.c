/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/enrich/registrable.h"

#include <libpsl.h>

#include "core/dns/wire.h"

/* More than any public suffix has. */
#define LABELS_MAX 10

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* The name as libpsl wants it, each byte in its place. What is escaped is in no public
 * suffix, and a dot among it parts nothing. */
static void plain_name(char *out, const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		size_t escape = 0;

		if (name[i] == '\\')
			escape = i + 1 < len && name[i + 1] >= '0' && name[i + 1] <= '9' ? 4 : 2;
		out[i] = escape ? '_' : lower(name[i]);
		for (; escape > 1 && i + 1 < len; escape--)
			out[++i] = '_';
	}
	out[len] = '\0';
}

/* libpsl looks at each label in turn, and a reverse name has 34. */
static const char *last_labels(const char *plain, size_t len)
{
	unsigned labels = 0;

	for (const char *at = plain + len; at > plain; at--) {
		if (at[-1] == '.' && ++labels == LABELS_MAX)
			return at;
	}
	return plain;
}

size_t registrable_start(const char *name, size_t len)
{
	char plain[DNS_NAME_TEXT_MAX + 1];
	const char *domain;

	if (len >= sizeof(plain))
		return 0;
	plain_name(plain, name, len);
	domain = psl_registrable_domain(psl_builtin(), last_labels(plain, len));
	return domain ? (size_t)(domain - plain) : 0;
}
