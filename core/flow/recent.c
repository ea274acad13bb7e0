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

	struct recent_set old = *set;

	for (int i = recent_any(set, tag) ? 0 : RECENT_WAYS; i < RECENT_WAYS; i++) {
		if (set->tag[i] == tag && set->seq[i] == seq)
			return;
	}
	memcpy(&set->tag[1], &old.tag[0], (RECENT_WAYS - 1) * sizeof(old.tag[0]));
	memcpy(&set->seq[1], &old.seq[0], (RECENT_WAYS - 1) * sizeof(old.seq[0]));
	set->tag[0] = tag;
	set->seq[0] = seq;
	r->used = true;
}
