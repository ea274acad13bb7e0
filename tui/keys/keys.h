/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys as the user has them, and their names for help and settings.
 */
#ifndef DNSTOP_KEYS_KEYS_H
#define DNSTOP_KEYS_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "tui/keys/keymap.h"

/* The keys of each action, as the user has them: as in the table, but for those
 * that were bound to others. */
#define KEYS_ACTIONS_MAX 100
struct keys {
	struct {
		bool own; /* bound by the user */
		int key[KEYMAP_MAX_KEYS];
	} of[KEYS_ACTIONS_MAX];
};

/* As in the table. */
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
/* The names of at most `most` of an action's keys: "F4 / \"; keys NULL: those of
 * the table. Returns buf or a constant. */
#define KEYS_TEXT_MAX 40
const char *keys_text(const struct keys *keys, const struct action *a, int most,
		      char buf[KEYS_TEXT_MAX]);

#endif
