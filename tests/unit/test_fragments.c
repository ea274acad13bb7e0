/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/source/fragments.h"
#include "core/source/packet.h"
#include "tests/unit/packets.h"

#define SECOND 1000000000ull

/* One fragment, in words: DATAGRAM:OFFSET+LENGTH, then as it needs
 *   >     more follow
 *   -N    the capture left N bytes off
 *   ~     other bytes than belong there
 *   !     known to hold no DNS
 *   @N    at N seconds
 *   =N    it completes a datagram of N bytes
 */
struct step {
	unsigned id, offset, len, cut, at_s, completes;
	bool more, other, unwanted;
};

static const struct scenario {
	const char *name;
	const char *steps;
	unsigned captured; /* of the whole datagram, where it was cut; else 0 */
	unsigned lost;     /* before the flush */
	unsigned left;     /* more by the flush */
} scenarios[] = {
	{ "in order", "1:0+16> 1:16+8> 1:24+5=29", 0, 0, 0 },
	{ "backwards", "1:24+5 1:16+8> 1:0+16>=29", 0, 0, 0 },
	{ "the middle last", "1:0+16> 1:24+5 1:16+8>=29", 0, 0, 0 },
	{ "two datagrams at once", "1:0+8> 2:0+16> 1:8+3=11 2:16+3=19", 0, 0, 0 },
	{ "the same fragment twice", "1:0+16> 1:0+16> 1:16+4=20", 0, 0, 0 },
	{ "a hole", "1:0+16> 1:24+4", 0, 0, 2 },
	{ "no first fragment", "1:8+16> 1:24+4", 0, 0, 2 },
	{ "no last fragment", "1:0+16> 1:16+16>", 0, 0, 2 },
	{ "an overlap, though the bytes agree", "1:0+16> 1:8+16> 1:24+4", 0, 3, 0 },
	{ "an overlap from before", "1:8+16> 1:0+16> 1:24+4", 0, 3, 0 },
	{ "an overlap over several", "1:8+8> 1:16+8> 1:0+32>", 0, 3, 0 },
	{ "the same place, other bytes", "1:0+16> 1:0+16>~ 1:16+4", 0, 3, 0 },
	{ "two ends", "1:0+16> 1:32+4 1:24+4", 0, 3, 0 },
	{ "more behind the end", "1:16+4 1:24+8>", 0, 2, 0 },
	{ "more up to the end", "1:0+8> 1:16+8 1:8+16>", 0, 3, 0 },
	{ "an end before what came", "1:24+8> 1:8+4", 0, 2, 0 },
	{ "not in units of eight", "1:0+15>", 0, 1, 0 },
	{ "empty", "1:8+0>", 0, 1, 0 },
	{ "beyond the longest packet", "1:65528+16", 0, 1, 0 },
	{ "up to the longest packet", "1:65528+7", 0, 0, 1 },
	{ "cut in the middle", "1:0+16>-4 1:16+8> 1:24+5=29", 12, 0, 0 },
	{ "cut at the end", "1:24+5-2 1:0+16> 1:16+8>=29", 27, 0, 0 },
	{ "too late", "1:0+16> 1:16+4@31", 0, 1, 1 },
	{ "just in time", "1:0+16> 1:16+4@30=20", 0, 0, 0 },
	{ "time runs backwards", "1:0+16>@40 1:16+4@1=20", 0, 0, 0 },
	{ "aged ones go when another begins", "1:0+16> 2:0+8>@40 2:8+8@40=16", 0, 1, 0 },
	{ "unwanted ones are not counted", "1:0+16>! 1:16+8> 1:24+4", 0, 0, 0 },
	{ "unwanted ones free what came before", "1:16+8> 1:0+16>!", 0, 0, 0 },
	{ "the name is free again afterwards", "1:0+8> 1:8+3=11 1:0+8> 1:8+4=12", 0, 0, 0 },
};

/* Takes the first word off *words; false at the end. */
static bool parse_step(const char **words, struct step *s)
{
	int n = 0;

	*s = (struct step){ 0 };
	if (sscanf(*words, " %u:%u+%u%n", &s->id, &s->offset, &s->len, &n) != 3)
		return false;
	for (*words += n; **words && **words != ' '; *words += n) {
		n = 1;
		switch (**words) {
		case '>':
			s->more = true;
			break;
		case '~':
			s->other = true;
			break;
		case '!':
			s->unwanted = true;
			break;
		case '-':
			assert_int_equal(sscanf(*words, "-%u%n", &s->cut, &n), 1);
			break;
		case '@':
			assert_int_equal(sscanf(*words, "@%u%n", &s->at_s, &n), 1);
			break;
		case '=':
			assert_int_equal(sscanf(*words, "=%u%n", &s->completes, &n), 1);
			break;
		default:
			fail_msg("a step that is not understood: %s", *words);
		}
	}
	return true;
}

