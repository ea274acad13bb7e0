/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/view/overview.h"

#include <stdio.h>
#include <stdlib.h>

#include "tui/model/term.h"
#include "tui/view/overview_state.h"

#define TOP_STEP 5
#define TOP_LAST 15
/* From here on two columns, with so much between them; and from these rows on a
 * blank line between panels. */
#define TWO_COLUMNS 110
#define COLUMN_GAP  2
#define ROOMY_ROWS  30

/* --- places --- */

static int height_of(const struct overview *v, int panel)
{
	const struct panel *p = &v->panels[panel];

	return p->ops->height(p, &v->choice, v->choice.top);
}

/* Whether the next panel has its place beside the one at place i, in w cells. */
static bool stands_beside(const struct overview *v, int i, int next, int w)
{
	return w >= TWO_COLUMNS && next < v->n && !v->panels[v->list[i].panel].ops->wide &&
	       !v->panels[v->list[next].panel].ops->wide;
}

static int next_shown(const struct overview *v, int i)
{
	while (i < v->n && !v->list[i].shown)
		i++;
	return i;
}

static void put_panel(struct overview *v, int i, struct rect at)
{
	v->placed[v->n_placed++] = (struct placed){ v->list[i].panel, at };
}

static void place_panels(struct overview *v, struct rect at)
{
	int gap = at.h >= ROOMY_ROWS ? 1 : 0;
	int y = 0, next;

	v->n_placed = 0;
	for (int i = next_shown(v, 0); i < v->n; i = next) {
		struct rect box = { y, at.x, height_of(v, v->list[i].panel), at.w };
		int h = box.h;

		next = next_shown(v, i + 1);
		if (stands_beside(v, i, next, at.w)) {
			box.w = (at.w - COLUMN_GAP) / 2;
			put_panel(v, i, box);
			box.x += box.w + COLUMN_GAP;
			box.w = at.w - box.x;
			box.h = height_of(v, v->list[next].panel);
			h = box.h > h ? box.h : h;
			put_panel(v, next, box);
			next = next_shown(v, next + 1);
		} else {
			put_panel(v, i, box);
		}
		y += h + gap;
	}
}

/* The focused panel whole, if it can be, and a panel's title on top. */
static void scroll(struct overview *v)
{
	const struct placed *f = &v->placed[v->focus], *last = &v->placed[v->n_placed - 1];
	int least = f->at.y + f->at.h - v->at.h;
	int most = last->at.y + last->at.h - v->at.h;

	if (v->offset > f->at.y)
		v->offset = f->at.y;
	if (v->offset < least) {
		v->offset = f->at.y;
		for (int i = v->n_placed - 1; i >= 0 && v->placed[i].at.y >= least; i--)
			v->offset = v->placed[i].at.y < v->offset ? v->placed[i].at.y : v->offset;
	}
	if (most <= 0)
		v->offset = 0;
}

static int lines_of(const struct overview *v, int placed)
{
	int panel = v->placed[placed].panel;

	return v->panels[panel].ops->lines(&v->state[panel], &v->choice);
}

static void clamp(struct overview *v)
{
	int lines;

	if (v->focus >= v->n_placed)
		v->focus = v->n_placed - 1;
	if (v->focus < 0)
		v->focus = 0;
	lines = v->n_placed ? lines_of(v, v->focus) : 1;
	if (v->line >= lines)
		v->line = lines - 1;
}

/* --- drawing --- */

static void draw_panel(struct overview *v, const struct frame *f, int placed, struct rect at,
		       int top)
{
	int panel = v->placed[placed].panel;
	struct panel_frame p = {
		.f = f,
		.queries = v->queries,
		.choice = &v->choice,
		.at = at,
		.top = top,
		.cursor = placed == v->focus ? v->line : -1,
	};

	v->panels[panel].ops->draw(&v->state[panel], &p);
}

