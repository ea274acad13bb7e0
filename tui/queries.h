/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What panels ask of the flow table, remembered: panels that ask the same share
 * it. What the user asks for is answered at once. When rows came, what is oldest
 * is made again, a part in each frame: as much as fits into a few milliseconds,
 * so that a million rows never stall the screen.
 */
#ifndef DNSTOP_TUI_QUERIES_H
#define DNSTOP_TUI_QUERIES_H

#include <stdint.h>

#include "core/query/group.h"
#include "core/query/timeline.h"
#include "tui/view_ops.h"

struct queries;

struct queries *queries_new(void); /* NULL when memory is short */
void queries_free(struct queries *q);
/* All that is remembered is void: rows are gone. */
void queries_reset(struct queries *q);

/* Around a frame. What was not asked for in it is forgotten. */
void queries_begin(struct queries *q, const struct frame *f);
void queries_end(struct queries *q);

/* The rows on show by a field, NULL when memory is short. *made changes each
 * time it is counted again. Valid until the frame's end. */
const struct grouping *queries_groups(struct queries *q, const struct frame *f,
				      const struct field *by, uint32_t *made);
/* Over time, in all (by NULL) and of n keys, whose texts are copied. */
const struct timeline *queries_times(struct queries *q, const struct frame *f,
				     const struct field *by, const struct value *keys, uint32_t n);

#endif
