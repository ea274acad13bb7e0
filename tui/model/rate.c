/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/model/rate.h"

#include <stdio.h>

#define SAMPLE_EVERY_NS (RATE_WINDOW_NS / (RATE_SAMPLES - 2))

void rate_feed(struct rate *r, uint64_t now_ns, uint64_t queries)
{
	unsigned last = (r->first + r->n - 1) % RATE_SAMPLES;

	/* A clock set back or counters reset: begin anew. */
	if (r->n && (now_ns < r->sample[last].at_ns || queries < r->sample[last].queries))
		*r = (struct rate){ 0 };
	/* Until a sample's time has passed the newest one moves along. */
	if (r->n >= 2) {
		unsigned before = (last + RATE_SAMPLES - 1) % RATE_SAMPLES;

		if (now_ns - r->sample[before].at_ns < SAMPLE_EVERY_NS) {
			r->sample[last].at_ns = now_ns;
			r->sample[last].queries = queries;
			return;
		}
	}
	if (r->n == RATE_SAMPLES) {
		r->first = (r->first + 1) % RATE_SAMPLES;
		r->n--;
	}
	last = (r->first + r->n++) % RATE_SAMPLES;
	r->sample[last].at_ns = now_ns;
	r->sample[last].queries = queries;
	while (r->n > 2 &&
	       now_ns - r->sample[(r->first + 1) % RATE_SAMPLES].at_ns >= RATE_WINDOW_NS) {
		r->first = (r->first + 1) % RATE_SAMPLES;
		r->n--;
	}
}

double rate_of_span(uint64_t from_ns, uint64_t to_ns, uint64_t queries)
{
	if (to_ns <= from_ns)
		return -1;
	return (double)queries * 1e9 / (double)(to_ns - from_ns);
}

double rate_of_window(const struct rate *r)
{
	unsigned last = (r->first + r->n - 1) % RATE_SAMPLES;

	if (r->n < 2)
		return -1;
	return rate_of_span(r->sample[r->first].at_ns, r->sample[last].at_ns,
			    r->sample[last].queries - r->sample[r->first].queries);
}

const char *rate_text(double per_second, char buf[RATE_TEXT_MAX])
{
	if (per_second < 0)
		snprintf(buf, RATE_TEXT_MAX, "- q/s");
	else if (per_second >= 99950)
		snprintf(buf, RATE_TEXT_MAX, "%.0fk q/s", per_second / 1000);
	else if (per_second >= 9999.5)
		snprintf(buf, RATE_TEXT_MAX, "%.1fk q/s", per_second / 1000);
	else if (per_second >= 9.95 || per_second == 0)
		snprintf(buf, RATE_TEXT_MAX, "%.0f q/s", per_second);
	else
		snprintf(buf, RATE_TEXT_MAX, "%.1f q/s", per_second);
	return buf;
}
