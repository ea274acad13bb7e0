/* SPDX-License-Identifier: BSD-2-Clause */
/* What ICMP errors and resets tell: of packets to a message, of messages to a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/query/field.h"
#include "core/source/packet.h"
#include "tests/unit/packets.h"
#include "tests/unit/script.h"

#define V4 "ip4=17 udp=5555-53 dns"
#define V6 "ip6=17 udp=5555-53 dns"
#define C  " 10.0.0.1:1000 10.0.0.2:53 "

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *words;
	const char *reason; /* NULL: tells nothing */
} quotes[] = {
	{ "ip4=1 0300000000000000 " V4, "ICMP_NET_UNREACHABLE" },
	{ "ip4=1 0301000000000000 " V4, "ICMP_HOST_UNREACHABLE" },
	{ "ip4=1 0303000000000000 " V4, "ICMP_PORT_UNREACHABLE" },
	{ "ip4=1 03040000000005dc " V4, "ICMP_FRAGMENTATION_NEEDED" },
	{ "ip4=1 030d000000000000 " V4, "ICMP_ADMIN_PROHIBITED" },
	{ "ip4=1 0363000000000000 " V4, "ICMP_UNREACHABLE" },
	{ "ip4=1 0b00000000000000 " V4, "ICMP_TTL_EXCEEDED" },
	{ "ip4=1 0c00000000000000 " V4, "ICMP_PARAMETER_PROBLEM" },
	{ "ip4=1 0303000000000000 ip4=17 udp=53-5555 dns", "ICMP_PORT_UNREACHABLE" },
	{ "ip6=58 0100000000000000 " V6, "ICMP_NO_ROUTE" },
	{ "ip6=58 0101000000000000 " V6, "ICMP_ADMIN_PROHIBITED" },
	{ "ip6=58 0104000000000000 " V6, "ICMP_PORT_UNREACHABLE" },
	{ "ip6=58 0200000000000500 " V6, "ICMP_PACKET_TOO_BIG" },
	{ "ip6=58 0300000000000000 " V6, "ICMP_TTL_EXCEEDED" },
	{ "ip6=60 3a00000000000000 0104000000000000 " V6, "ICMP_PORT_UNREACHABLE" },
	/* no errors, of other ports, of other protocols, of nothing */
	{ "ip4=1 0800000000000000 " V4, NULL },
	{ "ip4=1 0000000000000000 " V4, NULL },
	{ "ip4=1 0500000000000000 " V4, NULL },
	{ "ip6=58 8700000000000000 " V6, NULL },
	{ "ip4=1 0303000000000000 ip4=17 udp=5555-54 dns", NULL },
	{ "ip4=1 0303000000000000 ip4=1 0800000000350035", NULL },
	{ "ip4=1 0303000000000000 " V6, NULL },
	{ "ip6=58 0104000000000000 " V4, NULL },
	{ "ip4=1 0303000000000000", NULL },
};

static struct delivered got;

/* Whole, and cut at every byte: then it tells the same or nothing. */
static void packets_are_told_of(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(quotes); i++) {
		struct source_stats stats = { 0 };
		struct packet_decoder *d = new_decoder(&got);
		struct bytes b;

		bytes_build(&b, quotes[i].words);
		for (size_t n = b.len; n-- > 0;) {
			memset(&got, 0, sizeof(got));
			decode_bytes(d, -1, bytes_at(&b) + 0, n + 1, b.len, 7);
			if (n + 1 == b.len && got.n != (quotes[i].reason != NULL))
				fail_msg("%s: %u", quotes[i].words, (unsigned)got.n);
			if (!got.n)
				continue;
			assert_true(got.last.quoted);
			assert_string_equal(got.last.drop_reason, quotes[i].reason);
			assert_true(got.last.src_port == 53 || got.last.dst_port == 53);
			assert_true(got.last.wire_len <= sizeof(test_query));
		}
		packet_decoder_stats(d, &stats);
		assert_int_equal(stats.messages, 0);
		packet_decoder_free(d);
	}
}

static const struct {
	const char *what, *lines, *reason, *by;
	unsigned rows;
} told[] = {
	{ "a query", "Q 0" C "7 a A origin\nE 1ms" C "7 a A\n", "ICMP", "192.0.2.1", 1 },
	{ "seen again", "Q 0" C "7 a A origin\nE 1ms" C "7 a A\nE 2ms" C "7 a A\n", "ICMP",
	  "192.0.2.1", 1 },
	{ "long after", "Q 0" C "7 a A origin\nE 4s" C "7 a A\n", "ICMP", "192.0.2.1", 1 },
	{ "after the timeout", "Q 0" C "7 a A origin\nT 6s\nE 7s" C "7 a A\n", "ICMP", "192.0.2.1",
	  1 },
	{ "no row of its own", "E 1ms" C "7 a A\nE 1ms" C "7 a A bare\n", NULL, NULL, 0 },
	{ "another's", "Q 0" C "7 a A\nE 1ms" C "8 a A\nE 1ms" C "7 b A\n", "-", "-", 1 },
	{ "another port", "Q 0" C "7 a A\nE 1ms 10.0.0.1:999 10.0.0.2:53 7 a A bare\n", "-", "-",
	  1 },
	{ "ports alone", "Q 0" C "7 a A origin\nE 1ms" C "7 a A bare\n", "ICMP", "192.0.2.1", 1 },
	{ "ports alone, by TCP", "Q 0" C "7 a A tcp\nE 1ms" C "7 a A bare\n", "-", "-", 1 },
	{ "cut in its name", "Q 0" C "7 abcdef A\nE 1ms" C "7 abcdef A cutname\n", "ICMP",
	  "192.0.2.1", 1 },
	{ "as NAT has made it",
	  "Q 0" C "7 a A origin\nQ 1ms 10.8.0.1:4000 10.0.0.2:53 7 a A hop\n"
	  "E 2ms 10.8.0.1:4000 10.0.0.2:53 7 a A\n",
	  "ICMP", "192.0.2.1", 1 },
	{ "the kernel knows better",
	  "Q 0" C "7 a A origin\nE 1ms" C "7 a A\nQ 2ms" C "7 a A hop drop\n", "NO_SOCKET", "-",
	  1 },
	{ "the kernel knew before",
	  "Q 0" C "7 a A origin\nQ 1ms" C "7 a A hop drop\nE 2ms" C "7 a A\n", "NO_SOCKET", "-",
	  1 },
	{ "answered all the same", "Q 0" C "7 a A\nR 1ms" C "7 a A\nE 2ms" C "7 a A\n", "-", "-",
	  1 },
	{ "its answer", "Q 0" C "7 a A\nR 1ms" C "7 a A\nE 2ms" C "7 a A response\n", "ICMP",
	  "192.0.2.1", 1 },
};

