/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much --plain says of what is alike: the first few, then how many more there
 * were. Pure; whose turn it is says when a new count begins.
 */
#ifndef DNSTOP_PLAIN_PLAIN_LIMIT_H
#define DNSTOP_PLAIN_PLAIN_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "plain/plain_say.h"

#define PLAIN_LIMIT_EACH  3  /* lines of a kind */
#define PLAIN_LIMIT_ALL   12 /* lines of all kinds */
#define PLAIN_LIMIT_KINDS 16 /* the last counts all further ones */

struct plain_limit {
	struct {
		enum plain_kind kind;
		uint16_t rcode; /* of errors */
		uint64_t said, more;
	} entry[PLAIN_LIMIT_KINDS];
	int n;
	uint64_t said;
};

/* Whether a row of this kind is to be told of; it is counted either way. */
bool plain_limit_pass(struct plain_limit *l, enum plain_kind kind, uint16_t rcode);
/* What was left out of the i-th kind, "SERVFAIL: and 12 more like it"; false at the end.
 * "" where nothing was. */
bool plain_limit_say(const struct plain_limit *l, int i, struct words *s);
/* Begins anew. */
void plain_limit_reset(struct plain_limit *l);

#endif
