/* SPDX-License-Identifier: BSD-2-Clause */
/* What could stand at a place in a filter that may not be finished yet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/dns/names.h"
#include "core/query/filter_internal.h"

/* What comes next. */
enum expectation {
	EXPECT_TEST,
	EXPECT_OPERATOR,
	EXPECT_VALUE,
	EXPECT_SET,       /* "{" after in */
	EXPECT_SET_VALUE, /* until "}" */
	EXPECT_MORE,      /* a test is complete: and, or, another one */
};

struct completion {
	struct parser p; /* of the words before the place: text and at */
	enum expectation next;
	const struct field *field; /* that the operator or value is for */
	bool compared;             /* the complete test had an operator: a comma goes on */
	const char *prefix;        /* what is typed of the word so far */
	size_t prefix_len;
	int from, to;
	bool is_known; /* the place: all of the above says what it is */
	void (*fn)(void *ctx, const struct filter_completion *c); /* NULL: no offers */
	void *ctx;
};

static void offer(const struct completion *c, const char *text, const char *help)
{
	struct filter_completion candidate = {
		.text = text,
		.help = help,
		.from = c->from,
		.to = c->to,
	};

	if (strncasecmp(text, c->prefix, c->prefix_len) != 0)
		return;
	/* What stands there already is no news. */
	if (strlen(text) == c->prefix_len && c->to == c->from + (int)c->prefix_len)
		return;
	c->fn(c->ctx, &candidate);
}

static void offer_fields(const struct completion *c)
{
	size_t n;
	const struct field *fd = fields(&n);

	for (size_t i = 0; i < n; i++)
		offer(c, fd[i].name, fd[i].help);
	for (const struct predicate *is = filter_predicates; is->name; is++)
		if (!field_find(is->name, strlen(is->name), NULL) || c->prefix_len == 0)
			offer(c, is->name, is->help);
	for (const struct either_end *e = filter_either_ends; e->name; e++)
		offer(c, e->name, e->help);
	/* The other names are many: only when one is begun. */
	for (size_t i = 0; i < n && c->prefix_len; i++)
		for (const struct field_alias *a = fd[i].aliases; a && a->name; a++)
			offer(c, a->name, fd[i].help);
}

static void offer_operators(const struct completion *c)
{
	unsigned ops = filter_ops_of(c->field);

	for (int op = 0; op < OP_COUNT; op++) {
		if (!(ops & 1u << op))
			continue;
		offer(c, filter_ops[op].symbol ? filter_ops[op].symbol : filter_ops[op].word,
		      filter_ops[op].help);
	}
}

static void offer_durations(const struct completion *c)
{
	static const char *const units[][2] = {
		{ "us", "microseconds" },
		{ "ms", "milliseconds" },
		{ "s", "seconds" },
	};
	size_t digits = 0;
	char text[48];

	while (digits < c->prefix_len && strchr("0123456789.", c->prefix[digits]))
		digits++;
	if (c->prefix_len == 0) {
		offer(c, "10ms", "10 milliseconds");
		offer(c, "100ms", "100 milliseconds");
		offer(c, "1s", "one second");
	}
	if (digits == 0 || digits > 30)
		return;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		snprintf(text, sizeof(text), "%.*s%s", (int)digits, c->prefix, units[i][0]);
		offer(c, text, units[i][1]);
	}
}

static void offer_values(const struct completion *c)
{
	const struct dns_name_entry *entries;
	size_t n = 0;

	if (c->field->type == VALUE_DURATION)
		offer_durations(c);
	if (c->field->type == VALUE_TIME) {
		offer(c, "-1m", "one minute ago");
		offer(c, "-5m", "five minutes ago");
		offer(c, "-1h", "one hour ago");
	}
	for (const char *const *name = c->field->names; name && *name; name++)
		offer(c, *name, "");
	entries = c->field->registry >= 0 ? dns_entries((enum dns_registry)c->field->registry, &n)
					  : NULL;
	for (size_t i = 0; i < n; i++)
		offer(c, entries[i].mnemonic, entries[i].description ? entries[i].description : "");
}

static void offer_all(struct completion *c)
{
	switch (c->next) {
	case EXPECT_MORE:
		offer(c, "and", "both tests hold");
		offer(c, "or", "one of the tests holds");
		offer(c, "not", "the test does not hold");
		offer_fields(c);
		break;
	case EXPECT_TEST:
		offer_fields(c);
		offer(c, "not", "the test does not hold");
		break;
	case EXPECT_OPERATOR:
		offer_operators(c);
		break;
	case EXPECT_SET:
		offer(c, "{", "a set of values");
		break;
	case EXPECT_VALUE:
	case EXPECT_SET_VALUE:
		offer_values(c);
		break;
	}
}

