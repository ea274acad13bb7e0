/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The truth about a run: what was seen, what became of it, and every loss.
 * One list of counters for the truth bar, --stats and the metrics.
 */
#ifndef DNSTOP_SINK_TRUTH_H
#define DNSTOP_SINK_TRUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/flow/tracker.h"
#include "core/source/source.h"

struct truth {
	struct source_stats source;
	struct tracker_stats tracker;
	uint64_t rows;       /* in the table now */
	uint64_t evicted;    /* rows that left it for newer ones */
	uint64_t names_lost; /* strings that found no room */
};

struct truth_counter {
	const char *name;  /* the JSON key */
	const char *title; /* of the truth bar */
	const char *help;
	size_t offset; /* of a uint64_t in struct truth */
	bool loss;     /* not zero: something is missing from the rows */
};

const struct truth_counter *truth_counters(size_t *n);

/* Of what is at hand. */
struct truth truth_of(const struct source_stats *source, const struct tracker_stats *tracker,
		      const struct flow_table *table);
/* Gathers it. source may be NULL. */
void truth_read(struct truth *out, struct source *source, const struct tracker *tracker,
		const struct flow_table *table);

static inline uint64_t truth_value(const struct truth *t, const struct truth_counter *c)
{
	return *(const uint64_t *)((const char *)t + c->offset);
}

/* One JSON object and a newline. */
void truth_print(const struct truth *t, FILE *out);

#endif
