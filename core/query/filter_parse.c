/* SPDX-License-Identifier: BSD-2-Clause */
/* The grammar of filter.h: tokens into a tree of tests. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/query/filter_internal.h"

static struct node *parse_or(struct parser *p);

bool token_is_word(const struct parser *p, const struct token *t, const char *word)
{
	return t->kind == TOKEN_WORD && (size_t)t->len == strlen(word) &&
	       strncasecmp(p->text + t->pos, word, (size_t)t->len) == 0;
}

bool token_is_and(const struct parser *p, const struct token *t)
{
	return t->kind == TOKEN_AND || token_is_word(p, t, "and");
}

bool token_is_or(const struct parser *p, const struct token *t)
{
	return t->kind == TOKEN_OR || token_is_word(p, t, "or");
}

bool token_is_not(const struct parser *p, const struct token *t)
{
	return t->kind == TOKEN_NOT || token_is_word(p, t, "not");
}

static int unclosed(struct parser *p, const struct token *t)
{
	char c = p->text[t->pos];

	if (c == '/')
		return err_set_at(p->err, -EINVAL, t->pos, t->len,
				  "this regular expression is never closed: expected a \"/\" at "
				  "its end");
	return err_set_at(p->err, -EINVAL, t->pos, t->len,
			  "this quote is never closed: expected "
			  "a %c at its end",
			  c);
}

int token_unexpected(struct parser *p, const struct token *t, const char *expected)
{
	char word[QUOTED_MAX];

	switch (t->kind) {
	case TOKEN_END:
		return err_set_at(p->err, -EINVAL, t->pos, 0, "expected %s", expected);
	case TOKEN_UNCLOSED:
		return unclosed(p, t);
	case TOKEN_BAD:
		return err_set_at(p->err, -EINVAL, t->pos, t->len,
				  "a control character has no place in a filter");
	default:
		return err_set_at(p->err, -EINVAL, t->pos, t->len, "expected %s, not \"%s\"",
				  expected, filter_quote(word, p->text + t->pos, (size_t)t->len));
	}
}

/* The only way in which a tree refuses: tests are too many. */
static struct node *check_room(struct parser *p, struct node *n)
{
	if (!n)
		err_set_at(p->err, -E2BIG, p->at->pos, p->at->len, "more than %d tests",
			   FILTER_MAX_TESTS);
	return n;
}

static struct node *add_test(struct parser *p, struct test t)
{
	return check_room(p, tree_test(&p->tree, t));
}

static struct node *negate(struct parser *p, struct node *child)
{
	if (!child || child == &p->off)
		return child;
	return check_room(p, tree_not(&p->tree, child));
}

static struct node *join(struct parser *p, enum node_kind kind, struct node *first,
			 struct node *second)
{
	if (!first || !second)
		return NULL;
	/* What is switched off is as if it was not there. */
	if (first == &p->off || second == &p->off)
		return first == &p->off ? second : first;
	return check_room(p, tree_join(&p->tree, kind, first, second));
}

static struct node *add_row_test(struct parser *p,
				 bool (*holds)(const struct row_source *src, const struct flow *f))
{
	return add_test(p, (struct test){ .kind = TEST_ROW, .holds.row = holds });
}

/* A test of a subject; of both ends: either passes, or neither may fail. */
static struct node *add_subject_test(struct parser *p, const struct subject *s, struct test t)
{
	struct node *n;

	t.field = s->field;
	n = add_test(p, t);
	if (s->other) {
		t.field = s->other;
		n = join(p, t.negated ? NODE_AND : NODE_OR, n, add_test(p, t));
	}
	if (s->guard)
		n = join(p, NODE_AND, add_row_test(p, s->guard), n);
	return n;
}

static bool find_subject(const struct parser *p, const struct token *t, struct subject *s)
{
	const char *name = p->text + t->pos;
	const struct either_end *e = filter_either_end_find(name, (size_t)t->len);

	*s = (struct subject){ .name = name, .name_len = (size_t)t->len };
	if (e) {
		s->field = field_find(e->client, strlen(e->client), NULL);
		s->other = field_find(e->server, strlen(e->server), NULL);
		s->guard = e->guard;
		return s->field && s->other;
	}
	s->field = field_find(name, (size_t)t->len, &s->bare_ns);
	return s->field != NULL;
}

/* The operator at p->at and how many tokens it is, 0 when there is none;
 * *denied: it was "not in" or the like. */
