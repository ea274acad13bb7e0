/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is asked, and whether he asks others himself: a small memory of processes
 * and addresses. Sets of one cache line; where one is full, who asks nobody goes
 * first, since most of those that are asked are servers out there, each asked
 * once. What is forgotten costs links of lookups (cause.h).
 */
#ifndef DNSTOP_FLOW_PEERS_H
#define DNSTOP_FLOW_PEERS_H

#include <stdbool.h>
#include <stdint.h>

#define PEER_WAYS 4

struct peer {
	uint64_t key;      /* who; 0: empty */
	uint32_t last_seq; /* asks: the newest query he sent; else the newest he was sent */
	bool asks;
};

struct peer_set {
	struct peer way[PEER_WAYS];
};

struct peers {
	struct peer_set *sets;
};

/* 0 or -ENOMEM; peers_fini in either case. */
int peers_init(struct peers *p);
void peers_fini(struct peers *p);
void peers_clear(struct peers *p);

/* Fetches ahead what the others read. */
void peers_fetch(const struct peers *p, uint64_t who);
/* NULL if nobody knows of him. Valid until the next peers_serves. */
struct peer *peers_find(const struct peers *p, uint64_t who);
/* Whoever it is was asked something by query `seq`; true when that is news. */
bool peers_serves(struct peers *p, uint64_t who, uint32_t seq);
/* He sent query `seq`, if he is known as one who is asked. */
void peers_asks(struct peers *p, uint64_t who, uint32_t seq);

#endif
