/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Seeds of hash tables, so that whoever sends what is kept in them can't tell where
 * it will lie.
 */
#ifndef DNSTOP_BASE_SEED_H
#define DNSTOP_BASE_SEED_H

#include <stdint.h>

/* Random; early at boot, where there may be no entropy yet, made of the time, and of
 * where memory lies: tables are bounded all the same. */
uint64_t seed_random(void);

#endif
