/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/popup/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "tui/widget/box.h"
#include "tui/widget/key.h"

#define NS_PER_S    1000000000ull
#define MAX_WIDTH   72
#define HEIGHT      8
#define LABEL_WIDTH 9
/* Rows written in a frame: as many as fit in so much time, looked at so often. */
#define FRAME_NS  8000000ull
#define PART_ROWS 256

static const struct {
	const char *title, *sink, *suffix;
} formats[EXPORT_FORMATS] = {
	[EXPORT_CSV] = { "CSV", "csv", ".csv" },
	[EXPORT_NDJSON] = { "NDJSON", "json", ".json" },
	[EXPORT_PCAPNG] = { "pcapng", "pcapng", ".pcapng" },
};

void export_open(struct export *e, const struct row_source *rows, uint32_t *seqs, uint32_t n,
		 const struct field *const *columns, int n_columns, uint64_t now_ns)
{
	time_t t = (time_t)(now_ns / NS_PER_S);
	struct tm tm;
	char name[64];

	*e = (struct export){ .rows = rows, .seqs = seqs, .n = n, .n_columns = n_columns };
	memcpy(e->columns, columns, (size_t)n_columns * sizeof(*columns));
	localtime_r(&t, &tm);
	strftime(name, sizeof(name), "dnstop-%Y%m%d-%H%M%S.csv", &tm);
	lineedit_set(&e->name, name);
}

void export_close(struct export *e)
{
	if (e->sink)
		e->sink->ops->close(e->sink);
	newfile_abort(&e->file);
	free(e->seqs);
	*e = (struct export){ 0 };
}

/* --- writing --- */

static void end(struct export *e, bool failed, const char *text)
{
	if (e->sink)
		e->sink->ops->close(e->sink);
	e->sink = NULL;
	newfile_abort(&e->file);
	e->state = EXPORT_DONE;
	e->failed = failed;
	if (text != e->text)
		snprintf(e->text, sizeof(e->text), "%s", text);
}

static void keep(struct export *e, bool replace)
{
	uint64_t lost = e->gone + e->lacking;
	char n[TEXT_COUNT_MAX], of[TEXT_COUNT_MAX], gone[TEXT_COUNT_MAX];
	struct err err = { 0 };
	int rc = newfile_keep(&e->file, replace, &err);

	if (rc == -EEXIST) {
		e->state = EXPORT_EXISTS;
		snprintf(e->text, sizeof(e->text), "%s: Enter replaces it, Esc does not", err.text);
		return;
	}
	if (rc) {
		end(e, true, err.text);
		return;
	}
	if (lost)
		snprintf(e->text, sizeof(e->text), "%s of %s rows, %s no longer in memory",
			 text_count(e->n - lost, COUNT_FULL, n), text_count(e->n, COUNT_FULL, of),
			 text_count(lost, COUNT_FULL, gone));
	else
		snprintf(e->text, sizeof(e->text), "%s rows written to %.300s",
			 text_count(e->n, COUNT_FULL, n), e->name.text);
	end(e, false, e->text);
}

static void fail(struct export *e, int rc)
{
	snprintf(e->text, sizeof(e->text), "%.300s: %s; nothing is left of it", e->name.text,
		 strerror(-rc));
	end(e, true, e->text);
}

/* Rows are in memory by their seqs, which wrap: their order is from the oldest. */
static void order_by_time(struct export *e)
{
	uint32_t oldest = flow_table_oldest(e->rows->table);
	bool rising = true, falling = true;

	for (uint32_t i = 1; i < e->n; i++) {
		rising = rising && e->seqs[i - 1] - oldest < e->seqs[i] - oldest;
		falling = falling && e->seqs[i - 1] - oldest > e->seqs[i] - oldest;
	}
	for (uint32_t i = 0; falling && !rising && i < e->n / 2; i++) {
		uint32_t seq = e->seqs[i];

		e->seqs[i] = e->seqs[e->n - 1 - i];
		e->seqs[e->n - 1 - i] = seq;
	}
	/* In any other order a heap: no memory, and a million rows in a tenth of a second. */
	if (rising || falling)
		return;
	for (uint32_t last = e->n, root = e->n / 2; last > 1;) {
		if (root > 0) {
			root--;
		} else {
			uint32_t seq = e->seqs[--last];

			e->seqs[last] = e->seqs[0];
			e->seqs[0] = seq;
		}
		for (uint32_t at = root, child; (child = 2 * at + 1) < last; at = child) {
			uint32_t seq = e->seqs[at];

			if (child + 1 < last &&
			    e->seqs[child] - oldest < e->seqs[child + 1] - oldest)
				child++;
			if (seq - oldest >= e->seqs[child] - oldest)
				break;
			e->seqs[at] = e->seqs[child];
			e->seqs[child] = seq;
		}
	}
}

