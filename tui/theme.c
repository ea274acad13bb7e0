/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/theme.h"

#include <curses.h>

/* The colours of the 256-colour cube that the header speaks of. */
enum {
	BLUE = 31,
	PURPLE = 98,
	ORANGE = 130,
	CRIMSON = 161,
};

struct look {
	attr_t attr;
	short cube;
	short ansi;
};

/* Attributes, the colour of 256, the colour of 8; -1: the terminal's own. */
/* clang-format off */
static const struct look looks[ROLE_COUNT] = {
	[ROLE_TEXT]          = { A_NORMAL,              -1,       -1 },
	[ROLE_STRONG]        = { A_BOLD,                -1,       -1 },
	[ROLE_TAB]           = { A_BOLD,                -1,       -1 },
	[ROLE_HEADER]        = { A_UNDERLINE,           -1,       -1 },
	[ROLE_HEADER_SORT]   = { A_UNDERLINE | A_BOLD,  BLUE,     -1 },
	[ROLE_SELECTED]      = { A_REVERSE,             -1,       -1 },
	[ROLE_GONE]          = { A_NORMAL,              -1,       -1 },
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

void theme_init(struct theme *t, enum theme_colours colours, bool ascii)
{
	t->ascii = ascii;
	t->colours = colours != THEME_MONO;
	t->glyph = ascii ? &ascii_glyphs : &utf8_glyphs;
	for (int i = 0; i < ROLE_COUNT; i++) {
		short colour = colours == THEME_256 ? looks[i].cube : looks[i].ansi;

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
