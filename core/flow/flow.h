/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The row of the flow table: a transaction, one question asked by one client
 * of one server, with all its attempts, sightings and its outcome.
 *
 * 96 bytes, because there are a million of them. Names, addresses and other
 * strings are ids of the table's interned strings; a fact that is not known is
 * 0 or the named constant, and its getter in core/query/field.c says "absent".
 */
#ifndef DNSTOP_FLOW_FLOW_H
#define DNSTOP_FLOW_FLOW_H

#include <stdbool.h>
#include <stdint.h>

enum flow_state {
	FLOW_PENDING, /* asked, not answered, not yet older than the timeout */
	FLOW_ANSWERED,
	FLOW_TIMEOUT,     /* asked, not answered within the timeout */
	FLOW_UNSOLICITED, /* an answer without a query */
};

enum flow_service {
	SERVICE_DNS,
	SERVICE_MDNS,  /* port 5353, RFC 6762 */
	SERVICE_LLMNR, /* port 5355, RFC 4795 */
};

/* Bits of struct flow's `marks`. */
enum flow_mark {
	FLOW_HAS_RESPONSE = 1 << 0, /* the response's fields are facts */
	FLOW_HAS_QUESTION = 1 << 1, /* qname, qtype and qclass are facts */
	FLOW_HAS_TTL = 1 << 2,
	FLOW_HAS_QUERY_EDNS = 1 << 3,
	FLOW_HAS_RESPONSE_EDNS = 1 << 4,
	FLOW_DNSSEC_OK = 1 << 5, /* DO was set in the query */
	FLOW_HAS_EDE = 1 << 6,
	FLOW_LATE = 1 << 7,           /* answered after it had been called a timeout */
	FLOW_CUT = 1 << 8,            /* a message was cut by the capture */
	FLOW_BAD_RECORDS = 1 << 9,    /* question good, a later record malformed */
	FLOW_LAST_IP_ID = 1 << 10,    /* last_ip_id is a fact */
	FLOW_SETTLED = 1 << 11,       /* was given to the sinks */
	FLOW_TCP_GAP = 1 << 12,       /* its TCP stream was not seen whole */
	FLOW_SETTLED_ONCE = 1 << 13,  /* was given to the sinks before; if it settles, then again */
	FLOW_HAS_PATH = 1 << 14,      /* has legs, see path.h */
	FLOW_ANSWERED_HERE = 1 << 15, /* the process that answered is known */
};

/* Bits of struct flow's `seen`: what pairing must know of the row's messages. */
enum flow_seen {
	SEEN_QUERY_ORIGIN = 1 << 0,    /* the newest attempt, where it was sent */
	SEEN_RESPONSE_ORIGIN = 1 << 1, /* the response, where it was sent */
	SEEN_RESPONSE_IP_ID = 1 << 2,  /* response_ip_id is a fact */
	SEEN_TIMEOUT = 1 << 3,         /* was once called a timeout, and counted */
	SEEN_SIDE = 1 << 4,            /* has a struct flow_side */
	SEEN_QUERY_IN = 1 << 5,        /* the newest attempt, first where it came in */
	SEEN_OPEN = 1 << 6,            /* a resolver works on it (cause.h) */
	SEEN_ANNOUNCED = 1 << 7,       /* an answer to everyone that nobody asked for */
};

struct flow {
	uint64_t ts_ns;      /* epoch, first attempt (the message itself when unsolicited) */
	uint64_t latency_ns; /* first attempt to first sighting of the answer */
	uint32_t client;     /* table.addrs ids; the client is the side that asks */
	uint32_t server;
	uint32_t qname;    /* table.names id */
	uint32_t same_key; /* seq of the older row with the same tuple and DNS id, or FLOW_NO_SEQ */
	uint32_t last_attempt_us; /* ts of the newest attempt after ts_ns; saturates */
	uint32_t ttl;
	uint32_t query_ref; /* table.store references */
	uint32_t response_ref;
	uint32_t response_bytes;
	uint32_t owner; /* table.owners id of the asking process, 0 unknown */
	uint16_t query_bytes;
	uint16_t client_port;
	uint16_t server_port;
	uint16_t id;
	uint16_t qtype;
	uint16_t qclass;
	uint16_t rcode;       /* extended through EDNS */
	uint16_t query_flags; /* header words as sent */
	uint16_t response_flags;
	uint16_t answers;
	uint16_t attempts; /* saturate at 65535 */
	uint16_t sightings;
	uint16_t last_ip_id; /* of the newest attempt, to tell a re-send from a hop (or stream) */
	uint16_t ede;
	uint16_t place;          /* table.places index: namespace and interface, 0 unknown */
	uint16_t marks;          /* enum flow_mark */
	uint16_t drop_reason;    /* table.labels id */
	uint16_t response_ip_id; /* of the response, likewise */
	uint8_t seen;            /* enum flow_seen */
	uint8_t state;           /* enum flow_state */
	uint8_t transport : 4;   /* enum transport */
	uint8_t service : 3;     /* enum flow_service */
	bool unfollowed : 1;     /* further sightings of its messages are not known */
};

/* Whether silence was a failure: that a question to everyone finds nobody is none. */
static inline bool flow_is_unanswered(const struct flow *f)
{
	return f->state == FLOW_TIMEOUT && f->service == SERVICE_DNS;
}

_Static_assert(sizeof(struct flow) <= 96, "a million rows must stay small");

#define FLOW_NO_SEQ UINT32_MAX

#endif
