/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/freeze.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/theme.h"
#include "tui/window.h"

#define SECOND_NS 1000000000ull
/* A step of a window that holds all of memory is such a part of it. */
#define STEPS_OF_ALL 20
/* Less of a time line is none. */
#define LINE_MIN 12

static void copy_rows(struct freeze *z, const struct flow_table *t)
{
	uint32_t oldest = flow_table_oldest(t);
	uint32_t n = z->to_seq - oldest, from;

	if (n > FREEZE_COPY_MAX)
		oldest = z->to_seq - FREEZE_COPY_MAX;
	from = window_from(t, oldest, z->to_seq, FREEZE_COPY_NS, z->at_ns);
	n = z->to_seq - from;
	z->table.still = n ? malloc(n * sizeof(*z->table.still)) : NULL;
	/* Without memory for it the rows show what becomes of them. */
	if (!z->table.still)
		return;
	z->table.still_from = from;
	z->table.n_still = n;
	for (uint32_t i = 0; i < n; i++)
		z->table.still[i] = *flow_table_row(t, from + i);
}

void freeze_begin(struct freeze *z, const struct ui_model *m, uint32_t to_seq)
{
	freeze_end(z);
	z->on = true;
	z->to_seq = to_seq;
	z->at_ns = z->end_ns = m->now_ns;
	z->evicted = m->rows->table->evicted;
	copy_rows(z, m->rows->table);
}

void freeze_end(struct freeze *z)
{
	free(z->table.still);
	*z = (struct freeze){ 0 };
}

/* The table as it is but for what came later and for what is copied. */
static void follow_table(struct freeze *z, const struct ui_model *m)
{
	const struct flow_table *live = m->rows->table;
	uint32_t oldest = flow_table_oldest(live);
	struct flow *still = z->table.still;
	uint32_t from = z->table.still_from, n = z->table.n_still;

	z->table = *live;
	z->table.still = still;
	z->table.still_from = from;
	z->table.n_still = n;
	z->table.next_seq = z->to_seq;
	/* Everything may have been evicted by now. */
	z->table.count = (int32_t)(z->to_seq - oldest) > 0 ? z->to_seq - oldest : 0;
	z->rows = *m->rows;
	z->rows.table = &z->table;
}

