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

#define RECENT_WAYS 8

struct recent_set {
	/* Newest first. */
	struct recent_entry {
		uint32_t tag; /* 0: empty */
		uint32_t seq;
	} way[RECENT_WAYS];
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

#endif
