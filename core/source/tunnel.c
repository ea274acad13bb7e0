/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/tunnel.h"

#include <stddef.h>

#include "core/source/link.h"

enum {
	PORT_GTP_U = 2152,
	PORT_TEREDO = 3544,
	PORT_VXLAN = 4789,
	PORT_GENEVE = 6081,
	PORT_VXLAN_LINUX = 8472,

	/* EtherTypes of what GRE and Geneve carry */
	TYPE_BRIDGED = 0x6558,
	TYPE_PPP = 0x880b,
	TYPE_ERSPAN = 0x88be,
	TYPE_ERSPAN_III = 0x22eb,

	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACK = 0x0080,
	GRE_VERSION = 0x0007,
};

static bool strip_payload(struct span *s, uint16_t type)
{
	return type == TYPE_BRIDGED ? link_strip_ethernet(s, NULL) : link_strip_ethertype(s, type);
}

/* draft-foschiano-erspan: type I has no header of its own and no GRE sequence
 * number, II has 8 bytes, III 12 and, told by its last bit, 8 more. */
static bool strip_erspan(struct span *s, uint16_t type, bool sequence)
{
	uint32_t header = 0;

	if (type == TYPE_ERSPAN_III) {
		if (s->cap < 12)
			return false;
		header = s->at[11] & 1 ? 20 : 12;
	} else if (sequence)
		header = 8;
	return span_skip(s, header) && link_strip_ethernet(s, NULL);
}

bool tunnel_strip_gre(struct span *s)
{
	uint16_t flags, type;
	uint32_t header = 4;

	if (s->cap < 4)
		return false;
	flags = be16(s->at);
	type = be16(s->at + 2);
	if ((flags & GRE_VERSION) > 1 || flags & GRE_ROUTING)
		return false;
	header += flags & GRE_CHECKSUM ? 4 : 0;
	header += flags & GRE_KEY ? 4 : 0;
	header += flags & GRE_SEQUENCE ? 4 : 0;
	header += (flags & GRE_VERSION) == 1 && flags & GRE_ACK ? 4 : 0;
	if (!span_skip(s, header))
		return false;
	switch (type) {
	case TYPE_PPP:
		return link_strip_ppp(s, NULL);
	case TYPE_ERSPAN:
	case TYPE_ERSPAN_III:
		return strip_erspan(s, type, flags & GRE_SEQUENCE);
	}
	return strip_payload(s, type);
}

/* The flag for a valid network identifier, and perhaps that of a group policy. */
static bool strip_vxlan(struct span *s)
{
	if (s->cap < 8 || (s->at[0] & 0x7f) != 0x08)
		return false;
	span_skip(s, 8);
	return link_strip_ethernet(s, NULL);
}

static bool strip_geneve(struct span *s)
{
	uint32_t header;
	uint16_t type;

	if (s->cap < 8 || s->at[0] >> 6 != 0)
		return false;
	header = 8 + (s->at[0] & 0x3f) * 4u;
	type = be16(s->at + 2);
	return span_skip(s, header) && strip_payload(s, type);
}

/* Version 1, a user's packet; optional fields when any of three flags is set,
 * and then extension headers that count themselves in units of four bytes. */
static bool strip_gtp_u(struct span *s)
{
	enum {
		G_PDU = 255,
		EXTENSIONS_MAX = 8
	};
	bool extended;
	uint8_t next;

	if (s->cap < 8 || (s->at[0] & 0xf0) != 0x30 || s->at[1] != G_PDU)
		return false;
	extended = s->at[0] & 0x07;
	if (!span_skip(s, 8))
		return false;
	if (extended) {
		if (s->cap < 4)
			return false;
		next = s->at[3];
		span_skip(s, 4);
		for (unsigned n = 0; next; n++) {
			uint32_t length = s->cap ? s->at[0] * 4u : 0;

			if (n == EXTENSIONS_MAX || !length || length > s->cap)
				return false;
			next = s->at[length - 1];
			span_skip(s, length);
		}
	}
	return link_strip_ip(s, NULL);
}

/* Section 5.1.1: an authentication and then an origin indication may come
 * before the IPv6 packet. */
static bool strip_teredo(struct span *s)
{
	if (s->cap >= 4 && be16(s->at) == 1) {
		if (!span_skip(s, 4u + s->at[2] + s->at[3] + 8 + 1))
			return false;
	}
	if (s->cap >= 8 && be16(s->at) == 0)
		span_skip(s, 8);
	return s->cap && s->at[0] >> 4 == 6;
}

bool tunnel_on_ports(uint16_t src_port, uint16_t dst_port)
{
	switch (dst_port) {
	case PORT_VXLAN:
	case PORT_VXLAN_LINUX:
	case PORT_GENEVE:
	case PORT_GTP_U:
	case PORT_TEREDO:
		return true;
	}
	return src_port == PORT_TEREDO;
}

bool tunnel_strip_udp(struct span *s, uint16_t src_port, uint16_t dst_port)
{
	switch (dst_port) {
	case PORT_VXLAN:
	case PORT_VXLAN_LINUX:
		return strip_vxlan(s);
	case PORT_GENEVE:
		return strip_geneve(s);
	case PORT_GTP_U:
		return strip_gtp_u(s);
	case PORT_TEREDO:
		return strip_teredo(s);
	}
	return src_port == PORT_TEREDO && strip_teredo(s);
}
