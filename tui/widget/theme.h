/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How things look: a role for each kind of text, and the glyphs.
 *
 * Background and text keep the terminal's own colours. The indexed colours
 * are the few that reach a contrast of 4:1 on black and on white and stay
 * apart for colour-blind eyes; with 8 colours only red, magenta, bold and
 * reverse are used. Nothing is said by colour alone: what a colour marks has a
 * word, bold, underline or reverse too.
 */
#ifndef DNSTOP_WIDGET_THEME_H
#define DNSTOP_WIDGET_THEME_H

#include <stdbool.h>
#include <stdint.h>

enum role {
	ROLE_TEXT,
	ROLE_STRONG,
	ROLE_TAB,    /* the view on show */
	ROLE_HEADER, /* column titles */
	ROLE_HEADER_SORT,
	ROLE_SELECTED, /* the row under the cursor */
	ROLE_CELL,     /* and of it the cell */
	ROLE_GONE,     /* a row no longer in memory */
	ROLE_OFF,      /* a chip that is switched off; it has a sign, too */
	ROLE_LIVE,
	ROLE_PAUSED,
	ROLE_FILE,
	ROLE_LOSS, /* something was not seen: loud */
	ROLE_WARNING,
	ROLE_ERROR, /* the user's mistake and its place */
	ROLE_RULE,
	ROLE_KEY, /* a key in the footer and in help */
	ROLE_NOERROR,
	ROLE_NXDOMAIN,
	ROLE_REFUSED,
	ROLE_SERVFAIL,
	ROLE_RCODE, /* any other response code */
	ROLE_NO_ANSWER,
	ROLE_WAITING,
	ROLE_BAR, /* bars and lines that are of no response code */
	ROLE_COUNT,
};

struct glyphs {
	const char *ellipsis;
	const char *rule;      /* horizontal line */
	const char *heavy;     /* a part of it that is meant */
	const char *column;    /* vertical line */
	const char *corner[4]; /* top left, top right, bottom left, bottom right */
	const char *descending;
	const char *ascending;
	const char *dot;
	const char *pointer; /* at a chosen line */
};

/* What curves and bars are drawn with. */
enum graph {
	GRAPH_AUTO, /* braille, or ASCII where all is */
	GRAPH_BRAILLE,
	GRAPH_BLOCK,
	GRAPH_ASCII,
};

struct theme {
	struct {
		uint32_t attr; /* of curses */
		short pair;
	} role[ROLE_COUNT];
	const struct glyphs *glyph;
	bool ascii;
	enum graph graph; /* never GRAPH_AUTO */
	bool colours;     /* some */
};

enum theme_colours {
	THEME_MONO,
	THEME_8,
	THEME_256,
	THEME_256_DARK, /* more contrast, on a dark background only */
	THEME_256_LIGHT,
};

/* After start_color() where colours are wanted. */
void theme_init(struct theme *t, enum theme_colours colours, bool ascii, enum graph graph);
/* What is drawn from now on looks like this. */
void theme_use(const struct theme *t, enum role role);
/* For tests: the colour of 256 that a role has, -1 for the terminal's own. */
int theme_cube(enum theme_colours colours, enum role role);
/* The role of a response code's word. */
enum role theme_rcode(unsigned rcode);

#endif
