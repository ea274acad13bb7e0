/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many small blocks in bounded memory: of sizes that are powers of two, in huge
 * pages where the system allows, and given back all at once. A block that is
 * given up serves the next one of its size.
 */
#ifndef DNSTOP_BASE_POOL_H
#define DNSTOP_BASE_POOL_H

#include <stddef.h>

#define POOL_CLASSES 12 /* 16 bytes to 32 KiB */
#define POOL_MAX     (16u << (POOL_CLASSES - 1))

struct pool_chunk;
struct pool_free;

/* With max set and all else zero it is empty. */
struct pool {
	size_t max;   /* bytes that it may take from the system */
	size_t bytes; /* that it has taken */
	size_t left;  /* of them, those of the newest chunk that were never used */
	struct pool_chunk *chunks;
	struct pool_free *free[POOL_CLASSES];
};

/* size zeroed bytes, aligned to 16; NULL when memory is short, max reached, or
 * size beyond POOL_MAX. */
void *pool_alloc(struct pool *p, size_t size);
/* Gives up a block of pool_alloc(p, size); NULL is fine. */
void pool_free(struct pool *p, void *block, size_t size);
/* Gives back all blocks; the pool is empty then. */
void pool_fini(struct pool *p);

#endif
