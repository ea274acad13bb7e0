/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/view/top.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/model/queries.h"
#include "tui/model/term.h"
#include "tui/popup/checklist.h"
#include "tui/popup/grouplist.h"
#include "tui/view/top_state.h"

/* --- keeping true to the table --- */

static bool same_text(const struct value *a, const struct value *b)
{
	return a->type == b->type && value_compare(a, b) == 0;
}

static int64_t find_selected(const struct top *v)
{
	for (uint32_t i = 0; i < v->table.count; i++) {
		const struct group *g = grouping_at(v->groups, i);

		if (same_text(&g->key, &v->key) && same_text(&g->second, &v->second))
			return i;
	}
	return -1;
}

static void follow_selection(struct top *v)
{
	struct table *t = &v->table;
	uint32_t line = t->cursor - t->top;
	int64_t at;

	table_set_count(t, v->groups ? grouping_count(v->groups) : 0);
	at = v->selected ? find_selected(v) : -1;
	if (!v->selected)
		t->cursor = t->top = 0;
	if (at < 0)
		return;
	t->cursor = (uint32_t)at;
	t->top = t->cursor > line ? t->cursor - line : 0;
}

static void sort_groups(struct top *v)
{
	enum group_column by = top_order(v);

	if (!v->groups || (v->sorted_by == (int)by && v->sorted_descending == v->table.descending))
		return;
	grouping_sort(v->groups, by, v->table.descending);
	v->sorted_by = (int)by;
	v->sorted_descending = v->table.descending;
	follow_selection(v);
}

/* Other groups than those before. */
static void take_groups(struct top *v, struct grouping *groups, uint32_t made)
{
	v->groups = groups;
	v->made = made;
	v->sorted_by = -1;
	v->most = 0;
	for (uint32_t i = 0; i < grouping_count(groups); i++) {
		if (grouping_at(groups, i)->count > v->most)
			v->most = grouping_at(groups, i)->count;
	}
}

static void top_update(void *view, const struct frame *f)
{
	struct top *v = view;
	struct grouping *groups;
	uint32_t made;

	queries_begin(v->queries, f);
	groups = queries_groups(v->queries, f, v->by.field, v->by.second, &made);
	queries_end(v->queries);
	if (!groups) {
		v->groups = NULL;
		follow_selection(v);
	} else if (groups != v->groups || made != v->made) {
		take_groups(v, groups, made);
	}
	/* Another order needs no counting. */
	sort_groups(v);
}

static bool top_is_busy(const void *view)
{
	return queries_are_busy(((const struct top *)view)->queries);
}

/* --- what the user does --- */

static void keep_value(struct value *to, const struct value *from, char text[VALUE_BUF])
{
	*to = *from;
	if (!from->text)
		return;
	to->len = from->len < VALUE_BUF ? from->len : VALUE_BUF - 1;
	memcpy(text, from->text, to->len);
	text[to->len] = '\0';
	to->text = text;
}

static void select_cursor(struct top *v)
{
	const struct group *g;

	v->selected = v->table.cursor < v->table.count && v->table.cursor > 0;
	if (!v->selected)
		return;
	g = grouping_at(v->groups, v->table.cursor);
	keep_value(&v->key, &g->key, v->key_text);
	keep_value(&v->second, &g->second, v->second_text);
}

static void top_draw(void *view, const struct frame *f, struct rect at)
{
	struct top *v = view;

	table_draw(&v->table, f->theme, at, f);
}

static void top_move(void *view, enum move how)
{
	struct top *v = view;

	table_move(&v->table, how);
	select_cursor(v);
}

static void top_click(void *view, int y, int x)
{
	struct top *v = view;

	if (table_click(&v->table, y, x))
		select_cursor(v);
}

static void top_wheel(void *view, int lines)
{
	struct top *v = view;

	table_scroll(&v->table, lines);
	select_cursor(v);
}

