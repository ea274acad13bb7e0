/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/view/waterfall.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/keys/keymap.h"
#include "tui/view/lookups.h"
#include "tui/widget/box.h"
#include "tui/widget/key.h"

/* Lines beside those of the questions: the frame, the scale, what is chosen. */
#define LINES_BESIDE 5
#define RCODE_W      9
#define LATENCY_W    8
#define WHO_MIN      15
/* In less room only the server is told. */
#define WHO_BOTH 20
#define BAR_MIN  8
/* Below this width the bars have the place of who was asked. */
#define WHO_COLS 76

void waterfall_open(struct waterfall *w, uint32_t seq,
		    void (*go)(void *owner, uint32_t seq, uint32_t lookup), void *owner)
{
	*w = (struct waterfall){ .seq = seq, .chosen_seq = seq, .go = go, .owner = owner };
}

/* The line of the row under the cursor. */
static int chosen_line(const struct waterfall *w)
{
	for (int i = 0; i < w->tree.n; i++) {
		if (w->tree.node[i].seq == w->chosen_seq)
			return i;
	}
	return 0;
}

static void choose(struct waterfall *w, int line)
{
	move_reveal(&line, &w->top, w->height, w->tree.n);
	if (w->tree.n)
		w->chosen_seq = w->tree.node[line].seq;
}

static bool waterfall_key(void *popup, int key)
{
	struct waterfall *w = popup;
	enum move how;

	switch (key) {
	case '\r':
	case '\n':
	case KEY_ENTER:
		w->go(w->owner, w->chosen_seq, w->tree.lookup);
		return false;
	case 'w':
		return false;
	default:
		if (keymap_move(key, &how))
			choose(w, move_choice(chosen_line(w), how, w->height, w->tree.n));
		return true;
	}
}

static void waterfall_wheel(void *popup, int lines)
{
	struct waterfall *w = popup;

	choose(w, chosen_line(w) + (lines > 0 ? 1 : -1));
}

/* A question is chosen; the one that is already, gone to. */
static bool waterfall_click(void *popup, int y, int x)
{
	struct waterfall *w = popup;
	int line = box_line_at(w->box, y, x) - 1; /* below the scale */

	if (line < 0 || line >= w->height || w->top + line >= w->tree.n)
		return rect_has(w->box, y, x);
	if (w->top + line == chosen_line(w))
		return waterfall_key(popup, '\r');
	choose(w, w->top + line);
	return true;
}

/* --- drawing --- */

/* Where things stand in a line, in cells. */
struct layout {
	struct rect box;
	int name_x, name_w;
	int who_x, who_w; /* who_w 0: not on show */
	int bar_x, bar_w;
	int rcode_x, latency_x;
};

static struct layout lay_out(struct rect at, int lines)
{
	struct layout l = { .box = at };
	int room;

	l.box.h = lines + LINES_BESIDE < at.h ? lines + LINES_BESIDE : at.h;
	l.box.y = at.y + (at.h - l.box.h) / 2;
	l.latency_x = at.x + at.w - 2 - LATENCY_W;
	l.rcode_x = l.latency_x - RCODE_W - 1;
	l.name_x = at.x + 2;
	room = l.rcode_x - 1 - l.name_x;
	l.who_w = at.w >= WHO_COLS ? room / 4 : 0;
	l.who_w = l.who_w && l.who_w < WHO_MIN ? WHO_MIN : l.who_w;
	l.bar_w = (room - l.who_w) * 2 / 5;
	l.bar_w = l.bar_w < BAR_MIN ? BAR_MIN : l.bar_w;
	l.bar_x = l.rcode_x - 1 - l.bar_w;
	l.who_x = l.bar_x - 1 - l.who_w;
	l.name_w = (l.who_w ? l.who_x : l.bar_x) - 1 - l.name_x;
	return l;
}

static void cell(const struct frame *f, const struct flow *row, const char *name, char *buf,
		 size_t size)
{
	field_cell(field_find(name, strlen(name), NULL), f->rows, row, buf, size);
}

static void put_duration(uint64_t ns, char *buf, size_t size)
{
	struct value v = { .type = VALUE_DURATION, .u = ns };

	value_format(&v, VALUE_SHORT, buf, size);
}

