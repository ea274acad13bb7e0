/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/dns/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "core/dns/msg.h"

/* A literal of wire bytes, without the NUL that C adds. */
#define BYTES(s)       (s), sizeof(s) - 1
#define ARRAY_SIZE(a)  (sizeof(a) / sizeof((a)[0]))
#define HEADER(counts) "\x12\x34\x81\x80" counts
#define QUESTION       "\3www\7example\3com\0\0\1\0\1"
#define ANSWER(ttl)    "\xc0\x0c\0\1\0\1" ttl "\0\4\xc0\0\2\1"
/* Owner, type, UDP size 1232, extended rcode, version 0, DO. */
#define OPT(high) "\0\0\x29\4\xd0" high "\0\x80\0"

/* The bytes in a heap block of just their size, so that ASan sees every byte
 * read behind them. */
static uint8_t *exact(const void *bytes, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

static enum dns_parse parse(const void *bytes, size_t len, size_t orig_len, struct dns_parsed *out)
{
	uint8_t *copy = exact(bytes, len);
	enum dns_parse got;

	memset(out, 0x5a, sizeof(*out));
	got = dns_parse(copy, len, orig_len, out);
	free(copy);
	return got;
}

struct message_case {
	const char *what;
	const char *bytes;
	size_t len;
	enum dns_parse result;
	const char *qname;
	uint16_t rcode;
	int64_t ttl; /* -1: none */
	bool edns;
};

/* clang-format off */
static const struct message_case messages[] = {
	{ "query", BYTES("\0\0\1\0\0\1\0\0\0\0\0\0" QUESTION), DNS_OK, "www.example.com", 0, -1,
	  false },
	{ "answer", BYTES(HEADER("\0\1\0\1\0\0\0\0") QUESTION ANSWER("\0\0\1\x2c")), DNS_OK,
	  "www.example.com", 0, 300, false },
	{ "smallest ttl, last",
	  BYTES(HEADER("\0\1\0\2\0\0\0\0") QUESTION ANSWER("\0\0\1\x2c") ANSWER("\0\0\0\x05")),
	  DNS_OK, "www.example.com", 0, 5, false },
	{ "smallest ttl, first",
	  BYTES(HEADER("\0\1\0\2\0\0\0\0") QUESTION ANSWER("\0\0\0\0") ANSWER("\0\0\0\x05")),
	  DNS_OK, "www.example.com", 0, 0, false },
	{ "a ttl is unsigned",
	  BYTES(HEADER("\0\1\0\1\0\0\0\0") QUESTION ANSWER("\xff\xff\xff\xff")), DNS_OK,
	  "www.example.com", 0, 0xffffffff, false },
	{ "ttl of the authority is not the answer's",
	  BYTES(HEADER("\0\1\0\0\0\1\0\0") QUESTION ANSWER("\0\0\1\x2c")), DNS_OK,
	  "www.example.com", 0, -1, false },
	{ "header only", BYTES("\x12\x34\x81\x81\0\0\0\0\0\0\0\0"), DNS_OK, "", 1, -1, false },
	{ "no question, an answer",
	  BYTES(HEADER("\0\0\0\1\0\0\0\0") "\0\0\1\0\1\0\0\0\7\0\4\1\2\3\4"), DNS_OK, "", 0, 7,
	  false },
	{ "root question", BYTES(HEADER("\0\1\0\0\0\0\0\0") "\0\0\2\0\1"), DNS_OK, ".", 0, -1,
	  false },
	{ "0x20 case is kept", BYTES(HEADER("\0\1\0\0\0\0\0\0") "\3WwW\2eX\0\0\1\0\1"), DNS_OK,
	  "WwW.eX", 0, -1, false },
	{ "first of two questions",
	  BYTES(HEADER("\0\2\0\1\0\0\0\0") QUESTION "\1b\0\0\1\0\1" ANSWER("\0\0\0\1")), DNS_OK,
	  "www.example.com", 0, 1, false },
	{ "second question is wrong", BYTES(HEADER("\0\2\0\0\0\0\0\0") QUESTION "\x41"),
	  DNS_BAD_RECORDS, "www.example.com", 0, -1, false },
	{ "trailing bytes", BYTES(HEADER("\0\1\0\0\0\0\0\0") QUESTION "rubbish"), DNS_OK,
	  "www.example.com", 0, -1, false },
	{ "UPDATE", BYTES("\0\1\x28\0\0\1\0\0\0\1\0\0\1z\0\0\6\0\1\xc0\x0c\0\1\0\1\0\0\0\0\0\0"),
	  DNS_OK, "z", 0, -1, false },

	{ "empty", BYTES(""), DNS_BAD, "", 0, -1, false },
	{ "short header", BYTES("\x12\x34\x81\x80\0\1\0\0\0\0\0"), DNS_BAD, "", 0, -1, false },
	{ "question missing", BYTES(HEADER("\0\1\0\0\0\0\0\0")), DNS_BAD, "", 0, -1, false },
	{ "question without class", BYTES(HEADER("\0\1\0\0\0\0\0\0") "\1a\0\0\1\0"), DNS_BAD, "", 0,
	  -1, false },
	{ "question with a loop", BYTES(HEADER("\0\1\0\0\0\0\0\0") "\1a\xc0\x0c\0\1\0\1"), DNS_BAD,
	  "", 0, -1, false },
	{ "question with a forward pointer", BYTES(HEADER("\0\1\0\0\0\0\0\0") "\xc0\x0e\0\0\1\0\1"),
	  DNS_BAD, "", 0, -1, false },
	{ "question with label type 0x80", BYTES(HEADER("\0\1\0\0\0\0\0\0") "\x81\1a\0\0\1\0\1"),
	  DNS_BAD, "", 0, -1, false },

	{ "answer missing", BYTES(HEADER("\0\1\0\1\0\0\0\0") QUESTION), DNS_BAD_RECORDS,
	  "www.example.com", 0, -1, false },
	{ "counts that lie",
	  BYTES(HEADER("\0\1\xff\xff\xff\xff\xff\xff") QUESTION ANSWER("\0\0\0\x09")),
	  DNS_BAD_RECORDS, "www.example.com", 0, 9, false },
	{ "data past the end",
	  BYTES(HEADER("\0\1\0\1\0\0\0\0") QUESTION "\xc0\x0c\0\1\0\1\0\0\0\1\xff\xff\1\2\3\4"),
	  DNS_BAD_RECORDS, "www.example.com", 0, 1, false },
	{ "owner with a forward pointer",
	  BYTES(HEADER("\0\1\0\1\0\0\0\0") QUESTION "\xc0\x40\0\1\0\1\0\0\0\1\0\4\1\2\3\4"),
	  DNS_BAD_RECORDS, "www.example.com", 0, -1, false },

	{ "BADVERS", BYTES(HEADER("\0\1\0\0\0\0\0\1") QUESTION OPT("\1") "\0\0"), DNS_OK,
	  "www.example.com", 16, -1, true },
	{ "BADCOOKIE", BYTES("\0\0\x80\7\0\1\0\0\0\0\0\1" QUESTION OPT("\1") "\0\0"), DNS_OK,
	  "www.example.com", 23, -1, true },
	{ "the highest rcode", BYTES("\0\0\x80\xf\0\1\0\0\0\0\0\1" QUESTION OPT("\xff") "\0\0"),
	  DNS_OK, "www.example.com", 4095, -1, true },
	{ "OPT without a question", BYTES("\0\0\x80\1\0\0\0\0\0\0\0\1" OPT("\0") "\0\0"), DNS_OK,
	  "", 1, -1, true },
	{ "OPT before another record",
	  BYTES(HEADER("\0\1\0\0\0\0\0\2") QUESTION OPT("\1") "\0\0" ANSWER("\0\0\0\1")), DNS_OK,
	  "www.example.com", 16, -1, true },
	{ "OPT twice", BYTES(HEADER("\0\1\0\0\0\0\0\2") QUESTION OPT("\1") "\0\0" OPT("\2") "\0\0"),
	  DNS_BAD_RECORDS, "www.example.com", 16, -1, true },
	{ "OPT of another owner",
	  BYTES(HEADER("\0\1\0\0\0\0\0\1") QUESTION "\xc0\x0c\0\x29\4\xd0\1\0\0\0\0\0"),
	  DNS_BAD_RECORDS, "www.example.com", 0, -1, false },
	{ "OPT as an answer", BYTES(HEADER("\0\1\0\1\0\0\0\0") QUESTION OPT("\1") "\0\0"),
	  DNS_BAD_RECORDS, "www.example.com", 0, -1, false },
	{ "options cut short", BYTES(HEADER("\0\1\0\0\0\0\0\1") QUESTION OPT("\1") "\0\3\0\x0a\0"),
	  DNS_BAD_RECORDS, "www.example.com", 16, -1, true },
	{ "option longer than OPT",
	  BYTES(HEADER("\0\1\0\0\0\0\0\1") QUESTION OPT("\1") "\0\5\0\x0a\0\2x"), DNS_BAD_RECORDS,
	  "www.example.com", 16, -1, true },
	{ "a wrong OPT does not hide what follows",
	  BYTES(HEADER("\0\1\0\0\0\0\0\2") QUESTION OPT("\1") "\0\4\0\x0a\0\2"
							      "\0\0\1\0\1\0\0\0\1\0\0"),
	  DNS_BAD_RECORDS, "www.example.com", 16, -1, true },
};
/* clang-format on */

static void messages_are_parsed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		const struct message_case *c = &messages[i];
		struct dns_parsed got;
		enum dns_parse result = parse(c->bytes, c->len, c->len, &got);

		if (result != c->result || got.rcode != c->rcode ||
		    strcmp(got.qname, c->qname) != 0)
			fail_msg("%s: result %d, rcode %u, '%s'", c->what, result, got.rcode,
				 got.qname);
		if (got.has_question != (c->qname[0] != '\0') || got.qname_len != strlen(c->qname))
			fail_msg("%s: question %d of %u", c->what, got.has_question, got.qname_len);
		if (got.has_ttl != (c->ttl >= 0) || (got.has_ttl && got.ttl != c->ttl))
			fail_msg("%s: ttl %d %u", c->what, got.has_ttl, got.ttl);
		if (got.edns.present != c->edns)
			fail_msg("%s: EDNS %d", c->what, got.edns.present);
	}
}

