/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/timebar.h"

#include <stdio.h>
#include <string.h>

#include "tui/model/window.h"
#include "tui/widget/theme.h"

#define SECOND_NS 1000000000ull
/* Less of a time line is none. */
#define LINE_MIN 12

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
	uint64_t oldest = freeze_oldest_ns(z);

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
		clock_text(freeze_oldest_ns(z), from, sizeof(from));
		length_text(z->at_ns - freeze_oldest_ns(z), to, sizeof(to));
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
	uint64_t first = freeze_oldest_ns(z);
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

void timebar_draw(const struct freeze *z, const struct frame *f, struct rect at)
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
	if (room > LINE_MIN && z->table.count && z->at_ns > freeze_oldest_ns(z))
		draw_line(z, f, at.y, x, room - 1);
}
