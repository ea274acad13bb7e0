/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Quick filters: a list of tests, each of which is a chip of the filter or not.
 */
#ifndef DNSTOP_TUI_QUICK_H
#define DNSTOP_TUI_QUICK_H

#include "tui/popup/checklist.h"

/* Its owner is the struct ui. */
extern const struct checklist_owner quick_filters;

#endif
