/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kinds of panels share. */
#include "tui/panel/panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/widget/graph.h"

void panel_draw_title(const struct panel_state *s, const struct panel_frame *p, const char *right)
{
	const struct theme *theme = p->f->theme;
	bool of_scope = !s->panel->field && !s->panel->board && s->panel->ops != &panel_line_ops;
	const char *total = strstr(s->panel->title, " with total");
	int len = (int)(total && !p->choice->total ? (size_t)(total - s->panel->title)
						   : strlen(s->panel->title));
	char title[120];
	int w = p->at.w, cells;

	if (s->panel->ops == &panel_line_ops)
		snprintf(title, sizeof(title), " %s ", s->panel->title);
	else
		snprintf(title, sizeof(title), " %s %d %.*s%s%s ",
			 s->panel->ascending ? "Bottom" : "Top", p->top, len, s->panel->title,
			 of_scope ? " by " : "", of_scope ? p->choice->scope.name : "");
	theme_use(theme, ROLE_RULE);
	text_repeat(p->at.y, p->at.x, w, theme->glyph->rule);
	theme_use(theme, p->cursor >= 0 ? ROLE_KEY : ROLE_STRONG);
	cells = text_put(p->at.y, p->at.x + 1, w - 2, title);
	theme_use(theme, ROLE_TEXT);
	if (*right && cells + text_cells(right) + 5 < w) {
		text_putf(p->at.y, p->at.x + w - text_cells(right) - 3, w, " %s ", right);
	}
}

const struct field *panel_field(const struct panel_state *s, const struct panel_frame *p)
{
	const char *name = s->panel->field;

	return name ? field_find(name, strlen(name), NULL) : p->choice->scope.field;
}

static bool same_order(const struct ranking_order *a, const struct ranking_order *b)
{
	return a->column == b->column && a->ascending == b->ascending && a->top == b->top &&
	       a->skip_noerror == b->skip_noerror;
}

/* Brings the next ranking up to date; false while there is nothing to rank. */
static bool rank(struct panel_state *s, const struct panel_frame *p, enum group_column column,
		 bool ascending)
{
	struct ranking_order order = {
		.column = column,
		.ascending = ascending,
		.skip_noerror = s->panel->field && strcmp(s->panel->field, "rcode") == 0 &&
				!p->choice->noerror,
		.top = p->top,
	};
	const struct field *field = panel_field(s, p);
	const struct grouping *g;
	uint32_t made;

	g = queries_groups(p->queries, p->f, field, NULL, &made);
	if (!g)
		return false;
	if (s->next_field == field && s->made == made && same_order(&s->order, &order))
		return true;
	ranking_make(&s->next, g, order);
	s->order = order;
	s->made = made;
	s->next_field = field;
	s->adopted = false;
	return true;
}

static void adopt(struct panel_state *s)
{
	if (!s->adopted)
		ranking_copy(&s->ranking, &s->next);
	s->field = s->next_field;
	s->adopted = true;
}

static char rcode_letter(const struct value *v)
{
	static const char letters[] = "NFSX.R";

	if (v->type == VALUE_NONE)
		return '-';
	return v->u < sizeof(letters) - 1 && letters[v->u] != '.' ? letters[v->u] : '*';
}

enum role panel_key(const struct panel_state *s, const struct group *g, char *buf, size_t size)
{
	char text[VALUE_BUF / 2];

	value_format(&g->key, VALUE_SHORT, text, sizeof(text));
	if (strcmp(s->field->name, "rcode") != 0) {
		snprintf(buf, size, "%s", text);
		return ROLE_TEXT;
	}
	if (g->key.type == VALUE_NONE)
		snprintf(text, sizeof(text), "%s", group_no_answer(g));
	snprintf(buf, size, "%c %s", rcode_letter(&g->key), text);
	return g->key.type == VALUE_NONE ? ROLE_NO_ANSWER : theme_rcode((unsigned)g->key.u);
}

