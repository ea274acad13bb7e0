/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Link layers: everything before the IP header, one function for each link
 * type (https://www.tcpdump.org/linktypes.html), found once and then called
 * for each frame.
 */
#ifndef DNSTOP_SOURCE_LINK_H
#define DNSTOP_SOURCE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/source/span.h"

/* The numbers of libpcap's DLT_ and, where they differ, of the LINKTYPE_ that
 * savefiles hold. */
enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_FDDI = 10,
	LINK_RAW_DLT = 12,
	LINK_RAW_BSD = 14,
	LINK_PPP_HDLC = 50,
	LINK_PPP_ETHER = 51,
	LINK_RAW = 101,
	LINK_C_HDLC = 104,
	LINK_IEEE802_11 = 105,
	LINK_LOOP = 108,
	LINK_LINUX_SLL = 113,
	LINK_RADIOTAP = 127,
	LINK_ARCNET_LINUX = 129,
	LINK_PPI = 192,
	LINK_MPLS = 219,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_NFLOG = 239,
	LINK_PKTAP = 258,
	LINK_LINUX_SLL2 = 276,
};

/* What a link header says besides. */
struct link_facts {
	uint32_t ifindex;  /* 0 when it does not say */
	uint8_t direction; /* enum direction */
};

/* Moves s to the IP header; false where no IP packet follows. */
typedef bool (*link_strip_fn)(struct span *s, struct link_facts *facts);

/* NULL for a link type that is not understood. */
link_strip_fn link_find(int link);

/* Goes from the bytes behind an EtherType (IEEE 802, IANA ethernet-numbers) to
 * the IP header: VLAN tags, MPLS labels, PPPoE, LLC/SNAP. */
bool link_strip_ethertype(struct span *s, uint16_t type);
bool link_strip_ethernet(struct span *s, struct link_facts *facts);
/* A PPP frame with or without its address and control bytes (RFC 1661, 1662). */
bool link_strip_ppp(struct span *s, struct link_facts *facts);
/* An IP header of either version, told by its first four bits. */
bool link_strip_ip(struct span *s, struct link_facts *facts);

/* link_wifi.c */
bool link_strip_wifi(struct span *s, struct link_facts *facts);
bool link_strip_radiotap(struct span *s, struct link_facts *facts);

/* link_meta.c: records in which the frame is one field of several */
bool link_strip_ppi(struct span *s, struct link_facts *facts);
bool link_strip_pktap(struct span *s, struct link_facts *facts);
bool link_strip_nflog(struct span *s, struct link_facts *facts);

/* The interface number of a Linux cooked v2 frame, 0 where it is cut. */
uint32_t link_sll2_ifindex(const uint8_t *bytes, uint32_t len);

#endif
