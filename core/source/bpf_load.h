/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Brings the kernel programs into the kernel. There are three ways; which one
 * the running kernel takes is found out by trying, best first.
 */
#ifndef DNSTOP_SOURCE_BPF_LOAD_H
#define DNSTOP_SOURCE_BPF_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "bpf/event.h"
#include "core/base/err.h"
#include "core/source/bpf_lanes.h"

struct bpf_object;
struct bpf_link;
struct btf;

enum bpf_way {
	BPF_WAY_DIRECT,  /* BTF-typed tracepoints, packet bytes by loads */
	BPF_WAY_READ,    /* BTF-typed tracepoints, packet bytes by a helper */
	BPF_WAY_CLASSIC, /* classic tracepoints */
	BPF_WAYS,
};

struct bpf_programs {
	enum bpf_way way;
	struct bpf_object *object;
	unsigned extras; /* a bit for each program that is loaded, but could be done without */
	struct bpf_link *links[8]; /* net_dev_queue, netif_receive_skb, then the extras */
	int perf_fd;               /* -1: TCP comes through the ring, as far as it can be read */
	int counters_fd;
	int ring_fd;
	int resolvers_fd;
	int executables_fd;
	int cgroup_paths_fd;
};

/* Loads the programs of one way, to write to these lanes; they do not run yet. Those
 * that the kernel, by its types (which may be NULL), has no hook for are left out.
 * On failure nothing is left to close, and err has what
 * the kernel said. */
int bpf_programs_load(struct bpf_programs *p, enum bpf_way way, const struct event_config *config,
		      const struct bpf_lanes *lanes, const struct btf *kernel, struct err *err);
/* Has them run. On failure the caller closes. */
int bpf_programs_attach(struct bpf_programs *p, struct err *err);
/* Takes them out again; fine on a zeroed struct. */
void bpf_programs_close(struct bpf_programs *p);

/* What the user should know of how packets are read; "" when all is well. */
void bpf_notice(const struct bpf_programs *p, char *text, size_t size);
/* Says in err what every way lacked, in words and with the command that helps;
 * returns its code. Of ways not tried, why[].code is 0. */
int bpf_explain(const struct err why[BPF_WAYS], struct err *err);

#endif