static void header_and_question_are_read(void **state)
{
	static const char bytes[] = "\xab\xcd\xad\xb3\0\1\0\2\0\3\0\4\1q\0\xff\x01\x12\x34";
	struct dns_parsed got;

	(void)state;
	assert_int_equal(parse(bytes, sizeof(bytes) - 1, 4000, &got), DNS_OK);
	assert_int_equal(got.id, 0xabcd);
	assert_int_equal(got.flags, 0xadb3);
	assert_int_equal(DNS_OPCODE(got.flags), 5);
	assert_int_equal(got.qdcount, 1);
	assert_int_equal(got.ancount, 2);
	assert_int_equal(got.nscount, 3);
	assert_int_equal(got.arcount, 4);
	assert_int_equal(got.rcode, 3);
	assert_int_equal(got.qtype, 0xff01);
	assert_int_equal(got.qclass, 0x1234);
	assert_false(got.edns.present);
}

struct ede_case {
	const char *what;
	const char *rdata; /* with its length in front */
	size_t len;
	enum dns_parse result;
	int ede; /* -1: none */
	const char *text;
};

/* clang-format off */
static const struct ede_case edes[] = {
	{ "no option", BYTES("\0\0"), DNS_OK, -1, "" },
	{ "code alone", BYTES("\0\6\0\xf\0\2\0\x16"), DNS_OK, 22, "" },
	{ "code and text",
	  BYTES("\0\xb\0\xf\0\7\0\x16"
		"hello"),
	  DNS_OK, 22, "hello" },
	{ "a final NUL is no text",
	  BYTES("\0\x9\0\xf\0\5\0\x16"
		"hi\0"),
	  DNS_OK, 22, "hi" },
	{ "after another option", BYTES("\0\xd\0\xa\0\1x\0\xf\0\4\1\x02ok"), DNS_OK, 0x102, "ok" },
	{ "first of two", BYTES("\0\xc\0\xf\0\2\0\3\0\xf\0\2\0\4"), DNS_OK, 3, "" },
	{ "code cut", BYTES("\0\5\0\xf\0\1\0"), DNS_BAD_RECORDS, -1, "" },
	{ "empty", BYTES("\0\4\0\xf\0\0"), DNS_BAD_RECORDS, -1, "" },
};
/* clang-format on */

