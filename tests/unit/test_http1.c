/* SPDX-License-Identifier: BSD-2-Clause */
/* DNS over HTTPS out of somebody else's HTTP/1.1. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/source/http1.h"
#include "script.h"

#define TYPE "Content-Type: application/dns-message\r\n"

struct got {
	char text[1024]; /* "Q1 a.example R1 a.example" */
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

/* What one end says. */
struct talker {
	uint8_t bytes[1 << 17];
	uint32_t used;
};

static void text(struct talker *t, const char *words)
{
	memcpy(t->bytes + t->used, words, strlen(words));
	t->used += (uint32_t)strlen(words);
}

static void message(struct talker *t, const char *head, bool response, const char *name,
		    bool chunked)
{
	uint8_t wire[512];
	uint32_t len = (uint32_t)script_wire(wire, response, 0, name, "A", 0, 0, response);
	char line[100];

	text(t, head);
	text(t, TYPE);
	snprintf(line, sizeof(line),
		 chunked ? "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\n"
			 : "Content-Length: %u\r\n\r\n",
		 len);
	text(t, line);
	memcpy(t->bytes + t->used, wire, 5);
	t->used += 5;
	if (chunked) {
		snprintf(line, sizeof(line), "\r\n%X\r\n", len - 5);
		text(t, line);
	}
	memcpy(t->bytes + t->used, wire + 5, len - 5);
	t->used += len - 5;
	if (chunked)
		text(t, "\r\n0\r\nTrailer: 1\r\n\r\n");
}

static int give(struct http1 *h, bool from_client, const struct talker *t, uint32_t step)
{
	int rc = 0;

	for (uint32_t at = 0; at < t->used; at += step) {
		uint32_t n = t->used - at < step ? t->used - at : step;
		int now = http1_feed(h, from_client, t->bytes + at, n);

		rc = rc ? rc : now;
	}
	return rc;
}

static void questions_and_answers(void **state)
{
	static struct talker client, server;

	(void)state;
	message(&client, "POST /dns-query HTTP/1.1\r\nHost: a\r\n", false, "a.example", false);
	message(&client, "POST /dns-query HTTP/1.1\r\n", false, "b.example", true);
	text(&client,
	     "GET /?x=1&dns=AAABAAABAAAAAAAAAWEHZXhhbXBsZQAAAQAB HTTP/1.1\r\nHost: a\r\n\r\n");
	text(&client, "GET /index.html HTTP/1.1\r\nHost: a\r\n\r\n");
	message(&client, "POST /dns-query HTTP/1.1\r\n", false, "c.example", false);
	message(&client, "POST /dns-query HTTP/1.1\r\n", false, "d.example", false);
	text(&server, "HTTP/1.1 100 Continue\r\n\r\n");
	message(&server, "HTTP/1.1 200 OK\r\n", true, "a.example", true);
	message(&server, "HTTP/1.1 200 OK\r\nX: y\r\n", true, "b.example", false);
	message(&server, "HTTP/1.1 200 OK\r\n", true, "a.example", false);
	text(&server, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>");
	text(&server, "HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\nno");
	message(&server, "HTTP/1.1 200 OK\r\n", true, "d.example", false);
	for (uint32_t step = 1; step < 4000; step = step * 3 + 1) {
		struct got got = { "" };
		struct http1 *h = http1_new(take, &got);

		assert_int_equal(give(h, true, &client, step), 0);
		assert_int_equal(give(h, false, &server, step), 0);
		assert_string_equal(
			got.text,
			"Q1 a.example Q3 b.example Q5 a.example Q9 c.example Q11 d.example "
			"R1 a.example R3 b.example R5 a.example R11 d.example");
		assert_int_equal(http1_stats(h)->requests, 6);
		assert_int_equal(http1_stats(h)->dns, 5);
		assert_int_equal(http1_stats(h)->refused, 1);
		http1_free(h);
	}
}

static void wrong_bytes(void **state)
{
	static const char *const wrong[] = {
		"HTTP/1.1 200 OK\r\n" TYPE "\r\n", /* up to the connection's end */
		"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
		"FTP 200 OK\r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct got got = { "" };
		struct http1 *h = http1_new(take, &got);
		static struct talker server;

		server.used = 0;
		text(&server, wrong[i]);
		message(&server, "HTTP/1.1 200 OK\r\n", true, "a.example", false);
		assert_int_equal(give(h, false, &server, 1000), -EPROTO);
		assert_string_equal(got.text, "");
		http1_free(h);
	}
}

static void too_long(void **state)
{
	static struct talker client;
	struct got got = { "" };
	struct http1 *h = http1_new(take, &got);

	(void)state;
	text(&client, "POST / HTTP/1.1\r\n" TYPE "Content-Length: 70000\r\n\r\n");
	client.used += 70000;
	message(&client, "POST / HTTP/1.1\r\n", false, "b.example", false);
	assert_int_equal(give(h, true, &client, 4000), 0);
	assert_string_equal(got.text, "Q3 b.example");
	assert_int_equal(http1_stats(h)->too_long, 1);
	client.used = 0;
	text(&client, "GET /");
	memset(client.bytes + 5, 'x', 70000);
	client.used = 70000;
	assert_int_equal(give(h, true, &client, 4000), -EPROTO);
	http1_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_and_answers),
		cmocka_unit_test(wrong_bytes),
		cmocka_unit_test(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
