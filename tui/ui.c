/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The screen: keys to those whom they concern, and a frame from its parts.
 */
#include "tui/ui.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui/actions.h"
#include "tui/keys/keymap.h"
#include "tui/keys/keys.h"
#include "tui/model/groupby.h"
#include "tui/model/window.h"
#include "tui/timebar.h"
#include "tui/truthbar.h"
#include "tui/ui_state.h"
#include "tui/view/boardview.h"
#include "tui/view/flows.h"
#include "tui/view/overview.h"
#include "tui/view/top.h"
#include "tui/widget/key.h"
#include "tui/widget/restore.h"

/* From this width on the detail stands beside the table, below it the detail
 * lies under it, and on fewer rows than these it takes the table's place. */
#define DETAIL_RIGHT_COLS  110
#define DETAIL_BOTTOM_ROWS 24
/* Lines of a wheel's notch. */
#define WHEEL_LINES  3
#define MESSAGE_ROWS 4
/* The overview shares a screen of this size with the flows. */
#define SPLIT_COLS 160
#define SPLIT_ROWS 48
/* Below this width the filter needs the place of the views' names. */
#define TABS_COLS 60
/* And below this one for the names of all views: the last ones are then named only
 * when they are on show. */
#define TABS_ALL_COLS 140

/* --- life --- */

static uint64_t realtime_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
}

static bool make_views(struct ui *ui, const struct ui_config *cfg)
{
	bool whole = true;

	ui->views[VIEW_FLOWS].ops = &flows_ops;
	ui->views[VIEW_FLOWS].state = flows_new(cfg->columns, cfg->n_columns, cfg->sort);
	ui->views[VIEW_OVERVIEW].ops = &overview_ops;
	ui->views[VIEW_OVERVIEW].state = overview_new();
	ui->views[VIEW_TOP].ops = &top_ops;
	ui->views[VIEW_TOP].state = top_new();
	ui->views[VIEW_RESOLVERS].ops = &boardview_resolvers_ops;
	ui->views[VIEW_RESOLVERS].state = boardview_new(&board_resolvers);
	ui->views[VIEW_SEARCHES].ops = &boardview_searches_ops;
	ui->views[VIEW_SEARCHES].state = boardview_new(&board_searches);
	ui->views[VIEW_ENCRYPTED].ops = &boardview_encrypted_ops;
	ui->views[VIEW_ENCRYPTED].state = boardview_new(&board_encrypted);
	for (int i = 0; i < VIEW_COUNT; i++)
		whole = whole && ui->views[i].state;
	return whole;
}

void ui_show(struct ui *ui, int view)
{
	ui->current = view;
	ui->view_ops = ui->views[view].ops;
	ui->view = ui->views[view].state;
}

/* With the user's settings, where the command line says nothing else. */
static int open_screen(struct ui *ui, const struct ui_config *cfg, struct err *err)
{
	int rc = 0;

	ui->looks = (struct looks){ .ascii = cfg->ascii, .mouse = !cfg->no_mouse };
	if (cfg->theme)
		rc = looks_theme(&ui->looks, cfg->theme, err);
	if (rc == 0 && cfg->graph)
		rc = looks_graph(&ui->looks, cfg->graph, err);
	if (rc)
		return rc;
	settings_load(ui, cfg);
	return screen_open(&ui->screen, &ui->looks, cfg->colour, err);
}

int ui_open(struct ui **out, const struct ui_config *cfg, struct err *err)
{
	struct ui *ui = calloc(1, sizeof(*ui));
	int rc = -ENOMEM;

	*out = NULL;
	if (!ui)
		return err_set(err, rc, "out of memory");
	if (!make_views(ui, cfg)) {
		err_set(err, rc, "out of memory");
		goto out;
	}
	ui_show(ui, VIEW_FLOWS);
	keys_init(&ui->keys);
	rc = filterbar_init(&ui->filterbar, cfg->filter, cfg->tlds, realtime_ns(), err);
	if (rc == 0)
		rc = open_screen(ui, cfg, err);
	if (rc == 0 && cfg->level) {
		ui_show(ui, VIEW_TOP);
		ui->view_ops->group(ui->view, GROUPBY_NAME + cfg->level);
	}
out:
	if (rc) {
		ui_close(ui);
		return rc;
	}
	*out = ui;
	return 0;
}

