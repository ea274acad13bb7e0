/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much of the load is left out when there is more than can be read: of 2^n
 * transactions one is taken, whole. Answers follow their queries: for as long
 * as a query is waited for, its answer is taken by the measure of its time.
 *
 * Pure: how full the rings are and the time go in.
 */
#ifndef DNSTOP_SOURCE_BPF_SHED_H
#define DNSTOP_SOURCE_BPF_SHED_H

#include <stdbool.h>
#include <stdint.h>

#define BPF_SHED_RAISE_NS 100000000ull  /* between two steps up */
#define BPF_SHED_LOWER_NS 2000000000ull /* of quiet before a step down */
#define BPF_SHED_LAG_NS   5000000000ull /* that a query may wait for its answer */
#define BPF_SHED_STEPS    32

struct bpf_shed {
	uint32_t queries;  /* n for queries, now */
	uint32_t answers;  /* the least n of the last BPF_SHED_LAG_NS */
	uint32_t greatest; /* the greatest of them */
	uint64_t raised_ns;
	uint64_t busy_ns; /* when the rings were last not nearly empty */
	/* Since when n has been what it is, the newest last. */
	struct {
		uint64_t since_ns;
		uint32_t n;
	} steps[BPF_SHED_STEPS];
	unsigned n_steps;
};

/* fill: how full the fullest ring is, in 256ths. max: of n. True when queries or
 * answers have changed. */
bool bpf_shed_update(struct bpf_shed *s, unsigned fill, uint32_t max, uint64_t now_ns);
/* Of how many transactions one is taken now; 0: all are, whatever was left out before. */
static inline uint64_t bpf_shed_one_in(const struct bpf_shed *s)
{
	return s->queries ? 1ull << s->queries : 0;
}
/* The update by order, for tests: n is this from now on. */
bool bpf_shed_set(struct bpf_shed *s, uint32_t n, uint64_t now_ns);

#endif
