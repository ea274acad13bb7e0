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