static void extended_errors_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(edes); i++) {
		static const char head[] = HEADER("\0\1\0\0\0\0\0\1") QUESTION OPT("\0");
		const struct ede_case *c = &edes[i];
		uint8_t bytes[128];
		size_t len = sizeof(head) - 1 + c->len;
		struct dns_parsed got;

		memcpy(bytes, head, sizeof(head) - 1);
		memcpy(bytes + sizeof(head) - 1, c->rdata, c->len);
		if (parse(bytes, len, len, &got) != c->result || got.edns.has_ede != (c->ede >= 0))
			fail_msg("%s", c->what);
		assert_true(got.edns.dnssec_ok);
		assert_int_equal(got.edns.udp_size, 1232);
		if (!got.edns.has_ede)
			continue;
		assert_int_equal(got.edns.ede, c->ede);
		assert_int_equal(got.edns.ede_text_len, strlen(c->text));
		assert_memory_equal(bytes + got.edns.ede_text_at, c->text, got.edns.ede_text_len);
	}
}

static void edns_version_and_flags_are_read(void **state)
{
	static const char bytes[] = "\0\0\0\0\0\0\0\0\0\0\0\1\0\0\x29\2\0\0\x2a\x7f\xff\0\0";
	struct dns_parsed got;

	(void)state;
	assert_int_equal(parse(bytes, sizeof(bytes) - 1, sizeof(bytes) - 1, &got), DNS_OK);
	assert_true(got.edns.present);
	assert_int_equal(got.edns.version, 42);
	assert_int_equal(got.edns.udp_size, 512);
	assert_false(got.edns.dnssec_ok);
}

