/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the loop shows while it runs, and takes input from: the screen (ui.h), or
 * the lines of --plain (plain.h). A new one is a struct face_ops and one line in
 * main.c's open_face.
 */
#ifndef DNSTOP_TUI_FACE_H
#define DNSTOP_TUI_FACE_H

#include "tui/ui.h"

/* What is marked "may be NULL" a face need not have. Effects are enum ui_effect. */
struct face_ops {
	/* Where input comes from, to wait on; -1: nowhere now. */
	int (*fd)(const void *face);
	/* Takes what waits there. Returns effects. */
	int (*input)(void *face, const struct ui_model *m);
	/* The terminal's size changed, or we were stopped and continued; may be NULL. */
	int (*resized)(void *face);
	/* Stops the program as ^Z asks; NULL: there is nothing to put right first. */
	int (*stop)(void *face);
	/* A row has settled, for the first time or again; may be NULL. */
	void (*settled)(void *face, const struct flow *f);
	/* Called each -r, and when there is reason to. Returns effects. */
	int (*draw)(void *face, const struct ui_model *m);
	/* Whether it is to be called again at once; may be NULL. */
	bool (*is_busy)(const void *face);
	/* The run is over, and every row has settled; may be NULL. */
	void (*finish)(void *face, const struct ui_model *m);
	/* Frees it; returns 0, or the negative errno that its output met. */
	int (*close)(void *face);
};

/* The screen's; the face is a struct ui. */
extern const struct face_ops face_screen;

#endif
