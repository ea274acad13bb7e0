/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/source/packet.h"
#include "tests/unit/packets.h"

#define V4 "ip4=17 udp=5555-53 dns"
#define V6 "ip6=17 udp=5555-53 dns"

/* A packet and the version of IP of the message that it holds; 0: none. */
struct row {
	int link;
	int version;
	const char *words;
};

static const struct row links[] = {
	/* Ethernet */
	{ 1, 4, "eth=0800 " V4 },
	{ 1, 6, "eth=86dd " V6 },
	{ 1, 0, "eth=0806 " V4 },
	{ 1, 0, "eth=0800 " V6 },
	{ 1, 0, "eth=86dd " V4 },
	{ 1, 4, "eth=8100 00640800 " V4 },
	{ 1, 6, "eth=8100 006486dd " V6 },
	{ 1, 4, "eth=88a8 00018100 00020800 " V4 },
	{ 1, 4, "eth=9100 00018100 00020800 " V4 },
	{ 1, 4, "eth=8100 00018100 00028100 00030800 " V4 },
	{ 1, 4, "eth=8864 110000070023 0021 " V4 },
	{ 1, 6, "eth=8864 110000070023 0057 " V6 },
	{ 1, 4, "eth=8864 110000070023 21 " V4 },
	{ 1, 0, "eth=8864 110900070023 0021 " V4 },
	{ 1, 0, "eth=8863 110000070023 0021 " V4 },
	{ 1, 4, "eth=8100 00018864 110000070023 0021 " V4 },
	{ 1, 4, "eth=8847 00010140 " V4 },
	{ 1, 6, "eth=8848 0001003f 00020140 " V6 },
	{ 1, 4, "eth=8847 00010140 00000000 eth=0800 " V4 },
	{ 1, 0, "eth=8847 00010040 " V4 },
	{ 1, 4, "eth=003f aaaa030000000800 " V4 },
	{ 1, 4, "eth=003f 060603 " V4 },
	{ 1, 0, "eth=003f 424203 " V4 },
	{ 1, 0, "eth=003f aaaa03000000000b " V4 },
	/* cooked */
	{ 113, 4, "0000000100060011223344550000 0800 " V4 },
	{ 113, 6, "0004000100060011223344550000 86dd " V6 },
	{ 113, 4, "0000000100060011223344550000 8100 00010800 " V4 },
	{ 113, 0, "0000033800060011223344550000 0800 " V4 },
	{ 276, 4, "0800000000000007000100060011223344550000 " V4 },
	{ 276, 6, "86dd000000000007000104060011223344550000 " V6 },
	{ 276, 0, "0800000000000007033800060011223344550000 " V4 },
	/* raw IP */
	{ PACKET_LINK_IP, 4, V4 },
	{ PACKET_LINK_IP, 6, V6 },
	{ 12, 4, V4 },
	{ 14, 6, V6 },
	{ 101, 4, V4 },
	{ 101, 6, V6 },
	{ 228, 4, V4 },
	{ 228, 0, V6 },
	{ 229, 6, V6 },
	{ 229, 0, V4 },
	/* BSD loopback in both byte orders */
	{ 0, 4, "02000000 " V4 },
	{ 0, 4, "00000002 " V4 },
	{ 0, 6, "0a000000 " V6 },
	{ 0, 6, "18000000 " V6 },
	{ 0, 6, "0000001c " V6 },
	{ 0, 6, "1e000000 " V6 },
	{ 0, 0, "07000000 " V4 },
	{ 0, 0, "02000000 " V6 },
	{ 108, 4, "00000002 " V4 },
	{ 108, 6, "0000001e " V6 },
	/* PPP and HDLC */
	{ 9, 4, "ff030021 " V4 },
	{ 9, 4, "0021 " V4 },
	{ 9, 4, "21 " V4 },
	{ 9, 6, "0057 " V6 },
	{ 9, 4, "ff030281 00010140 " V4 },
	{ 9, 0, "c021 " V4 },
	{ 50, 4, "ff030021 " V4 },
	{ 50, 4, "0f000800 " V4 },
	{ 51, 4, "110000070023 0021 " V4 },
	{ 104, 6, "8f0086dd " V6 },
	{ 104, 0, "ff0086dd " V6 },
	/* others */
	{ 10, 4, "50 000000000001000000000002 aaaa030000000800 " V4 },
	{ 129, 4, "01020000d4000000 " V4 },
	{ 129, 4, "01020000f0 " V4 },
	{ 129, 6, "01020000c4000000 " V6 },
	{ 129, 0, "01020000d5000000 " V4 },
	{ 219, 4, "00010140 " V4 },
	/* 802.11 */
	{ 105, 4, "0801 zero=22 aaaa030000000800 " V4 },
	{ 105, 6, "0802 zero=22 aaaa0300000086dd " V6 },
	{ 105, 4, "0803 zero=28 aaaa030000000800 " V4 },
	{ 105, 4, "8801 zero=22 0000 aaaa030000000800 " V4 },
	{ 105, 4, "8881 zero=22 000000000000 aaaa030000000800 " V4 },
	{ 105, 4, "8801 zero=22 8000 zero=14 aaaa030000000800 " V4 },
	{ 105, 0, "0841 zero=22 aaaa030000000800 " V4 },
	{ 105, 0, "4801 zero=22 aaaa030000000800 " V4 },
	{ 105, 0, "8000 zero=22 aaaa030000000800 " V4 },
	{ 127, 4, "0000080000000000 0801 zero=22 aaaa030000000800 " V4 },
	{ 127, 4, "000009000200000000 0801 zero=22 aaaa030000000800 " V4 },
	{ 127, 4, "000009000200000020 8801 zero=22 0000 0000 aaaa030000000800 " V4 },
	{ 127, 4, "0000110003000000 zero=8 20 8801 zero=22 0000 0000 aaaa030000000800 " V4 },
	{ 127, 4, "00000d000200008000000000 20 8801 zero=22 0000 0000 aaaa030000000800 " V4 },
	{ 127, 0, "0000070000000000 0801 zero=22 aaaa030000000800 " V4 },
	/* records around a frame */
	{ 192, 4, "0000080001000000 eth=0800 " V4 },
	{ 192, 4, "00000c0001000000deadbeef eth=0800 " V4 },
	{ 192, 4, "000008007f000000 0000080000000000 0801 zero=22 aaaa030000000800 " V4 },
	{ 192, 0, "00000800c0000000 0000080001000000 eth=0800 " V4 },
	{ 192, 0, "0000070001000000 eth=0800 " V4 },
	{ 258, 4, "28000000 01000000 01000000 zero=24 02000000 eth=0800 " V4 },
	{ 258, 0, "28000000 01000000 02010000 zero=24 02000000 eth=0800 " V4 },
	{ 258, 0, "27000000 01000000 01000000 zero=24 02000000 eth=0800 " V4 },
	{ 239, 4, "02000000 08000100 08000300 3b000900 " V4 },
	{ 239, 4, "02000000 05000a0000000000 3b000900 " V4 },
	{ 239, 4, "02000000 00080001 08000300 003b0009 " V4 },
	{ 239, 0, "02000000 03000100 3b000900 " V4 },
	{ 239, 0, "02010000 3b000900 " V4 },
	/* not understood */
	{ 195, 0, "eth=0800 " V4 },
};

