/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the running kernel's conntrack keeps what was asked for before NAT. */
#ifndef DNSTOP_SOURCE_BPF_CONNTRACK_H
#define DNSTOP_SOURCE_BPF_CONNTRACK_H

#include "bpf/event.h"

struct btf;

/* Sets the offsets of *config; leaves them 0 where the kernel's types, which may be
 * NULL, don't tell. */
void bpf_conntrack_find(struct event_config *config, struct btf *kernel);

#endif
