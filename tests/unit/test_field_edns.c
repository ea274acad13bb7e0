/* SPDX-License-Identifier: BSD-2-Clause */
/* What fields tell of EDNS, from the messages' own bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/dns/walk.h"
#include "core/flow/tracker.h"
#include "core/query/field.h"
#include "tests/unit/script.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct bytes {
	const char *at;
	size_t n;
};

#define BYTES(text)                      \
	{                                \
		(text), sizeof(text) - 1 \
	}

/* A message with an OPT record of these options. */
static void feed(struct script *s, bool response, const struct bytes *options)
{
	uint8_t wire[512];
	struct dns_msg m = { .ts_ns = script_time(response ? "1ms" : "0"), .wire = wire };
	size_t n = script_wire(wire, response, 7, "a.example", "A", 0, 0, 0);

	if (options->at) {
		wire[11] = 1;
		memcpy(wire + n, "\0\0\x29\x04\xd0\0\0\x80\0", 9);
		n += 9;
		n += script_put16(wire + n, (unsigned)options->n);
		memcpy(wire + n, options->at, options->n);
		n += options->n;
	}
	script_endpoint("10.0.0.1:1000", response ? &m.dst : &m.src,
			response ? &m.dst_port : &m.src_port);
	script_endpoint("10.0.0.2:53", response ? &m.src : &m.dst,
			response ? &m.src_port : &m.dst_port);
	m.wire_len = m.wire_orig = (uint32_t)n;
	tracker_feed(s->tracker, &m);
	tracker_flush(s->tracker);
}

/* clang-format off */
static const struct {
	const char *what;
	struct bytes query, response;
	const char *field, *want;
} cases[] = {
	{ "no EDNS", { NULL, 0 }, { NULL, 0 }, "edns_version", "-" },
	{ "EDNS", BYTES(""), { NULL, 0 }, "edns_version", "0" },
	{ "its size", BYTES(""), { NULL, 0 }, "edns_size", "1232" },
	{ "a subnet asked for", BYTES("\0\x08\0\x07\0\1\x18\0\xc0\0\2"), { NULL, 0 },
	  "ecs", "192.0.2.0/24" },
	{ "and answered for", BYTES("\0\x08\0\x07\0\1\x18\0\xc0\0\2"),
	  BYTES("\0\x08\0\x07\0\1\x18\x10\xc0\0\2"), "ecs", "192.0.2.0/24/16" },
	{ "an IPv6 one", BYTES("\0\x08\0\x0a\0\2\x30\0\x20\1\x0d\xb8\0\0"), { NULL, 0 },
	  "ecs", "2001:db8::/48" },
	{ "one of another family", BYTES("\0\x08\0\4\0\3\0\0"), { NULL, 0 }, "ecs", "-" },
	{ "one that is too long", BYTES("\0\x08\0\x09\0\1\x18\0\1\2\3\4\5"), { NULL, 0 }, "ecs", "-" },
	{ "one that is cut", BYTES("\0\x08\0\x07\0\1\x18"), { NULL, 0 }, "ecs", "-" },
	{ "a cookie", BYTES("\0\x0a\0\x08" "\1\2\3\4\5\6\7\x0f"), { NULL, 0 },
	  "cookie", "010203040506070f" },
	{ "with the server's", BYTES("\0\x0a\0\x08" "\1\2\3\4\5\6\7\x0f"),
	  BYTES("\0\x0a\0\x10" "\1\2\3\4\5\6\7\x0f" "\xff\0\0\0\0\0\0\1"),
	  "cookie", "010203040506070fff00000000000001" },
	{ "NSID after another option", BYTES("\0\3\0\0"), BYTES("\0\x0c\0\2\0\0\0\3\0\5lhr\x1b\\"),
	  "nsid", "lhr\\027\\092" },
	{ "asked for, not told", BYTES("\0\3\0\0"), BYTES(""), "nsid", "-" },
	{ "an extended error", BYTES(""), BYTES("\0\x0f\0\x06\0\x12no!\0"), "ede_text", "no!" },
	{ "one without words", BYTES(""), BYTES("\0\x0f\0\2\0\x12"), "ede_text", "-" },
	{ "one with a NUL for words", BYTES(""), BYTES("\0\x0f\0\3\0\x12\0"), "ede_text", "-" },
};
/* clang-format on */

static void fields_tell_what_edns_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script *s = script_new(4);
		const struct row_source src = { .table = s->table };
		char text[256];

		feed(s, false, &cases[i].query);
		feed(s, true, &cases[i].response);
		field_cell(field_find(cases[i].field, strlen(cases[i].field), NULL), &src,
			   flow_table_row(s->table, 0), text, sizeof(text));
		if (strcmp(text, cases[i].want))
			fail_msg("%s: %s is \"%s\", not \"%s\"", cases[i].what, cases[i].field,
				 text, cases[i].want);
		script_free(s);
	}
}

/* Without the bytes nothing is told. */
static void absent_where_bytes_are_not_kept(void **state)
{
	struct script *s = script_new_store(4, 0);
	const struct row_source src = { .table = s->table };
	const struct bytes cookie = BYTES("\0\x0a\0\x08"
					  "12345678");
	char text[64];

	(void)state;
	feed(s, false, &cookie);
	field_cell(field_find("cookie", 6, NULL), &src, flow_table_row(s->table, 0), text,
		   sizeof(text));
	assert_string_equal(text, "-");
	script_free(s);
}

/* Every cut of a message with all sections ends the walk, and reads nothing else. */
static void a_walk_ends_where_the_message_does(void **state)
{
	static const uint8_t whole[] =
		"\0\7\x84\0\0\1\0\1\0\1\0\1\1a\0\0\1\0\1\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\1\2\3\4"
		"\0\0\2\0\1\0\0\0\1\0\1\0\0\0\x29\4\xd0\0\0\0\0\0\4\0\3\0\0";
	size_t n = sizeof(whole) - 1;
	unsigned sections[] = { 0, 0, 0, 0 };
	struct dns_walk k;

	(void)state;
	dns_walk_begin(&k, whole, n);
	while (dns_walk_next(&k, true))
		sections[k.section]++;
	for (int i = 0; i < 4; i++)
		assert_int_equal(sections[i], 1);
	assert_int_equal(k.w.pos, n);
	for (size_t cut = DNS_HEADER_LEN; cut < n; cut++) {
		uint8_t *copy = malloc(cut);
		struct dns_options o;
		unsigned entries = 0;

		memcpy(copy, whole, cut);
		dns_walk_begin(&k, copy, cut);
		while (dns_walk_next(&k, cut & 1))
			entries++;
		assert_in_range(entries, 0, 3);
		assert_false(dns_options_begin(&o, copy, cut) && dns_options_find(&o, 3));
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_tell_what_edns_says),
		cmocka_unit_test(absent_where_bytes_are_not_kept),
		cmocka_unit_test(a_walk_ends_where_the_message_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
