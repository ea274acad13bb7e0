/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/text.h"

#include <curses.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* One character as it will be drawn. */
struct glyph {
	char bytes[MB_LEN_MAX + 1];
	int cells;
	size_t used; /* bytes of the input that it stands for */
};

static struct glyph glyph_next(const char *s)
{
	struct glyph g = { .bytes = "?", .cells = 1, .used = 1 };
	unsigned char c = (unsigned char)*s;
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t n;

	if (c >= 0x20 && c < 0x7f) {
		g.bytes[0] = (char)c;
		return g;
	}
	if (c < 0x80)
		return g;
	n = mbrtowc(&wide, s, strnlen(s, MB_LEN_MAX), &state);
	if (n == 0 || n > MB_LEN_MAX)
		return g;
	g.used = n;
	/* Zero-width characters could hide or reorder what follows. */
	if (!iswprint((wint_t)wide) || wcwidth(wide) < 1)
		return g;
	memcpy(g.bytes, s, n);
	g.bytes[n] = '\0';
	g.cells = wcwidth(wide);
	return g;
}

int text_cells(const char *s)
{
	int cells = 0;

	while (*s) {
		struct glyph g = glyph_next(s);

		cells += g.cells;
		s += g.used;
	}
	return cells;
}

int text_put(int y, int x, int w, const char *s)
{
	char run[256];
	size_t len = 0;
	int cells = 0;

	if (w <= 0 || move(y, x) == ERR)
		return 0;
	while (*s) {
		struct glyph g = glyph_next(s);
		size_t n = strlen(g.bytes);

		if (cells + g.cells > w)
			break;
		if (len + n >= sizeof(run)) {
			addnstr(run, (int)len);
			len = 0;
		}
		memcpy(run + len, g.bytes, n);
		len += n;
		cells += g.cells;
		s += g.used;
	}
	if (len)
		addnstr(run, (int)len);
	return cells;
}

int text_putf(int y, int x, int w, const char *fmt, ...)
{
	char buf[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	return text_put(y, x, w, buf);
}

void text_blank(int y, int x, int w)
{
	if (w > 0 && move(y, x) != ERR)
		hline(' ', w);
}

void text_blank_rect(struct rect r)
{
	for (int i = 0; i < r.h; i++)
		text_repeat(r.y + i, r.x, r.w, " ");
}

void text_repeat(int y, int x, int w, const char *glyph)
{
	if (w <= 0 || move(y, x) == ERR)
		return;
	for (int i = 0; i < w; i++)
		addstr(glyph);
}

void text_cell(int y, int x, int w, const char *s, unsigned flags, const char *ellipsis)
{
	int cells = text_cells(s);
	int pad = w - cells;

	if (w <= 0)
		return;
	if (pad >= 0) {
		int at = flags & TEXT_RIGHT ? pad : 0;

		text_repeat(y, x, w, " ");
		text_put(y, x + at, w - at, s);
		return;
	}
	if (flags & TEXT_TAIL) {
		while (cells > w - 1) {
			struct glyph g = glyph_next(s);

			cells -= g.cells;
			s += g.used;
		}
		text_repeat(y, x, w, " ");
		text_put(y, x, 1, ellipsis);
		text_put(y, x + 1, w - 1, s);
		return;
	}
	text_put(y, x, w - 1, s);
	text_put(y, x + w - 1, 1, ellipsis);
}

static void count_full(uint64_t n, char buf[TEXT_COUNT_MAX])
{
	char digits[TEXT_COUNT_MAX];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);
	char *out = buf;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
}

const char *text_count(uint64_t n, enum count_style style, char buf[TEXT_COUNT_MAX])
{
	static const char units[] = "kMGTPE";
	double d = (double)n;
	int unit = 0;

	if (style == COUNT_FULL) {
		count_full(n, buf);
		return buf;
	}
	if (n < 10000) {
		snprintf(buf, TEXT_COUNT_MAX, "%" PRIu64, n);
		return buf;
	}
	/* 999.95 would be printed as 1000.0. */
	for (d /= 1000; d >= 999.95 && units[unit + 1]; unit++)
		d /= 1000;
	snprintf(buf, TEXT_COUNT_MAX, d < 99.95 ? "%.1f%c" : "%.0f%c", d, units[unit]);
	return buf;
}
