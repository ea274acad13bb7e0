/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/view/top.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/query/group.h"
#include "tui/model/groupby.h"
#include "tui/model/queries.h"
#include "tui/model/term.h"
#include "tui/popup/checklist.h"
#include "tui/popup/grouplist.h"
#include "tui/widget/graph.h"
#include "tui/widget/table.h"

/* What a column shows that is no figure of struct group. */
enum {
	SHOWS_SECOND = GROUP_COLUMNS, /* the second key */
	SHOWS_BAR,                    /* the share as a bar */
};

/* Of the bar beside two keys: their texts need its place. */
#define DROP_FIRST 95

struct column {
	int shows; /* enum group_column, or one of the above */
	const char *title;
	const char *help;
	uint8_t width, max_width, drop;
};

/* clang-format off */
static const struct column columns[] = {
	{ GROUP_KEY,         NULL,       "what is grouped by",                  12, 120,  0 },
	{ SHOWS_SECOND,      NULL,       "what is grouped by, too",             12, 120,  0 },
	{ GROUP_COUNT,       "COUNT",    "transactions",                         7,  13,  0 },
	{ GROUP_SHARE,       "SHARE",    "of all counted transactions",          6,   6, 40 },
	{ SHOWS_BAR,         "",         "the count, as a bar",                 16,  16, 80 },
	{ GROUP_LATENCY_AVG, "AVG",      "average latency of the answered ones", 7,   7, 10 },
	{ GROUP_LATENCY_MIN, "MIN",      "least latency",                        7,   7, 85 },
	{ GROUP_LATENCY_P50, "P50",      "half of the latencies are below it",   7,   7, 70 },
	{ GROUP_LATENCY_P90, "P90",      "90% of the latencies are below it",    7,   7, 30 },
	{ GROUP_LATENCY_P99, "P99",      "99% of the latencies are below it",    7,   7, 35 },
	{ GROUP_LATENCY_MAX, "MAX",      "greatest latency",                     7,   7, 60 },
	{ GROUP_TIMEOUTS,    "TIMEOUT",  "queries that nobody answered",         7,  13, 25 },
	{ GROUP_ERRORS,      "ERRORS",   "answers other than NOERROR",           6,  13, 20 },
	{ GROUP_BYTES,       "BYTES",    "queries and responses, in bytes",      7,  16, 90 },
};
/* clang-format on */

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

/* --- cells --- */

static void write_key(const struct field *field, const struct value *v, struct table_cell *out)
{
	if (v->type == VALUE_NONE) {
		snprintf(out->text, sizeof(out->text), "%s",
			 strcmp(field->name, "rcode") == 0 ? "no answer" : "-");
		out->role = strcmp(field->name, "rcode") == 0 ? ROLE_NO_ANSWER : ROLE_TEXT;
		return;
	}
	value_format(v, VALUE_SHORT, out->text, sizeof(out->text));
	if (strcmp(field->name, "rcode") == 0)
		out->role = theme_rcode((unsigned)v->u);
}

static void write_count(uint64_t n, enum role role, struct table_cell *out)
{
	text_count(n, COUNT_FULL, out->text);
	if (n)
		out->role = role;
}

static void write_latency(const struct group *g, enum group_column c, struct table_cell *out)
{
	struct value v = { .type = VALUE_DURATION, .u = g->latency_ns[c] };

	/* Of what was never answered there is no latency, rather than none. */
	if (g->answered)
		value_format(&v, VALUE_SHORT, out->text, sizeof(out->text));
	else
		snprintf(out->text, sizeof(out->text), "-");
}

static double share_of(const struct top *v, const struct group *g)
{
	uint64_t total = grouping_total(v->groups)->count;

	return total ? (double)g->count / (double)total : 0;
}

static void top_cell(void *ctx, const struct frame *f, uint32_t row, int column,
		     struct table_cell *out)
{
	const struct top *v = ctx;
	const struct table_column *c = &v->table.column[column];
	const struct group *g = grouping_at(v->groups, row);
	int shows = ((const struct column *)c->tag)->shows;

