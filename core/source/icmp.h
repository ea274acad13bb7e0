/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMP errors (RFC 792, RFC 4443): why a router or a host threw a packet away,
 * and the front of that packet, which they quote.
 */
#ifndef DNSTOP_SOURCE_ICMP_H
#define DNSTOP_SOURCE_ICMP_H

#include <stdbool.h>

#include "core/source/ip.h"

struct icmp_error {
	const char *reason; /* "ICMP_PORT_UNREACHABLE" and the like */
	struct ip quoted;   /* its payload mostly cut, often to 8 bytes */
};

/* ip: a packet of ICMP or ICMPv6. False for what is no error, or quotes nothing
 * that can be read. */
bool icmp_error_parse(const struct ip *ip, struct icmp_error *out);

#endif
