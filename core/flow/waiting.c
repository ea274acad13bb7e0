/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/waiting.h"

#include <errno.h>

#include "core/base/pages.h"

int waiting_init(struct waiting *w, uint32_t rows)
{
	w->row_mask = rows - 1;
	waiting_clear(w);
	w->links = pages_alloc(rows, sizeof(w->links[0]));
	return w->links ? 0 : -ENOMEM;
}

void waiting_fini(struct waiting *w)
{
	pages_free(w->links, (size_t)w->row_mask + 1, sizeof(w->links[0]));
}

void waiting_clear(struct waiting *w)
{
	for (int i = 0; i < WAITING_LISTS; i++)
		w->ends[i] = (struct waiting_ends){ WAITING_END, WAITING_END };
}

void waiting_append(struct waiting *w, enum waiting_for list, uint32_t seq, uint64_t since_ns)
{
	struct waiting_ends *ends = &w->ends[list];
	uint32_t at = seq & w->row_mask;

	w->links[at] = (struct waiting_link){
		.since_ns = since_ns,
		.prev = ends->last,
		.next = WAITING_END,
	};
	if (ends->last == WAITING_END)
		ends->first = at;
	else
		w->links[ends->last].next = at;
	ends->last = at;
}

void waiting_remove(struct waiting *w, enum waiting_for list, uint32_t seq)
{
	struct waiting_ends *ends = &w->ends[list];
	struct waiting_link link = w->links[seq & w->row_mask];

	if (link.prev == WAITING_END)
		ends->first = link.next;
	else
		w->links[link.prev].next = link.next;
	if (link.next == WAITING_END)
		ends->last = link.prev;
	else
		w->links[link.next].prev = link.prev;
}
