/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/enrich/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "core/dns/msg.h"

#define BYTES(s)      (s), sizeof(s) - 1
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
/* The question is at 12, so 0xc00c is www.example.com and 0xc010 example.com. */
#define QUESTION "\3www\7example\3com\0\0\1\0\1"
#define TEXT_MAX 8192

static uint8_t *exact(const void *bytes, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

/* Makes a response with one answer and gives its length. */
static size_t answer_of(uint8_t *out, uint16_t type, const void *data, size_t len)
{
	static const char head[] = "\x12\x34\x81\x80\0\1\0\1\0\0\0\0" QUESTION "\xc0\x0c";
	const uint8_t rest[] = { (uint8_t)(type >> 8), (uint8_t)type, 0, 1, 0, 0, 1, 0x2c,
				 (uint8_t)(len >> 8),  (uint8_t)len };
	size_t at = sizeof(head) - 1;

	memcpy(out, head, at);
	memcpy(out + at, rest, sizeof(rest));
	memcpy(out + at + sizeof(rest), data, len);
	return at + sizeof(rest) + len;
}

static void answers_are(const void *bytes, size_t len, const char *want)
{
	uint8_t *copy = exact(bytes, len);
	char text[TEXT_MAX];
	size_t n = records_answers(copy, len, text, sizeof(text));

	free(copy);
	assert_string_equal(text, want);
	assert_int_equal(n, strlen(want));
}

/* clang-format off */
static const struct {
	uint16_t type;
	const char *data;
	size_t len;
	const char *text;
} records[] = {
	{ 1, BYTES("\xc0\0\2\1"), "192.0.2.1" },
	{ 28, BYTES("\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"), "2001:db8::1" },
	{ 2, BYTES("\2ns\xc0\x10"), "ns.example.com." },
	{ 5, BYTES("\xc0\x0c"), "www.example.com." },
	{ 5, BYTES("\0"), "." },
	{ 12, BYTES("\6a b.c;\0"), "a\\032b\\.c;." },
	{ 39, BYTES("\1d\0"), "d." },
	{ 6, BYTES("\2ns\xc0\x10\4root\xc0\x10\x78\x49\x6c\x8e\0\0\x1c\x20\0\0\xe\x10\0\x12\x75\0\0\0\0\x3c"),
	  "ns.example.com. root.example.com. 2018077838 7200 3600 1209600 60" },
	{ 15, BYTES("\0\x0a\2mx\xc0\x10"), "10 mx.example.com." },
	{ 16, BYTES("\5v=spf"), "\"v=spf\"" },
	{ 16, BYTES("\3a\"b\2\\c\0\4\0\n\x7f\xe9"), "\"a\\\"b\" \"\\\\c\" \"\" \"\\000\\010\\127\\233\"" },
	{ 13, BYTES("\3PDP\1-"), "\"PDP\" \"-\"" },
	{ 17, BYTES("\2me\xc0\x10\0"), "me.example.com. ." },
	{ 33, BYTES("\0\1\0\2\x14\x66\3xmp\xc0\x10"), "1 2 5222 xmp.example.com." },
	{ 35, BYTES("\0\x64\0\x0a\1U\7E2U+sip\3!!!\0"), "100 10 \"U\" \"E2U+sip\" \"!!!\" ." },
	{ 257, BYTES("\0\5issueletsencrypt.org"), "0 issue \"letsencrypt.org\"" },
	{ 256, BYTES("\0\1\0\2ftp://x/"), "1 2 \"ftp://x/\"" },
	{ 43, BYTES("\x30\x39\x0d\2\xab\xcd"), "12345 13 2 ABCD" },
	{ 44, BYTES("\4\2\x12\xef"), "4 2 12EF" },
	{ 48, BYTES("\1\1\3\x0d\1\2\3\4"), "257 3 13 AQIDBA==" },
	{ 52, BYTES("\3\1\1\xde\xad"), "3 1 1 DEAD" },
	{ 46, BYTES("\0\x41\x0d\2\0\0\1\x2c\x5e\0\0\0\x5d\0\0\0\x30\x39\7example\3com\0\xff\xff"),
	  "HTTPS 13 2 300 20191222234504 20190611192448 12345 example.com. //8=" },
	{ 47, BYTES("\1a\xc0\x10\0\6\x40\1\0\0\0\3"), "a.example.com. A MX RRSIG NSEC" },
	{ 47, BYTES("\1\0\xc0\x10\0\x11\0\0\0\0\0\3\0\0\0\0\0\0\0\0\0\0\x80"), "\\000.example.com. RRSIG NSEC NXNAME" },
	{ 50, BYTES("\1\0\0\5\2\xab\xcd\5\1\2\3\4\5\0\1\x40"), "1 0 5 abcd 04106105 A" },
	{ 51, BYTES("\1\0\0\0\0"), "1 0 0 -" },
	{ 62, BYTES("\0\0\0\x42\0\3\0\4\x60\0\0\x08"), "66 3 A NS AAAA" },
	{ 63, BYTES("\x78\x49\x6c\x8e\1\1\xaa\xbb"), "2018077838 1 1 AABB" },
	{ 65, BYTES("\0\1\0\0\1\0\6\2h2\2h3\0\4\0\4\x68\x10\x84\xe5\0\6\0\x10\x26\6\x47\0\0\0\0\0\0\0\0\0\x68\x10\x84\xe5"),
	  "1 . alpn=h2,h3 ipv4hint=104.16.132.229 ipv6hint=2606:4700::6810:84e5" },
	{ 65, BYTES("\0\0\3cdn\0"), "0 cdn." },
	{ 64, BYTES("\0\1\1x\0\0\0\0\2\0\3\0\3\0\2\1\xbb\xff\xdc\0\3abc"), "1 x. mandatory=port port=443 key65500=abc" },
	{ 64, BYTES("\0\1\1x\0\xff\xdc\0\3a\n\xff"), "1 x. key65500=\"a\\010\\255\"" },
	{ 61, BYTES("\1\2\3"), "AQID" },
	{ 99, BYTES("\4~all"), "\"~all\"" },
	{ 108, BYTES("\0\1\2\3\4\5"), "00-01-02-03-04-05" },
	{ 261, BYTES("\x8qnamemin\2k="), "\"qnamemin\" \"k=\"" },
	{ 262, BYTES("\3ETH"), "\"ETH\"" },
	{ 29, BYTES("\0\x12\x16\x13\x8b\x0d\x33\xe8\x80\x1f\xb0\xd8\0\x98\x8f\x50"),
	  "51 30 14.632 N 00 34 36.888 E -18.40m 1m 10000m 10m" },
};

/* Data that is wrong for its type, or of a type without a form: RFC 3597. */
static const struct {
	uint16_t type;
	const char *data;
	size_t len;
	const char *text;
} generic[] = {
	{ 65280, BYTES("\1\2\xff"), "\\# 3 0102FF" },
	{ 65280, BYTES(""), "\\# 0" },
	{ 10, BYTES("ab"), "\\# 2 6162" },
	{ 1, BYTES(""), "\\# 0" },
	{ 1, BYTES("\1\2\3"), "\\# 3 010203" },
	{ 1, BYTES("\1\2\3\4\5"), "\\# 5 0102030405" },
	{ 28, BYTES("\1\2\3\4"), "\\# 4 01020304" },
	{ 5, BYTES("\1a"), "\\# 2 0161" },
	{ 5, BYTES("\1a\0\0"), "\\# 4 01610000" },
	{ 5, BYTES("\xc0\x2d"), "\\# 2 C02D" },
	{ 5, BYTES("\xff\xff"), "\\# 2 FFFF" },
	{ 5, BYTES("\x41\0"), "\\# 2 4100" },
	{ 15, BYTES("\0"), "\\# 1 00" },
	{ 16, BYTES("\5abc"), "\\# 4 05616263" },
	{ 33, BYTES("\0\1\0\2\0"), "\\# 5 0001000200" },
	{ 43, BYTES("\1\2\3"), "\\# 3 010203" },
	{ 46, BYTES("\0\1\5"), "\\# 3 000105" },
	{ 47, BYTES("\0\0\x21"), "\\# 3 000021" },
	{ 47, BYTES("\0\0\0"), "\\# 3 000000" },
	{ 11, BYTES("\xc0\0\2\1\6\0\0\0\x40"), "\\# 9 C00002010600000040" },
	{ 45, BYTES("\1\3\2\xc0\0\1"), "\\# 6 010302C00001" },
	{ 55, BYTES("\1\1\0\1\xaa\xbb\xc0\0"), "\\# 8 01010001AABBC000" },
	{ 64, BYTES("\0\1\xc0\x0c"), "\\# 4 0001C00C" },
	{ 65, BYTES("\0\1\0\0\4\0\3\1\2\3"), "\\# 10 00010000040003010203" },
	{ 257, BYTES("\0\5iss"), "\\# 5 0005697373" },
};
/* clang-format on */

static void every_type_has_its_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		uint8_t bytes[512];
		size_t n = answer_of(bytes, records[i].type, records[i].data, records[i].len);

		answers_are(bytes, n, records[i].text);
	}
}

