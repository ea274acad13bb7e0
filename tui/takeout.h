/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is under the cursor or on show, taken elsewhere: as a test of the filter,
 * to the clipboard, to a file.
 */
#ifndef DNSTOP_TUI_TAKEOUT_H
#define DNSTOP_TUI_TAKEOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/model/frame.h"

struct ui;

/* The test that what is under the cursor passes, a group or a cell, or with `exclude`
 * all else; false where there is none, or it does not fit in size. */
bool takeout_term(struct ui *ui, const struct frame *f, bool exclude, char *buf, size_t size);
/* The cell under the cursor to the clipboard, or the whole row as JSON; of a group
 * what filters it. Says in ui->told what came of it. Returns enum ui_effect bits. */
int takeout_copy(struct ui *ui, const struct frame *f, bool whole);
/* Opens the popup that writes the rows on show to a file. Returns likewise. */
int takeout_export(struct ui *ui, const struct frame *f);

#endif
