/* SPDX-License-Identifier: BSD-2-Clause */
/* What a text is compared with: a text, a part, a glob or a regular expression. */
#include <errno.h>
#include <string.h>

#include "core/query/filter_internal.h"
#include "core/query/glob.h"

#define REGEX_MAX       1024 /* bytes */
#define REGEX_MAX_SIZE  4096 /* nodes once its repeats are written out */
#define REGEX_MAX_DEPTH 64

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* \DDD below 256 */
static bool is_decimal_escape(const char *p, size_t left)
{
	return left >= 4 && is_digit(p[1]) && is_digit(p[2]) && is_digit(p[3]) &&
	       (p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0') < 256;
}

/* A byte of a label as wire_name writes it. */
static size_t put_label_byte(char *out, unsigned char c)
{
	if (c == '.' || c == '\\') {
		out[0] = '\\';
		out[1] = (char)c;
		return 2;
	}
	if (c > 0x20 && c < 0x7f) {
		out[0] = (char)c;
		return 1;
	}
	out[0] = '\\';
	out[1] = (char)('0' + c / 100);
	out[2] = (char)('0' + c / 10 % 10);
	out[3] = (char)('0' + c % 10);
	return 4;
}

/* The name in the presentation form of the table, RFC 1035 5.1: so "a\046b",
 * "a\.b" and "a b" are the names that the rows have. */
static size_t put_name(char *out, const char *text, size_t len, bool wild)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		const char *p = text + i;

		if (wild && (*p == '*' || *p == '?')) {
			out[n++] = *p == '*' ? GLOB_ANY : GLOB_ONE;
		} else if (*p == '.') {
			out[n++] = '.';
		} else if (*p != '\\' || i + 1 == len) {
			n += put_label_byte(out + n, (unsigned char)*p);
		} else if (is_decimal_escape(p, len - i)) {
			int c = (p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0');

			n += put_label_byte(out + n, (unsigned char)c);
			i += 3;
		} else {
			n += put_label_byte(out + n, (unsigned char)p[1]);
			i++;
		}
	}
	return n;
}

/* Other texts have no labels: only the wildcards may need a backslash. */
static size_t put_text(char *out, const char *text, size_t len, bool wild)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (wild && c == '\\' && i + 1 < len && strchr("*?", text[i + 1]))
			c = text[++i];
		else if (wild && (c == '*' || c == '?'))
			c = c == '*' ? GLOB_ANY : GLOB_ONE;
		out[n++] = c;
	}
	return n;
}

static bool ends_in_dot(const char *name, size_t len)
{
	return len > 1 && name[len - 1] == '.' && name[len - 2] != '\\';
}

void pattern_init(struct pattern *p, enum pattern_kind kind, bool name, const char *text,
		  size_t len, char *out)
{
	bool wild = kind == PATTERN_GLOB;
	size_t n = name ? put_name(out, text, len, wild) : put_text(out, text, len, wild);
	bool dot = name && ends_in_dot(out, n);

	*p = (struct pattern){ .kind = kind, .text = out, .len = n };
	if (kind == PATTERN_CONTAINS)
		p->or_ends = dot;
	else if (dot)
		p->len--;
}

/* A bracket expression's length at p: "[]a]", "[^]]", "[[:alpha:]]". */
static size_t bracket_len(const char *p, size_t left)
{
	size_t n = 1;

	if (n < left && p[n] == '^')
		n++;
	if (n < left && p[n] == ']')
		n++;
	while (n < left && p[n] != ']') {
		if (p[n] == '[' && n + 1 < left && strchr(":.=", p[n + 1])) {
			char end[] = { p[n + 1], ']', '\0' };
			const char *close = memmem(p + n + 2, left - n - 2, end, 2);

			if (close)
				n = (size_t)(close - p) + 1;
		}
		n++;
	}
	return n < left ? n + 1 : left;
}

/* The larger number of {n}, {n,} or {,m}; *len its bytes. 1 when it is none. */
static unsigned repeat_of(const char *p, size_t left, size_t *len)
{
	unsigned number = 0, largest = 0;
	size_t n = 1;

	*len = 1;
	for (; n < left && p[n] != '}'; n++) {
		if (p[n] == ',')
			number = 0;
		else if (!is_digit(p[n]))
			return 1;
		else if (number < REGEX_MAX_SIZE)
			number = number * 10 + (unsigned)(p[n] - '0');
		if (number > largest)
			largest = number;
	}
	if (n == left)
		return 1;
	*len = n + 1;
	return largest ? largest : 1;
}