static struct datagram *add(struct fragments *f, uint32_t id, const struct step *s)
{
	static uint8_t bytes[65536];
	struct fragment frag = {
		.key = { .id = id, .version = 4, .protocol = 17 },
		.ts_ns = s->at_s * SECOND,
		.data = { .at = bytes, .cap = s->len - s->cut, .wire = s->len },
		.offset = s->offset,
		.protocol = 17,
		.more = s->more,
		.unwanted = s->unwanted,
	};

	for (uint32_t i = 0; i < s->len; i++)
		bytes[i] = s->other ? 1 : (uint8_t)((s->offset + i) * 7);
	return fragments_add(f, &frag);
}

static void check_whole(const struct scenario *sc, const struct step *s,
			const struct datagram *whole)
{
	if (!whole != !s->completes)
		print_error("%s\n", sc->name);
	if (!s->completes) {
		assert_null(whole);
		return;
	}
	assert_non_null(whole);
	assert_int_equal(whole->wire, s->completes);
	assert_int_equal(whole->cap, sc->captured ? sc->captured : s->completes);
	assert_int_equal(whole->protocol, 17);
	for (uint32_t i = 0; i < whole->cap; i++)
		assert_int_equal(whole->bytes[i], (uint8_t)(i * 7));
}

static void test_scenarios(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		const struct scenario *sc = &scenarios[i];
		struct fragments *f = fragments_new(1);
		const char *words = sc->steps;
		struct step s;

		assert_non_null(f);
		while (parse_step(&words, &s)) {
			struct datagram *whole = add(f, s.id, &s);

			check_whole(sc, &s, whole);
			free(whole);
		}
		assert_int_equal(*words, 0);
		if (fragments_lost(f) != sc->lost)
			print_error("%s\n", sc->name);
		assert_int_equal(fragments_lost(f), sc->lost);
		fragments_flush(f);
		if (fragments_lost(f) != sc->lost + sc->left)
			print_error("%s\n", sc->name);
		assert_int_equal(fragments_lost(f), sc->lost + sc->left);
		assert_int_equal(fragments_bytes(f), 0);
		fragments_free(f);
	}
}

/* What does not fit in the store costs the oldest its place, and is counted. */
static void test_many_datagrams(void **state)
{
	struct fragments *f = fragments_new(1);
	const struct step first = { .len = 16, .more = true };
	const struct step last = { .offset = 16, .len = 4, .completes = 20 };
	struct datagram *whole;

	(void)state;
	for (uint32_t id = 0; id < FRAGMENTS_DATAGRAMS + 10; id++)
		assert_null(add(f, id, &first));
	assert_int_equal(fragments_lost(f), 10);
	whole = add(f, 10, &last); /* the oldest that is left */
	assert_non_null(whole);
	free(whole);
	assert_null(add(f, 9, &last));
	assert_int_equal(fragments_lost(f), 10);
	fragments_free(f);
}

static void test_many_bytes(void **state)
{
	struct fragments *f = fragments_new(1);
	const struct step large = { .len = 32768, .more = true };
	const struct step last = { .offset = 32768, .len = 4, .completes = 32772 };
	struct datagram *whole;
	uint32_t id;

	(void)state;
	for (id = 0; id < 100; id++) {
		assert_null(add(f, id, &large));
		assert_true(fragments_bytes(f) <= FRAGMENTS_BYTES);
	}
	assert_true(fragments_lost(f) >= 100 - FRAGMENTS_BYTES / 32768);
	whole = add(f, 99, &last);
	assert_non_null(whole);
	free(whole);
	fragments_free(f);
}

static void test_many_pieces(void **state)
{
	struct fragments *f = fragments_new(1);
	struct step s = { .len = 8, .more = true };

	(void)state;
	for (unsigned i = 0; i < FRAGMENTS_PIECES; i++) {
		s.offset = i * 16;
		assert_null(add(f, 1, &s));
	}
	assert_int_equal(fragments_lost(f), 0);
	s.offset += 16;
	assert_null(add(f, 1, &s));
	assert_int_equal(fragments_lost(f), FRAGMENTS_PIECES + 1);
	assert_int_equal(fragments_bytes(f), 0);
	fragments_free(f);
}

