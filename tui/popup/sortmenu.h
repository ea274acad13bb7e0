/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sort menu: the columns of a table, to choose the one that orders it.
 */
#ifndef DNSTOP_POPUP_SORTMENU_H
#define DNSTOP_POPUP_SORTMENU_H

#include "tui/popup/popup.h"
#include "tui/widget/table.h"

struct sortmenu {
	struct table *table;
	int chosen;
	int top;
	int height; /* lines as drawn last */
	struct rect box;
};

extern const struct popup_ops sortmenu_ops;

/* t: of the view on show, borrowed while it is open. */
void sortmenu_open(struct sortmenu *s, struct table *t);

#endif
