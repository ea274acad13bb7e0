/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mouse: a click or a turn of the wheel goes to what is on top at its place.
 */
#ifndef DNSTOP_TUI_MOUSE_H
#define DNSTOP_TUI_MOUSE_H

#include "tui/ui_state.h"

/* n events, one after the other. Returns enum ui_effect bits. */
int mouse_take(struct ui *ui, const struct frame *f, const struct screen_mouse *e, int n);

#endif
