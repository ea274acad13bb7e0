/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small memory of rows by the hash of something other than their key: sets
 * of one cache line, in which the newest entry drives out the oldest.
 *
 * It forgets, and it keeps entries of rows long gone: a look-up gives
 * candidates, whose facts the caller checks. Several rows may have one hash.
 */
#ifndef DNSTOP_FLOW_RECENT_H
#define DNSTOP_FLOW_RECENT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RECENT_WAYS 8

/* Newest first. */
struct recent_set {
	uint32_t tag[RECENT_WAYS]; /* 0: empty */
	uint32_t seq[RECENT_WAYS];
};

struct recent {
	struct recent_set *sets;
	uint32_t mask;
	bool used; /* false: nothing in it, a look-up can be spared */
};

/* About `entries` in all, at least one set. 0 or -ENOMEM. */
int recent_init(struct recent *r, uint32_t entries);
void recent_fini(struct recent *r);
void recent_clear(struct recent *r);
/* Enters seq under hash; an entry that is there already is not entered again. */
void recent_put(struct recent *r, uint64_t hash, uint32_t seq);

static inline uint32_t recent_tag(uint64_t hash)
{
	return (uint32_t)(hash >> 32) | 1;
}

/* The set in which entries with recent_tag(hash) may be. */
static inline struct recent_set *recent_set(const struct recent *r, uint64_t hash)
{
	return &r->sets[(uint32_t)hash & r->mask];
}

/* The first way from `way` on that has the tag, or RECENT_WAYS. */
static inline int recent_next(const struct recent_set *set, uint32_t tag, int way)
{
	while (way < RECENT_WAYS && set->tag[way] != tag)
		way++;
	return way;
}

/* Whether any way has the tag: mostly none has, and that is told at once. */
static inline bool recent_any(const struct recent_set *set, uint32_t tag)
{
	uint32_t lanes __attribute__((vector_size(16))), more __attribute__((vector_size(16)));
	uint64_t half[2];

	memcpy(&lanes, &set->tag[0], sizeof(lanes));
	memcpy(&more, &set->tag[RECENT_WAYS / 2], sizeof(more));
	lanes = (lanes == tag) | (more == tag);
	memcpy(half, &lanes, sizeof(half));
	return half[0] | half[1];
}

#endif
