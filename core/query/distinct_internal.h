/* SPDX-License-Identifier: BSD-2-Clause */
/* What distinct.c, which numbers the values, and distinct_order.c share. */
#ifndef DNSTOP_QUERY_DISTINCT_INTERNAL_H
#define DNSTOP_QUERY_DISTINCT_INTERNAL_H

#include "core/query/distinct.h"
#include "core/query/known.h"

struct entry {
	struct value value;
	bool lowered; /* seen in several spellings */
};

/* The numbers of two values. */
struct pair {
	uint32_t first;
	uint32_t second;
};

struct chunk;
struct slot;

struct distinct {
	const struct row_source *src;
	const struct field *field;
	uint32_t max;
	uint32_t count;
	uint32_t room; /* of entries */
	uint32_t mask; /* slots - 1 */
	int error;
	struct entry *entries;
	struct slot *slots;
	struct chunk *chunks;
	size_t chunk_bytes;
	struct known by_id; /* where the field has an id */
	/* Of pairs: what numbers their halves, and the pairs instead of entries. */
	struct distinct *first;
	struct distinct *second;
	struct pair *pairs;
};

static inline bool distinct_is_text(const struct value *v)
{
	return v->type == VALUE_TEXT || v->type == VALUE_LIST;
}

#endif