/* A message with all there is, cut at every byte: what is cut is never fine
 * unless the capture says that it cut it. */
static void every_cut_is_seen(void **state)
{
	static const char bytes[] = HEADER("\0\1\0\2\0\1\0\2") QUESTION ANSWER("\0\0\1\x2c")
		ANSWER("\0\0\0\x3c") "\xc0\x10\0\2\0\1\0\0\0\1\0\5\2ns\xc0\x10"
				     "\2ns\xc0\x10\0\1\0\1\0\0\0\1\0\4\1\2\3\4" OPT(
					     "\1") "\0\x16\0\xa\0\x8"
						   "cookie12\0\xf\0\6\0\x16"
						   "text";
	static const size_t question_end = 12 + sizeof(QUESTION) - 1;
	const size_t whole = sizeof(bytes) - 1;
	struct dns_parsed got;

	(void)state;
	assert_int_equal(parse(bytes, whole, whole, &got), DNS_OK);
	assert_int_equal(got.edns.ede, 22);
	for (size_t cut = 0; cut < whole; cut++) {
		enum dns_parse want = cut < question_end ? DNS_BAD : DNS_BAD_RECORDS;

		assert_int_equal(parse(bytes, cut, cut, &got), want);
		if (cut >= question_end)
			want = DNS_OK;
		assert_int_equal(parse(bytes, cut, whole, &got), want);
		assert_string_equal(got.qname, want == DNS_OK ? "www.example.com" : "");
		if (got.edns.has_ede)
			assert_true((size_t)got.edns.ede_text_at + got.edns.ede_text_len <= cut);
		assert_int_equal(got.rcode, got.edns.present ? 16 : 0);
	}
}

