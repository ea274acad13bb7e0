/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int flow_index_init(struct flow_index *ix, uint32_t rows)
{
	/* Half full at the most, so that a probe stays within a cache line or two. */
	uint32_t slots = rows < 32 ? 64 : 2 * rows;

	ix->mask = slots - 1;
	ix->row_mask = rows - 1;
	ix->slots = calloc(slots, sizeof(ix->slots[0]));
	ix->tags = calloc(rows, sizeof(ix->tags[0]));
	return ix->slots && ix->tags ? 0 : -ENOMEM;
}

void flow_index_fini(struct flow_index *ix)
{
	free(ix->slots);
	free(ix->tags);
}

void flow_index_clear(struct flow_index *ix)
{
	memset(ix->slots, 0, ((size_t)ix->mask + 1) * sizeof(ix->slots[0]));
}

void flow_index_enter(struct flow_index *ix, struct index_slot *slot, uint32_t tag, uint32_t seq)
{
	*slot = (struct index_slot){ .tag = tag, .seq = seq };
	ix->tags[seq & ix->row_mask] = tag;
}

/* Moves the slots behind an emptied one up, so that no probe ends too early. */
static void slots_close(struct flow_index *ix, uint32_t hole)
{
	for (uint32_t at = (hole + 1) & ix->mask; ix->slots[at].tag; at = (at + 1) & ix->mask) {
		uint32_t home = ix->slots[at].tag & ix->mask;

		/* It may move where the hole lies between its home and its slot. */
		if (((at - home) & ix->mask) < ((at - hole) & ix->mask))
			continue;
		ix->slots[hole] = ix->slots[at];
		hole = at;
	}
	ix->slots[hole].tag = 0;
}

void flow_index_leave(struct flow_index *ix, uint32_t seq)
{
	uint32_t tag = ix->tags[seq & ix->row_mask];

	for (uint32_t at = tag & ix->mask; ix->slots[at].tag; at = (at + 1) & ix->mask) {
		if (ix->slots[at].tag == tag && ix->slots[at].seq == seq) {
			slots_close(ix, at);
			return;
		}
	}
}
