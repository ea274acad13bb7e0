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

/* A literal of wire bytes, without the NUL that C adds. */
#define BYTES(s)      (s), sizeof(s) - 1
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Labels that are just as long as their names say. */
#define L61TEXT "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz012345678"
#define L63TEXT L61TEXT "90"
#define L61     "\x3d" L61TEXT
#define L62     "\x3e" L61TEXT "9"
#define L63     "\x3f" L63TEXT

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

static void cursor_reads_big_endian_and_sticks(void **state)
{
	struct wire w;

	(void)state;
	wire_init(&w, "\1\2\3\4\5\6\7\x88\x99", 9);
	assert_int_equal(wire_u8(&w), 1);
	assert_int_equal(wire_u16(&w), 0x0203);
	assert_int_equal(wire_u32(&w), 0x04050607);
	assert_int_equal(wire_u16(&w), 0x8899);
	assert_false(w.bad);
	assert_int_equal(wire_u8(&w), 0);
	assert_true(w.bad);
	assert_true(w.ended);

	wire_init(&w, "\xff\xff\xff", 3);
	assert_int_equal(wire_u32(&w), 0);
	assert_true(w.bad);
	/* There are bytes left, but the error sticks. */
	assert_int_equal(wire_u8(&w), 0);
	assert_int_equal(wire_name(&w, NULL), 0);

	wire_init(&w, "\xff\xff\xff", 3);
	wire_skip(&w, SIZE_MAX);
	assert_true(w.bad);
	assert_int_equal(w.pos, 0);
}

struct name_case {
	const char *what;
	const char *bytes;
	size_t len;
	size_t at;        /* where the name starts */
	const char *text; /* NULL: the name is bad */
	size_t next;      /* where the cursor is afterwards */
};

/* clang-format off */
static const struct name_case names[] = {
	{ "root", BYTES("\0"), 0, ".", 1 },
	{ "plain", BYTES("\3www\7example\3com\0x"), 0, "www.example.com", 17 },
	{ "case is kept", BYTES("\3wWw\2Ex\0"), 0, "wWw.Ex", 8 },
	{ "dot in a label", BYTES("\3a.b\1c\0"), 0, "a\\.b.c", 7 },
	{ "backslash", BYTES("\3a\\b\0"), 0, "a\\\\b", 5 },
	{ "space", BYTES("\3a b\0"), 0, "a\\032b", 5 },
	{ "NUL in a label", BYTES("\3a\0b\0"), 0, "a\\000b", 5 },
	{ "DEL and 255", BYTES("\2\x7f\xff\0"), 0, "\\127\\255", 4 },
	{ "first and last plain", BYTES("\2!~\0"), 0, "!~", 4 },
	{ "quotes stay", BYTES("\5\"();@\0"), 0, "\"();@", 7 },
	{ "63 bytes", BYTES(L63 "\0"), 0, L63TEXT, 65 },
	{ "255 bytes", BYTES(L63 L63 L63 L61 "\0"), 0, L63TEXT "." L63TEXT "." L63TEXT "." L61TEXT,
	  255 },
	{ "256 bytes", BYTES(L63 L63 L63 L62 "\0"), 0, NULL, 0 },
	{ "256 bytes through a pointer", BYTES(L62 "\0" L63 L63 L63 "\xc0\0"), 64, NULL, 0 },
	{ "255 bytes through a pointer", BYTES(L61 "\0" L63 L63 L63 "\xc0\0"), 63,
	  L63TEXT "." L63TEXT "." L63TEXT "." L61TEXT, 63 + 194 },
	{ "pointer", BYTES("\3com\0\3www\xc0\0"), 5, "www.com", 11 },
	{ "pointer alone", BYTES("\3com\0\xc0\0"), 5, "com", 7 },
	{ "pointer to a pointer", BYTES("\1a\0\xc0\0\xc0\3"), 5, "a", 7 },
	{ "pointer into a label", BYTES("\3\1a\0\0\xc0\1"), 5, "a", 7 },
	{ "pointer to the root", BYTES("\0\xc0\0"), 1, ".", 3 },
	{ "pointer to itself", BYTES("\xc0\0"), 0, NULL, 0 },
	{ "pointer to its own start", BYTES("\1a\xc0\0"), 0, NULL, 0 },
	{ "pointer forward", BYTES("\xc0\2\1a\0"), 0, NULL, 0 },
	{ "pointer back and forth", BYTES("\xc0\2\xc0\0"), 2, NULL, 0 },
	{ "pointer to the end", BYTES("\1a\xc0\4"), 0, NULL, 0 },
	{ "pointer past the end", BYTES("\1a\xff\xff"), 0, NULL, 0 },
	{ "half a pointer", BYTES("\1a\xc0"), 0, NULL, 0 },
	{ "label type 0x40", BYTES("\x41\1a\0"), 0, NULL, 0 },
	{ "label type 0x80", BYTES("\x80\1a\0"), 0, NULL, 0 },
	{ "label type 0x40 later", BYTES("\1a\x40\0"), 0, NULL, 0 },
	{ "label past the end", BYTES("\4abc"), 0, NULL, 0 },
	{ "no root label", BYTES("\3abc"), 0, NULL, 0 },
	{ "nothing", BYTES(""), 0, NULL, 0 },
};
/* clang-format on */

