/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Grouping: the rows that pass a filter, by the value of one field, with what
 * a Top-X panel shows of each group.
 *
 * Latency figures count answered rows only; timeouts are never in them. Average,
 * minimum and maximum are exact, quantiles are nearest ranks as in histogram.h:
 * exact in groups of at most HISTOGRAM_EXACT samples.
 *
 * Rows without the fact are a group too, its key of type VALUE_NONE. Texts that
 * differ in case only are one group (see distinct.h).
 */
#ifndef DNSTOP_QUERY_GROUP_H
#define DNSTOP_QUERY_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/query/field.h"
#include "core/query/filter.h"

enum group_column {
	GROUP_KEY,
	GROUP_COUNT,
	GROUP_SHARE, /* of all counted rows, 0..1 */
	GROUP_LATENCY_AVG,
	GROUP_LATENCY_MIN,
	GROUP_LATENCY_P50,
	GROUP_LATENCY_P90,
	GROUP_LATENCY_P99,
	GROUP_LATENCY_MAX,
	GROUP_TIMEOUTS,
	GROUP_ERRORS, /* answered with an rcode other than NOERROR */
	GROUP_BYTES,  /* queries and responses */
	GROUP_COLUMNS,
};

struct group {
	struct value key;    /* text borrowed from the grouping */
	struct value second; /* of a grouping by two fields; else VALUE_NONE */
	uint64_t count;
	uint64_t answered;                  /* the samples of the latency figures */
	uint64_t latency_ns[GROUP_COLUMNS]; /* indexed by the GROUP_LATENCY_ ones */
	uint64_t timeouts;
	uint64_t errors;
	uint64_t bytes;
};

struct distinct;
struct grouping;

/* The column's name as a JSON key ("count", "latency_p50_us" ...) and title. */
const char *group_column_name(enum group_column c);
const char *group_column_title(enum group_column c);
/* By name or title, case ignored; -ENOENT when there is none. */
int group_column_find(const char *name, size_t len);
/* Whether it is one of latencies; and what it shows of a group: ns, bytes or a count
 * (that of its rows for the columns that show none). */
bool group_is_latency(enum group_column c);
uint64_t group_figure(const struct group *g, enum group_column by);
/* What a group without a response code is called: "no answer", or "waiting" as long as
 * there may be one to each of its queries. */
const char *group_no_answer(const struct group *g);

/* For who has counted (tallies.h): groups[i] is what value i of keys has, but for
 * its keys; those of no row are left out, and the rest are in no order. Takes keys and groups (of malloc), also
 * when it returns NULL as memory is short. */
struct grouping *grouping_new(struct distinct *keys, struct group *groups,
			      const struct group *total, const struct group *other);
/* Orders them by their keys, as grouping_make does; false when memory is short. */
bool grouping_order(struct grouping *g);

/* Groups rows [from_seq, to_seq) that pass filter; at most max_groups distinct
 * keys are kept (the rest fall into `other`). They are in the order of their
 * keys until sorted. Returns 0, -EINVAL for a field that is FIELD_NO_GROUP, or
 * -ENOMEM. */
int grouping_make(struct grouping **out, const struct row_source *src, struct filter *filter,
		  const struct field *by, uint32_t from_seq, uint32_t to_seq, uint32_t max_groups);
/* The same by two fields: a group for each pair of values that some row has. */
int grouping_make_pairs(struct grouping **out, const struct row_source *src, struct filter *filter,
			const struct field *by, const struct field *second, uint32_t from_seq,
			uint32_t to_seq, uint32_t max_groups);
void grouping_free(struct grouping *g);
/* Orders the groups; then group i < grouping_count is grouping_at(g, i). Ties
 * are by key, ascending. Groups without a sample come last in an order by
 * latency, and those of the absent key last in one by key, both ways. */
void grouping_sort(struct grouping *g, enum group_column by, bool descending);
uint32_t grouping_count(const struct grouping *g);
const struct group *grouping_at(const struct grouping *g, uint32_t i);
/* All counted rows as one group, and those beyond max_groups. */
const struct group *grouping_total(const struct grouping *g);
const struct group *grouping_other(const struct grouping *g);

#endif
