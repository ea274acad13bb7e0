/* SPDX-License-Identifier: BSD-2-Clause */
/* DNS over HTTPS out of somebody else's HTTP/2. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http2_bytes.h"

struct got {
	char text[4096]; /* "Q1 a.example R1 a.example" */
};

static void take(void *ctx, bool response, uint32_t stream, const uint8_t *wire, uint32_t len)
{
	struct got *got = ctx;
	struct dns_parsed dns;
	size_t used = strlen(got->text);

	assert_true(dns_parse(wire, len, len, &dns) == DNS_OK);
	assert_int_equal(!!(dns.flags & DNS_FLAG_QR), response);
	snprintf(got->text + used, sizeof(got->text) - used, "%s%c%u %s", used ? " " : "",
		 response ? 'R' : 'Q', stream, dns.qname);
}

/* The whole of what an end said, in pieces of some size. */
static int give(struct http2 *h, bool from_client, const struct talker *t, uint32_t step)
{
	int rc = 0;

	for (uint32_t at = 0; at < t->used; at += step) {
		uint32_t n = t->used - at < step ? t->used - at : step;
		int now = http2_feed(h, from_client, t->bytes + at, n);

		rc = rc ? rc : now;
	}
	return rc;
}

static void posts_and_gets(void **state)
{
	static const uint32_t steps[] = { 1, 2, 9, 100, 1 << 20 };

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct talker *client = talker_new(true), *server = talker_new(false);
		struct got got = { "" };
		struct http2 *h = http2_new(take, &got);

		talk_frame(client, H2_SETTINGS, 0, 0, "\0\3\0\0\0\144", 6);
		talk_post(client, 1, "a.example");
		talk_post(client, 3, "b.example");
		/* The same headers again are references to the table by now. */
		talk_headers(client, 5, H2_END_STREAM,
			     ":method:GET\n:path:/q?x=1&dns=AAABAAABAAAAAAAAAWEHZXhhbXBsZQAAAQAB\n"
			     ":scheme:https\n:authority:dns.example\naccept:" DNS_TYPE);
		talk_frame(server, H2_SETTINGS, 0, 0, NULL, 0);
		talk_frame(server, H2_PING, 0, 0, "12345678", 8);
		talk_answer(server, 3, "b.example");
		talk_answer(server, 1, "a.example");
		talk_answer(server, 5, "a.example");
		assert_int_equal(give(h, true, client, steps[i]), 0);
		assert_int_equal(give(h, false, server, steps[i]), 0);
		assert_string_equal(got.text, "Q1 a.example Q3 b.example Q5 a.example "
					      "R3 b.example R1 a.example R5 a.example");
		assert_int_equal(http2_stats(h)->requests, 3);
		assert_int_equal(http2_stats(h)->dns, 3);
		http2_free(h);
		talker_free(client);
		talker_free(server);
	}
}

/* Padding, priority, a block in pieces, bodies in pieces, interleaved. */
static void frames_of_every_kind(void **state)
{
	struct talker *client = talker_new(true), *server = talker_new(false);
	struct got got = { "" };
	struct http2 *h = http2_new(take, &got);
	uint8_t block[1024], padded[1100] = { 4, 0, 0, 0, 0, 16 }, wire[512];
	uint32_t len;

	(void)state;
	len = talk_block(client, ":method:POST\n:path:/\ncontent-type:" DNS_TYPE "; x=y", block,
			 sizeof(block));
	memcpy(padded + 6, block, 10);
	talk_frame(client, H2_HEADERS, H2_PADDED | H2_PRIORITY, 1, padded, 6 + 10 + 4);
	talk_frame(client, H2_CONTINUATION, 0, 1, block + 10, 2);
	talk_frame(client, H2_CONTINUATION, 0, 1, NULL, 0);
	talk_frame(client, H2_CONTINUATION, H2_END_HEADERS, 1, block + 12, len - 12);
	len = talk_query(wire, "a.example");
	padded[0] = 7;
	memcpy(padded + 1, wire, 20);
	talk_frame(client, H2_DATA, H2_PADDED, 1, padded, 1 + 20 + 7);
	talk_post(client, 3, "b.example");
	talk_frame(client, H2_DATA, 0, 1, wire + 20, len - 20);
	talk_frame(client, H2_DATA, H2_END_STREAM, 1, NULL, 0);
	/* A trailer ends a stream too. */
	talk_headers(client, 5, 0, ":method:POST\ncontent-type:" DNS_TYPE);
	talk_frame(client, H2_DATA, 0, 5, wire, len);
	talk_headers(client, 5, H2_END_STREAM, "checksum:1");

	len = talk_block(server, ":method:GET\n:path:/pushed", block, sizeof(block));
	memcpy(padded, "\0\0\0\2", 4);
	memcpy(padded + 4, block, len);
	talk_frame(server, H2_PUSH_PROMISE, H2_END_HEADERS, 1, padded, 4 + len);
	talk_headers(server, 1, 0, ":status:103\nlink:x");
	talk_answer(server, 1, "a.example");
	assert_int_equal(give(h, true, client, 3), 0);
	assert_int_equal(give(h, false, server, 3), 0);
	assert_string_equal(got.text, "Q3 b.example Q1 a.example Q5 a.example R1 a.example");
	http2_free(h);
	talker_free(client);
	talker_free(server);
}

