/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The path of a row: which way its messages went, and the time on it.
 *
 * Written by record.c as sightings come: from the second one on, since the row
 * itself knows the first, so that rows whose messages were seen once cost
 * nothing. Read by getters and the detail pane.
 */
#ifndef DNSTOP_FLOW_PATH_H
#define DNSTOP_FLOW_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/flow/legs.h"
#include "core/flow/pair.h"
#include "core/flow/table.h"

/* A further sighting, or the end of one, of the row's newest attempt or of its
 * response; to be called before the row is changed by it. */
void path_add_hop(struct flow_table *t, struct flow *f, const struct dns_msg *msg, bool response);
/* The first sighting of another attempt, or of the response; kept where the row
 * has a path, or where it ended there. To be called before the row is changed. */
void path_add_first(struct flow_table *t, struct flow *f, const struct dns_msg *msg, bool response);

/* More legs than this are left out of a path, the oldest first. */
#define PATH_LEGS 64

struct path_leg {
	uint64_t ts_ns;
	struct ip_addr src;
	struct ip_addr dst;
	uint16_t src_port;
	uint16_t dst_port;
	uint16_t place;    /* table.places index, 0 unknown */
	uint16_t reason;   /* table.labels ids, of one with LEG_DROP */
	uint16_t by;       /* the kernel's function or the router that did */
	uint8_t direction; /* enum direction */
	uint8_t flags;     /* enum leg_flag */
	uint8_t attempt;   /* of a query: which one, modulo 8 */
};

struct path {
	unsigned n;
	bool cut;           /* older legs are not in memory any more */
	bool nat;           /* addresses or ports were changed on the way */
	bool has_server;    /* a response came, and the legs of its attempt are there */
	uint64_t waited_ns; /* from the first attempt to the newest */
	uint64_t query_ns;  /* the newest attempt's, from its first sighting to its last */
	uint64_t server_ns; /* from there to the first of the response */
	uint64_t answer_ns; /* the response's, from its first sighting to its last */
	struct path_leg leg[PATH_LEGS]; /* by time */
};

/* waited_ns + query_ns + server_ns is the row's latency, answer_ns beyond it.
 * False where the row has no legs: *p is not set. */
bool path_read(const struct flow_table *t, const struct flow *f, struct path *p);

/* For sweeps: calls fn for each leg of the row that is in memory. */
void path_each(const struct flow_table *t, const struct flow *f,
	       void (*fn)(void *ctx, const struct leg *leg), void *ctx);

#endif
