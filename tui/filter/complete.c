/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/filter/complete.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/query/filter.h"
#include "core/query/group.h"
#include "tui/model/queries.h"
#include "tui/model/term.h"
#include "tui/widget/box.h"
#include "tui/widget/key.h"
#include "tui/widget/move.h"

/* Room beside the texts for the count and the help. */
#define BESIDE 50

static struct candidate *find_text(struct complete *c, const char *text)
{
	for (int i = 0; i < c->n; i++) {
		if (strcasecmp(c->candidate[i].text, text) == 0)
			return &c->candidate[i];
	}
	return NULL;
}

static void collect(void *ctx, const struct filter_completion *fc)
{
	struct complete *c = ctx;
	struct candidate *to = &c->candidate[c->n];
	struct candidate *same = c->field ? find_text(c, fc->text) : NULL;

	if (same) {
		snprintf(same->help, sizeof(same->help), "%s", fc->help ? fc->help : "");
		return;
	}
	if (c->n == COMPLETE_MAX || strlen(fc->text) >= sizeof(to->text))
		return;
	snprintf(to->text, sizeof(to->text), "%s", fc->text);
	snprintf(to->help, sizeof(to->help), "%s", fc->help ? fc->help : "");
	to->count = 0;
	to->from = fc->from;
	to->to = fc->to;
	c->n++;
}

/* --- values of rows --- */

/* Other values are no two the same, or are not tested as a whole. */
static bool has_values(const struct field *field)
{
	return field && !(field->flags & FIELD_NO_GROUP) && field->type != VALUE_TIME &&
	       field->type != VALUE_DURATION && field->type != VALUE_LIST;
}

/* Those that begin with what is typed, as they are written or as they are. */
static void collect_seen(struct complete *c, const struct lineedit *e, struct grouping *groups,
			 int from, int to)
{
	size_t len = (size_t)(e->pos - from);

	grouping_sort(groups, GROUP_COUNT, true);
	for (uint32_t i = 0; i < grouping_count(groups) && c->n < COMPLETE_SEEN; i++) {
		const struct group *g = grouping_at(groups, i);
		struct candidate *k = &c->candidate[c->n];

		*k = (struct candidate){ .count = g->count, .from = from, .to = to };
		if (g->key.type == VALUE_NONE || !term_value(&g->key, k->text, sizeof(k->text)))
			continue;
		if (strncasecmp(k->text + (k->text[0] == '"'), e->text + from, len) != 0)
			continue;
		/* What stands there already is no news. */
		if (strlen(k->text) == (size_t)(to - from) &&
		    strncasecmp(k->text, e->text + from, (size_t)(to - from)) == 0)
			continue;
		c->n++;
	}
}

/* All that could stand there, of values those that are counted by now. */
static void collect_all(struct complete *c, const struct lineedit *e, const struct frame *f)
{
	struct frame all = *f;
	struct grouping *groups = NULL;
	int from = 0, to = 0;
	uint32_t made;

	c->n = 0;
	c->field = filter_complete_value(e->text, e->pos, &from, &to);
	if (c->counting) {
		/* Of all rows: what is being typed is no answer to itself. */
		all.filter = NULL;
		all.filter_revision = 0;
		queries_begin(c->queries, &all);
		groups = queries_groups(c->queries, &all, c->field, NULL, &made);
		c->counting = queries_are_busy(c->queries);
		queries_end(c->queries);
	}
	if (groups)
		collect_seen(c, e, groups, from, to);
	filter_complete(e->text, e->pos, collect, c);
	if (!c->counting && c->queries)
		queries_reset(c->queries);
}

void complete_work(struct complete *c, const struct lineedit *e, const struct frame *f)
{
	char chosen[sizeof(c->candidate[0].text)] = "";

	if (!c->open || !c->counting)
		return;
	/* On the first one nobody has chosen yet. */
	if (c->chosen)
		snprintf(chosen, sizeof(chosen), "%s", c->candidate[c->chosen].text);
	collect_all(c, e, f);
	if (c->counting)
		return;
	c->open = c->n > 0;
	c->chosen = c->top = 0;
	for (int i = 0; i < c->n && chosen[0]; i++) {
		if (strcmp(c->candidate[i].text, chosen) == 0)
			c->chosen = i;
	}
}

void complete_free(struct complete *c)
{
	queries_free(c->queries);
	c->queries = NULL;
}

/* --- the list --- */

/* Bytes that all candidates begin with, case aside. */
static int common_prefix(const struct complete *c)
{
	const char *first = c->candidate[0].text;
	int len = (int)strlen(first);

	for (int i = 1; i < c->n; i++) {
		while (len > 0 && strncasecmp(first, c->candidate[i].text, (size_t)len) != 0)
			len--;
	}
	return len;
}

/* Whether all candidates would replace the same bytes. */
static bool same_span(const struct complete *c)
{
	for (int i = 1; i < c->n; i++) {
		if (c->candidate[i].from != c->candidate[0].from ||
		    c->candidate[i].to != c->candidate[0].to)
			return false;
	}
	return true;
}

