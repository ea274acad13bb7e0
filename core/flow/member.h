/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows as members of lookups: what the sides of rows say of it.
 *
 * A lookup is named by the seq of its first row, whose side holds what is known
 * of the whole. A row that is alone has no side for it, and is its own lookup. A
 * row that hangs under another is of that one's lookup.
 */
#ifndef DNSTOP_FLOW_MEMBER_H
#define DNSTOP_FLOW_MEMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/flow/table.h"

/* The seq of a row in the table, or of those that stand still; FLOW_NO_SEQ of any
 * other copy. */
uint32_t flow_seq(const struct flow_table *t, const struct flow *f);
/* The first row of a row's lookup; its own seq where it is alone. It may have
 * left the table. */
uint32_t flow_lookup(const struct flow_table *t, const struct flow *f, uint32_t seq);
/* The row that caused it, which may have left the table, or FLOW_NO_SEQ. */
uint32_t flow_parent(const struct flow_table *t, const struct flow *f);
static inline bool flow_has_parent(const struct flow_table *t, const struct flow *f)
{
	return flow_parent(t, f) != FLOW_NO_SEQ;
}

/* The side of a lookup's first row, which must be in the table; made, with what
 * that row says, where there was none. */
struct flow_side *flow_lookup_side(struct flow_table *t, uint32_t first);
/* Takes an answered row of the lookup into account. */
void flow_lookup_note(struct flow_side *side, const struct flow *first, const struct flow *f);

/* What came of a row by itself. */
enum lookup_outcome flow_outcome(const struct flow *f);
/* Whether a row's answer says that its name does not do: none such, or nothing
 * of that type. */
bool flow_is_negative(const struct flow *f);

/* The process of an owner, 0 where it is not known. */
uint32_t flow_owner_pid(const struct flow_table *t, uint32_t owner);

#endif
