/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/fragments.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"

#define DATAGRAM_MAX 65535u

struct piece {
	struct piece *next; /* by offset */
	uint32_t offset;
	uint32_t wire;
	uint32_t cap;
	uint8_t bytes[];
};

struct pending {
	struct fragment_key key;
	struct piece *pieces;
	uint64_t since_ns;
	uint64_t order; /* of arrival: the smallest is the oldest */
	uint32_t n_pieces;
	uint32_t received; /* bytes, as on the wire */
	uint32_t total;    /* 0 until the last fragment told */
	uint8_t protocol;
	enum {
		COLLECTING,
		UNWANTED, /* no DNS: its fragments are dropped and not counted */
		BROKEN,   /* beyond repair: they are dropped and counted */
	} state;
};

struct fragments {
	uint64_t hash[FRAGMENTS_DATAGRAMS]; /* of slots[i]'s key; 0: a free slot */
	struct pending slots[FRAGMENTS_DATAGRAMS];
	uint64_t seed;
	uint64_t arrivals;
	uint64_t lost;
	size_t bytes;
};

_Static_assert(sizeof(struct fragment_key) == 48, "the key must have no padding");

struct fragments *fragments_new(uint64_t seed)
{
	struct fragments *f = calloc(1, sizeof(*f));

	if (f)
		f->seed = seed;
	return f;
}

static size_t piece_size(const struct piece *p)
{
	return sizeof(*p) + p->cap;
}

static void drop_pieces(struct fragments *f, struct pending *d)
{
	while (d->pieces) {
		struct piece *p = d->pieces;

		d->pieces = p->next;
		f->bytes -= piece_size(p);
		free(p);
	}
	d->n_pieces = 0;
}

static void release(struct fragments *f, struct pending *d)
{
	drop_pieces(f, d);
	f->hash[d - f->slots] = 0;
}

static void give_up(struct fragments *f, struct pending *d)
{
	f->lost += d->n_pieces;
	release(f, d);
}

/* RFC 5722, section 4: the fragments that are still to come go the same way,
 * so the slot stays. */
static void condemn(struct fragments *f, struct pending *d)
{
	f->lost += d->n_pieces;
	drop_pieces(f, d);
	d->state = BROKEN;
}

void fragments_flush(struct fragments *f)
{
	for (unsigned i = 0; i < FRAGMENTS_DATAGRAMS; i++)
		if (f->hash[i])
			give_up(f, &f->slots[i]);
}

void fragments_free(struct fragments *f)
{
	if (!f)
		return;
	fragments_flush(f);
	free(f);
}

static bool aged(const struct pending *d, uint64_t now_ns)
{
	return now_ns > d->since_ns && now_ns - d->since_ns > FRAGMENTS_AGE_NS;
}

static struct pending *find(struct fragments *f, const struct fragment *frag, uint64_t hash)
{
	for (unsigned i = 0; i < FRAGMENTS_DATAGRAMS; i++) {
		struct pending *d = &f->slots[i];

		if (f->hash[i] != hash || memcmp(&d->key, &frag->key, sizeof(d->key)) != 0)
			continue;
		if (!aged(d, frag->ts_ns))
			return d;
		give_up(f, d);
		return NULL;
	}
	return NULL;
}

/* The datagram that came first of all, other than `except`; NULL when there is
 * no other. */
static struct pending *oldest(struct fragments *f, const struct pending *except)
{
	struct pending *old = NULL;

	for (unsigned i = 0; i < FRAGMENTS_DATAGRAMS; i++) {
		struct pending *d = &f->slots[i];

		if (f->hash[i] && d != except && (!old || d->order < old->order))
			old = d;
	}
	return old;
}

/* A free slot; the aged ones are given up on the way, and the oldest when that
 * frees none. */
static struct pending *make_room(struct fragments *f, uint64_t now_ns)
{
	struct pending *room = NULL;

	for (unsigned i = 0; i < FRAGMENTS_DATAGRAMS; i++) {
		if (f->hash[i] && aged(&f->slots[i], now_ns))
			give_up(f, &f->slots[i]);
		if (!f->hash[i] && !room)
			room = &f->slots[i];
	}
	if (!room) {
		room = oldest(f, NULL);
		give_up(f, room);
	}
	return room;
}

static struct pending *begin(struct fragments *f, const struct fragment *frag, uint64_t hash)
{
	struct pending *d = make_room(f, frag->ts_ns);