static void wrong_and_unknown_data_is_generic(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(generic); i++) {
		uint8_t bytes[512];
		size_t n = answer_of(bytes, generic[i].type, generic[i].data, generic[i].len);

		answers_are(bytes, n, generic[i].text);
	}
}

static void answers_are_lines(void **state)
{
	static const char bytes[] = "\x12\x34\x81\x80\0\1\0\3\0\1\0\0" QUESTION
				    "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\6\3cdn\xc0\x10"
				    "\xc0\x2d\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1"
				    "\xc0\x2d\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\2"
				    "\xc0\x10\0\2\0\1\0\0\0\x3c\0\2\xc0\x10";
	static const char all[] = "cdn.example.com.\n192.0.2.1\n192.0.2.2";

	(void)state;
	answers_are(bytes, sizeof(bytes) - 1, all);
	answers_are(bytes, 12, "");
	answers_are("", 0, "");
	/* Only whole lines, whatever the room is. */
	for (size_t size = 0; size < sizeof(all) + 2; size++) {
		char *text = malloc(size + 1);
		size_t n;

		assert_non_null(text);
		text[size] = '#';
		n = records_answers((const uint8_t *)bytes, sizeof(bytes) - 1, text, size);
		assert_int_equal(text[size], '#');
		assert_int_equal(n, size >= 38 ? 36 : size >= 28 ? 26 : size >= 18 ? 16 : 0);
		assert_memory_equal(text, all, n);
		if (size > 0)
			assert_int_equal(text[n], '\0');
		free(text);
	}
}

