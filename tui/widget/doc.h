/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text to scroll through: paragraphs that are wrapped to the width they get.
 * The detail pane and the help are made of it.
 */
#ifndef DNSTOP_WIDGET_DOC_H
#define DNSTOP_WIDGET_DOC_H

#include <stddef.h>
#include <stdint.h>

#include "tui/widget/move.h"
#include "tui/widget/text.h"
#include "tui/widget/theme.h"

struct doc_line {
	size_t at; /* of the text in `text` */
	size_t len;
	uint16_t key_len; /* leading bytes drawn as a key */
	uint16_t indent;  /* cells before continuation lines */
	bool pair;        /* may stand beside another one where there is room */
	enum role key_role;
	enum role role;
};

/* A line as wrapped. */
struct doc_piece {
	uint32_t line;
	uint32_t from, len; /* bytes of the line */
	bool has_beside;
	uint32_t beside; /* the line in the right half */
};

struct doc {
	char *text;
	size_t len, text_size;
	struct doc_line *line;
	uint32_t n_lines, max_lines;
	struct doc_piece *piece;
	uint32_t n_pieces, max_pieces;
	int width;  /* that the pieces are made for; 0: none */
	int top;    /* first piece on screen */
	int height; /* cells it was drawn in last */
};

void doc_free(struct doc *d);
/* Empties it; the place scrolled to stays. */
void doc_clear(struct doc *d);
/* Adds a paragraph. What finds no memory is left out. */
void doc_add(struct doc *d, enum role role, int indent, const char *text, size_t len);
/* Adds "key   value", the values beginning at cell key_width. From
 * DOC_TWO_COLUMNS cells on, short ones share a line. */
#define DOC_TWO_COLUMNS 76
void doc_add_pair(struct doc *d, enum role key_role, const char *key, int key_width, enum role role,
		  const char *value);
void doc_scroll(struct doc *d, int lines);
/* As a table moves: by lines, pages, to the ends. */
void doc_move(struct doc *d, enum move how);
/* Lines that it takes in `width` cells. */
int doc_height(struct doc *d, int width);
void doc_draw(struct doc *d, const struct theme *theme, struct rect at);

#endif
