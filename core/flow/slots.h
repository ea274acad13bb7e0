/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hash table from 32 bits of hash, the tag, to 32-bit values: the index of
 * interned strings and that of rows by key.
 *
 * Entries lie seven in a cache line, whose tags are compared all at once. What
 * finds its line full goes to the next that is not, and each line that it passed
 * counts it: a walk ends at the first line that nothing went on from, which nearly
 * always is the one where it began. Nothing moves but when a part grows.
 *
 * Whether a value found by its tag is the one sought only its caller can say,
 * who looks at what it stands for. Parts grow one by one, by the tag alone and
 * in order of memory, so no growth takes longer than a few milliseconds.
 */
#ifndef DNSTOP_FLOW_SLOTS_H
#define DNSTOP_FLOW_SLOTS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/base/fetch.h"

#define SLOTS_LANES 7u
#define SLOTS_LINE  8u /* from a tag to its value */

struct slots_line {
	uint32_t tag[SLOTS_LANES]; /* 0: empty */
	uint32_t passed;           /* entries that went on from here */
	uint32_t value[SLOTS_LANES];
	uint32_t unused;
};

#define SLOTS_PART_BITS 3u

struct slots {
	struct slots_part {
		struct slots_line *lines; /* 1 << bits */
		uint32_t bits;
		uint32_t used;
	} part[1u << SLOTS_PART_BITS];
};

/* Where a walk over the entries of a tag is. */
struct slots_walk {
	struct slots_line *line;
	uint32_t lanes; /* a bit for each in this line that is still to be told */
};

/* 0 or -ENOMEM; slots_fini in either case, of zeroed memory too. */
int slots_init(struct slots *s);
void slots_fini(struct slots *s);
/* Empties it, keeping its memory. */
void slots_clear(struct slots *s);

/* Enters a value beside those that the tag may have. False when memory is short. */
bool slots_put(struct slots *s, uint32_t tag, uint32_t value);
/* Takes out the value of this tag that a walk has told. */
void slots_remove(struct slots *s, uint32_t tag, uint32_t *value);
/* Takes out those values that keep() refuses. */
void slots_filter(struct slots *s, bool (*keep)(const void *ctx, uint32_t value), const void *ctx);

/* slots_next's: goes on to the next line, if any entry of the walk's can be there. */
bool slots_pass(const struct slots *s, uint32_t tag, struct slots_walk *w);

/* A hash's tag: never 0. */
static inline uint32_t slots_tag(uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32);

	return tag ? tag : 1;
}

/* The line in which a walk begins. */
static inline struct slots_line *slots_home(const struct slots *s, uint32_t tag)
{
	const struct slots_part *p = &s->part[tag >> (32 - SLOTS_PART_BITS)];

	return &p->lines[tag << SLOTS_PART_BITS >> (32 - p->bits)];
}

static inline void slots_fetch(const struct slots *s, uint32_t tag)
{
	fetch(slots_home(s, tag));
}

/* A bit for each lane of the line that has the tag. */
static inline uint32_t slots_match(const struct slots_line *line, uint32_t tag)
{
	typedef uint32_t four __attribute__((vector_size(16)));
	const char *bytes = (const char *)line;
	uint64_t half[2];
	four low, high;

	memcpy(&low, bytes, sizeof(low));
	memcpy(&high, bytes + sizeof(low), sizeof(high));
	low = ((four)(low == tag) & (four){ 1, 2, 4, 8 }) |
	      ((four)(high == tag) & (four){ 16, 32, 64, 0 });
	memcpy(half, &low, sizeof(half));
	half[0] |= half[1];
	return (uint32_t)(half[0] | half[0] >> 32);
}

static inline struct slots_walk slots_walk(const struct slots *s, uint32_t tag)
{
	struct slots_line *line = slots_home(s, tag);

	return (struct slots_walk){ .line = line, .lanes = slots_match(line, tag) };
}

/* The next value of the tag, or NULL. It stays where it is until slots_put. */
static inline uint32_t *slots_next(const struct slots *s, uint32_t tag, struct slots_walk *w)
{
	unsigned lane;

	while (__builtin_expect(!w->lanes, 0)) {
		if (__builtin_expect(!w->line->passed, 1) || !slots_pass(s, tag, w))
			return NULL;
	}
	lane = (unsigned)__builtin_ctz(w->lanes);
	w->lanes &= w->lanes - 1;
	return &w->line->value[lane];
}

/* The first value of the tag in the line where a walk begins, or NULL; where the walk
 * may go on behind it, that is fetched. For fetching ahead what a value stands for. */
static inline const uint32_t *slots_peek(const struct slots *s, uint32_t tag)
{
	struct slots_walk w = slots_walk(s, tag);

	if (__builtin_expect(w.line->passed, 0))
		fetch(w.line + 1);
	return w.lanes ? &w.line->value[__builtin_ctz(w.lanes)] : NULL;
}

/* The tag that a value told by a walk has now: 0 when it has been taken out. */
static inline uint32_t slots_tag_of(const uint32_t *value)
{
	return *(value - SLOTS_LINE);
}

_Static_assert(sizeof(struct slots_line) == 64, "a cache line");

#endif