/* A list of keys that takes more text than ldns looks for room. */
static void long_svcb_is_written(void **state)
{
	uint8_t bytes[512], data[3 + 4 + 200] = { 0, 1, 0, 0, 0, 0, 200 };
	char text[TEXT_MAX];
	size_t n;

	(void)state;
	for (size_t i = 0; i < 100; i++)
		data[7 + 2 * i + 1] = 2;
	n = answer_of(bytes, 64, data, sizeof(data));
	n = records_answers(bytes, n, text, sizeof(text));
	assert_int_equal(n, strlen("1 . mandatory=") + 100 * sizeof("no-default-alpn,") - 101);
	assert_string_equal(text + n - 16, ",no-default-alpn");
}

/* clang-format off */
static const struct {
	const char *bytes;
	size_t len;
	const char *text;
} messages[] = {
	{ BYTES("\x12\x34\x85\xb0\0\1\0\1\0\1\0\1" QUESTION "\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\xc0\0\2\1"
		"\xc0\x10\0\2\0\1\0\1\x51\x80\0\5\2ns\xc0\x10" "\2ns\xc0\x10\0\x1c\0\1\0\1\x51\x80\0\x10\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"),
	  ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4660\n"
	  ";; flags: qr aa rd ra ad cd; QUERY: 1, ANSWER: 1, AUTHORITY: 1, ADDITIONAL: 1\n"
	  "\n;; QUESTION SECTION:\n"
	  ";www.example.com.               IN      A\n"
	  "\n;; ANSWER SECTION:\n"
	  "www.example.com.        300     IN      A       192.0.2.1\n"
	  "\n;; AUTHORITY SECTION:\n"
	  "example.com.            86400   IN      NS      ns.example.com.\n"
	  "\n;; ADDITIONAL SECTION:\n"
	  "ns.example.com.         86400   IN      AAAA    2001:db8::1\n" },
	{ BYTES("\0\1\x28\0\0\1\0\1\0\1\0\0\1z\0\0\6\0\1" "\xc0\x0c\0\xff\0\xfe\0\0\0\0\0\0"
		"\1a\xc0\x0c\0\1\0\1\0\0\0\1\0\4\1\2\3\4"),
	  ";; ->>HEADER<<- opcode: UPDATE, status: NOERROR, id: 1\n"
	  ";; flags:; ZONE: 1, PREREQ: 1, UPDATE: 1, ADDITIONAL: 0\n"
	  "\n;; ZONE SECTION:\n"
	  ";z.                             IN      SOA\n"
	  "\n;; PREREQUISITE SECTION:\n"
	  "z.                      0       NONE    ANY\n"
	  "\n;; UPDATE SECTION:\n"
	  "a.z.                    1       IN      A       1.2.3.4\n" },
	{ BYTES("\0\1\x81\0\0\1\0\0\0\0\0\1\0\0\2\0\1" "\0\0\x29\4\xd0\1\1\x80\0\0\x58"
		"\0\3\0\3ns\x01" "\0\5\0\2\x08\x0d" "\0\x8\0\7\0\1\x18\0\xc0\0\2" "\0\x8\0\7\0\2\x18\0\x20\1\xd"
		"\0\xa\0\x4\1\2\xab\xcd" "\0\xb\0\2\0\x64" "\0\xc\0\5\0\0\0\0\0" "\0\xf\0\7\0\x16" "t\\\nut"
		"\0\xf\0\3\xc0\0x" "\0\x12\0\3\1r\0" "\xfd\xe9\0\1a"),
	  ";; ->>HEADER<<- opcode: QUERY, status: BADVERS, id: 1\n"
	  ";; flags: qr rd; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 1\n"
	  "\n;; OPT PSEUDOSECTION:\n"
	  "; EDNS: version: 1, flags: do; udp: 1232\n"
	  "; NSID: 6E7301 (\"ns\\001\")\n"
	  "; DAU: 8 13\n"
	  "; CLIENT-SUBNET: 192.0.2.0/24/0\n"
	  "; CLIENT-SUBNET: 2001:d00::/24/0\n"
	  "; COOKIE: 0102ABCD\n"
	  "; TCP-KEEPALIVE: 10.0 s\n"
	  "; PADDING: 5 bytes\n"
	  "; EDE: 22 (No Reachable Authority): (t\\\\\\010ut)\n"
	  "; EDE: 49152: (x)\n"
	  "; REPORT-CHANNEL: r.\n"
	  "; OPT=65001: 61 (\"a\")\n"
	  "\n;; QUESTION SECTION:\n"
	  ";.                              IN      NS\n" },
	/* Options that are not what they should be. */
	{ BYTES("\0\1\x81\0\0\0\0\0\0\0\0\1" "\0\0\x29\2\0\0\0\0\0\0\x1b"
		"\0\x8\0\3\0\1\x18" "\0\xb\0\1\1" "\0\xf\0\1\0" "\0\x12\0\2\xc0\0" "\0\xa\0\xff"),
	  ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n"
	  ";; flags: qr rd; QUERY: 0, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 1\n"
	  "\n;; OPT PSEUDOSECTION:\n"
	  "; EDNS: version: 0, flags:; udp: 512\n"
	  "; CLIENT-SUBNET: 000118 (\"\\000\\001\\024\")\n"
	  "; TCP-KEEPALIVE: 01 (\"\\001\")\n"
	  "; EDE: 00 (\"\\000\")\n"
	  "; REPORT-CHANNEL: C000 (\"\\192\\000\")\n"
	  "; the options are longer than their record\n" },
	/* What can't be read ends the text, and all before it is there. */
	{ BYTES("\x12\x34\x81\x80\0\1\0\2\0\0\0\0" QUESTION "\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\xc0\0\2\1\xc0\x0c\0\1"),
	  ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4660\n"
	  ";; flags: qr rd ra; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 0\n"
	  "\n;; QUESTION SECTION:\n"
	  ";www.example.com.               IN      A\n"
	  "\n;; ANSWER SECTION:\n"
	  "www.example.com.        300     IN      A       192.0.2.1\n"
	  "\n;; the message ends within a record, after 53 bytes\n" },
	{ BYTES("\x12\x34\x81\x80\0\1\0\0\0\0\0\0\x41\0\0\1\0\1"),
	  ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4660\n"
	  ";; flags: qr rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0\n"
	  "\n;; QUESTION SECTION:\n"
	  "\n;; a name is wrong at byte 12 of 18\n" },
	{ BYTES("\x12\x34\x81\x80\0\0\0\0\0\0\0\0xyz"),
	  ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4660\n"
	  ";; flags: qr rd ra; QUERY: 0, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0\n"
	  "\n;; 3 more bytes after the last record\n" },
	{ BYTES("\x12\x34"), "\n;; the message ends within its header, after 2 bytes\n" },
};
/* clang-format on */

