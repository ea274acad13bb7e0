/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/view/flows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/view/flows_state.h"

/* New rows are looked at this often, and making the view true takes at most
 * one part in so many of the time. It is made in parts of so many rows, as many
 * in a frame as fit into FRAME_NS. */
#define UPDATE_EVERY_NS 200000000ull
#define UPDATE_SHARE    40
#define FRAME_NS        8000000ull
#define PART_ROWS       16384

/* --- keeping true to the table --- */

/* Finds the selected row again and keeps it on its line of the screen. */
static void follow_selection(struct flows *v, const struct flow_table *table)
{
	bool evicted = !flow_table_has(table, v->seq);
	struct table *t = &v->table;
	uint32_t line = t->cursor - t->top;
	int64_t at = v->selected && !v->tail ? view_find(v->view, v->seq) : -1;

	table_set_count(t, view_count(v->view));
	if (t->count == 0) {
		v->selected = false;
		t->top = 0;
		return;
	}
	if (!v->selected)
		v->tail = true;
	if (v->tail)
		t->cursor = t->top = 0;
	else if (at >= 0) {
		t->cursor = (uint32_t)at;
		t->top = t->cursor > line ? t->cursor - line : 0;
	} else if (evicted && !flows_order(v).field) {
		/* Its neighbours were the oldest rows: they still are. */
		t->cursor = t->descending ? t->count - 1 : 0;
	}
	v->seq = view_seq(v->view, t->cursor);
	v->selected = true;
}

/* Whether the view says something else than is asked for, or rows came. */
static bool must_make(const struct flows *v, const struct frame *f)
{
	enum fresh_state state = fresh_state(&v->fresh, f, v->table.sort_revision);

	return state == FRESH_ASKED ||
	       (state == FRESH_STALE && fresh_may(&v->fresh, UPDATE_EVERY_NS, UPDATE_SHARE));
}

/* Goes on making the view, as long as a frame may take. */
static void go_on(struct flows *v, const struct frame *f)
{
	int rc;

	fresh_begin(&v->making);
	do
		rc = view_work(v->view, PART_ROWS);
	while (rc > 0 && fresh_spent(&v->making) < FRAME_NS);
	v->making.cost_ns += fresh_spent(&v->making);
	if (rc > 0)
		return;
	v->fresh = v->making;
	v->making.valid = false;
	follow_selection(v, f->rows->table);
}

static void flows_update(void *view, const struct frame *f)
{
	struct flows *v = view;
	uint32_t revision = v->table.sort_revision;

	if (v->making.valid && fresh_state(&v->making, f, revision) == FRESH_ASKED)
		v->making.valid = false;
	if (!v->making.valid && must_make(v, f)) {
		view_begin(v->view, f->rows, f->filter, flows_order(v), f->from_seq, f->to_seq);
		fresh_begin(&v->making);
		fresh_done(&v->making, f, revision);
	}
	if (v->making.valid)
		go_on(v, f);
	v->is_behind = fresh_state(&v->fresh, f, revision) == FRESH_ASKED;
}

static bool flows_is_busy(const void *view)
{
	return ((const struct flows *)view)->is_behind;
}

/* --- what the user does --- */

/* After the cursor was put on a line: the selection is the row that is there. */
static void select_cursor(struct flows *v)
{
	bool was_tail = v->tail;

	v->following = false;
	v->tail = v->table.cursor == 0;
	if (was_tail && !v->tail)
		v->left_at = v->fresh.to_seq;
	if (v->table.count) {
		v->seq = view_seq(v->view, v->table.cursor);
		v->selected = true;
	}
}

/* What an empty table means, in the middle of where its rows would be. */
static void draw_empty(const struct frame *f, struct rect at)
{
	const char *why = "no row matches the filter; / to change it";
	int room;

	if (f->rows->table->count == 0)
		why = f->m->live    ? "no DNS yet; try in another window: dig example.org"
		      : f->m->ended ? "no DNS in this file"
				    : "";
	room = at.w - (int)strlen(why);
	if (room >= 0 && at.h > 2)
		text_put(at.y + at.h / 3 + 1, at.x + room / 2, at.w - room / 2, why);
}

static void flows_draw(void *view, const struct frame *f, struct rect at)
{
	struct flows *v = view;

	table_draw(&v->table, f->theme, at, f);
	if (v->table.count == 0)
		draw_empty(f, at);
}

static void flows_move(void *view, enum move how)
{
	struct flows *v = view;

	table_move(&v->table, how);
	select_cursor(v);
}

