/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/legs.h"

#include <stdlib.h>

#include "core/base/pages.h"

/* Positions count granules from the start and wrap at 32 bits; a leg is one,
 * one with ends two that lie together. */
#define GRANULE      32u
#define GRANULES_MIN 64u
#define GRANULES_MAX (1u << 28)

_Static_assert(sizeof(struct leg) == GRANULE, "a leg is one granule");
_Static_assert(sizeof(struct leg_ends) == GRANULE, "its ends are another");

struct legs {
	struct leg *ring;
	uint32_t granules; /* a power of two */
	uint32_t next;     /* position of the next leg */
};

struct legs *legs_new(uint32_t n)
{
	struct legs *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->granules = GRANULES_MIN;
	while (l->granules < n && l->granules < GRANULES_MAX)
		l->granules *= 2;
	l->next = 1; /* position 0 is LEGS_NONE */
	l->ring = pages_alloc(l->granules, GRANULE);
	if (!l->ring) {
		free(l);
		return NULL;
	}
	return l;
}

void legs_free(struct legs *l)
{
	if (l)
		pages_free(l->ring, l->granules, GRANULE);
	free(l);
}

static inline struct leg *leg_at(const struct legs *l, uint32_t position)
{
	return &l->ring[position & (l->granules - 1)];
}

uint32_t legs_put(struct legs *l, const struct leg *leg, const struct leg_ends *ends)
{
	uint32_t need = leg->flags & LEG_ENDS ? 2 : 1;
	struct leg *to;

	if (need > l->granules - (l->next & (l->granules - 1)))
		l->next++;
	if (l->next == LEGS_NONE)
		l->next++;
	to = leg_at(l, l->next);
	*to = *leg;
	to->ref = l->next;
	if (need == 2)
		*(struct leg_ends *)(void *)(to + 1) = *ends;
	l->next += need;
	return to->ref;
}

const struct leg *legs_get(const struct legs *l, uint32_t seq, uint32_t ref)
{
	const struct leg *leg = leg_at(l, ref);

	/* A reference older than 2^32 granules may look new: then the row is another. */
	if (ref == LEGS_NONE || l->next - ref - 1 >= l->granules || leg->ref != ref ||
	    leg->seq != seq)
		return NULL;
	return leg;
}

const struct leg_ends *legs_ends(const struct leg *leg)
{
	return (const struct leg_ends *)(const void *)(leg + 1);
}
