/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any segments in any order: the bytes delivered are bytes that came, none of
 * them more often than twice (once ahead of a hole and once, should that have
 * been a mistake, as part of the message that reached into it).
 *
 * The input is a list of segments, each a header and its payload:
 *
 *   flags: FIN 1, SYN 2, RST 4, connection (two bits) 8, far 32, cut 64, late 128
 *   offset from where the connection's last segment ended, signed byte
 *   (far: times 8192)
 *   length of the payload, two bytes, little-endian, at most 2047
 *   argument: bytes cut off by the capture; or tens of milliseconds that pass
 */
#include <stdlib.h>
#include <string.h>

#include "core/dns/wire.h"
#include "core/source/tcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	HEADER = 5,
	FLAGS_TCP = 7,
	FAR = 32,
	CUT = 64,
	LATE = 128,
};

struct sum {
	uint64_t bytes;
	unsigned touched;
};

static void require(bool what)
{
	if (!what)
		abort();
}

static void take(void *ctx, const struct dns_msg *msg)
{
	struct sum *s = ctx;

	require(msg->transport == TRANSPORT_TCP);
	require(msg->wire_len <= msg->wire_orig && msg->wire_orig <= DNS_MSG_MAX);
	require(msg->wire_len >= DNS_HEADER_LEN);
	require(msg->dst_port == 53 && msg->src_port < 4);
	for (uint32_t i = 0; i < msg->wire_len; i++)
		s->touched += msg->wire[i];
	s->bytes += msg->wire_len + 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sum sum = { .bytes = 0 };
	struct tcp_streams *t = tcp_streams_new(3, 8192, take, &sum);
	uint32_t end[4] = { 0, 1000, UINT32_MAX - 100, INT32_MAX - 100 };
	uint64_t now = 1700000000000000000ull;
	uint64_t sent = 0;
	uint64_t gaps = 0;

	require(t != NULL);
	while (size >= HEADER) {
		uint8_t flags = data[0];
		unsigned which = flags >> 3 & 3;
		uint32_t offset = (uint32_t)(int8_t)data[1] * (flags & FAR ? 8192 : 1);
		uint32_t len = (data[2] | (uint32_t)data[3] << 8) & 2047;
		uint32_t argument = data[4];
		uint8_t *payload;

		data += HEADER;
		size -= HEADER;
		if (len > size)
			len = (uint32_t)size;
		if (flags & LATE)
			now += argument * 10000000ull;
		payload = malloc(len ? len : 1);
		require(payload != NULL);
		memcpy(payload, data, len);

		struct tcp_segment seg = {
			.meta = { .ts_ns = now, .src_port = (uint16_t)which, .dst_port = 53 },
			.seq = end[which] + offset,
			.flags = flags & FLAGS_TCP,
			.payload = payload,
			.len = len,
			.orig_len = len + (flags & CUT ? argument : 0),
		};

		tcp_streams_segment(t, &seg);
		free(payload);
		data += len;
		size -= len;
		sent += len;
		end[which] = seg.seq + seg.orig_len + (seg.flags & 2 ? 1 : 0);
		require(tcp_streams_gaps(t) >= gaps);
		gaps = tcp_streams_gaps(t);
	}
	tcp_streams_finish(t);
	require(sum.bytes <= 2 * sent);
	tcp_streams_free(t);
	return 0;
}
