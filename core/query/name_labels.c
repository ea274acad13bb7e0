/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/name_labels.h"

#include <ctype.h>

/* A dot behind an odd number of backslashes is a byte of the label. */
size_t name_label_start(const char *text, size_t end)
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

size_t name_label_bytes(const char *label, size_t len, char out[NAME_LABEL_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < len && n < NAME_LABEL_MAX; i++) {
		const char *p = label + i;

		if (*p != '\\' || i + 1 == len) {
			out[n++] = *p;
		} else if (i + 3 < len && isdigit((unsigned char)p[1])) {
			out[n++] = (char)((p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0'));
			i += 3;
		} else {
			out[n++] = p[1];
			i++;
		}
	}
	return n;
}
