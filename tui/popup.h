/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seam of popups: what lies over a view and takes the keys until it is
 * closed. One at a time.
 */
#ifndef DNSTOP_TUI_POPUP_H
#define DNSTOP_TUI_POPUP_H

#include <stdbool.h>

#include "tui/view_ops.h"

struct popup_ops {
	/* A key that is not one of those that close every popup; returns false
	 * when the popup is done. */
	bool (*key)(void *popup, int key);
	/* Whether letters are text now, and no key closes it but its own; may be NULL. */
	bool (*is_typing)(const void *popup);
	void (*wheel)(void *popup, int lines);
	/* `at` is what lies between the first line and the footer. */
	void (*draw)(void *popup, const struct frame *f, struct rect at);
};

/* The movement that a key means in every list; false when it means none. */
bool popup_move_of(int key, enum move *how);

/* Where the choice of a list of n lines goes, `page` of them on screen; not
 * kept within the list yet. */
int popup_list_move(int chosen, enum move how, int page, int n);
/* Keeps the choice within the list and on screen. */
void popup_list_reveal(int *chosen, int *top, int height, int n);

#endif
