/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/status.h"

#include <stdio.h>
#include <string.h>

#include "tui/keys/keymap.h"
#include "tui/keys/keys.h"
#include "tui/model/window.h"
#include "tui/widget/key.h"

/* The share of errors is that of the newest rows: as many as can be counted
 * within a millisecond. */
#define ERROR_ROWS     65536u
#define ERROR_EVERY_NS 1000000000ull
/* Below this width what goes without saying isn't said. */
#define NARROW_COLS 60

static void count_errors(struct status *s, const struct frame *f)
{
	const struct flow_table *t = f->m->rows->table;
	uint32_t n = t->count < ERROR_ROWS ? t->count : ERROR_ROWS;

	s->error_rows = s->answered_rows = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct flow *row = flow_table_row(t, t->next_seq - 1 - i);

		if (row->state != FLOW_ANSWERED)
			continue;
		s->answered_rows++;
		s->error_rows += row->rcode != 0;
	}
	s->counted_messages = f->m->tracker->messages;
	s->counted_at_ns = f->m->now_ns;
}

void status_feed(struct status *s, const struct frame *f)
{
	const struct flow_table *t = f->m->rows->table;
	bool due = f->m->ended || f->m->now_ns - s->counted_at_ns >= ERROR_EVERY_NS;

	rate_feed(&s->rate, f->m->now_ns, tracker_asked(f->m->tracker));
	if (!s->has_first && t->count) {
		s->has_first = true;
		s->first_ns = flow_table_row(t, flow_table_oldest(t))->ts_ns;
	}
	if (due && s->counted_messages != f->m->tracker->messages)
		count_errors(s, f);
}

void status_reset(struct status *s)
{
	*s = (struct status){ 0 };
}

/* --- the first line --- */

static const char *badge(const struct frame *f, enum role *role)
{
	if (f->paused) {
		*role = ROLE_PAUSED;
		return "PAUSED";
	}
	if (f->m->problem[0] && f->m->live) {
		*role = ROLE_LOSS;
		return "STOPPED";
	}
	*role = ROLE_FILE;
	if (!f->m->live)
		return f->m->ended ? "FILE" : "READING";
	if (f->m->ended)
		return "ENDED";
	*role = ROLE_LIVE;
	return "LIVE";
}

static void draw_badge(const struct frame *f, int y, int x, int w)
{
	const struct flow_table *t = f->m->rows->table;
	char n[TEXT_COUNT_MAX];
	enum role role;
	const char *word = badge(f, &role);
	int cells;

	theme_use(f->theme, role);
	if (!f->paused) {
		text_putf(y, x, w, "%s %s", f->theme->glyph->dot, word);
		return;
	}
	cells = text_putf(y, x, w, " %s ", word);
	theme_use(f->theme, ROLE_TEXT);
	if (t->next_seq != f->rows->table->next_seq)
		text_putf(y, x + cells, w - cells, " %s new",
			  text_count(t->next_seq - f->rows->table->next_seq, COUNT_FULL, n));
}

static void traffic_text(const struct status *s, const struct frame *f, char *buf, size_t size)
{
	char rate[RATE_TEXT_MAX], errors[32] = "-", window[32] = "";
	double per_second = f->m->live && !f->m->ended ? rate_of_window(&s->rate)
						       : rate_of_span(s->first_ns, f->m->now_ns,
								      tracker_asked(f->m->tracker));

	if (!s->has_first && !f->m->live)
		per_second = -1;
	if (s->answered_rows)
		snprintf(errors, sizeof(errors), "%.1f%%",
			 100.0 * (double)s->error_rows / (double)s->answered_rows);
	if (f->window_ns != WINDOW_ALL)
		snprintf(window, sizeof(window), "window %s  ", window_text(f->window_ns));
	snprintf(buf, size, "%s%s  err %s ", window, rate_text(per_second, rate), errors);
}

