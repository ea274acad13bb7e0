/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which client's question caused a query that a resolver sends upstream.
 *
 * A query hangs under a question when its sender is who the question is asked of,
 * the question is open while it is sent, and the name fits:
 *
 *  - The sender is the process that answers at the question's address in the
 *    client's namespace (known from its last answer, and made sure of by the
 *    answer to this very question). Where processes are not known, as in a file,
 *    it is the address that is asked; or of a question on loopback, or one that
 *    the capture saw come in, any address from which the capture saw this host
 *    ask: but then name and type must be the question's.
 *  - The name is the question's, with its type or, if all such questions are of
 *    one type, another; or a CNAME's target or a name server's name out of an
 *    answer to an earlier query under it; of several such questions the first, as
 *    a resolver asks once; but where processes are not known, of questions to one
 *    address and port only. Or it lies above one of these names (but is not the
 *    root), of one open question only, or of those of one lookup for one name.
 *
 * What fits none, or several and none exactly, hangs under none: a prefetch, a
 * priming query. So does what is asked once the question is answered.
 *
 * Links are made when a query is seen, and again when an answer tells that
 * another process than the one supposed is the resolver. Everything is bounded:
 * what is forgotten costs links, which are then missing, never wrong.
 */
#ifndef DNSTOP_FLOW_CAUSE_H
#define DNSTOP_FLOW_CAUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dns/labels.h"
#include "core/flow/pair.h"
#include "core/flow/peers.h"
#include "core/flow/questions.h"
#include "core/flow/table.h"

/* Who answers where. */
struct endpoint {
	uint64_t key; /* 0: empty */
	uint32_t pid;
};

struct causes {
	struct flow_table *table; /* borrowed */
	struct questions open;
	struct peers peers;
	struct endpoint *endpoints;
	bool host_answers; /* some question was taken to be this host's to answer */
	bool host_asks;    /* host_asked_seq is a fact: the newest query that left this host */
	uint32_t host_asked_seq;
	uint32_t credit; /* rows that may be looked at again, so that it costs little */
};

/* 0 or -ENOMEM; causes_fini in either case. */
int causes_init(struct causes *c, struct flow_table *table);
void causes_fini(struct causes *c);
void causes_clear(struct causes *c);

/* Fetches ahead what causes_query reads. */
void causes_fetch(const struct causes *c, const struct incoming *in);
/* A row just added, its query recorded: links it to its cause, and remembers it
 * as a cause. */
void causes_query(struct causes *c, const struct incoming *in, struct flow *f, uint32_t seq);
/* Its query was seen again elsewhere: one that goes on is not for this host. */
void causes_query_hop(struct causes *c, const struct incoming *in, struct flow *f, uint32_t seq);
/* Its response came and is recorded. */
void causes_answer(struct causes *c, const struct incoming *in, struct flow *f, uint32_t seq);
/* The row settles. */
void causes_settle(struct causes *c, struct flow *f, uint32_t seq);

#endif
