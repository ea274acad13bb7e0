/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any pieces of any TLS sessions, with and without addresses, with holes. The
 * input is a list of pieces, each a head and its bytes:
 *
 *   flags: received 1, has a place 2, port 853 4, hole 8, closed 16, session
 *   (three bits) 32
 *   length of the bytes, two bytes, little-endian, at most 4095
 *
 * Every message lies within what came, and each session is judged once at most.
 */
#include <stdlib.h>
#include <string.h>

#include "core/source/plaintext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	HEAD = 3,
	RECEIVED = 1,
	PLACE = 2,
	DOT = 4,
	HOLE = 8,
	CLOSED = 16,
};

struct sum {
	uint64_t bytes;
	unsigned touched;
	unsigned judged;
};

static void require(bool what)
{
	if (!what)
		abort();
}

static void take(void *ctx, const struct dns_msg *msg)
{
	struct sum *s = ctx;

	require(msg->transport == TRANSPORT_TLS || msg->transport == TRANSPORT_HTTPS);
	require(msg->wire_len == msg->wire_orig && msg->wire_len <= DNS_MSG_MAX);
	for (uint32_t i = 0; i < msg->wire_len; i++)
		s->touched += msg->wire[i];
	s->bytes += msg->wire_len;
}

static void judged(void *ctx, uint64_t session, bool dns)
{
	struct sum *s = ctx;

	(void)dns;
	require(session < 8);
	s->judged++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sum sum = { .bytes = 0 };
	struct plaintext *p = plaintext_new(1, take, judged, &sum);
	uint64_t at[8][2] = { 0 };
	struct plaintext_stats stats;
	unsigned sessions = 8; /* that there may have been */

	require(p != NULL);
	while (size >= HEAD) {
		uint8_t flags = data[0];
		uint32_t len = (data[1] | (uint32_t)data[2] << 8) & 4095;
		unsigned session = flags >> 5;
		bool received = flags & RECEIVED;
		uint8_t *bytes;

		data += HEAD;
		size -= HEAD;
		if (len > size)
			len = (uint32_t)size;
		bytes = malloc(len ? len : 1);
		require(bytes != NULL);
		memcpy(bytes, data, len);
		if (flags & HOLE)
			at[session][received] += 7;

		struct plain_piece piece = {
			.meta = { .src_port = 1, .dst_port = flags & DOT ? 853 : 443 },
			.session = session,
			.at = at[session][received],
			.received = received,
			.has_place = flags & PLACE,
			.bytes = bytes,
			.len = len,
		};

		plaintext_feed(p, &piece);
		free(bytes);
		at[session][received] += len;
		if (flags & CLOSED) {
			plaintext_close(p, session);
			at[session][0] = at[session][1] = 0;
			sessions++;
		}
		data += len;
		size -= len;
	}
	plaintext_stats(p, &stats);
	require(sum.judged <= sessions && stats.sessions <= sum.judged);
	plaintext_free(p);
	return 0;
}
