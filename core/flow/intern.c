/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/intern.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/pages.h"

/*
 * Strings lie in one arena, cut into granules; an id is the number of a
 * block's first granule, so a text is one memory access from its id. A block
 * in use begins with the string's length, a free one with FREE_BIT and its own
 * length in granules, then the id of the next free one of that size.
 *
 * The index is a hash table with linear probing whose slots hold enough of the
 * hash to be moved without a look at the strings. Positions are the hash's
 * high bits, so moving to a larger or a swept index reads and writes in order.
 */
#define GRANULE       16u
#define HEAD          2u
#define CLASSES       66u /* block sizes in granules, [0] unused */
#define FREE_BIT      0x8000u
#define SLOT_BITS_MIN 9u

_Static_assert(INTERN_MAX_LEN == (CLASSES - 1) * GRANULE - HEAD - 1, "the longest block's string");

struct slot {
	uint32_t tag; /* high half of the hash */
	uint32_t id;  /* INTERN_NONE: empty */
};

struct intern {
	uint8_t *arena;
	struct slot *slots;
	uint64_t *marks; /* a bit a granule */
	uint64_t seed;
	uint64_t lost;
	uint32_t granules; /* in the arena; number 0 is INTERN_NONE's */
	uint32_t fresh;    /* from here on the arena was never used */
	uint32_t used;     /* granules of blocks in use */
	uint32_t slot_bits;
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
	in->slot_bits = SLOT_BITS_MIN;
	/* Fresh pages cost nothing until strings are there. */
	in->arena = pages_alloc(in->granules, GRANULE);
	in->marks = pages_alloc(in->granules / 64 + 1, sizeof(in->marks[0]));
	in->slots = pages_alloc((size_t)1 << in->slot_bits, sizeof(in->slots[0]));
	if (!in->arena || !in->marks || !in->slots) {
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
	pages_free(in->slots, (size_t)1 << in->slot_bits, sizeof(in->slots[0]));
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

static inline uint32_t slot_home(const struct intern *in, uint32_t tag)
{
	return tag >> (32 - in->slot_bits);
}

static inline bool block_is(const struct intern *in, uint32_t id, const void *bytes, size_t len)
{
	return block_head(in, id) == len && memcmp(block_at(in, id) + HEAD, bytes, len) == 0;
}

/* The slot that has the string, or the empty one where it belongs. */
static inline struct slot *slot_find(const struct intern *in, const void *bytes, size_t len,
				     uint32_t tag)
{
	uint32_t mask = (1u << in->slot_bits) - 1;
	uint32_t at = slot_home(in, tag);

	while (in->slots[at].id) {
		if (in->slots[at].tag == tag && block_is(in, in->slots[at].id, bytes, len))
			break;
		at = (at + 1) & mask;
	}
	return &in->slots[at];
}

static inline bool is_marked(const struct intern *in, uint32_t id)
{
	return in->marks[id / 64] >> (id % 64) & 1;
}

/* Moves the index to one of 1 << bits slots, leaving out what is not marked
 * when only_marked. Returns -ENOMEM with the old one in place. */
static int index_move(struct intern *in, uint32_t bits, bool only_marked)
{
	struct slot *old = in->slots;
	uint32_t n_old = 1u << in->slot_bits, mask = (1u << bits) - 1;
	struct slot *slots = pages_alloc((size_t)mask + 1, sizeof(slots[0]));

	if (!slots)
		return -ENOMEM;
	in->slots = slots;
	in->slot_bits = bits;
	in->count = 0;
	for (uint32_t i = 0; i < n_old; i++) {
		uint32_t at = slot_home(in, old[i].tag);

		if (!old[i].id || (only_marked && !is_marked(in, old[i].id)))
			continue;
		while (slots[at].id)
			at = (at + 1) & mask;
		slots[at] = old[i];
		in->count++;
	}
	pages_free(old, n_old, sizeof(old[0]));
	return 0;
}

uint32_t intern_id_hashed(struct intern *in, const void *bytes, size_t len, uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32);
	struct slot *s = slot_find(in, bytes, len, tag);
	uint16_t head = (uint16_t)len;
	uint32_t id;

	if (s->id)
		return s->id;
	if (len > INTERN_MAX_LEN || in->count >= in->max_entries)
		goto lost;
	/* Three quarters full is where probing starts to get long. */
	if (in->count >= 3ull << in->slot_bits >> 2) {
		if (in->slot_bits >= 31 || index_move(in, in->slot_bits + 1, false) < 0)
			goto lost;
		s = slot_find(in, bytes, len, tag);
	}
	id = block_take(in, granules_for(len));
	if (!id)
		goto lost;
	memcpy(block_at(in, id), &head, sizeof(head));
	if (len)
		memcpy(block_at(in, id) + HEAD, bytes, len);
	block_at(in, id)[HEAD + len] = '\0';
	*s = (struct slot){ .tag = tag, .id = id };
	in->count++;
	return id;
lost:
	in->lost++;
	return INTERN_NONE;
}

uint32_t intern_id(struct intern *in, const void *bytes, size_t len)
{
	return intern_id_hashed(in, bytes, len, hash_bytes(bytes, len, in->seed));
}

uint32_t intern_find(const struct intern *in, const void *bytes, size_t len)
{
	return slot_find(in, bytes, len, (uint32_t)(hash_bytes(bytes, len, in->seed) >> 32))->id;
}

void intern_prefetch(const struct intern *in, uint64_t hash)
{
	__builtin_prefetch(&in->slots[slot_home(in, (uint32_t)(hash >> 32))]);
}

void intern_prefetch_text(const struct intern *in, uint64_t hash)
{
	const struct slot *s = &in->slots[slot_home(in, (uint32_t)(hash >> 32))];

	__builtin_prefetch(block_at(in, s->id));
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

	if (index_move(in, in->slot_bits, true) < 0)
		return 0;
	memset(in->free_head, 0, sizeof(in->free_head));
	memset(in->free_classes, 0, sizeof(in->free_classes));
	in->used = 0;
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
