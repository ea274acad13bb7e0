/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Top view: the rows that pass the filter, grouped by what one key chose,
 * one group a line, ordered by any column. The selection belongs to a group and
 * goes where it goes; on the top line it stays there.
 */
#ifndef DNSTOP_VIEW_TOP_H
#define DNSTOP_VIEW_TOP_H

#include "core/query/group.h"
#include "tui/model/groupby.h"
#include "tui/view/view_ops.h"

struct top;

extern const struct view_ops top_ops;

/* NULL when memory is short. */
struct top *top_new(void);
/* What is on show first. */
void top_open(struct top *v, struct groupby by, enum group_column order, bool descending);

#endif
