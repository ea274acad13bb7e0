/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pairing: to which row of the table a message belongs.
 *
 * Reads rows and never changes one, except for the same_key by which rows of
 * one key hang together. What is compared is in match.h; what tells sightings
 * apart is in sighting.h.
 */
#ifndef DNSTOP_FLOW_PAIR_H
#define DNSTOP_FLOW_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dns/msg.h"
#include "core/dns/prepare.h"
#include "core/flow/recent.h"
#include "core/flow/slots.h"
#include "core/flow/table.h"

/* A message with its roles told apart. */
struct incoming {
	const struct dns_msg *msg;
	const struct dns_parsed *dns;
	const struct ip_addr *client; /* who asks: a query's source, a response's destination */
	const struct ip_addr *server;
	uint16_t client_port;
	uint16_t server_port;
	uint16_t id;
	uint64_t key_hash;    /* as in prepare.h */
	uint64_t client_hash; /* of the client's address, by the table's seed */
	uint64_t server_hash; /* of the server's, likewise */
	uint64_t name_hash;   /* of a query's name as sent, by the table's seed */
	bool is_looked_up;    /* by pair_query or _response, with what they found: */
	uint32_t *newest;     /* the index's seq of the key's newest row; NULL: no row */
	struct intern_guess client_guess;
	struct intern_guess name_guess;
};

struct pairing {
	struct flow_table *table; /* borrowed */
	uint64_t timeout_ns;      /* a capture's question asked again later than this is another */
	struct slots index;       /* tags of keys to the newest row with that key */
	uint32_t *tags;           /* by the row's place in the ring, so that it can leave */
	struct recent questions;  /* rows by id and question, whatever the addresses */
	struct recent aliases;    /* rows by the hash of a key that is not their own */
};

/* How a message was found to belong to a row. */
enum pair_query {
	PAIR_QUERY_NEW,
	PAIR_QUERY_ATTEMPT,
	PAIR_QUERY_HOP,
	PAIR_QUERY_OVERTAKEN, /* the row is the unsolicited answer that overtook it */
};

enum pair_response {
	PAIR_RESPONSE_STRAY,  /* no row */
	PAIR_RESPONSE_ANSWER, /* the row's first */
	PAIR_RESPONSE_HOP,    /* the row's response, seen again */
	PAIR_RESPONSE_AGAIN,  /* the row is answered already */
};

/* 0 or -ENOMEM; pair_fini in either case. */
int pair_init(struct pairing *p, struct flow_table *table, uint64_t timeout_ns);
void pair_fini(struct pairing *p);
void pair_clear(struct pairing *p);

/* May be called ahead, of a message whose header is good and what was prepared of it by
 * the table's seed: fetches what the look-ups read first. */
void pair_fetch(const struct pairing *p, const struct dns_msg *msg,
		const struct dns_prepared *prepared);
/* Fills in from them; both are borrowed for as long as `in` is used. */
void pair_begin(struct incoming *in, const struct dns_msg *msg,
		const struct dns_prepared *prepared);
/* To be called, if at all, when what pair_fetch asked for should have arrived: fetches
 * what the look-ups read then, and guesses what they will find. */
void pair_fetch_rows(const struct pairing *p, struct incoming *in);

/* The row that the message belongs to, in *seq where there is one. */
enum pair_query pair_query(struct pairing *p, struct incoming *in, uint32_t *seq);
enum pair_response pair_response(const struct pairing *p, struct incoming *in, uint32_t *seq);

/* The newest row of the message that an ICMP error quotes; false: none. Where its
 * dns could not be parsed, it has no question. */
bool pair_quoted(const struct pairing *p, const struct incoming *in, uint32_t *seq);
/* The same of a quote without a DNS header, among the newest rows: the newest below
 * *seq, which begins as the table's next_seq. */
bool pair_quoted_ports(const struct pairing *p, const struct dns_msg *msg, uint32_t *seq);

/* Makes a new row findable by its message's key, and a query's by its question
 * besides. */
void pair_enter(struct pairing *p, const struct incoming *in, struct flow *f, uint32_t seq);
/* The row is about to leave the table. */
void pair_leave(struct pairing *p, uint32_t seq);

#endif
