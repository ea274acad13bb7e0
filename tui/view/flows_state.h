/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole state of the flows view, for flows.c and flows_columns.c.
 */
#ifndef DNSTOP_VIEW_FLOWS_STATE_H
#define DNSTOP_VIEW_FLOWS_STATE_H

#include "tui/model/fresh.h"
#include "tui/view/flows.h"

struct flows {
	struct table table;
	struct view *view;
	const struct field *time; /* ordering by it is the order of arrival */
	const struct field *rcode;
	const struct field *latency;
	const struct field *name;
	const struct field *cell;            /* that the user went to; NULL: none yet */
	const struct field *order_elsewhere; /* ordered by a field that is no column */
	struct fresh fresh;
	struct fresh making; /* valid: what the view is being made for */
	bool selected;
	bool is_behind;   /* what is asked for is still being made */
	bool following;   /* the selected row, on the top line too */
	bool tail;        /* the selection stays on the top line */
	uint32_t seq;     /* of the selected row */
	uint32_t left_at; /* next seq when the tail was left: rows from here on are new */
};

/* Columns and order, as flows_new takes them. */
void flows_init_columns(struct flows *v, const struct field *const *columns, int n_columns,
			const char *sort);
/* What the rows are ordered by; no field: the order of arrival. */
struct view_order flows_order(const struct flows *v);

/* Of the view's operations those about columns. */
void flows_manage(void *view, struct checklist *c);
const struct field *flows_cell_field(const void *view);
void flows_move_cell(void *view, int step);

#endif
