/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DNS in TLS sessions of this host's own programs (--decrypt): the programs of
 * bpf/sealed.bpf.c at OpenSSL's and GnuTLS's functions, and what they bring.
 */
#ifndef DNSTOP_SOURCE_BPF_TLS_H
#define DNSTOP_SOURCE_BPF_TLS_H

#include "core/base/err.h"
#include "core/source/bpf_clock.h"
#include "core/source/source.h"

struct bpf_tls;

/* Messages go to fn; their cgroups, which are of version 2, with them where that is
 * wanted. On failure err says what is missing and what gives it. */
int bpf_tls_open(struct bpf_tls **out, bool cgroups, source_msg_fn fn, void *ctx, struct err *err);
void bpf_tls_close(struct bpf_tls *t); /* NULL is fine */
/* Looks for new libraries now and then; times are CLOCK_MONOTONIC, like the others. */
void bpf_tls_look(struct bpf_tls *t, uint64_t now_ns);
/* When the next thing happened that was recorded; UINT64_MAX: nothing. */
uint64_t bpf_tls_next(struct bpf_tls *t);
/* Delivers what was recorded until then, at the most `budget` records. Returns how many. */
int bpf_tls_drain(struct bpf_tls *t, const struct bpf_clock *clock, uint64_t until_ns, int budget);
/* Adds to what is there. */
void bpf_tls_stats(struct bpf_tls *t, struct source_stats *out);
/* What the user should know of it; "" when all is well. */
void bpf_tls_notice(const struct bpf_tls *t, char *text, size_t size);

#endif
