/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/find.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "tui/ui_state.h"
#include "tui/view/flows.h"
#include "tui/widget/key.h"

/* A search takes so much of a frame, looked at after so many rows. */
#define FRAME_NS   8000000ull
#define SLICE_ROWS 512

void find_open(struct find *q)
{
	q->open = true;
	q->searching = false;
	q->err = (struct err){ .pos = -1 };
	lineedit_set(&q->edit, q->text);
}

void find_free(struct find *q)
{
	filter_free(q->filter);
	*q = (struct find){ 0 };
}

/* --- the search --- */

static bool is_flows(const struct ui *ui)
{
	return ui->view_ops == &flows_ops;
}

static bool is_match(struct ui *ui, const struct frame *f, uint32_t i)
{
	uint32_t seq;

	if (!is_flows(ui))
		return ui->view_ops->has_word(ui->view, i, ui->find.text);
	seq = view_seq(flows_rows(ui->view), i);
	return flow_table_has(f->rows->table, seq) &&
	       filter_match(ui->find.filter, f->rows, flow_table_row(f->rows->table, seq));
}

static void go_to(struct ui *ui, uint32_t i)
{
	if (is_flows(ui))
		flows_select(ui->view, view_seq(flows_rows(ui->view), i));
	else
		ui->view_ops->go_to(ui->view, i);
	if (ui->find.went_round)
		snprintf(ui->told, sizeof(ui->told), "found after going round the %s",
			 ui->find.step > 0 ? "end" : "beginning");
}

/* Looks at a few rows; false when the search is over. */
static bool search_slice(struct ui *ui, const struct frame *f, uint32_t count)
{
	struct find *q = &ui->find;

	for (int k = 0; k < SLICE_ROWS; k++) {
		if (q->left == 0) {
			snprintf(ui->told, sizeof(ui->told), "nothing found: %.500s", q->text);
			return false;
		}
		q->left--;
		/* Rows may have gone meanwhile. */
		if (q->at >= count) {
			q->at = q->step > 0 ? 0 : count - 1;
			q->went_round = true;
		}
		if (is_match(ui, f, q->at)) {
			go_to(ui, q->at);
			return false;
		}
		q->at += (uint32_t)q->step; /* above 0 there is none: it is beyond count */
	}
	return true;
}

void find_work(struct ui *ui, const struct frame *f)
{
	struct find *q = &ui->find;
	uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	uint32_t count;

	if (!q->searching)
		return;
	count = q->view == ui->view ? ui->view_ops->table(ui->view)->count : 0;
	q->searching = count > 0;
	if (!count)
		snprintf(ui->told, sizeof(ui->told), "nothing found: %.500s", q->text);
	while (q->searching && clock_ns(CLOCK_THREAD_CPUTIME_ID) - began < FRAME_NS)
		q->searching = search_slice(ui, f, count);
}

/* Groups have no facts of rows: there it can only be a word. */
static bool is_word(const char *text)
{
	return !strpbrk(text, " =<>~!(){},|&\"'");
}

void find_next(struct ui *ui, const struct frame *f, int step)
{
	struct find *q = &ui->find;
	const struct table *t;

	if (!q->text[0]) {
		find_open(q);
		return;
	}
	if (!is_flows(ui) && !ui->view_ops->has_word) {
		snprintf(ui->told, sizeof(ui->told), "one can find in the flows and in Top");
		return;
	}
	if (!is_flows(ui) && !is_word(q->text)) {
		snprintf(ui->told, sizeof(ui->told),
			 "among groups one can find a word only, not: %.500s", q->text);
		return;
	}
	t = ui->view_ops->table(ui->view);
	q->view = ui->view;
	q->step = step;
	q->left = t->count;
	q->at = t->cursor + (uint32_t)step;
	q->went_round = false;
	q->searching = true;
	find_work(ui, f);
}

/* --- the line --- */

static void take(struct ui *ui, const struct frame *f)
{
	struct find *q = &ui->find;
	struct filter *filter = NULL;

	q->err = (struct err){ .pos = -1 };
	if (q->edit.len == 0) {
		q->open = false;
		return;
	}
	if (filter_parse(q->edit.text, f->m->now_ns, &filter, &q->err) != 0)
		return;
	filter_free(q->filter);
	q->filter = filter;
	snprintf(q->text, sizeof(q->text), "%s", q->edit.text);
	q->open = false;
	find_next(ui, f, 1);
}

void find_key(struct ui *ui, const struct frame *f, int key)
{
	struct find *q = &ui->find;

	switch (key) {
	case '\r':
	case '\n':
	case KEY_ENTER:
		take(ui, f);
		break;
	case KEY_ESCAPE:
		q->open = false;
		break;
	default:
		if (lineedit_key(&q->edit, key) == LINEEDIT_CHANGED)
			q->err = (struct err){ .pos = -1 };
		break;
	}
}

void find_draw(const struct find *q, const struct theme *theme, struct rect at, int *cursor_y,
	       int *cursor_x)
{
	int from = lineedit_draw(&q->edit, theme, at, " Find ", ">", cursor_y, cursor_x);
	int x = at.x + 1 + q->err.pos - from;

	if (!q->err.code) {
		text_put(at.y + 3, at.x, at.w,
			 "Enter finds a word of the name, or a filter; then n, N; Esc closes");
		return;
	}
	theme_use(theme, ROLE_ERROR);
	if (q->err.pos >= from && x < at.x + at.w)
		text_put(at.y + 2, x, 1, "^");
	text_putf(at.y + 3, at.x, at.w, "! %s", q->err.text);
}