void ui_close(struct ui *ui)
{
	char *text = NULL;

	if (!ui)
		return;
	if (ui->keep)
		text = screen_text(&ui->screen);
	screen_close(&ui->screen);
	if (text)
		fputs(text, stdout);
	free(text);
	settings_close(ui);
	export_close(&ui->export);
	freeze_end(&ui->freeze);
	filterbar_fini(&ui->filterbar);
	find_free(&ui->find);
	detail_free(&ui->detail);
	doc_free(&ui->messages);
	for (int i = 0; i < VIEW_COUNT; i++)
		ui->views[i].ops->free(ui->views[i].state);
	free(ui);
}

void ui_emergency_restore(void)
{
	restore_now();
}

int ui_fd(const struct ui *ui)
{
	return ui->screen.keys_fd;
}

bool ui_is_busy(const struct ui *ui)
{
	return export_is_busy(&ui->export) || filterbar_is_busy(&ui->filterbar) ||
	       ui->find.searching || (ui->view_ops->is_busy && ui->view_ops->is_busy(ui->view));
}

uint64_t ui_frames(const struct ui *ui)
{
	return ui->frames;
}

static struct frame frame_of(struct ui *ui, const struct ui_model *m)
{
	const struct flow_table *t = m->rows->table;
	struct frame f = {
		.m = m,
		.rows = m->rows,
		.theme = &ui->screen.theme,
		.keys = &ui->keys,
		.filter = ui->filterbar.filter,
		.filter_revision = ui->filterbar.revision,
		.from_seq = flow_table_oldest(t),
		.to_seq = t->next_seq,
		.window_ns = ui->window_ns,
		.now_ns = m->now_ns,
		.known_ns = m->now_ns,
	};

	if (ui->freeze.on)
		freeze_frame(&ui->freeze, &f);
	f.from_seq = window_from(f.rows->table, f.from_seq, f.to_seq, f.window_ns, f.now_ns);
	return f;
}

/* --- input --- */

bool ui_detail_is_open(const struct ui *ui)
{
	return ui->detail.open && ui->view_ops->selected;
}

bool ui_detail_is_whole(const struct ui *ui)
{
	return ui->screen.rows < DETAIL_BOTTOM_ROWS;
}

static bool is_inside(struct rect r, int y, int x)
{
	return y >= r.y && y < r.y + r.h && x >= r.x && x < r.x + r.w;
}

static void take_wheel(struct ui *ui, int lines, int y, int x)
{
	if (ui->popup_ops)
		ui->popup_ops->wheel(ui->popup, lines);
	else if (ui_detail_is_open(ui) && is_inside(ui->detail_at, y, x))
		doc_scroll(&ui->detail.doc, lines);
	else
		ui->view_ops->wheel(ui->view, lines);
}

static int take_filter_key(struct ui *ui, const struct frame *f, int key)
{
	const struct action *a = keymap_find(key);

	if (a && (a->act == ACT_LEAVE || a->act == ACT_REPAINT))
		return actions_run(ui, f, a->act, a->arg);
	if (ui->find.open)
		find_key(ui, f, key);
	else if (ui->filterbar.open)
		filterbar_key(&ui->filterbar, key, f);
	else
		filterbar_chip_key(&ui->filterbar, key, f->m->now_ns);
	return UI_REDRAW;
}

/* A click on what a key does. */
static int click_footer(struct ui *ui, const struct frame *f, int x)
{
	struct rect at = { ui->screen.rows - 1, 0, 1, ui->screen.cols };
	const struct action *a;
	int key;

	if (ui->filterbar.open || ui->filterbar.chips.focus) {
		key = status_footer_key(&ui->filterbar, at, x);
		return key ? take_filter_key(ui, f, key) : UI_REDRAW;
	}
	a = status_footer_action(f, ui->view_ops, at, x);
	return a ? actions_run(ui, f, a->act, a->arg) | UI_REDRAW : UI_REDRAW;
}

