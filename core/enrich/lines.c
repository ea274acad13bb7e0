/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/enrich/lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void lines_init(struct lines *l, char *buf, size_t size)
{
	*l = (struct lines){ .buf = buf, .size = size, .full = size == 0 };
}

/* Room for n more bytes and the NUL, or NULL. */
static char *lines_room(struct lines *l, size_t n)
{
	if (l->full || n >= l->size - l->len) {
		l->full = true;
		return NULL;
	}
	return l->buf + l->len;
}

static void lines_bytes(struct lines *l, const char *bytes, size_t n)
{
	char *room = lines_room(l, n);

	if (!room)
		return;
	memcpy(room, bytes, n);
	l->len += n;
}

void lines_add(struct lines *l, const char *text)
{
	lines_bytes(l, text, strlen(text));
}

void lines_addf(struct lines *l, const char *fmt, ...)
{
	char *room = lines_room(l, 0);
	va_list args;
	int n;

	if (!room)
		return;
	va_start(args, fmt);
	n = vsnprintf(room, l->size - l->len, fmt, args);
	va_end(args);
	if (n < 0 || !lines_room(l, (size_t)n))
		l->full = true;
	else
		l->len += (size_t)n;
}

void lines_name(struct lines *l, const char *name)
{
	lines_add(l, name);
	if (strcmp(name, ".") != 0)
		lines_add(l, ".");
}

void lines_escaped(struct lines *l, const void *bytes, size_t n, const char *special)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < n && !l->full; i++) {
		char escape[4] = { '\\', (char)p[i] };

		if (p[i] >= 0x20 && p[i] <= 0x7e) {
			bool quoted = strchr(special, p[i]);

			lines_bytes(l, escape + !quoted, 1U + quoted);
			continue;
		}
		escape[1] = (char)('0' + p[i] / 100);
		escape[2] = (char)('0' + p[i] / 10 % 10);
		escape[3] = (char)('0' + p[i] % 10);
		lines_bytes(l, escape, sizeof(escape));
	}
}

void lines_hex(struct lines *l, const void *bytes, size_t n)
{
	static const char digits[] = "0123456789ABCDEF";
	const uint8_t *p = bytes;
	char *room = lines_room(l, 2 * n);

	if (!room)
		return;
	for (size_t i = 0; i < n; i++) {
		room[2 * i] = digits[p[i] >> 4];
		room[2 * i + 1] = digits[p[i] & 0xf];
	}
	l->len += 2 * n;
}

void lines_pad(struct lines *l, size_t column)
{
	do {
		lines_bytes(l, " ", 1);
	} while (!l->full && l->len - l->start < column);
}

void lines_end(struct lines *l)
{
	lines_bytes(l, "\n", 1);
	if (l->full)
		l->len = l->start;
	l->start = l->len;
}

void lines_rewind(struct lines *l, size_t mark)
{
	l->len = mark;
	l->full = false;
}

size_t lines_finish(struct lines *l)
{
	l->len = l->start;
	if (l->size > 0)
		l->buf[l->len] = '\0';
	return l->len;
}
