/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the user can do: one table of actions, from which keys are looked up
 * and the help and the footer are made. A key that is not here does nothing,
 * and nothing is said of a key that is not here.
 */
#ifndef DNSTOP_TUI_KEYMAP_H
#define DNSTOP_TUI_KEYMAP_H

#include <stddef.h>

#include "tui/view_ops.h"

struct ui;

enum section {
	SECTION_GENERAL,
	SECTION_GROUP,
	SECTION_PANEL,
	SECTION_MOVE,
	SECTION_TABLE,
	SECTION_FILTER, /* keys of the filter bar while it is open: help only */
	SECTION_SIGNS,  /* what the screen shows that is no key: help only */
	SECTION_COUNT,
};

#define KEYMAP_MAX_KEYS 10
#define KEYMAP_HELP_MAX 26

/* What curses gives for ^C and its like, and for Escape. */
#define KEY_CTRL(letter) ((letter)&0x1f)
#define KEY_ESCAPE       0x1b

struct action {
	const char *name; /* "pause": what settings call it; NULL: only told of in help */
	enum section section;
	int keys[KEYMAP_MAX_KEYS]; /* as curses gives them; 0-ended */
	const char *shown;         /* what help shows instead of `keys`; NULL: those */
	const char *help;          /* a few words, at most KEYMAP_HELP_MAX cells */
	const char *label;         /* in the footer; NULL: not there */
	/* Does it; returns enum ui_effect bits. */
	int (*run)(struct ui *ui, const struct frame *f, int arg);
	int arg;
	bool counts; /* arg is of the first key, and goes up by one from key to key */
};

const struct action *keymap_actions(size_t *n);
/* The action of a key, NULL when it has none. */
const struct action *keymap_find(int key);
/* What the action is run with. */
int keymap_arg(const struct action *a, int key);
const char *keymap_section_title(enum section s);
/* The names of at most `most` of an action's keys: "F4 / \". Returns buf or a
 * constant. */
#define KEYMAP_KEYS_TEXT_MAX 40
const char *keymap_keys_text(const struct action *a, int most, char buf[KEYMAP_KEYS_TEXT_MAX]);

#endif
