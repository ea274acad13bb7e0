/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Internet layer: IPv4 (RFC 791) and IPv6 with its extension headers
 * (RFC 8200).
 */
#ifndef DNSTOP_SOURCE_IP_H
#define DNSTOP_SOURCE_IP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/source/span.h"

enum ip_protocol {
	IP_HOP_BY_HOP = 0,
	IP_ICMP = 1,
	IP_IPV4 = 4,
	IP_TCP = 6,
	IP_UDP = 17,
	IP_IPV6 = 41,
	IP_ROUTING = 43,
	IP_FRAGMENT = 44,
	IP_GRE = 47,
	IP_AH = 51,
	IP_ICMPV6 = 58,
	IP_DESTINATION = 60,
};

struct ip {
	const uint8_t *src; /* 4 or 16 bytes, by the version, inside the packet */
	const uint8_t *dst;
	struct span payload; /* behind the last header; of a fragment its data */
	uint32_t id;         /* of the IPv4 header, or of the IPv6 fragment header */
	uint32_t offset;     /* of a fragment, in bytes */
	uint8_t version;     /* 4 or 6 */
	uint8_t protocol;    /* of the payload, enum ip_protocol */
	bool fragment;
	bool more; /* fragments follow */
};

/* Takes the packet at s apart as far as it was captured. A length field that
 * promises more than the frame has leaves the payload cut; one of 0 (segments
 * before offload, jumbograms) means all of the frame. False for what is no IP. */
bool ip_parse(struct ip *ip, struct span s);
/* Goes on over extension headers from ip->protocol at ip->payload, until there
 * is none or a fragment header has been taken; false where they are broken. */
bool ip_extensions(struct ip *ip);

#endif
