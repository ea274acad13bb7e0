/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The index of rows by key: a hash table with linear probing that holds, for
 * each key in the table, the newest row that has it. Older rows with the same
 * key hang on the row's same_key.
 *
 * A slot has 32 bits of the key's hash beside the seq; whether the row really
 * has the key its caller says, who looks at the row anyway. The index also
 * remembers each row's tag, so that a row can leave without its key.
 *
 * Positions are the tag's high bits, so that growing reads and writes in order
 * and takes a few milliseconds at a million rows.
 */
#ifndef DNSTOP_FLOW_INDEX_H
#define DNSTOP_FLOW_INDEX_H

#include <stdint.h>

struct index_slot {
	uint32_t tag; /* 0: empty */
	uint32_t seq;
};

struct flow_index {
	struct index_slot *slots;
	uint32_t *tags; /* by the row's place in the ring */
	uint32_t bits;  /* 1 << bits slots */
	uint32_t used;
	uint32_t row_mask;
};

/* For a ring of `rows` rows, a power of two of at most 2^28. 0 or -ENOMEM. */
int flow_index_init(struct flow_index *ix, uint32_t rows);
void flow_index_fini(struct flow_index *ix);
void flow_index_clear(struct flow_index *ix);

/* Makes seq the newest row of the key whose slot this is: one that a walk with
 * this tag gave, or ended at. Slots move. */
void flow_index_enter(struct flow_index *ix, struct index_slot *slot, uint32_t tag, uint32_t seq);
/* Takes out a row that is about to go; nothing where a newer one has its slot. */
void flow_index_leave(struct flow_index *ix, uint32_t seq);

/* The tag of a key's hash: never 0. */
static inline uint32_t flow_index_tag(uint64_t hash)
{
	uint32_t tag = (uint32_t)hash;

	return tag ? tag : 1;
}

static inline struct index_slot *flow_index_home(const struct flow_index *ix, uint32_t tag)
{
	return &ix->slots[tag >> (32 - ix->bits)];
}

static inline struct index_slot *flow_index_next(const struct flow_index *ix,
						 const struct index_slot *slot)
{
	uint32_t mask = (1u << ix->bits) - 1;

	return &ix->slots[(uint32_t)(slot - ix->slots + 1) & mask];
}

/* Fetches ahead what the row's leaving will read. */
static inline void flow_index_prefetch(const struct flow_index *ix, uint32_t seq)
{
	__builtin_prefetch(flow_index_home(ix, ix->tags[seq & ix->row_mask]));
}

#endif
