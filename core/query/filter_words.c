/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of the language that are not fields, and what a wrong one meant. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/query/filter_internal.h"
#include "core/query/nearest.h"

const struct op_info filter_ops[OP_COUNT] = {
	[OP_EQ] = { "=", "eq", "equal to one of" },
	[OP_NE] = { "!=", "ne", "there, and equal to none of" },
	[OP_LT] = { "<", "lt", "less than" },
	[OP_LE] = { "<=", "le", "at most" },
	[OP_GT] = { ">", "gt", "more than" },
	[OP_GE] = { ">=", "ge", "at least" },
	[OP_GLOB] = { "~", NULL, "like a pattern with * and ?, or /regex/" },
	[OP_NOT_GLOB] = { "!~", NULL, "there, and unlike the pattern" },
	[OP_CONTAINS] = { NULL, "contains", "with this text in it" },
	[OP_MATCHES] = { NULL, "matches", "like a regular expression" },
	[OP_IN] = { NULL, "in", "one of a set {a, b, 1..5}" },
};

static bool is_over_udp(const struct row_source *src, const struct flow *f)
{
	(void)src;
	return f->transport == TRANSPORT_UDP || f->transport == TRANSPORT_QUIC;
}

static bool is_over_tcp(const struct row_source *src, const struct flow *f)
{
	return !is_over_udp(src, f);
}

/* Packed, where clang-format would give each member a line of its own. */
/* clang-format off */
const struct either_end filter_either_ends[] = {
	{ "addr", "client", "server", "address of either end", NULL },
	{ "host", "client", "server", "address of either end", NULL },
	{ "ip.addr", "client", "server", "address of either end", NULL },
	{ "ipv6.addr", "client", "server", "address of either end", NULL },
	{ "port", "client_port", "server_port", "port of either end", NULL },
	{ "udp.port", "client_port", "server_port", "port of either end, over UDP", is_over_udp },
	{ "tcp.port", "client_port", "server_port", "port of either end, over TCP", is_over_tcp },
	{ NULL, NULL, NULL, NULL, NULL },
};
/* clang-format on */

static bool same_word(const char *known, const char *word, size_t len)
{
	return known && strlen(known) == len && strncasecmp(known, word, len) == 0;
}

const struct predicate *filter_predicate_find(const char *name, size_t len)
{
	for (const struct predicate *p = filter_predicates; p->name; p++)
		if (same_word(p->name, name, len) || same_word(p->aliases[0], name, len) ||
		    same_word(p->aliases[1], name, len))
			return p;
	return NULL;
}

bool filter_uses(const struct filter *f, const char *predicate)
{
	const struct predicate *is = filter_predicate_find(predicate, strlen(predicate));

	for (uint32_t i = 0; f && is && i < f->n_tests; i++) {
		const struct test *t = &f->tests[i];

		if ((t->kind == TEST_ROW && is->row && t->holds.row == is->row) ||
		    (t->kind == TEST_NAME && is->qname && t->holds.qname == is->qname))
			return true;
	}
	return false;
}

const char *filter_predicate_name(int i, const char **help)
{
	*help = filter_predicates[i].help;
	return filter_predicates[i].name;
}

const char *filter_predicate_of(const char *word, const char **meant)
{
	const struct predicate *is = filter_predicate_find(word, strlen(word));
	struct nearest n = nearest_to(word, strlen(word));

	for (const struct predicate *p = filter_predicates; p->name; p++)
		nearest_consider(&n, p->name);
	*meant = n.best;
	return is ? is->name : NULL;
}

const struct either_end *filter_either_end_find(const char *name, size_t len)
{
	for (const struct either_end *e = filter_either_ends; e->name; e++)
		if (same_word(e->name, name, len))
			return e;
	return NULL;
}

enum filter_op filter_op_find(const char *word, size_t len)
{
	for (int op = 0; op < OP_COUNT; op++)
		if (same_word(filter_ops[op].word, word, len))
			return (enum filter_op)op;
	return OP_UNKNOWN;
}

const char *filter_op_suggest(const char *text, size_t len)
{
	static const char *const meant[][2] = {
		{ "=~", "~" },  { "~=", "~" },  { "~~", "~" },   { "=>", ">=" }, { "=<", "<=" },
		{ "<>", "!=" }, { "===", "=" }, { "!==", "!=" }, { "<<", "<" },  { ">>", ">" },
	};

	for (size_t i = 0; i < sizeof(meant) / sizeof(meant[0]); i++)
		if (same_word(meant[i][0], text, len))
			return meant[i][1];
	return NULL;
}

unsigned filter_ops_of(const struct field *fd)
{
	const unsigned equal = 1u << OP_EQ | 1u << OP_NE | 1u << OP_IN;
	const unsigned order = 1u << OP_LT | 1u << OP_LE | 1u << OP_GT | 1u << OP_GE;
	const unsigned text = 1u << OP_GLOB | 1u << OP_NOT_GLOB | 1u << OP_CONTAINS |
			      1u << OP_MATCHES;

	switch (fd->type) {
	case VALUE_NAMED:
		return equal | text | (fd->registry >= 0 ? order : 0);
	case VALUE_TEXT:
	case VALUE_LIST:
	case VALUE_ADDR:
		return equal | text;
	default:
		return equal | order;
	}
}

bool filter_is_textual(const struct field *fd, enum filter_op op)
{
	switch (fd->type) {
	case VALUE_TEXT:
	case VALUE_LIST:
		return true;
	case VALUE_NAMED:
		if (fd->registry < 0 && !fd->names)
			return true;
		break;
	default:
		break;
	}
	return op == OP_GLOB || op == OP_NOT_GLOB || op == OP_CONTAINS || op == OP_MATCHES;
}

const char *filter_name_suggest(const char *name, size_t len)
{
	const char *field = field_suggest(name, len);
	struct nearest n = nearest_to(name, len);

	if (field)
		nearest_consider(&n, field);
	for (const struct predicate *p = filter_predicates; p->name; p++)
		nearest_consider(&n, p->name);
	for (const struct either_end *e = filter_either_ends; e->name; e++)
		nearest_consider(&n, e->name);
	return n.best ? n.best : field;
}

const char *filter_quote(char buf[QUOTED_MAX], const char *text, size_t len)
{
	const size_t room = QUOTED_MAX - sizeof("...");
	size_t n = len < room ? len : room;

	/* Not in the middle of a UTF-8 sequence. */
	while (n < len && n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	for (size_t i = 0; i < n; i++)
		buf[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7f ? '?' : text[i];
	snprintf(buf + n, QUOTED_MAX - n, "%s", n < len ? "..." : "");
	return buf;
}
