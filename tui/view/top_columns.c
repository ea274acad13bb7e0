/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The columns of Top: which, what stands in their cells, and what order they mean.
 */
#include <stdio.h>
#include <string.h>

#include "tui/view/top_state.h"
#include "tui/widget/graph.h"

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

/* --- cells --- */

static void write_key(const struct group *g, const struct field *field, const struct value *v,
		      struct table_cell *out)
{
	if (v->type == VALUE_NONE) {
		snprintf(out->text, sizeof(out->text), "%s",
			 strcmp(field->name, "rcode") == 0 ? group_no_answer(g) : "-");
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

void top_cell(void *ctx, const struct frame *f, uint32_t row, int column, struct table_cell *out)
{
	const struct top *v = ctx;
	const struct table_column *c = &v->table.column[column];
	const struct group *g = grouping_at(v->groups, row);
	int shows = ((const struct column *)c->tag)->shows;

	out->role = ROLE_TEXT;
	switch (shows) {
	case GROUP_KEY:
		write_key(g, v->by.field, &g->key, out);
		break;
	case SHOWS_SECOND:
		write_key(g, v->by.second, &g->second, out);
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

static bool value_has(const struct group *g, const struct field *field, const struct value *v,
		      const char *word)
{
	struct table_cell cell = { .role = ROLE_TEXT };

	if (!field)
		return false;
	write_key(g, field, v, &cell);
	return strcasestr(cell.text, word);
}

bool top_has_word(const void *view, uint32_t i, const char *word)
{
	const struct top *v = view;
	const struct group *g = grouping_at(v->groups, i);

	return value_has(g, v->by.field, &g->key, word) ||
	       value_has(g, v->by.second, &g->second, word);
}

/* --- which, and the order --- */

void top_set_columns(struct top *v)
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

enum group_column top_order(const struct top *v)
{
	int column = v->table.sort;
	int shows = column < 0 ? GROUP_COUNT
			       : ((const struct column *)v->table.column[column].tag)->shows;

	if (shows == SHOWS_SECOND)
		return GROUP_KEY;
	/* All are shares of the same, and counts don't round. */
	return shows == SHOWS_BAR || shows == GROUP_SHARE ? GROUP_COUNT : (enum group_column)shows;
}

void top_order_by(struct top *v, enum group_column by, bool descending)
{
	for (int i = 0; i < v->table.n_columns; i++) {
		if (((const struct column *)v->table.column[i].tag)->shows == (int)by)
			v->table.sort = i;
	}
	v->table.descending = descending;
}