static void flows_click(void *view, int y, int x)
{
	struct flows *v = view;
	int column = table_column_at(&v->table, x);

	if (!table_click(&v->table, y, x))
		return;
	select_cursor(v);
	if (column >= 0)
		v->cell = v->table.column[column].tag;
}

static void flows_wheel(void *view, int lines)
{
	struct flows *v = view;

	table_scroll(&v->table, lines);
	select_cursor(v);
}

static bool flows_toggle(void *view, enum toggle what)
{
	struct flows *v = view;

	if (what != TOGGLE_FOLLOW)
		return false;
	v->following = !v->following && v->selected;
	if (v->tail && v->following)
		v->left_at = v->fresh.to_seq;
	v->tail = !v->following && v->table.cursor == 0;
	return true;
}

static bool flows_selected(void *view, uint32_t *seq)
{
	const struct flows *v = view;

	*seq = v->seq;
	return v->selected;
}

static struct table *flows_table(void *view)
{
	return &((struct flows *)view)->table;
}

/* --- what it says of itself --- */

/* Rows that came since the tail was left: they are above, in the order of
 * arrival with the newest first. */
static uint32_t rows_above_new(const struct flows *v)
{
	uint32_t low = 0;
	uint32_t high = view_count(v->view);

	if (v->tail || flows_order(v).field || !v->table.descending)
		return 0;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if ((int32_t)(view_seq(v->view, mid) - v->left_at) >= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void flows_status(void *view, const struct frame *f, char buf[VIEW_STATUS_MAX])
{
	const struct flows *v = view;
	uint32_t fresh = rows_above_new(v);
	char of[TEXT_COUNT_MAX], n[TEXT_COUNT_MAX], more[TEXT_COUNT_MAX], at[TEXT_COUNT_MAX];
	int len = 0;

	if (v->is_behind)
		len = snprintf(buf, VIEW_STATUS_MAX, "counting  ");
	if (v->table.sort < 0 && v->order_elsewhere)
		len += snprintf(buf + len, VIEW_STATUS_MAX - (size_t)len, "by %s  ",
				v->order_elsewhere->name);
	if (fresh && !f->paused)
		len += snprintf(buf + len, VIEW_STATUS_MAX - (size_t)len, "%s new  ",
				text_count(fresh, COUNT_FULL, more));
	if (!v->tail && v->table.count)
		len += snprintf(buf + len, VIEW_STATUS_MAX - (size_t)len, "%s %s  ",
				v->following ? "following row" : "row",
				text_count(v->table.cursor + 1, COUNT_FULL, at));
	snprintf(buf + len, VIEW_STATUS_MAX - (size_t)len, "%s of %s",
		 text_count(v->table.count, COUNT_FULL, n),
		 text_count(f->to_seq - f->from_seq, COUNT_FULL, of));
}

/* --- life --- */

static void flows_reset(void *view)
{
	struct flows *v = view;

	v->selected = v->following = false;
	v->tail = true;
	v->fresh.valid = v->making.valid = false;
	table_set_count(&v->table, 0);
}

static void flows_free(void *view)
{
	struct flows *v = view;

	if (!v)
		return;
	view_free(v->view);
	free(v);
}

struct flows *flows_new(const struct field *const *columns, int n_columns, const char *sort)
{
	struct flows *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->view = view_new();
	if (!v->view) {
		free(v);
		return NULL;
	}
	v->tail = true;
	flows_init_columns(v, columns, n_columns, sort);
	return v;
}

bool flows_has(const struct flows *v, uint32_t seq)
{
	return view_find(v->view, seq) >= 0;
}

const struct view *flows_rows(const struct flows *v)
{
	return v->view;
}

void flows_select(struct flows *v, uint32_t seq)
{
	int64_t at = view_find(v->view, seq);

	v->selected = true;
	v->seq = seq;
	if (v->tail)
		v->left_at = v->fresh.to_seq;
	v->tail = false;
	if (at < 0)
		return;
	v->table.cursor = (uint32_t)at;
	table_reveal(&v->table);
}

const struct view_ops flows_ops = {
	.title = "Flows",
	.enter = "Detail",
	.update = flows_update,
	.draw = flows_draw,
	.move = flows_move,
	.click = flows_click,
	.wheel = flows_wheel,
	.status = flows_status,
	.selected = flows_selected,
	.cell = flows_cell_field,
	.move_cell = flows_move_cell,
	.toggle = flows_toggle,
	.table = flows_table,
	.manage = flows_manage,
	.is_busy = flows_is_busy,
	.reset = flows_reset,
	.free = flows_free,
};
