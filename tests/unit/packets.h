/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets in words, for tests: a line names the layers from the outside in,
 * and lengths are filled in. Words:
 *
 *   eth=TYPE            Ethernet header, EtherType in hex
 *   ip4=PROTO ip6=NEXT  192.0.2.1 > 192.0.2.53, 2001:db8::1 > 2001:db8::53
 *   udp=SRC-DST         length filled in
 *   tcp=SRC-DST-FLAGS   sequence number 1000, flags in hex
 *   dns  dns=LEN        a query for a.example A with id 0x1234; cut or padded to LEN bytes
 *   zero=LEN            so many zero bytes
 *   anything else       bytes in hex
 */
#ifndef DNSTOP_TESTS_PACKETS_H
#define DNSTOP_TESTS_PACKETS_H

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dns/msg.h"
#include "core/source/packet.h"

#define BYTES_MAX 8192

/* Built from its end: the packet is the last len bytes of the room. */
struct bytes {
	uint32_t len;
	uint8_t room[BYTES_MAX];
};

static inline uint8_t *bytes_at(struct bytes *b)
{
	return b->room + BYTES_MAX - b->len;
}

static inline uint8_t *bytes_prepend(struct bytes *b, const void *data, uint32_t len)
{
	assert(b->len + len <= BYTES_MAX);
	b->len += len;
	if (data)
		memcpy(bytes_at(b), data, len);
	else
		memset(bytes_at(b), 0, len);
	return bytes_at(b);
}

static inline void put16(uint8_t *at, unsigned v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static inline void put32(uint8_t *at, uint32_t v)
{
	put16(at, v >> 16);
	put16(at + 2, v & 0xffff);
}

static const uint8_t test_query[] = { 0x12, 0x34, 1,   0,   0,   1,   0,   0,   0, 0, 0, 0, 1, 'a',
				      7,    'e',  'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1 };
static const uint8_t test_v6_src[16] = { 0x20, 1, 0x0d, 0xb8, [15] = 1 };
static const uint8_t test_v6_dst[16] = { 0x20, 1, 0x0d, 0xb8, [15] = 0x53 };

static inline void bytes_dns(struct bytes *b, uint32_t len)
{
	uint8_t *at = bytes_prepend(b, NULL, len);

	memcpy(at, test_query, len < sizeof(test_query) ? len : sizeof(test_query));
}

static inline void bytes_ip4(struct bytes *b, unsigned protocol)
{
	static const uint8_t addresses[] = { 192, 0, 2, 1, 192, 0, 2, 53 };
	uint32_t total = b->len + 20;
	uint8_t *at = bytes_prepend(b, NULL, 20);

	at[0] = 0x45;
	put16(at + 2, total);
	put16(at + 4, 0xabcd);
	at[8] = 64;
	at[9] = (uint8_t)protocol;
	memcpy(at + 12, addresses, sizeof(addresses));
}

static inline void bytes_ip6(struct bytes *b, unsigned next)
{
	uint32_t length = b->len;
	uint8_t *at = bytes_prepend(b, NULL, 40);

	at[0] = 0x60;
	put16(at + 4, length);
	at[6] = (uint8_t)next;
	at[7] = 64;
	memcpy(at + 8, test_v6_src, 16);
	memcpy(at + 24, test_v6_dst, 16);
}

static inline void bytes_udp(struct bytes *b, unsigned src, unsigned dst)
{
	uint32_t length = b->len + 8;
	uint8_t *at = bytes_prepend(b, NULL, 8);

	put16(at, src);
	put16(at + 2, dst);
	put16(at + 4, length);
}

static inline void bytes_tcp(struct bytes *b, unsigned src, unsigned dst, unsigned flags)
{
	uint8_t *at = bytes_prepend(b, NULL, 20);

	put16(at, src);
	put16(at + 2, dst);
	put32(at + 4, 1000);
	at[12] = 0x50;
	at[13] = (uint8_t)flags;
}

static inline void bytes_hex(struct bytes *b, const char *hex)
{
	uint8_t data[256];
	uint32_t n = 0;
	unsigned v;

	for (; *hex; hex += 2) {
		int got = sscanf(hex, "%2x", &v);

		assert(got == 1 && hex[1] && n < sizeof(data));
		data[n++] = (uint8_t)v;
	}
	bytes_prepend(b, data, n);
}

static inline void bytes_word(struct bytes *b, const char *word)
{
	unsigned x, y, z;

	if (sscanf(word, "eth=%x", &x) == 1) {
		put16(bytes_prepend(b, NULL, 14) + 12, x);
	} else if (sscanf(word, "ip4=%u", &x) == 1) {
		bytes_ip4(b, x);
	} else if (sscanf(word, "ip6=%u", &x) == 1) {
		bytes_ip6(b, x);
	} else if (sscanf(word, "udp=%u-%u", &x, &y) == 2) {
		bytes_udp(b, x, y);
	} else if (sscanf(word, "tcp=%u-%u-%x", &x, &y, &z) == 3) {
		bytes_tcp(b, x, y, z);
	} else if (sscanf(word, "dns=%u", &x) == 1) {
		bytes_dns(b, x);
	} else if (strcmp(word, "dns") == 0) {
		bytes_dns(b, sizeof(test_query));
	} else if (sscanf(word, "zero=%u", &x) == 1) {
		bytes_prepend(b, NULL, x);
	} else {
		bytes_hex(b, word);
	}
}

static inline void bytes_build(struct bytes *b, const char *words)
{
	char text[1024];
	char *word;

	assert(strlen(words) < sizeof(text));
	strcpy(text, words);
	b->len = 0;
	for (;;) {
		word = strrchr(text, ' ');
		bytes_word(b, word ? word + 1 : text);
		if (!word)
			break;
		*word = '\0';
	}
}

/* What a decoder delivered: the number of messages, and the last of them. */
struct delivered {
	unsigned n;
	struct dns_msg last;
	uint8_t wire[65536]; /* last.wire points here */
};

static inline void deliver_test(void *ctx, const struct dns_msg *msg)
{
	struct delivered *got = ctx;

	got->n++;
	got->last = *msg;
	assert(msg->wire_len <= sizeof(got->wire));
	if (msg->wire_len) /* what an ICMP error quotes may be nothing of it */
		memcpy(got->wire, msg->wire, msg->wire_len);
	got->last.wire = got->wire;
}

/* One that delivers to *got, which is emptied. */
static inline struct packet_decoder *new_decoder(struct delivered *got)
{
	struct packet_decoder *d = packet_decoder_new(NULL, 0, deliver_test, got);

	assert(d);
	memset(got, 0, sizeof(*got));
	return d;
}

/* Decodes cap bytes from memory of just that size, so that the sanitizer sees a
 * read behind them. orig: on the wire. */
static inline void decode_bytes(struct packet_decoder *d, int link, const uint8_t *at, uint32_t cap,
				uint32_t orig, uint64_t ts_ns)
{
	uint8_t *exact = malloc(cap ? cap : 1);
	struct packet p = {
		.ts_ns = ts_ns,
		.link = link,
		.bytes = exact,
		.len = cap,
		.orig_len = orig,
	};

	assert(exact);
	memcpy(exact, at, cap);
	packet_decode(d, &p);
	free(exact);
}

#endif
