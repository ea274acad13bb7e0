/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Byte strings by number: each distinct one is kept once and called by a
 * 32-bit id that stays the same for as long as a row uses it.
 *
 * The store is bounded. When it is full its owner marks the ids still in use
 * and sweeps the rest (table.c does, from the rows), which costs less than
 * counting references on every packet. What still does not fit gets id 0,
 * whose text is empty, and is counted.
 */
#ifndef DNSTOP_FLOW_INTERN_H
#define DNSTOP_FLOW_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INTERN_NONE 0u

/* The longest string that is kept: any name's text fits (DNS_NAME_TEXT_MAX). */
#define INTERN_MAX_LEN 1037u

struct intern;

/* What id a string with some hash probably has. */
struct intern_guess {
	uint32_t id;
	uint32_t generation; /* of the store's ids */
};

/* At most max_entries strings in max_bytes (a string takes 3 bytes beside its
 * own, and multiples of 16); hash_seed as in hash.h. Memory is touched as
 * strings come. Returns NULL when memory is short. */
struct intern *intern_new(uint32_t max_entries, size_t max_bytes, uint64_t hash_seed);
void intern_free(struct intern *in);

/* The id of bytes, entered if new; INTERN_NONE when full (see intern_fits) or
 * longer than INTERN_MAX_LEN. */
uint32_t intern_id(struct intern *in, const void *bytes, size_t len);
/* The same with the hash (hash_bytes with this store's seed) already at hand. */
uint32_t intern_id_hashed(struct intern *in, const void *bytes, size_t len, uint64_t hash);
/* The same, sooner where the guess, which may be zeroed, is right. */
uint32_t intern_id_guessed(struct intern *in, const void *bytes, size_t len, uint64_t hash,
			   struct intern_guess guess);
/* The id if it is there, INTERN_NONE if not; never enters. */
uint32_t intern_find(const struct intern *in, const void *bytes, size_t len);

/* Fetch what a look-up of a string of this length and hash will read: its slot, and
 * when that is there the text to compare with. */
void intern_prefetch(const struct intern *in, uint64_t hash);
struct intern_guess intern_prefetch_text(const struct intern *in, size_t len, uint64_t hash);

/* The bytes of an id, NUL-terminated, at any alignment; borrowed until the next
 * sweep. */
const char *intern_text(const struct intern *in, uint32_t id, size_t *len);

/* True when a new string of len bytes would fit. */
bool intern_fits(const struct intern *in, size_t len);
/* Mark and sweep: intern_mark_begin, intern_mark for each id in use, then
 * intern_sweep, which frees the others and returns how many it freed. */
void intern_mark_begin(struct intern *in);
void intern_mark(struct intern *in, uint32_t id);
uint32_t intern_sweep(struct intern *in);

/* Ids are below this; for arrays indexed by id (a filter's memory of names). */
uint32_t intern_limit(const struct intern *in);
/* Changes with each sweep: what was remembered by id is void then. */
uint32_t intern_generation(const struct intern *in);
/* How much of the room is taken, swept or not, in sixteenths: of entries or of
 * bytes, whichever is more. */
unsigned int intern_fill(const struct intern *in);
uint32_t intern_count(const struct intern *in);
size_t intern_bytes(const struct intern *in);
/* How often intern_id had to return INTERN_NONE. */
uint64_t intern_lost(const struct intern *in);

#endif
