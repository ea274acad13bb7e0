/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions put to everyone on the link: mDNS (RFC 6762) and LLMNR (RFC 4795).
 *
 * One message may ask several questions, each of which is a row. Whoever knows
 * answers, from an address of its own, to the group or to the asker alone; one
 * message may answer several questions of several askers; many hosts may answer,
 * or none. So a question is found by its name, its type and who may hear the
 * answer, within the timeout. The first answer makes the row's latency; hosts that
 * answer are counted.
 *
 * An answer that no open question wanted, to the group, is an announcement: a
 * row of its own, which has SEEN_ANNOUNCED and the first name that is told of.
 *
 * Bounded: MULTICAST_OPEN questions and announcements; the oldest gives way.
 */
#ifndef DNSTOP_FLOW_MULTICAST_H
#define DNSTOP_FLOW_MULTICAST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dns/wire.h"
#include "core/flow/pair.h"
#include "core/flow/table.h"

#define PORT_MDNS  5353
#define PORT_LLMNR 5355

#define MULTICAST_OPEN       2048u
#define MULTICAST_QUESTIONS  64u  /* of one message */
#define MULTICAST_RECORDS    512u /* of one message */
#define MULTICAST_RESPONDERS 64u  /* told apart for one question */

struct multicast_open {
	uint64_t hash; /* of the name, in lower case */
	uint32_t seq;
	uint32_t next; /* of the bucket, older: its number, or MULTICAST_END */
	bool probe;    /* for a name that the asker wants to have */
	uint32_t n_responders;
	uint32_t responders[MULTICAST_RESPONDERS]; /* hashes of addresses */
};

struct multicast {
	struct flow_table *table; /* borrowed */
	uint64_t window_ns;
	uint64_t lost; /* questions that gave way while they could still be answered */
	struct multicast_open *open; /* a ring; NULL until the first question */
	uint32_t *buckets;           /* numbers of the newest, or MULTICAST_END */
	uint32_t n;                  /* ever entered; a number modulo the ring's size is a place */
	struct dns_parsed one;       /* a message with one of its questions */
};

/* What the owner does with each row: *seq is in for all but new ones, where the
 * owner sets it, or leaves FLOW_NO_SEQ. */
struct multicast_fns {
	void (*query)(void *ctx, struct incoming *in, enum pair_query verdict, uint32_t *seq);
	void (*response)(void *ctx, struct incoming *in, enum pair_response verdict, uint32_t *seq);
	void *ctx;
};

void multicast_init(struct multicast *m, struct flow_table *table, uint64_t window_ns);
void multicast_fini(struct multicast *m);
void multicast_clear(struct multicast *m);

/* Whether a message with that port might be mDNS or LLMNR: a cheap question, to be
 * asked first. */
static inline bool multicast_port(uint16_t port)
{
	return ((port - PORT_MDNS) & ~2u) == 0;
}

static inline bool multicast_ports(const struct incoming *in)
{
	return multicast_port(in->server_port) || multicast_port(in->client_port);
}

/* enum flow_service. Port 5353 has ordinary servers, too: what is asked of one
 * host from another port is mDNS only for a name in .local. */
uint8_t multicast_service(const struct incoming *in);

/* Takes a message; false: it is to be paired as any other. */
bool multicast_query(struct multicast *m, const struct incoming *in,
		     const struct multicast_fns *fns);
bool multicast_response(struct multicast *m, const struct incoming *in,
			const struct multicast_fns *fns);

#endif