void status_draw_title(const struct status *s, const struct frame *f, struct rect at)
{
	char traffic[80];
	int right, x, title;

	traffic_text(s, f, traffic, sizeof(traffic));
	right = at.x + at.w - text_cells(traffic);
	theme_use(f->theme, ROLE_STRONG);
	x = at.x + 1;
	if (at.w >= NARROW_COLS)
		x += text_put(at.y, x, at.w, "dnstop") + 2;
	theme_use(f->theme, ROLE_TEXT);
	/* The badge must stay: it says whether what one sees is now. */
	title = text_cells(f->m->title);
	if (title > right - x - 12)
		title = right - x - 12 > 0 ? right - x - 12 : 0;
	text_cell(at.y, x, title, f->m->title, TEXT_TAIL, f->theme->glyph->ellipsis);
	x += title + 2;
	draw_badge(f, at.y, x, right - x);
	theme_use(f->theme, ROLE_TEXT);
	text_put(at.y, right, at.w, traffic);
}

/* --- the second line --- */

#define STALE " (last valid)"
#define HINT  "none  (/ to filter)"
/* Cells that "Filter: none" takes, and a blank. */
#define FILTER_MIN 13

void status_draw_filter(struct filterbar *b, const struct frame *f, const char *counts,
			struct rect at)
{
	const char *ellipsis = f->theme->glyph->ellipsis;
	bool stale = b->open && (b->err.code || b->held);
	int right = at.x + at.w - text_cells(counts) - 1;
	int x = at.x + 1;
	int room;

	/* The filter's word stays, and what counts end with. */
	if (right < x + FILTER_MIN)
		right = x + FILTER_MIN;

	theme_use(f->theme, ROLE_TEXT);
	if (b->chips.list.n == 0)
		x += text_put(at.y, x, at.w, "Filter: ");
	room = right - x - 1 - (stale ? (int)strlen(STALE) : 0);
	if (b->chips.list.n) {
		struct rect chips = { at.y, x, 1, room };

		x += chips_draw(&b->chips, b->applied, f->theme, chips) - 1;
		theme_use(f->theme, ROLE_TEXT);
		if (stale)
			text_put(at.y, x, right - x, STALE);
	} else {
		bool hint = !b->open && room >= (int)strlen(HINT);

		text_put(at.y, x, room, hint ? HINT : "none");
	}
	theme_use(f->theme, ROLE_TEXT);
	text_cell(at.y, right, at.x + at.w - 1 - right, counts, TEXT_TAIL, ellipsis);
}

/* --- the last line --- */

/* How much the footer says: each level less than the one before. */
enum footing {
	FOOTING_FULL,   /* each key's other name, too */
	FOOTING_BRIEF,  /* one name */
	FOOTING_TIGHT,  /* and little between them */
	FOOTING_PACKED, /* function keys close to what they do */
	FOOTING_LEAST,  /* and no word of Enter */
};

/* Between a key and what it does. */
static int hint_gap(const char *keys, enum footing footing)
{
	return footing >= FOOTING_PACKED && keys[0] == 'F' && keys[1] ? 0 : 1;
}

static int hint_width(const char *keys, const char *label, enum footing footing)
{
	return text_cells(keys) + hint_gap(keys, footing) + text_cells(label) +
	       (footing >= FOOTING_TIGHT ? 1 : 2);
}

static int key_hint(const struct frame *f, int y, int x, int w, const char *keys, const char *label,
		    enum footing footing)
{
	int need = hint_width(keys, label, footing);

	if (need - 1 > w)
		return 0;
	theme_use(f->theme, ROLE_KEY);
	x += text_put(y, x, w, keys) + hint_gap(keys, footing);
	theme_use(f->theme, ROLE_TEXT);
	text_put(y, x, w, label);
	return need;
}

/* What an action is called in the footer; NULL: it isn't there. */
static const char *label_of(const struct action *a, const struct frame *f,
			    const struct view_ops *ops)
{
	if (a->act == ACT_MANAGE && !ops->manage)
		return NULL;
	if (a->act == ACT_SORT_MENU && !ops->table)
		return ops->choose_group ? "Rank" : NULL;
	if (a->act == ACT_PAUSE && f->paused)
		return f->m->live ? "Live" : "Go on";
	return a->act == ACT_ENTER ? ops->enter : a->label;
}