static bool top_term(void *view, bool exclude, char *buf, size_t size)
{
	const struct top *v = view;
	char first[TERM_MAX], second[TERM_MAX];
	const struct group *g;
	int n;

	if (v->table.count == 0)
		return false;
	g = grouping_at(v->groups, v->table.cursor);
	if (!v->by.second)
		return term_of(v->by.field, &g->key, exclude, buf, size);
	if (!term_of(v->by.field, &g->key, false, first, sizeof(first)) ||
	    !term_of(v->by.second, &g->second, false, second, sizeof(second)))
		return false;
	n = snprintf(buf, size, exclude ? "not (%s and %s)" : "%s and %s", first, second);
	return n >= 0 && (size_t)n < size;
}

static void top_go_to(void *view, uint32_t i)
{
	struct top *v = view;

	v->table.cursor = i;
	table_reveal(&v->table);
	select_cursor(v);
}

static struct table *top_table(void *view)
{
	return &((struct top *)view)->table;
}

static void top_status(void *view, const struct frame *f, char buf[VIEW_STATUS_MAX])
{
	const struct top *v = view;
	char n[TEXT_COUNT_MAX], rows[TEXT_COUNT_MAX], rest[TEXT_COUNT_MAX + 16] = "";
	char other[TEXT_COUNT_MAX];
	/* A pair without a name of its own. */
	bool unnamed = v->by.second && v->by.name == v->by.field->name;
	const char *joint = unnamed ? " + " : "", *second = unnamed ? v->by.second->name : "";

	(void)f;
	if (!v->groups) {
		snprintf(buf, VIEW_STATUS_MAX, "by %s%s%s  counting", v->by.name, joint, second);
		return;
	}
	if (grouping_other(v->groups)->count)
		snprintf(rest, sizeof(rest), ", %s in others",
			 text_count(grouping_other(v->groups)->count, COUNT_FULL, other));
	snprintf(buf, VIEW_STATUS_MAX, "%sby %s%s%s  %s group%s of %s%s",
		 queries_are_busy(v->queries) ? "counting  " : "", v->by.name, joint, second,
		 text_count(v->table.count, COUNT_FULL, n), v->table.count == 1 ? "" : "s",
		 text_count(grouping_total(v->groups)->count, COUNT_FULL, rows), rest);
}

/* --- life --- */

static void group_by(struct top *v, struct groupby by)
{
	v->by = by;
	v->groups = NULL;
	table_set_count(&v->table, 0);
	v->selected = false;
	top_set_columns(v);
}

static void top_group(void *view, int key)
{
	group_by(view, groupby_of(key));
}

void top_open(struct top *v, struct groupby by, enum group_column order, bool descending)
{
	group_by(v, by);
	top_order_by(v, order, descending);
}

static void fill_fields(void *view, struct checklist *c)
{
	grouplist_fill(c, ((const struct top *)view)->by.field);
}

static void take_field(void *view, const struct checklist *c)
{
	group_by(view, grouplist_taken(c));
}

static void top_choose_group(void *view, struct checklist *c)
{
	static const struct checklist_owner owner = {
		.title = "Group by",
		.one = true,
		.fill = fill_fields,
		.apply = take_field,
	};

	checklist_open(c, &owner, view);
}

static void top_reset(void *view)
{
	struct top *v = view;

	queries_reset(v->queries);
	v->groups = NULL;
	table_set_count(&v->table, 0);
	v->selected = false;
}

static void top_free(void *view)
{
	struct top *v = view;

	if (!v)
		return;
	queries_free(v->queries);
	free(v);
}

struct top *top_new(void)
{
	struct top *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->queries = queries_new();
	if (!v->queries) {
		free(v);
		return NULL;
	}
	v->table.cell = top_cell;
	v->table.ctx = v;
	v->table.keep_blank = true;
	v->table.descending = true;
	top_group(v, GROUPBY_CLIENT);
	return v;
}

const struct view_ops top_ops = {
	.title = "Top",
	.enter = "Flows",
	.update = top_update,
	.draw = top_draw,
	.move = top_move,
	.click = top_click,
	.wheel = top_wheel,
	.status = top_status,
	.table = top_table,
	.term = top_term,
	.has_word = top_has_word,
	.go_to = top_go_to,
	.group = top_group,
	.choose_group = top_choose_group,
	.is_busy = top_is_busy,
	.reset = top_reset,
	.free = top_free,
};
