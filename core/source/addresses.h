/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is done to addresses before rows are made of messages: those of ignored
 * clients are dropped (-i), the others made anonymous (-a).
 *
 * An anonymous address is another one of the same family, the same for the same
 * address throughout a run, and never that of two. By a random key that is told
 * to nobody, it says nothing of the real one. With a prefix (-C, -D) what is in
 * one network stays together in another. Addresses that name no host are left:
 * multicast, loopback, unspecified.
 */
#ifndef DNSTOP_SOURCE_ADDRESSES_H
#define DNSTOP_SOURCE_ADDRESSES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/dns/msg.h"
#include "core/query/value.h"

#define ADDRESSES_IGNORED_MAX 32

struct addresses {
	bool anonymous;
	uint64_t key[2];
	uint8_t prefix4, prefix6; /* 0: none */
	struct ip_addr ignored[ADDRESSES_IGNORED_MAX];
	int n_ignored;
	bool ignored_serve; /* they are asked; false: they ask */
};

/* Makes the key. Returns 0 or a negative errno. */
int addresses_key(struct addresses *a, struct err *err);

/* The anonymous address in place of the real one. */
void addresses_hide(const struct addresses *a, struct ip_addr *addr);

/* Whether there is anything to hide or to ignore: else addresses_take changes nothing. */
static inline bool addresses_are_set(const struct addresses *a)
{
	return a->anonymous || a->n_ignored;
}

/* msg as it may be known, in *out; text is for what it borrows. False where its
 * client, or server, is ignored. */
bool addresses_take(const struct addresses *a, const struct dns_msg *msg, struct dns_msg *out,
		    char text[VALUE_ADDR_TEXT_MAX]);

#endif
