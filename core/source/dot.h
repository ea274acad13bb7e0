/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DNS over TLS, decrypted: length-prefixed messages out of one direction of a
 * session (RFC 7858, section 3.3; RFC 1035, section 4.2.2). The pieces are what
 * a program gave to its library or took from it, so that a prefix and its
 * message may come apart, and several messages in one.
 */
#ifndef DNSTOP_SOURCE_DOT_H
#define DNSTOP_SOURCE_DOT_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes that tell whether a message begins with them: prefix and header. */
#define DOT_HEAD 14

struct dot {
	uint8_t *bytes; /* of a message that is not whole */
	uint32_t used;
	uint32_t room;
	bool lost;      /* where the next message begins is not known */
	bool gap;       /* the next message comes after bytes that were given up */
	uint64_t given; /* bytes given up */
};

typedef void (*dot_fn)(void *ctx, const uint8_t *wire, uint32_t len, bool gap);

/* A zeroed struct is a stream at its beginning. */
void dot_fini(struct dot *d);
/* The bytes that follow; wire is borrowed for the length of the call. Returns
 * 0 or -ENOMEM, and is lost then. */
int dot_feed(struct dot *d, const uint8_t *bytes, uint32_t len, dot_fn fn, void *ctx);
/* Bytes are missing before those that come next. It goes on at the first piece
 * that begins with a plausible message. */
void dot_gap(struct dot *d);

/* Whether a message, prefix first, could begin here; with less than DOT_HEAD
 * bytes it can't be told: then it could. */
bool dot_plausible(const uint8_t *bytes, uint32_t len);

#endif
