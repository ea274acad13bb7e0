/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The older dnstop's tables, as it prints them of a savefile where there is no
 * terminal: sources, destinations, query types, opcodes, response codes, names by
 * level, source and name; 80 columns, the 50 most frequent of each.
 *
 * They count messages and not rows: a row is as many queries as it has attempts,
 * and one reply where it was answered.
 */
#ifndef DNSTOP_APP_CLASSIC_H
#define DNSTOP_APP_CLASSIC_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/query/field.h"

/* Its switches. */
struct classic_options {
	bool queries;         /* -Q: count queries; neither: as the older one by default */
	bool replies;         /* -R: count replies */
	uint8_t levels;       /* -l, 1 to CLASSIC_LEVELS; 0: not given, 2 */
	bool no_source_names; /* -X */
};

#define CLASSIC_LEVELS 9

struct classic;

/* rows and opt are borrowed. NULL when memory is short. */
struct classic *classic_new(const struct row_source *rows, const struct classic_options *opt);
void classic_free(struct classic *c);

/* A row of the table has settled, for the first time or again; passes: the
 * filter takes it. */
void classic_row(struct classic *c, const struct flow *f, bool passes);

/* Prints the tables. Returns 0 or a negative errno. */
int classic_print(struct classic *c, FILE *out);

/* Messages that are in no line of some table, as memory is bounded. */
uint64_t classic_lost(const struct classic *c);

#endif
