/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is remembered of interned ids: a number each, until a sweep gives ids to
 * other texts.
 *
 * Zeroed memory but for the store remembers nothing yet.
 */
#ifndef DNSTOP_QUERY_KNOWN_H
#define DNSTOP_QUERY_KNOWN_H

#include <stdint.h>

#include "core/flow/intern.h"

struct known {
	const struct intern *store;
	uint32_t generation; /* of its ids */
	uint32_t limit;      /* ids below it have room */
	uint32_t *numbers;   /* + 1; 0 not known */
};

/* Where the number of an id + 1 is, or is to be put; 0 where it is not known.
 * NULL for INTERN_NONE, of which each row says itself what it means, and when
 * memory is short. Good until the next call. */
uint32_t *known_number(struct known *k, uint32_t id);
void known_fini(struct known *k);

#endif
