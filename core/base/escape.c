/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/escape.h"

static size_t escape_byte(char text[ESCAPE_MAX], unsigned char c)
{
	if (c == '\\') {
		text[0] = text[1] = '\\';
		return 2;
	}
	if (c >= 0x20 && c < 0x7f) {
		text[0] = (char)c;
		return 1;
	}
	text[0] = '\\';
	text[1] = (char)('0' + c / 100);
	text[2] = (char)('0' + c / 10 % 10);
	text[3] = (char)('0' + c % 10);
	return 4;
}

size_t escape_bytes(char *out, size_t size, const void *bytes, size_t len)
{
	const unsigned char *in = bytes;
	size_t n = 0;

	if (size == 0)
		return 0;
	for (size_t i = 0; i < len && in[i] != '\0'; i++) {
		char text[ESCAPE_MAX];
		size_t add = escape_byte(text, in[i]);

		if (n + add >= size)
			break;
		for (size_t k = 0; k < add; k++)
			out[n++] = text[k];
	}
	out[n] = '\0';
	return n;
}
