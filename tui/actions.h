/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the entries of the action table do.
 */
#ifndef DNSTOP_TUI_ACTIONS_H
#define DNSTOP_TUI_ACTIONS_H

#include <stdbool.h>

#include "tui/keys/keymap.h"
#include "tui/model/frame.h"

struct ui;

/* Does it; ACT_NONE is nothing that can be done. Returns enum ui_effect bits. */
int actions_run(struct ui *ui, const struct frame *f, enum act act, int arg);
/* For tests: whether there is something that does it. */
bool actions_has(enum act act);

#endif
