/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole state of the screen, for ui.c and the actions.
 */
#ifndef DNSTOP_TUI_UI_STATE_H
#define DNSTOP_TUI_UI_STATE_H

#include "tui/filter/filterbar.h"
#include "tui/find.h"
#include "tui/keys/keys.h"
#include "tui/model/freeze.h"
#include "tui/popup/checklist.h"
#include "tui/popup/counters.h"
#include "tui/popup/export.h"
#include "tui/popup/help.h"
#include "tui/popup/popup.h"
#include "tui/popup/sortmenu.h"
#include "tui/settings.h"
#include "tui/status.h"
#include "tui/view/detail.h"
#include "tui/view/waterfall.h"
#include "tui/widget/looks.h"
#include "tui/widget/screen.h"
#include "tui/widget/text.h"

/* The views, as F5 goes through them. */
enum {
	VIEW_OVERVIEW,
	VIEW_FLOWS,
	VIEW_TOP,
	VIEW_RESOLVERS,
	VIEW_SEARCHES,
	VIEW_ENCRYPTED,
	VIEW_COUNT,
};

/* Where one was before a group was opened. */
struct place_before {
	int view;
	char filter[LINEEDIT_MAX];
};

#define MAX_BEFORE 8

struct ui {
	struct screen screen;
	struct {
		const struct view_ops *ops;
		void *state;
	} views[VIEW_COUNT];
	int current;                     /* of views */
	const struct view_ops *view_ops; /* of the current one */
	void *view;
	struct place_before before[MAX_BEFORE]; /* the newest last */
	int n_before;
	struct filterbar filterbar;
	struct find find;
	struct detail detail;
	struct status status;
	struct doc messages; /* lines above the truth bar */
	bool notice_read;    /* a key was pressed since the notice was shown */

	const struct popup_ops *popup_ops; /* NULL: none is open */
	void *popup;
	struct help help;
	struct counters counters;
	struct sortmenu sortmenu;
	struct checklist checklist;
	struct waterfall waterfall;
	struct export export;
	struct keys keys;
	struct settings settings;
	struct looks looks;
	char told[600]; /* what must be told until the next key; "" */

	uint64_t window_ns; /* see window.h */
	struct freeze freeze;

	uint64_t now_ns; /* model time of the last frame, for what has none at hand */

	struct rect view_at; /* where things were drawn last, for the mouse */
	struct rect detail_at;
	struct rect tab[VIEW_COUNT]; /* empty: not on show */
	bool keep;                   /* the screen's text is left on the terminal at the end */
};

/* What the next frame is made from. */
struct frame ui_frame_of(struct ui *ui, const struct ui_model *m);
/* A key while the filter bar, its chips or the find line have the keys. */
int ui_filter_key(struct ui *ui, const struct frame *f, int key);
/* Makes a view the current one. */
void ui_show(struct ui *ui, int view);
/* Opens a popup, a member of *ui that is ready to be drawn. Returns UI_REDRAW. */
int ui_popup(struct ui *ui, const struct popup_ops *ops, void *popup);
/* Whether the detail pane is on show, and whether it covers the whole view. */
bool ui_detail_is_open(const struct ui *ui);
bool ui_detail_is_whole(const struct ui *ui);

#endif
