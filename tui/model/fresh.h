/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When something made from the flow table has to be made again: at once when
 * the user asked for something else, and now and then when rows came.
 */
#ifndef DNSTOP_MODEL_FRESH_H
#define DNSTOP_MODEL_FRESH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/flow/tracker.h"
#include "tui/model/frame.h"

/* What it was last made from: while this stays the same, so does it. Zero: it
 * was never made. */
struct fresh {
	bool valid;
	uint32_t filter_revision;
	uint32_t own_revision;
	uint64_t window_ns;
	uint64_t stands_ns; /* paused: where the window ends */
	bool ended;
	uint32_t from_seq, to_seq;
	struct tracker_stats tracker;
	uint64_t made_at_ns; /* monotonic */
	uint64_t cost_ns;    /* of making it, thread CPU time */
	uint64_t begun_ns;   /* thread CPU time */
};

enum fresh_state {
	FRESH,       /* it is true */
	FRESH_STALE, /* rows came or changed */
	FRESH_ASKED, /* the user asked for something else */
};

/* own_revision: changes with what else its owner makes it from. */
enum fresh_state fresh_state(const struct fresh *f, const struct frame *frame,
			     uint32_t own_revision);
/* Whether it may be made again because rows came: at the least every_ns after
 * the last time, and taking one part in `share` of the time at the most. */
bool fresh_may(const struct fresh *f, uint64_t every_ns, unsigned share);
/* CPU time since the making began. */
uint64_t fresh_spent(const struct fresh *f);
/* Around the making. */
void fresh_begin(struct fresh *f);
void fresh_done(struct fresh *f, const struct frame *frame, uint32_t own_revision);

#endif
