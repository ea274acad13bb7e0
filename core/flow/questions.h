/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The questions that resolvers have open, by hashes of what may be asked
 * upstream for their sake. A question is entered under several hashes, and
 * leaves all of them at once; several may be under one, the oldest first.
 *
 * Bounded: when it is full, a question is entered under fewer hashes or none,
 * and that is counted.
 */
#ifndef DNSTOP_FLOW_QUESTIONS_H
#define DNSTOP_FLOW_QUESTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define QUESTIONS_MAX     65536u /* entries */
#define QUESTIONS_BUCKETS 32768u
#define QUESTIONS_END     0u

/* Stands for a process: whichever of this host answers, where none is known. */
#define PID_OF_HOST UINT32_MAX

struct question_entry {
	uint64_t hash;
	uint32_t seq;
	uint32_t pid;  /* that the question is taken to be answered by; 0 unknown */
	uint32_t next; /* entries of the bucket, oldest first */
	uint32_t prev;
	uint32_t other; /* the next entry of the same question */
};

struct questions {
	struct question_entry *entries; /* [QUESTIONS_END] is none */
	struct question_bucket {
		uint32_t first;
		uint32_t last;
	} * buckets;
	uint32_t *newest; /* entry of the question at each place of the ring of rows */
	uint32_t rows;    /* of that ring, a power of two */
	uint32_t free;    /* given back, chained by next */
	uint32_t used;    /* entries ever used */
	uint64_t full;    /* entries that found no room */
};

/* For a ring of `rows` rows. 0 or -ENOMEM; questions_fini in either case. */
int questions_init(struct questions *q, uint32_t rows);
void questions_fini(struct questions *q);
void questions_clear(struct questions *q);

/* The question's first entry, then others; pid is that of its first. */
void questions_open(struct questions *q, uint32_t seq, uint64_t hash, uint32_t pid);
void questions_add(struct questions *q, uint32_t seq, uint64_t hash);
void questions_close(struct questions *q, uint32_t seq);
/* What questions_open was told. */
uint32_t questions_pid(const struct questions *q, uint32_t seq);

/* A walk over the entries under a hash, oldest first. */
struct question_walk {
	uint64_t hash;
	uint32_t next;
	int steps;    /* left: a bucket that is too long is not walked to its end */
	bool gave_up; /* there may be more */
};

struct question_walk questions_walk(const struct questions *q, uint64_t hash);
/* The next entry, NULL at the end. */
const struct question_entry *questions_next(const struct questions *q, struct question_walk *w);

#endif
