/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A filter as chips: what it joins by "and", or by "or", outside all parentheses.
 * Chips are a view of the text, and whatever is done to them is done to it.
 *
 * "#" before a test switches it off ("# rcode=NXDOMAIN"): such a chip stays, and its
 * test is asked of no row.
 */
#ifndef DNSTOP_QUERY_FILTER_CHIPS_H
#define DNSTOP_QUERY_FILTER_CHIPS_H

#include <stdbool.h>
#include <stddef.h>

#define FILTER_CHIPS_MAX 64

struct filter_chip {
	int pos, len; /* bytes of the text, without "#" */
	bool off;
	bool bracket; /* an "and" among operands of "or": a chip of its own, in brackets */
};

struct filter_chips {
	int n;
	bool any; /* joined by "or" */
	struct filter_chip chip[FILTER_CHIPS_MAX];
	/* Where numbers end that were written without their unit, and that unit. */
	int n_bare;
	struct {
		int end;
		const char *unit;
	} bare[FILTER_CHIPS_MAX];
};

/* The chips of a valid text; of one that is none, or of none, n is 0. What has
 * more than FILTER_CHIPS_MAX is one chip. */
void filter_chips(const char *text, struct filter_chips *out);

/* What is on a chip: as it was written, but with units. Returns buf. */
const char *filter_chip_label(const char *text, const struct filter_chips *c, int i, char *buf,
			      size_t size);
/* The chip whose test is so written, case aside; -1: none. */
int filter_chip_find(const char *text, const struct filter_chips *c, const char *test);
/* Text again, for chips that were changed or left out. False where it does not fit. */
bool filter_chips_write(const char *text, const struct filter_chips *c, char *buf, size_t size);
/* The same with one more at the end. */
bool filter_chips_add(const char *text, const struct filter_chips *c, const char *test, char *buf,
		      size_t size);

#endif
