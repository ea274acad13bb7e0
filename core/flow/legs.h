/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sightings of the messages of rows, one by one: a ring that the newest
 * overwrite. A row refers to its newest leg (flow_table_path), each
 * leg to the one before it, and a reference says itself when it is gone.
 */
#ifndef DNSTOP_FLOW_LEGS_H
#define DNSTOP_FLOW_LEGS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dns/msg.h"

#define LEGS_NONE 0u

enum leg_flag {
	LEG_RESPONSE = 1 << 0, /* of the response; else of the query */
	LEG_ORIGIN = 1 << 1,   /* sent by a local socket */
	LEG_DROP = 1 << 2,     /* thrown away here */
	LEG_ENDS = 1 << 3,     /* its own addresses and ports follow: not the row's */
};

struct leg {
	uint64_t ts_ns;    /* epoch */
	uint32_t ref;      /* its own */
	uint32_t seq;      /* of its row */
	uint32_t before;   /* reference of the row's leg before this one */
	uint16_t src_port; /* with LEG_ENDS */
	uint16_t dst_port;
	uint16_t place;  /* table.places index, 0 unknown */
	uint16_t reason; /* with LEG_DROP: why and by what, table.labels ids */
	uint16_t by;
	uint8_t direction;   /* enum direction */
	uint8_t flags : 5;   /* enum leg_flag */
	uint8_t attempt : 3; /* of a query: which one, modulo 8 */
};

/* What follows a leg that has LEG_ENDS. */
struct leg_ends {
	struct ip_addr src;
	struct ip_addr dst;
};

struct legs;

/* About so many legs, at least 64. NULL when memory is short. */
struct legs *legs_new(uint32_t n);
void legs_free(struct legs *l);

/* Keeps a copy of leg, whose ref is set on the way, and of ends where it has
 * LEG_ENDS; returns the reference. */
uint32_t legs_put(struct legs *l, const struct leg *leg, const struct leg_ends *ends);
/* The leg of a row by reference, NULL when it has been overwritten; borrowed
 * until the next legs_put. */
const struct leg *legs_get(const struct legs *l, uint32_t seq, uint32_t ref);
/* The ends of a leg that has LEG_ENDS. */
const struct leg_ends *legs_ends(const struct leg *leg);

#endif
