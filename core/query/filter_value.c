/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands on the right of an operator. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/dns/names.h"
#include "core/query/filter_internal.h"
#include "core/query/nearest.h"

/* One value as written: its text without quotes, and its place. */
struct piece {
	const char *text;
	size_t len;
	int pos;
	int width;
};

static int piece_error(struct parser *p, const struct piece *v, const char *what)
{
	char word[QUOTED_MAX];

	return err_set_at(p->err, -EINVAL, v->pos, v->width, "\"%s\" %s",
			  filter_quote(word, v->text, v->len), what);
}

static const char *value_noun(const struct field *fd)
{
	switch (fd->type) {
	case VALUE_ADDR:
		return "an address such as 10.0.0.1 or fd00::/8";
	case VALUE_TIME:
		return "a time such as 12:04:31, 2026-11-23T12:04 or -5m";
	case VALUE_DURATION:
		return "a duration such as 20ms";
	case VALUE_NAMED:
		return "a name or number";
	case VALUE_TEXT:
	case VALUE_LIST:
		return "a text";
	default:
		return "a number, decimal or 0x hex";
	}
}

static int unknown_name(struct parser *p, const struct field *fd, const struct piece *v)
{
	struct nearest n = nearest_to(v->text, v->len);
	const struct dns_name_entry *entries;
	char word[QUOTED_MAX];
	size_t count = 0;

	filter_quote(word, v->text, v->len);
	if (memchr(v->text, '*', v->len) || memchr(v->text, '?', v->len))
		return err_set_at(p->err, -EINVAL, v->pos, v->width,
				  "unknown %s \"%s\": a pattern goes with ~", fd->name, word);
	for (size_t i = 0; fd->names && fd->names[i]; i++)
		nearest_consider(&n, fd->names[i]);
	entries = fd->registry >= 0 ? dns_entries((enum dns_registry)fd->registry, &count) : NULL;
	for (size_t i = 0; i < count; i++)
		nearest_consider(&n, entries[i].mnemonic);
	if (n.best)
		return err_set_at(p->err, -EINVAL, v->pos, v->width,
				  "unknown %s \"%s\". Did you mean %s?", fd->name, word, n.best);
	return err_set_at(p->err, -EINVAL, v->pos, v->width, "unknown %s \"%s\"", fd->name, word);
}

static int scan_named(struct parser *p, const struct field *fd, const struct piece *v,
		      uint64_t *out)
{
	int number;

	if (value_parse_uint(v->text, v->len, out) == 0)
		return 0;
	for (size_t i = 0; fd->names && fd->names[i]; i++)
		if (strlen(fd->names[i]) == v->len &&
		    strncasecmp(fd->names[i], v->text, v->len) == 0) {
			*out = i;
			return 0;
		}
	number = fd->registry < 0 ? -ENOENT
				  : dns_number((enum dns_registry)fd->registry, v->text, v->len);
	if (number < 0)
		return unknown_name(p, fd, v);
	*out = (uint64_t)number;
	return 0;
}

static int scan_duration(struct parser *p, const struct subject *s, const struct piece *v,
			 uint64_t *out)
{
	size_t digits = 0;
	char word[QUOTED_MAX], unit[QUOTED_MAX];

	if (value_parse_duration(v->text, v->len, s->bare_ns, out) == 0) {
		if (p->operands && strspn(v->text, "0123456789.") >= v->len)
			operands_note_bare(p->operands, v->pos + v->width, s->bare_ns);
		return 0;
	}
	while (digits < v->len && strchr("0123456789.", v->text[digits]))
		digits++;
	if (digits == 0 || digits == v->len)
		return piece_error(p, v, "is not a duration: expected one such as 20ms");
	filter_quote(word, v->text, v->len);
	filter_quote(unit, v->text + digits, v->len - digits);
	return err_set_at(p->err, -EINVAL, v->pos, v->width,
			  "unknown unit \"%s\" in \"%s\": expected ns, us, ms, s, m, h or d", unit,
			  word);
}

