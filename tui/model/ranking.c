/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/model/ranking.h"

#include <string.h>

static bool counts(const struct group *g, struct ranking_order order)
{
	if (order.skip_noerror && g->key.type == VALUE_NAMED && g->key.u == 0)
		return false;
	if (group_is_latency(order.column))
		return g->answered > 0;
	return group_figure(g, order.column) > 0;
}

static bool goes_before(const struct group *a, const struct group *b, struct ranking_order order)
{
	uint64_t x = group_figure(a, order.column), y = group_figure(b, order.column);

	if (x == y)
		return value_compare(&a->key, &b->key) < 0;
	return order.ascending ? x < y : x > y;
}

static void copy_group(struct ranked *to, const struct group *from)
{
	to->group = *from;
	if (!from->key.text)
		return;
	if (to->group.key.len >= sizeof(to->text))
		to->group.key.len = sizeof(to->text) - 1;
	memcpy(to->text, from->key.text, to->group.key.len);
	to->text[to->group.key.len] = '\0';
	to->group.key.text = to->text;
}

void ranking_copy(struct ranking *to, const struct ranking *from)
{
	to->total = from->total;
	to->groups = from->groups;
	to->n = from->n;
	for (int i = 0; i < from->n; i++)
		copy_group(&to->at[i], &from->at[i].group);
}

void ranking_make(struct ranking *r, const struct grouping *g, struct ranking_order order)
{
	const struct group *best[RANKING_MAX];
	int n = 0;

	for (uint32_t i = 0; i < grouping_count(g); i++) {
		const struct group *group = grouping_at(g, i);
		int at = n;

		if (!counts(group, order))
			continue;
		while (at > 0 && goes_before(group, best[at - 1], order))
			at--;
		if (at == order.top)
			continue;
		if (n < order.top)
			n++;
		memmove(&best[at + 1], &best[at], sizeof(best[0]) * (size_t)(n - 1 - at));
		best[at] = group;
	}
	r->total = *grouping_total(g);
	r->groups = grouping_count(g);
	r->n = n;
	for (int i = 0; i < n; i++)
		copy_group(&r->at[i], best[i]);
}
