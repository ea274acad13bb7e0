/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/distinct.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/query/glob.h"
#include "core/query/radix.h"

#define FIRST_SLOTS 64
#define CHUNK_BYTES 65536

/* Texts stay where they are as more come. */
struct chunk {
	struct chunk *next;
	size_t used;
	char bytes[CHUNK_BYTES];
};

struct entry {
	struct value value;
	bool lowered; /* seen in several spellings */
};

struct slot {
	uint32_t hash;
	uint32_t number; /* + 1; 0: free */
};

/* The numbers of two values. */
struct pair {
	uint32_t first;
	uint32_t second;
};

struct distinct {
	const struct row_source *src;
	const struct field *field;
	uint32_t max;
	uint32_t count;
	uint32_t room; /* of entries */
	uint32_t mask; /* slots - 1 */
	int error;
	struct entry *entries;
	struct slot *slots;
	struct chunk *chunks;
	/* Per interned id, where the field has one: number + 1, 0 not yet asked. */
	uint32_t *by_id;
	uint32_t id_limit;
	/* Of pairs: what numbers their halves, and the pairs instead of entries. */
	struct distinct *first;
	struct distinct *second;
	struct pair *pairs;
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
	if (field->text_id) {
		d->id_limit = intern_limit(field->text_store(src->table));
		d->by_id = calloc((size_t)d->id_limit + 1, sizeof(*d->by_id));
	}
	if (!d->slots || (field->text_id && !d->by_id)) {
		distinct_free(d);
		return NULL;
	}
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
	free(d->by_id);
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

static bool is_text(const struct value *v)
{
	return v->type == VALUE_TEXT || v->type == VALUE_LIST;
}

static uint32_t hash_value(const struct value *v, uint64_t seed)
{
	char folded[VALUE_BUF];
	size_t len = v->len < sizeof(folded) ? v->len : sizeof(folded);
	uint64_t hash;

	if (is_text(v)) {
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
	if (is_text(a))
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
	}
	copy = c->bytes + c->used;
	memcpy(copy, text, len);
	copy[len] = '\0';
	c->used += len + 1;
	return copy;
}

static bool grow_entries(struct distinct *d)
{
	uint32_t room = d->room ? d->room * 2 : FIRST_SLOTS;
	struct entry *more = realloc(d->entries, room * sizeof(*more));

	if (!more)
		return false;
	d->entries = more;
	d->room = room;
	return true;
}

static bool grow_slots(struct distinct *d)
{
	uint32_t mask = d->mask * 2 + 1;
	struct slot *more = calloc((size_t)mask + 1, sizeof(*more));

	if (!more)
		return false;
	for (uint32_t i = 0; i <= d->mask; i++) {
		uint32_t at = d->slots[i].hash & mask;

		if (!d->slots[i].number)
			continue;
		while (more[at].number)
			at = (at + 1) & mask;
		more[at] = d->slots[i];
	}
	free(d->slots);
	d->slots = more;
	d->mask = mask;
	return true;
}

static uint32_t enter(struct distinct *d, const struct value *v, uint32_t hash, uint32_t at)
{
	struct value copy = *v;

	if (d->count == d->max)
		return DISTINCT_FULL;
	if (d->count == d->room && !grow_entries(d))
		goto short_of_memory;
	if (v->type == VALUE_NAMED || is_text(v)) {
		copy.text = keep_text(d, v->text, v->len);
		if (!copy.text)
			goto short_of_memory;
	}
	d->slots[at] = (struct slot){ .hash = hash, .number = d->count + 1 };
	d->entries[d->count] = (struct entry){ .value = copy };
	d->count++;
	/* Full by half at the most, so that a search is short. */
	if (d->count > d->mask / 2 && !grow_slots(d))
		goto short_of_memory;
	return d->count - 1;

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
		if (is_text(v))
			note_spelling(e, v);
		return d->slots[at].number - 1;
	}
	return enter(d, v, hash, at);
}

static uint32_t enter_pair(struct distinct *d, struct pair pair, uint32_t hash, uint32_t at)
{
	if (d->count == d->max)
		return DISTINCT_FULL;
	if (d->count == d->room) {
		uint32_t room = d->room ? d->room * 2 : FIRST_SLOTS;
		struct pair *more = realloc(d->pairs, room * sizeof(*more));

		if (!more)
			goto short_of_memory;
		d->pairs = more;
		d->room = room;
	}
	d->slots[at] = (struct slot){ .hash = hash, .number = d->count + 1 };
	d->pairs[d->count++] = pair;
	if (d->count > d->mask / 2 && !grow_slots(d))
		goto short_of_memory;
	return d->count - 1;

short_of_memory:
	d->error = -ENOMEM;
	return DISTINCT_FULL;
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
	return enter_pair(d, pair, hash, at);
}