static void what_is_no_dns(void **state)
{
	struct talker *client = talker_new(true), *server = talker_new(false);
	struct got got = { "" };
	struct http2 *h = http2_new(take, &got);
	uint8_t wire[512];
	uint32_t len = talk_query(wire, "a.example");

	(void)state;
	talk_headers(client, 1, H2_END_STREAM, ":method:GET\n:path:/index.html");
	talk_headers(client, 3, H2_END_STREAM, ":method:GET\n:path:/?dns=nonsense!");
	talk_headers(client, 5, 0, ":method:POST\n:path:/\ncontent-type:application/json");
	talk_frame(client, H2_DATA, H2_END_STREAM, 5, wire, len);
	talk_headers(client, 7, 0,
		     ":method:POST\n:path:/\ncontent-type:" DNS_TYPE "\ncontent-encoding:gzip");
	talk_frame(client, H2_DATA, H2_END_STREAM, 7, wire, len);
	talk_post(client, 9, "b.example");
	talk_post(client, 11, "c.example");
	talk_frame(client, H2_RST_STREAM, 0, 11, "\0\0\0\0", 4);
	talk_headers(server, 1, 0, ":status:200\ncontent-type:text/html");
	talk_frame(server, H2_DATA, H2_END_STREAM, 1, "<html>", 6);
	talk_headers(server, 9, 0, ":status:400\ncontent-type:text/plain");
	talk_frame(server, H2_DATA, H2_END_STREAM, 9, "no", 2);
	assert_int_equal(give(h, true, client, 1000), 0);
	assert_int_equal(give(h, false, server, 1000), 0);
	assert_string_equal(got.text, "Q9 b.example Q11 c.example");
	assert_int_equal(http2_stats(h)->requests, 6);
	assert_int_equal(http2_stats(h)->dns, 2);
	assert_int_equal(http2_stats(h)->refused, 1);
	http2_free(h);
	talker_free(client);
	talker_free(server);
}

static void wrong_bytes_break_one_direction(void **state)
{
	static const struct {
		unsigned type, flags, stream;
		const char *payload;
		unsigned len;
	} cases[] = {
		{ H2_HEADERS, H2_END_HEADERS, 1, "\xff\xff\xff\xff\xff\xff\xff\xff\xff", 9 },
		{ H2_HEADERS, H2_END_HEADERS, 0, "\x82", 1 },
		{ H2_HEADERS, H2_END_HEADERS | H2_PADDED, 1, "\5\x82", 2 },
		{ H2_HEADERS, H2_END_HEADERS | H2_PRIORITY, 1, "\5\x82", 2 },
		{ H2_CONTINUATION, H2_END_HEADERS, 1, "\x82", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct talker *client = talker_new(true), *server = talker_new(false);
		struct got got = { "" };
		struct http2 *h = http2_new(take, &got);

		talk_post(client, 1, "a.example");
		talk_frame(client, cases[i].type, cases[i].flags, cases[i].stream, cases[i].payload,
			   cases[i].len);
		talk_post(client, 3, "b.example");
		talk_answer(server, 1, "a.example");
		assert_int_equal(give(h, true, client, 50), -EPROTO);
		assert_int_equal(give(h, false, server, 50), 0);
		assert_string_equal(got.text, "Q1 a.example R1 a.example");
		assert_false(http2_is_whole(h, true));
		assert_true(http2_is_whole(h, false));
		http2_free(h);
		talker_free(client);
		talker_free(server);
	}
	struct got got = { "" };
	struct http2 *h = http2_new(take, &got);

	assert_int_equal(http2_feed(h, true, (const uint8_t *)"GET / HTTP/1.1\r\n", 16), -EPROTO);
	http2_free(h);
}

/* Bodies and blocks beyond all bounds cost nothing but themselves. */
static void too_long(void **state)
{
	struct talker *client = talker_new(true);
	struct got got = { "" };
	struct http2 *h = http2_new(take, &got);
	static uint8_t zeroes[16384];

	(void)state;
	talk_headers(client, 1, 0, ":method:POST\ncontent-type:" DNS_TYPE);
	for (int i = 0; i < 5; i++)
		talk_frame(client, H2_DATA, i == 4 ? H2_END_STREAM : 0, 1, zeroes, sizeof(zeroes));
	talk_post(client, 3, "b.example");
	assert_int_equal(give(h, true, client, 4000), 0);
	assert_string_equal(got.text, "Q3 b.example");
	assert_int_equal(http2_stats(h)->too_long, 1);
	client->used = 0;
	talk_frame(client, H2_HEADERS, 0, 5, zeroes, 16384);
	for (int i = 0; i < 4; i++)
		talk_frame(client, H2_CONTINUATION, 0, 5, zeroes, 16384);
	assert_int_equal(give(h, true, client, 4000), -EFBIG);
	http2_free(h);
	talker_free(client);
}

/* More streams open than are kept: the oldest give way, the newest are told. */
static void many_streams(void **state)
{
	struct talker *client = talker_new(true), *server = talker_new(false);
	struct got got = { "" };
	struct http2 *h = http2_new(take, &got);

	(void)state;
	for (uint32_t i = 0; i < 500; i++)
		talk_headers(client, 2 * i + 1, 0, ":method:POST\ncontent-type:" DNS_TYPE);
	talk_post(client, 2001, "last.example");
	talk_answer(server, 2001, "last.example");
	assert_int_equal(give(h, true, client, 1 << 20), 0);
	assert_int_equal(give(h, false, server, 1 << 20), 0);
	assert_string_equal(got.text, "Q2001 last.example R2001 last.example");
	http2_free(h);
	talker_free(client);
	talker_free(server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posts_and_gets), cmocka_unit_test(frames_of_every_kind),
		cmocka_unit_test(what_is_no_dns), cmocka_unit_test(wrong_bytes_break_one_direction),
		cmocka_unit_test(too_long),       cmocka_unit_test(many_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
