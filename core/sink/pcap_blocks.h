/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcapng's blocks, written (draft-ietf-opsawg-pcapng): a section with an
 * interface for each name that packets were seen on. Private to pcap.c.
 */
#ifndef DNSTOP_SINK_PCAP_BLOCKS_H
#define DNSTOP_SINK_PCAP_BLOCKS_H

#include <stdint.h>

#include "core/flow/table.h"
#include "core/sink/out.h"

/* Interfaces told apart; packets of more are of the first, which has no name. */
#define PCAP_INTERFACES_MAX 4096
#define PCAP_IFNAME_MAX     sizeof(((struct place *)0)->ifname)

struct pcap_blocks {
	struct out *out;
	uint32_t n_interfaces;
	char ifname[PCAP_INTERFACES_MAX][PCAP_IFNAME_MAX]; /* escaped */
	/* By the number of a place, as long as it has that name. */
	uint16_t of_place[UINT16_MAX + 1];
};

/* One packet: the headers, then what of the body was captured. */
struct pcap_packet {
	uint64_t ts_ns;
	uint32_t interface;
	const uint8_t *head;
	size_t head_len;
	const uint8_t *body;
	size_t body_len;
	size_t body_orig;
	const char *comment; /* NULL: none */
};

void pcap_blocks_begin(struct pcap_blocks *b, struct out *out);
/* The number of a place's interface, whose block is written if it is new. */
uint32_t pcap_blocks_interface(struct pcap_blocks *b, const struct flow_table *t, uint16_t place);
void pcap_blocks_packet(struct pcap_blocks *b, const struct pcap_packet *p);

#endif