static void messages_are_as_dig_shows_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		uint8_t *copy = exact(messages[i].bytes, messages[i].len);
		char text[TEXT_MAX];
		size_t n = records_message(copy, messages[i].len, text, sizeof(text));

		free(copy);
		assert_string_equal(text, messages[i].text);
		assert_int_equal(n, strlen(text));
	}
}

/* Each message cut anywhere, in a buffer of any small size: whole lines of
 * printable bytes come out, and nothing is read or written beyond. */
static void cuts_are_survived(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		for (size_t cut = 0; cut <= messages[i].len; cut++) {
			uint8_t *copy = exact(messages[i].bytes, cut);
			size_t size = cut * 13 % 1500;
			char *text = malloc(size + 1);
			size_t n;

			assert_non_null(text);
			n = records_message(copy, cut, text, size);
			assert_true(n == 0 || (n < size && text[n - 1] == '\n' && text[n] == '\0'));
			for (size_t k = 0; k < n; k++)
				assert_true(text[k] == '\n' ||
					    (text[k] >= 0x20 && text[k] <= 0x7e));
			(void)records_answers(copy, cut, text, size);
			free(text);
			free(copy);
		}
	}
}

/* Every type with every kind of noise: no byte of it may reach a terminal. */
static void noise_is_survived(void **state)
{
	uint32_t random = 7;

	(void)state;
	for (unsigned int run = 0; run < 30000; run++) {
		const size_t line = run % ARRAY_SIZE(records);
		uint8_t bytes[512], *copy;
		char text[TEXT_MAX];
		size_t n = answer_of(bytes, records[line].type, records[line].data,
				     records[line].len);

		for (int change = 0; change < 3; change++) {
			random = random * 1664525 + 1013904223;
			bytes[43 + (random >> 16) % (n - 43)] = (uint8_t)(random >> 8);
		}
		copy = exact(bytes, n);
		n = records_answers(copy, n, text, sizeof(text));
		free(copy);
		assert_int_equal(n, strlen(text));
		for (size_t k = 0; k < n; k++)
			assert_true(text[k] == '\n' || (text[k] >= 0x20 && text[k] <= 0x7e));
	}
}

