/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of all that can be grouped by, to take one from: for a checklist of one.
 */
#ifndef DNSTOP_POPUP_GROUPLIST_H
#define DNSTOP_POPUP_GROUPLIST_H

#include "tui/model/groupby.h"
#include "tui/popup/checklist.h"

/* Adds every field that rows can be grouped by, those with a key first. now: the one
 * that they are grouped by. */
void grouplist_fill(struct checklist *c, const struct field *now);
/* What was taken. */
struct groupby grouplist_taken(const struct checklist *c);

#endif
