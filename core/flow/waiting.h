/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows that wait for something, in the order in which their waiting
 * began: doubly linked lists through an array beside the ring of rows.
 *
 * All rows of a list wait equally long, so its head is the next one due, and
 * nothing is ever searched. A row is on one list or none; its owner knows
 * which. The rows themselves, cold by then, need not be looked at.
 */
#ifndef DNSTOP_FLOW_WAITING_H
#define DNSTOP_FLOW_WAITING_H

#include <stdbool.h>
#include <stdint.h>

enum waiting_for {
	WAITING_ANSWER, /* pending: an answer */
	WAITING_LATE,   /* timed out: a late answer or another attempt */
	WAITING_HOPS,   /* answered: further sightings */
	WAITING_QUERY,  /* unsolicited: the query, should it have been overtaken */
	WAITING_MORE,   /* answered: what belongs to it and comes later */
	WAITING_LISTS,
};

struct waiting_link {
	uint64_t since_ns;
	uint32_t prev; /* places in the ring */
	uint32_t next;
};

struct waiting {
	struct waiting_link *links;
	struct waiting_ends {
		uint32_t first;
		uint32_t last;
	} ends[WAITING_LISTS];
	uint32_t row_mask;
};

#define WAITING_END UINT32_MAX

/* For a ring of `rows` rows, a power of two. 0 or -ENOMEM. */
int waiting_init(struct waiting *w, uint32_t rows);
void waiting_fini(struct waiting *w);
void waiting_clear(struct waiting *w);

/* Puts a row that is on no list at the end of this one. */
static inline void waiting_append(struct waiting *w, enum waiting_for list, uint32_t seq,
				  uint64_t since_ns)
{
	struct waiting_ends *ends = &w->ends[list];
	uint32_t at = seq & w->row_mask;

	w->links[at] = (struct waiting_link){
		.since_ns = since_ns,
		.prev = ends->last,
		.next = WAITING_END,
	};
	if (ends->last == WAITING_END)
		ends->first = at;
	else
		w->links[ends->last].next = at;
	ends->last = at;
}

/* Takes a row off the list that it is on. */
static inline void waiting_remove(struct waiting *w, enum waiting_for list, uint32_t seq)
{
	struct waiting_ends *ends = &w->ends[list];
	struct waiting_link link = w->links[seq & w->row_mask];

	if (link.prev == WAITING_END)
		ends->first = link.next;
	else
		w->links[link.prev].next = link.next;
	if (link.next == WAITING_END)
		ends->last = link.prev;
	else
		w->links[link.next].prev = link.prev;
}

/* Takes off the row that has waited longest, of a list that is not empty. */
static inline void waiting_remove_first(struct waiting *w, enum waiting_for list)
{
	struct waiting_ends *ends = &w->ends[list];

	ends->first = w->links[ends->first].next;
	if (ends->first == WAITING_END)
		ends->last = WAITING_END;
	else
		w->links[ends->first].prev = WAITING_END;
}

/* The place in the ring of the row that has waited longest, or WAITING_END. */
static inline uint32_t waiting_first(const struct waiting *w, enum waiting_for list)
{
	return w->ends[list].first;
}

/* The link of a place. */
static inline const struct waiting_link *waiting_link(const struct waiting *w, uint32_t place)
{
	return &w->links[place];
}

#endif
