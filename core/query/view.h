/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A view: the rows of the table that pass a filter, in an order. What the
 * screen scrolls through and what a batch report prints.
 */
#ifndef DNSTOP_QUERY_VIEW_H
#define DNSTOP_QUERY_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/query/field.h"
#include "core/query/filter.h"

struct view_order {
	const struct field *field; /* NULL: time, i.e. the order of arrival */
	bool descending;
};

struct view;

struct view *view_new(void); /* NULL when memory is short */
void view_free(struct view *v);

/* Makes the view true for the table as it is now. Absent values come last in
 * both directions; equal ones keep the order of arrival, newest first when
 * descending. Rows [from_seq, to_seq) only; pass oldest and next_seq for all.
 * Returns 0 or -ENOMEM (the view is then empty). */
int view_update(struct view *v, const struct row_source *src, struct filter *filter,
		struct view_order order, uint32_t from_seq, uint32_t to_seq);

/* The same in parts, for who has other things to do meanwhile; the view is what
 * it was until all are done. view_work works on so many rows; it returns 1 while
 * there is more to do, then 0 or -ENOMEM. src and filter are borrowed until then,
 * or until the next view_begin. */
void view_begin(struct view *v, const struct row_source *src, struct filter *filter,
		struct view_order order, uint32_t from_seq, uint32_t to_seq);
int view_work(struct view *v, uint32_t rows);

uint32_t view_count(const struct view *v);
/* The seq at position i < view_count. It may have been evicted since. */
uint32_t view_seq(const struct view *v, uint32_t i);
/* The position of a seq, or -1 when it is not in the view. A binary search in
 * the order of time, else every row is looked at (0.3 ms a million). */
int64_t view_find(const struct view *v, uint32_t seq);

#endif