#define EXT "udp=5555-53 dns"

static const struct row internet[] = {
	/* IPv6 extension headers */
	{ -1, 6, "ip6=0 1100000000000000 " EXT },
	{ -1, 6, "ip6=43 1100040000000000 " EXT },
	{ -1, 6, "ip6=60 1101000000000000 zero=8 " EXT },
	{ -1, 6, "ip6=51 1104000000000001 zero=16 " EXT },
	{ -1, 6, "ip6=0 2b00000000000000 3c00040000000000 1100000000000000 " EXT },
	{ -1, 6, "ip6=44 1100000000000007 " EXT },
	{ -1, 6, "ip6=44 3c00000000000007 1100000000000000 " EXT },
	{ -1, 0, "ip6=44 1100000800000007 " EXT },
	{ -1, 0, "ip6=44 1100000100000007 " EXT },
	{ -1, 0, "ip6=59 " EXT },
	{ -1, 0, "ip6=50 " EXT },
	{ -1, 0, "ip6=0 11ff000000000000 " EXT },
	{ -1, 6, "ip6=60 3c00000000000000 3c00000000000000 1100000000000000 " EXT },
	{ -1, 0,
	  "ip6=60 3c00000000000000 3c00000000000000 3c00000000000000 3c00000000000000 "
	  "3c00000000000000 3c00000000000000 3c00000000000000 3c00000000000000 "
	  "3c00000000000000 3c00000000000000 3c00000000000000 1100000000000000 " EXT },
	/* IPv4 */
	{ -1, 4, "ip4=51 1104000000000001 zero=16 " EXT },
	{ -1, 4, "47000043 00000000 4011 0000 c0000201 c0000235 9404000001010101 " EXT },
	{ -1, 4, "45000000 00000000 4011 0000 c0000201 c0000235 " EXT }, /* offload: no length */
	{ -1, 0, "44000037 00000000 4011 0000 c0000201 c0000235 " EXT },
	{ -1, 0, "45000013 00000000 4011 0000 c0000201 c0000235 " EXT },
	{ -1, 0, "4f000037 00000000 4011 0000 c0000201 c0000235 " EXT },
	{ -1, 0, "55000037 00000000 4011 0000 c0000201 c0000235 " EXT },
	/* either end on the port */
	{ -1, 4, "ip4=17 udp=53-5555 dns" },
	{ -1, 4, "ip4=17 udp=53-53 dns" },
	{ -1, 0, "ip4=17 udp=54-5354 dns" },
};

