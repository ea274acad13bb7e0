/* SPDX-License-Identifier: BSD-2-Clause */
/* Plaintext of TLS sessions, in the pieces in which programs handle it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/source/dot.h"
#include "core/source/plaintext.h"
#include "http2_bytes.h"

struct run {
	struct plaintext *p;
	uint64_t at[4][2]; /* of session, direction */
	bool placed;       /* addresses come along */
	uint16_t port;     /* of the server */
	bool server;       /* it is the server that is seen */
	char text[4096];   /* "tls 1000>853 7 a.example" and so on */
	char verdicts[256];
};

static void take(void *ctx, const struct dns_msg *msg)
{
	static const char *const transports[] = { "udp", "tcp", "tls", "https" };
	struct run *r = ctx;
	struct dns_parsed dns;
	size_t used = strlen(r->text);

	assert_true(dns_parse(msg->wire, msg->wire_len, msg->wire_orig, &dns) == DNS_OK);
	assert_int_equal(msg->src.b[15], msg->src_port == r->port ? 2 : 1);
	assert_int_equal(msg->netns, 77);
	snprintf(r->text + used, sizeof(r->text) - used, "%s%s %u>%u %u %s%s", used ? "; " : "",
		 transports[msg->transport], msg->src_port, msg->dst_port,
		 msg->transport == TRANSPORT_HTTPS ? msg->ip_id : dns.id, dns.qname,
		 msg->tcp_gap ? " gap" : "");
}

static void judged(void *ctx, uint64_t session, bool dns)
{
	struct run *r = ctx;
	size_t used = strlen(r->verdicts);

	snprintf(r->verdicts + used, sizeof(r->verdicts) - used, "%u:%d ", (unsigned)session, dns);
}

static struct run *run_new(uint16_t port)
{
	struct run *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->port = port;
	r->placed = true;
	r->p = plaintext_new(1, take, judged, r);
	assert_non_null(r->p);
	return r;
}

static struct plaintext_stats run_end(struct run *r, const char *text, const char *verdicts)
{
	struct plaintext_stats stats;

	plaintext_stats(r->p, &stats);
	assert_string_equal(r->text, text);
	assert_string_equal(r->verdicts, verdicts);
	plaintext_free(r->p);
	free(r);
	return stats;
}

static void give(struct run *r, unsigned session, bool from_client, const void *bytes, size_t len)
{
	struct plain_piece piece = {
		.session = session,
		.received = from_client == r->server,
		.has_place = r->placed,
		.bytes = bytes,
		.len = (uint32_t)len,
	};
	uint64_t *at = &r->at[session][piece.received];

	if (r->placed) {
		piece.meta.netns = 77;
		piece.meta.src.b[15] = from_client ? 1 : 2;
		piece.meta.dst.b[15] = from_client ? 2 : 1;
		piece.meta.src_port = from_client ? 1000 : r->port;
		piece.meta.dst_port = from_client ? r->port : 1000;
	}
	piece.at = *at;
	*at += len;
	plaintext_feed(r->p, &piece);
}

/* A message with its length before it. */
static size_t framed(uint8_t *out, bool response, unsigned id, const char *name)
{
	size_t n = script_wire(out + 2, response, id, name, "A", 0, 0, response);

	script_put16(out, (unsigned)n);
	return n + 2;
}

static void one_at_a_time_and_many_at_once(void **state)
{
	uint8_t bytes[512];
	size_t n = framed(bytes, false, 1, "a.example");

	(void)state;
	for (size_t step = 1; step < 60; step++) {
		struct run *r = run_new(853);
		uint8_t three[1024];
		size_t used = framed(three, false, 1, "a.example");

		used += framed(three + used, false, 2, "b.example");
		used += framed(three + used, false, 3, "c.example");
		for (size_t at = 0; at < used; at += step)
			give(r, 1, true, three + at, used - at < step ? used - at : step);
		give(r, 1, false, three, framed(three, true, 2, "b.example"));
		run_end(r,
			"tls 1000>853 1 a.example; tls 1000>853 2 b.example; tls 1000>853 3 c.example; "
			"tls 853>1000 2 b.example",
			"1:1 ");
	}
	/* As GnuTLS's users do: the length, then the message. */
	struct run *r = run_new(853);

	give(r, 1, true, bytes, 2);
	give(r, 1, true, bytes + 2, n - 2);
	assert_int_equal(run_end(r, "tls 1000>853 1 a.example", "1:1 ").gaps, 0);
}

