/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the plaintext of TLS sessions to DNS messages: DNS over TLS, and DNS
 * over HTTPS in HTTP/1.1 and 2. What a session carries is told by its first bytes (or
 * by port 853), never guessed: one that was met in its middle is counted, and
 * understood only where the protocol can be entered there, which HTTP/2 can't.
 *
 * A session's addresses may come to be known after its first bytes: these wait
 * for them. Everything is bounded; what has been silent the longest makes room.
 */
#ifndef DNSTOP_SOURCE_PLAINTEXT_H
#define DNSTOP_SOURCE_PLAINTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dns/msg.h"
#include "core/source/source.h"

#define PLAINTEXT_SESSIONS 2048
/* Bytes that wait: for the addresses, or until it is clear what they are. */
#define PLAINTEXT_WAIT_MAX (64u << 10) /* of one session */
#define PLAINTEXT_WAIT_ALL (16u << 20) /* of all */
/* Requests after which an HTTP/2 connection without DNS is let go. */
#define PLAINTEXT_REQUESTS 16

struct plaintext;

struct plain_piece {
	/* Who and where, source and destination as of these bytes; the time, the
	 * process where it is the one that asks, or sends. Wire is unset. */
	struct dns_msg meta;
	uint64_t session;
	uint64_t at;    /* bytes of this direction before these */
	bool received;  /* by the side at which the session was seen; else sent */
	bool has_place; /* addresses and ports are facts */
	const uint8_t *bytes;
	uint32_t len; /* 0: nothing but the place has come to be known */
};

struct plaintext_stats {
	uint64_t pieces;
	uint64_t messages;
	uint64_t sessions; /* that carry DNS; others: */
	uint64_t others;   /* that carry something else */
	uint64_t joined;   /* that were met in their middle, and can't be entered there */
	uint64_t unplaced; /* pieces whose session's addresses never came to be known */
	uint64_t gaps;     /* bytes of sessions with DNS that did not come or went unused */
	uint64_t refused;  /* DNS over HTTPS answered by an error */
	uint64_t evicted;  /* sessions with DNS that had to make room */
};

/* A session has been judged: does it carry DNS? Called once for each. */
typedef void (*plaintext_judge_fn)(void *ctx, uint64_t session, bool dns);

/* judge may be NULL. NULL when memory is short. */
struct plaintext *plaintext_new(uint64_t seed, source_msg_fn fn, plaintext_judge_fn judge,
				void *ctx);
void plaintext_free(struct plaintext *p);
void plaintext_feed(struct plaintext *p, const struct plain_piece *piece);
/* The session has ended. */
void plaintext_close(struct plaintext *p, uint64_t session);
void plaintext_stats(const struct plaintext *p, struct plaintext_stats *out);

#endif
