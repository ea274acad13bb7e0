/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The flows view: every transaction that passes the filter, one a line. The
 * selection belongs to a row, not to a line: it goes where its row goes. On
 * the top line it stays there instead, and new rows pass under it.
 */
#ifndef DNSTOP_VIEW_FLOWS_H
#define DNSTOP_VIEW_FLOWS_H

#include "core/query/view.h"
#include "tui/view/view_ops.h"
#include "tui/widget/table.h"

struct flows;

extern const struct view_ops flows_ops;

/* columns: NULL for the default ones; sort: as of flows_set_sort, NULL for the newest
 * first. NULL when memory is short. */
struct flows *flows_new(const struct field *const *columns, int n_columns, const char *sort);
/* Whether a row is among those on show, by the last update. */
bool flows_has(const struct flows *v, uint32_t seq);
/* The rows on show in their order, and the columns. */
const struct view *flows_rows(const struct flows *v);
int flows_columns(const struct flows *v, const struct field *out[FIELD_MAX_COLUMNS]);
/* As the user would choose them; and the order, "field" or "-field" of a known field. */
void flows_set_columns(struct flows *v, const struct field *const *columns, int n);
void flows_set_sort(struct flows *v, const char *sort);
void flows_sort_text(const struct flows *v, char *buf, size_t size);
/* Brings the cursor to a row, once it is on show. */
void flows_select(struct flows *v, uint32_t seq);

#endif
