/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A view that shows a board (core/query/board.h): a line for each of what it is
 * about, sortable; Enter shows the flows of the line.
 */
#ifndef DNSTOP_VIEW_BOARDVIEW_H
#define DNSTOP_VIEW_BOARDVIEW_H

#include "core/query/board.h"
#include "tui/view/view_ops.h"

struct boardview;

extern const struct view_ops boardview_resolvers_ops;
extern const struct view_ops boardview_searches_ops;
extern const struct view_ops boardview_encrypted_ops;

/* ops: one of board.h's, as the view_ops are. NULL when memory is short. */
struct boardview *boardview_new(const struct board_ops *ops);

#endif