static void begin(struct export *e)
{
	struct sink_config cfg = { 0 };
	struct err err = { 0 };

	e->at = e->gone = 0;
	e->lacking = 0;
	if (newfile_open(&e->file, e->name.text, &err)) {
		end(e, true, err.text);
		return;
	}
	cfg.out = e->file.file;
	if (!e->all_columns && e->format != EXPORT_PCAPNG) {
		cfg.columns = e->columns;
		cfg.n_columns = e->n_columns;
	}
	if (e->format == EXPORT_PCAPNG)
		order_by_time(e);
	if (sink_find(formats[e->format].sink)->open(&e->sink, &cfg, &err)) {
		end(e, true, err.text);
		return;
	}
	e->state = EXPORT_WRITING;
}

bool export_is_busy(const struct export *e)
{
	return e->state == EXPORT_WRITING;
}

static int write_part(struct export *e)
{
	const struct flow_table *t = e->rows->table;
	int rc = 0;

	for (uint32_t i = 0; i < PART_ROWS && e->at < e->n && rc == 0; i++) {
		uint32_t seq = e->seqs[e->at++];

		if (flow_table_has(t, seq))
			rc = e->sink->ops->row(e->sink, e->rows, flow_table_row(t, seq));
		else
			e->gone++;
	}
	return rc;
}

void export_work(struct export *e)
{
	uint64_t start = clock_ns(CLOCK_MONOTONIC);
	int rc = 0;

	if (!export_is_busy(e))
		return;
	while (rc == 0 && e->at < e->n && clock_ns(CLOCK_MONOTONIC) - start < FRAME_NS)
		rc = write_part(e);
	if (rc == 0 && e->at < e->n)
		return;
	e->lacking = e->sink->rows_lacking;
	if (rc == 0) {
		rc = e->sink->ops->close(e->sink);
		e->sink = NULL;
	}
	if (rc)
		fail(e, rc);
	else
		keep(e, false);
}

/* --- the popup --- */

/* The name's end follows the format, where it was that of the one before. */
static void set_format(struct export *e, int step)
{
	const char *before = formats[e->format].suffix;
	size_t n = strlen(before);

	e->format = (enum export_format)(((int)e->format + step + EXPORT_FORMATS) % EXPORT_FORMATS);
	if ((size_t)e->name.len > n && strcmp(e->name.text + e->name.len - n, before) == 0)
		lineedit_replace(&e->name, e->name.len - (int)n, e->name.len,
				 formats[e->format].suffix);
}

static bool ask_key(struct export *e, int key)
{
	switch (key) {
	case '\r':
	case '\n':
	case KEY_ENTER:
		if (e->name.len)
			begin(e);
		return true;
	case KEY_UP:
	case KEY_BTAB:
		set_format(e, -1);
		return true;
	case KEY_DOWN:
	case '\t':
		set_format(e, 1);
		return true;
	case KEY_F(2):
	case KEY_CTRL('t'):
		e->all_columns = !e->all_columns;
		return true;
	default:
		lineedit_key(&e->name, key);
		return true;
	}
}

/* Another name, or another answer, may do. */
static void ask_again(struct export *e)
{
	newfile_abort(&e->file);
	e->state = EXPORT_ASKING;
	e->text[0] = '\0';
}

static bool export_key(void *popup, int key)
{
	struct export *e = popup;
	bool stays = key != KEY_ESCAPE;

	switch (e->state) {
	case EXPORT_ASKING:
		stays = stays && ask_key(e, key);
		break;
	case EXPORT_WRITING:
		break;
	case EXPORT_EXISTS:
		if (!stays)
			ask_again(e);
		else if (key_is_enter(key))
			keep(e, true);
		stays = true;
		break;
	case EXPORT_DONE:
		stays = stays && e->failed && !key_is_enter(key);
		if (stays) {
			ask_again(e);
			stays = ask_key(e, key);
		}
		break;
	}
	if (!stays)
		export_close(e);
	return stays;
}

static bool export_is_typing(const void *popup)
{
	(void)popup;
	return true;
}

static void export_wheel(void *popup, int lines)
{
	if (((struct export *)popup)->state == EXPORT_ASKING)
		set_format(popup, lines > 0 ? 1 : -1);
}