static void draw_expanded(struct overview *v, const struct frame *f)
{
	const struct panel *p = &v->panels[v->placed[v->focus].panel];
	int top = v->at.h - p->ops->height(p, &v->choice, 0);

	if (top > RANKING_MAX)
		top = RANKING_MAX;
	draw_panel(v, f, v->focus, v->at, top > 1 ? top : 1);
}

static void draw_visible(struct overview *v, const struct frame *f)
{
	for (int i = 0; i < v->n_placed; i++) {
		struct rect at = v->placed[i].at;

		at.y += v->at.y - v->offset;
		if (at.y < v->at.y)
			continue;
		if (at.y + at.h > v->at.y + v->at.h)
			at.h = v->at.y + v->at.h - at.y;
		if (at.h > 1 || (at.h == 1 && i == v->focus))
			draw_panel(v, f, i, at, v->choice.top);
	}
}

static void overview_draw(void *view, const struct frame *f, struct rect at)
{
	struct overview *v = view;

	v->at = at;
	theme_use(f->theme, ROLE_TEXT);
	text_blank_rect(at);
	place_panels(v, at);
	if (v->n_placed == 0) {
		text_put(at.y, at.x + 1, at.w - 1, "no panel is chosen: F2 or f chooses");
		return;
	}
	queries_begin(v->queries, f);
	clamp(v);
	if (v->expanded) {
		draw_expanded(v, f);
	} else {
		scroll(v);
		draw_visible(v, f);
	}
	queries_end(v->queries);
}

/* Panels ask as they are drawn: those out of sight ask nothing. */
static void overview_update(void *view, const struct frame *f)
{
	(void)view;
	(void)f;
}

static void overview_status(void *view, const struct frame *f, char buf[VIEW_STATUS_MAX])
{
	const struct overview *v = view;
	char n[TEXT_COUNT_MAX];

	snprintf(buf, VIEW_STATUS_MAX, "%sby %s  %d/%d  %s rows",
		 queries_are_busy(v->queries) ? "counting  " : "", v->choice.scope.name,
		 v->n_placed ? v->focus + 1 : 0, v->n_placed,
		 text_count(f->to_seq - f->from_seq, COUNT_FULL, n));
}

/* --- what the user does --- */

static void go_to(struct overview *v, int focus, bool last_line)
{
	if (focus < 0 || focus >= v->n_placed)
		return;
	v->focus = focus;
	v->line = last_line ? lines_of(v, focus) - 1 : 0;
}

static void overview_move(void *view, enum move how)
{
	struct overview *v = view;

	if (v->n_placed == 0)
		return;
	switch (how) {
	case MOVE_UP:
		if (v->line > 0)
			v->line--;
		else
			go_to(v, v->focus - 1, true);
		break;
	case MOVE_DOWN:
		if (v->line + 1 < lines_of(v, v->focus))
			v->line++;
		else
			go_to(v, v->focus + 1, false);
		break;
	case MOVE_PAGE_UP:
		go_to(v, v->focus - 1, false);
		break;
	case MOVE_PAGE_DOWN:
		go_to(v, v->focus + 1, false);
		break;
	case MOVE_FIRST:
		go_to(v, 0, false);
		break;
	case MOVE_LAST:
		go_to(v, v->n_placed - 1, false);
		break;
	}
}

static void overview_click(void *view, int y, int x)
{
	struct overview *v = view;
	struct panel_choice bare = v->choice;

	bare.total = false;
	for (int i = 0; i < v->n_placed && !v->expanded; i++) {
		const struct panel *p = &v->panels[v->placed[i].panel];
		struct rect at = v->placed[i].at;
		int line;

		at.y += v->at.y - v->offset;
		if (y < at.y || y >= at.y + at.h || x < at.x || x >= at.x + at.w)
			continue;
		line = y - at.y - p->ops->height(p, &bare, 0);
		v->focus = i;
		v->line = line > 0 ? line : 0;
		clamp(v);
		return;
	}
}

