/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/dns/prepare.h"

#include "core/base/hash.h"

void dns_prepare(struct dns_prepared *p, const struct dns_msg *msg, uint64_t seed)
{
	p->seed = seed;
	p->src_hash = hash_bytes(&msg->src, sizeof(msg->src), seed);
	p->dst_hash = hash_bytes(&msg->dst, sizeof(msg->dst), seed);
	p->name_hash = 0;
	p->result = dns_parse(msg->wire, msg->wire_len, msg->wire_orig, &p->dns);
	/* What a response will look for, its query has entered. */
	if (p->dns.has_question && !(p->dns.flags & DNS_FLAG_QR))
		p->name_hash = hash_bytes(p->dns.qname, p->dns.qname_len, seed);
}
