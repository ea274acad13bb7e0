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

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : -1;
}

/* The byte at text, which is `len` characters. */
static char byte_at(const char *text, size_t *len)
{
	int a, b, c;

	*len = 1;
	if (text[0] != '\\' || text[1] == '\0')
		return text[0];
	*len = 2;
	a = digit(text[1]);
	b = a < 0 ? -1 : digit(text[2]);
	c = b < 0 ? -1 : digit(text[3]);
	if (c < 0)
		return text[1];
	*len = 4;
	return (char)(a * 100 + b * 10 + c);
}

size_t escape_undo(char *out, size_t size, const char *text)
{
	size_t n = 0, len;

	if (size == 0)
		return 0;
	for (; *text && n + 1 < size; text += len)
		out[n++] = byte_at(text, &len);
	out[n] = '\0';
	return n;
}
