/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows over time: how many there were in each bucket of time, and how fast they
 * were answered, in all and of some values of a field.
 */
#ifndef DNSTOP_QUERY_TIMELINE_H
#define DNSTOP_QUERY_TIMELINE_H

#include <stdint.h>

#include "core/query/field.h"
#include "core/query/filter.h"

#define TIMELINE_BUCKETS 120
#define TIMELINE_KEYS    64

struct timeline_point {
	uint32_t count;
	uint32_t answered;    /* the samples of the latency */
	uint64_t latency_sum; /* ns */
};

/* Buckets begin at whole multiples of their length, so that the same rows fall
 * into the same bucket whenever it is made. */
struct timeline {
	uint64_t start_ns;  /* of the first bucket, epoch */
	uint64_t bucket_ns; /* 0: there is none */
	uint32_t n_buckets;
	uint32_t n_keys;
	struct timeline_point total[TIMELINE_BUCKETS];
	struct timeline_point key[TIMELINE_KEYS][TIMELINE_BUCKETS];
};

/* What is asked; keys as a getter of `by` gives them. */
struct timeline_query {
	const struct row_source *src;
	struct filter *filter;
	const struct field *by; /* NULL without keys */
	const struct value *keys;
	uint32_t n_keys; /* TIMELINE_KEYS at the most */
	uint32_t from_seq, to_seq;
};

/* Lays out the buckets from start_ns to end_ns: as many as TIMELINE_BUCKETS, of
 * a length that people use. whole: only those that have passed by end_ns. */
void timeline_lay_out(struct timeline *t, uint64_t start_ns, uint64_t end_ns, bool whole);
/* Counts rows [from_seq, to_seq) into t; rows outside the buckets are left out.
 * Returns 0 or -ENOMEM. */
int timeline_count(struct timeline *t, const struct timeline_query *q);

/* The same in parts, between which the table may change: empties t, which is
 * borrowed until the end, and copies the keys; NULL when memory is short. */
struct timeline_pass;
struct timeline_pass *timeline_begin(struct timeline *t, const struct timeline_query *q);
int timeline_rows(struct timeline_pass *p, uint32_t from_seq, uint32_t to_seq);
void timeline_end(struct timeline_pass *p); /* NULL is fine */

#endif
