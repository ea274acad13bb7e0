/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the user can do: one table of actions, from which keys are looked up
 * and the help and the footer are made. A key that is not here does nothing,
 * and nothing is said of a key that is not here. It is data: actions.c does it.
 */
#ifndef DNSTOP_KEYS_KEYMAP_H
#define DNSTOP_KEYS_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/widget/move.h"

enum section {
	SECTION_GENERAL,
	SECTION_GROUP,
	SECTION_PANEL,
	SECTION_MOVE,
	SECTION_TABLE,
	SECTION_FILTER, /* keys of the filter bar while it is open: help only */
	SECTION_CHIPS,  /* of its chips, likewise */
	SECTION_SIGNS,  /* what the screen shows that is no key: help only */
	SECTION_COUNT,
};

#define KEYMAP_MAX_KEYS 10
#define KEYMAP_HELP_MAX 26

/* What a key does; what each takes as its arg. */
enum act {
	ACT_NONE,      /* nothing: it is only told of */
	ACT_QUIT,      /* innermost first */
	ACT_QUIT_KEEP, /* what is on screen stays */
	ACT_LEAVE,     /* the program, at once */
	ACT_CLOSE,     /* innermost, never the program */
	ACT_HELP,
	ACT_COUNTERS,
	ACT_FILTER,
	ACT_FIND, /* arg: 0 the line; +1, -1 */
	ACT_CHIPS,
	ACT_QUICK, /* quick filters */
	ACT_SORT_MENU,
	ACT_SORT_STEP, /* arg: +1, -1 */
	ACT_SORT_INVERT,
	ACT_WATERFALL, /* the row's lookup */
	ACT_PAUSE,
	ACT_REWIND, /* arg: -1 back, +1 */
	ACT_ENTER,  /* a group, or the detail */
	ACT_BACK,   /* out of a group */
	ACT_ONLY,   /* a group, a cell; 1: all but it */
	ACT_CELL,   /* the cell marked: +1, -1 */
	ACT_TOGGLE, /* arg: enum toggle */
	ACT_MANAGE,
	ACT_VIEW,  /* arg: +1, -1 */
	ACT_GROUP, /* arg: enum groupby_key */
	ACT_CHOOSE_GROUP,
	ACT_WINDOW,        /* arg: +1 longer, -1 */
	ACT_DETAIL_SCROLL, /* arg: lines */
	ACT_MOVE,          /* arg: enum move */
	ACT_EXPORT,
	ACT_COPY,
	ACT_SAVE,
	ACT_REPAINT,
	ACT_RESET,
	ACT_COUNT,
};

enum toggle {
	TOGGLE_EXPAND,  /* one part on the whole screen */
	TOGGLE_STACKED, /* columns instead of lines */
	TOGGLE_NOERROR, /* what is no error, too */
	TOGGLE_OVERALL, /* the figures of all rows beside those of groups */
	TOGGLE_TOTAL,   /* all rows beside the groups */
	TOGGLE_TOP,     /* how many groups: 5, 10, 15 */
	TOGGLE_FOLLOW,  /* the selected row, wherever it goes */
};

struct action {
	const char *name; /* "pause": what settings call it; NULL: only told of in help */
	enum section section;
	int keys[KEYMAP_MAX_KEYS]; /* as curses gives them; 0-ended */
	const char *shown;         /* what help shows instead of `keys`; NULL: those */
	const char *help;          /* a few words, at most KEYMAP_HELP_MAX cells */
	const char *label;         /* in the footer; NULL: not there */
	enum act act;
	int arg;
	bool counts; /* arg is of the first key, and goes up by one from key to key */
};

const struct action *keymap_actions(size_t *n);
/* The action of a key, NULL when it has none. */
const struct action *keymap_find(int key);
/* What the action is run with. */
int keymap_arg(const struct action *a, int key);
const char *keymap_section_title(enum section s);
/* The movement that a key means in every list; false when it means none. */
bool keymap_move(int key, enum move *how);

#endif
