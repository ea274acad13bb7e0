/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/board.h"

#include <stdlib.h>
#include <string.h>

static const struct board_ops *const list[] = { &board_resolvers, &board_searches,
						&board_encrypted };

const struct board_ops *const *boards(size_t *n)
{
	*n = sizeof(list) / sizeof(list[0]);
	return list;
}

const struct board_ops *board_find(const char *name)
{
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (strcmp(list[i]->name, name) == 0)
			return list[i];
	}
	return NULL;
}

void board_free(struct board *b)
{
	if (b)
		b->ops->free(b);
}

struct sorted {
	const struct board *board;
	int column;
	bool descending;
};

static int compare(const void *a, const void *b, void *ctx)
{
	const struct sorted *s = ctx;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	char buf_i[VALUE_BUF], buf_j[VALUE_BUF];
	struct value vi, vj;
	int order;

	s->board->ops->value(s->board, i, s->column, &vi, buf_i);
	s->board->ops->value(s->board, j, s->column, &vj, buf_j);
	order = value_compare(&vi, &vj);
	if (s->descending && vi.type != VALUE_NONE && vj.type != VALUE_NONE)
		order = -order;
	return order ? order : i < j ? -1 : i > j;
}

void board_sort(const struct board *b, int column, bool descending, uint32_t *order)
{
	struct sorted s = { b, column, descending };

	for (uint32_t i = 0; i < b->count; i++)
		order[i] = i;
	qsort_r(order, b->count, sizeof(*order), compare, &s);
}
