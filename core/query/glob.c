/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/glob.h"

#include <string.h>

bool glob_equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
	if (a_len != b_len)
		return false;
	for (size_t i = 0; i < a_len; i++)
		if (glob_fold(a[i]) != glob_fold(b[i]))
			return false;
	return true;
}

bool glob_contains(const char *part, size_t part_len, const char *text, size_t len)
{
	if (part_len == 0)
		return true;
	for (size_t i = 0; i + part_len <= len; i++)
		if (glob_fold(text[i]) == glob_fold(part[0]) &&
		    glob_equal(part, part_len, text + i, part_len))
			return true;
	return false;
}

/* Bytes of the character at text: an escape is one (RFC 1035, 5.1). */
static size_t character_len(const char *text, size_t left)
{
	size_t len = 1;

	if (text[0] == '\\' && left > 1)
		len = text[1] >= '0' && text[1] <= '9' ? 4 : 2;
	return len < left ? len : left;
}

bool glob_match(const char *pattern, size_t pattern_len, const char *text, size_t len)
{
	size_t p = 0, t = 0;
	size_t after_any = 0, any_end = 0; /* where to go on when the last GLOB_ANY takes more */
	bool any = false;

	while (t < len) {
		if (p < pattern_len && pattern[p] == GLOB_ANY) {
			any = true;
			after_any = ++p;
			any_end = t;
		} else if (p < pattern_len && pattern[p] == GLOB_ONE) {
			t += character_len(text + t, len - t);
			p++;
		} else if (p < pattern_len && glob_fold(pattern[p]) == glob_fold(text[t])) {
			p++;
			t++;
		} else if (any) {
			any_end += character_len(text + any_end, len - any_end);
			t = any_end;
			p = after_any;
		} else {
			return false;
		}
	}
	while (p < pattern_len && pattern[p] == GLOB_ANY)
		p++;
	return p == pattern_len;
}
