/* SPDX-License-Identifier: BSD-2-Clause */
/* The cells of a driven terminal, and the goldens' text of them. */
#include "tests/screen/vtdrive_internal.h"

#include <stdlib.h>
#include <string.h>

static size_t put_utf8(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static int colour_index(const VTermColor *c, bool is_default)
{
	return is_default || !VTERM_COLOR_IS_INDEXED(c) ? -1 : c->indexed.idx;
}

void vt_cell_at(const struct vt *vt, int row, int col, struct vt_cell *out)
{
	VTermScreenCell cell;
	VTermPos pos = { .row = row, .col = col };
	size_t len = 0;

	memset(&cell, 0, sizeof(cell));
	vterm_screen_get_cell(vt->screen, pos, &cell);
	*out = (struct vt_cell){
		.width = cell.width,
		.fg = colour_index(&cell.fg, VTERM_COLOR_IS_DEFAULT_FG(&cell.fg)),
		.bg = colour_index(&cell.bg, VTERM_COLOR_IS_DEFAULT_BG(&cell.bg)),
		.bold = cell.attrs.bold,
		.underline = cell.attrs.underline != 0,
		.reverse = cell.attrs.reverse,
	};
	if (cell.chars[0] == (uint32_t)-1) {
		out->width = 0;
		return;
	}
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
		len += put_utf8(cell.chars[i], out->text + len);
	if (len == 0)
		out->text[len++] = ' ';
	out->text[len] = '\0';
}

void vt_row_text(const struct vt *vt, int row, char *buf, size_t size)
{
	size_t len = 0, end = 0;

	buf[0] = '\0';
	for (int col = 0; col < vt->cols; col++) {
		struct vt_cell cell;
		size_t n;

		vt_cell_at(vt, row, col, &cell);
		n = strlen(cell.text);
		if (len + n + 1 > size)
			break;
		memcpy(buf + len, cell.text, n + 1);
		len += n;
		if (strcmp(cell.text, " ") != 0)
			end = len;
	}
	buf[end] = '\0';
}

int vt_find(const struct vt *vt, const char *text, int *col)
{
	size_t size = 32 * (size_t)vt->cols + 1;
	char *buf = malloc(size);
	int found = -1;

	for (int row = 0; buf && row < vt->rows && found < 0; row++) {
		const char *at;

		vt_row_text(vt, row, buf, size);
		at = strstr(buf, text);
		if (!at)
			continue;
		found = row;
		if (!col)
			continue;
		*col = 0;
		/* Cells before it: what begins a character, all being one wide. */
		for (const char *p = buf; p < at; p++)
			*col += ((unsigned char)*p & 0xc0) != 0x80;
	}
	free(buf);
	return found;
}

/* --- goldens --- */

static bool same_look(const struct vt_cell *a, const struct vt_cell *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->bold == b->bold &&
	       a->underline == b->underline && a->reverse == b->reverse;
}

static bool is_plain(const struct vt_cell *c)
{
	return c->fg < 0 && c->bg < 0 && !c->bold && !c->underline && !c->reverse;
}

static void dump_look(const struct vt_cell *c, int from, int to, FILE *out)
{
	fprintf(out, " %d-%d", from, to);
	if (c->fg >= 0)
		fprintf(out, ",fg%d", c->fg);
	if (c->bg >= 0)
		fprintf(out, ",bg%d", c->bg);
	fputs(c->bold ? ",bold" : "", out);
	fputs(c->underline ? ",underline" : "", out);
	fputs(c->reverse ? ",reverse" : "", out);
}

static void dump_row_looks(const struct vt *vt, int row, FILE *out)
{
	struct vt_cell run, cell;
	bool any = false;
	int from = 0;

	vt_cell_at(vt, row, 0, &run);
	for (int col = 1; col <= vt->cols; col++) {
		if (col < vt->cols) {
			vt_cell_at(vt, row, col, &cell);
			if (same_look(&run, &cell))
				continue;
		}
		if (!is_plain(&run)) {
			if (!any)
				fprintf(out, "%3d:", row);
			any = true;
			dump_look(&run, from, col - 1, out);
		}
		run = cell;
		from = col;
	}
	if (any)
		fputc('\n', out);
}

void vt_dump(const struct vt *vt, FILE *out)
{
	size_t size = 32 * (size_t)vt->cols + 1;
	char *buf = malloc(size);
	int row, col;

	if (!buf)
		return;
	vt_cursor(vt, &row, &col);
	fprintf(out, "%dx%d", vt->cols, vt->rows);
	if (vt->cursor_visible)
		fprintf(out, " cursor %d,%d", row, col);
	fputc('\n', out);
	for (int i = 0; i < vt->rows; i++) {
		vt_row_text(vt, i, buf, size);
		fprintf(out, "%3d|%s\n", i, buf);
	}
	fputs("row: cells, how they look\n", out);
	for (int i = 0; i < vt->rows; i++)
		dump_row_looks(vt, i, out);
	free(buf);
}
