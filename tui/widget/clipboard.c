/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/clipboard.h"

#include <errno.h>
#include <string.h>

static void put_base64(FILE *out, const unsigned char *bytes, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		unsigned bits = (unsigned)bytes[i] << 16;

		if (n > 1)
			bits |= (unsigned)bytes[i + 1] << 8;
		if (n > 2)
			bits |= bytes[i + 2];
		fputc(digits[bits >> 18], out);
		fputc(digits[bits >> 12 & 63], out);
		fputc(n > 1 ? digits[bits >> 6 & 63] : '=', out);
		fputc(n > 2 ? digits[bits & 63] : '=', out);
	}
}

int clipboard_put(FILE *out, const char *text)
{
	size_t len = strlen(text);

	if (len > CLIPBOARD_MAX)
		return -E2BIG;
	fputs("\033]52;c;", out);
	put_base64(out, (const unsigned char *)text, len);
	fputs("\a", out);
	errno = 0;
	return fflush(out) == 0 ? 0 : errno ? -errno : -EIO;
}
