/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/words.h"

#include <stdarg.h>
#include <stdio.h>

struct words words_in(char *buf, size_t size)
{
	buf[0] = '\0';
	return (struct words){ .buf = buf, .size = size };
}

void words_add(struct words *w, const char *fmt, ...)
{
	size_t room = w->size - w->len;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(w->buf + w->len, room, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= room)
		w->full = true;
	if (n > 0)
		w->len += (size_t)n < room ? (size_t)n : room - 1;
}
