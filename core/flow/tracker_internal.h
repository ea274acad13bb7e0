/* SPDX-License-Identifier: BSD-2-Clause */
/* What tracker.c, where messages wait for their turn, and tracker_take.c, where they
 * become rows, share. */
#ifndef DNSTOP_FLOW_TRACKER_INTERNAL_H
#define DNSTOP_FLOW_TRACKER_INTERNAL_H

#include "core/dns/prepare.h"
#include "core/flow/lifecycle.h"
#include "core/flow/lookup.h"
#include "core/flow/multicast.h"
#include "core/flow/packets.h"
#include "core/flow/pair.h"
#include "core/flow/record.h"
#include "core/flow/tracker.h"
#include "core/flow/twin.h"

/* So many messages are worked on together: what all their look-ups read is asked
 * for before the first look-up, so that it comes from memory at once. */
#define GROUP 16u
/* A longer message is worked on at once, as it would take long to copy: EDNS
 * keeps UDP below this (RFC 9715). */
#define HELD_WIRE 1400u

/* A message in its turn. */
struct turn {
	struct incoming in;
	enum dns_parse result;
};

/* A copy of a message that waits until there are enough for a group. */
struct held {
	struct dns_msg msg;
	struct dns_prepared prepared;
	char ifname[16];
	uint8_t wire[HELD_WIRE];
};

struct tracker {
	struct flow_table *table;
	struct pairing pairing;
	struct lifecycle life;
	struct lookups lookups;
	struct multicast multicast;
	struct twins twins;
	struct tracker_config cfg;
	struct owner_memo owner; /* of who asked */
	struct owner_memo server_owner;
	struct tracker_stats stats;
	struct turn turns[GROUP];
	bool keep_wire; /* the bytes of what is held will be asked for */
	uint32_t n_held;
	const struct dns_msg *held[GROUP]; /* the copies, or what stays where it is */
	struct held copies[GROUP];
	struct dns_prepared long_one;
	struct packets packets;
};

/* What a message does to the table, and what became of its packet; result is how far it
 * was understood. *seq is its row's, or FLOW_NO_SEQ. */
enum packet_fate tracker_take(struct tracker *tr, struct incoming *in, enum dns_parse result,
			      uint32_t *seq);

#endif