static const struct row tunnels[] = {
	{ -1, 4, "ip4=4 " V4 },
	{ -1, 6, "ip4=41 " V6 },
	{ -1, 4, "ip6=4 " V4 },
	{ -1, 6, "ip6=41 " V6 },
	{ -1, 6, "ip6=60 2900000000000000 " V6 },
	/* GRE */
	{ -1, 4, "ip4=47 00000800 " V4 },
	{ -1, 6, "ip6=47 000086dd " V6 },
	{ -1, 4, "ip4=47 b0000800 cccc0000 0000002a 00000001 " V4 },
	{ -1, 4, "ip4=47 20006558 0000002a eth=0800 " V4 },
	{ -1, 4, "ip4=47 00008847 00010140 " V4 },
	{ -1, 4, "ip4=47 3081880b 00230001 00000001 00000002 ff030021 " V4 },
	{ -1, 4, "ip4=47 2001880b 00230001 0021 " V4 },
	{ -1, 4, "ip4=47 000088be eth=0800 " V4 },
	{ -1, 4, "ip4=47 100088be 00000001 1001000a00000000 eth=0800 " V4 },
	{ -1, 4, "ip4=47 100022eb 00000001 2001000a0000000000000000 eth=0800 " V4 },
	{ -1, 4, "ip4=47 100022eb 00000001 2001000a0000000000000001 zero=8 eth=0800 " V4 },
	{ -1, 0, "ip4=47 40000800 00000000 " V4 },
	{ -1, 0, "ip4=47 00020800 " V4 },
	/* UDP */
	{ -1, 4, "ip4=17 udp=40000-4789 0800000000000100 eth=0800 " V4 },
	{ -1, 6, "ip4=17 udp=40000-8472 0800000000000100 eth=86dd " V6 },
	{ -1, 4, "ip4=17 udp=40000-4789 8800001000000100 eth=8100 00010800 " V4 },
	{ -1, 0, "ip4=17 udp=40000-4789 0000000000000100 eth=0800 " V4 },
	{ -1, 0, "ip4=17 udp=4789-40000 0800000000000100 eth=0800 " V4 },
	{ -1, 4, "ip6=17 udp=40000-6081 0000655800000100 eth=0800 " V4 },
	{ -1, 4, "ip6=17 udp=40000-6081 0200655800000100 0000000100000000 eth=0800 " V4 },
	{ -1, 6, "ip6=17 udp=40000-6081 000086dd00000100 " V6 },
	{ -1, 0, "ip6=17 udp=40000-6081 4000655800000100 eth=0800 " V4 },
	{ -1, 4, "ip4=17 udp=2152-2152 30ff003700000001 " V4 },
	{ -1, 4, "ip4=17 udp=2152-2152 32ff003b00000001 00010000 " V4 },
	{ -1, 4, "ip4=17 udp=2152-2152 34ff003f00000001 00000085 01100000 " V4 },
	{ -1, 0, "ip4=17 udp=2152-2152 34ff003f00000001 00000085 00100000 " V4 },
	{ -1, 0, "ip4=17 udp=2152-2152 3001003700000001 " V4 },
	{ -1, 6, "ip4=17 udp=40000-3544 " V6 },
	{ -1, 6, "ip4=17 udp=3544-40000 00010000 zero=9 " V6 },
	{ -1, 6, "ip4=17 udp=3544-40000 0000010203040506 " V6 },
	{ -1, 6, "ip4=17 udp=3544-40000 00010201 zero=12 0000010203040506 " V6 },
	{ -1, 0, "ip4=17 udp=40000-3544 " V4 },
	/* two at the most */
	{ -1, 4, "ip4=4 ip4=4 " V4 },
	{ -1, 0, "ip4=4 ip4=4 ip4=4 " V4 },
	{ -1, 4,
	  "ip4=17 udp=40000-6081 0000655800000100 eth=0800 ip4=17 udp=40000-4789 "
	  "0800000000000100 eth=0800 " V4 },
	{ -1, 0, "ip4=47 00000800 ip4=17 udp=1-2152 30ff003700000001 ip4=47 00000800 " V4 },
	/* a DNS port is DNS, whatever the other one is */
	{ -1, 4, "ip4=17 udp=2152-53 dns" },
};

