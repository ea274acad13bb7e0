/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a clock. Time is an argument everywhere: this is for the edges, where
 * it comes from.
 */
#ifndef DNSTOP_BASE_CLOCK_H
#define DNSTOP_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* In ns; 0 of a clock that can't be read. */
static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec ts = { 0 };

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

#endif
