/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/link.h"

#include <stddef.h>

#include "core/dns/msg.h"
#include "core/source/packet.h"

/* A hostile frame may nest tags and labels without end. */
#define ETHERTYPE_HOPS_MAX 16

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_VLAN = 0x8100,     /* 802.1Q */
	TYPE_QINQ_OLD = 0x9100, /* before 802.1ad */
	TYPE_IPV6 = 0x86dd,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_MULTICAST = 0x8848,
	TYPE_PPPOE = 0x8864,
	TYPE_QINQ = 0x88a8,        /* 802.1ad */
	TYPE_LENGTH_MAX = 0x05dc,  /* up to here it is an 802.3 length */
	TYPE_ETHERNET_MIN = 0x600, /* from here on it is a type */
};

/* ARPHRD_ values (linux/if_arp.h) whose cooked frames hold no EtherType. */
enum {
	ARPHRD_RADIOTAP = 803,
	ARPHRD_NETLINK = 824,
};

#define SLL_OUTGOING 4

static bool strip_version(struct span *s, uint8_t version)
{
	return s->cap && s->at[0] >> 4 == version;
}

bool link_strip_ip(struct span *s, struct link_facts *facts)
{
	(void)facts;
	return strip_version(s, 4) || strip_version(s, 6);
}

static bool strip_ipv4(struct span *s, struct link_facts *facts)
{
	(void)facts;
	return strip_version(s, 4);
}

static bool strip_ipv6(struct span *s, struct link_facts *facts)
{
	(void)facts;
	return strip_version(s, 6);
}

/* A label stack (RFC 3032) says nothing of what follows it: IP by its version,
 * or Ethernet behind a control word of zero bits (RFC 4448, section 4.6). */
static bool strip_labels(struct span *s, uint16_t *type)
{
	bool bottom = false;

	while (!bottom) {
		if (s->cap < 4)
			return false;
		bottom = s->at[2] & 1;
		span_skip(s, 4);
	}
	if (strip_version(s, 4))
		*type = TYPE_IPV4;
	else if (strip_version(s, 6))
		*type = TYPE_IPV6;
	else if (strip_version(s, 0) && s->cap >= 18) {
		*type = be16(s->at + 16);
		span_skip(s, 18);
	} else
		return false;
	return true;
}

/* 802.2 LLC: SNAP with an EtherType, or IP's own access point. */
static bool strip_llc(struct span *s, uint16_t *type)
{
	if (s->cap < 3 || s->at[2] != 3)
		return false;
	if (s->at[0] == 0x06 && s->at[1] == 0x06) {
		*type = TYPE_IPV4;
		return span_skip(s, 3);
	}
	if (s->at[0] != 0xaa || s->at[1] != 0xaa || s->cap < 8)
		return false;
	*type = be16(s->at + 6);
	return *type >= TYPE_ETHERNET_MIN && span_skip(s, 8);
}

bool link_strip_ethertype(struct span *s, uint16_t type)
{
	for (unsigned hops = 0; hops < ETHERTYPE_HOPS_MAX; hops++) {
		switch (type) {
		case TYPE_IPV4:
			return strip_version(s, 4);
		case TYPE_IPV6:
			return strip_version(s, 6);
		case TYPE_VLAN:
		case TYPE_QINQ:
		case TYPE_QINQ_OLD:
			if (s->cap < 4)
				return false;
			type = be16(s->at + 2);
			span_skip(s, 4);
			break;
		case TYPE_MPLS:
		case TYPE_MPLS_MULTICAST:
			if (!strip_labels(s, &type))
				return false;
			break;
		case TYPE_PPPOE: /* RFC 2516: version and type 1, code 0 */
			return s->cap >= 6 && s->at[0] == 0x11 && s->at[1] == 0 &&
			       span_skip(s, 6) && link_strip_ppp(s, NULL);
		default:
			if (type > TYPE_LENGTH_MAX || !strip_llc(s, &type))
				return false;
		}
	}
	return false;
}

bool link_strip_ethernet(struct span *s, struct link_facts *facts)
{
	uint16_t type;

	(void)facts;
	if (s->cap < 14)
		return false;
	type = be16(s->at + 12);
	span_skip(s, 14);
	return link_strip_ethertype(s, type);
}

static bool strip_fddi(struct span *s, struct link_facts *facts)
{
	(void)facts;
	return span_skip(s, 13) && link_strip_ethertype(s, 0);
}

bool link_strip_ppp(struct span *s, struct link_facts *facts)
{
	uint16_t protocol;

	(void)facts;
	if (s->cap >= 2 && s->at[0] == 0xff && s->at[1] == 0x03)
		span_skip(s, 2);
	if (s->cap < 2)
		return false;
	/* An odd first byte is a compressed protocol field (RFC 1661, 6.5). */
	protocol = s->at[0] & 1 ? s->at[0] : be16(s->at);
	span_skip(s, s->at[0] & 1 ? 1 : 2);
	switch (protocol) {
	case 0x0021:
		return strip_version(s, 4);
	case 0x0057:
		return strip_version(s, 6);
	case 0x0281:
		return link_strip_ethertype(s, TYPE_MPLS);
	}
	return false;
}