static struct delivered got;

static void check_message(const struct row *r)
{
	const struct dns_msg *m = &got.last;
	bool whole;

	if (r->version == 4) {
		assert_true(ip_addr_is_v4(&m->src) && ip_addr_is_v4(&m->dst));
		assert_int_equal(m->src.b[15], 1);
		assert_int_equal(m->dst.b[15], 53);
	} else {
		assert_memory_equal(m->src.b, test_v6_src, 16);
		assert_memory_equal(m->dst.b, test_v6_dst, 16);
		assert_false(m->has_ip_id);
	}
	assert_true(m->src_port == 53 || m->dst_port == 53);
	assert_int_equal(m->transport, TRANSPORT_UDP);
	whole = m->wire_len == sizeof(test_query) && m->wire_orig == sizeof(test_query) &&
		memcmp(m->wire, test_query, sizeof(test_query)) == 0;
	assert_true(whole);
}

/* Each packet whole, and cut at every byte by the capture: then it gives the same
 * message cut, or none, and never reads behind its end. */
static void run_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct packet_decoder *d = new_decoder(&got);
		struct bytes b;

		bytes_build(&b, rows[i].words);
		decode_bytes(d, rows[i].link, bytes_at(&b), b.len, b.len, 7);
		if (got.n != (rows[i].version != 0))
			print_error("row: %d %s\n", rows[i].link, rows[i].words);
		assert_int_equal(got.n, rows[i].version != 0);
		if (got.n)
			check_message(&rows[i]);
		for (uint32_t cap = 0; cap < b.len; cap++) {
			got.n = 0;
			decode_bytes(d, rows[i].link, bytes_at(&b), cap, b.len, 7);
			assert_true(got.n <= (rows[i].version != 0));
			if (got.n) {
				assert_true(got.last.wire_len >= 12);
				assert_int_equal(got.last.wire_len + b.len - cap,
						 sizeof(test_query));
				assert_int_equal(got.last.wire_orig, sizeof(test_query));
			}
		}
		packet_decoder_free(d);
	}
}

