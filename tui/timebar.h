/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The line above a view that stands still: what time is on show, of what memory
 * holds, and how much left it since.
 */
#ifndef DNSTOP_TUI_TIMEBAR_H
#define DNSTOP_TUI_TIMEBAR_H

#include "tui/model/freeze.h"
#include "tui/widget/text.h"

/* f: a frame of what is frozen. */
void timebar_draw(const struct freeze *z, const struct frame *f, struct rect at);

#endif
