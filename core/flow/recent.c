/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/recent.h"

#include <errno.h>
#include <string.h>

#include "core/base/pages.h"

int recent_init(struct recent *r, uint32_t entries)
{
	uint32_t sets = 1;

	while (sets < entries / RECENT_WAYS)
		sets *= 2;
	r->mask = sets - 1;
	r->used = false;
	r->sets = pages_alloc(sets, sizeof(r->sets[0]));
	return r->sets ? 0 : -ENOMEM;
}

void recent_fini(struct recent *r)
{
	pages_free(r->sets, (size_t)r->mask + 1, sizeof(r->sets[0]));
}

void recent_clear(struct recent *r)
{
	memset(r->sets, 0, ((size_t)r->mask + 1) * sizeof(r->sets[0]));
	r->used = false;
}

/* Makes room for a newer one at the front: in registers, as bytes just stored are
 * slow to load at other places. */
static void make_room(uint32_t way[RECENT_WAYS])
{
	uint32_t low[4], high[4];

	memcpy(low, &way[0], sizeof(low));
	memcpy(high, &way[3], sizeof(high));
	memcpy(&way[1], low, sizeof(low));
	memcpy(&way[4], high, sizeof(high));
}

void recent_put(struct recent *r, uint64_t hash, uint32_t seq)
{
	struct recent_set *set = recent_set(r, hash);
	uint32_t tag = recent_tag(hash);

	for (int i = recent_any(set, tag) ? 0 : RECENT_WAYS; i < RECENT_WAYS; i++) {
		if (set->tag[i] == tag && set->seq[i] == seq)
			return;
	}
	make_room(set->tag);
	make_room(set->seq);
	set->tag[0] = tag;
	set->seq[0] = seq;
	r->used = true;
}

_Static_assert(RECENT_WAYS == 8, "all but the last in two parts of four");
