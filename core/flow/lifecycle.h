/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What becomes of rows as time passes: pending, timeout, answered, settled.
 *
 * Rows that wait for something hang on lists (waiting.h); lifecycle_advance ends
 * the waiting of those that are due, in the order in which they were.
 */
#ifndef DNSTOP_FLOW_LIFECYCLE_H
#define DNSTOP_FLOW_LIFECYCLE_H

#include <stdint.h>

#include "core/flow/table.h"
#include "core/flow/tracker.h"
#include "core/flow/waiting.h"

struct lifecycle {
	struct flow_table *table;    /* borrowed */
	struct tracker_stats *stats; /* borrowed: paired, timeouts, late, unsolicited */
	struct tracker_config cfg;
	uint64_t now_ns;
	uint64_t next_due_ns;                /* no row is due before this */
	enum waiting_for next;               /* and this list's is the first one to be */
	uint64_t due_ns[WAITING_LISTS];      /* and no row of each list before this */
	uint64_t patience_ns[WAITING_LISTS]; /* how long a row waits on each list */
	struct waiting waiting;
};

/* 0 or -ENOMEM; lifecycle_fini in either case. */
int lifecycle_init(struct lifecycle *l, struct flow_table *table, const struct tracker_config *cfg,
		   struct tracker_stats *stats);
void lifecycle_fini(struct lifecycle *l);
/* The table is about to be cleared. */
void lifecycle_clear(struct lifecycle *l);

/* Time passes up to now_ns; one in the past does nothing. */
void lifecycle_advance(struct lifecycle *l, uint64_t now_ns);
/* The same by a message's time, which may also set the clock back. */
void lifecycle_follow(struct lifecycle *l, uint64_t ts_ns);

/* A row just added, its key and messages recorded, begins to wait. */
void lifecycle_begin(struct lifecycle *l, struct flow *f, uint32_t seq);
/* The row is answered at ts_ns; its response has been recorded. */
void lifecycle_answer(struct lifecycle *l, struct flow *f, uint32_t seq, uint64_t ts_ns);
/* A further message of the response came at ts_ns: an answered row waits anew. */
void lifecycle_more(struct lifecycle *l, const struct flow *f, uint32_t seq, uint64_t ts_ns);
/* An unsolicited row whose query is found after all: it waits for nothing and
 * is as a pending row, to be answered at once. */
void lifecycle_adopt(struct lifecycle *l, struct flow *f, uint32_t seq);
/* Around a new attempt: the row waits anew. */
void lifecycle_reopen(struct lifecycle *l, struct flow *f, uint32_t seq);
/* The row settles now, as it is, if it has not yet. */
void lifecycle_settle(struct lifecycle *l, struct flow *f, uint32_t seq);

#endif