/* The same, from packets: the words of the fragments in the order of arrival. */
#define FRAG4(flags, length) "450000" length " abcd" flags " 4011 0000 c0000201 c0000235 "
#define HEAD                 "15b3003500230000 "
static const struct {
	const char *name;
	const char *packets[4];
	unsigned messages;
	unsigned fragments;
	int version;
} packets[] = {
	{ "IPv4, three, in order",
	  { FRAG4("2000", "24") HEAD "dns=8", FRAG4("2002", "1c") "0000000001610765",
	    FRAG4("0003", "1f") "78616d706c650000010001" },
	  1,
	  0,
	  4 },
	{ "IPv4, backwards",
	  { FRAG4("0003", "1f") "78616d706c650000010001", FRAG4("2002", "1c") "0000000001610765",
	    FRAG4("2000", "24") HEAD "dns=8" },
	  1,
	  0,
	  4 },
	{ "IPv4, not on a DNS port",
	  { FRAG4("2000", "24") "15b3003600230000 dns=8", FRAG4("0002", "27") "zero=19" },
	  0,
	  0,
	  4 },
	{ "IPv4, another protocol",
	  { "45000024 abcd2000 4001 0000 c0000201 c0000235 " HEAD "dns=8" },
	  0,
	  0,
	  4 },
	{ "IPv4, the last is missing", { FRAG4("2000", "24") HEAD "dns=8" }, 0, 1, 4 },
	{ "IPv6",
	  { "ip6=44 1100000100000007 " HEAD "dns=8", "ip6=44 1100001000000007 "
						     "0000000001610765"
						     "78616d706c650000010001" },
	  1,
	  0,
	  6 },
	{ "IPv6, an extension header in the fragment",
	  { "ip6=44 3c00000100000007 1100000000000000 " HEAD "dns=8",
	    "ip6=44 3c00001800000007 000000000161076578616d706c650000010001" },
	  1,
	  0,
	  6 },
	{ "a fragment inside of fragments",
	  { "4500002c 00012000 4004 0000 c6336401 c6336402 " FRAG4("2000", "24") "15b30035",
	    "45000020 00010003 4004 0000 c6336401 c6336402 00230000 dns=8",
	    "ip4=4 " FRAG4("0002", "27") "000000000161076578616d706c650000010001" },
	  1,
	  0,
	  4 },
	{ "a tunnel's packet in fragments",
	  { "45000034 00012000 4004 0000 c6336401 c6336402 45000037 00010000 4011 0000 c0000201 "
	    "c0000235 15b3003500230000 dns=4",
	    "4500002b 00010004 4004 0000 c6336401 c6336402 "
	    "0001000000000000"
	    "016107"
	    "6578616d706c650000010001" },
	  1,
	  0,
	  4 },
};

static void test_packets(void **state)
{
	static struct delivered got;

	(void)state;
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		struct packet_decoder *d = new_decoder(&got);
		struct source_stats st = { 0 };
		uint64_t ts = 0;

		for (const char *const *p = packets[i].packets; *p; p++) {
			struct bytes b;

			bytes_build(&b, *p);
			decode_bytes(d, PACKET_LINK_IP, bytes_at(&b), b.len, b.len, ++ts);
		}
		packet_decoder_finish(d);
		packet_decoder_stats(d, &st);
		if (got.n != packets[i].messages || st.fragments != packets[i].fragments)
			print_error("%s\n", packets[i].name);
		assert_int_equal(got.n, packets[i].messages);
		assert_int_equal(st.fragments, packets[i].fragments);
		assert_int_equal(st.packets, packets[i].messages);
		if (got.n) {
			assert_int_equal(ip_addr_is_v4(&got.last.src), packets[i].version == 4);
			assert_int_equal(got.last.dst.b[15], packets[i].version == 4 ? 53 : 0x53);
			assert_int_equal(got.last.wire_len, sizeof(test_query));
			assert_memory_equal(got.last.wire, test_query, sizeof(test_query));
			assert_int_equal(got.last.ts_ns, ts);
		}
		packet_decoder_free(d);
	}
}

/* The same fragments at two places are two datagrams. */
static void test_places(void **state)
{
	static struct delivered got;
	struct packet_decoder *d = new_decoder(&got);
	struct bytes b[2];
	static const struct {
		uint32_t ifindex;
		uint8_t direction;
		unsigned piece;
	} order[] = {
		{ 1, 0, 0 }, { 2, 0, 0 }, { 1, 2, 0 }, { 1, 0, 1 }, { 2, 0, 1 }, { 1, 2, 1 }
	};

	(void)state;
	bytes_build(&b[0], FRAG4("2000", "24") HEAD "dns=8");
	bytes_build(&b[1], FRAG4("0002", "27") "000000000161076578616d706c650000010001");
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		struct packet p = {
			.ts_ns = i,
			.link = PACKET_LINK_IP,
			.bytes = bytes_at(&b[order[i].piece]),
			.len = b[order[i].piece].len,
			.orig_len = b[order[i].piece].len,
			.meta = { .ifindex = order[i].ifindex, .direction = order[i].direction },
		};

		packet_decode(d, &p);
		assert_int_equal(got.n, i < 3 ? 0 : i - 2);
	}
	packet_decoder_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenarios),  cmocka_unit_test(test_many_datagrams),
		cmocka_unit_test(test_many_bytes), cmocka_unit_test(test_many_pieces),
		cmocka_unit_test(test_packets),    cmocka_unit_test(test_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
