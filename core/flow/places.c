/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/escape.h"
#include "core/base/hash.h"
#include "core/flow/path.h"

#define PLACES_MAX 4096u
#define SLOTS      (4 * PLACES_MAX)
#define WORDS      (PLACES_MAX / 64)
/* A sweep reads every row: not before this part of max_flows has gone. */
#define SWEEP_SHARE 8u

int places_init(struct flow_table *t)
{
	t->n_places = 1;
	t->max_places = PLACES_MAX;
	t->places = calloc(PLACES_MAX, sizeof(t->places[0]));
	t->place_slots = calloc(SLOTS, sizeof(t->place_slots[0]));
	t->places_used = calloc(WORDS, sizeof(t->places_used[0]));
	if (!t->places || !t->place_slots || !t->places_used)
		return -ENOMEM;
	t->places_used[0] = 1;
	return 0;
}

void places_fini(struct flow_table *t)
{
	free(t->places);
	free(t->place_slots);
	free(t->places_used);
}

void places_clear(struct flow_table *t)
{
	memset(t->place_slots, 0, SLOTS * sizeof(t->place_slots[0]));
	memset(t->places_used, 0, WORDS * sizeof(t->places_used[0]));
	t->places_used[0] = 1;
	t->n_places = 1;
	memset(t->recent_places, 0, sizeof(t->recent_places));
}

static bool place_is(const struct place *p, const struct place *q)
{
	return p->netns == q->netns && p->ifindex == q->ifindex &&
	       memcmp(p->ifname, q->ifname, sizeof(p->ifname)) == 0;
}

/* The slot that names the place, or the empty one where it belongs. */
static uint16_t *slot_find(const struct flow_table *t, const struct place *p)
{
	uint32_t at = (uint32_t)hash_bytes(p, sizeof(*p), t->hash_seed) % SLOTS;

	while (t->place_slots[at] && !place_is(&t->places[t->place_slots[at]], p))
		at = (at + 1) % SLOTS;
	return &t->place_slots[at];
}

static void place_use(struct flow_table *t, uint16_t place)
{
	t->places_used[place / 64] |= 1ull << (place % 64);
}

static void leg_use(void *ctx, const struct leg *leg)
{
	place_use(ctx, leg->place);
}

static void places_sweep(struct flow_table *t)
{
	places_clear(t);
	t->n_places = PLACES_MAX;
	for (uint32_t i = 0; i < t->count; i++) {
		const struct flow *f = flow_table_row(t, flow_table_oldest(t) + i);
		const struct flow_side *side = flow_table_side(t, f);

		place_use(t, f->place);
		if (side)
			place_use(t, side->drop_place);
		path_each(t, f, leg_use, t);
	}
	for (uint16_t i = 1; i < PLACES_MAX; i++) {
		if (t->places_used[i / 64] >> (i % 64) & 1)
			*slot_find(t, &t->places[i]) = i;
	}
	t->places_swept = t->evicted;
}

/* An index that no row names, or 0. */
static uint16_t place_unused(struct flow_table *t)
{
	if (t->n_places < PLACES_MAX)
		return t->n_places++;
	for (uint16_t word = 0; word < WORDS; word++) {
		if (~t->places_used[word])
			return (uint16_t)(word * 64 + __builtin_ctzll(~t->places_used[word]));
	}
	return 0;
}

/* A name that needs no escaping is as it was. */
static bool place_is_raw(const struct place *p, uint32_t netns, uint32_t ifindex,
			 const char *ifname)
{
	if (p->netns != netns || p->ifindex != ifindex)
		return false;
	return ifname ? strncmp(p->ifname, ifname, sizeof(p->ifname)) == 0 : !p->ifname[0];
}

uint16_t flow_table_place(struct flow_table *t, uint32_t netns, uint32_t ifindex,
			  const char *ifname)
{
	struct place p = { .netns = netns, .ifindex = ifindex };
	uint16_t *recent = &t->recent_places[(netns + 5 * ifindex) % FLOW_TABLE_RECENT_PLACES];
	uint16_t *slot, place;

	if (place_is_raw(&t->places[*recent], netns, ifindex, ifname))
		return *recent;
	if (place_is_raw(&t->places[0], netns, ifindex, ifname))
		return 0;
	if (ifname)
		escape_bytes(p.ifname, sizeof(p.ifname), ifname, sizeof(p.ifname));
	slot = slot_find(t, &p);
	place = *slot;
	if (!place) {
		place = place_unused(t);
		if (!place && t->evicted - t->places_swept > t->max_flows / SWEEP_SHARE) {
			places_sweep(t);
			slot = slot_find(t, &p);
			place = place_unused(t);
		}
		if (!place) {
			t->places_lost++;
			return 0;
		}
		t->places[place] = p;
		place_use(t, place);
		*slot = place;
	}
	*recent = place;
	return place;
}