/* Draws the hints, or only tells how many cells they take; and finds the action
 * whose hint is at column find_x, if there is one. */
static int put_hints(const struct frame *f, const struct view_ops *ops, struct rect at,
		     enum footing footing, bool draw, int find_x, const struct action **found)
{
	char buf[KEYS_TEXT_MAX];
	size_t n;
	const struct action *a = keymap_actions(&n);
	int x = 1;

	for (size_t i = 0; i < n; i++) {
		const char *label = label_of(&a[i], f, ops), *keys;
		int width;

		if (!label || (footing == FOOTING_LEAST && a[i].act == ACT_ENTER))
			continue;
		keys = keys_text(f->keys, &a[i], footing == FOOTING_FULL ? 2 : 1, buf);
		if (!keys[0])
			continue;
		width = hint_width(keys, label, footing);
		if (draw)
			width = key_hint(f, at.y, at.x + x, at.w - x, keys, label, footing);
		if (found && find_x >= at.x + x && find_x < at.x + x + width - 1)
			*found = &a[i];
		x += width;
	}
	return x - 1;
}

static enum footing choose_footing(const struct frame *f, const struct view_ops *ops,
				   struct rect at)
{
	enum footing footing = FOOTING_FULL;

	while (footing < FOOTING_LEAST && put_hints(f, ops, at, footing, false, -1, NULL) > at.w)
		footing++;
	return footing;
}

#define BAR_HINTS 6

struct bar_hint {
	const char *keys, *label;
	int key;
};

/* The filter's own keys, while it has them; NULL while keys are the view's. */
static const struct bar_hint *hints_of(const struct filterbar *b, bool finding)
{
	static const struct bar_hint of_bar[BAR_HINTS] = {
		{ "Tab", "complete", '\t' },      { "Enter", "keep", '\r' },
		{ "Esc", "go back", KEY_ESCAPE }, { "Up", "history", KEY_UP },
		{ "^U", "clear", KEY_CTRL('u') }, { "F4", "chips", KEY_F(4) },
	};
	static const struct bar_hint of_find[BAR_HINTS] = {
		{ "Enter", "find", '\r' },
		{ "Esc", "close", KEY_ESCAPE },
		{ "^U", "clear", KEY_CTRL('u') },
	};
	static const struct bar_hint of_chips[BAR_HINTS] = {
		{ "Space", "on/off", ' ' }, { "Enter", "edit", '\r' },
		{ "x", "remove", 'x' },     { "a", "all/any", 'a' },
		{ "/", "filter", '/' },     { "Esc", "back", KEY_ESCAPE },
	};

	if (finding)
		return of_find;
	return b->open ? of_bar : b->chips.focus ? of_chips : NULL;
}

const struct action *status_footer_action(const struct frame *f, const struct view_ops *ops,
					  struct rect at, int x)
{
	const struct action *found = NULL;

	put_hints(f, ops, at, choose_footing(f, ops, at), false, x, &found);
	return found;
}

int status_footer_key(const struct filterbar *b, bool finding, struct rect at, int x)
{
	const struct bar_hint *hints = hints_of(b, finding);
	int from = at.x + 1;

	for (int i = 0; hints && i < BAR_HINTS && hints[i].keys; i++) {
		int width = hint_width(hints[i].keys, hints[i].label, FOOTING_BRIEF);

		if (x >= from && x < from + width - 2)
			return hints[i].key;
		from += width;
	}
	return 0;
}

void status_draw_footer(const struct filterbar *b, bool finding, const struct frame *f,
			const struct view_ops *ops, struct rect at)
{
	const struct bar_hint *hints = hints_of(b, finding);
	int x = at.x + 1;

	if (!hints) {
		put_hints(f, ops, at, choose_footing(f, ops, at), true, -1, NULL);
		return;
	}
	for (int i = 0; i < BAR_HINTS && hints[i].keys; i++)
		x += key_hint(f, at.y, x, at.x + at.w - x, hints[i].keys, hints[i].label,
			      FOOTING_BRIEF);
}
