/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capture filters: the one that a live capture gets by itself, and the user's
 * own (-b) over files, where every record may have another link type.
 */
#ifndef DNSTOP_SOURCE_PCAP_FILTER_H
#define DNSTOP_SOURCE_PCAP_FILTER_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/source/packet.h"

/* Room for the default filter with SOURCE_MAX_PORTS ports. */
#define PCAP_FILTER_TEXT_MAX 4096

/* Writes the expression (pcap-filter(7)) that lets DNS on these ports through
 * on a link of this type: TCP and UDP of both families, behind VLAN tags, ICMP
 * errors, later fragments, and IPv6 packets with extension headers, in which BPF cannot look
 * for the ports. Tunnels are left out, or all their traffic would be copied: to
 * see into one, capture on its own interface or give a filter. */
void pcap_filter_default(char text[PCAP_FILTER_TEXT_MAX], int link, const uint16_t *ports,
			 unsigned n_ports);

struct pcap_filter;

/* expression is borrowed and must outlive the filter. NULL when memory is short. */
struct pcap_filter *pcap_filter_new(const char *expression);
void pcap_filter_free(struct pcap_filter *f);
/* 1: the packet matches; 0: not; negative errno with err: the expression is
 * wrong, or has no meaning on this link type. */
int pcap_filter_match(struct pcap_filter *f, const struct packet *p, struct err *err);

#endif
