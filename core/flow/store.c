/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/store.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/pages.h"

/* Positions count granules from the start and wrap at 32 bits: a reference is
 * the position of its block, and the block says its own position. */
#define GRANULE 8u

struct head {
	uint32_t ref;
	uint32_t len;
};

_Static_assert(sizeof(struct head) == GRANULE, "a block's head is one granule");

struct store {
	uint8_t *ring;
	uint32_t granules; /* a power of two, so that positions may wrap; 0: keeps nothing */
	uint32_t next;     /* position of the next block */
};

struct store *store_new(size_t capacity)
{
	struct store *s = calloc(1, sizeof(*s));
	uint32_t granules = 1;

	if (!s)
		return NULL;
	if (capacity < 4 * GRANULE)
		return s;
	while (granules < 1u << 30 && (size_t)granules * 2 * GRANULE <= capacity)
		granules *= 2;
	s->ring = pages_alloc(granules, GRANULE);
	if (!s->ring) {
		free(s);
		return NULL;
	}
	s->granules = granules;
	s->next = 1; /* position 0 is STORE_NONE */
	return s;
}

void store_free(struct store *s)
{
	if (s)
		pages_free(s->ring, s->granules, GRANULE);
	free(s);
}

bool store_keeps(const struct store *s)
{
	return s->granules > 0;
}

static inline uint32_t granules_for(size_t len)
{
	return 1 + (uint32_t)((len + GRANULE - 1) / GRANULE);
}

static inline struct head *store_at(const struct store *s, uint32_t position)
{
	return (struct head *)(void *)(s->ring + (size_t)(position & (s->granules - 1)) * GRANULE);
}

uint32_t store_put(struct store *s, const void *bytes, size_t len)
{
	if (s->granules == 0 || len > (size_t)s->granules * GRANULE / 4)
		return STORE_NONE;

	uint32_t need = granules_for(len);
	uint32_t left = s->granules - (s->next & (s->granules - 1));

	/* A block lies in one piece; position 0 comes round at a wrap. */
	if (need > left)
		s->next += left;
	if (s->next == STORE_NONE)
		s->next++;

	struct head *h = store_at(s, s->next);

	h->ref = s->next;
	h->len = (uint32_t)len;
	if (len)
		memcpy(h + 1, bytes, len);
	s->next += need;
	return h->ref;
}

const uint8_t *store_get(const struct store *s, uint32_t ref, size_t *len)
{
	if (ref == STORE_NONE || s->granules == 0)
		return NULL;
	/* Blocks that begin up to one ring behind `next` are whole. */
	if (s->next - ref - 1 >= s->granules)
		return NULL;

	const struct head *h = store_at(s, ref);

	/* A reference older than 2^32 granules may look new and meet a message's
	 * own bytes here: believe no length that leads out of the ring. */
	if (h->ref != ref || granules_for(h->len) > s->next - ref)
		return NULL;
	*len = h->len;
	return (const uint8_t *)(h + 1);
}