static int peek_op(const struct parser *p, enum filter_op *op, bool *denied)
{
	const struct token *t = p->at;

	*denied = token_is_word(p, t, "not") && t[1].kind == TOKEN_WORD;
	t += *denied;
	if (t->kind == TOKEN_OP) {
		*op = t->op;
		return 1;
	}
	*op = t->kind == TOKEN_WORD ? filter_op_find(p->text + t->pos, (size_t)t->len) : OP_UNKNOWN;
	if (*op == OP_UNKNOWN || (*denied && *op < OP_CONTAINS))
		return 0;
	return *denied ? 2 : 1;
}

static void list_ops(unsigned ops, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (int op = 0; op < OP_COUNT && n < size; op++)
		if (ops & 1u << op)
			n += (size_t)snprintf(buf + n, size - n, "%s%s", n ? " " : "",
					      filter_ops[op].symbol ? filter_ops[op].symbol
								    : filter_ops[op].word);
}

static int check_op(struct parser *p, const struct subject *s, enum filter_op op,
		    const struct token *t)
{
	unsigned ops = filter_ops_of(s->field);
	char sign[QUOTED_MAX], name[QUOTED_MAX], list[100];
	const char *meant;

	if (op != OP_UNKNOWN && (ops & 1u << op))
		return 0;
	filter_quote(sign, p->text + t->pos, (size_t)t->len);
	filter_quote(name, s->name, s->name_len);
	list_ops(ops, list, sizeof(list));
	meant = op == OP_UNKNOWN ? filter_op_suggest(p->text + t->pos, (size_t)t->len) : NULL;
	if (meant)
		return err_set_at(p->err, -EINVAL, t->pos, t->len,
				  "unknown operator \"%s\". Did you mean %s?", sign, meant);
	if (op == OP_UNKNOWN)
		return err_set_at(p->err, -EINVAL, t->pos, t->len,
				  "unknown operator \"%s\": expected one of %s", sign, list);
	return err_set_at(p->err, -EINVAL, t->pos, t->len,
			  "\"%s\" does not go with %s: expected one of %s", sign, name, list);
}

static struct node *parse_comparison(struct parser *p, const struct subject *s, enum filter_op op,
				     int op_tokens, bool denied)
{
	struct test t = { .field = s->field };
	struct node *n;

	if (check_op(p, s, op, p->at + op_tokens - 1))
		return NULL;
	p->at += op_tokens;
	if (filter_read_values(p, s, op, &t))
		return NULL;
	n = add_subject_test(p, s, t);
	return denied ? negate(p, n) : n;
}

/* "dns.retransmission == 1": Wireshark's way to say it of a predicate. */
static struct node *parse_predicate(struct parser *p, const struct predicate *is, enum filter_op op,
				    int op_tokens)
{
	struct test of_name = { .kind = TEST_NAME, .field = p->qname, .holds.qname = is->qname };
	struct node *n = is->row ? add_row_test(p, is->row) : add_test(p, of_name);
	const struct token *t;
	bool truth;

	if (is->row && is->qname)
		n = join(p, NODE_AND, n, add_test(p, of_name));

	if (!n || op_tokens == 0)
		return n;
	if (op != OP_EQ && op != OP_NE) {
		token_unexpected(p, p->at,
				 "\"and\" or \"or\" here, as the word before is a test "
				 "by itself");
		return NULL;
	}
	t = ++p->at;
	truth = token_is_word(p, t, "1") || token_is_word(p, t, "true");
	if (!truth && !token_is_word(p, t, "0") && !token_is_word(p, t, "false")) {
		token_unexpected(p, t, "0, 1, false or true");
		return NULL;
	}
	p->at++;
	return truth == (op == OP_EQ) ? n : negate(p, n);
}

static struct node *unknown_field(struct parser *p, const struct token *t)
{
	const char *name = p->text + t->pos;
	const char *meant = filter_name_suggest(name, (size_t)t->len);
	char word[QUOTED_MAX];

	filter_quote(word, name, (size_t)t->len);
	if (meant)
		err_set_at(p->err, -EINVAL, t->pos, t->len,
			   "unknown field \"%s\". Did you mean %s?", word, meant);
	else
		err_set_at(p->err, -EINVAL, t->pos, t->len, "unknown field \"%s\"", word);
	return NULL;
}

/* A field alone: the fact is there. But "rcode NXDOMAIN" forgot an operator. */
static struct node *parse_presence(struct parser *p, const struct token *t, const struct subject *s)
{
	char expected[QUOTED_MAX + 60], name[QUOTED_MAX];

