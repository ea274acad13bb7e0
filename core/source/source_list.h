/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sources there are, for source.c, and what they must agree on.
 */
#ifndef DNSTOP_SOURCE_SOURCE_LIST_H
#define DNSTOP_SOURCE_SOURCE_LIST_H

#include "core/source/source.h"

extern const struct source_ops source_bpf;
extern const struct source_ops source_pcap;

#endif