/* clang-format off */
static const struct {
	const char *what;
	uint16_t type;
	const char *fill;
	size_t len;
	uint16_t piece; /* bytes of data in one record */
} hostile[] = {
	{ "empty strings", 16, BYTES("\0"), 65000 },
	{ "empty strings of ldns", 20, BYTES("\0"), 16000 },
	{ "pointers to pointers", 55, BYTES("\xc0\0"), 16000 },
	{ "pointers to the record", 5, BYTES("\xc0\x2d"), 2 },
	{ "gateway loops", 45, BYTES("\1\3\2\xc0\3"), 5 },
	{ "full windows", 47, BYTES("\0\xff"), 65000 },
	{ "prefixes", 42, BYTES("\0\1\0\0"), 16000 },
	{ "unknown", 65280, BYTES("\0"), 65000 },
	{ "base64", 61, BYTES("\0"), 16000 },
	{ "small records", 1, BYTES("\0"), 0 },
};
/* clang-format on */

/* No message that fits takes long, however its data is chosen. */
static void hostile_messages_are_cheap(void **state)
{
	const size_t room = 512 * 1024;
	char *text = malloc(room);
	uint8_t *bytes = malloc(DNS_MSG_MAX);

	(void)state;
	assert_non_null(text);
	assert_non_null(bytes);
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		const uint8_t head[] = { 0xc0,
					 0x0c,
					 (uint8_t)(hostile[i].type >> 8),
					 (uint8_t)hostile[i].type,
					 0,
					 1,
					 0,
					 0,
					 0,
					 0,
					 (uint8_t)(hostile[i].piece >> 8),
					 (uint8_t)hostile[i].piece };
		size_t at = 12 + sizeof(QUESTION) - 1;
		uint64_t begin;

		memcpy(bytes, "\x12\x34\x81\x80\0\1\xff\xff\0\0\0\0" QUESTION, at);
		while (at + sizeof(head) + hostile[i].piece <= DNS_MSG_MAX) {
			memcpy(bytes + at, head, sizeof(head));
			at += sizeof(head);
			for (size_t k = 0; k < hostile[i].piece; k++)
				bytes[at + k] = (uint8_t)hostile[i].fill[k % hostile[i].len];
			at += hostile[i].piece;
		}
		/* Of this thread alone, whatever else runs here. */
		begin = clock_ns(CLOCK_THREAD_CPUTIME_ID);
		records_message(bytes, at, text, room);
		double ms = (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - begin) / 1e6;

		if (ms > 200) /* a tenth of it without sanitizers */
			fail_msg("%s: %.1f ms", hostile[i].what, ms);
	}
	free(bytes);
	free(text);
}

