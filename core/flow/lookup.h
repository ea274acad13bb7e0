/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lookups: the rows that one call of a stub (getaddrinfo) makes are one thing,
 * with one outcome and one time to its final answer; and what resolvers ask for
 * its sake hangs under it (cause.h).
 *
 * A new query belongs to the lookup of an earlier one of the same client (and
 * process, where both are known) when it is
 *
 *  - the other address family: the same name, the types being two of A, AAAA,
 *    HTTPS and SVCB, within LOOKUP_NEAR_NS of that query or of its answer;
 *  - another try: the same name and type, after an answer with an error, after a
 *    truncated answer over UDP now over TCP, or while there is none: with the same
 *    id (another server, or TCP), or LOOKUP_RETRY_NS after the last attempt;
 *  - the next name of a search list's walk: that query has a negative answer of
 *    at most LOOKUP_WALK_NS ago, and this name is that one without its end, or the
 *    other way round (the bare name is asked first or last), or both begin alike
 *    and end differently: the new end being the last labels of the old one
 *    (svc.cluster.local after ns.svc.cluster.local), or both ends being known as
 *    suffixes that a bare name has shown before.
 *
 * Of several such lookups one on the same port is preferred, then the newest.
 */
#ifndef DNSTOP_FLOW_LOOKUP_H
#define DNSTOP_FLOW_LOOKUP_H

#include "core/flow/cause.h"
#include "core/flow/recent.h"

#define LOOKUP_NEAR_NS  50000000ull
#define LOOKUP_RETRY_NS 800000000ull
#define LOOKUP_ERROR_NS 1000000000ull /* after an error the next try comes within this */
#define LOOKUP_WALK_NS  250000000ull
#define LOOKUP_MAX_NS   60000000000ull /* no lookup begins later than this before its last query */

/* Suffixes that are known, by hash. */
#define LOOKUP_SUFFIXES 1024u

struct lookups {
	struct flow_table *table; /* borrowed */
	struct causes causes;
	struct recent same;  /* rows by client and name */
	struct recent walks; /* rows answered in the negative, by client and first label */
	uint64_t *suffixes;
};

/* 0 or -ENOMEM; lookups_fini in either case. */
int lookups_init(struct lookups *l, struct flow_table *table);
void lookups_fini(struct lookups *l);
void lookups_clear(struct lookups *l);

/* Fetches ahead what lookups_query reads, of a query with its name_hash. */
void lookups_fetch(const struct lookups *l, const struct incoming *in);
/* A row just added, its query recorded. */
void lookups_query(struct lookups *l, const struct incoming *in, struct flow *f, uint32_t seq);
/* Its query was seen again elsewhere. */
static inline void lookups_query_hop(struct lookups *l, const struct incoming *in, struct flow *f,
				     uint32_t seq)
{
	if (f->seen & SEEN_OPEN)
		causes_query_hop(&l->causes, in, f, seq);
}
/* Its response is recorded, and it is answered. */
void lookups_answer(struct lookups *l, const struct incoming *in, struct flow *f, uint32_t seq);
/* The row settles. */
static inline void lookups_settle(struct lookups *l, struct flow *f, uint32_t seq)
{
	if (f->state == FLOW_TIMEOUT || f->seen & SEEN_OPEN)
		causes_settle(&l->causes, f, seq);
}

#endif