/* A server somewhere else than at its port, seen from its own side. */
static void any_port(void **state)
{
	struct run *r = run_new(8853);
	uint8_t bytes[512];
	size_t n = framed(bytes, false, 1, "a.example");

	(void)state;
	r->server = true;
	give(r, 1, true, bytes, 2);
	assert_string_equal(r->verdicts, "");
	give(r, 1, true, bytes + 2, n - 2);
	give(r, 1, false, bytes, framed(bytes, true, 1, "a.example"));
	run_end(r, "tls 1000>8853 1 a.example; tls 8853>1000 1 a.example", "1:1 ");
}

static void addresses_that_come_late(void **state)
{
	struct run *r = run_new(853);
	uint8_t bytes[512];
	size_t n = framed(bytes, false, 1, "a.example");
	struct plaintext_stats stats;

	(void)state;
	r->placed = false;
	give(r, 1, true, bytes, 2);
	give(r, 1, true, bytes + 2, n - 2);
	give(r, 2, true, bytes, n);
	assert_string_equal(r->text, "");
	r->placed = true;
	give(r, 1, true, NULL, 0);
	assert_string_equal(r->text, "tls 1000>853 1 a.example");
	/* Of the other one they never come. */
	plaintext_close(r->p, 2);
	plaintext_close(r->p, 3);
	stats = run_end(r, "tls 1000>853 1 a.example", "1:1 ");
	assert_int_equal(stats.unplaced, 1);
	assert_int_equal(stats.messages, 1);
}

static void holes(void **state)
{
	struct run *r = run_new(853);
	uint8_t bytes[512];
	size_t n = framed(bytes, false, 1, "a.example");
	struct plaintext_stats stats;

	(void)state;
	give(r, 1, true, bytes, n);
	give(r, 1, true, bytes, 9);
	r->at[1][0] += n - 9; /* lost */
	give(r, 1, true, bytes, n);
	give(r, 1, true, bytes, n);
	stats = run_end(r,
			"tls 1000>853 1 a.example; tls 1000>853 1 a.example gap; "
			"tls 1000>853 1 a.example",
			"1:1 ");
	assert_int_equal(stats.gaps, n);

	/* Met in the middle of a message: it goes on with the next one. */
	r = run_new(853);
	give(r, 1, true, bytes + 5, n - 5);
	give(r, 1, true, bytes, 2);
	give(r, 1, true, bytes + 2, n - 2);
	stats = run_end(r, "tls 1000>853 1 a.example gap", "1:1 ");
	assert_true(stats.gaps > 0);
}

static void https(void **state)
{
	struct talker *client = talker_new(true), *server = talker_new(false);
	struct run *r = run_new(443);
	struct plaintext_stats stats;

	(void)state;
	/* The server speaks first, as it may. */
	r->server = true;
	talk_frame(server, H2_SETTINGS, 0, 0, NULL, 0);
	give(r, 1, false, server->bytes, server->used);
	server->used = 0;
	talk_post(client, 1, "a.example");
	give(r, 1, true, client->bytes, 10);
	give(r, 1, true, client->bytes + 10, client->used - 10);
	talk_answer(server, 1, "a.example");
	give(r, 1, false, server->bytes, server->used);
	/* What follows a hole can't be inflated. */
	r->at[1][1] += 1;
	client->used = 0;
	talk_post(client, 3, "b.example");
	give(r, 1, true, client->bytes, client->used);
	stats = run_end(r, "https 1000>443 0 a.example; https 443>1000 0 a.example", "1:1 ");
	assert_int_equal(stats.gaps, 1 + client->used);
	assert_int_equal(stats.sessions, 1);
	talker_free(client);
	talker_free(server);
}

