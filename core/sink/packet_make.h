/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The headers of packets, made again around messages: memory keeps DNS
 * messages, not the packets that brought them. Addresses, ports, lengths and
 * checksums are right; what nobody remembers (TTL, windows, flags) is plain.
 */
#ifndef DNSTOP_SINK_PACKET_MAKE_H
#define DNSTOP_SINK_PACKET_MAKE_H

#include <stddef.h>
#include <stdint.h>

#include "core/dns/msg.h"

struct packet_end {
	struct ip_addr addr;
	uint16_t port; /* host order */
};

/* What follows the headers. */
struct packet_body {
	const uint8_t *bytes;
	size_t len;
	size_t orig; /* on the wire; > len: it was cut, and then there is no checksum of it */
};

enum packet_tcp_flags {
	PACKET_SYN = 0x02,
	PACKET_PSH = 0x08,
	PACKET_ACK = 0x10,
};

struct packet_segment {
	uint32_t seq, ack;
	uint8_t flags;
};

#define PACKET_HEAD_MAX 60 /* of IPv6 and TCP */
/* The longest bodies that these headers can tell the length of. */
#define PACKET_UDP_MAX (65535 - 20 - 8)

/* Write the headers; return their length. ip_id is IPv4's. */
size_t packet_udp(uint8_t head[PACKET_HEAD_MAX], const struct packet_end *from,
		  const struct packet_end *to, uint16_t ip_id, const struct packet_body *body);
size_t packet_tcp(uint8_t head[PACKET_HEAD_MAX], const struct packet_end *from,
		  const struct packet_end *to, uint16_t ip_id, const struct packet_segment *seg,
		  const struct packet_body *body);

#endif
