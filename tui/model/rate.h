/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queries a second: of live traffic over the last seconds, of a file over
 * all of its time. Pure: the time is an argument.
 */
#ifndef DNSTOP_MODEL_RATE_H
#define DNSTOP_MODEL_RATE_H

#include <stdbool.h>
#include <stdint.h>

#define RATE_SAMPLES   32
#define RATE_WINDOW_NS 5000000000ull

struct rate {
	struct {
		uint64_t at_ns;
		uint64_t queries;
	} sample[RATE_SAMPLES]; /* ring, oldest at `first` */
	unsigned first, n;
};

/* Says how many queries there have been in all at now_ns. */
void rate_feed(struct rate *r, uint64_t now_ns, uint64_t queries);
/* A second's share; negative where it can't be told yet. */
double rate_of_window(const struct rate *r);
double rate_of_span(uint64_t from_ns, uint64_t to_ns, uint64_t queries);
/* "412 q/s", "0.4 q/s", "12.3k q/s"; "- q/s" of a negative rate. */
#define RATE_TEXT_MAX 32
const char *rate_text(double per_second, char buf[RATE_TEXT_MAX]);

#endif
