/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filter language.
 *
 *   or    = and { ("or" | "||" | "|") and }
 *   and   = not { [ "and" | "&&" | "&" ] not }          a space is "and"
 *   not   = ("not" | "!") not | "(" or ")" | test
 *   test  = field op value { "," value } | field "in" "{" value { "," value } "}"
 *         | predicate | word                            a bare word: qname contains
 *   op    = "=" "==" "!=" "<" "<=" ">" ">=" "~" "!~" "contains" "matches"
 *   value = number | 0xhex | 20ms | name | IP | CIDR | "string" | /regex/
 *
 * A comma list is any-of for = and ~, none-of for != and !~. "~" is a glob over
 * the whole text ("*" and "?", case ignored), or a regular expression (POSIX
 * extended, case ignored) when written /so/. "=" on a name is exact but for
 * case and a final dot. A test on an absent fact is false (and `not` of it
 * true); != and !~ on an absent fact are false too. `client != X or ...`: addresses
 * take CIDR; `addr`, `port`, `ip.addr` mean either end, and their != neither end.
 * Predicates: answered, unanswered, pending, timeout, unsolicited, error
 * (rcode other than NOERROR), slow (latency > 100 ms), late, retried, truncated.
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

/* Whether a row matches. The filter remembers verdicts on interned texts, so
 * it is not const; NULL matches everything. */
bool filter_match(struct filter *f, const struct row_source *src, const struct flow *row);

/* True for the filter that matches everything. */
bool filter_is_empty(const struct filter *f);

/* What could stand at byte `pos` of text, for Tab: fields, operators, names
 * of values. Calls fn for each candidate with the bytes it would replace. */
struct filter_completion {
	const char *text;
	const char *help;
	int from, to; /* the bytes of the input it replaces */
};
void filter_complete(const char *text, int pos,
		     void (*fn)(void *ctx, const struct filter_completion *c), void *ctx);

#endif
