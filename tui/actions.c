/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/actions.h"

#include "tui/table.h"
#include "tui/ui_state.h"

int act_close(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	if (ui->popup_ops)
		ui->popup_ops = NULL;
	else
		ui->detail.open = false;
	return UI_REDRAW;
}

int act_quit(struct ui *ui, const struct frame *f, int arg)
{
	if (ui->popup_ops || ui->detail.open)
		return act_close(ui, f, arg);
	return UI_QUIT;
}

int act_leave(struct ui *ui, const struct frame *f, int arg)
{
	(void)ui;
	(void)f;
	(void)arg;
	return UI_QUIT;
}

int act_help(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	ui->help.top = 0;
	ui->popup = &ui->help;
	ui->popup_ops = &help_ops;
	return UI_REDRAW;
}

int act_filter(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	filterbar_open(&ui->filterbar);
	return UI_REDRAW;
}

static struct table *current_table(struct ui *ui)
{
	return ui->view_ops->table ? ui->view_ops->table(ui->view) : NULL;
}

int act_sort_menu(struct ui *ui, const struct frame *f, int arg)
{
	struct table *t = current_table(ui);

	(void)f;
	(void)arg;
	if (!t)
		return UI_NOTHING;
	sortmenu_open(&ui->sortmenu, t);
	ui->popup = &ui->sortmenu;
	ui->popup_ops = &sortmenu_ops;
	return UI_REDRAW;
}

int act_sort_step(struct ui *ui, const struct frame *f, int arg)
{
	struct table *t = current_table(ui);

	(void)f;
	if (t)
		table_sort_step(t, arg);
	return UI_REDRAW;
}

int act_sort_invert(struct ui *ui, const struct frame *f, int arg)
{
	struct table *t = current_table(ui);

	(void)f;
	(void)arg;
	if (t)
		table_sort_invert(t);
	return UI_REDRAW;
}

int act_pause(struct ui *ui, const struct frame *f, int arg)
{
	(void)arg;
	ui->paused = !ui->paused;
	ui->paused_seq = f->to_seq;
	ui->paused_now_ns = f->now_ns;
	return UI_REDRAW;
}

int act_detail(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	ui->detail.open = !ui->detail.open;
	return UI_REDRAW;
}

int act_detail_scroll(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	if (ui->detail.open)
		doc_scroll(&ui->detail.doc, arg);
	return UI_REDRAW;
}

int act_move(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	if (ui->detail.open && ui_detail_is_whole(ui))
		doc_move(&ui->detail.doc, (enum move)arg);
	else
		ui->view_ops->move(ui->view, (enum move)arg);
	return UI_REDRAW;
}

int act_repaint(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	screen_repaint(&ui->screen);
	return UI_REDRAW;
}

int act_reset(struct ui *ui, const struct frame *f, int arg)
{
	(void)f;
	(void)arg;
	ui->paused = false;
	ui->view_ops->reset(ui->view);
	status_reset(&ui->status);
	detail_clear(&ui->detail);
	return UI_RESET | UI_REDRAW;
}
