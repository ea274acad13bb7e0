/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What views ask of the flow table, remembered: panels that ask the same share
 * it. All is counted in parts, as much in each frame as fits into a few
 * milliseconds, so that a million rows never stall keys or capture: first what
 * the user asked for, then what is oldest of what rows that came made untrue.
 */
#ifndef DNSTOP_MODEL_QUERIES_H
#define DNSTOP_MODEL_QUERIES_H

#include <stdint.h>

#include "core/query/group.h"
#include "core/query/timeline.h"
#include "tui/model/frame.h"

struct queries;

struct queries *queries_new(void); /* NULL when memory is short */
void queries_free(struct queries *q);
/* All that is remembered is void: rows are gone. */
void queries_reset(struct queries *q);

/* Around a frame. What was not asked for in it is forgotten. */
void queries_begin(struct queries *q, const struct frame *f);
void queries_end(struct queries *q);
/* After a frame: whether something that was asked for in it is still being
 * counted, or shown as it was before the question changed. */
bool queries_are_busy(const struct queries *q);

/* The rows on show by a field, or by the pairs of two. NULL while it is counted
 * for the first time, and when memory is short. *made changes each time it is
 * counted again; it is the caller's to sort, where nobody shares it. Valid until
 * the frame's end. */
struct grouping *queries_groups(struct queries *q, const struct frame *f, const struct field *by,
				const struct field *second, uint32_t *made);
/* Over time, in all (by NULL) and of n keys, whose texts are copied. NULL as above. */
const struct timeline *queries_times(struct queries *q, const struct frame *f,
				     const struct field *by, const struct value *keys, uint32_t n);

#endif
