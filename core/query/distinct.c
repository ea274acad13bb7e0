/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/distinct_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/query/glob.h"

#define FIRST_SLOTS 64
#define CHUNK_BYTES 65536

/* Texts stay where they are as more come. */
struct chunk {
	struct chunk *next;
	size_t used;
	char bytes[CHUNK_BYTES];
};

struct slot {
	uint32_t hash;
	uint32_t number; /* + 1; 0: free */
};

struct distinct *distinct_new(const struct row_source *src, const struct field *field, uint32_t max)
{
	struct distinct *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->src = src;
	d->field = field;
	d->max = max;
	d->mask = FIRST_SLOTS - 1;
	d->slots = calloc(FIRST_SLOTS, sizeof(*d->slots));
	if (!d->slots) {
		distinct_free(d);
		return NULL;
	}
	known_init(&d->by_id, field->id_store ? field->id_store(src->table) : NULL);
	return d;
}

struct distinct *distinct_new_pairs(const struct row_source *src, const struct field *first,
				    const struct field *second, uint32_t max)
{
	struct distinct *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->src = src;
	d->max = max;
	d->mask = FIRST_SLOTS - 1;
	d->slots = calloc(FIRST_SLOTS, sizeof(*d->slots));
	d->first = distinct_new(src, first, max);
	d->second = distinct_new(src, second, max);
	if (!d->slots || !d->first || !d->second) {
		distinct_free(d);
		return NULL;
	}
	return d;
}

void distinct_free(struct distinct *d)
{
	struct chunk *next;

	if (!d)
		return;
	for (struct chunk *c = d->chunks; c; c = next) {
		next = c->next;
		free(c);
	}
	distinct_free(d->first);
	distinct_free(d->second);
	free(d->pairs);
	free(d->entries);
	free(d->slots);
	known_fini(&d->by_id);
	free(d);
}

int distinct_error(const struct distinct *d)
{
	int rc = d->error;

	if (rc == 0 && d->first)
		rc = distinct_error(d->first);
	if (rc == 0 && d->second)
		rc = distinct_error(d->second);
	return rc;
}

void distinct_close(struct distinct *d)
{
	d->max = d->count;
	/* A pair with a new half would be new. */
	if (d->first) {
		distinct_close(d->first);
		distinct_close(d->second);
	}
}

size_t distinct_bytes(const struct distinct *d)
{
	size_t one = d->first ? sizeof(*d->pairs) : sizeof(*d->entries);
	size_t bytes = d->count * one + ((size_t)d->mask + 1) * sizeof(*d->slots) + d->chunk_bytes;

	return d->first ? bytes + distinct_bytes(d->first) + distinct_bytes(d->second) : bytes;
}

uint32_t distinct_count(const struct distinct *d)
{
	return d->count;
}

const struct value *distinct_at(const struct distinct *d, uint32_t i)
{
	return d->first ? distinct_at(d->first, d->pairs[i].first) : &d->entries[i].value;
}

const struct value *distinct_second(const struct distinct *d, uint32_t i)
{
	return d->second ? distinct_at(d->second, d->pairs[i].second) : NULL;
}

static uint32_t hash_value(const struct value *v, uint64_t seed)
{
	char folded[VALUE_BUF];
	size_t len = v->len < sizeof(folded) ? v->len : sizeof(folded);
	uint64_t hash;

	if (distinct_is_text(v)) {
		for (size_t i = 0; i < len; i++)
			folded[i] = (char)glob_fold(v->text[i]);
		hash = hash_bytes(folded, len, seed);
	} else if (v->type == VALUE_ADDR) {
		hash = hash_bytes(v->addr.b, sizeof(v->addr.b), seed);
	} else {
		hash = hash_mix(hash_mix(seed, v->type), v->u);
	}
	return (uint32_t)(hash ^ hash >> 32);
}

static bool same_value(const struct value *a, const struct value *b)
{
	if (a->type != b->type)
		return false;
	if (distinct_is_text(a))
		return glob_equal(a->text, a->len, b->text, b->len);
	if (a->type == VALUE_ADDR)
		return memcmp(a->addr.b, b->addr.b, sizeof(a->addr.b)) == 0;
	return a->type == VALUE_NONE || a->u == b->u;
}

/* A copy of a text, terminated; NULL when memory is short. */
static char *keep_text(struct distinct *d, const char *text, size_t len)
{
	struct chunk *c = d->chunks;
	char *copy;

	if (!c || CHUNK_BYTES - c->used <= len) {
		if (len >= CHUNK_BYTES)
			return NULL;
		c = malloc(sizeof(*c));
		if (!c)
			return NULL;
		c->next = d->chunks;
		c->used = 0;
		d->chunks = c;
		d->chunk_bytes += sizeof(*c);
	}
	copy = c->bytes + c->used;
	memcpy(copy, text, len);
	copy[len] = '\0';
	c->used += len + 1;
	return copy;
}

static uint32_t free_slot(const struct slot *slots, uint32_t mask, uint32_t hash)
{
	uint32_t at = hash & mask;

	while (slots[at].number)
		at = (at + 1) & mask;
	return at;
}

