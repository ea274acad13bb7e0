/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/dns/wire.h"
#include "core/enrich/registrable.h"

static void test_each(void **state)
{
	static const struct {
		const char *name, *domain;
	} rows[] = {
		{ "www.example.com", "example.com" },
		{ "example.com", "example.com" },
		{ "a.b.example.co.uk", "example.co.uk" },
		{ "WWW.Example.CO.UK", "Example.CO.UK" },
		/* A public suffix, one label and the root have none. */
		{ "co.uk", "co.uk" },
		{ "com", "com" },
		{ ".", "." },
		/* Rules with a star, and an exception from one. */
		{ "a.b.c.ck", "b.c.ck" },
		{ "x.www.ck", "www.ck" },
		/* Of no list: the last two labels. */
		{ "a.b.corp.nowhere-at-all", "corp.nowhere-at-all" },
		{ "9.3.0.10.in-addr.arpa", "10.in-addr.arpa" },
		{ "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa",
		  "f.ip6.arpa" },
		{ "a.b.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn" },
		/* An escaped dot parts no labels, nor does an escaped letter. */
		{ "a\\.b.example\\.co.uk", "example\\.co.uk" },
		{ "x.a\\.b.com", "a\\.b.com" },
		{ "a\\046b.co\\009.uk", "co\\009.uk" },
		{ "\\", "\\" },
		{ "\\0", "\\0" },
		{ "_dns._udp.example.com", "example.com" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *name = rows[i].name;

		assert_string_equal(name + registrable_start(name, strlen(name)), rows[i].domain);
	}
}

/* Names are told by their length: what is behind them is not looked at. */
static void test_length(void **state)
{
	char longest[DNS_NAME_TEXT_MAX + 10];

	(void)state;
	assert_int_equal(registrable_start("a.example.comXYZ", strlen("a.example.com")), 2);
	memset(longest, 'a', sizeof(longest));
	assert_int_equal(registrable_start(longest, sizeof(longest)), 0);
	memcpy(longest + DNS_NAME_TEXT_MAX - 4, ".com", 4);
	assert_int_equal(registrable_start(longest, DNS_NAME_TEXT_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
