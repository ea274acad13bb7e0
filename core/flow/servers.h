/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A list of servers with their names, found by their addresses. Bounded.
 */
#ifndef DNSTOP_FLOW_SERVERS_H
#define DNSTOP_FLOW_SERVERS_H

#include <stdint.h>

#include "core/dns/msg.h"

#define SERVERS_MAX      1024
#define SERVERS_NAME_MAX 48 /* longer ones are cut */

/* Zero but for the seed: an empty one. */
struct servers {
	uint64_t seed;
	uint32_t n;
	uint16_t slots[2 * SERVERS_MAX]; /* index + 1 */
	struct ip_addr addrs[SERVERS_MAX];
	char names[SERVERS_MAX][SERVERS_NAME_MAX];
};

/* 0, -ENOSPC, or -EEXIST. */
int servers_add(struct servers *s, const struct ip_addr *a, const char *name);
/* Lines of an address and a name, "#" begins a comment. Returns 0, or a negative
 * errno with *line set to the one that is wrong. */
int servers_read(struct servers *s, const char *text, unsigned *line);
/* The name of a server, "" of one without; NULL where it is not in the list. */
const char *servers_name(const struct servers *s, const struct ip_addr *a);

#endif
