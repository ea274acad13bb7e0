/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The truth bar: what was seen, what became of it, and every loss. Always on
 * screen; on a narrow one with fewer words, never without the losses.
 */
#ifndef DNSTOP_TUI_TRUTHBAR_H
#define DNSTOP_TUI_TRUTHBAR_H

#include "tui/model/frame.h"
#include "tui/widget/text.h"

void truthbar_draw(const struct frame *f, struct rect at);

#endif
