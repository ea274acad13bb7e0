/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What became of the last packets, for a source that tells of a packet's
 * further sightings without its bytes (struct dns_msg's again).
 *
 * The newest some thousand by the packet's own number, which grows: a sighting
 * comes microseconds after the one before, or the source tells it whole.
 */
#ifndef DNSTOP_FLOW_PACKETS_H
#define DNSTOP_FLOW_PACKETS_H

#include <stdint.h>

#include "core/dns/msg.h"

#define PACKETS_SETS 1024u
#define PACKETS_WAYS 4u

enum packet_fate {
	PACKET_UNKNOWN,
	PACKET_QUERY,     /* of the row's newest attempt */
	PACKET_RESPONSE,  /* the row's response */
	PACKET_DUPLICATE, /* a second answer */
	PACKET_UNPAIRED,  /* of an opcode that expects no response */
	PACKET_MALFORMED,
	PACKET_HALF, /* the other half of whose transaction was left out */
};

struct packet_row {
	uint64_t packet; /* struct dns_msg's, like what follows */
	struct ip_addr src;
	struct ip_addr dst;
	uint16_t src_port;
	uint16_t dst_port;
	uint16_t id; /* DNS id: two packets may have one number */
	uint8_t fate;
	uint32_t seq;
};

struct packets {
	struct packet_row sets[PACKETS_SETS][PACKETS_WAYS];
};

static inline struct packet_row *packets_set(struct packets *p, uint64_t packet)
{
	return p->sets[packet * 0x9e3779b97f4a7c15ull >> 54];
}

/* In the place of the oldest of its set. */
static inline void packets_note(struct packets *p, const struct dns_msg *msg, uint16_t id,
				enum packet_fate fate, uint32_t seq)
{
	struct packet_row *set, *r;

	if (!msg->packet)
		return;
	r = set = packets_set(p, msg->packet);
	for (unsigned way = 1; way < PACKETS_WAYS; way++)
		r = set[way].packet < r->packet ? &set[way] : r;
	*r = (struct packet_row){
		.packet = msg->packet,
		.src = msg->src,
		.dst = msg->dst,
		.src_port = msg->src_port,
		.dst_port = msg->dst_port,
		.id = id,
		.fate = fate,
		.seq = seq,
	};
}

/* NULL when it is not known any more. */
static inline const struct packet_row *packets_find(struct packets *p, uint64_t packet, uint16_t id)
{
	const struct packet_row *set = packets_set(p, packet);

	for (unsigned way = 0; way < PACKETS_WAYS; way++) {
		if (set[way].packet == packet && set[way].id == id)
			return &set[way];
	}
	return NULL;
}

_Static_assert(1ull << (64 - 54) == PACKETS_SETS, "a set for each of the hash's first bits");

#endif
