/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcapng blocks (draft-ietf-opsawg-pcapng). Private to pcap_savefile.c.
 */
#ifndef DNSTOP_SOURCE_PCAP_NG_H
#define DNSTOP_SOURCE_PCAP_NG_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/source/packet.h"
#include "core/source/pcap_stream.h"

#define PCAP_NG_SECTION 0x0a0d0d0au /* the same in both byte orders */

struct pcap_ng;

struct pcap_ng *pcap_ng_new(void);
void pcap_ng_free(struct pcap_ng *ng);
/* Reads one block. 0: it was a packet, and is in p. 1: something else. Negative:
 * as pcap_stream_fill, or -EINVAL with *what saying how the file is wrong. */
int pcap_ng_next(struct pcap_ng *ng, struct pcap_stream *s, struct packet *p, const char **what,
		 struct err *err);
uint64_t pcap_ng_dropped(const struct pcap_ng *ng);

#endif
