/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/slots.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "core/base/pages.h"

#define BITS_MIN 9u
#define BITS_MAX 28u
#define PARTS    (1u << SLOTS_PART_BITS)

static bool part_alloc(struct slots_part *p, uint32_t bits)
{
	struct slot *slot = pages_alloc((size_t)1 << bits, sizeof(slot[0]));

	if (!slot)
		return false;
	p->slot = slot;
	p->end = slot + ((size_t)1 << bits);
	p->bits = bits;
	p->shift = 32 - bits;
	return true;
}

int slots_init(struct slots *s)
{
	for (uint32_t i = 0; i < PARTS; i++) {
		struct slots_part *p = &s->part[i];

		p->used = 0;
		if (!part_alloc(p, BITS_MIN))
			return -ENOMEM;
	}
	return 0;
}

void slots_fini(struct slots *s)
{
	for (uint32_t i = 0; i < PARTS; i++)
		pages_free(s->part[i].slot, (size_t)1 << s->part[i].bits, sizeof(struct slot));
}

void slots_clear(struct slots *s)
{
	for (uint32_t i = 0; i < PARTS; i++) {
		memset(s->part[i].slot, 0, sizeof(struct slot) << s->part[i].bits);
		s->part[i].used = 0;
		s->part[i].moves++;
	}
}

static inline uint32_t part_home(const struct slots_part *p, uint32_t tag)
{
	return tag << SLOTS_PART_BITS >> p->shift;
}

/* To twice the slots. Where memory is short it stays as it is. */
static void part_grow(struct slots_part *p)
{
	struct slot *old = p->slot, *slot;
	uint32_t n_old = 1u << p->bits, mask = 2 * n_old - 1;

	if (!part_alloc(p, p->bits + 1))
		return;
	slot = p->slot;
	for (uint32_t i = 0; i < n_old; i++) {
		uint32_t at = part_home(p, old[i].tag);

		if (!old[i].tag)
			continue;
		while (slot[at].tag)
			at = (at + 1) & mask;
		slot[at] = old[i];
	}
	pages_free(old, n_old, sizeof(old[0]));
}

bool slots_put(struct slots *s, struct slot *slot, uint32_t tag, uint32_t value)
{
	struct slots_part *p = &s->part[tag >> (32 - SLOTS_PART_BITS)];
	uint32_t slots = 1u << p->bits;

	/* A walk must end at an empty slot, also where memory is short. */
	if (p->used >= slots - slots / 16)
		return false;
	*slot = (struct slot){ .tag = tag, .value = value };
	p->used++;
	p->moves++;
	/* From three quarters on, walks leave their cache line too often. */
	if (p->used > slots / 4 * 3 && p->bits < BITS_MAX)
		part_grow(p);
	return true;
}

/* Moves the slots behind an emptied one up, so that no walk ends too early. */
static void part_remove(struct slots_part *p, uint32_t hole)
{
	uint32_t mask = (1u << p->bits) - 1;

	for (uint32_t at = (hole + 1) & mask; p->slot[at].tag; at = (at + 1) & mask) {
		uint32_t home = part_home(p, p->slot[at].tag);

		/* It may move where the hole lies between its home and its slot. */
		if (((at - home) & mask) < ((at - hole) & mask))
			continue;
		p->slot[hole] = p->slot[at];
		hole = at;
	}
	p->slot[hole].tag = 0;
	p->used--;
	p->moves++;
}

void slots_remove(struct slots *s, struct slot *slot)
{
	struct slots_part *p = &s->part[slot->tag >> (32 - SLOTS_PART_BITS)];

	part_remove(p, (uint32_t)(slot - p->slot));
}

/* Takes each slot out and puts it back, if at all, as near to its home as there
 * is room: at its old place at the latest, when those before it are done. */
static void part_filter(struct slots_part *p, bool (*keep)(const void *, uint32_t), const void *ctx)
{
	uint32_t slots = 1u << p->bits, mask = slots - 1, start = 0;

	/* Before an empty slot no walk goes on: here a round can begin. */
	while (p->slot[start].tag)
		start++;
	p->used = 0;
	p->moves++;
	for (uint32_t i = 1; i < slots; i++) {
		struct slot *s = &p->slot[(start + i) & mask], moved = *s;
		uint32_t at = part_home(p, moved.tag);

		if (!moved.tag)
			continue;
		s->tag = 0;
		if (!keep(ctx, moved.value))
			continue;
		while (p->slot[at].tag)
			at = (at + 1) & mask;
		p->slot[at] = moved;
		p->used++;
	}
}

void slots_filter(struct slots *s, bool (*keep)(const void *ctx, uint32_t value), const void *ctx)
{
	for (uint32_t i = 0; i < PARTS; i++)
		part_filter(&s->part[i], keep, ctx);
}
