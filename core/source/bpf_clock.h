/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the kernel programs' clock (CLOCK_MONOTONIC) to the epoch.
 *
 * Both clocks run at one rate, so that their distance changes only when
 * CLOCK_REALTIME is set or the machine has slept. It is therefore measured
 * often but taken over only when it has jumped: the measurements' own noise
 * never gets into a latency.
 */
#ifndef DNSTOP_SOURCE_BPF_CLOCK_H
#define DNSTOP_SOURCE_BPF_CLOCK_H

#include <stdint.h>

struct bpf_clock {
	int64_t offset_ns; /* epoch less monotonic */
};

/* One reading: CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_MONOTONIC again. */
struct bpf_clock_reading {
	uint64_t before_ns;
	uint64_t epoch_ns;
	uint64_t after_ns;
};

struct bpf_clock_reading bpf_clock_read(void);
/* Takes the offset from the reading as it is. */
void bpf_clock_init(struct bpf_clock *c, const struct bpf_clock_reading *r);
/* Takes a new offset if the reading is sharp and says that a clock was set. */
void bpf_clock_update(struct bpf_clock *c, const struct bpf_clock_reading *r);

static inline uint64_t bpf_clock_epoch(const struct bpf_clock *c, uint64_t monotonic_ns)
{
	return monotonic_ns + (uint64_t)c->offset_ns;
}

#endif
