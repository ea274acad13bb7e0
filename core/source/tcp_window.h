/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one direction of a TCP connection has sent and nobody could read yet:
 * the beginning of a message, and segments that wait behind a hole.
 *
 * Bytes are kept packed, in the order of their sequence numbers; a list of
 * ranges says where they belong. Bytes that two segments both carry are the
 * first one's. Sequence numbers are compared as offsets from `next`, so they
 * may wrap. Everything here is internal to core/source/tcp*.c.
 */
#ifndef DNSTOP_SOURCE_TCP_WINDOW_H
#define DNSTOP_SOURCE_TCP_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/dns/msg.h"

struct tcp_range {
	uint32_t seq;
	uint32_t len;
	bool absent;         /* these bytes were sent, but the capture left them out */
	bool taken;          /* delivered ahead of the hole before them */
	struct dns_msg meta; /* of the segment that brought them */
};

struct tcp_window {
	uint32_t next; /* the first byte not consumed */
	uint8_t *bytes;
	uint32_t head; /* bytes before it are consumed */
	uint32_t len;
	uint32_t cap;
	struct tcp_range *ranges; /* by sequence, not overlapping */
	uint32_t first;           /* ranges before it are consumed */
	uint32_t n;
	uint32_t cap_ranges;
};

/* Forgets what is held and gives the memory back; `next` stays. */
void tcp_window_clear(struct tcp_window *w);
bool tcp_window_empty(const struct tcp_window *w);
/* Bytes of memory in use. */
size_t tcp_window_cost(const struct tcp_window *w);

/* Enters the bytes (NULL: absent ones) at seq, which is not before `next`,
 * leaving out what is there already. The window must be tidy. -ENOMEM leaves
 * a hole. */
int tcp_window_put(struct tcp_window *w, const struct dns_msg *meta, uint32_t seq,
		   const uint8_t *bytes, uint32_t len);

/* Bytes at hand without a hole from `next` on: tcp_window_front has them. */
uint32_t tcp_window_run(const struct tcp_window *w);
const uint8_t *tcp_window_front(const struct tcp_window *w);
/* The first range that is not consumed, NULL when there is none. */
struct tcp_range *tcp_window_first(struct tcp_window *w);
/* The first range behind the first hole, NULL when nothing waits there. */
const struct tcp_range *tcp_window_behind(const struct tcp_window *w);
/* Consumes n bytes, held or not. */
void tcp_window_advance(struct tcp_window *w, uint32_t n);
/* The newest segment among those that bring the first n bytes of range i. */
const struct dns_msg *tcp_window_newest(const struct tcp_window *w, uint32_t i, uint32_t n);

/* Moves what is left to the front; with `merge`, one range for the bytes
 * before the first hole, for when nobody needs their segments apart. */
void tcp_window_tidy(struct tcp_window *w, bool merge);

#endif
