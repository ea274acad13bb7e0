/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The top-level domains there are, from a text in the format of IANA's list
 * (https://data.iana.org/TLD/tlds-alpha-by-domain.txt): a line each, "#" before what
 * is said about it. A line of ours may go on with "new": one of ICANN's programme of
 * new gTLDs, which began in 2013.
 */
#ifndef DNSTOP_QUERY_TLDS_H
#define DNSTOP_QUERY_TLDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tlds;

/* Returns 0; -EINVAL with the line of a label that is none, or with line 0 for a text
 * without any; or -ENOMEM. */
int tlds_parse(struct tlds **out, const char *text, unsigned *line);
void tlds_free(struct tlds *t); /* NULL is fine */

/* Whether a label, case aside, is one of them, and one of the new ones. */
bool tlds_have(const struct tlds *t, const char *label, size_t len);
bool tlds_have_new(const struct tlds *t, const char *label, size_t len);

size_t tlds_count(const struct tlds *t);
/* Whether the list tells which are new. */
bool tlds_tell_new(const struct tlds *t);
/* Its day by its own word, "# Version YYYYMMDDNN", as YYYYMMDD; 0 where it has none. */
unsigned tlds_day(const struct tlds *t);
/* Days from that to now_ns (epoch); -1 where it has none. */
int64_t tlds_age_days(const struct tlds *t, uint64_t now_ns);

#endif
