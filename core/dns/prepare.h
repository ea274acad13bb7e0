/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be known of a message by itself, before anything is looked up: what
 * it says, and the hashes that the look-ups begin with.
 *
 * It needs no table and no lock, so a source may have it done by a thread that
 * reads ahead.
 */
#ifndef DNSTOP_DNS_PREPARE_H
#define DNSTOP_DNS_PREPARE_H

#include <stddef.h>
#include <stdint.h>

#include "core/dns/msg.h"
#include "core/dns/wire.h"

struct dns_prepared {
	uint64_t seed;        /* of the hashes, as in hash.h */
	uint64_t client_hash; /* of the address of who asks: a query's source */
	uint64_t server_hash;
	uint64_t name_hash; /* of a query's name as sent; 0 where there is none */
	uint64_t key_hash;  /* of both addresses and ports, transport and id: a response's
			     * is its query's */
	enum dns_parse result;
	struct dns_parsed dns; /* last, since most of its name's room is never used */
};

/* What most messages take where what was prepared of them lies behind them. */
#define DNS_PREPARED_TYPICAL 320u

/* Of a message of any length; of one without a whole header dns is all zero. */
void dns_prepare(struct dns_prepared *p, const struct dns_msg *msg, uint64_t seed);

/* The bytes of p that have a meaning: its name's room ends with its name. */
static inline size_t dns_prepared_size(const struct dns_prepared *p)
{
	return offsetof(struct dns_prepared, dns.qname) + p->dns.qname_len + 1U;
}

#endif
