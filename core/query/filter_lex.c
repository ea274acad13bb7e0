/* SPDX-License-Identifier: BSD-2-Clause */
/* The filter's text into tokens. */
#include <string.h>

#include "core/query/filter_internal.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool is_operator(char c)
{
	return c == '=' || c == '!' || c == '<' || c == '>' || c == '~';
}

static bool ends_word(char c)
{
	return is_space(c) || is_control(c) || is_operator(c) || strchr("(){},|&\"", c);
}

/* A backslash takes the next character into the word: a\,b */
static int word_len(const char *text, int len)
{
	int n = 0;

	while (n < len && !ends_word(text[n]))
		n += text[n] == '\\' && n + 1 < len && !is_space(text[n + 1]) &&
				     !is_control(text[n + 1])
			     ? 2
			     : 1;
	return n;
}

/* A string or regular expression with its ends, 0 when the second is missing. */
static int quoted_len(const char *text, int len)
{
	for (int n = 1; n < len; n++) {
		if (text[n] == text[0])
			return n + 1;
		if (text[n] == '\\')
			n++;
	}
	return 0;
}

static void lex_quoted(struct token *t, enum token_kind kind, const char *text, int len)
{
	t->len = quoted_len(text, len);
	t->kind = kind;
	if (t->len == 0) {
		t->kind = TOKEN_UNCLOSED;
		t->len = len;
	}
}

static void lex_operator(struct token *t, const char *text, int len)
{
	int n = 1;

	t->kind = TOKEN_OP;
	while (n < len && (is_operator(text[n]) && text[n] != '!'))
		n++;
	t->len = n;
	t->op = OP_UNKNOWN;
	for (int op = 0; op < OP_COUNT; op++)
		if (filter_ops[op].symbol && strlen(filter_ops[op].symbol) == (size_t)n &&
		    memcmp(filter_ops[op].symbol, text, (size_t)n) == 0)
			t->op = (enum filter_op)op;
	if (n == 2 && memcmp(text, "==", 2) == 0)
		t->op = OP_EQ;
	if (n == 1 && text[0] == '!')
		t->kind = TOKEN_NOT;
}

static void lex_sign(struct token *t, const char *text, int len)
{
	static const struct {
		char c;
		enum token_kind kind;
	} signs[] = {
		{ '(', TOKEN_OPEN },      { ')', TOKEN_CLOSE }, { '{', TOKEN_SET_OPEN },
		{ '}', TOKEN_SET_CLOSE }, { ',', TOKEN_COMMA }, { '&', TOKEN_AND },
		{ '|', TOKEN_OR },
	};

	t->kind = TOKEN_BAD;
	t->len = 1;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (signs[i].c == text[0])
			t->kind = signs[i].kind;
	if ((t->kind == TOKEN_AND || t->kind == TOKEN_OR) && len > 1 && text[1] == text[0])
		t->len = 2;
}

/* Where a value stands a "#" is part of it. */
static bool is_value_place(const struct token *before)
{
	return before->kind == TOKEN_OP || before->kind == TOKEN_COMMA ||
	       before->kind == TOKEN_SET_OPEN;
}

int filter_lex(const char *text, int len, struct token *out)
{
	int n = 0, pos = 0;

	for (;;) {
		struct token *t = &out[n++];

		while (pos < len && is_space(text[pos]))
			pos++;
		*t = (struct token){ .kind = TOKEN_END, .op = OP_UNKNOWN, .pos = pos };
		if (pos == len)
			return n;
		if (text[pos] == '"' || text[pos] == '\'')
			lex_quoted(t, TOKEN_STRING, text + pos, len - pos);
		else if (text[pos] == '/')
			lex_quoted(t, TOKEN_REGEX, text + pos, len - pos);
		else if (is_operator(text[pos]))
			lex_operator(t, text + pos, len - pos);
		else if (text[pos] == '#' && (n == 1 || !is_value_place(t - 1))) {
			t->kind = TOKEN_OFF;
			t->len = 1;
		} else if (ends_word(text[pos]))
			lex_sign(t, text + pos, len - pos);
		else {
			t->kind = TOKEN_WORD;
			t->len = word_len(text + pos, len - pos);
		}
		pos += t->len;
	}
}
