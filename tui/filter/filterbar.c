/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/filter/filterbar.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/file/tldfile.h"
#include "tui/widget/key.h"

/* The rule, what is typed, the caret. */
#define BAR_LINES 3

#define NOTHING_TO_COMPLETE "nothing to complete here"

/* Applies text where it is valid; else says in err why not. */
static void apply(struct filterbar *b, const char *text, uint64_t now_ns)
{
	char remark[sizeof(b->notice)], trimmed[LINEEDIT_MAX];
	struct filter *f;
	int rc;

	b->err = (struct err){ .pos = -1 };
	/* A blank at the end says nothing. */
	snprintf(trimmed, sizeof(trimmed), "%s", text);
	for (size_t len = strlen(trimmed); len > 0 && trimmed[len - 1] == ' '; len--)
		trimmed[len - 1] = '\0';
	text = trimmed;
	if (strcmp(text, b->applied) == 0)
		return;
	if (filter_parse(text, now_ns, &f, &b->err) != 0)
		return;
	rc = tldfile_check(b->tlds, f, now_ns, remark, sizeof(remark));
	if (rc) {
		filter_free(f);
		err_set(&b->err, rc, "%s", remark);
		return;
	}
	if (remark[0] && !b->told) {
		b->told = true;
		snprintf(b->notice, sizeof(b->notice), "%s", remark);
	}
	filter_free(b->filter);
	b->filter = f;
	b->revision++;
	snprintf(b->applied, sizeof(b->applied), "%s", text);
	chips_read(&b->chips, text);
}

/* --- words that are begun --- */

struct begun {
	const char *text;
	int pos;
	bool yes;
};

/* Whether a word that begins at `from` stands where a test begins, and not
 * where a value does. */
static bool is_test_place(const char *text, int from)
{
	while (from > 0 && text[from - 1] == ' ')
		from--;
	return from == 0 || !strchr("=<>~,{", text[from - 1]);
}

static void see_candidate(void *ctx, const struct filter_completion *c)
{
	struct begun *b = ctx;

	if (c->from < c->to && c->to == b->pos && is_test_place(b->text, c->from))
		b->yes = true;
}

/* Where the word begins that ends at the cursor and stands where a test
 * begins; the cursor itself where there is none. */
static int bare_word_start(const struct lineedit *e)
{
	int from = e->pos;

	while (from > 0 && !strchr(" ()!=<>~,{}\"", e->text[from - 1]))
		from--;
	return is_test_place(e->text, from) ? from : e->pos;
}

/* Whether the word at the cursor is the name of a field or the beginning of
 * one. Each of them is a filter of its own ("name contains rco"), which would
 * empty the screen while `rcode=` is being typed. */
static bool is_begun_field(const struct lineedit *e)
{
	struct begun b = { .text = e->text, .pos = e->pos };
	int from = bare_word_start(e);

	if (from == e->pos)
		return false;
	if (field_find(e->text + from, (size_t)(e->pos - from), NULL))
		return true;
	filter_complete(e->text, e->pos, see_candidate, &b);
	return b.yes;
}

/* Applies what is typed. Where it is wrong the filter goes back to what it was
 * before the word that is wrong was begun. */
static void apply_typed(struct filterbar *b, uint64_t now_ns)
{
	struct err err = { .pos = -1 };

	b->held = is_begun_field(&b->edit);
	b->err = err;
	if (b->held)
		return;
	apply(b, b->edit.text, now_ns);
	if (b->err.code) {
		err = b->err;
		apply(b, b->settled, now_ns);
		b->err = err;
	} else if (bare_word_start(&b->edit) == b->edit.pos) {
		snprintf(b->settled, sizeof(b->settled), "%s", b->edit.text);
	}
}

int filterbar_init(struct filterbar *b, const char *text, const struct tlds *tlds, uint64_t now_ns,
		   struct err *err)
{
	*b = (struct filterbar){ .revision = 1, .tlds = tlds };
	if (!text)
		return 0;
	if (strlen(text) >= LINEEDIT_MAX)
		return err_set(err, -EINVAL, "the filter is longer than %d characters",
			       LINEEDIT_MAX - 1);
	apply(b, text, now_ns);
	if (b->err.code) {
		if (err)
			*err = b->err;
		return b->err.code;
	}
	history_add(&b->history, text);
	return 0;
}

void filterbar_fini(struct filterbar *b)
{
	filter_free(b->filter);
	history_free(&b->history);
	doc_free(&b->message);
	complete_free(&b->complete);
	*b = (struct filterbar){ 0 };
}

int filterbar_set(struct filterbar *b, const char *text, uint64_t now_ns)
{
	int rc;

	if (strlen(text) >= LINEEDIT_MAX)
		return -E2BIG;
	apply(b, text, now_ns);
	rc = b->err.code;
	if (rc)
		snprintf(b->notice, sizeof(b->notice), "%.*s", (int)sizeof(b->notice) - 1,
			 b->err.text);
	b->err = (struct err){ .pos = -1 };
	if (rc == 0 && *text)
		history_add(&b->history, text);
	return rc;
}