#define X C "\n"

static const struct {
	const char *what, *lines, *reasons; /* of the rows, oldest first */
} resets[] = {
	{ "what waits", "Q 0" C "7 a A tcp\nX 1ms" X, "TCP_RESET " },
	{ "all that waits, nothing else",
	  "Q 0" C "7 a A tcp\nQ 0" C "8 b A tcp\nR 1ms" C "7 a A tcp\nQ 2ms" C "9 c A tcp\n"
	  "Q 2ms 10.0.0.1:1001 10.0.0.2:53 7 d A tcp\nQ 2ms" C "7 e A\nX 3ms" X,
	  "- TCP_RESET TCP_RESET - - " },
	{ "twice", "Q 0" C "7 a A tcp\nX 1ms" X "X 2ms" X, "TCP_RESET " },
	{ "after the answer", "Q 0" C "7 a A tcp\nR 1ms" C "7 a A tcp\nX 2ms" X, "- " },
	{ "of a connection long gone", "Q 0" C "7 a A tcp\nT 6s\nX 7s" X, "- " },
	{ "no row of its own", "X 1ms" X, "" },
};

static void resets_tell_of_what_waits(void **state)
{
	const struct field *reason = field_find("drop_reason", 11, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(resets); i++) {
		struct script *s = script_new(8);
		struct row_source src = { .table = s->table };
		uint32_t seq = flow_table_oldest(s->table);
		char told_of[256] = "", cell[64];

		script_run(s, resets[i].lines);
		for (uint32_t n = 0; n < s->table->count; n++) {
			field_cell(reason, &src, flow_table_row(s->table, seq + n), cell,
				   sizeof(cell));
			strcat(strcat(told_of, cell), " ");
		}
		if (strcmp(told_of, resets[i].reasons) != 0)
			fail_msg("%s: %s", resets[i].what, told_of);
		script_free(s);
	}
}

/* A reset is told of where a server sent it, with nothing in it or something. */
static void packets_that_reset(void **state)
{
	static const struct {
		const char *words;
		unsigned n;
	} packets[] = {
		{ "ip4=6 tcp=53-5555-14", 1 }, { "ip6=6 tcp=53-5555-04", 1 },
		{ "ip4=6 tcp=53-5555-11", 0 }, { "ip4=6 tcp=5555-53-04", 0 },
		{ "ip4=6 tcp=53-53-04", 0 },   { "ip4=6 tcp=54-5555-04", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(packets); i++) {
		struct packet_decoder *d = new_decoder(&got);
		struct bytes b;

		bytes_build(&b, packets[i].words);
		decode_bytes(d, -1, bytes_at(&b), b.len, b.len, 7);
		if (got.n != packets[i].n)
			fail_msg("%s: %u", packets[i].words, (unsigned)got.n);
		if (got.n) {
			assert_true(got.last.quoted && got.last.reset);
			assert_string_equal(got.last.drop_reason, "TCP_RESET");
			assert_int_equal(got.last.src_port, 5555);
			assert_int_equal(got.last.dst_port, 53);
		}
		packet_decoder_free(d);
	}
}

static void check_cell(const struct script *s, const char *what, const char *name, const char *want)
{
	struct row_source src = { .table = s->table };
	const struct flow *f = flow_table_row(s->table, flow_table_oldest(s->table));
	char text[128];

	field_cell(field_find(name, strlen(name), NULL), &src, f, text, sizeof(text));
	if (strcmp(text, want) != 0)
		fail_msg("%s: %s is %s, not %s", what, name, text, want);
}

static void rows_are_told_of(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(told); i++) {
		struct script *s = script_new(4);

		script_run(s, told[i].lines);
		if (s->table->count != told[i].rows)
			fail_msg("%s: %u rows", told[i].what, s->table->count);
		if (told[i].rows) {
			check_cell(s, told[i].what, "drop_reason", told[i].reason);
			check_cell(s, told[i].what, "drop_place", told[i].by);
		}
		script_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_are_told_of),
		cmocka_unit_test(rows_are_told_of),
		cmocka_unit_test(resets_tell_of_what_waits),
		cmocka_unit_test(packets_that_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
