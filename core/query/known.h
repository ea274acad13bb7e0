/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is remembered of ids (struct field's): a number each, until a sweep gives
 * interned ids to other texts.
 *
 * Whether an id's number is known is a bit, so that it is known at once for
 * hundreds of thousands of ids; the numbers themselves may be far away.
 */
#ifndef DNSTOP_QUERY_KNOWN_H
#define DNSTOP_QUERY_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/flow/intern.h"

struct known {
	const struct intern *store; /* NULL: the ids mean the same for ever */
	uint32_t generation;        /* of its ids */
	uint32_t limit;             /* ids below it have room */
	uint64_t *bits;
	uint32_t *numbers;
};

/* store may be NULL: then ids are below FIELD_IDS. */
void known_init(struct known *k, const struct intern *store);
void known_fini(struct known *k);

/* Whether ids have come to mean other texts: time for known_forget. */
static inline bool known_is_stale(const struct known *k)
{
	return k->store && intern_generation(k->store) != k->generation;
}

static inline bool known_has(const struct known *k, uint32_t id)
{
	return id < k->limit && k->bits[id / 64] >> (id % 64) & 1;
}

/* The number of an id that known_has. */
static inline uint32_t known_get(const struct known *k, uint32_t id)
{
	return k->numbers[id];
}

/* Begins anew, with the ids as they are now. */
void known_forget(struct known *k);
/* Where memory is short nothing is remembered. */
void known_put(struct known *k, uint32_t id, uint32_t number);

#endif
