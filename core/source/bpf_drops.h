/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of the reasons for which the running kernel drops packets. Their
 * numbers differ from one kernel to the next; its BTF has the names.
 */
#ifndef DNSTOP_SOURCE_BPF_DROPS_H
#define DNSTOP_SOURCE_BPF_DROPS_H

#include <stdint.h>

struct bpf_drops;
struct btf;

/* From the kernel's types, which may be NULL; also where they tell no reasons: nothing
 * has a name then. NULL when memory is short. */
struct bpf_drops *bpf_drops_new(const struct btf *kernel);
void bpf_drops_free(struct bpf_drops *d);
/* "NO_SOCKET" and the like; NULL for what is not known and for reasons that are
 * no loss. Lives as long as d. */
const char *bpf_drops_name(const struct bpf_drops *d, uint32_t reason);

#endif