uint32_t distinct_of(struct distinct *d, const struct flow *row)
{
	uint32_t id = INTERN_NONE, number;
	struct value v;
	char buf[VALUE_BUF];

	if (d->first)
		return pair_of(d, row);
	if (d->by_id) {
		id = d->field->text_id(row);
		if (id < d->id_limit && d->by_id[id])
			return d->by_id[id] - 1;
	}
	d->field->get(d->src, row, &v, buf);
	number = number_of(d, &v);
	/* Of id 0 each row says itself what it means. DISTINCT_FULL is not kept. */
	if (id != INTERN_NONE && id < d->id_limit)
		d->by_id[id] = number + 1;
	return number;
}

/* A value's order as a sequence of numbers: of a text eight bytes each. */
static uint64_t order_key(const struct value *v, size_t depth)
{
	uint64_t key = 0;
	size_t at = depth * sizeof(key);

	if (is_text(v)) {
		for (size_t i = at; i < at + sizeof(key); i++)
			key = key << 8 | (i < v->len ? glob_fold(v->text[i]) : 0);
		return key;
	}
	if (depth == 0 || v->type != VALUE_ADDR)
		return value_key(v);
	/* The first key may hold less than the front of an IPv6 address. */
	for (size_t i = 0; i < sizeof(key); i++)
		key = key << 8 | v->addr.b[depth == 1 ? i : sizeof(key) + i];
	return key;
}

static bool order_ends(const struct value *v, size_t depth)
{
	if (is_text(v))
		return depth * sizeof(uint64_t) >= v->len;
	return depth >= (v->type == VALUE_ADDR ? 3 : 1);
}

/* Orders n values that are equal up to depth. A run of equal ones goes one
 * deeper: at most as deep as a text is long, by eights. */
static void order_run(const struct distinct *d, struct radix_item *items, struct radix_item *spare,
		      uint32_t n, size_t depth)
{
	const struct radix_item *sorted;
	uint32_t from, to;

	for (uint32_t i = 0; i < n; i++)
		items[i].key = order_key(distinct_at(d, items[i].seq), depth);
	sorted = radix_sort(items, spare, n);
	if (sorted != items)
		memcpy(items, sorted, n * sizeof(*items));
	for (from = 0; from < n; from = to) {
		for (to = from + 1; to < n && items[to].key == items[from].key; to++)
			;
		if (to - from > 1 && !order_ends(distinct_at(d, items[from].seq), depth + 1))
			order_run(d, items + from, spare, to - from, depth + 1);
	}
}

/* ranks[number of a value]: its place among the others. NULL: out of memory. */
static uint32_t *rank_values(const struct distinct *d)
{
	uint32_t *order = distinct_order(d);
	uint32_t *ranks = order ? malloc(((size_t)d->count + 1) * sizeof(*ranks)) : NULL;

	for (uint32_t i = 0; ranks && i < d->count; i++)
		ranks[order[i]] = i;
	free(order);
	return ranks;
}

/* As distinct_order, of pairs. */
static uint32_t *order_pairs(const struct distinct *d)
{
	uint32_t *first = rank_values(d->first), *second = rank_values(d->second);
	struct radix_item *items = malloc(2 * ((size_t)d->count + 1) * sizeof(*items));
	uint32_t *order = malloc(((size_t)d->count + 1) * sizeof(*order));
	const struct radix_item *sorted;

	if (!first || !second || !items || !order) {
		free(order);
		order = NULL;
		goto out;
	}
	for (uint32_t i = 0; i < d->count; i++) {
		items[i].key = (uint64_t)first[d->pairs[i].first] << 32 |
			       second[d->pairs[i].second];
		items[i].seq = i;
	}
	sorted = radix_sort(items, items + d->count, d->count);
	for (uint32_t i = 0; i < d->count; i++)
		order[i] = sorted[i].seq;
out:
	free(first);
	free(second);
	free(items);
	return order;
}

/* The absent value, of another type than the rest, is kept out and last. */
uint32_t *distinct_order(const struct distinct *d)
{
	struct radix_item *items;
	uint32_t *order;
	uint32_t n = 0, absent = 0;

	if (d->first)
		return order_pairs(d);
	items = malloc(2 * ((size_t)d->count + 1) * sizeof(*items));
	order = malloc(((size_t)d->count + 1) * sizeof(*order));
	if (!items || !order) {
		free(items);
		free(order);
		return NULL;
	}
	for (uint32_t i = 0; i < d->count; i++) {
		if (distinct_at(d, i)->type == VALUE_NONE)
			order[d->count - ++absent] = i;
		else
			items[n++].seq = i;
	}
	order_run(d, items, items + n, n, 0);
	for (uint32_t i = 0; i < n; i++)
		order[i] = items[i].seq;
	free(items);
	return order;
}