/* Begin, middle and end of the time that the bars are of. */
static void draw_scale(const struct waterfall *w, const struct frame *f, const struct layout *l,
		       int y)
{
	uint64_t span_ns = w->tree.end_ns - w->tree.begin_ns;
	char text[32];

	text_put(y, l->name_x, l->name_w, "QUESTION");
	if (l->who_w)
		text_put(y, l->who_x, l->who_w, l->who_w < WHO_BOTH ? "SERVER" : "WHO ASKS WHOM");
	text_put(y, l->bar_x, l->bar_w, "0");
	put_duration(span_ns / 2, text, sizeof(text));
	if (l->bar_w >= 24)
		text_put(y, l->bar_x + l->bar_w / 2 - text_cells(text) / 2, 8, text);
	put_duration(span_ns, text, sizeof(text));
	text_cell(y, l->bar_x + l->bar_w - 7, 7, text, TEXT_RIGHT, f->theme->glyph->ellipsis);
	text_put(y, l->rcode_x, RCODE_W, "RCODE");
	text_cell(y, l->latency_x, LATENCY_W, "LATENCY", TEXT_RIGHT, "");
}

/* The lines to those above: a blank or a line for each level, then its own. */
static void put_branch(const struct waterfall *w, const struct theme *theme, int i, char *buf,
		       size_t size)
{
	const char *const line = theme->ascii ? "| " : "│ ";
	const struct lookup_node *node = &w->tree.node[i];
	size_t len = 0;

	buf[0] = '\0';
	for (int depth = 1; depth < node->depth && len + 16 < size; depth++) {
		bool more = false;

		for (int j = i + 1; j < w->tree.n && w->tree.node[j].depth >= depth && !more; j++)
			more = w->tree.node[j].depth == depth;
		len += (size_t)snprintf(buf + len, size - len, "%s", more ? line : "  ");
	}
	if (node->depth)
		snprintf(buf + len, size - len, "%s",
			 theme->ascii ? (node->last ? "`-" : "|-") : (node->last ? "└╴" : "├╴"));
}

static void draw_bar(const struct waterfall *w, const struct frame *f, const struct layout *l,
		     int i, int y)
{
	const struct lookup_node *node = &w->tree.node[i];
	double span = (double)(w->tree.end_ns - w->tree.begin_ns);
	double from = span > 0 ? (double)(node->begin_ns - w->tree.begin_ns) / span : 0;
	double to = span > 0 ? (double)(node->end_ns - w->tree.begin_ns) / span : 0;
	int x = (int)(from * (l->bar_w - 1) + 0.5), end = (int)(to * (l->bar_w - 1) + 0.5);
	const char *glyph = f->theme->ascii ? "=" : "■";

	if (node->open)
		glyph = f->theme->ascii ? "." : "·";
	text_repeat(y, l->bar_x + x, end - x + 1, glyph);
}

static void draw_node(const struct waterfall *w, const struct frame *f, const struct layout *l,
		      int i, int y)
{
	const struct lookup_node *node = &w->tree.node[i];
	const struct flow *row = flow_table_row(f->rows->table, node->seq);
	bool chosen = node->seq == w->chosen_seq;
	const char *ellipsis = f->theme->glyph->ellipsis;
	char text[VALUE_BUF], branch[64], type[32];
	enum role answer = row->marks & FLOW_HAS_RESPONSE ? theme_rcode(row->rcode)
			   : row->state == FLOW_PENDING   ? ROLE_WAITING
							  : ROLE_NO_ANSWER;

	box_draw_line(f->theme, l->box, y);
	theme_use(f->theme, chosen ? ROLE_SELECTED : ROLE_TEXT);
	if (chosen)
		text_blank(y, l->box.x + 1, l->box.w - 2);
	put_branch(w, f->theme, i, branch, sizeof(branch));
	cell(f, row, "qtype", type, sizeof(type));
	cell(f, row, "qname", text, sizeof(text));
	text_put(y, l->name_x, l->name_w, branch);
	text_cell(y, l->name_x + text_cells(branch),
		  l->name_w - text_cells(branch) - text_cells(type) - 1, text, TEXT_TAIL, ellipsis);
	text_put(y, l->name_x + l->name_w - text_cells(type), text_cells(type), type);
	if (l->who_w) {
		if (l->who_w < WHO_BOTH)
			cell(f, row, "server", text, sizeof(text));
		else
			lookups_who(f->rows, row, text, sizeof(text));
		text_cell(y, l->who_x, l->who_w, text, TEXT_TAIL, ellipsis);
	}
	cell(f, row, "latency_us", text, sizeof(text));
	text_cell(y, l->latency_x, LATENCY_W, text, TEXT_RIGHT, ellipsis);
	cell(f, row, "rcode", text, sizeof(text));
	theme_use(f->theme, chosen ? ROLE_SELECTED : answer);
	text_cell(y, l->rcode_x, RCODE_W, text, 0, ellipsis);
	if (!chosen)
		theme_use(f->theme, node->open             ? ROLE_NO_ANSWER
				    : i == w->tree.slowest ? ROLE_STRONG
							   : ROLE_BAR);
	draw_bar(w, f, l, i, y);
}