static void overview_wheel(void *view, int lines)
{
	overview_move(view, lines > 0 ? MOVE_PAGE_DOWN : MOVE_PAGE_UP);
}

static bool overview_term(void *view, bool exclude, char *buf, size_t size)
{
	const struct overview *v = view;
	const struct panel_state *s;
	const struct value *value;

	if (v->n_placed == 0)
		return false;
	s = &v->state[v->placed[v->focus].panel];
	value = s->panel->ops->value(s, &v->choice, v->line);
	return value && term_of(s->panel->ops->field ? s->panel->ops->field(s, v->line) : s->field,
				value, exclude, buf, size);
}

static void overview_group(void *view, int key)
{
	struct overview *v = view;
	struct groupby by = groupby_of(key);

	/* A panel has a line for each name, not for each pair. */
	if (by.second)
		by = (struct groupby){
			.name = groupby_of(key - GROUPBY_CLIENT_NAME + GROUPBY_NAME).name,
			.field = by.second
		};
	v->choice.scope = by;
}

static bool overview_toggle(void *view, enum toggle what)
{
	struct overview *v = view;

	switch (what) {
	case TOGGLE_EXPAND:
		v->expanded = !v->expanded;
		break;
	case TOGGLE_STACKED:
		v->choice.stacked = !v->choice.stacked;
		break;
	case TOGGLE_NOERROR:
		v->choice.noerror = !v->choice.noerror;
		break;
	case TOGGLE_OVERALL:
		v->choice.overall = !v->choice.overall;
		break;
	case TOGGLE_TOTAL:
		v->choice.total = !v->choice.total;
		break;
	case TOGGLE_TOP:
		v->choice.top = v->choice.top < TOP_LAST ? (v->choice.top / TOP_STEP + 1) * TOP_STEP
							 : OVERVIEW_TOP;
		break;
	case TOGGLE_FOLLOW:
		return false;
	}
	return true;
}

static bool overview_close(void *view)
{
	struct overview *v = view;
	bool was = v->expanded;

	v->expanded = false;
	return was;
}

/* --- life --- */

static bool overview_is_busy(const void *view)
{
	return queries_are_busy(((const struct overview *)view)->queries);
}

static void overview_reset(void *view)
{
	struct overview *v = view;

	queries_reset(v->queries);
	for (int i = 0; i < v->n; i++) {
		panel_board_free(v->state[i].board);
		v->state[i] = (struct panel_state){ .panel = &v->panels[i] };
	}
}

static void overview_free(void *view)
{
	struct overview *v = view;

	if (!v)
		return;
	for (int i = 0; i < v->n; i++)
		panel_board_free(v->state[i].board);
	queries_free(v->queries);
	free(v);
}

struct overview *overview_new(void)
{
	struct overview *v = calloc(1, sizeof(*v));
	size_t n;

	if (!v)
		return NULL;
	v->queries = queries_new();
	if (!v->queries) {
		free(v);
		return NULL;
	}
	v->panels = panels(&n);
	v->n = n < OVERVIEW_MAX_PANELS ? (int)n : OVERVIEW_MAX_PANELS;
	for (int i = 0; i < v->n; i++)
		v->state[i].panel = &v->panels[i];
	overview_defaults(v);
	v->choice.scope = groupby_of(GROUPBY_SERVER);
	return v;
}

struct panel_choice *overview_choice(struct overview *v)
{
	return &v->choice;
}

const struct view_ops overview_ops = {
	.title = "Overview",
	.enter = "Flows",
	.update = overview_update,
	.draw = overview_draw,
	.move = overview_move,
	.click = overview_click,
	.wheel = overview_wheel,
	.status = overview_status,
	.term = overview_term,
	.group = overview_group,
	.toggle = overview_toggle,
	.close = overview_close,
	.choose_group = overview_choose_group,
	.manage = overview_manage,
	.is_busy = overview_is_busy,
	.reset = overview_reset,
	.free = overview_free,
};
