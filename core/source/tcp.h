/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DNS over TCP: length-prefixed messages out of segments (RFC 1035 4.2.2,
 * RFC 7766). Out-of-order and retransmitted segments are put right within a
 * bounded store; a stream joined in its middle is resynchronised at the first
 * segment that begins with a plausible length and header; bytes given up are
 * counted and the messages after them marked tcp_gap.
 */
#ifndef DNSTOP_SOURCE_TCP_H
#define DNSTOP_SOURCE_TCP_H

#include <stdint.h>

#include "core/dns/msg.h"
#include "core/source/source.h"

struct tcp_streams;

struct tcp_segment {
	struct dns_msg meta; /* addresses, ports, time and place; wire unset */
	uint32_t seq;
	uint8_t flags; /* TCP header flags: FIN 1, SYN 2, RST 4 */
	const uint8_t *payload;
	uint32_t len;      /* captured */
	uint32_t orig_len; /* on the wire; larger where the capture cut it */
};

/* max_streams directions and max_bytes of buffered payload in all. */
struct tcp_streams *tcp_streams_new(uint32_t max_streams, size_t max_bytes, source_msg_fn fn,
				    void *ctx);
void tcp_streams_free(struct tcp_streams *t);
void tcp_streams_segment(struct tcp_streams *t, const struct tcp_segment *seg);
/* The end of input: what waits for bytes that will not come is given up. */
void tcp_streams_finish(struct tcp_streams *t);
/* Bytes given up, and streams evicted for room. */
uint64_t tcp_streams_gaps(const struct tcp_streams *t);
uint64_t tcp_streams_evicted(const struct tcp_streams *t);

#endif
