/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the user can do: one table of actions, from which keys are looked up
 * and the help and the footer are made. A key that is not here does nothing,
 * and nothing is said of a key that is not here.
 */
#ifndef DNSTOP_TUI_KEYMAP_H
#define DNSTOP_TUI_KEYMAP_H

#include <stddef.h>

#include "core/base/err.h"
#include "tui/frame.h"

struct ui;

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

/* The keys of each action, as the user has them: as in the table, but for those
 * that were bound to others. */
#define KEYMAP_ACTIONS_MAX 100
struct keys {
	struct {
		bool own; /* bound by the user */
		int key[KEYMAP_MAX_KEYS];
	} of[KEYMAP_ACTIONS_MAX];
};

const struct action *keymap_actions(size_t *n);
/* What is in the table. */
void keys_init(struct keys *k);
/* Binds an action of the table to the keys named in text ("F8 space ^P"), and to
 * no others; "" or "none" leaves it without one. A key that the user bound
 * before is refused; one that is another action's in the table is taken from it,
 * which *taken_from then is (NULL: none was). Returns 0 or -EINVAL with err. */
int keys_bind(struct keys *k, const char *action, const char *text,
	      const struct action **taken_from, struct err *err);
/* The key of the table that does what the user's key does; the key itself where
 * the user changed nothing about it; 0 where it does nothing any more. */
int keys_translate(const struct keys *k, int key);
/* "F8 Space", as keys_bind takes it; false where it is as in the table. */
bool keys_own_text(const struct keys *k, const struct action *a, char *buf, size_t size);
/* The action of a key, NULL when it has none. */
const struct action *keymap_find(int key);
/* What the action is run with. */
int keymap_arg(const struct action *a, int key);
const char *keymap_section_title(enum section s);
/* The names of at most `most` of an action's keys: "F4 / \"; keys NULL: those of
 * the table. Returns buf or a constant. */
#define KEYMAP_KEYS_TEXT_MAX 40
const char *keymap_keys_text(const struct keys *keys, const struct action *a, int most,
			     char buf[KEYMAP_KEYS_TEXT_MAX]);

#endif
