/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interface names that outlive their records: a message put together from
 * several segments may be delivered long after the first. Bounded; devices
 * come and go, so that names beyond the bound are not kept.
 */
#ifndef DNSTOP_SOURCE_BPF_NAMES_H
#define DNSTOP_SOURCE_BPF_NAMES_H

#define BPF_NAME_MAX  16
#define BPF_NAMES_MAX 4096

struct bpf_names;

struct bpf_names *bpf_names_new(void); /* NULL when memory is short */
void bpf_names_free(struct bpf_names *n);
/* The name as a string that lives as long as n; NULL for an empty name and
 * when there is no room. */
const char *bpf_names_keep(struct bpf_names *n, const char name[BPF_NAME_MAX]);

#endif