static bool take(struct complete *c, struct lineedit *e, int i)
{
	const struct candidate *k = &c->candidate[i];

	c->open = false;
	lineedit_replace(e, k->from, k->to, k->text);
	return true;
}

bool complete_start(struct complete *c, struct lineedit *e, const struct frame *f)
{
	char prefix[sizeof(c->candidate[0].text)];
	int from, to, len;

	if (!c->queries)
		c->queries = queries_new();
	else
		queries_reset(c->queries);
	c->chosen = c->top = 0;
	c->counting = c->queries && has_values(filter_complete_value(e->text, e->pos, &from, &to));
	collect_all(c, e, f);
	c->open = c->counting || c->n > 0;
	if (c->n == 0 || c->counting)
		return false;
	if (c->n == 1)
		return take(c, e, 0);
	len = common_prefix(c);
	if (!same_span(c) || len <= c->candidate[0].to - c->candidate[0].from)
		return false;
	snprintf(prefix, sizeof(prefix), "%.*s", len, c->candidate[0].text);
	lineedit_replace(e, c->candidate[0].from, c->candidate[0].to, prefix);
	for (int i = 0; i < c->n; i++)
		c->candidate[i].to = e->pos;
	return true;
}

static void choose(struct complete *c, int i)
{
	if (c->n)
		c->chosen = (i + c->n) % c->n;
}

bool complete_key(struct complete *c, struct lineedit *e, int key, bool *changed)
{
	switch (key) {
	case '\t':
	case KEY_DOWN:
		choose(c, c->chosen + 1);
		return true;
	case KEY_BTAB:
	case KEY_UP:
		choose(c, c->chosen - 1);
		return true;
	case '\r':
	case '\n':
	case KEY_ENTER:
		*changed = c->n > 0 && take(c, e, c->chosen);
		return true;
	case KEY_ESCAPE:
		c->open = false;
		return true;
	default:
		c->open = false;
		return false;
	}
}

bool complete_click(struct complete *c, struct lineedit *e, int y, int x)
{
	int line = y - c->box.y - 1;

	if (!c->open || !rect_has(c->box, y, x) || line < 0 || line >= c->box.h - 2 ||
	    c->top + line >= c->n)
		return false;
	return take(c, e, c->top + line);
}

static int widest(const struct complete *c, int most)
{
	int w = 0;

	for (int i = 0; i < c->n; i++) {
		int n = (int)strlen(c->candidate[i].text);

		if (n > w)
			w = n;
	}
	return w < most ? w : most;
}

/* Cells of the counts, with a gap before them; 0: there are none. */
static int count_width(const struct complete *c)
{
	char text[TEXT_COUNT_MAX];
	int w = 0;

	for (int i = 0; i < c->n; i++) {
		int n = c->candidate[i].count
				? text_cells(text_count(c->candidate[i].count, COUNT_FULL, text)) +
					  2
				: 0;

		if (n > w)
			w = n;
	}
	return w;
}

static void draw_candidate(const struct candidate *k, const struct theme *theme, struct rect at,
			   int names, int counts)
{
	const char *ellipsis = theme->glyph->ellipsis;
	char text[TEXT_COUNT_MAX] = "";
	int x = at.x + 1 + names;

	text_blank(at.y, at.x, at.w);
	text_cell(at.y, at.x + 1, names, k->text, 0, ellipsis);
	if (k->count)
		text_count(k->count, COUNT_FULL, text);
	text_cell(at.y, x, counts, text, TEXT_RIGHT, ellipsis);
	x += counts + 2;
	text_cell(at.y, x, at.x + at.w - 1 - x, k->help, 0, ellipsis);
}

void complete_draw(struct complete *c, const struct theme *theme, int bottom, int x, int cols)
{
	int room = bottom - 2 < COMPLETE_LINES ? bottom - 2 : COMPLETE_LINES;
	int lines = c->n < room ? c->n : room;
	int counts = count_width(c);
	int names = widest(c, cols - counts - 6 > 8 ? cols - counts - 6 : 8);
	int w = names + BESIDE < cols ? names + BESIDE : cols;
	struct rect box = { bottom - lines - 2, x + w > cols ? cols - w : x, lines + 2, w };
	char title[40] = " counting the rows' values ";

	if (room < 1)
		return;
	/* Few lines may be on show where the screen is small. */
	move_reveal(&c->chosen, &c->top, lines, c->n);
	if (!c->counting)
		snprintf(title, sizeof(title), " %d of %d ", c->chosen + 1, c->n);
	c->box = box;
	box_draw_top(theme, box, "");
	box_draw_bottom(theme, box, "");
	theme_use(theme, ROLE_RULE);
	text_put(box.y, box.x + 2, box.w - 4, title);
	for (int i = 0; i < lines; i++) {
		const struct candidate *k = &c->candidate[c->top + i];
		bool chosen = c->top + i == c->chosen;

		box_draw_line(theme, box, box.y + 1 + i);
		theme_use(theme, chosen ? ROLE_SELECTED : ROLE_TEXT);
		draw_candidate(k, theme, (struct rect){ box.y + 1 + i, box.x + 1, 1, w - 2 }, names,
			       counts);
	}
}
