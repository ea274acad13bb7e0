/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The screen stands still: the rows as they were at that moment, in which the
 * window of time can be moved back over what memory holds.
 *
 * Capture goes on, and so does eviction: what it takes is told of. The newest
 * rows, which answers and timeouts would still change, are copied; an answer to
 * a query that is older than FREEZE_COPY_NS shows at once.
 */
#ifndef DNSTOP_MODEL_FREEZE_H
#define DNSTOP_MODEL_FREEZE_H

#include "tui/model/frame.h"

/* What is copied: the rows of so long, so many at the most (96 bytes each). */
#define FREEZE_COPY_NS  60000000000ull
#define FREEZE_COPY_MAX (1u << 18)

struct freeze {
	bool on;
	uint32_t to_seq;         /* rows from here on came later */
	uint64_t at_ns;          /* model time of it */
	uint64_t end_ns;         /* of the rows on show: at_ns, or earlier */
	uint64_t evicted;        /* the table's count of it, then */
	struct flow_table table; /* the live one but for the copied rows */
	struct row_source rows;
};

/* now_ns, to_seq: of the frame that is on the screen. */
void freeze_begin(struct freeze *z, const struct ui_model *m, uint32_t to_seq);
/* Back to what is now. */
void freeze_end(struct freeze *z);
/* Moves what is on show by a step of the window: back (-1) or forth (+1), within
 * memory. Returns false at the end of the way. */
bool freeze_move(struct freeze *z, uint64_t window_ns, int step);

/* The oldest of what was frozen that is still in memory, epoch; 0: there is none. */
uint64_t freeze_oldest_ns(const struct freeze *z);

/* Makes a frame one of what is frozen. */
void freeze_frame(struct freeze *z, struct frame *f);

#endif
