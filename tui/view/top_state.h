/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole state of the Top view, for top.c and top_columns.c.
 */
#ifndef DNSTOP_VIEW_TOP_STATE_H
#define DNSTOP_VIEW_TOP_STATE_H

#include "tui/view/top.h"
#include "tui/widget/table.h"

struct queries;

struct top {
	struct table table;
	struct groupby by;
	struct queries *queries;
	struct grouping *groups; /* of them; NULL: not counted yet */
	uint32_t made;
	int sorted_by; /* what `groups` are ordered by */
	bool sorted_descending;
	uint64_t most; /* the greatest count of a group */
	bool selected; /* a group of its own, not the top line */
	struct value key, second;
	char key_text[VALUE_BUF], second_text[VALUE_BUF];
};

/* The columns of the grouping that it is by; the order stays what it was. */
void top_set_columns(struct top *v);
/* What the groups are ordered by. */
enum group_column top_order(const struct top *v);
void top_order_by(struct top *v, enum group_column by, bool descending);
/* Of its table. */
void top_cell(void *ctx, const struct frame *f, uint32_t row, int column, struct table_cell *out);

/* Of the view's operations that about words in cells. */
bool top_has_word(const void *view, uint32_t i, const char *word);

#endif