static void what_is_no_dns(void **state)
{
	struct talker *client = talker_new(true);
	struct run *r = run_new(443);
	uint8_t bytes[512];
	struct plaintext_stats stats;

	(void)state;
	for (uint32_t i = 0; i < PLAINTEXT_REQUESTS; i++)
		give(r, 0, true, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27);
	give(r, 0, true, bytes, framed(bytes, false, 1, "a.example"));
	/* HTTP/2 with other things in it. */
	for (uint32_t i = 0; i < PLAINTEXT_REQUESTS; i++)
		talk_headers(client, 2 * i + 1, H2_END_STREAM, ":method:GET\n:path:/");
	give(r, 1, true, client->bytes, client->used);
	client->used = 0;
	talk_post(client, 101, "a.example");
	give(r, 1, true, client->bytes, client->used);
	/* HTTP/2 that has been going on: it is said, not guessed. */
	give(r, 2, true, client->bytes, client->used);
	/* Nothing that anybody knows. */
	give(r, 3, false, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 15);
	stats = run_end(r, "", "0:0 1:0 2:0 3:0 ");
	assert_int_equal(stats.others, 3);
	assert_int_equal(stats.joined, 1);
	assert_int_equal(stats.sessions, 0);
	talker_free(client);
}

/* However much comes of however many sessions, memory has a bound. */
static void bounds(void **state)
{
	struct run *r = run_new(853);
	static uint8_t piece[4096] = { 0xff, 0xf0, 0, 0, 1, 0, 0, 1 };
	uint8_t bytes[512];
	size_t n = framed(bytes, false, 1, "a.example");
	struct plaintext_stats stats;

	(void)state;
	r->placed = false;
	for (unsigned i = 0; i < 4 * PLAINTEXT_SESSIONS; i++) {
		for (unsigned k = 0; k < 20; k++) {
			struct plain_piece waits = {
				.session = 100 + i,
				.at = k * sizeof(piece),
				.bytes = piece,
				.len = sizeof(piece),
			};

			plaintext_feed(r->p, &waits);
		}
	}
	r->placed = true;
	give(r, 1, true, bytes, n);
	plaintext_stats(r->p, &stats);
	assert_true(stats.unplaced > 4 * PLAINTEXT_SESSIONS);
	assert_string_equal(r->text, "tls 1000>853 1 a.example");
	plaintext_free(r->p);
	free(r);
}

static void lengths_that_can_not_be(void **state)
{
	(void)state;
	assert_true(dot_plausible((const uint8_t *)"\0\14", 2));
	assert_false(dot_plausible((const uint8_t *)"\0\13", 2));
	assert_true(dot_plausible((const uint8_t *)"\0\21\1\2\1\0\0\1\0\0\0\0\0\0", 14));
	/* Two questions; records for which there is no room; bits that are zero. */
	assert_false(dot_plausible((const uint8_t *)"\0\40\1\2\1\0\0\2\0\0\0\0\0\0", 14));
	assert_false(dot_plausible((const uint8_t *)"\0\35\1\2\1\0\0\1\0\1\0\0\0\1", 14));
	assert_false(dot_plausible((const uint8_t *)"\0\40\1\2\1\100\0\1\0\0\0\0\0\0", 14));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_at_a_time_and_many_at_once),
		cmocka_unit_test(any_port),
		cmocka_unit_test(addresses_that_come_late),
		cmocka_unit_test(holes),
		cmocka_unit_test(https),
		cmocka_unit_test(what_is_no_dns),
		cmocka_unit_test(bounds),
		cmocka_unit_test(lengths_that_can_not_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
