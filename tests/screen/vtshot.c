/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A picture of a program's screen, as SVG with real text:
 *
 *	vtshot [-l] COLSxROWS OUT.svg [STEP ...] -- PROGRAM [ARG ...]
 *
 * Steps are done in their order: "wait:TEXT" until it is on screen, "type:TEXT",
 * "key:NAME" (as vt_key), "env:NAME=VALUE" (before the start). -l: a light
 * background. The picture is made when the screen has come to rest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/vtdrive.h"

#define FONT_SIZE   14.0
#define CELL_WIDTH  8.43 /* of DejaVu Sans Mono at 14 px: 0.602 em */
#define CELL_HEIGHT 17.0
#define MARGIN      10.0
#define WAIT_MS     10000
#define MAX_ENV     16

struct palette {
	unsigned fg, bg;
	unsigned ansi[16];
};

static const struct palette dark = {
	.fg = 0xd3d7cf,
	.bg = 0x16181d,
	.ansi = { 0x2e3436, 0xcc0000, 0x4e9a06, 0xc4a000, 0x3465a4, 0x75507b, 0x06989a, 0xd3d7cf,
		  0x555753, 0xef2929, 0x8ae234, 0xfce94f, 0x729fcf, 0xad7fa8, 0x34e2e2, 0xeeeeec },
};

static const struct palette light = {
	.fg = 0x2e3436,
	.bg = 0xffffff,
	.ansi = { 0x2e3436, 0xcc0000, 0x4e9a06, 0xc4a000, 0x3465a4, 0x75507b, 0x06989a, 0xd3d7cf,
		  0x555753, 0xef2929, 0x8ae234, 0xfce94f, 0x729fcf, 0xad7fa8, 0x34e2e2, 0xeeeeec },
};

/* The colours 16..255 as xterm has them. */
static unsigned cube_colour(int index)
{
	static const unsigned ramp[6] = { 0, 95, 135, 175, 215, 255 };
	unsigned grey;

	if (index >= 232) {
		grey = 8 + 10 * (unsigned)(index - 232);
		return grey << 16 | grey << 8 | grey;
	}
	index -= 16;
	return ramp[index / 36] << 16 | ramp[index / 6 % 6] << 8 | ramp[index % 6];
}

static unsigned rgb(const struct palette *p, int index, unsigned own)
{
	if (index < 0)
		return own;
	return index < 16 ? p->ansi[index] : cube_colour(index);
}

static void colours(const struct palette *p, const struct vt_cell *c, unsigned *fg, unsigned *bg)
{
	*fg = rgb(p, c->fg, p->fg);
	*bg = rgb(p, c->bg, p->bg);
	if (c->reverse) {
		unsigned swap = *fg;

		*fg = *bg;
		*bg = swap;
	}
}

static void put_escaped(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '&')
			fputs("&amp;", out);
		else
			fputc(*text, out);
	}
}

/* The code point of a cell of three bytes of UTF-8, 0 of any other. */
static unsigned code_point(const char *text)
{
	const unsigned char *b = (const unsigned char *)text;

	return (b[0] & 0xf0) == 0xe0 ? (b[0] & 0xfu) << 12 | (b[1] & 0x3fu) << 6 | (b[2] & 0x3f)
				     : 0;
}

static bool is_shape(unsigned code)
{
	return (code >= 0x2581 && code <= 0x2588) || (code >= 0x2800 && code <= 0x28ff);
}

/* Blocks and braille as terminals draw them, cell by cell: fonts differ there
 * most. */
static void draw_shape(unsigned code, double x, double y, unsigned fg, FILE *out)
{
	static const unsigned char place[8][2] = {
		{ 0, 0 }, { 0, 1 }, { 0, 2 }, { 1, 0 }, { 1, 1 }, { 1, 2 }, { 0, 3 }, { 1, 3 },
	};

	if (code <= 0x2588) {
		double h = CELL_HEIGHT * (code - 0x2580) / 8;

		fprintf(out,
			"<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" "
			"fill=\"#%06x\"/>\n",
			x, y + CELL_HEIGHT - h, CELL_WIDTH + 0.2, h, fg);
		return;
	}
	for (unsigned bit = 0; bit < 8; bit++) {
		if (code >> bit & 1)
			fprintf(out, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"1.1\" fill=\"#%06x\"/>\n",
				x + CELL_WIDTH * (place[bit][0] + 0.5) / 2,
				y + CELL_HEIGHT * (place[bit][1] + 0.5) / 4, fg);
	}
}

