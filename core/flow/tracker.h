/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tracker turns messages into transactions: it pairs queries with
 * responses, counts attempts and sightings, and decides outcomes.
 *
 * It is pure: messages and the time go in, rows of the table change, settled
 * rows come out through a callback. Time is the messages' own, so a replayed
 * file gives what live traffic gave.
 *
 * Pairing is by both addresses, both ports, transport and DNS id, and the
 * response's question must be the query's (case-insensitively: 0x20); a
 * response without a question section takes the newest open row of that key.
 *
 * A query is
 *  - a hop of the row's newest attempt, when it is not an origin sighting and
 *    lies within the hop window: with a known origin always, else if its IP id
 *    equals the newest attempt's (or, where there is none, within `twin_ns`);
 *  - a new attempt, when the row with the same client address, server, id and
 *    question is not yet answered and not yet settled (the client port may
 *    change: dig's retries do);
 *  - a new row otherwise.
 * A source may tell of a packet's further sightings without its bytes (struct
 * dns_msg's again): they are hops of the row that the packet went to, packets.h.
 *
 * A hop whose addresses were changed on the way (NAT) is found by id and
 * question, and its tuple is remembered for the answer. Streams (TCP) deliver
 * a message once: the same question again in one is a new row, not an attempt.
 *
 * Sources may deliver a little out of order: a response that finds no query
 * waits for TRACKER_OVERTAKEN_NS for an older one to arrive. Until it settles as
 * unsolicited it is not counted as such.
 *
 * Outcomes: a row is `timeout` when timeout_ns has passed since its newest
 * attempt. It settles (goes to the sinks, once) settle_hops_ns after its
 * answer, or at 2 x timeout_ns after its newest attempt when none came, so that
 * the retry of a client whose own timer equals ours is still an attempt of it.
 * An answer later than that still completes the row, which then settles again
 * (marked FLOW_LATE and FLOW_SETTLED_ONCE).
 *
 * Of a capture (SIGHTING_UNKNOWN) it is not known who asks: the same question from
 * another port, or timeout_ns after the first, is another transaction.
 */
#ifndef DNSTOP_FLOW_TRACKER_H
#define DNSTOP_FLOW_TRACKER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dns/msg.h"
#include "core/flow/table.h"

struct tracker;

struct tracker_config {
	uint64_t timeout_ns; /* 0: TRACKER_TIMEOUT_NS */
	bool no_lookups;     /* nobody asks which rows belong together: see lookup.h */
	/* Called when a row has settled; may be NULL. The row is valid for the
	 * length of the call, which must not feed the tracker. */
	void (*settled)(void *ctx, const struct flow *f, uint32_t seq);
	void *ctx;
};

#define TRACKER_TIMEOUT_NS     5000000000ull
#define TRACKER_HOP_WINDOW_NS  1000000000ull /* a hop comes at the latest this long after */
#define TRACKER_TWIN_NS        20000000ull   /* two equal packets without IP ids: one, seen twice */
#define TRACKER_SETTLE_HOPS_NS 50000000ull   /* an answer's further sightings are awaited */
#define TRACKER_SETTLE_MORE_NS 1000000000ull /* so is what else belongs to it */
#define TRACKER_OVERTAKEN_NS   100000000ull  /* an answer that overtook its query waits for it */

/* What became of the messages; all are totals since the start. */
struct tracker_stats {
	uint64_t messages;
	uint64_t queries;
	uint64_t responses;
	uint64_t paired;           /* rows answered */
	uint64_t timeouts;         /* rows that became timeout (late answers included) */
	uint64_t late;             /* of them, answered afterwards */
	uint64_t unsolicited;      /* responses without a query, once they settled */
	uint64_t duplicates;       /* second answers to an answered query */
	uint64_t retries;          /* attempts after a row's first */
	uint64_t hops;             /* further sightings of a message */
	uint64_t query_hops;       /* of them, of queries */
	uint64_t malformed;        /* header or question wrong: no row */
	uint64_t bad_records;      /* row made, a later record wrong */
	uint64_t cut;              /* messages shorter than on the wire */
	uint64_t unpaired_opcodes; /* messages of opcodes that expect no response: no row */
	uint64_t icmp_errors;      /* that quote a message, or its packet's front */
	uint64_t halves;           /* answers whose queries were left out on purpose: no row */
	uint64_t continued;        /* further messages of a zone transfer's response */
	uint64_t announced;        /* multicast answers that nobody asked for */
	uint64_t quiet;            /* multicast questions that nobody answered in time */
	uint64_t responses_more;   /* further hosts' answers to multicast questions */
	uint64_t multicast_lost;   /* multicast questions that gave way while open */
	uint64_t causes_lost;      /* names under which resolvers' questions found no room */
};

/* The table must outlive the tracker. NULL when memory is short. */
struct tracker *tracker_new(struct flow_table *table, const struct tracker_config *cfg);
void tracker_free(struct tracker *tr);

/* Takes one message. A few messages are held back, so that their cache misses
 * overlap: they become rows with the next ones, or by the calls below. msg and
 * what it points to are copied for that, but for a message that has been prepared
 * by the table's seed: it must stay until tracker_flush. */
void tracker_feed(struct tracker *tr, const struct dns_msg *msg);
/* Takes n messages, each prepared by the table's seed unless it is quoted; none is held
 * back. They need to stay no longer than the call. */
void tracker_feed_batch(struct tracker *tr, const struct dns_msg *const *msgs, uint32_t n);
/* Works on what is held back. The rest of the calls that change anything do so first. */
void tracker_flush(struct tracker *tr);
/* Lets time pass to now_ns (epoch): timeouts happen, rows settle. Called with
 * each message's own time by tracker_feed; by the loop when the line is quiet. */
void tracker_advance(struct tracker *tr, uint64_t now_ns);
/* The end of input: every row that has not settled does so now, as it is
 * (a query younger than the timeout stays `pending`). */
void tracker_finish(struct tracker *tr);
/* Forgets open rows; to be called with flow_table_clear. */
void tracker_clear(struct tracker *tr);

/* The time it goes by, epoch: the newest it has seen, but for a message more
 * than 2 x timeout_ns older than that, which sets the clock back. Rows of the
 * future that was are then due at once. */
uint64_t tracker_now(const struct tracker *tr);
const struct tracker_stats *tracker_stats(const struct tracker *tr);

/* Queries as they were sent, however often each was seen on its way. */
static inline uint64_t tracker_asked(const struct tracker_stats *s)
{
	return s->queries > s->query_hops ? s->queries - s->query_hops : 0;
}

#endif
