/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one hash of the project: XXH3 with a seed. Names and addresses come
 * from the network, so every table is seeded at random in production and with
 * a constant in tests.
 */
#ifndef DNSTOP_BASE_HASH_H
#define DNSTOP_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static inline uint64_t hash_bytes(const void *data, size_t len, uint64_t seed)
{
	return XXH3_64bits_withSeed(data, len, seed);
}

/* Folds one word into a hash: for keys made of a few integers. */
static inline uint64_t hash_mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
	return hash ^ (hash >> 32);
}

/* Of two seeded hashes, either of which may have words from the network folded
 * in by exclusive or. */
static inline uint64_t hash_pair(uint64_t a, uint64_t b)
{
	return XXH3_mul128_fold64(a, b ^ 0x9e3779b97f4a7c15ULL);
}

#endif
