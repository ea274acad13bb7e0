/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/known.h"

#include <string.h>

#include "core/base/pages.h"
#include "core/query/field.h"

#define FIRST_IDS 65536

static size_t words(uint32_t limit)
{
	return (size_t)limit / 64 + 1;
}

void known_init(struct known *k, const struct intern *store)
{
	*k = (struct known){ .store = store };
	if (store)
		k->generation = intern_generation(store);
}

void known_fini(struct known *k)
{
	pages_free(k->bits, words(k->limit), sizeof(*k->bits));
	pages_free(k->numbers, k->limit, sizeof(*k->numbers));
}

void known_forget(struct known *k)
{
	if (k->store)
		k->generation = intern_generation(k->store);
	if (k->limit)
		memset(k->bits, 0, words(k->limit) * sizeof(*k->bits));
}

/* Pages are taken as ids are put. */
static bool grow(struct known *k)
{
	uint32_t limit = k->store ? intern_limit(k->store) : FIELD_IDS;
	struct known more = { .store = k->store, .generation = k->generation };

	more.limit = limit < FIRST_IDS ? FIRST_IDS : limit + limit / 2;
	more.bits = pages_alloc(words(more.limit), sizeof(*more.bits));
	more.numbers = pages_alloc(more.limit, sizeof(*more.numbers));
	if (!more.bits || !more.numbers) {
		known_fini(&more);
		return false;
	}
	if (k->limit) {
		memcpy(more.bits, k->bits, words(k->limit) * sizeof(*k->bits));
		memcpy(more.numbers, k->numbers, k->limit * sizeof(*k->numbers));
	}
	known_fini(k);
	*k = more;
	return true;
}

void known_put(struct known *k, uint32_t id, uint32_t number)
{
	if (id >= k->limit && !grow(k))
		return;
	k->bits[id / 64] |= 1ull << (id % 64);
	k->numbers[id] = number;
}
