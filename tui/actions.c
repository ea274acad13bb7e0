/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/actions.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/model/term.h"
#include "tui/model/window.h"
#include "tui/quick.h"
#include "tui/takeout.h"
#include "tui/ui_state.h"
#include "tui/view/flows.h"
#include "tui/widget/table.h"

static bool close_innermost(struct ui *ui)
{
	if (ui->popup_ops) {
		ui->popup_ops = NULL;
		return true;
	}
	if (ui->view_ops->close && ui->view_ops->close(ui->view))
		return true;
	if (!ui_detail_is_open(ui))
		return false;
	ui->detail.open = false;
	return true;
}

static int act_close(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	close_innermost(ui);
	return UI_REDRAW;
}

static int act_quit(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	return close_innermost(ui) ? UI_REDRAW : UI_QUIT;
}

static int act_quit_keep(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	ui->keep = true;
	return UI_QUIT;
}

static int act_leave(struct ui *ui, const struct frame *f, int arg)
{
	(void)ui;
	(void)f;
	(void)arg;
	return UI_QUIT;
}

static int act_help(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	ui->help.top = 0;
	return ui_popup(ui, &help_ops, &ui->help);
}

static int act_counters(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	ui->counters.doc.top = 0;
	return ui_popup(ui, &counters_ops, &ui->counters);
}

static int act_filter(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	filterbar_open(&ui->filterbar);
	return UI_REDRAW;
}

static int act_find(struct ui *ui, const struct frame *f, int arg)
{
	if (arg)
		find_next(ui, f, arg);
	else
		find_open(&ui->find);
	return UI_REDRAW;
}

static int act_chips(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	filterbar_focus(&ui->filterbar, 0);
	if (!ui->filterbar.chips.focus)
		filterbar_open(&ui->filterbar);
	return UI_REDRAW;
}

static int act_quick(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	checklist_open(&ui->checklist, &quick_filters, ui);
	return ui_popup(ui, &checklist_ops, &ui->checklist);
}

static int act_choose_group(struct ui *ui, const struct frame *f, int arg);

static struct table *current_table(struct ui *ui)
{
	return ui->view_ops->table ? ui->view_ops->table(ui->view) : NULL;
}

static int act_sort_menu(struct ui *ui, const struct frame *f, int arg)
{
	struct table *t = current_table(ui);

	/* Panels are ordered by what they rank. */
	if (!t && ui->view_ops->choose_group)
		return act_choose_group(ui, f, arg);
	if (!t)
		return UI_NOTHING;
	sortmenu_open(&ui->sortmenu, t);
	return ui_popup(ui, &sortmenu_ops, &ui->sortmenu);
}

static int act_sort_step(struct ui *ui, const struct frame *f, int arg)
{
	struct table *t = current_table(ui);

	(void)f;
	if (t)
		table_sort_step(t, arg);
	return UI_REDRAW;
}

static int act_sort_invert(struct ui *ui, const struct frame *f, int arg)
{
	struct table *t = current_table(ui);

	(void)f;
	(void)arg;
	if (t)
		table_sort_invert(t);
	return UI_REDRAW;
}

static int act_pause(struct ui *ui, const struct frame *f, int arg)
{
	(void)arg;
	if (ui->freeze.on)
		freeze_end(&ui->freeze);
	else
		freeze_begin(&ui->freeze, f->m, f->to_seq);
	return UI_REDRAW;
}

static int act_rewind(struct ui *ui, const struct frame *f, int arg)
{
	if (!ui->freeze.on) {
		struct frame frozen = *f;

		freeze_begin(&ui->freeze, f->m, f->to_seq);
		freeze_frame(&ui->freeze, &frozen);
	}
	freeze_move(&ui->freeze, ui->window_ns, arg);
	return UI_REDRAW;
}

/* --- groups and cells --- */

static int act_cell(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	if (ui->view_ops->move_cell)
		ui->view_ops->move_cell(ui->view, arg);
	return UI_REDRAW;
}

/* Narrows the filter to what is under the cursor, or to all but it. */
static bool narrow(struct ui *ui, const struct frame *f, bool exclude)
{
	char term[2 * TERM_MAX], filter[LINEEDIT_MAX];

	return takeout_term(ui, f, exclude, term, sizeof(term)) &&
	       term_add(ui->filterbar.applied, term, filter, sizeof(filter)) &&
	       filterbar_set(&ui->filterbar, filter, f->m->now_ns) == 0;
}

/* Notes where one is, to go back there. */
static void note_place(struct ui *ui)
{
	struct place_before *p;

	if (ui->n_before == MAX_BEFORE)
		memmove(ui->before, ui->before + 1, sizeof(*p) * (size_t)--ui->n_before);
	p = &ui->before[ui->n_before++];
	p->view = ui->current;
	memcpy(p->filter, ui->filterbar.applied, sizeof(p->filter));
}

static int act_enter(struct ui *ui, const struct frame *f, int arg)
{
	(void)arg;
	if (!ui->view_ops->term) {
		ui->detail.open = !ui->detail.open;
		return UI_REDRAW;
	}
	note_place(ui);
	if (narrow(ui, f, false))
		ui_show(ui, VIEW_FLOWS);
	else
		ui->n_before--;
	return UI_REDRAW;
}

static int act_only(struct ui *ui, const struct frame *f, int arg)
{
	note_place(ui);
	if (!narrow(ui, f, arg != 0))
		ui->n_before--;
	return UI_REDRAW;
}

static int act_back(struct ui *ui, const struct frame *f, int arg)
{
	(void)arg;
	if (ui->n_before == 0)
		return UI_NOTHING;
	ui->n_before--;
	filterbar_set(&ui->filterbar, ui->before[ui->n_before].filter, f->m->now_ns);
	ui_show(ui, ui->before[ui->n_before].view);
	return UI_REDRAW;
}

