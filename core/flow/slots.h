/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hash table from 32 bits of hash, the tag, to 32-bit values, with linear
 * probing: the index of interned strings and that of rows by key.
 *
 * Whether a value found by its tag is the one sought only its caller can say,
 * who looks at what it stands for. Parts grow one by one, by the tag alone and
 * in order of memory, so no growth takes longer than a few milliseconds.
 */
#ifndef DNSTOP_FLOW_SLOTS_H
#define DNSTOP_FLOW_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

struct slot {
	uint32_t tag; /* 0: empty */
	uint32_t value;
};

#define SLOTS_PART_BITS 3u

struct slots {
	struct slots_part {
		struct slot *slot; /* 1 << bits */
		struct slot *end;
		uint32_t bits;
		uint32_t shift; /* 32 - bits */
		uint32_t used;
		uint32_t moves; /* changes whenever slots are filled or move */
	} part[1u << SLOTS_PART_BITS];
};

/* 0 or -ENOMEM; slots_fini in either case, of zeroed memory too. */
int slots_init(struct slots *s);
void slots_fini(struct slots *s);
/* Empties it, keeping its memory. */
void slots_clear(struct slots *s);

/* Fills the empty slot at which a walk with this tag ended. Slots move. False
 * when memory is short. */
bool slots_put(struct slots *s, struct slot *slot, uint32_t tag, uint32_t value);
/* Empties a slot. Slots move. */
void slots_remove(struct slots *s, struct slot *slot);
/* Empties those whose values keep() refuses. */
void slots_filter(struct slots *s, bool (*keep)(const void *ctx, uint32_t value), const void *ctx);

/* A hash's tag: never 0. */
static inline uint32_t slots_tag(uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32);

	return tag ? tag : 1;
}

static inline const struct slots_part *slots_part(const struct slots *s, uint32_t tag)
{
	return &s->part[tag >> (32 - SLOTS_PART_BITS)];
}

/* Where a tag belongs: a walk begins here, goes on by slots_next, and ends at an
 * empty slot. */
static inline struct slot *slots_home(const struct slots *s, uint32_t tag)
{
	const struct slots_part *p = slots_part(s, tag);

	return &p->slot[tag << SLOTS_PART_BITS >> p->shift];
}

static inline struct slot *slots_next(const struct slots *s, const struct slot *slot, uint32_t tag)
{
	const struct slots_part *p = slots_part(s, tag);
	const struct slot *next = slot + 1;

	return next == p->end ? p->slot : (struct slot *)next;
}

/* A slot's number in its part, and back: for a guess, as slots move. */
static inline uint32_t slots_number(const struct slots *s, const struct slot *slot, uint32_t tag)
{
	return (uint32_t)(slot - slots_part(s, tag)->slot);
}

static inline struct slot *slots_at(const struct slots *s, uint32_t number, uint32_t tag)
{
	const struct slots_part *p = slots_part(s, tag);

	return &p->slot[number & ((1u << p->bits) - 1)];
}

/* The first slot with this tag, else the empty one at its walk's end: for
 * fetching ahead what it stands for, which nearly always is the one sought. */
static inline const struct slot *slots_guess(const struct slots *s, uint32_t tag)
{
	const struct slot *slot = slots_home(s, tag);

	while (slot->tag && slot->tag != tag)
		slot = slots_next(s, slot, tag);
	return slot;
}

#endif
