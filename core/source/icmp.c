/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/icmp.h"

#include <stddef.h>

#define HEADER 8u

struct name {
	uint8_t type;
	int code; /* -1: any other */
	const char *reason;
};

static const struct name names_v4[] = {
	{ 3, 0, "ICMP_NET_UNREACHABLE" },      { 3, 1, "ICMP_HOST_UNREACHABLE" },
	{ 3, 2, "ICMP_PROTOCOL_UNREACHABLE" }, { 3, 3, "ICMP_PORT_UNREACHABLE" },
	{ 3, 4, "ICMP_FRAGMENTATION_NEEDED" }, { 3, 6, "ICMP_NET_UNKNOWN" },
	{ 3, 7, "ICMP_HOST_UNKNOWN" },         { 3, 9, "ICMP_NET_PROHIBITED" },
	{ 3, 10, "ICMP_HOST_PROHIBITED" },     { 3, 13, "ICMP_ADMIN_PROHIBITED" },
	{ 3, -1, "ICMP_UNREACHABLE" },         { 11, 1, "ICMP_REASSEMBLY_TIMEOUT" },
	{ 11, -1, "ICMP_TTL_EXCEEDED" },       { 12, -1, "ICMP_PARAMETER_PROBLEM" },
};

static const struct name names_v6[] = {
	{ 1, 0, "ICMP_NO_ROUTE" },         { 1, 1, "ICMP_ADMIN_PROHIBITED" },
	{ 1, 2, "ICMP_BEYOND_SCOPE" },     { 1, 3, "ICMP_HOST_UNREACHABLE" },
	{ 1, 4, "ICMP_PORT_UNREACHABLE" }, { 1, 5, "ICMP_SOURCE_POLICY" },
	{ 1, 6, "ICMP_REJECT_ROUTE" },     { 1, -1, "ICMP_UNREACHABLE" },
	{ 2, -1, "ICMP_PACKET_TOO_BIG" },  { 3, 1, "ICMP_REASSEMBLY_TIMEOUT" },
	{ 3, -1, "ICMP_TTL_EXCEEDED" },    { 4, -1, "ICMP_PARAMETER_PROBLEM" },
};

static const char *reason_of(bool v6, uint8_t type, uint8_t code)
{
	const struct name *names = v6 ? names_v6 : names_v4;
	size_t n = v6 ? sizeof(names_v6) / sizeof(names_v6[0])
		      : sizeof(names_v4) / sizeof(names_v4[0]);

	for (size_t i = 0; i < n; i++) {
		if (names[i].type == type && (names[i].code == code || names[i].code < 0))
			return names[i].reason;
	}
	return NULL;
}

bool icmp_error_parse(const struct ip *ip, struct icmp_error *out)
{
	struct span s = ip->payload;
	bool v6 = ip->version == 6;
	uint32_t quoted;

	if (s.cap < HEADER)
		return false;
	out->reason = reason_of(v6, s.at[0], s.at[1]);
	if (!out->reason)
		return false;
	/* What is behind the quote are extensions (RFC 4884, section 4). */
	quoted = v6 ? s.at[4] * 8u : s.at[5] * 4u;
	span_skip(&s, HEADER);
	if (quoted && quoted < s.wire)
		span_set_wire(&s, quoted);
	return ip_parse(&out->quoted, s) && out->quoted.version == ip->version &&
	       (!out->quoted.fragment || out->quoted.offset == 0);
}
