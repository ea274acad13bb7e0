/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/dns/prepare.h"

#include "core/base/hash.h"

static uint64_t key_hash(const struct dns_prepared *p, const struct dns_msg *msg)
{
	bool response = p->dns.flags & DNS_FLAG_QR;
	uint64_t client_port = response ? msg->dst_port : msg->src_port;
	uint64_t server_port = response ? msg->src_port : msg->dst_port;
	uint64_t words = client_port << 48 | server_port << 32 | (uint64_t)p->dns.id << 16 |
			 msg->transport;

	/* HTTPS has one id for all: its stream tells. */
	if (msg->transport == TRANSPORT_HTTPS)
		words ^= (uint64_t)msg->ip_id << 16;
	return hash_pair(p->client_hash ^ words, p->server_hash);
}

void dns_prepare(struct dns_prepared *p, const struct dns_msg *msg, uint64_t seed)
{
	bool response;

	p->seed = seed;
	p->name_hash = 0;
	p->result = dns_parse(msg->wire, msg->wire_len, msg->wire_orig, &p->dns);
	response = p->dns.flags & DNS_FLAG_QR;
	p->client_hash = hash_bytes(response ? &msg->dst : &msg->src, sizeof(msg->src), seed);
	p->server_hash = hash_bytes(response ? &msg->src : &msg->dst, sizeof(msg->src), seed);
	p->key_hash = key_hash(p, msg);
	/* What a response will look for, its query has entered. */
	if (p->dns.has_question && !response)
		p->name_hash = hash_bytes(p->dns.qname, p->dns.qname_len, seed);
}