	*d = (struct pending){
		.key = frag->key,
		.since_ns = frag->ts_ns,
		.order = f->arrivals++,
	};
	f->hash[d - f->slots] = hash;
	return d;
}

enum insertion {
	INSERTED,
	DUPLICATE, /* the same fragment once more */
	REFUSED,   /* the datagram cannot be made whole any more */
};

/* The end of the datagram must be told alike by all, and lie behind all. */
static bool end_fits(struct pending *d, const struct fragment *frag)
{
	uint32_t end = frag->offset + frag->data.wire;

	if (frag->more)
		return !d->total || end < d->total;
	if (d->total)
		return d->total == end;
	for (const struct piece *p = d->pieces; p; p = p->next)
		if (p->offset + p->wire > end)
			return false;
	d->total = end;
	return true;
}

static enum insertion insert(struct fragments *f, struct pending *d, const struct fragment *frag)
{
	const struct span *s = &frag->data;
	uint32_t end = frag->offset + s->wire;
	struct piece **at = &d->pieces;
	struct piece *p;

	while (*at && (*at)->offset + (*at)->wire <= frag->offset)
		at = &(*at)->next;
	p = *at;
	if (p && p->offset == frag->offset && p->wire == s->wire && p->cap == s->cap &&
	    memcmp(p->bytes, s->at, s->cap) == 0)
		return DUPLICATE;
	if ((p && p->offset < end) || d->n_pieces == FRAGMENTS_PIECES || !end_fits(d, frag))
		return REFUSED;

	p = malloc(sizeof(*p) + s->cap);
	if (!p)
		return REFUSED;
	p->offset = frag->offset;
	p->wire = s->wire;
	p->cap = s->cap;
	memcpy(p->bytes, s->at, s->cap);
	p->next = *at;
	*at = p;
	d->n_pieces++;
	d->received += s->wire;
	f->bytes += piece_size(p);
	if (frag->offset == 0)
		d->protocol = frag->protocol;
	return INSERTED;
}

/* Pieces do not overlap and none lies behind `total`: they are all there when
 * their lengths add up to it. */
static bool complete(const struct pending *d)
{
	return d->total && d->received == d->total;
}

static struct datagram *join(const struct pending *d)
{
	struct datagram *whole = malloc(sizeof(*whole) + d->total);

	if (!whole)
		return NULL;
	whole->key = d->key;
	whole->protocol = d->protocol;
	whole->wire = d->total;
	whole->cap = 0;
	for (const struct piece *p = d->pieces; p; p = p->next) {
		memcpy(whole->bytes + p->offset, p->bytes, p->cap);
		whole->cap += p->cap;
		if (p->cap < p->wire)
			break;
	}
	return whole;
}

/* All fragments but the last are multiples of eight bytes, none is empty, and
 * none reaches beyond the longest packet. */
static bool sound(const struct fragment *frag)
{
	uint32_t wire = frag->data.wire;

	return wire && wire <= DATAGRAM_MAX && frag->offset + wire <= DATAGRAM_MAX &&
	       (!frag->more || wire % 8 == 0);
}

struct datagram *fragments_add(struct fragments *f, const struct fragment *frag)
{
	struct datagram *whole = NULL;
	struct pending *d;
	uint64_t hash;

	if (!sound(frag)) {
		f->lost++;
		return NULL;
	}
	hash = hash_bytes(&frag->key, sizeof(frag->key), f->seed) | 1;
	d = find(f, frag, hash);
	if (!d)
		d = begin(f, frag, hash);
	if (frag->unwanted && d->state == COLLECTING) {
		drop_pieces(f, d);
		d->state = UNWANTED;
	}
	if (d->state == UNWANTED) {
		/* Mostly in order: then no more will come, and the slot is of use. */
		if (!frag->more)
			release(f, d);
		return NULL;
	}

	switch (d->state == BROKEN ? REFUSED : insert(f, d, frag)) {
	case DUPLICATE:
		return NULL;
	case REFUSED:
		f->lost++;
		condemn(f, d);
		return NULL;
	case INSERTED:
		break;
	}
	if (complete(d)) {
		whole = join(d);
		if (!whole)
			f->lost += d->n_pieces;
		release(f, d);
		return whole;
	}
	while (f->bytes > FRAGMENTS_BYTES) {
		struct pending *old = oldest(f, d);

		give_up(f, old ? old : d);
	}
	return NULL;
}

uint64_t fragments_lost(const struct fragments *f)
{
	return f->lost;
}

size_t fragments_bytes(const struct fragments *f)
{
	return f->bytes;
}