/* Cells [from, to) of one look: their ground, then each character at its place. */
static void draw_run(const struct vt *vt, const struct palette *p, int row, int from, int to,
		     FILE *out)
{
	double x = MARGIN + from * CELL_WIDTH;
	double y = MARGIN + row * CELL_HEIGHT;
	double base = y + CELL_HEIGHT - 4.2;
	struct vt_cell cell;
	unsigned fg, bg;
	bool blank = true;

	vt_cell_at(vt, row, from, &cell);
	colours(p, &cell, &fg, &bg);
	if (bg != p->bg)
		fprintf(out,
			"<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" "
			"fill=\"#%06x\"/>\n",
			x, y, (to - from) * CELL_WIDTH + 0.3, CELL_HEIGHT + 0.3, bg);
	if (cell.underline)
		fprintf(out,
			"<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"1\" "
			"fill=\"#%06x\"/>\n",
			x, base + 2, (to - from) * CELL_WIDTH, fg);
	for (int col = from; col < to; col++) {
		struct vt_cell c;

		vt_cell_at(vt, row, col, &c);
		if (is_shape(code_point(c.text)))
			draw_shape(code_point(c.text), MARGIN + col * CELL_WIDTH, y, fg, out);
		else
			blank = blank && strcmp(c.text, " ") == 0;
	}
	if (blank)
		return;
	fprintf(out, "<text y=\"%.2f\" fill=\"#%06x\"%s x=\"", base, fg,
		cell.bold ? " font-weight=\"bold\"" : "");
	for (int col = from; col < to; col++)
		fprintf(out, "%s%.2f", col > from ? " " : "", MARGIN + col * CELL_WIDTH);
	fputs("\">", out);
	for (int col = from; col < to; col++) {
		vt_cell_at(vt, row, col, &cell);
		put_escaped(is_shape(code_point(cell.text)) ? " " : cell.text, out);
	}
	fputs("</text>\n", out);
}

static void draw_row(const struct vt *vt, const struct palette *p, int row, FILE *out)
{
	struct vt_cell run, cell;
	int from = 0;

	vt_cell_at(vt, row, 0, &run);
	for (int col = 1; col <= vt_cols(vt); col++) {
		if (col < vt_cols(vt)) {
			vt_cell_at(vt, row, col, &cell);
			if (run.fg == cell.fg && run.bg == cell.bg && run.bold == cell.bold &&
			    run.underline == cell.underline && run.reverse == cell.reverse)
				continue;
		}
		draw_run(vt, p, row, from, col, out);
		run = cell;
		from = col;
	}
}

static void draw_cursor(const struct vt *vt, const struct palette *p, FILE *out)
{
	int row, col;

	if (!vt_cursor_visible(vt))
		return;
	vt_cursor(vt, &row, &col);
	fprintf(out,
		"<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" "
		"fill=\"#%06x\" fill-opacity=\"0.6\"/>\n",
		MARGIN + col * CELL_WIDTH, MARGIN + row * CELL_HEIGHT, CELL_WIDTH, CELL_HEIGHT,
		p->fg);
}

static int write_svg(const struct vt *vt, const struct palette *p, const char *path)
{
	double w = 2 * MARGIN + vt_cols(vt) * CELL_WIDTH;
	double h = 2 * MARGIN + vt_rows(vt) * CELL_HEIGHT;
	FILE *out = fopen(path, "w");

	if (!out) {
		perror(path);
		return EXIT_FAILURE;
	}
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
		"font-family=\"DejaVu Sans Mono, monospace\" font-size=\"%.0f\" "
		"xml:space=\"preserve\">\n",
		w, h, FONT_SIZE);
	fprintf(out, "<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"#%06x\"/>\n", p->bg);
	for (int row = 0; row < vt_rows(vt); row++)
		draw_row(vt, p, row, out);
	draw_cursor(vt, p, out);
	fputs("</svg>\n", out);
	return fclose(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static bool do_step(struct vt *vt, const char *step)
{
	if (strncmp(step, "wait:", 5) == 0) {
		if (vt_wait_text(vt, step + 5, WAIT_MS))
			return true;
		fprintf(stderr, "vtshot: \"%s\" did not come\n", step + 5);
		vt_dump(vt, stderr);
		return false;
	}
	if (strncmp(step, "env:", 4) == 0)
		return true;
	/* Each key sees the screen that the one before left. */
	vt_settle(vt, 150, WAIT_MS);
	if (strncmp(step, "type:", 5) == 0) {
		vt_type(vt, step + 5);
		return true;
	}
	if (strncmp(step, "key:", 4) == 0 && vt_key(vt, step + 4))
		return true;
	fprintf(stderr, "vtshot: no such step: %s\n", step);
	return false;
}

int main(int argc, char **argv)
{
	const char *env[MAX_ENV + 1] = { NULL };
	const struct palette *palette = &dark;
	struct vt_options opt = { .env = env };
	int i = 1, first, n_env = 0;
	int status = EXIT_FAILURE;
	struct vt *vt;

	if (i < argc && strcmp(argv[i], "-l") == 0) {
		palette = &light;
		i++;
	}
	if (argc - i < 4 || sscanf(argv[i], "%dx%d", &opt.cols, &opt.rows) != 2) {
		fputs("usage: vtshot [-l] COLSxROWS OUT.svg [STEP ...] -- PROGRAM [ARG ...]\n",
		      stderr);
		return 2;
	}
	first = i + 2;
	for (i = first; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], "env:", 4) == 0 && n_env < MAX_ENV)
			env[n_env++] = argv[i] + 4;
	}
	if (i + 1 >= argc) {
		fputs("vtshot: no program\n", stderr);
		return 2;
	}
	vt = vt_start(&opt, (const char *const *)&argv[i + 1]);
	if (!vt) {
		perror("vtshot");
		return status;
	}
	for (int step = first; step < i; step++) {
		if (!do_step(vt, argv[step]))
			goto out;
	}
	vt_settle(vt, 400, WAIT_MS);
	status = write_svg(vt, palette, argv[first - 1]);
out:
	vt_free(vt);
	return status;
}
