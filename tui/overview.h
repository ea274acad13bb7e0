/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The overview: panels, each a question about the rows that pass the filter.
 * In two columns where there is room; what does not fit is reached by moving
 * on. Which panels, and in which order, is the user's to choose.
 */
#ifndef DNSTOP_TUI_OVERVIEW_H
#define DNSTOP_TUI_OVERVIEW_H

#include "tui/view_ops.h"

struct overview;

extern const struct view_ops overview_ops;

/* NULL when memory is short. */
struct overview *overview_new(void);

#endif
