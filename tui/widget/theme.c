/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/theme.h"

#include <curses.h>

/* Hues, each a colour of the cube for any background, a dark and a light one. */
enum hue {
	OWN = -1,
	BLUE,
	PURPLE,
	ORANGE,
	CRIMSON,
	HUES,
};

static const short cubes[][HUES] = {
	[THEME_256] = { 31, 98, 130, 161 },
	[THEME_256_DARK] = { 75, 141, 214, 204 },
	[THEME_256_LIGHT] = { 25, 91, 94, 125 },
};

struct look {
	attr_t attr;
	short hue;
	short ansi;
};

/* Attributes, the hue of 256 colours, the colour of 8; -1: the terminal's own. */
/* clang-format off */
static const struct look looks[ROLE_COUNT] = {
	[ROLE_TEXT]          = { A_NORMAL,              -1,       -1 },
	[ROLE_STRONG]        = { A_BOLD,                -1,       -1 },
	[ROLE_TAB]           = { A_BOLD,                -1,       -1 },
	[ROLE_HEADER]        = { A_UNDERLINE,           -1,       -1 },
	[ROLE_HEADER_SORT]   = { A_UNDERLINE | A_BOLD,  BLUE,     -1 },
	[ROLE_SELECTED]      = { A_REVERSE,             -1,       -1 },
	[ROLE_CELL]          = { A_REVERSE | A_UNDERLINE | A_BOLD, -1, -1 },
	[ROLE_GONE]          = { A_NORMAL,              -1,       -1 },
	[ROLE_OFF]           = { A_DIM,                 -1,       -1 },
	[ROLE_LIVE]          = { A_BOLD,                BLUE,     -1 },
	[ROLE_PAUSED]        = { A_BOLD | A_REVERSE,    ORANGE,   COLOR_MAGENTA },
	[ROLE_FILE]          = { A_BOLD,                BLUE,     -1 },
	[ROLE_LOSS]          = { A_BOLD | A_REVERSE,    CRIMSON,  COLOR_RED },
	[ROLE_WARNING]       = { A_BOLD,                ORANGE,   COLOR_MAGENTA },
	[ROLE_ERROR]         = { A_BOLD,                CRIMSON,  COLOR_RED },
	[ROLE_RULE]          = { A_NORMAL,              BLUE,     -1 },
	[ROLE_KEY]           = { A_BOLD,                BLUE,     -1 },
	[ROLE_NOERROR]       = { A_NORMAL,              BLUE,     -1 },
	[ROLE_NXDOMAIN]      = { A_NORMAL,              PURPLE,   COLOR_MAGENTA },
	[ROLE_REFUSED]       = { A_NORMAL,              ORANGE,   COLOR_RED },
	[ROLE_SERVFAIL]      = { A_BOLD,                CRIMSON,  COLOR_RED },
	[ROLE_RCODE]         = { A_BOLD,                ORANGE,   COLOR_MAGENTA },
	[ROLE_NO_ANSWER]     = { A_BOLD,                -1,       -1 },
	[ROLE_WAITING]       = { A_NORMAL,              -1,       -1 },
	[ROLE_BAR]           = { A_NORMAL,              BLUE,     -1 },
};
/* clang-format on */

static const struct glyphs utf8_glyphs = {
	.ellipsis = "…",
	.rule = "─",
	.heavy = "━",
	.column = "│",
	.corner = { "┌", "┐", "└", "┘" },
	.descending = "▼",
	.ascending = "▲",
	.dot = "●",
	.pointer = "▶",
};

static const struct glyphs ascii_glyphs = {
	.ellipsis = "~",
	.rule = "-",
	.heavy = "=",
	.column = "|",
	.corner = { "+", "+", "+", "+" },
	.descending = "v",
	.ascending = "^",
	.dot = "*",
	.pointer = ">",
};

int theme_cube(enum theme_colours colours, enum role role)
{
	return looks[role].hue < 0 ? -1 : cubes[colours][looks[role].hue];
}

void theme_init(struct theme *t, enum theme_colours colours, bool ascii, enum graph graph)
{
	t->ascii = ascii;
	t->graph = ascii ? GRAPH_ASCII : graph == GRAPH_AUTO ? GRAPH_BRAILLE : graph;
	t->colours = colours != THEME_MONO;
	t->glyph = ascii ? &ascii_glyphs : &utf8_glyphs;
	for (int i = 0; i < ROLE_COUNT; i++) {
		short colour = looks[i].ansi;

		if (colours >= THEME_256)
			colour = (short)theme_cube(colours, (enum role)i);
		t->role[i].attr = looks[i].attr;
		t->role[i].pair = 0;
		if (colours == THEME_MONO || colour < 0)
			continue;
		init_pair((short)(i + 1), colour, -1);
		t->role[i].pair = (short)(i + 1);
	}
}

void theme_use(const struct theme *t, enum role role)
{
	attr_set(t->role[role].attr, t->role[role].pair, NULL);
}

enum role theme_rcode(unsigned rcode)
{
	switch (rcode) {
	case 0:
		return ROLE_NOERROR;
	case 2:
		return ROLE_SERVFAIL;
	case 3:
		return ROLE_NXDOMAIN;
	case 5:
		return ROLE_REFUSED;
	default:
		return ROLE_RCODE;
	}
}