/* A cut does not excuse what is wrong before it. */
static void cut_message_can_be_bad(void **state)
{
	static const char owner[] = HEADER("\0\1\0\1\0\0\0\0") QUESTION "\x41"
									"abc";
	static const char twice[] = HEADER("\0\1\0\0\0\0\0\3")
		QUESTION OPT("\0") "\0\0" OPT("\0") "\0\0";
	struct dns_parsed got;

	(void)state;
	assert_int_equal(parse(owner, sizeof(owner) - 1, 1000, &got), DNS_BAD_RECORDS);
	assert_int_equal(parse(twice, sizeof(twice) - 1, 1000, &got), DNS_BAD_RECORDS);
}

/* More than a message can have is not read, and offsets stay 16 bits wide. */
static void oversized_buffer_is_cut(void **state)
{
	uint8_t *bytes = calloc(1, 70000);
	struct dns_parsed got;

	(void)state;
	assert_non_null(bytes);
	memset(bytes + 4, 0xff, 8);
	assert_int_equal(dns_parse(bytes, 70000, 70000, &got), DNS_OK);
	assert_int_equal(dns_parse(bytes, 65535, 65535, &got), DNS_BAD_RECORDS);
	free(bytes);
}

/* The worst messages that fit cost no more than a good one of their size. */
static void hostile_messages_are_cheap(void **state)
{
	static const char *const fills[] = { "\0", "\1a", "\xc0\x0c", "\0\0\x29\0\0\0\0\0\0\0\0" };
	static const size_t fill_len[] = { 1, 2, 2, 11 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fills); i++) {
		uint8_t *bytes = calloc(1, DNS_MSG_MAX);
		uint64_t begin;
		struct dns_parsed got;
		double best = 1e9;

		assert_non_null(bytes);
		for (size_t at = 12; at + fill_len[i] <= DNS_MSG_MAX; at += fill_len[i])
			memcpy(bytes + at, fills[i], fill_len[i]);
		memset(bytes + 4, 0xff, 8);
		for (int run = 0; run < 5; run++) {
			begin = clock_ns(CLOCK_THREAD_CPUTIME_ID);
			dns_parse(bytes, DNS_MSG_MAX, DNS_MSG_MAX, &got);
			double ms = (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - begin) / 1e6;

			best = ms < best ? ms : best;
		}
		free(bytes);
		if (best > 5) /* about 0.1 without sanitizers */
			fail_msg("fill %zu takes %.1f ms", i, best);
	}
}

struct plausible_case {
	const char *what;
	const char *bytes;
	size_t len;
	bool plausible;
};

