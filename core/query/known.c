/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/known.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/pages.h"

#define FIRST_IDS (1u << 20) /* enough for huge pages */

static bool grow(struct known *k)
{
	uint32_t limit = intern_limit(k->store);
	uint32_t *more;

	limit = limit < FIRST_IDS ? FIRST_IDS : limit + limit / 2;
	more = pages_alloc(limit, sizeof(*more));
	if (!more)
		return false;
	if (k->numbers)
		memcpy(more, k->numbers, k->limit * sizeof(*more));
	pages_free(k->numbers, k->limit, sizeof(*k->numbers));
	k->numbers = more;
	k->limit = limit;
	return true;
}

uint32_t *known_number(struct known *k, uint32_t id)
{
	uint32_t generation = intern_generation(k->store);

	if (generation != k->generation && k->numbers)
		memset(k->numbers, 0, k->limit * sizeof(*k->numbers));
	k->generation = generation;
	if (id == INTERN_NONE || (id >= k->limit && !grow(k)))
		return NULL;
	return &k->numbers[id];
}

void known_fini(struct known *k)
{
	pages_free(k->numbers, k->limit, sizeof(*k->numbers));
}
