/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What became of the last packets, for a source that tells of a packet's
 * further sightings without its bytes (struct dns_msg's again): one at each of the
 * places where the source remembers them.
 */
#ifndef DNSTOP_FLOW_PACKETS_H
#define DNSTOP_FLOW_PACKETS_H

#include <stdint.h>

#include "core/dns/msg.h"

/* Places beyond these share with others: of their packets, further sightings may
 * find no row. */
#define PACKETS_MAX 16384u

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
	struct packet_row at[PACKETS_MAX];
};

static inline void packets_note(struct packets *p, const struct dns_msg *msg, uint16_t id,
				enum packet_fate fate, uint32_t seq)
{
	if (!msg->packet_place)
		return;
	p->at[msg->packet_place % PACKETS_MAX] = (struct packet_row){
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
static inline const struct packet_row *packets_find(const struct packets *p,
						    const struct dns_msg *msg, uint16_t id)
{
	const struct packet_row *r = &p->at[msg->packet_place % PACKETS_MAX];

	return r->packet == msg->packet && r->id == id ? r : NULL;
}

#endif
