/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The executable of a process, read while it is there.
 *
 * A pid may be used again, and a process may run another program: what is read
 * counts only when the process of that number began when the kernel says it did
 * and still goes by the name that it had. Then it is remembered; memory is bounded.
 */
#ifndef DNSTOP_ENRICH_PROCESS_H
#define DNSTOP_ENRICH_PROCESS_H

#include <stdint.h>

#include "core/dns/msg.h"

struct processes;

/* root: "/", or what tests make of it. NULL when memory is short. */
struct processes *processes_new(const char *root);
void processes_free(struct processes *p);

/* Path of the executable of the process that sent msg, as in its own file system;
 * "" where it can't be known. Raw bytes; borrowed until the next call. */
const char *processes_exe(struct processes *p, const struct dns_msg *msg);

#endif
