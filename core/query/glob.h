/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Comparing texts the way the filter language does: ASCII case ignored, as
 * names are (RFC 4343), whatever the locale.
 */
#ifndef DNSTOP_QUERY_GLOB_H
#define DNSTOP_QUERY_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* The wildcards of a pattern. Texts of the table are escaped, so that no
 * control byte is ever a literal. */
#define GLOB_ANY '\1' /* any text, also none */
#define GLOB_ONE '\2' /* one character; an escape (\032, \.) is one */

static inline unsigned char glob_fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool glob_equal(const char *a, size_t a_len, const char *b, size_t b_len);
bool glob_contains(const char *part, size_t part_len, const char *text, size_t len);
/* Whether the pattern matches the whole text. At most pattern_len * len steps. */
bool glob_match(const char *pattern, size_t pattern_len, const char *text, size_t len);

#endif
