/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole state of the screen, for ui.c and the actions.
 */
#ifndef DNSTOP_TUI_UI_STATE_H
#define DNSTOP_TUI_UI_STATE_H

#include "tui/detail.h"
#include "tui/filterbar.h"
#include "tui/help.h"
#include "tui/popup.h"
#include "tui/screen.h"
#include "tui/sortmenu.h"
#include "tui/status.h"

struct ui {
	struct screen screen;
	const struct view_ops *view_ops; /* of the view on show */
	void *view;
	struct filterbar filterbar;
	struct detail detail;
	struct status status;
	struct doc messages; /* lines above the truth bar */
	bool notice_read;    /* a key was pressed since the notice was shown */

	const struct popup_ops *popup_ops; /* NULL: none is open */
	void *popup;
	struct help help;
	struct sortmenu sortmenu;

	bool paused;
	uint32_t paused_seq;    /* rows from here on came later */
	uint64_t paused_now_ns; /* model time of the pause */

	struct rect view_at; /* where things were drawn last, for the mouse */
	struct rect detail_at;
	uint64_t frames;
};

/* Whether the detail pane covers the whole view. */
bool ui_detail_is_whole(const struct ui *ui);

#endif
