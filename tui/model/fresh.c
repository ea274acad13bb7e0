/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/model/fresh.h"

#include <string.h>

#include "core/base/clock.h"

static uint64_t stands(const struct frame *frame)
{
	return frame->paused ? frame->now_ns : 0;
}

enum fresh_state fresh_state(const struct fresh *f, const struct frame *frame,
			     uint32_t own_revision)
{
	if (!f->valid || f->filter_revision != frame->filter_revision ||
	    f->own_revision != own_revision || f->window_ns != frame->window_ns ||
	    f->stands_ns != stands(frame) || f->ended != frame->m->ended)
		return FRESH_ASKED;
	/* Rows also change when nothing is added: answers come, time runs out.
	 * While paused that moves nothing, and nor does what leaves at the end. */
	if (f->to_seq != frame->to_seq)
		return FRESH_STALE;
	if (frame->paused)
		return FRESH;
	return f->from_seq != frame->from_seq ||
			       memcmp(&f->tracker, frame->m->tracker, sizeof(f->tracker)) != 0
		       ? FRESH_STALE
		       : FRESH;
}

bool fresh_may(const struct fresh *f, uint64_t every_ns, unsigned share)
{
	uint64_t rest = f->cost_ns * (share - 1);

	if (rest < every_ns)
		rest = every_ns;
	return clock_ns(CLOCK_MONOTONIC) - f->made_at_ns >= rest;
}

uint64_t fresh_spent(const struct fresh *f)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID) - f->begun_ns;
}

void fresh_begin(struct fresh *f)
{
	f->begun_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

void fresh_done(struct fresh *f, const struct frame *frame, uint32_t own_revision)
{
	f->valid = true;
	f->filter_revision = frame->filter_revision;
	f->own_revision = own_revision;
	f->window_ns = frame->window_ns;
	f->stands_ns = stands(frame);
	f->ended = frame->m->ended;
	f->from_seq = frame->from_seq;
	f->to_seq = frame->to_seq;
	f->tracker = *frame->m->tracker;
	f->made_at_ns = clock_ns(CLOCK_MONOTONIC);
	f->cost_ns = fresh_spent(f);
}
