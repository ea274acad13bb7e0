/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/ip.h"

/* More than any sender has a reason for, and a bound for hostile ones. */
#define EXTENSIONS_MAX 12

static bool parse_v4(struct ip *ip, struct span s)
{
	uint32_t header, total;
	uint16_t frag;

	if (s.cap < 20)
		return false;
	header = (s.at[0] & 0xf) * 4u;
	total = be16(s.at + 2);
	frag = be16(s.at + 6);
	if (header < 20 || (total && total < header))
		return false;

	ip->version = 4;
	ip->id = be16(s.at + 4);
	ip->more = frag & 0x2000;
	ip->offset = (frag & 0x1fff) * 8u;
	ip->fragment = ip->more || ip->offset;
	ip->protocol = s.at[9];
	ip->src = s.at + 12;
	ip->dst = s.at + 16;
	if (total)
		span_set_wire(&s, total);
	if (!span_skip(&s, header))
		return false;
	ip->payload = s;
	if (ip->protocol == IP_AH && !ip->fragment)
		return ip_extensions(ip);
	return true;
}

static bool parse_v6(struct ip *ip, struct span s)
{
	uint32_t length;

	if (s.cap < 40)
		return false;
	length = be16(s.at + 4);
	ip->version = 6;
	ip->id = 0;
	ip->offset = 0;
	ip->more = false;
	ip->fragment = false;
	ip->protocol = s.at[6];
	ip->src = s.at + 8;
	ip->dst = s.at + 24;
	span_skip(&s, 40);
	if (length)
		span_set_wire(&s, length);
	ip->payload = s;
	if (ip->protocol == IP_UDP || ip->protocol == IP_TCP)
		return true;
	return ip_extensions(ip);
}

bool ip_parse(struct ip *ip, struct span s)
{
	if (!s.cap)
		return false;
	switch (s.at[0] >> 4) {
	case 4:
		return parse_v4(ip, s);
	case 6:
		return parse_v6(ip, s);
	}
	return false;
}

/* RFC 8200, section 4.5. A fragment that is the whole packet (RFC 6946) is no
 * fragment to us. */
static bool take_fragment_header(struct ip *ip)
{
	struct span *s = &ip->payload;
	uint16_t frag;

	if (s->cap < 8)
		return false;
	frag = be16(s->at + 2);
	ip->protocol = s->at[0];
	ip->id = be32(s->at + 4);
	ip->offset = frag & 0xfff8;
	ip->more = frag & 1;
	ip->fragment = ip->more || ip->offset;
	return span_skip(s, 8);
}

bool ip_extensions(struct ip *ip)
{
	struct span *s = &ip->payload;

	for (unsigned n = 0; n < EXTENSIONS_MAX; n++) {
		uint32_t length;

		switch (ip->protocol) {
		case IP_HOP_BY_HOP:
		case IP_ROUTING:
		case IP_DESTINATION:
			if (s->cap < 2)
				return false;
			length = (s->at[1] + 1u) * 8;
			break;
		case IP_AH: /* RFC 4302, section 2.2 */
			if (s->cap < 2)
				return false;
			length = (s->at[1] + 2u) * 4;
			break;
		case IP_FRAGMENT:
			if (!take_fragment_header(ip))
				return false;
			if (ip->fragment)
				return true;
			continue;
		default:
			return true;
		}
		ip->protocol = s->at[0];
		if (!span_skip(s, length))
			return false;
	}
	return false;
}
