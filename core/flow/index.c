/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/index.h"

#include <errno.h>
#include <string.h>

#include "core/base/pages.h"

#define BITS_MIN 9u
#define BITS_MAX 30u

int flow_index_init(struct flow_index *ix, uint32_t rows)
{
	ix->bits = BITS_MIN;
	ix->used = 0;
	ix->row_mask = rows - 1;
	ix->slots = pages_alloc((size_t)1 << ix->bits, sizeof(ix->slots[0]));
	ix->tags = pages_alloc(rows, sizeof(ix->tags[0]));
	return ix->slots && ix->tags ? 0 : -ENOMEM;
}

void flow_index_fini(struct flow_index *ix)
{
	pages_free(ix->slots, (size_t)1 << ix->bits, sizeof(ix->slots[0]));
	pages_free(ix->tags, (size_t)ix->row_mask + 1, sizeof(ix->tags[0]));
}

void flow_index_clear(struct flow_index *ix)
{
	memset(ix->slots, 0, sizeof(ix->slots[0]) << ix->bits);
	ix->used = 0;
}

/* To twice the slots. Where memory is short it stays as it is. */
static void index_grow(struct flow_index *ix)
{
	struct index_slot *old = ix->slots;
	uint32_t n_old = 1u << ix->bits;
	struct index_slot *slots = pages_alloc((size_t)n_old * 2, sizeof(slots[0]));

	if (!slots)
		return;
	ix->slots = slots;
	ix->bits++;
	for (uint32_t i = 0; i < n_old; i++) {
		struct index_slot *slot = flow_index_home(ix, old[i].tag);

		if (!old[i].tag)
			continue;
		while (slot->tag)
			slot = flow_index_next(ix, slot);
		*slot = old[i];
	}
	pages_free(old, n_old, sizeof(old[0]));
}

void flow_index_enter(struct flow_index *ix, struct index_slot *slot, uint32_t tag, uint32_t seq)
{
	uint32_t slots = 1u << ix->bits;

	ix->tags[seq & ix->row_mask] = tag;
	if (!slot->tag) {
		/* A probe must end at an empty slot: with no memory to grow, a new
		 * key stays unknown and its row unanswered. */
		if (ix->used >= slots - slots / 8)
			return;
		ix->used++;
	}
	*slot = (struct index_slot){ .tag = tag, .seq = seq };
	/* Half full at the most, so that a probe stays within a cache line or two. */
	if (ix->used > slots / 2 && ix->bits < BITS_MAX)
		index_grow(ix);
}

/* Moves the slots behind an emptied one up, so that no probe ends too early. */
static void slots_close(struct flow_index *ix, uint32_t hole)
{
	uint32_t mask = (1u << ix->bits) - 1;

	for (uint32_t at = (hole + 1) & mask; ix->slots[at].tag; at = (at + 1) & mask) {
		uint32_t home = ix->slots[at].tag >> (32 - ix->bits);

		/* It may move where the hole lies between its home and its slot. */
		if (((at - home) & mask) < ((at - hole) & mask))
			continue;
		ix->slots[hole] = ix->slots[at];
		hole = at;
	}
	ix->slots[hole].tag = 0;
	ix->used--;
}

void flow_index_leave(struct flow_index *ix, uint32_t seq)
{
	uint32_t tag = ix->tags[seq & ix->row_mask];
	struct index_slot *slot = flow_index_home(ix, tag);

	while (slot->tag && (slot->tag != tag || slot->seq != seq))
		slot = flow_index_next(ix, slot);
	if (slot->tag)
		slots_close(ix, (uint32_t)(slot - ix->slots));
}