static bool grow_slots(struct distinct *d)
{
	uint32_t mask = d->mask * 2 + 1;
	struct slot *more = calloc((size_t)mask + 1, sizeof(*more));

	if (!more)
		return false;
	for (uint32_t i = 0; i <= d->mask; i++)
		if (d->slots[i].number)
			more[free_slot(more, mask, d->slots[i].hash)] = d->slots[i];
	free(d->slots);
	d->slots = more;
	d->mask = mask;
	return true;
}

/* Room for one more value or pair, in the slots, too: half of them are free at
 * the least, so that a search is short. */
static bool make_room(struct distinct *d)
{
	size_t one = d->first ? sizeof(*d->pairs) : sizeof(*d->entries);
	uint32_t room = d->room ? d->room * 2 : FIRST_SLOTS;
	void *more;

	if (d->count > d->mask / 2 && !grow_slots(d))
		return false;
	if (d->count < d->room)
		return true;
	more = realloc(d->first ? (void *)d->pairs : d->entries, room * one);
	if (!more)
		return false;
	if (d->first)
		d->pairs = more;
	else
		d->entries = more;
	d->room = room;
	return true;
}

/* Numbers what stands behind the last value or pair. */
static uint32_t number_next(struct distinct *d, uint32_t hash)
{
	uint32_t at = free_slot(d->slots, d->mask, hash);

	d->slots[at] = (struct slot){ .hash = hash, .number = ++d->count };
	return d->count - 1;
}

static uint32_t enter(struct distinct *d, const struct value *v, uint32_t hash)
{
	struct value copy = *v;

	if (d->count == d->max)
		return DISTINCT_FULL;
	if (!make_room(d))
		goto short_of_memory;
	if (v->type == VALUE_NAMED || distinct_is_text(v)) {
		copy.text = keep_text(d, v->text, v->len);
		if (!copy.text)
			goto short_of_memory;
	}
	d->entries[d->count] = (struct entry){ .value = copy };
	return number_next(d, hash);

short_of_memory:
	d->error = -ENOMEM;
	return DISTINCT_FULL;
}

static void note_spelling(struct entry *e, const struct value *v)
{
	char *text = (char *)e->value.text;

	if (e->lowered || memcmp(text, v->text, v->len) == 0)
		return;
	for (size_t i = 0; i < v->len; i++)
		text[i] = (char)glob_fold(text[i]);
	e->lowered = true;
}

static uint32_t number_of(struct distinct *d, const struct value *v)
{
	uint32_t hash = hash_value(v, d->src->table->hash_seed);
	uint32_t at = hash & d->mask;

	for (; d->slots[at].number; at = (at + 1) & d->mask) {
		struct entry *e = &d->entries[d->slots[at].number - 1];

		if (d->slots[at].hash != hash || !same_value(&e->value, v))
			continue;
		if (distinct_is_text(v))
			note_spelling(e, v);
		return d->slots[at].number - 1;
	}
	return enter(d, v, hash);
}

static uint32_t enter_pair(struct distinct *d, struct pair pair, uint32_t hash)
{
	if (d->count == d->max)
		return DISTINCT_FULL;
	if (!make_room(d)) {
		d->error = -ENOMEM;
		return DISTINCT_FULL;
	}
	d->pairs[d->count] = pair;
	return number_next(d, hash);
}

static uint32_t pair_of(struct distinct *d, const struct flow *row)
{
	struct pair pair = { distinct_of(d->first, row), distinct_of(d->second, row) };
	uint64_t mixed = hash_mix(hash_mix(d->src->table->hash_seed, pair.first), pair.second);
	uint32_t hash = (uint32_t)(mixed ^ mixed >> 32), at = hash & d->mask;

	if (pair.first == DISTINCT_FULL || pair.second == DISTINCT_FULL)
		return DISTINCT_FULL;
	for (; d->slots[at].number; at = (at + 1) & d->mask) {
		const struct pair *known = &d->pairs[d->slots[at].number - 1];

		if (d->slots[at].hash == hash && known->first == pair.first &&
		    known->second == pair.second)
			return d->slots[at].number - 1;
	}
	return enter_pair(d, pair, hash);
}

/* An id whose number is known, or INTERN_NONE. */
static uint32_t known_id(struct distinct *d, const struct flow *row)
{
	uint32_t id;

	if (!d->field || !d->field->id)
		return INTERN_NONE;
	if (known_is_stale(&d->by_id))
		known_forget(&d->by_id);
	id = d->field->id(row);
	return known_has(&d->by_id, id) ? id : INTERN_NONE;
}

static uint32_t look_up(struct distinct *d, const struct flow *row)
{
	uint32_t number, id;
	struct value v;
	char buf[VALUE_BUF];

	if (d->first)
		return pair_of(d, row);
	d->field->get(d->src, row, &v, buf);
	number = number_of(d, &v);
	id = d->field->id ? d->field->id(row) : INTERN_NONE;
	/* Of id 0 each row says itself what it means. */
	if (id != INTERN_NONE && number != DISTINCT_FULL)
		known_put(&d->by_id, id, number);
	return number;
}

uint32_t distinct_of(struct distinct *d, const struct flow *row)
{
	uint32_t id = known_id(d, row);

	return id == INTERN_NONE ? look_up(d, row) : known_get(&d->by_id, id);
}