static void names_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct name_case *c = &names[i];
		uint8_t *copy = exact(c->bytes, c->len);
		char text[DNS_NAME_TEXT_MAX] = "untouched";
		struct wire w;
		size_t n;

		wire_init(&w, copy, c->len);
		wire_skip(&w, c->at);
		n = wire_name(&w, text);
		free(copy);
		if (w.bad != !c->text)
			fail_msg("%s: bad is %d", c->what, w.bad);
		if (!c->text) {
			assert_int_equal(n, 0);
			assert_string_equal(text, "");
			continue;
		}
		if (strcmp(text, c->text) != 0 || w.pos != c->next)
			fail_msg("%s: '%s' and on at %zu", c->what, text, w.pos);
		assert_int_equal(n, strlen(c->text));
	}
}

/* Skipping sees all errors but those behind a pointer. */
static void names_are_skipped(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct name_case *c = &names[i];
		uint8_t *copy = exact(c->bytes, c->len);
		struct wire w;

		wire_init(&w, copy, c->len);
		wire_skip(&w, c->at);
		assert_int_equal(wire_name(&w, NULL), 0);
		free(copy);
		if (c->text && (w.bad || w.pos != c->next))
			fail_msg("%s: bad %d, on at %zu", c->what, w.bad, w.pos);
		if (!c->text && c->at == 0 && !w.bad)
			fail_msg("%s: not seen", c->what);
	}
}

/* Plain bytes are copied eight at a time: none may slip through among them. */
static void every_byte_is_seen_everywhere(void **state)
{
	(void)state;
	for (unsigned int byte = 0; byte < 256; byte++) {
		for (size_t at = 0; at < 19; at++) {
			uint8_t name[21] = { 19 };
			char text[DNS_NAME_TEXT_MAX], want[32];
			struct wire w;

			memset(name + 1, 'a', 19);
			name[1 + at] = (uint8_t)byte;
			if (byte == '.' || byte == '\\')
				snprintf(want, sizeof(want), "\\%c", (int)byte);
			else if (byte >= 0x21 && byte <= 0x7e)
				snprintf(want, sizeof(want), "%c", (int)byte);
			else
				snprintf(want, sizeof(want), "\\%03u", byte);
			wire_init(&w, name, sizeof(name));
			assert_int_equal(wire_name(&w, text), 18 + strlen(want));
			assert_memory_equal(text, "aaaaaaaaaaaaaaaaaa", at);
			assert_memory_equal(text + at, want, strlen(want));
			assert_string_equal(text + at + strlen(want), "aaaaaaaaaaaaaaaaaa" + at);
		}
	}
}

/* 255 bytes of which each text takes the most: the buffer's size is right. */
static void longest_text_fits(void **state)
{
	static const size_t labels[] = { 63, 63, 63, 61 };
	uint8_t name[255] = { 0 };
	char *text = malloc(DNS_NAME_TEXT_MAX);
	size_t at = 0;
	struct wire w;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
		name[at] = (uint8_t)labels[i];
		memset(name + at + 1, 0xff, labels[i]);
		at += labels[i] + 1;
	}
	wire_init(&w, name, sizeof(name));
	assert_int_equal(wire_name(&w, text), 4 * 250 + 3);
	assert_false(w.bad);
	assert_int_equal(strlen(text), 1003);
	free(text);
}

/* Chains of pointers are short, also where each leads backwards. */
static void pointer_chain_is_bounded(void **state)
{
	uint8_t bytes[1 + 2 * 128] = { 0 };
	char text[DNS_NAME_TEXT_MAX];
	struct wire w;

	(void)state;
	for (unsigned int i = 0; i < 128; i++) {
		unsigned int target = i ? 2 * i - 1 : 0;

		bytes[1 + 2 * i] = (uint8_t)(0xc0 | target >> 8);
		bytes[2 + 2 * i] = (uint8_t)target;
	}
	wire_init(&w, bytes, sizeof(bytes));
	wire_skip(&w, 1 + 2 * 126);
	assert_int_equal(wire_name(&w, text), 1);
	assert_string_equal(text, ".");
	wire_init(&w, bytes, sizeof(bytes));
	wire_skip(&w, 1 + 2 * 127);
	wire_name(&w, text);
	assert_true(w.bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cursor_reads_big_endian_and_sticks),
		cmocka_unit_test(names_are_read),
		cmocka_unit_test(names_are_skipped),
		cmocka_unit_test(every_byte_is_seen_everywhere),
		cmocka_unit_test(longest_text_fits),
		cmocka_unit_test(pointer_chain_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
