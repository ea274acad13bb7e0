/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What --plain says, in plain words: sentences of ASCII without glyphs, for a
 * screen reader to read. Names come escaped from the table. Pure.
 */
#ifndef DNSTOP_PLAIN_PLAIN_SAY_H
#define DNSTOP_PLAIN_PLAIN_SAY_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/words.h"
#include "core/query/field.h"
#include "core/query/group.h"

/* Room for a sentence. */
#define PLAIN_SENTENCE_MAX 1024
/* Longer names lose their front: their end says whose they are. */
#define PLAIN_NAME_MAX 80
/* Answers that took longer are told of. */
#define PLAIN_SLOW_NS 100000000ull

/* "2.1 s", "412 ms", "12.2 ms", "62 microseconds". */
void say_duration(struct words *s, uint64_t ns);
/* "12:04:31" */
void say_time(struct words *s, uint64_t epoch_ns);
/* "1 query", "3 queries", "no queries" */
void say_count(struct words *s, uint64_t n, const char *one, const char *many);

/* What became of a row. */
enum plain_kind {
	PLAIN_FINE, /* or not known yet: nothing to be told of */
	PLAIN_ERROR,
	PLAIN_UNANSWERED,
	PLAIN_SLOW,
};

enum plain_kind plain_kind_of(const struct flow *f);

/* "12:04:31 SERVFAIL for mail.example.org MX asked by postfix of 10.0.0.2 after 2.1 s" */
void say_row(struct words *s, const struct row_source *src, const struct flow *f);
/* "41 queries, 3 errors, 1 unanswered, average 12.2 ms, p90 48.1 ms" */
void say_figures(struct words *s, const struct group *g);
/* The same of all of them, and which server was the worst: the one that left most
 * queries unanswered, or else the slowest. */
void say_summary(struct words *s, const struct grouping *by_server);
/* "10.0.0.2", "unknown" */
void say_value(struct words *s, const struct value *v, enum value_style style);

#endif