static int take_mouse(struct ui *ui, const struct frame *f)
{
	struct screen_mouse e;

	if (!screen_mouse(&ui->screen, &e))
		return UI_NOTHING;
	if (e.wheel)
		take_wheel(ui, e.wheel * WHEEL_LINES, e.y, e.x);
	if (!e.click || ui->popup_ops)
		return UI_REDRAW;
	if (!ui->find.open && filterbar_click(&ui->filterbar, e.y, e.x, f->m->now_ns))
		return UI_REDRAW;
	if (!ui->find.open && e.y == ui->screen.rows - 1)
		return click_footer(ui, f, e.x);
	if (is_inside(ui->view_at, e.y, e.x))
		ui->view_ops->click(ui->view, e.y, e.x);
	return UI_REDRAW;
}

static int take_popup_key(struct ui *ui, const struct frame *f, int key)
{
	const struct action *a = keymap_find(key);
	bool typing = ui->popup_ops->is_typing && ui->popup_ops->is_typing(ui->popup);
	int meant = keys_translate(&ui->keys, key);

	/* In a popup a key that has lost its action may have another meaning. */
	if (!typing && meant) {
		key = meant;
		a = keymap_find(key);
	}
	/* What ends things or paints ends and paints here too. */
	if (a && (a->act == ACT_LEAVE || a->act == ACT_REPAINT ||
		  (!typing && (a->act == ACT_QUIT || a->act == ACT_CLOSE))))
		return actions_run(ui, f, a->act, a->arg);
	if (!ui->popup_ops->key(ui->popup, key))
		ui->popup_ops = NULL;
	return UI_REDRAW;
}

static int take_key(struct ui *ui, const struct ui_model *m, int key)
{
	struct frame f = frame_of(ui, m);
	const struct action *a;

	/* Sizes come through ui_resized. */
	if (key == KEY_RESIZE)
		return UI_NOTHING;
	ui->notice_read = true;
	ui->told[0] = '\0';
	ui->filterbar.notice[0] = '\0';
	if (key == KEY_MOUSE)
		return take_mouse(ui, &f);
	if (ui->popup_ops && !ui->filterbar.open)
		return take_popup_key(ui, &f, key);
	if (ui->find.open || ui->filterbar.open || ui->filterbar.chips.focus)
		return take_filter_key(ui, &f, key);
	key = keys_translate(&ui->keys, key);
	a = keymap_find(key);
	return a ? actions_run(ui, &f, a->act, keymap_arg(a, key)) | UI_REDRAW : UI_REDRAW;
}

/* A terminal that has gone away is always readable and never has a key. */
static bool is_gone(const struct ui *ui)
{
	struct pollfd p = { .fd = ui->screen.keys_fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1 && p.revents & (POLLHUP | POLLERR | POLLNVAL);
}

int ui_input(struct ui *ui, const struct ui_model *m)
{
	int effect = UI_NOTHING;
	int key;

	while (!(effect & UI_QUIT) && (key = screen_key(&ui->screen)) != SCREEN_NO_KEY)
		effect |= take_key(ui, m, key);
	return effect == UI_NOTHING && is_gone(ui) ? UI_QUIT : effect;
}

int ui_resized(struct ui *ui)
{
	screen_resize(&ui->screen);
	return UI_REDRAW;
}

int ui_stop(struct ui *ui)
{
	screen_leave(&ui->screen);
	raise(SIGSTOP);
	screen_enter(&ui->screen);
	return ui_resized(ui);
}

/* --- drawing --- */

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

/* The names of the views, the one on show marked. Returns the cells used. */
static int draw_tabs(const struct ui *ui, const struct frame *f, struct rect at)
{
	int x = at.x + 1;

	if (at.w < TABS_COLS)
		return at.x;
	for (int i = 0; i < VIEW_COUNT; i++) {
		if (i > VIEW_TOP && at.w < TABS_ALL_COLS && i != ui->current)
			continue;
		theme_use(f->theme, i == ui->current ? ROLE_TAB : ROLE_TEXT);
		x += text_put(at.y, x, at.w, ui->views[i].ops->title) + 2;
	}
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
	status_draw_footer(&ui->filterbar, f, ui->view_ops, line);
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
	struct frame f = frame_of(ui, m);

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
	ui->frames++;
}