/* --- chips --- */

bool filterbar_has(const struct filterbar *b, const char *test)
{
	int i = filter_chip_find(b->applied, &b->chips.list, test);

	return i >= 0 && !b->chips.list.chip[i].off;
}

int filterbar_toggle(struct filterbar *b, const char *test, bool on, uint64_t now_ns)
{
	struct filter_chips list = b->chips.list;
	int i = filter_chip_find(b->applied, &list, test);
	char text[LINEEDIT_MAX];
	bool fits;

	if (!on && i < 0)
		return 0;
	if (i < 0) {
		fits = filter_chips_add(b->applied, &list, test, text, sizeof(text));
	} else {
		list.chip[i].off = false;
		if (!on)
			memmove(&list.chip[i], &list.chip[i + 1],
				sizeof(list.chip[0]) * (size_t)(--list.n - i));
		fits = filter_chips_write(b->applied, &list, text, sizeof(text));
	}
	if (fits)
		return filterbar_set(b, text, now_ns);
	snprintf(b->notice, sizeof(b->notice), "a filter can't be longer");
	return -E2BIG;
}

void filterbar_focus(struct filterbar *b, int chip)
{
	b->chips.focus = b->chips.list.n > 0;
	b->chips.at = chip < b->chips.list.n ? chip : 0;
}

static void write_chips(struct filterbar *b, uint64_t now_ns)
{
	char text[LINEEDIT_MAX];

	if (!filter_chips_write(b->applied, &b->chips.list, text, sizeof(text)))
		snprintf(b->notice, sizeof(b->notice), "a filter can't be longer");
	else
		filterbar_set(b, text, now_ns);
	/* Also where that changed nothing, or was not to be. */
	chips_read(&b->chips, b->applied);
}

void filterbar_chip_key(struct filterbar *b, int key, uint64_t now_ns)
{
	const struct filter_chip *chip = &b->chips.list.chip[b->chips.at];
	int end = chip->pos + chip->len;

	switch (chips_key(&b->chips, key)) {
	case CHIPS_NOTHING:
		break;
	case CHIPS_CHANGED:
		write_chips(b, now_ns);
		break;
	case CHIPS_EDIT:
		filterbar_open(b);
		b->edit.pos = end;
		break;
	case CHIPS_FILTER:
		filterbar_open(b);
		break;
	}
}

/* While it is open. */
static bool click_bar(struct filterbar *b, int y, int x, uint64_t now_ns)
{
	int pos = b->from + x - b->line.x;

	if (complete_click(&b->complete, &b->edit, y, x)) {
		apply_typed(b, now_ns);
		return true;
	}
	b->complete.open = false;
	if (!rect_has(b->line, y, x))
		return false;
	b->edit.pos = pos < b->edit.len ? pos : b->edit.len;
	return true;
}

bool filterbar_click(struct filterbar *b, int y, int x, uint64_t now_ns)
{
	int i = chips_at(&b->chips, y, x);

	if (b->open)
		return click_bar(b, y, x, now_ns);
	if (i < 0)
		return false;
	b->chips.list.chip[i].off = !b->chips.list.chip[i].off;
	write_chips(b, now_ns);
	return true;
}

void filterbar_open(struct filterbar *b)
{
	char text[LINEEDIT_MAX + 1];

	b->open = true;
	b->chips.focus = false;
	b->held = false;
	b->remark = NULL;
	b->err = (struct err){ .pos = -1 };
	b->complete.open = false;
	snprintf(b->before, sizeof(b->before), "%s", b->applied);
	snprintf(b->settled, sizeof(b->settled), "%s", b->applied);
	/* What is typed is one more test. */
	snprintf(text, sizeof(text), "%s%s", b->applied, b->applied[0] ? " " : "");
	lineedit_set(&b->edit, text);
	history_rewind(&b->history);
}

static void accept(struct filterbar *b, uint64_t now_ns)
{
	if (b->held)
		apply(b, b->edit.text, now_ns);
	b->held = false;
	if (b->err.code) {
		b->remark = "not applied yet; Esc goes back to the former filter";
		return;
	}
	history_add(&b->history, b->applied);
	b->open = false;
}

static void cancel(struct filterbar *b, uint64_t now_ns)
{
	apply(b, b->before, now_ns);
	b->err = (struct err){ .pos = -1 };
	b->open = false;
}

static void recall(struct filterbar *b, int step, uint64_t now_ns)
{
	const char *line = history_recall(&b->history, step);

	/* What is applied is what the bar opened with: not worth a key. */
	if (line && step < 0 && strcmp(line, b->applied) == 0) {
		const char *older = history_recall(&b->history, step);

		line = older ? older : line;
	}
	if (!line)
		return;
	lineedit_set(&b->edit, line);
	apply_typed(b, now_ns);
}

