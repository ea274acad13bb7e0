/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many of the further sightings of packets are told of, when they come by tens of
 * thousands: those of one in 2^n transactions, the rest is counted. A veth or
 * loopback shows each packet twice, and what is told costs whoever sends it; paths of so
 * many rows would not stay in memory for a second.
 *
 * Pure: how many were told and the time go in.
 */
#ifndef DNSTOP_SOURCE_BPF_FOLLOW_H
#define DNSTOP_SOURCE_BPF_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#define BPF_FOLLOW_LOOK_NS 1000000000ull
#define BPF_FOLLOW_MANY    50000u /* told in a second: too many, ... */
#define BPF_FOLLOW_WANTED  12500u /* ... so many are kept, or less */

struct bpf_follow {
	uint32_t level;  /* n, now */
	uint32_t before; /* what it was in the second before: records of then may still come */
	uint64_t told;   /* at the last look */
	uint64_t looked_ns;
};

/* told: sightings since the start. max: of n. True when n has changed. */
bool bpf_follow_update(struct bpf_follow *f, uint64_t told, uint32_t max, uint64_t now_ns);

/* By how much messages that come now may have been left without further sightings. */
static inline uint32_t bpf_follow_greatest(const struct bpf_follow *f)
{
	return f->level > f->before ? f->level : f->before;
}

/* Of how many transactions one is followed now; 0: all are. */
static inline uint64_t bpf_follow_one_in(const struct bpf_follow *f)
{
	return f->level ? 1ull << f->level : 0;
}

#endif
