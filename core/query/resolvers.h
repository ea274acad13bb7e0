/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scorecard of servers: how each answers what it is asked, and a verdict.
 *
 * The verdict is in words, the worst first, at the most two of:
 *
 *	answers nothing		no answer to RESOLVERS_FEW questions or more
 *	drops 4% of queries	1% or more, and two at least, never answered
 *	SERVFAIL 12%		5% of the answers or more
 *	slow: p95 480 ms	p95 of 100 ms or more
 *	EDNS fails in 30%	5% or more of the answers to queries with EDNS
 *				were FORMERR, NOTIMP or BADVERS, or had none
 *	truncates 20%		10% of the answers over UDP or more
 *	2% asked again		2% of the queries or more took another attempt
 *
 * else "ok"; "few queries" where there are less than RESOLVERS_FEW questions and
 * nothing of this. Questions that still wait are in no share.
 */
#ifndef DNSTOP_QUERY_RESOLVERS_H
#define DNSTOP_QUERY_RESOLVERS_H

#include <stddef.h>
#include <stdint.h>

#define RESOLVERS_FEW 10u

struct score {
	uint64_t queries;
	uint64_t answered;
	uint64_t unanswered;
	uint64_t servfail;
	uint64_t udp;       /* answers over UDP */
	uint64_t truncated; /* of them */
	uint64_t edns;      /* answers, seen whole, to queries with EDNS */
	uint64_t edns_failures;
	uint64_t retried; /* queries that took more than one attempt */
	uint64_t retries; /* attempts beyond each query's first */
	uint64_t p50_ns, p95_ns, p99_ns;
};

/* Writes the verdict; returns its length, less than size. */
size_t resolvers_verdict(const struct score *s, char *buf, size_t size);

#endif
