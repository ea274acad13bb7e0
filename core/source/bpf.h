/* SPDX-License-Identifier: BSD-2-Clause */
/* The bpf source beyond its struct source_ops: what tests want to choose. */
#ifndef DNSTOP_SOURCE_BPF_H
#define DNSTOP_SOURCE_BPF_H

#include "core/source/bpf_load.h"
#include "core/source/source.h"

#define BPF_WAYS_ALL ((1u << BPF_WAYS) - 1)

/* As source_bpf.open, which tries every way. ways: a bit for each that is. */
int bpf_open(struct source **out, const struct source_config *cfg, unsigned ways, struct err *err);

#endif