	out->role = ROLE_TEXT;
	switch (shows) {
	case GROUP_KEY:
		write_key(v->by.field, &g->key, out);
		break;
	case SHOWS_SECOND:
		write_key(v->by.second, &g->second, out);
		break;
	case GROUP_COUNT:
		write_count(g->count, ROLE_TEXT, out);
		break;
	case GROUP_SHARE:
		snprintf(out->text, sizeof(out->text), "%.1f%%", 100 * share_of(v, g));
		break;
	case SHOWS_BAR:
		out->role = ROLE_BAR;
		graph_bar(f->theme, (double)g->count / (double)v->most, c->w ? c->w : c->width,
			  out->text, sizeof(out->text));
		break;
	case GROUP_TIMEOUTS:
		write_count(g->timeouts, ROLE_STRONG, out);
		break;
	case GROUP_ERRORS:
		write_count(g->errors, ROLE_WARNING, out);
		break;
	case GROUP_BYTES:
		write_count(g->bytes, ROLE_TEXT, out);
		break;
	default:
		write_latency(g, (enum group_column)shows, out);
		break;
	}
}

/* --- keeping true to the table --- */

static int shown_by(const struct top *v, int column)
{
	int shows = column < 0 ? GROUP_COUNT
			       : ((const struct column *)v->table.column[column].tag)->shows;

	if (shows == SHOWS_SECOND)
		return GROUP_KEY;
	/* All are shares of the same, and counts don't round. */
	return shows == SHOWS_BAR || shows == GROUP_SHARE ? GROUP_COUNT : shows;
}

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
	int by = shown_by(v, v->table.sort);

	if (!v->groups || (v->sorted_by == by && v->sorted_descending == v->table.descending))
		return;
	grouping_sort(v->groups, (enum group_column)by, v->table.descending);
	v->sorted_by = by;
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

	v->selected = v->table.cursor > 0;
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

static bool value_has(const struct field *field, const struct value *v, const char *word)
{
	struct table_cell cell = { .role = ROLE_TEXT };

	if (!field)
		return false;
	write_key(field, v, &cell);
	return strcasestr(cell.text, word);
}

static bool top_has_word(const void *view, uint32_t i, const char *word)
{
	const struct top *v = view;
	const struct group *g = grouping_at(v->groups, i);

	return value_has(v->by.field, &g->key, word) || value_has(v->by.second, &g->second, word);
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

/* The columns of this grouping; the order stays what it was. */
static void set_columns(struct top *v)
{
	const void *sort = v->table.n_columns ? v->table.column[v->table.sort].tag : NULL;
	int n = 0;

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		const struct column *c = &columns[i];
		const struct field *of = c->shows == GROUP_KEY ? v->by.field : v->by.second;
		bool is_key = c->shows == GROUP_KEY || c->shows == SHOWS_SECOND;

		if (is_key && !of)
			continue;
		if (sort ? sort == c : c->shows == GROUP_COUNT)
			v->table.sort = n;
		v->table.column[n++] = (struct table_column){
			.title = is_key ? of->title : c->title,
			.help = c->help,
			.tag = c,
			.width = is_key && of->type == VALUE_TEXT && !v->by.second ? 20 : c->width,
			.max_width = c->max_width,
			.drop = v->by.second && c->shows == SHOWS_BAR ? DROP_FIRST : c->drop,
			.flags = is_key                  ? (of->flags & FIELD_TAIL ? TEXT_TAIL : 0u)
				 : c->shows == SHOWS_BAR ? 0u
							 : (unsigned)TEXT_RIGHT,
		};
	}
	v->table.n_columns = n;
	if (v->table.sort >= n)
		v->table.sort = 0;
	v->table.at.w = -1; /* so that what its columns want is learnt anew */
}

static void group_by(struct top *v, struct groupby by)
{
	v->by = by;
	v->groups = NULL;
	v->table.count = 0;
	v->selected = false;
	set_columns(v);
}

static void top_group(void *view, int key)
{
	group_by(view, groupby_of(key));
}

void top_open(struct top *v, struct groupby by, enum group_column order, bool descending)
{
	group_by(v, by);
	for (int i = 0; i < v->table.n_columns; i++) {
		if (((const struct column *)v->table.column[i].tag)->shows == (int)order)
			v->table.sort = i;
	}
	v->table.descending = descending;
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
	v->table.count = 0;
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
