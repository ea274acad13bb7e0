/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/lineedit.h"

#include <stdio.h>
#include <string.h>

#include "tui/widget/key.h"

void lineedit_set(struct lineedit *e, const char *text)
{
	snprintf(e->text, sizeof(e->text), "%s", text);
	e->len = (int)strlen(e->text);
	e->pos = e->len;
}

static void cut(struct lineedit *e, int from, int to)
{
	memmove(e->text + from, e->text + to, (size_t)(e->len - to) + 1);
	e->len -= to - from;
	e->pos = from;
}

void lineedit_replace(struct lineedit *e, int from, int to, const char *text)
{
	size_t n = strlen(text);

	if (from < 0 || to < from || to > e->len ||
	    (size_t)(e->len - (to - from)) + n >= sizeof(e->text))
		return;
	cut(e, from, to);
	memmove(e->text + from + n, e->text + from, (size_t)(e->len - from) + 1);
	memcpy(e->text + from, text, n);
	e->len += (int)n;
	e->pos = from + (int)n;
}

static int word_start(const struct lineedit *e)
{
	int at = e->pos;

	while (at > 0 && e->text[at - 1] == ' ')
		at--;
	while (at > 0 && e->text[at - 1] != ' ')
		at--;
	return at;
}

static enum lineedit_result cut_span(struct lineedit *e, int from, int to)
{
	if (from >= to)
		return LINEEDIT_MOVED;
	cut(e, from, to);
	return LINEEDIT_CHANGED;
}

static enum lineedit_result move_to(struct lineedit *e, int pos)
{
	if (pos >= 0 && pos <= e->len)
		e->pos = pos;
	return LINEEDIT_MOVED;
}

static enum lineedit_result insert(struct lineedit *e, int key)
{
	char text[2] = { (char)key, '\0' };

	if (e->len + 1 >= LINEEDIT_MAX)
		return LINEEDIT_FULL;
	lineedit_replace(e, e->pos, e->pos, text);
	return LINEEDIT_CHANGED;
}

enum lineedit_result lineedit_key(struct lineedit *e, int key)
{
	switch (key) {
	case KEY_LEFT:
	case KEY_CTRL('b'):
		return move_to(e, e->pos - 1);
	case KEY_RIGHT:
	case KEY_CTRL('f'):
		return move_to(e, e->pos + 1);
	case KEY_HOME:
	case KEY_CTRL('a'):
		return move_to(e, 0);
	case KEY_END:
	case KEY_CTRL('e'):
		return move_to(e, e->len);
	case KEY_BACKSPACE:
	case KEY_CTRL('h'):
	case 0x7f:
		return cut_span(e, e->pos - (e->pos > 0), e->pos);
	case KEY_DC:
	case KEY_CTRL('d'):
		return cut_span(e, e->pos, e->pos + (e->pos < e->len));
	case KEY_CTRL('u'):
		return cut_span(e, 0, e->pos);
	case KEY_CTRL('k'):
		return cut_span(e, e->pos, e->len);
	case KEY_CTRL('w'):
		return cut_span(e, word_start(e), e->pos);
	default:
		break;
	}
	if (key >= 0x20 && key < 0x7f)
		return insert(e, key);
	return key >= 0x80 && key <= 0xff ? LINEEDIT_NOT_ASCII : LINEEDIT_IGNORED;
}

int lineedit_draw(const struct lineedit *e, const struct theme *theme, struct rect at,
		  const char *title, const char *prompt, int *cursor_y, int *cursor_x)
{
	int room = at.w - 2; /* one for the prompt, one for a cursor at the end */
	int from = e->pos > room ? e->pos - room : 0;

	theme_use(theme, ROLE_RULE);
	text_repeat(at.y, at.x, at.w, theme->glyph->rule);
	theme_use(theme, ROLE_STRONG);
	text_put(at.y, at.x + 1, at.w - 1, title);
	theme_use(theme, ROLE_TEXT);
	for (int i = 1; i < at.h; i++)
		text_blank(at.y + i, at.x, at.w);
	text_put(at.y + 1, at.x, 1, prompt);
	text_put(at.y + 1, at.x + 1, at.w - 1, e->text + from);
	*cursor_y = at.y + 1;
	*cursor_x = at.x + 1 + e->pos - from;
	return from;
}
