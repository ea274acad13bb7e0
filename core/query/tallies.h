/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counting rows by the value of a field, one by one, in bounded memory: groups
 * of more rows than are ever in the table at once. What group.h says of its
 * figures holds.
 *
 * A row is counted as it is when it comes. Its key is copied; what finds no
 * room is counted with the others.
 */
#ifndef DNSTOP_QUERY_TALLIES_H
#define DNSTOP_QUERY_TALLIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/query/group.h"

struct tallies;

/* Once any is reached, rows of further keys are counted together. Memory is
 * taken as keys and samples come. */
struct tallies_limits {
	uint32_t groups;     /* at most TALLIES_MAX_GROUPS */
	size_t group_bytes;  /* of the groups, their keys included */
	size_t sample_bytes; /* of what quantiles are from */
};

#define TALLIES_MAX_GROUPS ((1u << 30) - 1)

/* For rows of src, which is borrowed, by one field or, where second is not NULL, by
 * the pairs of two; neither may be FIELD_NO_GROUP. NULL when memory is short. */
struct tallies *tallies_new(const struct row_source *src, const struct field *by,
			    const struct field *second, const struct tallies_limits *limits);
void tallies_free(struct tallies *t);

/* Counts a row. */
void tallies_add(struct tallies *t, const struct flow *row);

/* A row of the table has settled: counts it if it passes. One that settles
 * again (FLOW_SETTLED_ONCE) is first taken out of where it was counted. */
void tallies_settle(struct tallies *t, const struct flow *row, bool passes);

/* Samples that found no memory: in the averages, but in no quantile. */
uint64_t tallies_lost(const struct tallies *t);

/* Makes groups of what was counted. Returns 0 or -ENOMEM; either way t can only
 * be freed now. */
int tallies_finish(struct tallies *t, struct grouping **out);
/* The same in parts, for who has other things to do meanwhile: works on as many
 * groups. Returns 1 while there is more to do; then there is nothing but this to
 * be called. The groups are in no order until grouping_order or _sort. */
int tallies_finish_some(struct tallies *t, uint32_t n, struct grouping **out);

#endif