static void test_links(void **state)
{
	(void)state;
	run_rows(links, sizeof(links) / sizeof(links[0]));
}

static void test_internet(void **state)
{
	(void)state;
	run_rows(internet, sizeof(internet) / sizeof(internet[0]));
}

static void test_tunnels(void **state)
{
	(void)state;
	run_rows(tunnels, sizeof(tunnels) / sizeof(tunnels[0]));
}

static void test_known_links(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < sizeof(links) / sizeof(links[0]); i++)
		assert_true(packet_link_known(links[i].link));
	assert_false(packet_link_known(195));
	assert_false(packet_link_known(-2));
}

/* How long the message is said to be: by IP, by UDP, by the capture. */
static void test_lengths(void **state)
{
	static const struct {
		const char *words;
		uint32_t cut; /* bytes that the capture left off the end */
		unsigned messages;
		uint32_t len, orig;
		unsigned not_dns, n_cut;
	} rows[] = {
		/* padding behind the packet, checksum behind the frame */
		{ "eth=0800 ip4=17 udp=5555-53 dns", 0, 1, 27, 27, 0, 0 },
		{ "eth=0800 4500002c 00000000 4011 0000 c0000201 c0000235 15b3003500180000 dns=16 zero=6",
		  0, 1, 16, 16, 0, 0 },
		/* UDP's length: shorter, 0, too small, larger than IP has room for */
		{ "eth=0800 ip4=17 15b3003500180000 dns", 0, 1, 16, 16, 0, 0 },
		{ "eth=0800 ip4=17 15b3003500000000 dns", 0, 1, 27, 27, 0, 0 },
		{ "eth=0800 ip4=17 15b3003500070000 dns", 0, 1, 27, 27, 0, 0 },
		{ "eth=0800 ip4=17 15b3003500ff0000 dns", 0, 1, 27, 27, 0, 0 },
		/* IP's length larger than the frame: cut, though the capture is whole */
		{ "eth=0800 4500004b 00000000 4011 0000 c0000201 c0000235 15b3003500370000 dns", 0,
		  1, 27, 47, 0, 1 },
		/* the capture cut it, in the message, in its header, in UDP's */
		{ "eth=0800 ip4=17 udp=5555-53 dns", 7, 1, 20, 27, 0, 1 },
		{ "eth=0800 ip4=17 udp=5555-53 dns", 15, 1, 12, 27, 0, 1 },
		{ "eth=0800 ip4=17 udp=5555-53 dns", 16, 0, 0, 0, 0, 1 },
		{ "eth=0800 ip4=17 udp=5555-53 dns", 27, 0, 0, 0, 0, 1 },
		{ "eth=0800 ip4=17 udp=5555-53 dns", 30, 0, 0, 0, 0, 1 },
		{ "eth=0800 ip4=17 udp=5555-53 dns", 32, 0, 0, 0, 0, 0 },
		/* too short to be DNS */
		{ "eth=0800 ip4=17 udp=5555-53 dns=11", 0, 0, 0, 0, 1, 0 },
		{ "eth=0800 ip4=17 udp=5555-53 dns=0", 0, 0, 0, 0, 1, 0 },
		{ "eth=0800 ip4=17 udp=5555-53 dns=11", 3, 0, 0, 0, 1, 0 },
		{ "eth=0800 ip4=17 udp=5555-53 dns=12", 0, 1, 12, 12, 0, 0 },
		{ "eth=0800 ip4=17 15b30035", 0, 0, 0, 0, 1, 0 },
		/* TCP without room for its header */
		{ "eth=0800 ip4=6 15b30035 00000001 00000002 40020000", 0, 0, 0, 0, 1, 0 },
		{ "eth=0800 ip4=6 15b30035 00000001 00000002 60020000 00000000", 0, 0, 0, 0, 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct packet_decoder *d = new_decoder(&got);
		struct source_stats st = { 0 };
		struct bytes b;

		bytes_build(&b, rows[i].words);
		decode_bytes(d, 1, bytes_at(&b), b.len - rows[i].cut, b.len, 7);
		packet_decoder_stats(d, &st);
		if (got.n != rows[i].messages || st.not_dns != rows[i].not_dns ||
		    st.cut != rows[i].n_cut)
			print_error("row %zu: %s\n", i, rows[i].words);
		assert_int_equal(got.n, rows[i].messages);
		assert_int_equal(st.messages, rows[i].messages);
		assert_int_equal(st.not_dns, rows[i].not_dns);
		assert_int_equal(st.cut, rows[i].n_cut);
		if (got.n) {
			assert_int_equal(got.last.wire_len, rows[i].len);
			assert_int_equal(got.last.wire_orig, rows[i].orig);
		}
		packet_decoder_free(d);
	}
}

/* A jumbogram-sized message, as offloads make them, is told as the longest. */
static void test_longest(void **state)
{
	static uint8_t packet[40 + 8 + 70000];
	struct packet_decoder *d = new_decoder(&got);

	(void)state;
	packet[0] = 0x60;
	packet[6] = 17;
	put16(packet + 40, 53);
	decode_bytes(d, PACKET_LINK_IP, packet, sizeof(packet), sizeof(packet), 7);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.last.wire_len, DNS_MSG_MAX);
	assert_int_equal(got.last.wire_orig, DNS_MSG_MAX);
	packet_decoder_free(d);
}

