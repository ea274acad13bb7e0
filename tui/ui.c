/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The screen: its views, and keys to those whom they concern. ui_draw.c draws it.
 */
#include "tui/ui.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "tui/actions.h"
#include "tui/keys/keymap.h"
#include "tui/keys/keys.h"
#include "tui/model/groupby.h"
#include "tui/model/window.h"
#include "tui/mouse.h"
#include "tui/ui_state.h"
#include "tui/view/boardview.h"
#include "tui/view/flows.h"
#include "tui/view/overview.h"
#include "tui/view/top.h"
#include "tui/widget/key.h"
#include "tui/widget/restore.h"

/* --- life --- */

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

int ui_popup(struct ui *ui, const struct popup_ops *ops, void *popup)
{
	ui->popup = popup;
	ui->popup_ops = ops;
	return UI_REDRAW;
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
	if (cfg->top)
		overview_choice(ui->views[VIEW_OVERVIEW].state)->top = cfg->top < PANEL_TOP_MAX
									       ? (int)cfg->top
									       : PANEL_TOP_MAX;
	keys_init(&ui->keys);
	rc = filterbar_init(&ui->filterbar, cfg->filter, cfg->tlds, clock_ns(CLOCK_REALTIME), err);
	if (rc == 0)
		rc = open_screen(ui, cfg, err);
	if (rc == 0 && cfg->level) {
		ui_show(ui, VIEW_TOP);
		ui->view_ops->group(ui->view, GROUPBY_NAME + cfg->level);
	}
	if (rc == 0 && cfg->by) {
		ui_show(ui, VIEW_TOP);
		top_open(ui->view, groupby_pair(cfg->by, cfg->second), cfg->by_column,
			 !cfg->by_ascending);
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
	doc_free(&ui->counters.doc);
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

struct frame ui_frame_of(struct ui *ui, const struct ui_model *m)
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

int ui_filter_key(struct ui *ui, const struct frame *f, int key)
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
	struct frame f = ui_frame_of(ui, m);
	const struct action *a;
	struct screen_mouse mouse[SCREEN_MOUSE_MAX];
	int n_mouse = key == KEY_MOUSE ? screen_mouse(&ui->screen, mouse) : 0;

	/* Sizes come through ui_resized; a button let go is nothing. */
	if (key == KEY_RESIZE || (key == KEY_MOUSE && n_mouse == 0))
		return UI_NOTHING;
	ui->notice_read = true;
	ui->told[0] = '\0';
	ui->filterbar.notice[0] = '\0';
	if (key == KEY_MOUSE)
		return mouse_take(ui, &f, mouse, n_mouse);
	if (ui->popup_ops && !ui->filterbar.open)
		return take_popup_key(ui, &f, key);
	if (ui->find.open || ui->filterbar.open || ui->filterbar.chips.focus)
		return ui_filter_key(ui, &f, key);
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