static const struct field *field_of(const struct completion *c, const struct token *t)
{
	const char *name = c->p.text + t->pos;
	const struct either_end *e = filter_either_end_find(name, (size_t)t->len);

	if (e)
		return field_find(e->client, strlen(e->client), NULL);
	return t->kind == TOKEN_WORD ? field_find(name, (size_t)t->len, NULL) : NULL;
}

static bool begins_test(const struct completion *c, const struct token *t)
{
	return !(t->kind == TOKEN_OFF || t->kind == TOKEN_AND || t->kind == TOKEN_OR ||
		 t->kind == TOKEN_NOT || t->kind == TOKEN_OPEN || token_is_and(&c->p, t) ||
		 token_is_or(&c->p, t) || token_is_not(&c->p, t));
}

/* What is expected after a token where a test was. */
static void step_test(struct completion *c, const struct token *t)
{
	c->next = EXPECT_TEST;
	c->compared = false;
	if (!begins_test(c, t))
		return;
	c->field = field_of(c, t);
	c->next = c->field ? EXPECT_OPERATOR : EXPECT_MORE;
}

static void step_operator(struct completion *c, const struct token *t)
{
	enum filter_op op = t->kind == TOKEN_OP ? t->op : OP_UNKNOWN;

	if (t->kind == TOKEN_WORD)
		op = filter_op_find(c->p.text + t->pos, (size_t)t->len);
	if (op == OP_IN)
		c->next = EXPECT_SET;
	else if (op != OP_UNKNOWN || t->kind == TOKEN_OP)
		c->next = EXPECT_VALUE;
	else if (!token_is_not(&c->p, t))
		step_test(c, t);
}

static void step(struct completion *c, const struct token *t)
{
	switch (c->next) {
	case EXPECT_TEST:
		step_test(c, t);
		break;
	case EXPECT_OPERATOR:
		step_operator(c, t);
		break;
	case EXPECT_VALUE:
		c->next = EXPECT_MORE;
		c->compared = true;
		break;
	case EXPECT_SET:
		c->next = t->kind == TOKEN_SET_OPEN ? EXPECT_SET_VALUE : EXPECT_MORE;
		break;
	case EXPECT_SET_VALUE:
		if (t->kind == TOKEN_SET_CLOSE)
			c->next = EXPECT_MORE;
		break;
	case EXPECT_MORE:
		if (t->kind == TOKEN_COMMA && c->compared)
			c->next = EXPECT_VALUE;
		else if (t->kind != TOKEN_CLOSE)
			step_test(c, t);
		break;
	}
}

/* The cursor is at pos; t is the word it touches, or what comes behind. */
static void complete_at(struct completion *c, const struct token *t, int pos)
{
	bool in_word = t->kind == TOKEN_WORD && t->pos <= pos;

	c->is_known = true;
	c->from = in_word ? t->pos : pos;
	c->to = in_word ? t->pos + t->len : pos;
	c->prefix = c->p.text + c->from;
	c->prefix_len = (size_t)(pos - c->from);
	if (!c->fn)
		return;
	offer_all(c);
	if (!in_word || c->to != pos || (c->next != EXPECT_TEST && c->next != EXPECT_MORE))
		return;
	/* Behind a whole name, its operators too. */
	c->field = field_of(c, t);
	c->from = pos;
	c->prefix_len = 0;
	if (c->field)
		offer_operators(c);
}

static void find_place(struct completion *c, int pos)
{
	const char *text = c->p.text;
	int len = (int)strnlen(text, FILTER_TEXT_MAX);
	struct token *tokens;
	const struct token *t;

	if (pos < 0 || pos > len)
		pos = len;
	tokens = malloc(((size_t)len + 1) * sizeof(*tokens));
	if (!tokens)
		return;
	filter_lex(text, len, tokens);
	for (t = tokens; t->kind != TOKEN_END && t->pos + t->len < pos; t++)
		step(c, t);
	/* In the middle of a string nothing is known. */
	if (t->kind == TOKEN_UNCLOSED || ((t->kind == TOKEN_STRING || t->kind == TOKEN_REGEX) &&
					  t->pos < pos && pos < t->pos + t->len))
		goto out;
	/* A word that the cursor is in or just behind is the one to complete;
	 * of anything else just before the cursor, what follows. */
	if (t->kind != TOKEN_END && t->kind != TOKEN_WORD && t->pos < pos)
		step(c, t++);
	complete_at(c, t, pos);
out:
	free(tokens);
}

void filter_complete(const char *text, int pos,
		     void (*fn)(void *ctx, const struct filter_completion *c), void *ctx)
{
	struct completion c = { .p.text = text, .fn = fn, .ctx = ctx };

	find_place(&c, pos);
}

const struct field *filter_complete_value(const char *text, int pos, int *from, int *to)
{
	struct completion c = { .p.text = text };

	find_place(&c, pos);
	if (!c.is_known || (c.next != EXPECT_VALUE && c.next != EXPECT_SET_VALUE))
		return NULL;
	*from = c.from;
	*to = c.to;
	return c.field;
}