/* What the source knows goes through; what the packet says is added. */
static void test_meta(void **state)
{
	struct packet_decoder *d = new_decoder(&got);
	struct bytes b;
	struct packet p = {
		.ts_ns = 12345,
		.link = 276,
		.meta = { .ifname = "eth9", .cookie = 5, .pid = 6, .netns = 7, .comm = "dig" },
	};

	(void)state;
	bytes_build(&b, "0800000000000007000104060011223344550000 " V4);
	p.bytes = bytes_at(&b);
	p.len = p.orig_len = b.len;
	packet_decode(d, &p);
	assert_int_equal(got.last.ts_ns, 12345);
	assert_int_equal(got.last.ifindex, 7);
	assert_int_equal(got.last.direction, DIRECTION_OUT);
	assert_true(got.last.has_ip_id);
	assert_int_equal(got.last.ip_id, 0xabcd);
	assert_string_equal(got.last.ifname, "eth9");
	assert_string_equal(got.last.comm, "dig");
	assert_int_equal(got.last.cookie, 5);
	assert_int_equal(got.last.pid, 6);
	assert_int_equal(got.last.netns, 7);

	p.meta.ifindex = 3;
	p.meta.direction = DIRECTION_IN;
	put16(bytes_at(&b) + 20 + 4, 0); /* the id: none */
	packet_decode(d, &p);
	assert_int_equal(got.last.ifindex, 3);
	assert_int_equal(got.last.direction, DIRECTION_IN);
	assert_false(got.last.has_ip_id);
	packet_decoder_free(d);
}

/* Without a choice multicast's ports are DNS too. */
static void test_usual_ports(void **state)
{
	static const struct {
		const char *words;
		unsigned messages;
	} rows[] = {
		{ "ip4=17 udp=1-53 dns", 1 },       { "ip4=17 udp=5353-5353 dns", 1 },
		{ "ip4=17 udp=49152-5355 dns", 1 }, { "ip4=17 udp=5355-49152 dns", 1 },
		{ "ip4=17 udp=5354-5356 dns", 0 },
	};
	struct packet_decoder *d = new_decoder(&got);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b;

		got.n = 0;
		bytes_build(&b, rows[i].words);
		decode_bytes(d, PACKET_LINK_IP, bytes_at(&b), b.len, b.len, 7);
		assert_int_equal(got.n, rows[i].messages);
	}
	packet_decoder_free(d);
}

