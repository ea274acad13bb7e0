/* SPDX-License-Identifier: BSD-2-Clause */
/* Executables of processes that may be gone, as the kernel programs have kept them. */
#ifndef DNSTOP_SOURCE_BPF_EXE_H
#define DNSTOP_SOURCE_BPF_EXE_H

#include <stddef.h>

#include "bpf/event.h"
#include "core/dns/msg.h"

/* As source_ops.executable has it, from the map `executables`. */
int bpf_exe_find(int map_fd, const struct dns_msg *msg, char *path, size_t size);

/* The path that a map's value has, as /proc shows it; 0, and "", where it has none or
 * it does not fit. Else its length. Knows nothing of libbpf. */
int bpf_exe_path(const struct event_exe *exe, char *path, size_t size);

#endif