/* What the cursor is on: where its time went. */
static void draw_chosen(const struct waterfall *w, const struct frame *f, const struct layout *l,
			int y)
{
	int i = chosen_line(w);
	const struct lookup_node *node = &w->tree.node[i];
	const struct flow *row = flow_table_row(f->rows->table, node->seq);
	char after[48] = "first", own[32], who[VALUE_BUF];

	box_draw_line(f->theme, l->box, y);
	if (node->begin_ns > w->tree.begin_ns) {
		put_duration(node->begin_ns - w->tree.begin_ns, own, sizeof(own));
		snprintf(after, sizeof(after), "after %s", own);
	}
	put_duration(node->own_ns, own, sizeof(own));
	lookups_who(f->rows, row, who, sizeof(who));
	text_putf(y, l->box.x + 2, l->box.w - 4, "%s, %s of its own%s: %s, row %" PRIu32, after,
		  own, i == w->tree.slowest ? ", the most of all" : "", who, node->seq);
}

static void draw_title(const struct waterfall *w, const struct frame *f, const struct layout *l)
{
	char title[VALUE_BUF + 128], server[VALUE_BUF], own[32], text[VALUE_BUF];
	const struct lookup_tree *tree = &w->tree;
	int len;

	lookups_whole(f->rows, flow_table_row(f->rows->table, tree->node[0].seq), text,
		      sizeof(text));
	len = snprintf(title, sizeof(title), " Lookup %" PRIu32 ": %s ", tree->lookup, text);
	if (tree->slowest >= 0 && tree->n > 1) {
		const struct lookup_node *node = &tree->node[tree->slowest];

		cell(f, flow_table_row(f->rows->table, node->seq), "server", server,
		     sizeof(server));
		put_duration(node->own_ns, own, sizeof(own));
		len += snprintf(title + len, sizeof(title) - (size_t)len, "- slowest %s, %s%s ",
				server, own, node->open ? " in vain" : "");
	}
	if (tree->cut)
		snprintf(title + len, sizeof(title) - (size_t)len, "- not all in memory ");
	box_draw_top(f->theme, l->box, title);
}

static void waterfall_draw(void *popup, const struct frame *f, struct rect at)
{
	struct waterfall *w = popup;
	const struct flow_table *t = f->rows->table;
	struct layout l;

	if (flow_table_has(t, w->seq))
		lookup_tree_make(&w->tree, t, w->seq, t->next_seq, f->now_ns);
	else
		w->tree.n = 0;
	l = lay_out(at, w->tree.n ? w->tree.n : 1);
	w->height = l.box.h - LINES_BESIDE;
	w->box = l.box;
	if (w->tree.n == 0) {
		box_draw_top(f->theme, l.box, " Lookup: no longer in memory ");
		for (int y = 1; y < l.box.h - 1; y++)
			box_draw_line(f->theme, l.box, l.box.y + y);
		box_draw_bottom(f->theme, l.box, " Esc close ");
		return;
	}
	choose(w, chosen_line(w));
	draw_title(w, f, &l);
	box_draw_line(f->theme, l.box, l.box.y + 1);
	draw_scale(w, f, &l, l.box.y + 1);
	for (int i = 0; i < w->height && w->top + i < w->tree.n; i++)
		draw_node(w, f, &l, w->top + i, l.box.y + 2 + i);
	box_draw_line(f->theme, l.box, l.box.y + l.box.h - 3);
	theme_use(f->theme, ROLE_RULE);
	text_repeat(l.box.y + l.box.h - 3, l.box.x + 1, l.box.w - 2, f->theme->glyph->rule);
	draw_chosen(w, f, &l, l.box.y + l.box.h - 2);
	box_draw_bottom(f->theme, l.box, " Enter go to the row  Esc close ");
}

const struct popup_ops waterfall_ops = {
	.key = waterfall_key,
	.wheel = waterfall_wheel,
	.click = waterfall_click,
	.draw = waterfall_draw,
};
