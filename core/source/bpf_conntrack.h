/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the running kernel's conntrack keeps what was asked for before NAT. */
#ifndef DNSTOP_SOURCE_BPF_CONNTRACK_H
#define DNSTOP_SOURCE_BPF_CONNTRACK_H

#include "bpf/event.h"

/* Sets the offsets of *config; leaves them 0 where the kernel's types don't tell. */
void bpf_conntrack_find(struct event_config *config);

#endif