/* The format whose title is at a cell of its line; -1: none. */
static int format_at(int x)
{
	int from = 2 + LABEL_WIDTH;

	for (int i = 0; i < EXPORT_FORMATS; i++) {
		int w = text_cells(formats[i].title) + 2;

		if (x >= from && x < from + w)
			return i;
		from += w + 1;
	}
	return -1;
}

/* On what can be chosen; a click beside it closes it, unless it is at work. */
static bool export_click(void *popup, int y, int x)
{
	struct export *e = popup;
	int line = box_line_at(e->box, y, x);
	int format = format_at(x - e->box.x);

	if (!rect_has(e->box, y, x))
		return e->state == EXPORT_WRITING || export_key(popup, KEY_ESCAPE);
	if (e->state != EXPORT_ASKING)
		return true;
	if (line == 0 && format >= 0)
		set_format(e, format - (int)e->format);
	else if (line == 1 && e->format != EXPORT_PCAPNG)
		e->all_columns = !e->all_columns;
	return true;
}

static void draw_formats(const struct export *e, const struct frame *f, int y, int x, int w)
{
	for (int i = 0; i < EXPORT_FORMATS; i++) {
		bool on = i == (int)e->format;

		theme_use(f->theme, on ? ROLE_SELECTED : ROLE_TEXT);
		x += text_putf(y, x, w, on ? "[%s]" : " %s ", formats[i].title) + 1;
	}
}

static void draw_name(const struct export *e, const struct frame *f, int y, int x, int w)
{
	int from = e->name.pos >= w ? e->name.pos - w + 1 : 0;
	char at[2] = { e->name.text[e->name.pos] ? e->name.text[e->name.pos] : ' ', '\0' };

	theme_use(f->theme, ROLE_TEXT);
	text_put(y, x, w, e->name.text + from);
	if (e->state != EXPORT_ASKING)
		return;
	theme_use(f->theme, ROLE_SELECTED);
	text_put(y, x + e->name.pos - from, 1, at);
}

static void draw_message(const struct export *e, const struct frame *f, int y, struct rect box)
{
	char text[40];

	theme_use(f->theme, e->failed || e->state == EXPORT_EXISTS ? ROLE_ERROR : ROLE_STRONG);
	if (e->state == EXPORT_WRITING) {
		snprintf(text, sizeof(text), "writing ... %d%%",
			 (int)(e->n ? (uint64_t)e->at * 100 / e->n : 100));
		text_put(y, box.x + 2, box.w - 4, text);
		return;
	}
	/* Two lines, if it takes them. */
	int used = text_put(y, box.x + 2, box.w - 4, e->text);

	if (used < (int)strlen(e->text))
		text_put(y + 1, box.x + 2, box.w - 4, e->text + used);
}

static const char *foot(const struct export *e)
{
	switch (e->state) {
	case EXPORT_ASKING:
		return " Enter write  Tab format  F2 columns  Esc close ";
	case EXPORT_EXISTS:
		return " Enter replace  Esc another name ";
	case EXPORT_WRITING:
		return " Esc give up ";
	default:
		return e->failed ? " type another name  Esc close " : " Enter close ";
	}
}

static void export_draw(void *popup, const struct frame *f, struct rect at)
{
	struct export *e = popup;
	struct rect box = box_within(at, (at.h < HEIGHT ? at.h : HEIGHT) - 2, MAX_WIDTH);
	char title[64], n[TEXT_COUNT_MAX];
	int x, w;

	e->box = box;
	snprintf(title, sizeof(title), " Export %s rows ", text_count(e->n, COUNT_FULL, n));
	box_draw_top(f->theme, box, title);
	for (int i = 1; i < box.h - 1; i++)
		box_draw_line(f->theme, box, box.y + i);
	text_put(box.y + 1, box.x + 2, LABEL_WIDTH, "Format");
	text_put(box.y + 2, box.x + 2, LABEL_WIDTH, "Columns");
	text_put(box.y + 3, box.x + 2, LABEL_WIDTH, "File");
	x = box.x + 2 + LABEL_WIDTH;
	w = box.w - 4 - LABEL_WIDTH;
	text_put(box.y + 2, x, w,
		 e->format == EXPORT_PCAPNG ? "the messages, as packets"
		 : e->all_columns           ? "all"
					    : "as chosen for the flows");
	draw_formats(e, f, box.y + 1, x, w);
	draw_name(e, f, box.y + 3, x, w);
	if (box.h > 6)
		draw_message(e, f, box.y + 5, box);
	box_draw_bottom(f->theme, box, foot(e));
}

const struct popup_ops export_ops = {
	.key = export_key,
	.is_typing = export_is_typing,
	.wheel = export_wheel,
	.click = export_click,
	.draw = export_draw,
};
