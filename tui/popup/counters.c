/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/popup/counters.h"

#include <stdio.h>
#include <string.h>

#include "core/sink/truth.h"
#include "tui/keys/keymap.h"
#include "tui/widget/box.h"

/* Cells before what a counter means. */
#define HELP_AT 30

static void add_line(struct doc *d, enum role role, const char *text)
{
	doc_add(d, role, HELP_AT, text, strlen(text));
}

/* Those that tell of a loss, or the others. */
static void add_counters(struct doc *d, const struct truth *t, bool loss)
{
	size_t n;
	const struct truth_counter *c = truth_counters(&n);
	char count[TEXT_COUNT_MAX], line[200];

	for (size_t i = 0; i < n; i++) {
		uint64_t value = truth_value(t, &c[i]);

		if (c[i].loss != loss)
			continue;
		snprintf(line, sizeof(line), "%14s  %-13s %s", text_count(value, COUNT_FULL, count),
			 c[i].title, c[i].help);
		add_line(d, loss && value ? ROLE_WARNING : ROLE_TEXT, line);
	}
}

static bool counters_key(void *popup, int key)
{
	const struct action *a = keymap_find(key);
	struct counters *c = popup;
	enum move how;

	if (keymap_move(key, &how))
		doc_move(&c->doc, how);
	return !a || a->act != ACT_COUNTERS;
}

static void counters_wheel(void *popup, int lines)
{
	doc_scroll(&((struct counters *)popup)->doc, lines);
}

static void counters_draw(void *popup, const struct frame *f, struct rect at)
{
	struct doc *d = &((struct counters *)popup)->doc;
	struct rect body = box_page(at);
	struct truth t = truth_of(&f->m->source, f->m->tracker, f->m->rows->table);

	doc_clear(d);
	add_line(d, ROLE_STRONG, "LOST OR LEFT OUT: rows lack what is counted here");
	add_counters(d, &t, true);
	add_line(d, ROLE_TEXT, "");
	add_line(d, ROLE_STRONG, "SEEN");
	add_counters(d, &t, false);
	box_draw_page(f->theme, at, " Counters since the start ", doc_height(d, body.w) > body.h);
	doc_draw(d, f->theme, body);
}

const struct popup_ops counters_ops = {
	.key = counters_key,
	.wheel = counters_wheel,
	.draw = counters_draw,
};
