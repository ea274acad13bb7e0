/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_clock.h"

#include "core/base/clock.h"

#define BLUR_MAX_NS 100000  /* a reading that took longer was interrupted */
#define STEP_MIN_NS 1000000 /* more than any blur: a clock was set */

struct bpf_clock_reading bpf_clock_read(void)
{
	struct bpf_clock_reading r;

	r.before_ns = clock_ns(CLOCK_MONOTONIC);
	r.epoch_ns = clock_ns(CLOCK_REALTIME);
	r.after_ns = clock_ns(CLOCK_MONOTONIC);
	return r;
}

static int64_t offset_of(const struct bpf_clock_reading *r)
{
	uint64_t middle = r->before_ns + (r->after_ns - r->before_ns) / 2;

	return (int64_t)(r->epoch_ns - middle);
}

void bpf_clock_init(struct bpf_clock *c, const struct bpf_clock_reading *r)
{
	c->offset_ns = offset_of(r);
}

void bpf_clock_update(struct bpf_clock *c, const struct bpf_clock_reading *r)
{
	int64_t offset = offset_of(r);
	int64_t moved = offset > c->offset_ns ? offset - c->offset_ns : c->offset_ns - offset;

	if (r->after_ns - r->before_ns <= BLUR_MAX_NS && moved >= STEP_MIN_NS)
		c->offset_ns = offset;
}
