/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/pool.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/pages.h"

#define BLOCK_MIN ((size_t)16)

/* The first chunk is small, for those who need little; each further one is twice
 * as large, up to where more would be of no use. */
#define CHUNK_MIN ((size_t)64 << 10)
#define CHUNK_MAX ((size_t)8 << 20)

struct pool_chunk {
	struct pool_chunk *next;
	size_t bytes;
};

/* What a block begins with while nobody has it. */
struct pool_free {
	struct pool_free *next;
};

_Static_assert(sizeof(struct pool_chunk) <= BLOCK_MIN, "blocks begin after it");

static unsigned class_of(size_t size)
{
	return size <= BLOCK_MIN ? 0 : 60u - (unsigned)__builtin_clzll(size - 1);
}

static bool add_chunk(struct pool *p, size_t size)
{
	size_t bytes = p->chunks ? p->chunks->bytes * 2 : CHUNK_MIN;
	struct pool_chunk *c;

	if (bytes > CHUNK_MAX)
		bytes = CHUNK_MAX;
	if (bytes > p->max - p->bytes)
		bytes = (p->max - p->bytes) & ~(BLOCK_MIN - 1);
	if (bytes < BLOCK_MIN + size)
		return false;
	c = pages_alloc(bytes, 1);
	if (!c)
		return false;
	c->next = p->chunks;
	c->bytes = bytes;
	p->chunks = c;
	p->bytes += bytes;
	p->left = bytes - BLOCK_MIN;
	return true;
}

void *pool_alloc(struct pool *p, size_t size)
{
	unsigned class = class_of(size);
	size_t bytes = BLOCK_MIN << class;
	struct pool_free *block;

	if (size > POOL_MAX)
		return NULL;
	block = p->free[class];
	if (block) {
		p->free[class] = block->next;
		return memset(block, 0, size);
	}
	if (p->left < bytes && !add_chunk(p, bytes))
		return NULL;
	p->left -= bytes;
	return (char *)p->chunks + BLOCK_MIN + p->left;
}

void pool_free(struct pool *p, void *block, size_t size)
{
	struct pool_free *given = block, **list = &p->free[class_of(size)];

	if (!block)
		return;
	given->next = *list;
	*list = given;
}

void pool_fini(struct pool *p)
{
	struct pool_chunk *next;

	for (struct pool_chunk *c = p->chunks; c; c = next) {
		next = c->next;
		pages_free(c, c->bytes, 1);
	}
	*p = (struct pool){ .max = p->max };
}
