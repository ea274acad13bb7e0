/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/mouse.h"

#include "tui/actions.h"
#include "tui/keys/keymap.h"

/* Lines of a wheel's notch. */
#define WHEEL_LINES 3

static void take_wheel(struct ui *ui, int lines, int y, int x)
{
	if (ui->popup_ops)
		ui->popup_ops->wheel(ui->popup, lines);
	else if (ui_detail_is_open(ui) && rect_has(ui->detail_at, y, x))
		doc_scroll(&ui->detail.doc, lines);
	else
		ui->view_ops->wheel(ui->view, lines);
}

/* On what a key does. */
static int click_footer(struct ui *ui, const struct frame *f, int x)
{
	struct rect at = { ui->screen.rows - 1, 0, 1, ui->screen.cols };
	const struct action *a;
	int key;

	if (ui->find.open || ui->filterbar.open || ui->filterbar.chips.focus) {
		key = status_footer_key(&ui->filterbar, ui->find.open, at, x);
		return key ? ui_filter_key(ui, f, key) : UI_NOTHING;
	}
	a = status_footer_action(f, ui->view_ops, at, x);
	return a ? actions_run(ui, f, a->act, a->arg) : UI_NOTHING;
}

static bool click_tab(struct ui *ui, int y, int x)
{
	for (int i = 0; i < VIEW_COUNT; i++) {
		if (rect_has(ui->tab[i], y, x)) {
			ui_show(ui, i);
			return true;
		}
	}
	return false;
}

static int take_click(struct ui *ui, const struct frame *f, int y, int x)
{
	if (ui->popup_ops) {
		if (ui->popup_ops->click && !ui->popup_ops->click(ui->popup, y, x))
			ui->popup_ops = NULL;
		return UI_NOTHING;
	}
	if (click_tab(ui, y, x))
		return UI_NOTHING;
	if (!ui->find.open && filterbar_click(&ui->filterbar, y, x, f->m->now_ns))
		return UI_NOTHING;
	if (y == ui->screen.rows - 1)
		return click_footer(ui, f, x);
	if (!ui->find.open && y == ui->screen.rows - 2)
		return actions_run(ui, f, ACT_COUNTERS, 0);
	if (rect_has(ui->view_at, y, x))
		ui->view_ops->click(ui->view, y, x);
	return UI_NOTHING;
}

int mouse_take(struct ui *ui, const struct frame *f, const struct screen_mouse *e, int n)
{
	int effect = UI_REDRAW;

	for (; n > 0; n--, e++) {
		if (e->wheel)
			take_wheel(ui, e->wheel * WHEEL_LINES, e->y, e->x);
		if (e->click)
			effect |= take_click(ui, f, e->y, e->x);
	}
	return effect;
}