	if (s->other || !(p->at->kind == TOKEN_END || p->at->kind == TOKEN_CLOSE ||
			  token_is_and(p, p->at) || token_is_or(p, p->at))) {
		snprintf(expected, sizeof(expected), "an operator such as = or != after \"%s\"",
			 filter_quote(name, p->text + t->pos, (size_t)t->len));
		token_unexpected(p, p->at, expected);
		return NULL;
	}
	return add_test(p, (struct test){ .kind = TEST_PRESENT, .field = s->field });
}

static struct node *parse_bare(struct parser *p)
{
	struct test t;

	return filter_read_bare(p, &t) ? NULL : add_test(p, t);
}

/* A word: a field, a predicate, or a part of a name. */
static struct node *parse_word(struct parser *p)
{
	const struct token *t = p->at;
	const struct predicate *is = filter_predicate_find(p->text + t->pos, (size_t)t->len);
	struct subject s;
	bool field = find_subject(p, t, &s), denied;
	enum filter_op op;
	int op_tokens;

	p->at++;
	op_tokens = peek_op(p, &op, &denied);
	if (field && op_tokens)
		return parse_comparison(p, &s, op, op_tokens, denied);
	if (is)
		return parse_predicate(p, is, op, denied ? 0 : op_tokens);
	if (field)
		return parse_presence(p, t, &s);
	if (op_tokens && !(op == OP_IN && p->at[op_tokens].kind != TOKEN_SET_OPEN))
		return unknown_field(p, t);
	p->at--;
	return parse_bare(p);
}

static const char *what_is_missing(const struct parser *p, char buf[QUOTED_MAX + 60])
{
	const struct token *t = p->at;
	char before[QUOTED_MAX];

	if (t->kind == TOKEN_CLOSE && p->depth == 0)
		return "a \"(\" before this";
	if (t->kind == TOKEN_OP ||
	    (t->kind == TOKEN_WORD && !token_is_and(p, t) && !token_is_or(p, t)))
		return "a field before this operator";
	if (t->kind == TOKEN_COMMA || t->kind == TOKEN_SET_OPEN || t->kind == TOKEN_SET_CLOSE)
		return "a test such as rcode=NXDOMAIN,SERVFAIL or rcode in {2, 3}";
	if (t == p->tokens)
		return "a test such as rcode=NXDOMAIN";
	snprintf(buf, QUOTED_MAX + 60, "a test such as rcode=NXDOMAIN after \"%s\"",
		 filter_quote(before, p->text + t[-1].pos, (size_t)t[-1].len));
	return buf;
}

static struct node *parse_test(struct parser *p)
{
	const struct token *t = p->at;
	char buf[QUOTED_MAX + 60];

	if (t->kind == TOKEN_STRING && t[1].kind == TOKEN_OP) {
		token_unexpected(p, t, "a field without quotes before the operator");
		return NULL;
	}
	if (t->kind == TOKEN_STRING || t->kind == TOKEN_REGEX)
		return parse_bare(p);
	if (t->kind == TOKEN_WORD && !token_is_and(p, t) && !token_is_or(p, t) &&
	    filter_op_find(p->text + t->pos, (size_t)t->len) == OP_UNKNOWN)
		return parse_word(p);
	token_unexpected(p, t, what_is_missing(p, buf));
	return NULL;
}

static struct node *parse_group(struct parser *p)
{
	const struct token *open = p->at++;
	struct node *n;

	if (++p->depth > FILTER_MAX_DEPTH) {
		err_set_at(p->err, -E2BIG, open->pos, 1, "more than %d parentheses in each other",
			   FILTER_MAX_DEPTH);
		return NULL;
	}
	n = parse_or(p);
	if (!n)
		return NULL;
	if (p->at->kind == TOKEN_END) {
		err_set_at(p->err, -EINVAL, open->pos, 1, "this \"(\" is never closed");
		return NULL;
	}
	p->depth--;
	p->at++;
	return n;
}

static struct node *parse_not(struct parser *p)
{
	bool denied = false;
	struct node *n;

	for (; token_is_not(p, p->at); p->at++)
		denied = !denied;
	n = p->at->kind == TOKEN_OPEN ? parse_group(p) : parse_test(p);
	return denied ? negate(p, n) : n;
}

/* "# test": read, and found right or wrong, but asked of no row. */
static struct node *parse_off(struct parser *p)
{
	struct filter *f = p->f;
	uint32_t n_tests = f->n_tests;
	int n_memos = f->n_memos;

	p->at++;
	if (!parse_not(p))
		return NULL;
	f->n_tests = n_tests;
	f->n_memos = n_memos;
	return &p->off;
}

