/* SPDX-License-Identifier: BSD-2-Clause */
#include "app/place.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#define INDENT "  "
#define WIDTH  76
/* Cells before the place where not all fit. */
#define BEFORE 32
#define CUT    "..."

/* A character of the text: its bytes, and its cells as it is shown. */
struct piece {
	size_t len;
	int cells;
	bool plain; /* shown as it is */
};

static struct piece piece_at(const char *text)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t room = strnlen(text, MB_LEN_MAX), len = mbrtowc(&wide, text, room, &state);
	bool whole = len > 0 && len <= room;
	int cells = whole ? wcwidth(wide) : -1;

	if (cells < 0)
		return (struct piece){ .len = whole ? len : 1, .cells = 1 };
	return (struct piece){ .len = len, .cells = cells, .plain = true };
}

static int cells_of(const char *text, size_t from, size_t to)
{
	int cells = 0;

	while (from < to && text[from]) {
		struct piece p = piece_at(text + from);

		cells += p.cells;
		from += p.len;
	}
	return cells;
}

/* The byte that many cells behind `from`, or the end. */
static size_t skip_cells(const char *text, size_t from, int cells)
{
	while (text[from]) {
		struct piece p = piece_at(text + from);

		cells -= p.cells;
		if (cells < 0)
			break;
		from += p.len;
	}
	return from;
}

static void put_text(const char *text, size_t from, size_t to, FILE *out)
{
	while (from < to) {
		struct piece p = piece_at(text + from);

		if (p.plain)
			fwrite(text + from, 1, p.len, out);
		else
			fputc('?', out);
		from += p.len;
	}
}

void place_show(const char *text, const struct err *err, FILE *out)
{
	size_t len = strlen(text), from = 0, to = len, at = 0, end;
	int before, wrong;

	if (err->pos > 0)
		at = (size_t)err->pos < len ? (size_t)err->pos : len;
	if (cells_of(text, 0, len) > WIDTH) {
		before = cells_of(text, 0, at);
		if (before > BEFORE)
			from = skip_cells(text, 0, before - BEFORE);
		to = skip_cells(text, from, WIDTH);
	}
	fputs(from > 0 ? INDENT CUT : INDENT, out);
	put_text(text, from, to, out);
	fputs(to < len ? CUT "\n" : "\n", out);
	if (err->pos < 0)
		return;
	end = at + (err->len > 0 ? (size_t)err->len : 0);
	before = cells_of(text, from, at) + (from > 0 ? (int)strlen(CUT) : 0);
	wrong = cells_of(text, at, end < to ? end : to);
	fprintf(out, INDENT "%*s^", before, "");
	for (int i = 1; i < wrong; i++)
		fputc('~', out);
	fputc('\n', out);
}
