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
	attr_t attr; /* with colours */
	short cube;  /* of 256 colours; -1: the terminal's own */
	short ansi;  /* of 8; -1 likewise */
	attr_t mono; /* where there is no colour */
};

static const struct look looks[ROLE_COUNT] = {
	[ROLE_TEXT] = {A_NORMAL,              -1,      -1,            A_NORMAL            },
	[ROLE_STRONG] = { A_BOLD,               -1,      -1,            A_BOLD              },
	[ROLE_TAB] = { A_BOLD | A_UNDERLINE, -1,      -1,            A_BOLD | A_UNDERLINE},
	[ROLE_HEADER] = { A_REVERSE,            -1,      -1,            A_REVERSE           },
	[ROLE_HEADER_SORT] = { A_REVERSE | A_BOLD,   -1,      -1,            A_REVERSE | A_BOLD  },
	[ROLE_SELECTED] = { A_REVERSE,            -1,      -1,            A_REVERSE           },
	[ROLE_GONE] = { A_NORMAL,             -1,      -1,            A_NORMAL            },
	[ROLE_LIVE] = { A_BOLD,               BLUE,    -1,            A_BOLD              },
	[ROLE_PAUSED] = { A_BOLD | A_REVERSE,   ORANGE,  COLOR_MAGENTA, A_BOLD | A_REVERSE  },
	[ROLE_FILE] = { A_BOLD,               BLUE,    -1,            A_BOLD              },
	[ROLE_LOSS] = { A_BOLD | A_REVERSE,   CRIMSON, COLOR_RED,     A_BOLD | A_REVERSE  },
	[ROLE_WARNING] = { A_BOLD,               ORANGE,  COLOR_MAGENTA, A_BOLD              },
	[ROLE_ERROR] = { A_BOLD,               CRIMSON, COLOR_RED,     A_BOLD              },
	[ROLE_RULE] = { A_NORMAL,             BLUE,    -1,            A_NORMAL            },
	[ROLE_KEY] = { A_BOLD,               BLUE,    -1,            A_BOLD              },
	[ROLE_NOERROR] = { A_NORMAL,             BLUE,    -1,            A_NORMAL            },
	[ROLE_NXDOMAIN] = { A_NORMAL,             PURPLE,  COLOR_MAGENTA, A_NORMAL            },
	[ROLE_REFUSED] = { A_NORMAL,             ORANGE,  COLOR_RED,     A_NORMAL            },
	[ROLE_SERVFAIL] = { A_BOLD,               CRIMSON, COLOR_RED,     A_BOLD              },
	[ROLE_RCODE] = { A_BOLD,               ORANGE,  COLOR_MAGENTA, A_BOLD              },
	[ROLE_NO_ANSWER] = { A_BOLD,               -1,      -1,            A_BOLD              },
	[ROLE_WAITING] = { A_NORMAL,             -1,      -1,            A_NORMAL            },
};

static const struct glyphs utf8_glyphs = {
	.ellipsis = "…",
	.rule = "─",
	.column = "│",
	.corner = {"┌", "┐", "└", "┘"},
	.descending = "▼",
	.ascending = "▲",
	.dot = "●",
	.pointer = "▶",
};

static const struct glyphs ascii_glyphs = {
	.ellipsis = "~",
	.rule = "-",
	.column = "|",
	.corner = {"+", "+", "+", "+"},
	.descending = "v",
	.ascending = "^",
	.dot = "*",
	.pointer = ">",
};

void theme_init(struct theme *t, enum theme_colours colours, bool ascii)
{
	t->glyph = ascii ? &ascii_glyphs : &utf8_glyphs;
	for (short i = 0; i < ROLE_COUNT; i++) {
		short colour = colours == THEME_256 ? looks[i].cube : looks[i].ansi;

		t->role[i].attr = colours == THEME_MONO ? looks[i].mono : looks[i].attr;
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