/* NAT has moved it to another port: its origin is told as it was meant. */
static void test_redirected(void **state)
{
	static const uint8_t asked[4] = { 127, 0, 0, 11 };
	static const struct packet_redirected query = { .address = asked, .port = 53 };
	static const struct packet_redirected answer = { asked, 53, true };
	const struct ip_addr want = ip_addr_from_v4(asked);
	struct packet_decoder *d = new_decoder(&got);
	struct bytes b;
	struct packet p = {
		.link = PACKET_LINK_IP,
		.meta = { .sighting = SIGHTING_ORIGIN },
		.redirected = &query,
	};

	(void)state;
	bytes_build(&b, "ip4=17 udp=40000-34567 dns");
	p.bytes = bytes_at(&b);
	p.len = p.orig_len = b.len;
	packet_decode(d, &p);
	assert_int_equal(got.n, 1);
	assert_memory_equal(&got.last.dst, &want, sizeof(want));
	assert_int_equal(got.last.dst_port, 53);
	assert_int_equal(got.last.src_port, 40000);
	p.redirected = &answer;
	packet_decode(d, &p);
	assert_int_equal(got.n, 2);
	assert_memory_equal(&got.last.src, &want, sizeof(want));
	assert_int_equal(got.last.src_port, 53);
	assert_int_equal(got.last.dst_port, 34567);
	/* Elsewhere it is what it has become. */
	p.redirected = &query;
	p.meta.sighting = SIGHTING_HOP;
	packet_decode(d, &p);
	assert_int_equal(got.n, 3);
	assert_int_equal(got.last.dst_port, 34567);
	/* What is in a tunnel is another packet. */
	bytes_build(&b, "ip4=4 ip4=17 udp=40000-34567 dns");
	p.bytes = bytes_at(&b);
	p.len = p.orig_len = b.len;
	packet_decode(d, &p);
	assert_int_equal(got.n, 3);
	packet_decoder_free(d);
}

static void test_ports(void **state)
{
	static const uint16_t ports[] = { 5353, 65535 };
	static const struct {
		const char *words;
		unsigned messages;
	} rows[] = {
		{ "ip4=17 udp=1-53 dns", 0 },
		{ "ip4=17 udp=1-5353 dns", 1 },
		{ "ip4=17 udp=65535-1 dns", 1 },
		{ "ip4=17 udp=65534-0 dns", 0 },
	};
	struct packet_decoder *d = packet_decoder_new(ports, 2, deliver_test, &got);

	(void)state;
	assert_non_null(d);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b;

		got.n = 0;
		bytes_build(&b, rows[i].words);
		decode_bytes(d, PACKET_LINK_IP, bytes_at(&b), b.len, b.len, 7);
		assert_int_equal(got.n, rows[i].messages);
	}
	packet_decoder_free(d);
}

/* Tags and labels without end stop after a while. */
static void test_nesting(void **state)
{
	struct packet_decoder *d = new_decoder(&got);
	uint8_t frame[4096] = { 0 };

	(void)state;
	for (size_t at = 12; at + 4 <= sizeof(frame); at += 4)
		put16(frame + at, 0x8100);
	decode_bytes(d, 1, frame, sizeof(frame), sizeof(frame), 7);
	memset(frame, 0, sizeof(frame));
	for (size_t at = 0; at + 8 <= sizeof(frame); at += 8)
		memcpy(frame + at, "\0\0\10\0\300\0\0\0", 8); /* PPI in PPI */
	decode_bytes(d, 192, frame, sizeof(frame), sizeof(frame), 7);
	assert_int_equal(got.n, 0);
	packet_decoder_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),       cmocka_unit_test(test_internet),
		cmocka_unit_test(test_tunnels),     cmocka_unit_test(test_known_links),
		cmocka_unit_test(test_lengths),     cmocka_unit_test(test_longest),
		cmocka_unit_test(test_meta),        cmocka_unit_test(test_ports),
		cmocka_unit_test(test_nesting),     cmocka_unit_test(test_redirected),
		cmocka_unit_test(test_usual_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
