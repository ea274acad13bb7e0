/* SPDX-License-Identifier: BSD-2-Clause */
/* Anonymous addresses: another one each, the same each time, networks kept where asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "core/source/addresses.h"

static const struct addresses plain = { .anonymous = true, .key = { 17, 42 } };

static struct ip_addr addr(const char *text)
{
	struct ip_addr a = { 0 };

	assert_int_equal(ip_addr_parse(text, &a), 0);
	return a;
}

static struct ip_addr hidden(const struct addresses *a, const char *text)
{
	struct ip_addr out = addr(text);

	addresses_hide(a, &out);
	return out;
}

static bool same(struct ip_addr a, struct ip_addr b, int bytes)
{
	return memcmp(a.b, b.b, (size_t)bytes) == 0;
}

static void test_another_one_of_its_family(void **state)
{
	static const char *const hosts[] = { "10.0.3.17",       "192.0.2.1",     "1.0.0.0",
					     "223.255.255.255", "2001:db8::1",   "fe80::1",
					     "fd00::53",        "64:ff9b::a00:1" };
	struct addresses other = { .key = { 18, 42 } };

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct ip_addr real = addr(hosts[i]), once = hidden(&plain, hosts[i]);

		assert_false(same(real, once, 16));
		assert_true(same(once, hidden(&plain, hosts[i]), 16));
		assert_false(same(once, hidden(&other, hosts[i]), 16));
		assert_int_equal(ip_addr_is_v4(&real), ip_addr_is_v4(&once));
	}
}

static void test_what_names_no_host_stays(void **state)
{
	static const char *const none[] = { "0.0.0.0",         "127.0.0.53", "224.0.0.251",
					    "255.255.255.255", "::",         "::1",
					    "ff02::fb" };

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_true(same(addr(none[i]), hidden(&plain, none[i]), 16));
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct ip_addr));
}

#define MANY 40000

/* None becomes another's, nor one that names no host. */
static void all_differ(const struct addresses *a, const char *base, int byte)
{
	struct ip_addr *all = calloc(MANY, sizeof(*all));

	assert_non_null(all);
	for (int i = 0; i < MANY; i++) {
		all[i] = addr(base);
		all[i].b[byte] = (uint8_t)(i >> 8);
		all[i].b[byte + 1] = (uint8_t)i;
		addresses_hide(a, &all[i]);
		if (ip_addr_is_v4(&all[i]))
			assert_in_range(all[i].b[12], 1, 223);
		assert_int_not_equal(all[i].b[12], ip_addr_is_v4(&all[i]) ? 127 : 256);
		assert_int_not_equal(all[i].b[0], 0xff);
	}
	qsort(all, MANY, sizeof(*all), compare);
	for (int i = 1; i < MANY; i++)
		assert_false(same(all[i - 1], all[i], 16));
	free(all);
}

static void test_never_that_of_two(void **state)
{
	(void)state;
	for (int prefix = 0; prefix <= 32; prefix += 8) {
		struct addresses a = plain;

		a.prefix4 = (uint8_t)prefix;
		a.prefix6 = (uint8_t)(prefix * 4 - (prefix > 0));
		all_differ(&a, "10.7.0.0", 14);
		all_differ(&a, "10.0.0.9", 13);
		all_differ(&a, "2001:db8::", 14);
		all_differ(&a, "2001:db8::", 3);
	}
}

static void test_networks_stay_together(void **state)
{
	struct addresses a = { .key = { 1, 2 }, .prefix4 = 24, .prefix6 = 48 };

	(void)state;
	assert_true(same(hidden(&a, "10.0.3.17"), hidden(&a, "10.0.3.200"), 15));
	assert_false(same(hidden(&a, "10.0.3.17"), hidden(&a, "10.0.4.17"), 15));
	assert_true(same(hidden(&a, "2001:db8:1:2::3"), hidden(&a, "2001:db8:1:ffff::9"), 6));
	assert_false(same(hidden(&a, "2001:db8:1:2::3"), hidden(&a, "2001:db8:2:2::3"), 6));
	a.prefix6 = 112;
	assert_true(same(hidden(&a, "2001:db8::1:3"), hidden(&a, "2001:db8::1:4"), 14));
	assert_false(same(hidden(&a, "2001:db8::1:3"), hidden(&a, "2001:db8::2:3"), 14));
	/* Without a prefix nothing they have in common shows. */
	assert_false(same(hidden(&plain, "2001:db8::1"), hidden(&plain, "2001:db8::2"), 8));
}

static void test_messages(void **state)
{
	uint8_t query[12] = { 0 }, response[12] = { [2] = 0x80 };
	struct addresses a = plain;
	struct dns_msg msg = { .src = addr("10.0.0.1"),
			       .dst = addr("10.0.0.2"),
			       .wire = query,
			       .wire_len = 12,
			       .drop_by = "10.0.0.9" };
	char text[VALUE_ADDR_TEXT_MAX], by[INET_ADDRSTRLEN];
	struct dns_msg out;
	struct ip_addr router = hidden(&plain, "10.0.0.9");

	(void)state;
	assert_true(addresses_take(&a, &msg, &out, text));
	assert_true(same(out.src, hidden(&plain, "10.0.0.1"), 16));
	assert_true(same(out.dst, hidden(&plain, "10.0.0.2"), 16));
	assert_string_equal(out.drop_by, inet_ntop(AF_INET, router.b + 12, by, sizeof(by)));
	msg.drop_by = "nf_hook_slow";
	assert_true(addresses_take(&a, &msg, &out, text));
	assert_string_equal(out.drop_by, "nf_hook_slow");

	a.ignored[a.n_ignored++] = addr("10.0.0.1");
	assert_false(addresses_take(&a, &msg, &out, text));
	msg.wire = response;
	assert_true(addresses_take(&a, &msg, &out, text));
	msg.dst = addr("10.0.0.1");
	assert_false(addresses_take(&a, &msg, &out, text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_another_one_of_its_family),
		cmocka_unit_test(test_what_names_no_host_stays),
		cmocka_unit_test(test_never_that_of_two),
		cmocka_unit_test(test_networks_stay_together),
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
