/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A frame from its parts: what has which place on the screen, and what must be told.
 */
#include <stdio.h>
#include <string.h>

#include "tui/timebar.h"
#include "tui/truthbar.h"
#include "tui/ui_state.h"

/* From this width on the detail stands beside the table, below it the detail
 * lies under it, and on fewer rows than these it takes the table's place. */
#define DETAIL_RIGHT_COLS  110
#define DETAIL_BOTTOM_ROWS 24
#define MESSAGE_ROWS       4
/* The overview shares a screen of this size with the flows. */
#define SPLIT_COLS 160
#define SPLIT_ROWS 48
/* Below this width the filter needs the place of the views' names. */
#define TABS_COLS 60
/* And below these, with a filter and without one, for the names of all views: of the
 * last ones then only that on show is named, and the rest are dots. */
#define TABS_ALL_COLS      140
#define TABS_ALL_COLS_BARE 110

bool ui_detail_is_open(const struct ui *ui)
{
	return ui->detail.open && ui->view_ops->selected;
}

bool ui_detail_is_whole(const struct ui *ui)
{
	return ui->screen.rows < DETAIL_BOTTOM_ROWS;
}

static void add_message(struct doc *d, enum role role, const char *text)
{
	char line[600];
	int n = snprintf(line, sizeof(line), "! %s", text);

	if (*text && n > 0)
		doc_add(d, role, 2, line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

/* What must be told; returns the lines that it takes at the bottom of `body`. */
static int draw_messages(struct ui *ui, const struct frame *f, struct rect body)
{
	struct rect at = body;

	doc_clear(&ui->messages);
	add_message(&ui->messages, ROLE_ERROR, f->m->problem);
	add_message(&ui->messages, ROLE_WARNING, ui->filterbar.notice);
	add_message(&ui->messages, ROLE_ERROR, f->m->unwritten);
	if (!ui->notice_read) {
		add_message(&ui->messages, ROLE_WARNING, f->m->notice);
		add_message(&ui->messages, ROLE_WARNING, ui->screen.note);
	}
	add_message(&ui->messages, ROLE_WARNING, ui->told);
	at.h = doc_height(&ui->messages, at.w);
	if (at.h > MESSAGE_ROWS)
		at.h = MESSAGE_ROWS;
	if (at.h > body.h - 3)
		at.h = body.h - 3 > 0 ? body.h - 3 : 0;
	at.y = body.y + body.h - at.h;
	if (at.h)
		doc_draw(&ui->messages, f->theme, at);
	return at.h;
}

/* Parts the body between the view and the detail pane. */
static void place_detail(struct ui *ui, struct rect body)
{
	struct rect view = body;
	struct rect detail = body;

	if (ui_detail_is_whole(ui)) {
		view.h = 0;
	} else if (ui->screen.cols >= DETAIL_RIGHT_COLS) {
		detail.w = body.w * 2 / 5;
		detail.w = detail.w > 80 ? 80 : detail.w;
		detail.x = body.x + body.w - detail.w;
		view.w = body.w - detail.w - 1;
	} else {
		detail.h = body.h * 3 / 5;
		detail.y = body.y + body.h - detail.h;
		view.h = body.h - detail.h;
	}
	ui->view_at = view;
	ui->detail_at = detail;
}

/* The newest rows below the overview, where there is room for both. */
static void draw_below(struct ui *ui, const struct frame *f, struct rect at)
{
	const struct view_ops *ops = ui->views[VIEW_FLOWS].ops;
	void *flows = ui->views[VIEW_FLOWS].state;
	char counts[VIEW_STATUS_MAX];

	theme_use(f->theme, ROLE_RULE);
	text_repeat(at.y, at.x, at.w, f->theme->glyph->rule);
	theme_use(f->theme, ROLE_STRONG);
	text_putf(at.y, at.x + 1, at.w, " %s ", ops->title);
	at.y++;
	at.h--;
	ops->update(flows, f);
	ops->draw(flows, f, at);
	ops->status(flows, f, counts);
	theme_use(f->theme, ROLE_TEXT);
	text_putf(at.y - 1, at.x + at.w - text_cells(counts) - 4, at.w, " %s ", counts);
}

static struct rect share_body(struct ui *ui, const struct frame *f, struct rect body)
{
	struct rect below = body;

	if (ui->current != VIEW_OVERVIEW || body.w < SPLIT_COLS || body.h < SPLIT_ROWS)
		return body;
	below.h = body.h / 4;
	below.y = body.y + body.h - below.h;
	draw_below(ui, f, below);
	body.h -= below.h;
	return body;
}

static void draw_body(struct ui *ui, const struct frame *f, struct rect body)
{
	uint32_t seq;

	ui->view_at = share_body(ui, f, body);
	if (ui_detail_is_open(ui))
		place_detail(ui, body);
	if (ui->view_at.h > 0)
		ui->view_ops->draw(ui->view, f, ui->view_at);
	if (!ui_detail_is_open(ui))
		return;
	if (ui->view_ops->selected(ui->view, &seq))
		detail_update(&ui->detail, f, seq);
	else
		detail_clear(&ui->detail);
	detail_draw(&ui->detail, f, ui->detail_at);
	if (ui->detail_at.x > body.x) {
		theme_use(f->theme, ROLE_RULE);
		for (int i = 0; i < body.h; i++)
			text_put(body.y + i, ui->detail_at.x - 1, 1, f->theme->glyph->column);
	}
}

static int draw_tab(struct ui *ui, const struct frame *f, int view, const char *title, int y, int x)
{
	int w;

	theme_use(f->theme, view == ui->current ? ROLE_TAB : ROLE_TEXT);
	w = text_put(y, x, ui->screen.cols - x, title);
	ui->tab[view] = (struct rect){ y, x - 1, 1, w + 2 };
	return w + 2;
}

/* The names of the views, the one on show marked. Returns the cells used. */
static int draw_tabs(struct ui *ui, const struct frame *f, struct rect at)
{
	bool bare = !ui->filterbar.open && ui->filterbar.chips.list.n == 0;
	bool all = at.w >= (bare ? TABS_ALL_COLS_BARE : TABS_ALL_COLS);
	int x = at.x + 1, next = 0;

	memset(ui->tab, 0, sizeof(ui->tab));
	if (at.w < TABS_COLS)
		return at.x;
	for (int i = 0; i < VIEW_COUNT; i++) {
		if (all || i <= VIEW_TOP || i == ui->current)
			x += draw_tab(ui, f, i, ui->views[i].ops->title, at.y, x);
		else if (!next || ui->current == i - 1)
			next = i;
	}
	/* The dots stand for the one that comes next. */
	if (next)
		x += draw_tab(ui, f, next, f->theme->glyph->ellipsis, at.y, x);
	return x - 1;
}

static void draw_all(struct ui *ui, const struct frame *f)
{
	int rows = ui->screen.rows;
	int cols = ui->screen.cols;
	struct rect line = { 0, 0, 1, cols };
	struct rect body = { 2, 0, rows - 4, cols };
	int cursor_y = 2, cursor_x = 0;
	int bar = 0;
	char counts[VIEW_STATUS_MAX];

	find_work(ui, f);
	filterbar_work(&ui->filterbar, f);
	if (ui->find.open)
		bar = FIND_LINES;
	else if (ui->filterbar.open)
		bar = filterbar_height(&ui->filterbar, rows, cols);
	body.h -= bar;
	if (f->paused) {
		timebar_draw(&ui->freeze, f, (struct rect){ body.y, 0, 1, cols });
		body.y++;
		body.h--;
	}
	body.h -= draw_messages(ui, f, body);
	ui->view_ops->update(ui->view, f);
	draw_body(ui, f, body);
	status_draw_title(&ui->status, f, line);
	ui->view_ops->status(ui->view, f, counts);
	line.y = 1;
	line.x = draw_tabs(ui, f, line);
	line.w -= line.x;
	status_draw_filter(&ui->filterbar, f, counts, line);
	line.x = 0;
	line.w = cols;
	line.y = rows - 2;
	truthbar_draw(f, line);
	line.y = rows - 1;
	status_draw_footer(&ui->filterbar, ui->find.open, f, ui->view_ops, line);
	if (ui->popup_ops) {
		struct rect at = { 1, 0, rows - 3, cols };

		ui->popup_ops->draw(ui->popup, f, at);
	}
	if (ui->find.open) {
		struct rect at = { rows - 2 - bar, 0, bar, cols };

		find_draw(&ui->find, f->theme, at, &cursor_y, &cursor_x);
	} else if (ui->filterbar.open) {
		struct rect at = { rows - 2 - bar, 0, bar, cols };

		filterbar_draw(&ui->filterbar, f->theme, at, &cursor_y, &cursor_x);
	}
	screen_cursor(&ui->screen, cursor_y, cursor_x, ui->filterbar.open || ui->find.open);
}

void ui_draw(struct ui *ui, const struct ui_model *m)
{
	struct frame f = ui_frame_of(ui, m);

	ui->now_ns = m->now_ns;
	export_work(&ui->export);
	status_feed(&ui->status, &f);
	screen_begin(&ui->screen);
	if (screen_too_small(&ui->screen))
		text_putf(0, 0, ui->screen.cols, "dnstop needs %dx%d; this is %dx%d",
			  SCREEN_MIN_COLS, SCREEN_MIN_ROWS, ui->screen.cols, ui->screen.rows);
	else
		draw_all(ui, &f);
	screen_end(&ui->screen);
}
