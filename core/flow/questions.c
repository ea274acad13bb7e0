/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/questions.h"

#include <errno.h>
#include <string.h>

#include "core/base/pages.h"

#define QUESTIONS_STEPS 256

int questions_init(struct questions *q, uint32_t rows)
{
	*q = (struct questions){ .rows = rows, .used = 1 };
	q->entries = pages_alloc(QUESTIONS_MAX, sizeof(q->entries[0]));
	q->buckets = pages_alloc(QUESTIONS_BUCKETS, sizeof(q->buckets[0]));
	q->newest = pages_alloc(rows, sizeof(q->newest[0]));
	return q->entries && q->buckets && q->newest ? 0 : -ENOMEM;
}

void questions_fini(struct questions *q)
{
	pages_free(q->entries, QUESTIONS_MAX, sizeof(q->entries[0]));
	pages_free(q->buckets, QUESTIONS_BUCKETS, sizeof(q->buckets[0]));
	pages_free(q->newest, q->rows, sizeof(q->newest[0]));
}

void questions_clear(struct questions *q)
{
	memset(q->buckets, 0, QUESTIONS_BUCKETS * sizeof(q->buckets[0]));
	q->free = QUESTIONS_END;
	q->used = 1;
}

static struct question_bucket *bucket_of(const struct questions *q, uint64_t hash)
{
	return &q->buckets[hash % QUESTIONS_BUCKETS];
}

static uint32_t *newest_of(const struct questions *q, uint32_t seq)
{
	return &q->newest[seq & (q->rows - 1)];
}

static uint32_t entry_new(struct questions *q)
{
	uint32_t i = q->free;

	if (i != QUESTIONS_END) {
		q->free = q->entries[i].next;
		return i;
	}
	if (q->used < QUESTIONS_MAX)
		return q->used++;
	q->full++;
	return QUESTIONS_END;
}

static void enter(struct questions *q, uint32_t seq, uint64_t hash, uint32_t pid, uint32_t other)
{
	struct question_bucket *b = bucket_of(q, hash);
	uint32_t i = entry_new(q);

	if (i == QUESTIONS_END)
		return;
	q->entries[i] = (struct question_entry){
		.hash = hash,
		.seq = seq,
		.pid = pid,
		.prev = b->last,
		.other = other,
	};
	if (b->last != QUESTIONS_END)
		q->entries[b->last].next = i;
	else
		b->first = i;
	b->last = i;
	*newest_of(q, seq) = i;
}

void questions_open(struct questions *q, uint32_t seq, uint64_t hash, uint32_t pid)
{
	*newest_of(q, seq) = QUESTIONS_END;
	enter(q, seq, hash, pid, QUESTIONS_END);
}

void questions_add(struct questions *q, uint32_t seq, uint64_t hash)
{
	uint32_t other = *newest_of(q, seq);

	enter(q, seq, hash, q->entries[other].pid, other);
}

static void unlink_entry(struct questions *q, uint32_t i)
{
	struct question_entry *e = &q->entries[i];
	struct question_bucket *b = bucket_of(q, e->hash);

	if (e->prev != QUESTIONS_END)
		q->entries[e->prev].next = e->next;
	else
		b->first = e->next;
	if (e->next != QUESTIONS_END)
		q->entries[e->next].prev = e->prev;
	else
		b->last = e->prev;
	e->next = q->free;
	q->free = i;
}

void questions_close(struct questions *q, uint32_t seq)
{
	uint32_t i = *newest_of(q, seq);

	while (i != QUESTIONS_END) {
		uint32_t other = q->entries[i].other;

		unlink_entry(q, i);
		i = other;
	}
	*newest_of(q, seq) = QUESTIONS_END;
}

uint32_t questions_pid(const struct questions *q, uint32_t seq)
{
	return q->entries[*newest_of(q, seq)].pid;
}

struct question_walk questions_walk(const struct questions *q, uint64_t hash)
{
	return (struct question_walk){
		.hash = hash,
		.next = bucket_of(q, hash)->first,
		.steps = QUESTIONS_STEPS,
	};
}

const struct question_entry *questions_next(const struct questions *q, struct question_walk *w)
{
	while (w->next != QUESTIONS_END && w->steps-- > 0) {
		const struct question_entry *e = &q->entries[w->next];

		w->next = e->next;
		if (e->hash == w->hash)
			return e;
	}
	w->gave_up = w->next != QUESTIONS_END;
	return NULL;
}
