/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/dns/msg.h"
#include "core/source/link.h"

/* Such a record may name any link type but one of its own kind, or a frame
 * could recurse as deeply as it is long. */
static bool strip_inner(struct span *s, struct link_facts *facts, uint32_t link)
{
	link_strip_fn strip;

	if (link > UINT16_MAX || link == LINK_PPI || link == LINK_PKTAP)
		return false;
	strip = link_find((int)link);
	return strip && strip(s, facts);
}

/* Per-Packet Information: version, flags, length, link type, little-endian. */
bool link_strip_ppi(struct span *s, struct link_facts *facts)
{
	uint32_t header, link;

	if (s->cap < 8)
		return false;
	header = le16(s->at + 2);
	link = le32(s->at + 4);
	return header >= 8 && span_skip(s, header) && strip_inner(s, facts, link);
}

/* Darwin's: length, kind of record (1: a packet), link type, interface name of
 * 24 bytes, flags; in the byte order of the machine, all of which are
 * little-endian. */
bool link_strip_pktap(struct span *s, struct link_facts *facts)
{
	uint32_t header, link, flags;

	if (s->cap < 40 || le32(s->at + 4) != 1)
		return false;
	header = le32(s->at);
	link = le32(s->at + 8);
	flags = le32(s->at + 36);
	if (flags & 1)
		facts->direction = DIRECTION_IN;
	else if (flags & 2)
		facts->direction = DIRECTION_OUT;
	return header >= 40 && span_skip(s, header) && strip_inner(s, facts, link);
}

/* linux/netfilter/nfnetlink_log.h: family, version, resource id, then
 * attributes of length and type, padded to four bytes, in the byte order of the
 * machine. No type has a second byte, so the zero tells the order. */
bool link_strip_nflog(struct span *s, struct link_facts *facts)
{
	enum {
		NFULA_PAYLOAD = 9
	};

	if (s->cap < 4 || s->at[1] != 0)
		return false;
	span_skip(s, 4);
	while (s->cap >= 4) {
		bool little = s->at[3] == 0;
		uint32_t len = little ? le16(s->at) : be16(s->at);
		uint16_t type = little ? le16(s->at + 2) : be16(s->at + 2);

		if (len < 4 || len > s->wire)
			return false;
		if (type == NFULA_PAYLOAD) {
			span_set_wire(s, len);
			span_skip(s, 4);
			return link_strip_ip(s, facts);
		}
		if (!span_skip(s, (len + 3) & ~3u))
			return false;
	}
	return false;
}
