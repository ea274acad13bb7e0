/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than the longest message in text needs. */
#define MAX_TEXT  (4u << 20)
#define MAX_LINES 100000u

void doc_free(struct doc *d)
{
	free(d->text);
	free(d->line);
	free(d->piece);
	*d = (struct doc){ 0 };
}

void doc_clear(struct doc *d)
{
	d->len = 0;
	d->n_lines = 0;
	d->n_pieces = 0;
	d->width = 0;
}

/* Grows *array to hold one more than n items; returns false where it can't. */
static bool make_room(void **array, uint32_t n, uint32_t *max, size_t item)
{
	uint32_t more = *max ? *max * 2 : 64;
	void *p;

	if (n < *max)
		return true;
	if (more > MAX_LINES)
		return false;
	p = realloc(*array, more * item);
	if (!p)
		return false;
	*array = p;
	*max = more;
	return true;
}

static bool make_text_room(struct doc *d, size_t len)
{
	size_t size = d->text_size ? d->text_size : 4096;
	char *p;

	while (size < d->len + len + 1)
		size *= 2;
	if (size == d->text_size)
		return true;
	if (size > MAX_TEXT)
		return false;
	p = realloc(d->text, size);
	if (!p)
		return false;
	d->text = p;
	d->text_size = size;
	return true;
}

static struct doc_line *append(struct doc *d, const char *text, size_t len)
{
	struct doc_line *line;

	if (!make_text_room(d, len) ||
	    !make_room((void **)&d->line, d->n_lines, &d->max_lines, sizeof(*d->line)))
		return NULL;
	line = &d->line[d->n_lines++];
	*line = (struct doc_line){ .at = d->len, .len = len };
	memcpy(d->text + d->len, text, len);
	d->len += len;
	d->width = 0;
	return line;
}

void doc_add(struct doc *d, enum role role, int indent, const char *text, size_t len)
{
	struct doc_line *line = append(d, text, len);

	if (!line)
		return;
	line->role = role;
	line->indent = (uint16_t)indent;
}

void doc_add_pair(struct doc *d, enum role key_role, const char *key, int key_width, enum role role,
		  const char *value)
{
	char text[4096];
	int n = snprintf(text, sizeof(text), "%-*s%s", key_width, key, value);
	size_t len = n < 0 ? 0 : (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1;
	struct doc_line *line = append(d, text, len);

	if (!line)
		return;
	line->pair = true;
	line->key_len = (uint16_t)key_width;
	line->indent = (uint16_t)key_width;
	line->key_role = key_role;
	line->role = role;
}

/* Bytes of `text` that go on a line of `width` cells: up to a space where
 * there is one in its second half, else as much as fits. All text here is
 * ASCII by its makers' escaping, so a byte is a cell. */
static uint32_t piece_length(const char *text, uint32_t len, uint32_t width)
{
	if (len <= width)
		return len;
	for (uint32_t n = width; n > width / 2; n--) {
		if (text[n] == ' ')
			return n;
	}
	return width;
}

static struct doc_piece *add_piece(struct doc *d, uint32_t line, uint32_t from, uint32_t len)
{
	struct doc_piece *p;

	if (!make_room((void **)&d->piece, d->n_pieces, &d->max_pieces, sizeof(*d->piece)))
		return NULL;
	p = &d->piece[d->n_pieces++];
	*p = (struct doc_piece){ .line = line, .from = from, .len = len };
	return p;
}

static void wrap_line(struct doc *d, uint32_t i, int width)
{
	const struct doc_line *line = &d->line[i];
	const char *text = d->text + line->at;
	uint32_t len = (uint32_t)line->len;
	uint32_t from = 0;

	do {
		int indent = from ? line->indent : 0;
		uint32_t room = (uint32_t)(width - indent > 8 ? width - indent : width);
		uint32_t n = piece_length(text + from, len - from, room);

		if (!add_piece(d, i, from, n))
			return;
		from += n;
		while (from < len && text[from] == ' ')
			from++;
	} while (from < len);
}

/* The short lines that begin at i go in two columns, to be read downwards.
 * Returns how many they are. */
static uint32_t wrap_pairs(struct doc *d, uint32_t i, int width)
{
	size_t room = (size_t)width / 2 - 1;
	uint32_t n = 0;
	uint32_t rows;

	while (i + n < d->n_lines && d->line[i + n].pair && d->line[i + n].len <= room)
		n++;
	rows = (n + 1) / 2;
	for (uint32_t k = 0; k < rows; k++) {
		struct doc_piece *p = add_piece(d, i + k, 0, (uint32_t)d->line[i + k].len);

		if (p && rows + k < n) {
			p->has_beside = true;
			p->beside = i + rows + k;
		}
	}
	return n;
}

static void wrap(struct doc *d, int width)
{
	uint32_t i = 0;

	if (d->width == width)
		return;
	d->n_pieces = 0;
	while (i < d->n_lines) {
		uint32_t n = width >= DOC_TWO_COLUMNS ? wrap_pairs(d, i, width) : 0;

		if (n == 0) {
			wrap_line(d, i, width);
			n = 1;
		}
		i += n;
	}
	d->width = width;
}

int doc_height(struct doc *d, int width)
{
	wrap(d, width);
	return (int)d->n_pieces;
}

static void clamp(struct doc *d)
{
	int last = (int)d->n_pieces - d->height;

	if (d->top > last)
		d->top = last;
	if (d->top < 0)
		d->top = 0;
}

void doc_scroll(struct doc *d, int lines)
{
	d->top += lines;
	clamp(d);
}

void doc_move(struct doc *d, enum move how)
{
	d->top = move_choice(d->top, how, d->height, (int)d->n_pieces);
	clamp(d);
}

static void draw_piece(const struct doc *d, const struct theme *theme, const struct doc_line *line,
		       uint32_t from, uint32_t len, struct rect at)
{
	int indent = from && at.w - line->indent > 8 ? line->indent : 0;
	int key = from < line->key_len ? (int)(line->key_len - from) : 0;
	const char *text = d->text + line->at + from;
	char buf[1024];

	if (key > (int)len)
		key = (int)len;
	if (key) {
		snprintf(buf, sizeof(buf), "%.*s", key, text);
		theme_use(theme, line->key_role);
		text_put(at.y, at.x, at.w, buf);
	}
	snprintf(buf, sizeof(buf), "%.*s", (int)len - key, text + key);
	theme_use(theme, line->role);
	text_put(at.y, at.x + indent + key, at.w - indent - key, buf);
}

static void draw_line(const struct doc *d, const struct theme *theme, const struct doc_piece *p,
		      struct rect at)
{
	const struct doc_line *beside;

	draw_piece(d, theme, &d->line[p->line], p->from, p->len, at);
	if (!p->has_beside)
		return;
	beside = &d->line[p->beside];
	at.x += at.w / 2;
	at.w -= at.w / 2;
	draw_piece(d, theme, beside, 0, (uint32_t)beside->len, at);
}

void doc_draw(struct doc *d, const struct theme *theme, struct rect at)
{
	wrap(d, at.w);
	d->height = at.h;
	clamp(d);
	for (int i = 0; i < at.h; i++) {
		theme_use(theme, ROLE_TEXT);
		text_repeat(at.y + i, at.x, at.w, " ");
		if (d->top + i < (int)d->n_pieces) {
			struct rect line = { at.y + i, at.x, 1, at.w };

			draw_line(d, theme, &d->piece[d->top + i], line);
		}
	}
}
