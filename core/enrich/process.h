/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The executable of a process: what the kernel has kept of it, where it has, as
 * the process may be gone; else what is read while it is there.
 *
 * A pid may be used again, and a process may run another program: what is read
 * counts only when the process of that number began when the kernel says it did
 * and still goes by the name that it had. Then it is remembered; memory is bounded.
 */
#ifndef DNSTOP_ENRICH_PROCESS_H
#define DNSTOP_ENRICH_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include "core/dns/msg.h"

struct processes;

/* root: "/", or what tests make of it. NULL when memory is short. */
struct processes *processes_new(const char *root);
void processes_free(struct processes *p);

/* Sets path to what is kept of the process that sent msg. Returns its length; 0 for
 * nothing; a negative errno where nothing that can be read would be of its program. */
typedef int (*processes_kept_fn)(void *ctx, const struct dns_msg *msg, char *path, size_t size);

/* Has that asked before anything is read. */
void processes_ask(struct processes *p, processes_kept_fn kept, void *ctx);

/* Path of the executable of the process that sent msg, as /proc shows it: in the
 * process's own mount namespace, with " (deleted)" behind where that is so. "" where
 * it can't be known. Raw bytes; borrowed until the next call. */
const char *processes_exe(struct processes *p, const struct dns_msg *msg);

#endif
