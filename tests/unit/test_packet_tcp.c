/* SPDX-License-Identifier: BSD-2-Clause */
/* TCP segments of packets, whole and in pieces. What streams make of them: test_tcp.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/source/packet.h"
#include "tests/unit/packets.h"

static struct delivered got;

static void test_tcp(void **state)
{
	static const char *const segments[] = {
		"ip4=6 tcp=5555-53-02",
		/* sequence number 1001, a length of 27 and the message */
		"ip4=6 15b30035 000003e9 00000000 50180000 00000000 001b dns",
	};
	struct packet_decoder *d = new_decoder(&got);
	struct source_stats st = { 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bytes b;

		bytes_build(&b, segments[i]);
		decode_bytes(d, PACKET_LINK_IP, bytes_at(&b), b.len, b.len, 7 + i);
	}
	assert_int_equal(got.n, 1);
	assert_int_equal(got.last.transport, TRANSPORT_TCP);
	assert_int_equal(got.last.wire_len, sizeof(test_query));
	assert_memory_equal(got.last.wire, test_query, sizeof(test_query));
	assert_int_equal(got.last.ts_ns, 8);
	packet_decoder_stats(d, &st);
	assert_int_equal(st.packets, 2);
	assert_int_equal(st.messages, 1);
	packet_decoder_free(d);
}

/* A segment that comes in pieces: the first has the headers of all of it, the others
 * a place of their own, and no length. Only then does its FIN count. */
static void test_pieces(void **state)
{
	static const struct {
		bool more;
		const char *words;
	} pieces[] = {
		{ false, "ip4=6 tcp=5555-53-02" },
		{ true,
		  "45000045 00010000 4006 0000 c0000201 c0000235 15b30035 000003e9 00000000 50190000 "
		  "00000000 001b 12340100000100" },
		{ false,
		  "45000000 00010000 4006 0000 c0000201 c0000235 15b30035 000003f2 00000000 50190000 "
		  "00000000 0000000000 01610765 78616d70 6c650000 010001" },
		{ false,
		  "ip4=6 15b30035 00000406 00000000 50180000 00000000 001b dns" }, /* after its end */
	};
	struct packet_decoder *d = new_decoder(&got);
	struct source_stats st = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct bytes b;
		struct packet p = { .ts_ns = 7 + i,
				    .link = PACKET_LINK_IP,
				    .more = pieces[i].more };

		bytes_build(&b, pieces[i].words);
		p.bytes = bytes_at(&b);
		p.len = p.orig_len = b.len;
		packet_decode(d, &p);
		assert_int_equal(got.n, i < 2 ? 0 : i - 1);
	}
	packet_decoder_finish(d);
	packet_decoder_stats(d, &st);
	assert_int_equal(got.last.wire_len, sizeof(test_query));
	assert_memory_equal(got.last.wire, test_query, sizeof(test_query));
	assert_true(got.last.tcp_gap); /* of a stream that is joined anew */
	assert_int_equal(st.tcp_gaps, 0);
	packet_decoder_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