/* What the OPT record says, and nothing where there is none or no message. */
static void edns_is_told_apart(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *want;
	} all[] = {
		{ BYTES("\0\1\1\0\0\0\0\0\0\0\0\1"
			"\0\0\x29\4\xd0\0\0\x80\0\0\x06"
			"\0\xa\0\2\xab\xcd"),
		  "; EDNS: version: 0, flags: do; udp: 1232\n; COOKIE: ABCD\n" },
		{ BYTES("\0\1\1\0\0\0\0\0\0\0\0\0"), "" },
		{ BYTES("\0\1"), "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		uint8_t *copy = exact(all[i].bytes, all[i].len);
		char text[TEXT_MAX];

		assert_int_equal(records_edns(copy, all[i].len, text, sizeof(text)),
				 strlen(all[i].want));
		assert_string_equal(text, all[i].want);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_has_its_text),
		cmocka_unit_test(wrong_and_unknown_data_is_generic),
		cmocka_unit_test(answers_are_lines),
		cmocka_unit_test(edns_is_told_apart),
		cmocka_unit_test(long_svcb_is_written),
		cmocka_unit_test(messages_are_as_dig_shows_them),
		cmocka_unit_test(cuts_are_survived),
		cmocka_unit_test(noise_is_survived),
		cmocka_unit_test(hostile_messages_are_cheap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