static void note_operand(struct parser *p, const struct token *first, bool off)
{
	struct operands *o = p->operands;
	const struct token *from = first + off, *last = p->at - 1;

	/* Only what stands outside of all parentheses. */
	if (!o || p->depth)
		return;
	if (o->n == OPERANDS_MAX) {
		o->overflow = true;
		return;
	}
	o->at[o->n++] = (struct operand){
		.start = first->pos,
		.pos = from->pos,
		.len = last->pos + last->len - from->pos,
		.chain = o->chains,
		.off = off,
		.grouped = from->kind == TOKEN_OPEN,
	};
}

static struct node *parse_operand(struct parser *p)
{
	const struct token *first = p->at;
	bool off = first->kind == TOKEN_OFF;
	struct node *n = off ? parse_off(p) : parse_not(p);

	if (n)
		note_operand(p, first, off);
	return n;
}

static struct node *parse_and(struct parser *p)
{
	struct node *n = parse_operand(p);

	while (n && p->at->kind != TOKEN_END && p->at->kind != TOKEN_CLOSE &&
	       !token_is_or(p, p->at)) {
		p->at += token_is_and(p, p->at);
		n = join(p, NODE_AND, n, parse_operand(p));
	}
	return n;
}

static struct node *parse_or(struct parser *p)
{
	struct node *n = parse_and(p);

	while (n && token_is_or(p, p->at)) {
		p->at++;
		if (p->operands && p->depth == 0)
			p->operands->chains++;
		n = join(p, NODE_OR, n, parse_and(p));
	}
	return n;
}

static int parse_all(struct parser *p)
{
	struct node *root;
	char buf[QUOTED_MAX + 60];

	p->f->entry = FILTER_ACCEPT;
	if (p->at->kind == TOKEN_END)
		return 0;
	root = parse_or(p);
	if (root && p->at->kind != TOKEN_END) {
		token_unexpected(p, p->at, what_is_missing(p, buf));
		root = NULL;
	}
	if (!root)
		return p->err->code;
	if (root != &p->off)
		p->f->entry = tree_compile(p->f, root);
	return 0;
}

/* All that a text of so many tokens can need, so that parsing only fills. */
static int filter_new(struct parser *p, size_t len, size_t n_tokens)
{
	struct filter *f = calloc(1, sizeof(*f));

	p->f = f;
	p->scratch = malloc(len + 1);
	p->tree.f = f;
	p->tree.nodes = calloc(FILTER_MAX_NODES, sizeof(*p->tree.nodes));
	if (!f || !p->scratch || !p->tree.nodes)
		return -ENOMEM;
	f->tests = calloc(FILTER_MAX_TESTS, sizeof(*f->tests));
	f->ranges = calloc(2 * n_tokens, sizeof(*f->ranges));
	f->patterns = calloc(n_tokens, sizeof(*f->patterns));
	f->texts = malloc(PATTERN_ROOM(len) + n_tokens);
	return f->tests && f->ranges && f->patterns && f->texts ? 0 : -ENOMEM;
}

int filter_parse(const char *text, uint64_t now_ns, struct filter **out, struct err *err)
{
	return filter_parse_operands(text, now_ns, out, NULL, err);
}

int filter_parse_operands(const char *text, uint64_t now_ns, struct filter **out,
			  struct operands *operands, struct err *err)
{
	struct err unheard = { 0 };
	struct parser p = {
		.text = text,
		.now_ns = now_ns,
		.operands = operands,
		.err = err ? err : &unheard,
	};
	size_t len = strlen(text);
	struct token *tokens = NULL;
	int n, rc;

	*out = NULL;
	p.qname = field_find("qname", strlen("qname"), NULL);
	if (len > FILTER_TEXT_MAX)
		return err_set_at(err, -E2BIG, FILTER_TEXT_MAX, 0,
				  "a filter is at most %d bytes long", FILTER_TEXT_MAX);
	tokens = malloc((len + 1) * sizeof(*tokens));
	if (!tokens || !p.qname) {
		rc = err_set(err, -ENOMEM, "out of memory");
		goto out;
	}
	n = filter_lex(text, (int)len, tokens);
	p.tokens = p.at = tokens;
	rc = filter_new(&p, len, (size_t)n);
	if (rc)
		err_set(err, rc, "out of memory");
	else
		rc = parse_all(&p);
	if (rc == 0) {
		*out = p.f;
		p.f = NULL;
	}
out:
	filter_free(p.f);
	free(p.scratch);
	free(p.tree.nodes);
	free(tokens);
	return rc;
}
