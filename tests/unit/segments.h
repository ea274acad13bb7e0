/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests of TCP streams: content of which every byte is known, segments of
 * it, and a record of the messages that came out.
 */
#ifndef DNSTOP_TESTS_UNIT_SEGMENTS_H
#define DNSTOP_TESTS_UNIT_SEGMENTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/dns/wire.h"
#include "core/source/tcp.h"

#define STREAM_ROOM  400000
#define MESSAGES_MAX 64
#define MS           1000000ull
#define T0           1700000000000000000ull

enum {
	FIN = 1,
	SYN = 2,
	RST = 4,
};

/* Messages of 20, 30 and 40 bytes lie at 0-22, 22-54 and 54-96. */
#define SMALL "20,30,40"

/* A byte stream of length-prefixed messages, and where each begins. */
struct content {
	uint8_t bytes[STREAM_ROOM];
	uint32_t len;
	uint32_t at[MESSAGES_MAX];
	uint32_t size[MESSAGES_MAX];
	int n;
};

struct got {
	const struct content *content;
	char text[4096];
	size_t len;
	int times[MESSAGES_MAX]; /* each message, whole */
	uint64_t ts[MESSAGES_MAX];
	int total;
};

struct run {
	struct tcp_streams *t;
	const struct content *content;
	struct got *got;
	uint32_t isn;
	uint32_t ifindex;
	uint64_t now;
};

/* A message of `size` bytes whose id is its number: one question, then bytes
 * in which no length prefix and no header is to be found. */
static inline void content_add(struct content *c, uint32_t size)
{
	static const uint8_t question[] = { 0, 0, 1, 0, 1 };
	uint8_t *p = c->bytes + c->len;

	assert_true(size >= DNS_HEADER_LEN + sizeof(question));
	assert_true(c->len + 2 + size <= sizeof(c->bytes) && c->n < MESSAGES_MAX);
	memset(p, 0xf1, size + 2);
	p[0] = (uint8_t)(size >> 8);
	p[1] = (uint8_t)size;
	memset(p + 2, 0, DNS_HEADER_LEN);
	p[3] = (uint8_t)c->n;
	p[7] = 1;
	memcpy(p + 2 + DNS_HEADER_LEN, question, sizeof(question));
	c->at[c->n] = c->len;
	c->size[c->n] = size;
	c->n++;
	c->len += size + 2;
}

static inline struct content *content_new(const char *sizes)
{
	struct content *c = calloc(1, sizeof(*c));
	char *end;

	assert_non_null(c);
	for (const char *p = sizes; *p; p = end + (*end == ','))
		content_add(c, (uint32_t)strtoul(p, &end, 10));
	return c;
}

static inline void take(void *ctx, const struct dns_msg *msg)
{
	struct got *g = ctx;
	int id = msg->wire_len >= 2 ? msg->wire[1] : -1;

	assert_int_equal(msg->transport, TRANSPORT_TCP);
	assert_string_equal(msg->ifname, "veth0");
	assert_in_range(id, 0, g->content->n - 1);
	assert_int_equal(msg->wire_orig, g->content->size[id]);
	assert_true(msg->wire_len <= msg->wire_orig);
	assert_memory_equal(msg->wire, g->content->bytes + g->content->at[id] + 2, msg->wire_len);
	if (msg->wire_len == msg->wire_orig)
		g->times[id]++;
	g->ts[id] = msg->ts_ns;
	g->total++;
	if (g->len + 32 > sizeof(g->text))
		return;
	g->len += (size_t)snprintf(g->text + g->len, sizeof(g->text) - g->len, "%s%d",
				   g->len ? " " : "", id);
	if (msg->wire_len < msg->wire_orig)
		g->len += (size_t)snprintf(g->text + g->len, sizeof(g->text) - g->len, "/%u",
					   msg->wire_len);
	if (msg->tcp_gap)
		g->len += (size_t)snprintf(g->text + g->len, sizeof(g->text) - g->len, "*");
	if (msg->ifindex > 1)
		g->len += (size_t)snprintf(g->text + g->len, sizeof(g->text) - g->len, "@%u",
					   msg->ifindex);
}

static inline void send(struct run *r, uint8_t flags, uint32_t from, uint32_t to, uint32_t captured)
{
	/* A copy of its own in the heap lets the sanitizer see reads beyond it. */
	uint8_t *payload = malloc(captured ? captured : 1);
	struct tcp_segment seg = {
		.meta = {
			.ts_ns = r->now,
			.src_port = 40000,
			.dst_port = 53,
			.ifindex = r->ifindex,
			.ifname = "veth0",
		},
		.seq = r->isn + 1 + from,
		.flags = flags,
		.payload = payload,
		.len = captured,
		.orig_len = to - from,
	};

	assert_non_null(payload);
	memcpy(payload, r->content->bytes + from, captured);
	if (flags & SYN)
		seg.seq--;
	tcp_streams_segment(r->t, &seg);
	free(payload);
}

static inline struct run run_new(const struct content *c, struct got *got, uint32_t isn)
{
	*got = (struct got){ .content = c };
	return (struct run){
		.t = tcp_streams_new(16, 1 << 20, take, got),
		.content = c,
		.got = got,
		.isn = isn,
		.ifindex = 1,
		.now = T0,
	};
}

#endif
