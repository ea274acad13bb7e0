/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading ahead: a thread polls a source, prepares its messages (prepare.h) and
 * hands them over in batches; whoever polls gets them in the same order, with
 * the counters and the end of where they are.
 *
 * The thread owns the source that it reads from, a batch is owned by whoever it
 * was handed to, and nothing else is shared.
 */
#ifndef DNSTOP_SOURCE_AHEAD_H
#define DNSTOP_SOURCE_AHEAD_H

#include "core/source/source.h"

/* Whether a thread has a CPU of its own to run on. */
bool ahead_is_worth_it(void);

/* Puts a reader of *s in its place, which owns it from then on and hashes by
 * `seed`. Without `bytes` those of ordinary messages, which have been understood,
 * are not handed over: their wire is NULL. *s must always be ready (no fd) and must tell nothing but messages: an
 * inventory is not the thread's to feed. On failure, a negative errno, *s is as
 * it was. */
int ahead_start(struct source **s, uint64_t seed, bool bytes);

#endif
