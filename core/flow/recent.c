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

void recent_put(struct recent *r, uint64_t hash, uint32_t seq)
{
	struct recent_set *set = recent_set(r, hash);
	uint32_t tag = recent_tag(hash);

	for (int i = 0; i < RECENT_WAYS; i++) {
		if (set->way[i].tag == tag && set->way[i].seq == seq)
			return;
	}
	memmove(&set->way[1], &set->way[0], (RECENT_WAYS - 1) * sizeof(set->way[0]));
	set->way[0] = (struct recent_entry){ .tag = tag, .seq = seq };
	r->used = true;
}