/* Cisco HDLC: unicast or broadcast, control 0, EtherType. */
static bool strip_c_hdlc(struct span *s, struct link_facts *facts)
{
	uint16_t type;

	(void)facts;
	if (s->cap < 4 || (s->at[0] != 0x0f && s->at[0] != 0x8f))
		return false;
	type = be16(s->at + 2);
	span_skip(s, 4);
	return link_strip_ethertype(s, type);
}

static bool strip_ppp_hdlc(struct span *s, struct link_facts *facts)
{
	return strip_c_hdlc(s, facts) || link_strip_ppp(s, facts);
}

static bool strip_ppp_ether(struct span *s, struct link_facts *facts)
{
	(void)facts;
	return link_strip_ethertype(s, TYPE_PPPOE);
}

static bool strip_mpls(struct span *s, struct link_facts *facts)
{
	(void)facts;
	return link_strip_ethertype(s, TYPE_MPLS);
}

/* LINK_NULL has the family in the byte order of the machine that captured,
 * LINK_LOOP in network order: families are small, so the zeros tell. */
static bool strip_null(struct span *s, struct link_facts *facts)
{
	uint32_t family;

	(void)facts;
	if (s->cap < 4)
		return false;
	family = be32(s->at);
	if (family > 0xffff)
		family = le32(s->at);
	span_skip(s, 4);
	switch (family) {
	case 2:
		return strip_version(s, 4);
	case 10: /* AF_INET6 of Linux, then of NetBSD and OpenBSD, FreeBSD, Darwin */
	case 24:
	case 28:
	case 30:
		return strip_version(s, 6);
	}
	return false;
}

static bool strip_cooked(struct span *s, uint32_t header, uint16_t type, uint16_t hardware)
{
	if (hardware == ARPHRD_NETLINK || hardware == ARPHRD_RADIOTAP)
		return false;
	span_skip(s, header);
	return link_strip_ethertype(s, type);
}

static uint8_t cooked_direction(unsigned packet_type)
{
	return packet_type == SLL_OUTGOING ? DIRECTION_OUT : DIRECTION_IN;
}

static bool strip_sll(struct span *s, struct link_facts *facts)
{
	if (s->cap < 16)
		return false;
	facts->direction = cooked_direction(be16(s->at));
	return strip_cooked(s, 16, be16(s->at + 14), be16(s->at + 2));
}

static bool strip_sll2(struct span *s, struct link_facts *facts)
{
	if (s->cap < 20)
		return false;
	facts->ifindex = link_sll2_ifindex(s->at, s->cap);
	facts->direction = cooked_direction(s->at[10]);
	return strip_cooked(s, 20, be16(s->at), be16(s->at + 8));
}

uint32_t link_sll2_ifindex(const uint8_t *bytes, uint32_t len)
{
	return len < 8 ? 0 : be32(bytes + 4);
}

/* RFC 1051 (type 240) and RFC 1201 frames as Linux hands them over: source,
 * destination, two bytes of offset, type; the newer ones then a split flag and
 * a sequence number. */
static bool strip_arcnet(struct span *s, struct link_facts *facts)
{
	(void)facts;
	if (s->cap < 5)
		return false;
	switch (s->at[4]) {
	case 240:
		return span_skip(s, 5) && strip_version(s, 4);
	case 212:
		return span_skip(s, 8) && strip_version(s, 4);
	case 196:
		return span_skip(s, 8) && strip_version(s, 6);
	}
	return false;
}

link_strip_fn link_find(int link)
{
	static const struct {
		int link;
		link_strip_fn strip;
	} links[] = {
		{ LINK_ETHERNET, link_strip_ethernet },
		{ PACKET_LINK_IP, link_strip_ip },
		{ LINK_RAW_DLT, link_strip_ip },
		{ LINK_RAW_BSD, link_strip_ip },
		{ LINK_RAW, link_strip_ip },
		{ LINK_IPV4, strip_ipv4 },
		{ LINK_IPV6, strip_ipv6 },
		{ LINK_LINUX_SLL, strip_sll },
		{ LINK_LINUX_SLL2, strip_sll2 },
		{ LINK_NULL, strip_null },
		{ LINK_LOOP, strip_null },
		{ LINK_PPP, link_strip_ppp },
		{ LINK_PPP_HDLC, strip_ppp_hdlc },
		{ LINK_PPP_ETHER, strip_ppp_ether },
		{ LINK_C_HDLC, strip_c_hdlc },
		{ LINK_FDDI, strip_fddi },
		{ LINK_ARCNET_LINUX, strip_arcnet },
		{ LINK_MPLS, strip_mpls },
		{ LINK_IEEE802_11, link_strip_wifi },
		{ LINK_RADIOTAP, link_strip_radiotap },
		{ LINK_PPI, link_strip_ppi },
		{ LINK_PKTAP, link_strip_pktap },
		{ LINK_NFLOG, link_strip_nflog },
	};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (links[i].link == link)
			return links[i].strip;
	return NULL;
}

bool packet_link_known(int link)
{
	return link_find(link) != NULL;
}
