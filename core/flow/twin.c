/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/twin.h"

#include "core/base/hash.h"
#include "core/flow/sighting.h"

/* Letters alike in either case: each query may have its own (0x20). */
static uint64_t twin_hash(const struct flow_table *t, const struct incoming *in)
{
	const struct dns_parsed *dns = in->dns;
	char lower[DNS_NAME_TEXT_MAX];

	for (uint16_t i = 0; i < dns->qname_len; i++) {
		char c = dns->qname[i];

		lower[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	return hash_mix(hash_bytes(lower, dns->qname_len, t->hash_seed),
			hash_pair(in->client_hash ^ dns->qtype, in->server_hash));
}

static struct twin_slot *slot_of(struct twins *tw, uint64_t hash)
{
	return &tw->slots[hash % TWIN_SLOTS];
}

static uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32) | 1;
}

void twins_cut(struct twins *tw, const struct flow_table *t, const struct incoming *in,
	       uint32_t seq)
{
	uint64_t hash = twin_hash(t, in);

	if (in->dns->has_question)
		*slot_of(tw, hash) = (struct twin_slot){ .tag = tag_of(hash), .seq = seq };
}

void twins_query(struct twins *tw, struct flow_table *t, const struct incoming *in, struct flow *f,
		 uint32_t seq)
{
	uint64_t hash = twin_hash(t, in);
	struct twin_slot *slot = slot_of(tw, hash);
	struct flow *cut;

	if (slot->tag != tag_of(hash) || !flow_table_has(t, slot->seq))
		return;
	cut = flow_table_row(t, slot->seq);
	if (cut->transport != TRANSPORT_UDP || cut->state != FLOW_ANSWERED ||
	    cut->client != f->client || cut->server != f->server || cut->qtype != f->qtype ||
	    f->ts_ns < cut->ts_ns || f->ts_ns > flow_response_ns(cut) + TWIN_WINDOW_NS)
		return;
	flow_table_side_make(t, cut)->twin = seq;
	flow_table_side_make(t, f)->twin = slot->seq;
	slot->tag = 0;
}