/* clang-format off */
static const struct plausible_case plausibles[] = {
	{ "query", BYTES("\0\0\1\0\0\1\0\0\0\0\0\0" QUESTION), true },
	{ "query with OPT", BYTES("\0\0\1\0\0\1\0\0\0\0\0\1" QUESTION OPT("\0") "\0\0"), true },
	{ "response", BYTES(HEADER("\0\1\0\1\0\0\0\0") QUESTION ANSWER("\0\0\1\x2c")), true },
	{ "NXDOMAIN", BYTES("\0\0\x81\x83\0\1\0\0\0\0\0\0" QUESTION), true },
	{ "CHAOS", BYTES("\0\0\1\0\0\1\0\0\0\0\0\0\7version\4bind\0\0\x10\0\3"), true },
	{ "query with the unicast bit", BYTES("\0\0\0\0\0\1\0\0\0\0\0\0\5local\0\0\xc\x80\1"),
	  true },
	{ "UPDATE", BYTES("\0\1\x28\0\0\1\0\0\0\1\0\0\1z\0\0\6\0\1\xc0\x0c\0\1\0\1\0\0\0\0\0\0"),
	  true },
	{ "nothing", BYTES(""), false },
	{ "zeroes", BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), false },
	{ "text", BYTES("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"), false },
	{ "NTP", BYTES("\x23\2\6\xe8\0\0\0\x13\0\0\0\x2e\xac\x10\0\1\0\0\0\0\0\0\0\0"), false },
	{ "no question", BYTES(HEADER("\0\0\0\1\0\0\0\0") "\0\0\1\0\1\0\0\0\7\0\4\1\2\3\4"),
	  false },
	{ "query with answers", BYTES("\0\0\1\0\0\1\0\1\0\0\0\0" QUESTION ANSWER("\0\0\1\x2c")),
	  false },
	{ "query with an rcode", BYTES("\0\0\1\3\0\1\0\0\0\0\0\0" QUESTION), false },
	{ "more records than room",
	  BYTES(HEADER("\0\1\0\x09\0\0\0\0") QUESTION ANSWER("\0\0\1\x2c")), false },
	{ "reserved bit", BYTES("\0\0\1\x40\0\1\0\0\0\0\0\0" QUESTION), false },
	{ "opcode 15", BYTES("\0\0\x79\0\0\1\0\0\0\0\0\0" QUESTION), false },
	{ "class 42", BYTES("\0\0\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\x2a"), false },
	{ "name runs out",
	  BYTES("\0\0\1\0\0\1\0\0\0\0\0\0\x3f"
		"aaa"),
	  false },
};
/* clang-format on */

static void plausible_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(plausibles); i++) {
		const struct plausible_case *c = &plausibles[i];
		uint8_t *copy = exact(c->bytes, c->len);
		bool got = dns_plausible(copy, c->len);

		free(copy);
		if (got != c->plausible)
			fail_msg("%s", c->what);
	}
}

/* Bytes from a generator: nothing to expect but that it stays inside. */
static void noise_is_survived(void **state)
{
	static const char seed[] = HEADER("\0\1\0\2\0\1\0\2") QUESTION ANSWER("\0\0\1\x2c")
		ANSWER("\0\0\0\x3c") "\xc0\x10\0\2\0\1\0\0\0\1\0\5\2ns\xc0\x10" OPT(
			"\1") "\0\xa\0\xf\0\6\0\x16"
			      "text";
	uint32_t random = 1;

	(void)state;
	for (int run = 0; run < 20000; run++) {
		uint8_t bytes[sizeof(seed) - 1];
		struct dns_parsed got;

		memcpy(bytes, seed, sizeof(bytes));
		for (int change = 0; change < 4; change++) {
			random = random * 1664525 + 1013904223;
			bytes[(random >> 16) % sizeof(bytes)] = (uint8_t)(random >> 8);
		}
		parse(bytes, sizeof(bytes), sizeof(bytes), &got);
		assert_true(strlen(got.qname) == got.qname_len);
		assert_true(!got.edns.has_ede ||
			    (size_t)got.edns.ede_text_at + got.edns.ede_text_len <= sizeof(bytes));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_parsed),
		cmocka_unit_test(header_and_question_are_read),
		cmocka_unit_test(extended_errors_are_read),
		cmocka_unit_test(edns_version_and_flags_are_read),
		cmocka_unit_test(every_cut_is_seen),
		cmocka_unit_test(cut_message_can_be_bad),
		cmocka_unit_test(oversized_buffer_is_cut),
		cmocka_unit_test(hostile_messages_are_cheap),
		cmocka_unit_test(plausible_or_not),
		cmocka_unit_test(noise_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