static int scan_addr(struct parser *p, const struct piece *v, struct range *out)
{
	const char *slash = memchr(v->text, '/', v->len);
	struct ip_addr low, high;
	unsigned prefix;

	if (value_parse_prefix(v->text, v->len, &low, &prefix)) {
		if (slash && !value_parse_prefix(v->text, (size_t)(slash - v->text), &low, &prefix))
			return piece_error(p, v,
					   ip_addr_is_v4(&low)
						   ? "has a bad prefix length: expected 0 to 32"
						   : "has a bad prefix length: expected 0 to 128");
		if (memchr(v->text, '*', v->len))
			return piece_error(p, v, "is not an address: a pattern goes with ~");
		return piece_error(p, v,
				   "is not an address: expected one such as 10.0.0.1 or fd00::/8");
	}
	high = low;
	for (unsigned bit = prefix; bit < 128; bit++) {
		low.b[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
		high.b[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	}
	*out = (struct range){ key128_of_addr(&low), key128_of_addr(&high) };
	return 0;
}

/* "tc == true": of a field that is a predicate as well. */
static bool is_truth(const struct subject *s, const struct piece *v, uint64_t *out)
{
	*out = v->len == 4;
	return filter_predicate_find(s->name, s->name_len) &&
	       ((v->len == 4 && strncasecmp(v->text, "true", 4) == 0) ||
		(v->len == 5 && strncasecmp(v->text, "false", 5) == 0));
}

/* One number, name, time, duration, address or prefix. */
static int scan_one(struct parser *p, const struct subject *s, const struct piece *v,
		    struct range *out)
{
	uint64_t n = 0;
	int rc = 0;

	switch (s->field->type) {
	case VALUE_ADDR:
		return scan_addr(p, v, out);
	case VALUE_NAMED:
		rc = scan_named(p, s->field, v, &n);
		break;
	case VALUE_DURATION:
		rc = scan_duration(p, s, v, &n);
		break;
	case VALUE_TIME:
		/* Milliseconds since the epoch, as NetObserv has them. */
		if (s->bare_ns && strspn(v->text, "0123456789.") >= v->len &&
		    value_parse_duration(v->text, v->len, s->bare_ns, &n) == 0)
			break;
		if (value_parse_time(v->text, v->len, p->now_ns, &n))
			rc = piece_error(p, v,
					 "is not a time: expected one such as 12:04:31, "
					 "2026-11-23T12:04 or -5m");
		break;
	default:
		if (is_truth(s, v, &n))
			break;
		if (value_parse_uint(v->text, v->len, &n))
			rc = piece_error(p, v, "is not a number: expected decimal or 0x hex");
		break;
	}
	out->low = out->high = (struct key128){ .low = n };
	return rc;
}

static void add_range(struct filter *f, struct test *test, struct key128 low, struct key128 high)
{
	f->ranges[f->n_ranges++] = (struct range){ low, high };
	test->count++;
}

/* IPv6 prefixes hold no IPv4 address, though ::ffff:0:0/96 lies inside them:
 * what is on each side of that block is. */
static void add_addr_range(struct filter *f, struct test *test, const struct range *r)
{
	const struct key128 before = { 0, 0xfffeffffffffull }, first = { 0, 0xffff00000000ull };
	const struct key128 last = { 0, 0xffffffffffffull }, after = { 0, 0x1000000000000ull };

	if (!key128_less(r->low, first) || !key128_less(last, r->high)) {
		add_range(f, test, r->low, r->high);
		return;
	}
	add_range(f, test, r->low, before);
	add_range(f, test, after, r->high);
}

static void add_ordered(struct filter *f, struct test *test, enum filter_op op, uint64_t n)
{
	const struct key128 zero = { 0, 0 }, most = { UINT64_MAX, UINT64_MAX };

	if (op == OP_LT && n > 0)
		add_range(f, test, zero, (struct key128){ 0, n - 1 });
	else if (op == OP_LE)
		add_range(f, test, zero, (struct key128){ 0, n });
	else if (op == OP_GT && n < UINT64_MAX)
		add_range(f, test, (struct key128){ 0, n + 1 }, most);
	else if (op == OP_GE)
		add_range(f, test, (struct key128){ 0, n }, most);
}

static const char *find_dots(const struct piece *v)
{
	return memmem(v->text, v->len, "..", 2);
}

/* The high end of "1..5", "1.. 5" and "1 .. 5": in this word or the next. */
static int split_range(struct parser *p, struct piece *low, struct piece *high, bool *is_range)
{
	const char *dots = find_dots(low);
	const struct token *t = p->at;

	*is_range = true;
	if (!dots && t->kind == TOKEN_WORD && t->len >= 2 && !memcmp(p->text + t->pos, "..", 2)) {
		*high = (struct piece){ p->text + t->pos + 2, (size_t)t->len - 2, t->pos + 2,
					t->len - 2 };
		t = ++p->at;
	} else if (dots) {
		*high = *low;
		high->len -= (size_t)(dots + 2 - low->text);
		high->pos += (int)(dots + 2 - low->text);
		high->width = (int)high->len;
		high->text = dots + 2;
		low->len = (size_t)(dots - low->text);
		low->width = (int)low->len;
	} else {
		*is_range = false;
		return 0;
	}
	if (high->len == 0 && t->kind == TOKEN_WORD) {
		*high = (struct piece){ p->text + t->pos, (size_t)t->len, t->pos, t->len };
		p->at++;
	}
	if (low->len == 0 || high->len == 0)
		return err_set_at(p->err, -EINVAL, low->pos, high->pos + high->width - low->pos,
				  "a range needs both ends, as in 1..5");
	return 0;
}

/* Whether a word behind a bare number is a misspelt unit rather than a part of a
 * name to look for: "mss", "msec", "seconds". */
static bool is_like_unit(const char *word, size_t len)
{
	static const char *const units[] = {
		"milliseconds", "microseconds", "nanoseconds", "seconds", "minutes", "mins",
		"hours",        "hrs",          "days",        "msecs",   "usecs",   "nsecs",
		"secs",         "mss",          "uss",         "nss",     "sss",
	};

	for (size_t i = 0; len >= 3 && i < sizeof(units) / sizeof(units[0]); i++)
		if (len <= strlen(units[i]) && strncasecmp(word, units[i], len) == 0)
			return true;
	return false;
}

/* "10 ms" is one value: the bare number would count in another unit. Written to
 * scratch. */
static void join_unit(struct parser *p, struct piece *v, char *scratch)
{
	const struct token *t = p->at;
	const char *word = p->text + t->pos, *dots;
	size_t unit = (size_t)t->len;
	uint64_t ns;

	if (t->kind != TOKEN_WORD || strspn(v->text, "0123456789.") < v->len)
		return;
	memmove(scratch, v->text, v->len);
	memcpy(scratch + v->len, word, (size_t)t->len);
	/* "10 ms..20 ms": the range is still to be parted. */
	dots = memmem(word, unit, "..", 2);
	if (dots)
		unit = (size_t)(dots - word);
	if (value_parse_duration(scratch, v->len + unit, 0, &ns) && !is_like_unit(word, unit))
		return;
	v->text = scratch;
	v->len += (size_t)t->len;
	v->width = t->pos + t->len - v->pos;
	p->at++;
}

/* "low..high", of which the high end is in `to`. */
static int scan_span(struct parser *p, const struct subject *s, const struct piece *from,
		     const struct piece *to, struct range *out)
{
	int width = to->pos + to->width - from->pos;
	struct range low, high;
	int rc = scan_one(p, s, from, &low);

	if (rc == 0)
		rc = scan_one(p, s, to, &high);
	if (rc)
		return rc;
	if (key128_less(high.high, low.low))
		return err_set_at(p->err, -EINVAL, from->pos, width,
				  "this range is empty: its first end is the larger one");
	*out = (struct range){ low.low, high.high };
	return 0;
}

static int read_range(struct parser *p, const struct subject *s, enum filter_op op,
		      const struct token *t, struct piece *v, struct test *test)
{
	bool ordered = op >= OP_LT && op <= OP_GE, is_range = false;
	struct range r = { 0 };
	struct piece to = { 0 };
	int rc = 0;

	if (t->kind == TOKEN_WORD) {
		if (s->field->type == VALUE_DURATION)
			join_unit(p, v, p->scratch);
		rc = split_range(p, v, &to, &is_range);
		/* The low end may be in scratch. */
		if (rc == 0 && is_range && s->field->type == VALUE_DURATION)
			join_unit(p, &to, p->scratch + v->len);
	}
	if (rc == 0 && is_range && ordered)
		rc = err_set_at(p->err, -EINVAL, v->pos, to.pos + to.width - v->pos,
				"a range goes with =, != and in, not with %s",
				filter_ops[op].symbol);
	if (rc == 0)
		rc = is_range ? scan_span(p, s, v, &to, &r) : scan_one(p, s, v, &r);
	if (rc)
		return rc;
	if (ordered)
		add_ordered(p->f, test, op, r.low.low);
	else if (s->field->type == VALUE_ADDR)
		add_addr_range(p->f, test, &r);
	else
		add_range(p->f, test, r.low, r.high);
	return 0;
}

static enum pattern_kind pattern_kind_of(enum filter_op op)
{
	if (op == OP_GLOB || op == OP_NOT_GLOB)
		return PATTERN_GLOB;
	return op == OP_CONTAINS ? PATTERN_CONTAINS : PATTERN_EQUAL;
}

static int add_regex(struct parser *p, const struct piece *v, struct test *test)
{
	struct filter *f = p->f;
	int rc = pattern_init_regex(&f->patterns[f->n_patterns], v->text, v->len, v->pos, p->err);

	if (rc) {
		if (p->err)
			p->err->len = v->width;
		return rc;
	}
	f->n_patterns++;
	test->count++;
	return 0;
}

static void add_pattern(struct parser *p, enum pattern_kind kind, const struct field *fd,
			const struct piece *v, struct test *test)
{
	struct filter *f = p->f;
	bool name = fd->id_store && fd->id_store == p->qname->id_store;

	pattern_init(&f->patterns[f->n_patterns++], kind, name, v->text, v->len,
		     f->texts + f->texts_len);
	f->texts_len += PATTERN_ROOM(v->len);
	test->count++;
}

/* The text of a string without its quotes and their backslashes; a regular
 * expression keeps all but that of \/ . */
static struct piece piece_of(struct parser *p, const struct token *t)
{
	const char *from = p->text + t->pos;
	struct piece v = { from, (size_t)t->len, t->pos, t->len };
	size_t n = 0;

	if (t->kind == TOKEN_WORD)
		return v;
	for (int i = 1; i < t->len - 1; i++) {
		bool escape = from[i] == '\\' &&
			      (from[i + 1] == from[0] ||
			       (t->kind == TOKEN_STRING && strchr("\"'\\", from[i + 1])));

		if (escape)
			i++;
		p->scratch[n++] = from[i];
		/* So that "\\*" does not become "\" and a quoted "*". */
		if (!escape && from[i] == '\\' && i + 1 < t->len - 1)
			p->scratch[n++] = from[++i];
	}
	v.text = p->scratch;
	v.len = n;
	return v;
}

static int expect_apart(struct parser *p)
{
	const struct token *t = p->at;

	if (t->pos != t[-1].pos + t[-1].len)
		return 0;
	if (t->kind != TOKEN_OPEN && t->kind != TOKEN_SET_OPEN && t->kind != TOKEN_STRING &&
	    t->kind != TOKEN_WORD && t->kind != TOKEN_REGEX)
		return 0;
	return token_unexpected(p, t, "a space here, or quotes around the whole text");
}

static int read_value(struct parser *p, const struct subject *s, enum filter_op op,
		      struct test *test)
{
	const struct token *t = p->at;
	char expected[QUOTED_MAX + 100], sign[QUOTED_MAX];
	struct piece v;
	int rc = 0;

	if ((t->kind != TOKEN_WORD && t->kind != TOKEN_STRING && t->kind != TOKEN_REGEX) ||
	    token_is_and(p, t) || token_is_or(p, t) || token_is_not(p, t)) {
		snprintf(expected, sizeof(expected), "%s after \"%s\"", value_noun(s->field),
			 filter_quote(sign, p->text + t[-1].pos, (size_t)t[-1].len));
		return token_unexpected(p, t, expected);
	}
	p->at++;
	v = piece_of(p, t);
	if (t->kind == TOKEN_REGEX && op != OP_GLOB && op != OP_NOT_GLOB && op != OP_MATCHES)
		return err_set_at(p->err, -EINVAL, t->pos, t->len,
				  "a regular expression goes with ~, !~ and matches");
	if (op == OP_MATCHES || t->kind == TOKEN_REGEX)
		rc = add_regex(p, &v, test);
	else if (test->kind == TEST_TEXTS)
		add_pattern(p, pattern_kind_of(op), s->field, &v, test);
	else
		rc = read_range(p, s, op, t, &v, test);
	return rc ? rc : expect_apart(p);
}

/* { a, b } with commas or spaces between. */
static int read_set(struct parser *p, const struct subject *s, struct test *test)
{
	const struct token *open = p->at;
	int rc = 0;

	if (open->kind != TOKEN_SET_OPEN)
		return token_unexpected(p, open, "\"{\" after \"in\"");
	p->at++;
	do {
		if (p->at->kind == TOKEN_END)
			return err_set_at(p->err, -EINVAL, open->pos, 1,
					  "this \"{\" is never closed");
		rc = read_value(p, s, OP_IN, test);
		if (rc == 0 && p->at->kind == TOKEN_COMMA) {
			p->at++;
			if (p->at->kind == TOKEN_SET_CLOSE)
				rc = token_unexpected(p, p->at, "a value after \",\"");
		}
	} while (rc == 0 && p->at->kind != TOKEN_SET_CLOSE);
	p->at += rc == 0;
	return rc;
}

/* One value or more, with commas between. */
static int read_list(struct parser *p, const struct subject *s, enum filter_op op,
		     struct test *test)
{
	int rc;

	while ((rc = read_value(p, s, op, test)) == 0 && p->at->kind == TOKEN_COMMA) {
		if (op >= OP_LT && op <= OP_GE)
			return err_set_at(p->err, -EINVAL, p->at->pos, 1,
					  "a list goes with =, !=, ~ and !~, not with %s",
					  filter_ops[op].symbol);
		p->at++;
	}
	return rc;
}

int filter_read_values(struct parser *p, const struct subject *s, enum filter_op op,
		       struct test *test)
{
	bool textual = filter_is_textual(s->field, op);
	int rc;

	test->kind = textual ? TEST_TEXTS : TEST_RANGES;
	test->negated = op == OP_NE || op == OP_NOT_GLOB;
	test->first = textual ? p->f->n_patterns : p->f->n_ranges;
	test->count = 0;
	rc = op == OP_IN ? read_set(p, s, test) : read_list(p, s, op, test);
	if (rc == 0 && !textual)
		filter_order_ranges(p->f, test);
	return rc;
}

int filter_read_bare(struct parser *p, struct test *test)
{
	const struct token *t = p->at++;
	struct piece v = piece_of(p, t);
	bool wild = t->kind == TOKEN_WORD &&
		    (memchr(v.text, '*', v.len) || memchr(v.text, '?', v.len));
	int rc = 0;

	*test = (struct test){
		.kind = TEST_TEXTS,
		.field = p->qname,
		.first = p->f->n_patterns,
	};
	if (t->kind == TOKEN_REGEX)
		rc = add_regex(p, &v, test);
	else
		add_pattern(p, wild ? PATTERN_GLOB : PATTERN_CONTAINS, p->qname, &v, test);
	return rc ? rc : expect_apart(p);
}
