/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole state of the overview, for overview.c and overview_choice.c.
 */
#ifndef DNSTOP_VIEW_OVERVIEW_STATE_H
#define DNSTOP_VIEW_OVERVIEW_STATE_H

#include "tui/view/overview.h"

#define OVERVIEW_MAX_PANELS 40
#define OVERVIEW_TOP        5 /* groups of each panel until the user chooses */

struct placed {
	int panel;      /* of list */
	struct rect at; /* y from the top of the first panel */
};

struct overview {
	struct queries *queries;
	struct panel_choice choice;
	const struct panel *panels;
	int n;
	struct {
		int panel;
		bool shown;
	} list[OVERVIEW_MAX_PANELS]; /* in the user's order */
	struct panel_state state[OVERVIEW_MAX_PANELS];
	struct placed placed[OVERVIEW_MAX_PANELS];
	int n_placed;
	int focus;     /* of placed */
	int line;      /* of that panel */
	bool expanded; /* the one in focus alone */
	int offset;    /* lines above the screen */
	struct rect at;
};

/* What is shown until the user chooses. */
void overview_defaults(struct overview *v);

/* Of the view's operations those about the choice. */
void overview_manage(void *view, struct checklist *c);
void overview_choose_group(void *view, struct checklist *c);

#endif