/* The first row of the table that is later than t_ns. */
static uint32_t rows_until(const struct flow_table *t, uint64_t t_ns)
{
	uint32_t low = 0, high = t->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (flow_table_row(t, flow_table_oldest(t) + middle)->ts_ns <= t_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return flow_table_oldest(t) + low;
}

void freeze_frame(struct freeze *z, struct frame *f)
{
	follow_table(z, f->m);
	f->rows = &z->rows;
	f->paused = true;
	f->known_ns = z->at_ns;
	f->now_ns = z->end_ns;
	f->from_seq = flow_table_oldest(&z->table);
	f->to_seq = z->end_ns == z->at_ns ? z->to_seq : rows_until(&z->table, z->end_ns);
}

/* --- the way back --- */

static uint64_t oldest_ns(const struct flow_table *t)
{
	return t->count ? flow_table_row(t, flow_table_oldest(t))->ts_ns : 0;
}

static uint64_t step_ns(const struct freeze *z, uint64_t window_ns)
{
	uint64_t span = z->at_ns - oldest_ns(&z->table), step = window_step_ns(window_ns);

	if (window_ns == WINDOW_ALL || window_ns > span)
		step = (span / STEPS_OF_ALL + SECOND_NS - 1) / SECOND_NS * SECOND_NS;
	return step ? step : SECOND_NS;
}

bool freeze_move(struct freeze *z, uint64_t window_ns, int step)
{
	uint64_t by = step_ns(z, window_ns), before = z->end_ns, first = oldest_ns(&z->table);

	if (z->table.count == 0)
		return false;
	if (step < 0)
		z->end_ns = z->end_ns - first > by ? z->end_ns - by : first;
	else
		z->end_ns = z->at_ns - z->end_ns > by ? z->end_ns + by : z->at_ns;
	return z->end_ns != before;
}

/* --- the time line --- */

struct line_text {
	char span[72];
	char behind[40];
	char memory[96];
	char evicted[TEXT_COUNT_MAX + 24];
};

static void clock_text(uint64_t t_ns, char *buf, size_t size)
{
	struct value v = { .type = VALUE_TIME, .u = t_ns };

	value_format(&v, VALUE_SHORT, buf, size);
	/* Milliseconds are the rows' business. */
	buf[strcspn(buf, ".")] = '\0';
}

static void length_text(uint64_t ns, char *buf, size_t size)
{
	unsigned long long s = (ns + SECOND_NS / 2) / SECOND_NS;

	if (s < 60)
		snprintf(buf, size, "%llus", s);
	else if (s < 3600)
		snprintf(buf, size, s % 60 ? "%llum %llus" : "%llum", s / 60, s % 60);
	else
		snprintf(buf, size, s / 60 % 60 ? "%lluh %llum" : "%lluh", s / 3600, s / 60 % 60);
}

/* Where the window begins: with memory, where it would begin before. */
static uint64_t start_ns(const struct freeze *z, const struct frame *f)
{
	uint64_t oldest = oldest_ns(&z->table);

	if (f->window_ns == WINDOW_ALL || f->now_ns < f->window_ns ||
	    f->now_ns - f->window_ns < oldest)
		return oldest < f->now_ns ? oldest : f->now_ns;
	return f->now_ns - f->window_ns;
}

static void write_texts(const struct freeze *z, const struct frame *f, struct line_text *l)
{
	uint64_t evicted = f->m->rows->table->evicted - z->evicted;
	char from[32], to[32], n[TEXT_COUNT_MAX];

	*l = (struct line_text){ .behind = "" };
	clock_text(start_ns(z, f), from, sizeof(from));
	clock_text(z->end_ns, to, sizeof(to));
	snprintf(l->span, sizeof(l->span), "%s-%s", from, to);
	if (z->end_ns != z->at_ns) {
		length_text(z->at_ns - z->end_ns, from, sizeof(from));
		snprintf(l->behind, sizeof(l->behind), "%s back", from);
	}
	if (z->table.count) {
		clock_text(oldest_ns(&z->table), from, sizeof(from));
		length_text(z->at_ns - oldest_ns(&z->table), to, sizeof(to));
		snprintf(l->memory, sizeof(l->memory), "memory from %s, %s", from, to);
	} else {
		snprintf(l->memory, sizeof(l->memory), "nothing of it is in memory");
	}
	if (evicted)
		snprintf(l->evicted, sizeof(l->evicted), "%s evicted since",
			 text_count(evicted, COUNT_FULL, n));
}

/* The window within what memory holds. */
static void draw_line(const struct freeze *z, const struct frame *f, int y, int x, int w)
{
	const struct glyphs *g = f->theme->glyph;
	uint64_t first = oldest_ns(&z->table);
	double span = (double)(z->at_ns - first);
	double from = (double)(start_ns(z, f) - first) / span,
	       to = (double)(z->end_ns - first) / span;
	int left = (int)(from * w), right = (int)(to * w + 0.5);

	if (left > w - 1)
		left = w - 1;
	if (right <= left)
		right = left + 1;
	theme_use(f->theme, ROLE_RULE);
	text_repeat(y, x, w, g->rule);
	theme_use(f->theme, ROLE_KEY);
	text_repeat(y, x + left, right - left, g->heavy);
}

void freeze_draw(const struct freeze *z, const struct frame *f, struct rect at)
{
	struct line_text l;
	const struct {
		const char *text;
		enum role role;
	} parts[] = {
		{ l.span, ROLE_STRONG },
		{ l.behind, ROLE_PAUSED },
		{ l.evicted, ROLE_WARNING },
		{ l.memory, ROLE_TEXT },
	};
	int x = at.x + 1, room = at.w - 1;

	write_texts(z, f, &l);
	theme_use(f->theme, ROLE_TEXT);
	text_blank(at.y, at.x, at.w);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int cells = text_cells(parts[i].text);

		if (!cells || cells > room)
			continue;
		theme_use(f->theme, parts[i].role);
		text_put(at.y, x, room, parts[i].text);
		x += cells + 2;
		room -= cells + 2;
	}
	if (room > LINE_MIN && z->table.count && z->at_ns > oldest_ns(&z->table))
		draw_line(z, f, at.y, x, room - 1);
}
