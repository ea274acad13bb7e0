/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the user wants the screen to look, by the words of options and settings.
 */
#ifndef DNSTOP_WIDGET_LOOKS_H
#define DNSTOP_WIDGET_LOOKS_H

#include <stdbool.h>

#include "core/base/err.h"
#include "tui/widget/theme.h"

/* What the words are, for help. */
#define LOOKS_THEMES "auto, dark, light, basic (8 colours) or mono"
#define LOOKS_GRAPHS "auto, braille, block or ascii"

enum looks_theme {
	LOOKS_AUTO,  /* 256 colours that read on dark and light, or 8, or none */
	LOOKS_DARK,  /* colours with more contrast on a dark background */
	LOOKS_LIGHT, /* on a light one */
	LOOKS_BASIC, /* 8 colours, though there are more */
	LOOKS_MONO,
};

/* --color: whether there are colours at all. */
enum looks_colour {
	LOOKS_COLOUR_AUTO, /* where the terminal has them and $NO_COLOR is not set */
	LOOKS_COLOUR_NEVER,
	LOOKS_COLOUR_ALWAYS, /* whatever $NO_COLOR says */
};

struct looks {
	enum looks_theme theme;
	enum graph graph;
	bool ascii;
	bool mouse; /* clicks are ours, not the terminal's */
};

int looks_theme(struct looks *l, const char *name, struct err *err);
int looks_graph(struct looks *l, const char *name, struct err *err);
const char *looks_theme_name(const struct looks *l);
const char *looks_graph_name(const struct looks *l);

#endif