/* What the library makes of an expression, by estimate: it writes repeats out,
 * and "a+" is "aa*" to it. */
struct regex_size {
	unsigned atom; /* nodes of the last piece, which a repeat multiplies */
	unsigned depth;
	unsigned sum[REGEX_MAX_DEPTH + 1]; /* of each group that is open */
};

static void add_atom(struct regex_size *s, unsigned nodes)
{
	s->atom = nodes;
	s->sum[s->depth] += nodes;
}

/* Both are below their bounds, so that the product fits. */
static void repeat_atom(struct regex_size *s, unsigned times)
{
	unsigned more = s->atom * (times - 1) + 1;

	s->atom += more;
	s->sum[s->depth] += more;
}

/* A piece of the expression at p; returns its bytes. */
static size_t size_piece(struct regex_size *s, const char *p, size_t left)
{
	size_t len = 1;

	switch (*p) {
	case '\\':
		add_atom(s, 1);
		return left > 1 ? 2 : 1;
	case '[':
		add_atom(s, 1);
		return bracket_len(p, left);
	case '(':
		s->sum[++s->depth] = 0;
		return 1;
	case ')':
		if (s->depth == 0)
			return 1;
		s->depth--;
		add_atom(s, s->sum[s->depth + 1] + 1);
		return 1;
	case '{':
		repeat_atom(s, repeat_of(p, left, &len));
		return len;
	case '+':
		repeat_atom(s, 2);
		return 1;
	case '*':
	case '?':
		repeat_atom(s, 1);
		return 1;
	default:
		add_atom(s, 1);
		return 1;
	}
}

/*
 * The library compiles what it is given: "((a{255}){255}){255}" or "a+++++++++"
 * would take all memory, and a back-reference makes matching exponential. So
 * the size is bounded. Returns what is wrong, or NULL.
 */
static const char *regex_objection(const char *text, size_t len)
{
	struct regex_size s = { 0 };

	for (size_t i = 0; i < len; i += size_piece(&s, text + i, len - i)) {
		if (text[i] == '(' && s.depth == REGEX_MAX_DEPTH)
			return "the groups are nested too deep";
		if (text[i] == '\\' && i + 1 < len && text[i + 1] >= '1' && text[i + 1] <= '9')
			return "back-references (\\1 ... \\9) are not supported";
		if (s.sum[s.depth] > REGEX_MAX_SIZE)
			return "the repeats make it too large";
	}
	return s.sum[s.depth] > REGEX_MAX_SIZE ? "the repeats make it too large" : NULL;
}

int pattern_init_regex(struct pattern *p, const char *text, size_t len, int pos, struct err *err)
{
	char expression[REGEX_MAX + 1], why[160];
	const char *objection;
	int rc;

	if (len == 0)
		return err_set_at(err, -EINVAL, pos, (int)len, "empty regular expression");
	if (len > REGEX_MAX)
		return err_set_at(err, -EINVAL, pos, (int)len,
				  "regular expression longer than %d bytes", REGEX_MAX);
	objection = regex_objection(text, len);
	if (objection)
		return err_set_at(err, -EINVAL, pos, (int)len, "bad regular expression: %s",
				  objection);
	memcpy(expression, text, len);
	expression[len] = '\0';
	*p = (struct pattern){ .kind = PATTERN_REGEX };
	rc = regcomp(&p->regex, expression, REG_EXTENDED | REG_ICASE | REG_NOSUB);
	if (rc == 0)
		return 0;
	regerror(rc, &p->regex, why, sizeof(why));
	return err_set_at(err, rc == REG_ESPACE ? -ENOMEM : -EINVAL, pos, (int)len,
			  "bad regular expression: %s", why);
}

void pattern_fini(struct pattern *p)
{
	if (p->kind == PATTERN_REGEX)
		regfree(&p->regex);
}

bool pattern_matches(const struct pattern *p, const char *text, size_t len)
{
	regmatch_t whole = { .rm_so = 0, .rm_eo = (regoff_t)len };

	switch (p->kind) {
	case PATTERN_EQUAL:
		return glob_equal(p->text, p->len, text, len);
	case PATTERN_CONTAINS:
		if (glob_contains(p->text, p->len, text, len))
			return true;
		return p->or_ends && len >= p->len - 1 &&
		       glob_equal(p->text, p->len - 1, text + len - (p->len - 1), p->len - 1);
	case PATTERN_GLOB:
		return glob_match(p->text, p->len, text, len);
	case PATTERN_REGEX:
		return regexec(&p->regex, text, 1, &whole, REG_STARTEND) == 0;
	}
	return false;
}