static void edit(struct filterbar *b, int key, uint64_t now_ns)
{
	switch (lineedit_key(&b->edit, key)) {
	case LINEEDIT_CHANGED:
		apply_typed(b, now_ns);
		break;
	case LINEEDIT_NOT_ASCII:
		b->remark = "names are compared as written here: type other bytes as \\DDD";
		break;
	case LINEEDIT_FULL:
		b->remark = "a filter can't be longer";
		break;
	case LINEEDIT_IGNORED:
	case LINEEDIT_MOVED:
		break;
	}
}

static void complete(struct filterbar *b, const struct frame *f)
{
	if (complete_start(&b->complete, &b->edit, f))
		apply_typed(b, f->m->now_ns);
	else if (!b->complete.open)
		b->remark = NOTHING_TO_COMPLETE;
}

void filterbar_work(struct filterbar *b, const struct frame *f)
{
	if (!b->open || !b->complete.open)
		return;
	complete_work(&b->complete, &b->edit, f);
	if (!b->complete.open)
		b->remark = NOTHING_TO_COMPLETE;
}

bool filterbar_is_busy(const struct filterbar *b)
{
	return b->open && b->complete.open && b->complete.counting;
}

void filterbar_key(struct filterbar *b, int key, const struct frame *f)
{
	uint64_t now_ns = f->m->now_ns;
	bool changed = false;

	b->remark = NULL;
	if (b->complete.open && complete_key(&b->complete, &b->edit, key, &changed)) {
		if (changed)
			apply_typed(b, now_ns);
		return;
	}
	switch (key) {
	case '\r':
	case '\n':
	case KEY_ENTER:
		accept(b, now_ns);
		break;
	case KEY_ESCAPE:
		cancel(b, now_ns);
		break;
	case '\t':
		complete(b, f);
		break;
	case KEY_F(4):
		accept(b, now_ns);
		if (!b->open)
			filterbar_focus(b, 0);
		break;
	case KEY_UP:
	case KEY_CTRL('p'):
		recall(b, -1, now_ns);
		break;
	case KEY_DOWN:
	case KEY_CTRL('n'):
		recall(b, 1, now_ns);
		break;
	default:
		edit(b, key, now_ns);
		break;
	}
}

/* The caret line under the place of the mistake, as in the shell's errors. */
static void draw_caret(const struct filterbar *b, const struct theme *theme, int y, int from,
		       struct rect at)
{
	int x = at.x + 1 + b->err.pos - from;
	int len = b->err.len > 1 ? b->err.len : 1;

	if (b->err.pos < 0)
		return;
	/* Of a mistake that begins off screen the part on screen is marked. */
	if (x < at.x + 1) {
		len -= at.x + 1 - x;
		x = at.x + 1;
	}
	if (len < 1 || x >= at.x + at.w)
		return;
	theme_use(theme, ROLE_ERROR);
	text_put(y, x, 1, "^");
	if (x + len > at.x + at.w)
		len = at.x + at.w - x;
	text_repeat(y, x + 1, len - 1, "~");
}

/* What is told below the line, and how. */
static void make_message(struct filterbar *b)
{
	char text[sizeof(b->err.text) + 40] = "";
	enum role role = ROLE_TEXT;

	if (b->remark) {
		role = ROLE_WARNING;
		snprintf(text, sizeof(text), "! %s", b->remark);
	} else if (b->err.code) {
		role = ROLE_ERROR;
		snprintf(text, sizeof(text), "! %s", b->err.text);
	} else if (b->held) {
		snprintf(text, sizeof(text), "Tab completes; Enter looks for it in names");
	} else if (b->edit.len == 0) {
		snprintf(text, sizeof(text),
			 "e.g. rcode=NXDOMAIN  id=0x1a2b  latency>=10ms  client=10.0.0.0/8");
	}
	doc_clear(&b->message);
	doc_add(&b->message, role, 2, text, strlen(text));
}

int filterbar_height(struct filterbar *b, int rows, int cols)
{
	int most = rows < 16 ? 2 : 4;
	int lines;

	make_message(b);
	lines = doc_height(&b->message, cols);
	return BAR_LINES + (lines < most ? lines : most);
}

void filterbar_draw(struct filterbar *b, const struct theme *theme, struct rect at, int *cursor_y,
		    int *cursor_x)
{
	int from = lineedit_draw(&b->edit, theme, at, " Filter ", "/", cursor_y, cursor_x);
	struct rect message = at;
	int complete_x;

	b->from = from;
	b->line = (struct rect){ at.y + 1, at.x + 1, 1, at.w - 1 };
	if (b->err.code)
		draw_caret(b, theme, at.y + 2, from, at);
	message.y += BAR_LINES;
	message.h -= BAR_LINES;
	doc_draw(&b->message, theme, message);
	if (b->complete.open) {
		complete_x = at.x + 1 + b->complete.candidate[0].from - from;
		complete_draw(&b->complete, theme, at.y, complete_x < 0 ? 0 : complete_x,
			      at.x + at.w);
	}
}
