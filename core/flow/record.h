/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a message says, written into its row.
 */
#ifndef DNSTOP_FLOW_RECORD_H
#define DNSTOP_FLOW_RECORD_H

#include <stdbool.h>

#include "core/flow/pair.h"
#include "core/flow/table.h"

/* The owner met last: most queries of a host are those of one resolver. */
struct owner_memo {
	uint32_t pid;
	uint32_t uid;
	uint32_t id; /* INTERN_NONE: nothing remembered */
	uint32_t generation;
	uint64_t cgroup;
	uint64_t start_ns;
	uint64_t ts_ns; /* when it was looked up */
	uint16_t execs;
	char comm[16];
};

/* Key, time, question and place of a row just added. Its state must be set. */
void record_key(struct flow_table *t, struct flow *f, const struct incoming *in);
/* The first query of a row. */
void record_query(struct flow_table *t, struct owner_memo *memo, struct flow *f,
		  const struct incoming *in, bool bad_records);
/* Who answered, if the message says it and nothing is known yet; the memo is not
 * the queries'. */
void record_server(struct flow_table *t, struct owner_memo *memo, struct flow *f,
		   const struct dns_msg *msg);
/* Its response: all but state and latency. */
void record_response(struct flow_table *t, struct flow *f, const struct incoming *in,
		     bool bad_records);
/* A response that was thrown away before it was seen anywhere: no answer. */
void record_response_lost(struct flow_table *t, struct flow *f, const struct dns_msg *msg);
/* What an ICMP error says of the query or the response; where the kernel here has
 * said it of the row already, nothing. */
void record_quoted(struct flow_table *t, struct flow *f, const struct dns_msg *msg, bool response);
/* Zone transfers have responses of several messages, each of which is told from a
 * further sighting by its place: that of the first. */
bool record_is_transfer(const struct flow *f);
bool record_continues(const struct flow_table *t, const struct flow *f, const struct dns_msg *msg);
/* One more message of the same response. */
void record_more(struct flow_table *t, struct flow *f, const struct incoming *in);
/* Another attempt. */
void record_attempt(struct flow_table *t, struct flow *f, const struct dns_msg *msg);
/* A further sighting of the newest attempt, or of the response. */
void record_query_hop(struct flow_table *t, struct owner_memo *memo, struct flow *f,
		      const struct dns_msg *msg);
void record_response_hop(struct flow_table *t, struct flow *f, const struct dns_msg *msg);

#endif