void panel_latency(const struct group *g, enum group_column column, char *buf, size_t size)
{
	struct value v = { .type = VALUE_DURATION, .u = g->latency_ns[column] };

	if (g->answered)
		value_format(&v, VALUE_SHORT, buf, size);
	else
		snprintf(buf, size, "-");
}

void panel_span(const struct timeline *t, char *buf, size_t size)
{
	uint64_t seconds = (t->bucket_ns * t->n_buckets + 500000000) / 1000000000;

	if (seconds < 120)
		snprintf(buf, size, "last %us", (unsigned)seconds);
	else if (seconds < 7200)
		snprintf(buf, size, "last %um", (unsigned)(seconds / 60));
	else
		snprintf(buf, size, "last %uh", (unsigned)(seconds / 3600));
}

void panel_resample(const struct timeline *t, const struct timeline_point *points, bool latency,
		    int w, double *out)
{
	for (int i = 0; i < w; i++) {
		uint32_t from = (uint32_t)((uint64_t)i * t->n_buckets / (uint32_t)w);
		uint32_t to = (uint32_t)((uint64_t)(i + 1) * t->n_buckets / (uint32_t)w);
		uint64_t count = 0, answered = 0, sum = 0;

		if (to <= from)
			to = from + 1;
		for (uint32_t b = from; b < to && b < t->n_buckets; b++) {
			count += points[b].count;
			answered += points[b].answered;
			sum += points[b].latency_sum;
		}
		if (latency)
			out[i] = answered ? (double)sum / (double)answered : 0;
		else
			out[i] = (double)count * 1e9 / ((double)t->bucket_ns * (double)(to - from));
	}
}

static int compare_keys(const void *a, const void *b)
{
	const struct value *const *x = a, *const *y = b;
	int order = value_compare(*x, *y);

	return order ? order : ((*x)->u > (*y)->u) - ((*x)->u < (*y)->u);
}

static const struct timeline *ask_times(const struct panel_frame *p, const struct field *field,
					const struct ranking *ranking, int series[RANKING_MAX])
{
	const struct value *sorted[RANKING_MAX];
	struct value keys[RANKING_MAX];
	int n = ranking->n;

	for (int i = 0; i < n; i++)
		sorted[i] = &ranking->at[i].group.key;
	qsort(sorted, (size_t)n, sizeof(sorted[0]), compare_keys);
	for (int k = 0; k < n; k++) {
		keys[k] = *sorted[k];
		for (int i = 0; i < n; i++) {
			if (sorted[k] == &ranking->at[i].group.key)
				series[i] = k;
		}
	}
	return queries_times(p->queries, p->f, field, keys, (uint32_t)n);
}

void panel_draw_counting(const struct panel_state *s, const struct panel_frame *p)
{
	panel_draw_title(s, p, "");
	if (p->at.h > 1)
		text_put(p->at.y + 1, p->at.x + 1, p->at.w - 1, "counting ...");
}

bool panel_ask(struct panel_state *s, const struct panel_frame *p, enum group_column column,
	       bool ascending, struct panel_times *times)
{
	bool ranked = rank(s, p, column, ascending);

	if (times)
		times->line = ranked ? ask_times(p, s->next_field, &s->next, times->series) : NULL;
	if (ranked && (!times || times->line)) {
		adopt(s);
		return true;
	}
	/* Of another field it would say something else than its title. */
	if (s->field != panel_field(s, p)) {
		panel_draw_counting(s, p);
		return false;
	}
	if (times)
		times->line = ask_times(p, s->field, &s->ranking, times->series);
	return true;
}

void panel_draw_spark(const struct panel_frame *p, const double *values, double most, int y, int x,
		      int w)
{
	for (int i = 0; i < w; i++)
		text_put(y, x + i, 1, graph_spark(p->f->theme, graph_eighths(values[i], most)));
}
