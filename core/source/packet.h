/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a captured packet to DNS messages: link layers, IP, UDP and TCP, once
 * for every source. The kernel program hands over packets from the IP header
 * on (PACKET_LINK_IP); libpcap hands over frames with their link type.
 *
 * Tunnels are followed to a depth of two: the inner packet is decoded as one of
 * its own. A packet quoted in an ICMP error is none, but delivered as what became
 * of one (struct dns_msg's `quoted`), as is a reset that a server sends. Fragments are put
 * together; the message then has the time and place of the last one to come.
 */
#ifndef DNSTOP_SOURCE_PACKET_H
#define DNSTOP_SOURCE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/dns/msg.h"
#include "core/source/source.h"

/* Not a DLT_ value: bytes begin at an IPv4 or IPv6 header. */
#define PACKET_LINK_IP (-1)

/* What a packet on other ports was sent to before NAT, which is a DNS port. The
 * message's origin is told with it, further sightings with what they had. */
struct packet_redirected {
	const uint8_t *address; /* 4 or 16 bytes, as the packet's IP version */
	uint16_t port;
	bool answer; /* of an answer: what its asker will take it to come from */
};

struct packet {
	uint64_t ts_ns; /* epoch */
	int link;       /* DLT_ value or PACKET_LINK_IP */
	const uint8_t *bytes;
	uint32_t len;        /* captured */
	uint32_t orig_len;   /* on the wire */
	bool more;           /* a TCP segment, the rest of which comes as others, with its FIN */
	struct dns_msg meta; /* what the source knows besides: sighting, direction,
					 * ifindex, netns, ifname, cookie, pid, uid, comm;
					 * the rest is filled in by the decoder */
	const struct packet_redirected *redirected; /* NULL: it was not */
};

struct packet_decoder;

/* ports as in source_config: n_ports of 0 as source_ports has it. NULL when memory is short. */
struct packet_decoder *packet_decoder_new(const uint16_t *ports, unsigned n_ports, source_msg_fn fn,
					  void *ctx);
/* Packets of encrypted DNS go to the inventory, which must outlive the decoder. */
void packet_decoder_inventory(struct packet_decoder *d, struct inventory *inventory);
void packet_decoder_free(struct packet_decoder *d);
/* Decodes one packet; calls fn for each DNS message that it completes. A message
 * of which fewer bytes than a DNS header were captured is counted, not delivered:
 * as cut where the capture is to blame, else as not_dns. */
void packet_decode(struct packet_decoder *d, const struct packet *p);
/* No more packets will come: incomplete datagrams and what TCP streams wait for
 * are given up and counted, and what lay behind is delivered. */
void packet_decoder_finish(struct packet_decoder *d);
/* Whether frames of this link type are understood. */
bool packet_link_known(int link);
/* Adds its counters (packets, messages, fragments, not_dns, tcp_gaps, cut). */
void packet_decoder_stats(const struct packet_decoder *d, struct source_stats *out);

#endif
