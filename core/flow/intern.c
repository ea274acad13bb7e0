/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/intern.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/fetch.h"
#include "core/base/hash.h"
#include "core/base/pages.h"
#include "core/flow/slots.h"

/*
 * Strings lie in one arena, cut into granules; an id is the number of a
 * block's first granule, so a text is one memory access from its id. A block
 * in use begins with the string's length, a free one with FREE_BIT and its own
 * length in granules, then the id of the next free one of that size.
 */
#define GRANULE  16u
#define HEAD     2u
#define CLASSES  66u /* block sizes in granules, [0] unused */
#define FREE_BIT 0x8000u

_Static_assert(INTERN_MAX_LEN == (CLASSES - 1) * GRANULE - HEAD - 1, "the longest block's string");

struct intern {
	uint8_t *arena;
	struct slots index; /* tags of hashes to ids */
	uint64_t *marks;    /* a bit a granule */
	uint64_t seed;
	uint64_t lost;
	uint32_t granules; /* in the arena; number 0 is INTERN_NONE's */
	uint32_t fresh;    /* from here on the arena was never used */
	uint32_t used;     /* granules of blocks in use */
	uint32_t count;
	uint32_t max_entries;
	uint32_t generation;
	uint32_t free_head[CLASSES];
	uint64_t free_classes[2]; /* which heads are not empty */
};

struct intern *intern_new(uint32_t max_entries, size_t max_bytes, uint64_t hash_seed)
{
	struct intern *in = calloc(1, sizeof(*in));
	size_t granules = max_bytes / GRANULE + 1;

	if (!in)
		return NULL;
	in->granules = granules < UINT32_MAX ? (uint32_t)granules : UINT32_MAX;
	in->fresh = 1;
	in->max_entries = max_entries;
	in->seed = hash_seed;
	/* Fresh pages cost nothing until strings are there. */
	in->arena = pages_alloc(in->granules, GRANULE);
	in->marks = pages_alloc(in->granules / 64 + 1, sizeof(in->marks[0]));
	if (slots_init(&in->index) < 0 || !in->arena || !in->marks) {
		intern_free(in);
		return NULL;
	}
	return in;
}

void intern_free(struct intern *in)
{
	if (!in)
		return;
	pages_free(in->arena, in->granules, GRANULE);
	pages_free(in->marks, in->granules / 64 + 1, sizeof(in->marks[0]));
	slots_fini(&in->index);
	free(in);
}

static inline uint8_t *block_at(const struct intern *in, uint32_t id)
{
	return in->arena + (size_t)id * GRANULE;
}

static inline uint16_t block_head(const struct intern *in, uint32_t id)
{
	uint16_t head;

	memcpy(&head, block_at(in, id), sizeof(head));
	return head;
}

static inline uint32_t granules_for(size_t len)
{
	return (uint32_t)((HEAD + len + 1 + GRANULE - 1) / GRANULE);
}

static inline uint32_t block_granules(const struct intern *in, uint32_t id)
{
	uint16_t head = block_head(in, id);

	return head & FREE_BIT ? head & ~FREE_BIT : granules_for(head);
}

static void block_release(struct intern *in, uint32_t id, uint32_t n)
{
	uint16_t head = (uint16_t)(FREE_BIT | n);
	uint8_t *block = block_at(in, id);

	memcpy(block, &head, sizeof(head));
	memcpy(block + 4, &in->free_head[n], sizeof(in->free_head[n]));
	in->free_head[n] = id;
	in->free_classes[n / 64] |= 1ull << (n % 64);
}

/* The smallest size of n granules or more that has a free block, 0 if none. */
static uint32_t free_class(const struct intern *in, uint32_t n)
{
	uint32_t word = n / 64;
	uint64_t bits = in->free_classes[word] & ~0ull << (n % 64);

	if (!bits && word == 0)
		bits = in->free_classes[word = 1];
	return bits ? word * 64 + (uint32_t)__builtin_ctzll(bits) : 0;
}

static uint32_t block_take(struct intern *in, uint32_t n)
{
	uint32_t class = free_class(in, n);
	uint32_t id = in->free_head[class];

	if (class) {
		memcpy(&in->free_head[class], block_at(in, id) + 4, sizeof(id));
		if (!in->free_head[class])
			in->free_classes[class / 64] &= ~(1ull << (class % 64));
		if (class > n)
			block_release(in, id + n, class - n);
	} else if (n <= in->granules - in->fresh) {
		id = in->fresh;
		in->fresh += n;
	}
	if (id)
		in->used += n;
	return id;
}

static void block_give(struct intern *in, uint32_t id, uint32_t n)
{
	block_release(in, id, n);
	in->used -= n;
}

static inline bool block_is(const struct intern *in, uint32_t id, const void *bytes, size_t len)
{
	return block_head(in, id) == len && bytes_equal(block_at(in, id) + HEAD, bytes, len);
}

static inline uint32_t id_find(const struct intern *in, const void *bytes, size_t len, uint32_t tag)
{
	struct slots_walk w = slots_walk(&in->index, tag);
	const uint32_t *id;

	while ((id = slots_next(&in->index, tag, &w))) {
		if (block_is(in, *id, bytes, len))
			return *id;
	}
	return INTERN_NONE;
}

