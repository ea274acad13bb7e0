/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seam of popups: what lies over a view and takes the keys until it is
 * closed. One at a time.
 */
#ifndef DNSTOP_POPUP_POPUP_H
#define DNSTOP_POPUP_POPUP_H

#include <stdbool.h>

#include "tui/model/frame.h"
#include "tui/widget/move.h"
#include "tui/widget/text.h"
#include "tui/widget/theme.h"

/* `popup` is the state of the popup, which its owner keeps as long as it is open. */
struct popup_ops {
	/* A key, as key.h has them, that is not one of those that close every popup;
	 * returns false when the popup is done. */
	bool (*key)(void *popup, int key);
	/* Whether letters are text now, and no key closes it but its own; may be NULL. */
	bool (*is_typing)(const void *popup);
	void (*wheel)(void *popup, int lines); /* down: more than 0 */
	/* A click, in cells of the screen; returns false when the popup is done, as it is
	 * by one beside it. NULL: it has nothing to click at. */
	bool (*click)(void *popup, int y, int x);
	/* `at` is what lies between the first line and the footer. */
	void (*draw)(void *popup, const struct frame *f, struct rect at);
};

#endif
