/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two halves of the "pcap" source: captures read from files, and live ones
 * through libpcap.
 */
#ifndef DNSTOP_SOURCE_PCAP_H
#define DNSTOP_SOURCE_PCAP_H

#include "core/source/source.h"

/* cfg->input is the path, "-" for standard input. */
int pcap_file_open(struct source **out, const struct source_config *cfg, struct err *err);
/* cfg->input is an interface, NULL for all of them. */
int pcap_live_open(struct source **out, const struct source_config *cfg, struct err *err);

#endif