/* Of a new string. */
static uint32_t id_enter(struct intern *in, const void *bytes, size_t len, uint32_t tag)
{
	uint32_t granules = granules_for(len), id = INTERN_NONE;
	uint16_t head = (uint16_t)len;

	if (len <= INTERN_MAX_LEN && in->count < in->max_entries)
		id = block_take(in, granules);
	if (id && !slots_put(&in->index, tag, id)) {
		block_give(in, id, granules);
		id = INTERN_NONE;
	}
	if (!id) {
		in->lost++;
		return INTERN_NONE;
	}
	memcpy(block_at(in, id), &head, sizeof(head));
	if (len)
		memcpy(block_at(in, id) + HEAD, bytes, len);
	block_at(in, id)[HEAD + len] = '\0';
	in->count++;
	return id;
}

uint32_t intern_id_hashed(struct intern *in, const void *bytes, size_t len, uint64_t hash)
{
	uint32_t tag = slots_tag(hash), id = id_find(in, bytes, len, tag);

	return id ? id : id_enter(in, bytes, len, tag);
}

uint32_t intern_id_guessed(struct intern *in, const void *bytes, size_t len, uint64_t hash,
			   struct intern_guess guess)
{
	if (guess.id != INTERN_NONE && guess.generation == in->generation &&
	    block_is(in, guess.id, bytes, len))
		return guess.id;
	return intern_id_hashed(in, bytes, len, hash);
}

uint32_t intern_id(struct intern *in, const void *bytes, size_t len)
{
	return intern_id_hashed(in, bytes, len, hash_bytes(bytes, len, in->seed));
}

uint32_t intern_find(const struct intern *in, const void *bytes, size_t len)
{
	return id_find(in, bytes, len, slots_tag(hash_bytes(bytes, len, in->seed)));
}

void intern_prefetch(const struct intern *in, uint64_t hash)
{
	slots_fetch(&in->index, slots_tag(hash));
}

struct intern_guess intern_prefetch_text(const struct intern *in, size_t len, uint64_t hash)
{
	const uint32_t *id = slots_peek(&in->index, slots_tag(hash));
	struct intern_guess guess = {
		.id = id ? *id : INTERN_NONE,
		.generation = in->generation,
	};
	const uint8_t *block = block_at(in, guess.id);

	fetch(block);
	fetch(block + HEAD + len);
	return guess;
}

const char *intern_text(const struct intern *in, uint32_t id, size_t *len)
{
	/* Granule 0 is zeroes: an empty string. */
	*len = block_head(in, id);
	return (const char *)block_at(in, id) + HEAD;
}

bool intern_fits(const struct intern *in, size_t len)
{
	uint32_t n = granules_for(len);

	return len <= INTERN_MAX_LEN && in->count < in->max_entries &&
	       (n <= in->granules - in->fresh || free_class(in, n));
}

void intern_mark_begin(struct intern *in)
{
	memset(in->marks, 0, (in->fresh / 64 + 1) * sizeof(in->marks[0]));
}

void intern_mark(struct intern *in, uint32_t id)
{
	in->marks[id / 64] |= 1ull << (id % 64);
}

static bool is_marked(const void *ctx, uint32_t id)
{
	const struct intern *in = ctx;

	return in->marks[id / 64] >> (id % 64) & 1;
}

/* Gives n granules from id on back, in blocks as long as there are. */
static void run_release(struct intern *in, uint32_t id, uint32_t n)
{
	while (n) {
		uint32_t part = n < CLASSES - 1 ? n : CLASSES - 1;

		block_release(in, id, part);
		id += part;
		n -= part;
	}
}

uint32_t intern_sweep(struct intern *in)
{
	uint32_t before = in->count, run = 0, n;

	slots_filter(&in->index, is_marked, in);
	memset(in->free_head, 0, sizeof(in->free_head));
	memset(in->free_classes, 0, sizeof(in->free_classes));
	in->used = 0;
	in->count = 0;
	/* Neighbours that are free become one, so that long strings find room. */
	for (uint32_t id = 1; id < in->fresh; id += n) {
		n = block_granules(in, id);
		if (block_head(in, id) & FREE_BIT || !is_marked(in, id)) {
			run += n;
			continue;
		}
		run_release(in, id - run, run);
		run = 0;
		in->used += n;
		in->count++;
	}
	in->fresh -= run;
	in->generation++;
	return before - in->count;
}

uint32_t intern_limit(const struct intern *in)
{
	return in->fresh;
}

uint32_t intern_generation(const struct intern *in)
{
	return in->generation;
}

unsigned int intern_fill(const struct intern *in)
{
	uint64_t entries = 16ull * in->count / in->max_entries;
	uint64_t bytes = 16ull * in->used / in->granules;

	return (unsigned int)(entries > bytes ? entries : bytes);
}

uint32_t intern_count(const struct intern *in)
{
	return in->count;
}

size_t intern_bytes(const struct intern *in)
{
	return (size_t)in->used * GRANULE;
}

uint64_t intern_lost(const struct intern *in)
{
	return in->lost;
}
