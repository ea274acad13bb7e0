/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One direction of one TCP connection as it was seen at one place: DNS
 * messages out of its segments. Internal to core/source/tcp*.c.
 *
 * In-order segments that hold whole messages are read where they lie; what
 * has to wait is copied into the stream's window. A hole is given up when
 * TCP_STREAM_MAX bytes or TCP_STREAM_RANGES segments wait behind it, or when
 * the owner says so. Meanwhile segments behind it that are whole messages from
 * their first byte to their last are delivered at once, as their time is now:
 * the answer to a query must not overtake it.
 */
#ifndef DNSTOP_SOURCE_TCP_STREAM_H
#define DNSTOP_SOURCE_TCP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/source/source.h"
#include "core/source/tcp.h"
#include "core/source/tcp_window.h"

/* Two of the longest messages with their prefixes. */
#define TCP_STREAM_MAX    (2 * (DNS_MSG_MAX + 2))
#define TCP_STREAM_RANGES 64
/* A segment this far away from what is expected is of another connection that
 * uses the same ports. */
#define TCP_STREAM_FAR (1u << 20)

enum tcp_sync {
	TCP_LOST,    /* where the next message begins is not known */
	TCP_GUESSED, /* known, if what looked like a message was one */
	TCP_SURE,    /* known since the first byte */
};

/* Where messages and losses go to. */
struct tcp_out {
	source_msg_fn fn;
	void *ctx;
	uint64_t gaps; /* bytes given up */
};

struct tcp_stream {
	struct tcp_window window;
	uint8_t sync; /* enum tcp_sync */
	bool gap;     /* the next message follows a hole */
	bool has_fin;
	uint32_t fin;    /* the sequence number behind the last byte */
	uint64_t fin_ns; /* when that was told */
	char ifname[16]; /* of what is in the window */
};

/* Begins (again) at seq: TCP_SURE behind a SYN, TCP_LOST when joined later. */
void tcp_stream_start(struct tcp_stream *s, uint32_t seq, enum tcp_sync sync, struct tcp_out *out);
/* Takes a segment whose first byte has sequence number seq. */
void tcp_stream_data(struct tcp_stream *s, const struct tcp_segment *seg, uint32_t seq,
		     struct tcp_out *out);
/* Nothing follows the byte before seq. */
void tcp_stream_fin(struct tcp_stream *s, uint32_t seq, uint64_t ts_ns);
/* Everything up to the FIN has come. */
bool tcp_stream_done(const struct tcp_stream *s);
/* Something waits behind a hole; since then. */
bool tcp_stream_waiting(const struct tcp_stream *s, uint64_t *since_ns);
/* Gives the first hole up; false when there is none. */
bool tcp_stream_give_up(struct tcp_stream *s, struct tcp_out *out);
/* Gives back what is held, and counts it as given up. */
void tcp_stream_drop(struct tcp_stream *s, struct tcp_out *out);
/* The sequence number behind the bytes that came without a hole. */
uint32_t tcp_stream_end(const struct tcp_stream *s);

#endif
