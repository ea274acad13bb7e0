/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filter language.
 *
 *   or    = and { ("or" | "||" | "|") and }
 *   and   = part { [ "and" | "&&" | "&" ] part }        a space is "and"
 *   part  = ["#"] not                                    "#" switches it off
 *   not   = ("not" | "!") not | "(" or ")" | test
 *   test  = field op value { "," value }
 *         | field ["not"] "in" "{" value { [","] value } "}"
 *         | predicate | field | word
 *   op    = "=" "==" "!=" "<" "<=" ">" ">=" "~" "!~" ["not"] "contains" "matches"
 *         | "eq" "ne" "lt" "le" "gt" "ge"
 *   value = number | 0xhex | 20ms | name | IP | CIDR | "string" | /regex/ | low..high
 *
 * A word alone: qname contains it; with "*" or "?" a glob over qname. A field
 * alone: the fact is there ("and" or "or" must stand between it and the next
 * test, so that "rcode NXDOMAIN" is a mistake). Keywords, fields and names of
 * values ignore case; a word that is a keyword can be searched for in quotes.
 *
 * A comma list is any-of for = and ~, none-of for != and !~. "~" is a glob over
 * the whole text ("*" and "?", case ignored), or a regular expression (POSIX
 * extended, case ignored, no back-references) when written /so/, with \/ for a
 * slash in it. "=" on a name is exact but for case, a final dot and the way it
 * is escaped. Numbers and addresses may be ranges, both ends included. A test on
 * an absent fact is false (and `not` of it true); != and !~ on an absent fact
 * are false too. Addresses take CIDR; a prefix of IPv6 shorter than /96 holds no
 * IPv4 address, so that ::/0 is "IPv6". A test on a list (answer) holds when it
 * holds for one of the items, != and !~ when for none.
 *
 * addr (host, ip.addr, ipv6.addr) and port (udp.port, tcp.port) mean either end,
 * and their != neither end; udp.port and tcp.port are absent on other
 * transports.
 *
 * What is switched off is read, and found right or wrong, but is as if it was not
 * there; it may be joined, but not denied. See filter_chips.h.
 *
 * Predicates are those of filter_predicates.c: unanswered (timeout or pending), error
 * (rcode other than NOERROR), slow (latency > 100 ms) ..., and what the classic
 * dnstop's -f has: unknown-tlds, A-for-A ...
 *
 * At most 65536 bytes, 512 tests, 64 parentheses in each other.
 */
#ifndef DNSTOP_QUERY_FILTER_H
#define DNSTOP_QUERY_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/query/field.h"

struct filter;

/* Compiles text; the empty text (or only spaces) matches every row. On failure
 * *out is NULL and err has the place (pos, len) and what was expected. now_ns
 * is what relative times refer to. */
int filter_parse(const char *text, uint64_t now_ns, struct filter **out, struct err *err);
void filter_free(struct filter *f); /* NULL is fine */

/* Whether a row matches; NULL matches everything. The filter remembers verdicts
 * on interned texts, so it is not const, and is for one table only. */
bool filter_match(struct filter *f, const struct row_source *src, const struct flow *row);

/* True for the filter that matches everything. */
bool filter_is_empty(const struct filter *f);

/* Whether a predicate, by its name, is asked of any row. */
bool filter_uses(const struct filter *f, const char *predicate);

/* The names of predicates, in the order in which they are told of; NULL after the
 * last one. *help: what each means. */
const char *filter_predicate_name(int i, const char **help);
/* The predicate that a word is, or NULL, with the nearest one's name in *meant, or NULL. */
const char *filter_predicate_of(const char *word, const char **meant);

/* What could stand at byte `pos` of text, for Tab: fields, operators, names
 * of values. Calls fn for each candidate with the bytes it would replace; its
 * texts are valid for the length of the call. help is "" where there is none. */
struct filter_completion {
	const char *text;
	const char *help;
	int from, to; /* the bytes of the input it replaces */
};
void filter_complete(const char *text, int pos,
		     void (*fn)(void *ctx, const struct filter_completion *c), void *ctx);
/* The field of which a value could stand there (of both ends the client), and the
 * bytes that it would replace, of which those before pos are its beginning; NULL:
 * something else stands there. */
const struct field *filter_complete_value(const char *text, int pos, int *from, int *to);

#endif
