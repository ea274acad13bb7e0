/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/peers.h"

#include <errno.h>
#include <string.h>

#include "core/base/fetch.h"
#include "core/base/pages.h"

#define SETS 2048u

int peers_init(struct peers *p)
{
	p->sets = pages_alloc(SETS, sizeof(p->sets[0]));
	return p->sets ? 0 : -ENOMEM;
}

void peers_fini(struct peers *p)
{
	pages_free(p->sets, SETS, sizeof(p->sets[0]));
}

void peers_clear(struct peers *p)
{
	memset(p->sets, 0, SETS * sizeof(p->sets[0]));
}

static struct peer_set *set_of(const struct peers *p, uint64_t who)
{
	return &p->sets[(who >> 1) % SETS];
}

void peers_fetch(const struct peers *p, uint64_t who)
{
	fetch(set_of(p, who));
}

struct peer *peers_find(const struct peers *p, uint64_t who)
{
	struct peer_set *set = set_of(p, who);

	for (int i = 0; i < PEER_WAYS; i++) {
		if (set->way[i].key == who)
			return &set->way[i];
	}
	return NULL;
}

/* Whether a goes before b when there is no room for both. */
static bool goes_before(const struct peer *a, const struct peer *b)
{
	if (!a->key || !b->key)
		return !a->key;
	if (a->asks != b->asks)
		return !a->asks;
	return (int32_t)(a->last_seq - b->last_seq) < 0;
}

bool peers_serves(struct peers *p, uint64_t who, uint32_t seq)
{
	struct peer *known = peers_find(p, who);
	struct peer_set *set = set_of(p, who);
	struct peer *out = &set->way[0];

	if (known) {
		if (!known->asks)
			known->last_seq = seq;
		return false;
	}
	for (int i = 1; i < PEER_WAYS; i++) {
		if (goes_before(&set->way[i], out))
			out = &set->way[i];
	}
	*out = (struct peer){ .key = who, .last_seq = seq };
	return true;
}

void peers_asks(struct peers *p, uint64_t who, uint32_t seq)
{
	struct peer *known = peers_find(p, who);

	if (!known)
		return;
	known->asks = true;
	known->last_seq = seq;
}
