/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/dns/prepare.h"

#include "core/base/hash.h"

static uint64_t key_hash(const struct dns_prepared *p, const struct dns_msg *msg)
{
	bool response = p->dns.flags & DNS_FLAG_QR;
	uint64_t client_hash = response ? p->dst_hash : p->src_hash;
	uint64_t server_hash = response ? p->src_hash : p->dst_hash;
	uint64_t client_port = response ? msg->dst_port : msg->src_port;
	uint64_t server_port = response ? msg->src_port : msg->dst_port;
	uint64_t words = client_port << 48 | server_port << 32 | (uint64_t)p->dns.id << 16 |
			 msg->transport;

	/* HTTPS has one id for all: its stream tells. */
	if (msg->transport == TRANSPORT_HTTPS)
		words ^= (uint64_t)msg->ip_id << 16;
	return hash_pair(client_hash ^ words, server_hash);
}

void dns_prepare(struct dns_prepared *p, const struct dns_msg *msg, uint64_t seed)
{
	p->seed = seed;
	p->src_hash = hash_bytes(&msg->src, sizeof(msg->src), seed);
	p->dst_hash = hash_bytes(&msg->dst, sizeof(msg->dst), seed);
	p->name_hash = 0;
	p->result = dns_parse(msg->wire, msg->wire_len, msg->wire_orig, &p->dns);
	p->key_hash = key_hash(p, msg);
	/* What a response will look for, its query has entered. */
	if (p->dns.has_question && !(p->dns.flags & DNS_FLAG_QR))
		p->name_hash = hash_bytes(p->dns.qname, p->dns.qname_len, seed);
}
