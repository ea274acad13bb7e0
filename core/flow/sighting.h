/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is this message one that the row has already met, seen again elsewhere on
 * its way, or another one? Judged by what the source says of the place
 * (origin or hop), by IP ids, and by time. Pure: a row and a message that is
 * known to have its key and question go in.
 */
#ifndef DNSTOP_FLOW_SIGHTING_H
#define DNSTOP_FLOW_SIGHTING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dns/msg.h"
#include "core/flow/flow.h"

enum query_verdict {
	QUERY_NEW,     /* another transaction */
	QUERY_ATTEMPT, /* the row's question sent once more */
	QUERY_HOP,     /* the newest attempt, seen again */
};

enum response_verdict {
	RESPONSE_OTHER, /* another response */
	RESPONSE_MAYBE, /* the row's, if nothing better can be said of it */
	RESPONSE_SAME,  /* the row's, seen again */
};

/* f: a row that has a query. elsewhere: that the message was seen at another place than
 * the row's was is known, which counts where the source does not tell. */
enum query_verdict sighting_of_query(const struct flow *f, const struct dns_msg *msg,
				     bool elsewhere);
/* f: a row that has a response. */
enum response_verdict sighting_of_response(const struct flow *f, const struct dns_msg *msg);

/* When the newest attempt was made. */
static inline uint64_t flow_attempt_ns(const struct flow *f)
{
	return f->ts_ns + f->last_attempt_us * 1000ull;
}

/* When the response came, of a row that has one. */
static inline uint64_t flow_response_ns(const struct flow *f)
{
	return f->ts_ns + f->latency_ns;
}

#endif