/* --- a row's lookup --- */

/* Shows a row in the flows, and if it is not among those on show, its lookup. */
static void go_to_row(void *owner, uint32_t seq, uint32_t lookup)
{
	struct ui *ui = owner;
	char filter[64];

	if (!flows_has(ui->views[VIEW_FLOWS].state, seq)) {
		note_place(ui);
		snprintf(filter, sizeof(filter), "lookup=%" PRIu32, lookup);
		filterbar_set(&ui->filterbar, filter, ui->now_ns);
	}
	ui_show(ui, VIEW_FLOWS);
	flows_select(ui->views[VIEW_FLOWS].state, seq);
}

static int act_waterfall(struct ui *ui, const struct frame *f, int arg)
{
	uint32_t seq;

	(void)f;
	(void)arg;
	if (!ui->view_ops->selected || !ui->view_ops->selected(ui->view, &seq))
		return UI_NOTHING;
	waterfall_open(&ui->waterfall, seq, go_to_row, ui);
	return ui_popup(ui, &waterfall_ops, &ui->waterfall);
}

/* --- views --- */

static int act_group(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	if (!ui->view_ops->group)
		ui_show(ui, VIEW_TOP);
	ui->view_ops->group(ui->view, arg);
	return UI_REDRAW;
}

static int act_choose_group(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	if (!ui->view_ops->choose_group)
		ui_show(ui, VIEW_TOP);
	ui->view_ops->choose_group(ui->view, &ui->checklist);
	return ui_popup(ui, &checklist_ops, &ui->checklist);
}

static int act_toggle(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	if (ui->view_ops->toggle && ui->view_ops->toggle(ui->view, (enum toggle)arg))
		return UI_REDRAW;
	/* The others are of panels. */
	if (arg != TOGGLE_FOLLOW)
		ui_show(ui, VIEW_OVERVIEW);
	return UI_REDRAW;
}

static int act_manage(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	if (!ui->view_ops->manage)
		return UI_NOTHING;
	ui->view_ops->manage(ui->view, &ui->checklist);
	return ui_popup(ui, &checklist_ops, &ui->checklist);
}

static int act_view(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	ui_show(ui, (ui->current + arg + VIEW_COUNT) % VIEW_COUNT);
	return UI_REDRAW;
}

static int act_window(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	ui->window_ns = window_step(ui->window_ns, arg);
	return UI_REDRAW;
}

static int act_detail_scroll(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	if (ui_detail_is_open(ui))
		doc_scroll(&ui->detail.doc, arg);
	return UI_REDRAW;
}

static int act_move(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	if (ui_detail_is_open(ui) && ui_detail_is_whole(ui))
		doc_move(&ui->detail.doc, (enum move)arg);
	else
		ui->view_ops->move(ui->view, (enum move)arg);
	return UI_REDRAW;
}

static int act_export(struct ui *ui, const struct frame *f, int arg)
{
	(void)arg;
	return takeout_export(ui, f);
}

static int act_copy(struct ui *ui, const struct frame *f, int arg)
{
	return takeout_copy(ui, f, arg != 0);
}

static int act_save(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	settings_save(ui);
	return UI_REDRAW;
}

static int act_repaint(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	screen_repaint(&ui->screen);
	return UI_REDRAW;
}

static int act_reset(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	freeze_end(&ui->freeze);
	for (int i = 0; i < VIEW_COUNT; i++)
		ui->views[i].ops->reset(ui->views[i].state);
	status_reset(&ui->status);
	detail_clear(&ui->detail);
	return UI_RESET | UI_REDRAW;
}

static int (*const acts[ACT_COUNT])(struct ui *ui, const struct frame *f, int arg) = {
	[ACT_QUIT] = act_quit,
	[ACT_QUIT_KEEP] = act_quit_keep,
	[ACT_LEAVE] = act_leave,
	[ACT_CLOSE] = act_close,
	[ACT_HELP] = act_help,
	[ACT_COUNTERS] = act_counters,
	[ACT_FILTER] = act_filter,
	[ACT_FIND] = act_find,
	[ACT_CHIPS] = act_chips,
	[ACT_QUICK] = act_quick,
	[ACT_SORT_MENU] = act_sort_menu,
	[ACT_SORT_STEP] = act_sort_step,
	[ACT_SORT_INVERT] = act_sort_invert,
	[ACT_WATERFALL] = act_waterfall,
	[ACT_PAUSE] = act_pause,
	[ACT_REWIND] = act_rewind,
	[ACT_ENTER] = act_enter,
	[ACT_BACK] = act_back,
	[ACT_ONLY] = act_only,
	[ACT_CELL] = act_cell,
	[ACT_TOGGLE] = act_toggle,
	[ACT_MANAGE] = act_manage,
	[ACT_VIEW] = act_view,
	[ACT_GROUP] = act_group,
	[ACT_CHOOSE_GROUP] = act_choose_group,
	[ACT_WINDOW] = act_window,
	[ACT_DETAIL_SCROLL] = act_detail_scroll,
	[ACT_MOVE] = act_move,
	[ACT_EXPORT] = act_export,
	[ACT_COPY] = act_copy,
	[ACT_SAVE] = act_save,
	[ACT_REPAINT] = act_repaint,
	[ACT_RESET] = act_reset,
};

bool actions_has(enum act act)
{
	return acts[act];
}

int actions_run(struct ui *ui, const struct frame *f, enum act act, int arg)
{
	return acts[act](ui, f, arg);
}
