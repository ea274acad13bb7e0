/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What TCP streams may cost, and what makes room first.
 */
#include "tests/unit/segments.h"

/* A hole is given up when too much waits behind it, whatever the time. */
static void test_hole_bounds(void **state)
{
	struct content *c = content_new("40,65000,65000,65000,65000,20");
	struct got got;
	struct run r = run_new(c, &got, 5);

	(void)state;
	/* Segments that are no messages, behind a first one that never comes. */
	send(&r, SYN, 0, 0, 0);
	for (uint32_t from = 42; from < c->at[5]; from += 1001) {
		uint32_t to = from + 1001 < c->at[5] ? from + 1001 : c->at[5];

		send(&r, 0, from, to, to - from);
	}
	assert_true(tcp_streams_gaps(r.t) >= 42);
	assert_string_equal(got.text, "1* 2 3 4");
	tcp_streams_free(r.t);

	/* And more tiny ones than are kept. */
	r = run_new(c, &got, 5);
	send(&r, SYN, 0, 0, 0);
	for (uint32_t i = 0; i < 400; i++)
		send(&r, 0, 100 + 2 * i, 101 + 2 * i, 1);
	assert_true(tcp_streams_gaps(r.t) >= 300);
	assert_int_equal(got.total, 0);
	tcp_streams_free(r.t);
	free(c);
}

static void send_from(struct run *r, uint16_t port, uint8_t flags, uint32_t from, uint32_t to)
{
	struct tcp_segment seg = {
		.meta = { .ts_ns = r->now, .src_port = port, .dst_port = 53, .ifname = "veth0" },
		.seq = flags & SYN ? 0 : 1 + from,
		.flags = flags,
		.payload = r->content->bytes + from,
		.len = to - from,
		.orig_len = to - from,
	};

	tcp_streams_segment(r->t, &seg);
}

/* Streams with nothing to lose go first and silently; then the one that was
 * silent the longest, and that is counted. */
static void test_eviction(void **state)
{
	struct content *c = content_new(SMALL);
	struct got got = { .content = c };
	struct run r = { .t = tcp_streams_new(4, 1 << 20, take, &got), .content = c, .now = T0 };

	(void)state;
	for (uint16_t port = 1; port <= 3; port++) {
		send_from(&r, port, SYN, 0, 0);
		send_from(&r, port, 0, 0, 30);
	}
	assert_string_equal(got.text, "0 0 0");
	for (uint16_t port = 100; port < 200; port++)
		send_from(&r, port, SYN, 0, 0);
	for (uint16_t port = 200; port < 300; port++)
		send_from(&r, port, FIN, 0, 22);
	assert_int_equal(tcp_streams_evicted(r.t), 0);
	assert_int_equal(tcp_streams_gaps(r.t), 0);

	/* Number 1 speaks, so number 2 is the oldest. */
	send_from(&r, 1, 0, 30, 54);
	send_from(&r, 300, 0, 0, 22);
	send_from(&r, 301, 0, 0, 22);
	assert_int_equal(tcp_streams_evicted(r.t), 1);
	assert_int_equal(tcp_streams_gaps(r.t), 8);
	got.len = 0;
	send_from(&r, 1, 0, 54, 96);
	send_from(&r, 3, 0, 30, 54);
	assert_string_equal(got.text, "2 1");
	got.len = 0;
	send_from(&r, 2, 0, 30, 54);
	send_from(&r, 2, 0, 54, 96);
	assert_string_equal(got.text, "2*");
	assert_int_equal(tcp_streams_evicted(r.t), 2);
	tcp_streams_free(r.t);
	free(c);
}

/* However many streams hold bytes, together they hold no more than max_bytes. */
static void test_memory_bound(void **state)
{
	struct content *c = content_new("5000,20");
	struct got got = { .content = c };
	struct run r = { .t = tcp_streams_new(1000, 40000, take, &got), .content = c, .now = T0 };

	(void)state;
	for (uint16_t port = 1; port <= 500; port++) {
		send_from(&r, port, SYN, 0, 0);
		send_from(&r, port, 0, 0, 4000);
	}
	assert_in_range(tcp_streams_evicted(r.t), 490, 499);
	assert_int_equal(tcp_streams_gaps(r.t), 4000 * tcp_streams_evicted(r.t));
	send_from(&r, 500, 0, 4000, 5002);
	assert_string_equal(got.text, "0");
	tcp_streams_free(r.t);

	/* One stream alone that wants more than there is. */
	r.t = tcp_streams_new(10, 3000, take, &got);
	got.len = 0;
	send_from(&r, 1, SYN, 0, 0);
	send_from(&r, 1, 0, 0, 4000);
	assert_int_equal(tcp_streams_gaps(r.t), 4000);
	send_from(&r, 1, 0, 4000, 5002);
	send_from(&r, 1, 0, 5002, 5024);
	assert_string_equal(got.text, "1*");
	assert_int_equal(tcp_streams_evicted(r.t), 0);
	tcp_streams_free(r.t);
	free(c);
}

/* What is no DNS is counted and costs nothing else. */
static void test_not_dns(void **state)
{
	struct content c = { .n = 0 };
	struct got got = { .content = &c };
	struct run r = { .t = tcp_streams_new(4, 1 << 20, take, &got), .content = &c, .now = T0 };

	(void)state;
	memset(c.bytes, 0, 4000);
	send_from(&r, 1, SYN, 0, 0);
	send_from(&r, 1, 0, 0, 2000);
	send_from(&r, 1, FIN, 2000, 4000);
	assert_int_equal(tcp_streams_gaps(r.t), 4000);
	memset(c.bytes, 'G', 4000);
	send_from(&r, 2, SYN, 0, 0);
	send_from(&r, 2, 0, 0, 2000);
	send_from(&r, 2, RST, 2000, 2000);
	assert_int_equal(tcp_streams_gaps(r.t), 6000);
	send_from(&r, 3, 0, 0, 2000);
	assert_int_equal(tcp_streams_gaps(r.t), 8000);
	assert_int_equal(got.total, 0);
	tcp_streams_free(r.t);
	tcp_streams_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hole_bounds),
		cmocka_unit_test(test_eviction),
		cmocka_unit_test(test_memory_bound),
		cmocka_unit_test(test_not_dns),
	};

	return cmocka_run_group_tests_name("tcp_bounds", tests, NULL, NULL);
}
