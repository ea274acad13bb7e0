/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The overview: panels, each a question about the rows that pass the filter.
 * In two columns where there is room; what does not fit is reached by moving
 * on. Which panels, and in which order, is the user's to choose.
 */
#ifndef DNSTOP_VIEW_OVERVIEW_H
#define DNSTOP_VIEW_OVERVIEW_H

#include "core/base/err.h"
#include "tui/panel/panel.h"
#include "tui/view/view_ops.h"

struct overview;

extern const struct view_ops overview_ops;

/* NULL when memory is short. */
struct overview *overview_new(void);
/* What is shown, to read and to change. */
struct panel_choice *overview_choice(struct overview *v);
/* The panels on show by their names, in their order, parted by blanks; "none". */
void overview_panels(const struct overview *v, char *buf, size_t size);
/* Shows these. Returns 0, or -EINVAL with err and nothing changed. */
int overview_set_panels(struct overview *v, const char *names, struct err *err);

#endif
