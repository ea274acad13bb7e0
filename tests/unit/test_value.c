/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/query/value.h"

#define US          1000ull
#define MS          (1000 * US)
#define S           (1000 * MS)
#define COUNT(a)    (sizeof(a) / sizeof((a)[0]))
#define UINT(n)     ((struct value){ .type = VALUE_UINT, .u = (n) })
#define DURATION(n) ((struct value){ .type = VALUE_DURATION, .u = (n) })
#define TIME(n)     ((struct value){ .type = VALUE_TIME, .u = (n) })
#define TEXT(t)     ((struct value){ .type = VALUE_TEXT, .text = (t), .len = strlen(t) })
#define LIST(t)     ((struct value){ .type = VALUE_LIST, .text = (t), .len = strlen(t) })
#define NAMED(n, name) \
	((struct value){ .type = VALUE_NAMED, .u = (n), .text = (name), .len = strlen(name) })
#define NONE ((struct value){ .type = VALUE_NONE })

/* 2026-11-23 12:04:31.402118233 UTC */
#define NOW 1795435471402118233ull

static struct value addr_value(const char *text)
{
	struct value v = { .type = VALUE_ADDR };

	assert_int_equal(ip_addr_parse(text, &v.addr), 0);
	return v;
}

static void expect_format(const struct value *v, enum value_style style, const char *want)
{
	char buf[256];
	size_t len = value_format(v, style, buf, sizeof(buf));

	assert_string_equal(buf, want);
	assert_int_equal(len, strlen(want));
}

static void test_duration_formats(void **state)
{
	static const struct {
		uint64_t ns;
		const char *cell;
		const char *full;
	} rows[] = {
		{ 0, "0.0us", "0.000 us" },
		{ 42, "0.0us", "0.042 us" },
		{ 999, "1.0us", "0.999 us" },
		{ 9949, "9.9us", "9.949 us" },
		{ 9950, "10us", "9.950 us" },
		{ 62 * US, "62us", "62.000 us" },
		{ 99499, "99us", "99.499 us" },
		{ 99500, "0.1ms", "99.500 us" },
		{ 412035, "0.4ms", "412.035 us" },
		{ 999999, "1.0ms", "999.999 us" },
		{ 31 * MS + 40 * US, "31.0ms", "31.040 ms" },
		{ 31 * MS + 50 * US, "31.1ms", "31.050 ms" },
		{ 999949999, "999.9ms", "999.950 ms" },
		{ 999950000, "1.00s", "999.950 ms" },
		{ 999999499, "1.00s", "999.999 ms" },
		{ 999999500, "1.00s", "1.000000 s" },
		{ 2104118233, "2.10s", "2.104118 s" },
		{ 99994999999, "99.99s", "99.995000 s" },
		{ 99995000000, "100.0s", "99.995000 s" },
		{ 999949999999, "999.9s", "999.950000 s" },
		{ 3600 * S, "3600s", "3600.000000 s" },
		{ 864000 * S, "864000s", "864000.000000 s" },
		{ 8640000 * S, "100d", "8640000.000000 s" },
		{ UINT64_MAX, "213504d", "18446744073.709552 s" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct value v = DURATION(rows[i].ns);

		expect_format(&v, VALUE_SHORT, rows[i].cell);
		expect_format(&v, VALUE_FULL, rows[i].full);
	}
}

/* No cell is ever wider than its column. */
static void test_duration_cells_fit(void **state)
{
	char buf[64];

	(void)state;
	for (uint64_t ns = 1; ns < UINT64_MAX / 3; ns += ns / 97 + 1) {
		struct value v = DURATION(ns);

		assert_in_range(value_format(&v, VALUE_SHORT, buf, sizeof(buf)), 3, 7);
	}
}

static void test_time_formats(void **state)
{
	struct value v = TIME(NOW), early = TIME(1999999);

	(void)state;
	expect_format(&v, VALUE_SHORT, "12:04:31.402");
	expect_format(&v, VALUE_FULL, "2026-11-23 12:04:31.402118");
	expect_format(&early, VALUE_SHORT, "00:00:00.001");
	expect_format(&early, VALUE_FULL, "1970-01-01 00:00:00.001999");
}

static void test_time_follows_the_time_zone(void **state)
{
	struct value v = TIME(NOW);
	uint64_t ns;

	(void)state;
	setenv("TZ", "XXX-05:30", 1);
	tzset();
	expect_format(&v, VALUE_FULL, "2026-11-23 17:34:31.402118");
	assert_int_equal(value_parse_time("2026-11-23T17:34:31", 19, NOW, &ns), 0);
	assert_int_equal(ns, NOW / S * S);
	assert_int_equal(value_parse_time("2026-11-23T12:04:31Z", 20, NOW, &ns), 0);
	assert_int_equal(ns, NOW / S * S);
	setenv("TZ", "UTC", 1);
	tzset();
}

static void test_other_formats(void **state)
{
	const struct {
		struct value v;
		const char *want;
	} rows[] = {
		{ NONE, "-" },
		{ UINT(0), "0" },
		{ UINT(UINT64_MAX), "18446744073709551615" },
		{ NAMED(3, "NXDOMAIN"), "NXDOMAIN" },
		{ TEXT("example.com"), "example.com" },
		{ TEXT(""), "" },
		{ LIST("192.0.2.1\n10 mx.x"), "192.0.2.1, 10 mx.x" },
		{ LIST(""), "" },
		{ addr_value("10.0.3.22"), "10.0.3.22" },
		{ addr_value("0.0.0.0"), "0.0.0.0" },
		{ addr_value("255.100.9.10"), "255.100.9.10" },
		{ addr_value("fd00::3:17"), "fd00::3:17" },
		{ addr_value("::"), "::" },
		{ addr_value("2001:DB8:0:0:1:0:0:1"), "2001:db8::1:0:0:1" },
		{ addr_value("::ffff:10.0.0.1"), "10.0.0.1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		expect_format(&rows[i].v, VALUE_SHORT, rows[i].want);
		expect_format(&rows[i].v, VALUE_FULL, rows[i].want);
	}
}

/* Whatever the room, the text is cut inside it and terminated. */
static void test_formats_stay_in_their_buffer(void **state)
{
	const struct value values[] = {
		NONE,
		UINT(1234567),
		DURATION(2104118233),
		TIME(NOW),
		TEXT("a.b.example"),
		LIST("one\ntwo\nthree"),
		addr_value("fd00::3:17"),
		NAMED(2, "SERVFAIL"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++)
		for (size_t size = 1; size < 40; size++) {
			char *buf = malloc(size);
			size_t len = value_format(&values[i], VALUE_FULL, buf, size);

			assert_true(len < size);
			assert_int_equal(strlen(buf), len);
			free(buf);
		}
}

/* Each row is in order: earlier ones are smaller, by compare and by key. */
static void test_order(void **state)
{
	const struct value ordered[][6] = {
		{ UINT(0), UINT(1), UINT(1ull << 40), UINT(UINT64_MAX), NONE, NONE },
		{ NAMED(0, "NOERROR"), NAMED(2, "SERVFAIL"), NAMED(3, "NXDOMAIN"), NAMED(9, "A"),
		  NONE, NONE },
		{ DURATION(1), DURATION(2), DURATION(S), DURATION(90 * S), NONE, NONE },
		{ TEXT(""), TEXT("A.example"), TEXT("b.example"), TEXT("B.example.com"), NONE,
		  NONE },
		{ TEXT("Abcdefgh"), TEXT("aBcdefghi"), TEXT("abcdefghiJ"), TEXT("abcdefghk"), NONE,
		  NONE },
		{ addr_value("0.0.0.1"), addr_value("10.0.0.2"), addr_value("192.0.2.1"),
		  addr_value("255.255.255.255"), addr_value("::1"), addr_value("::1:0") },
		{ addr_value("0:0:0:1::"), addr_value("0:0:0:2::"), addr_value("2001:db8::1"),
		  addr_value("2001:db8::2"), addr_value("ffff::"),
		  addr_value("ffff:ffff:ffff:ffff::1") },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(ordered); r++)
		for (size_t i = 0; i < 6; i++)
			for (size_t j = 0; j < 6; j++) {
				const struct value *a = &ordered[r][i], *b = &ordered[r][j];
				int order = value_compare(a, b);

				if (a->type == VALUE_NONE && b->type == VALUE_NONE)
					assert_int_equal(order, 0);
				else
					assert_int_equal(order, (i > j) - (i < j));
				assert_true(order > 0 || value_key(a) <= value_key(b));
				assert_true((value_key(a) == UINT64_MAX) ==
					    (a->type == VALUE_NONE));
			}
}

static void test_names_are_equal_but_for_case(void **state)
{
	struct value a = TEXT("wWw.ExAmple.CoM"), b = TEXT("www.example.com");
	struct value brackets[] = { TEXT("@[`{"), TEXT("`{@[") };

	(void)state;
	assert_int_equal(value_compare(&a, &b), 0);
	assert_int_equal(value_key(&a), value_key(&b));
	/* What stands beside the letters in ASCII is not folded. */
	assert_true(value_compare(&brackets[0], &brackets[1]) < 0);
}

static void test_parse_uint(void **state)
{
	static const struct {
		const char *text;
		int err;
		uint64_t want;
	} rows[] = {
		{ "0", 0, 0 },
		{ "6699", 0, 6699 },
		{ "007", 0, 7 },
		{ "0x1a2b", 0, 0x1a2b },
		{ "0XFF", 0, 255 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "0xffffffffffffffff", 0, UINT64_MAX },
		{ "18446744073709551616", -EINVAL, 0 },
		{ "0x10000000000000000", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
		{ "0x", -EINVAL, 0 },
		{ "0xfg", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ " 1", -EINVAL, 0 },
		{ "1 ", -EINVAL, 0 },
		{ "1.0", -EINVAL, 0 },
		{ "1a", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t got = 0;

		assert_int_equal(value_parse_uint(rows[i].text, strlen(rows[i].text), &got),
				 rows[i].err);
		assert_int_equal(got, rows[i].want);
	}
}

static void test_parse_duration(void **state)
{
	static const struct {
		const char *text;
		uint64_t bare_ns;
		int err;
		uint64_t want;
	} rows[] = {
		{ "20ms", MS, 0, 20 * MS },
		{ "1.5s", MS, 0, 1500 * MS },
		{ "300us", MS, 0, 300 * US },
		{ "300\xc2\xb5s", MS, 0, 300 * US },
		{ "300\xce\xbcs", MS, 0, 300 * US },
		{ "80ns", MS, 0, 80 },
		{ "2m", MS, 0, 120 * S },
		{ "2min", MS, 0, 120 * S },
		{ "1h", MS, 0, 3600 * S },
		{ "1d", MS, 0, 86400 * S },
		{ "10", MS, 0, 10 * MS },
		{ "10", S, 0, 10 * S },
		{ "10", US, 0, 10 * US },
		{ "0.0015", S, 0, 1500 * US },
		{ ".5ms", MS, 0, 500 * US },
		{ "412.035 us", MS, 0, 412035 },
		{ "2.104118 s", MS, 0, 2104118000 },
		{ "0.0000000019s", MS, 0, 1 },
		{ "1.9ns", MS, 0, 1 },
		{ "18446744073709551615ns", MS, 0, UINT64_MAX },
		{ "18446744073709551616ns", MS, -EINVAL, 0 },
		{ "18446744074s", MS, -EINVAL, 0 },
		{ "18446744073.8s", MS, -EINVAL, 0 },
		{ "10", 0, -EINVAL, 0 },
		{ "", MS, -EINVAL, 0 },
		{ "ms", MS, -EINVAL, 0 },
		{ ".", MS, -EINVAL, 0 },
		{ "5.", MS, -EINVAL, 0 },
		{ "1.2.3s", MS, -EINVAL, 0 },
		{ "-1ms", MS, -EINVAL, 0 },
		{ "1 ", MS, -EINVAL, 0 },
		{ "1  ms", MS, -EINVAL, 0 },
		{ "1msx", MS, -EINVAL, 0 },
		{ "1MS", MS, -EINVAL, 0 },
		{ "1e3ms", MS, -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t got = 0;

		if (value_parse_duration(rows[i].text, strlen(rows[i].text), rows[i].bare_ns,
					 &got) != rows[i].err ||
		    got != rows[i].want)
			fail_msg("\"%s\": %llu", rows[i].text, (unsigned long long)got);
	}
}

/* What is shown can be typed: the cell means what it says, to its last digit. */
static void test_durations_round_trip(void **state)
{
	char buf[64];

	(void)state;
	for (uint64_t ns = 1; ns < 100 * S; ns += ns / 7 + 1) {
		struct value v = DURATION(ns);
		size_t len = value_format(&v, VALUE_FULL, buf, sizeof(buf));
		uint64_t full = 0, cell = 0;

		assert_int_equal(value_parse_duration(buf, len, MS, &full), 0);
		assert_in_range(full, ns < MS ? ns : ns - 500, ns < MS ? ns : ns + 500);
		len = value_format(&v, VALUE_SHORT, buf, sizeof(buf));
		assert_int_equal(value_parse_duration(buf, len, MS, &cell), 0);
		v = DURATION(cell);
		assert_true(cell > ns ? cell - ns <= ns / 2 + 50 : ns - cell <= ns / 2 + 50);
	}
}

static void test_parse_time(void **state)
{
	static const struct {
		const char *text;
		int err;
		uint64_t want;
	} rows[] = {
		{ "2026-11-23T12:04:31.5", 0, 1795435471500000000 },
		{ "2026-11-23T12:04:31.5Z", 0, 1795435471500000000 },
		{ "2026-11-23 12:04:31.402118", 0, 1795435471402118000 },
		{ "2026-11-23T12:04", 0, 1795435440000000000 },
		{ "2026-11-23", 0, 1795392000000000000 },
		{ "2024-02-29", 0, 1709164800000000000 },
		{ "12:04:31", 0, 1795435471000000000 },
		{ "00:00", 0, 1795392000000000000 },
		{ "1795435471.402118233", 0, NOW },
		{ "0", 0, 0 },
		{ "-5m", 0, NOW - 300 * S },
		{ "-1.5s", 0, NOW - 1500 * MS },
		{ "-30", 0, NOW - 30 * S },
		{ "", -EINVAL, 0 },
		{ "-", -EINVAL, 0 },
		{ "--5m", -EINVAL, 0 },
		{ "-999999d", -EINVAL, 0 },
		{ "2023-02-29", -EINVAL, 0 },
		{ "2026-06-31T00:00", -EINVAL, 0 },
		{ "2026-13-01", -EINVAL, 0 },
		{ "2026-11-23T", -EINVAL, 0 },
		{ "2026-11-23T24:00", -EINVAL, 0 },
		{ "2026-11-23T12:60", -EINVAL, 0 },
		{ "2026-11-23T12:04:31.", -EINVAL, 0 },
		{ "2026-11-23T12:04:31ZZ", -EINVAL, 0 },
		{ "2026-11-23T12:04:31+01:00", -EINVAL, 0 },
		{ "1969-12-31", -EINVAL, 0 },
		{ "9999-01-01", -EINVAL, 0 },
		{ "12:4", -EINVAL, 0 },
		{ "12:04:31Z", -EINVAL, 0 },
		{ "noon", -EINVAL, 0 },
		{ "99999999999999999999", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t got = 0;

		if (value_parse_time(rows[i].text, strlen(rows[i].text), NOW, &got) !=
			    rows[i].err ||
		    got != rows[i].want)
			fail_msg("\"%s\": %llu", rows[i].text, (unsigned long long)got);
	}
}

static void test_parse_prefix(void **state)
{
	static const struct {
		const char *text;
		int err;
		unsigned prefix;
	} rows[] = {
		{ "10.0.0.0/8", 0, 104 },
		{ "10.0.0.1", 0, 128 },
		{ "0.0.0.0/0", 0, 96 },
		{ "10.0.0.1/32", 0, 128 },
		{ "fd00::/8", 0, 8 },
		{ "::/0", 0, 0 },
		{ "fd00::53", 0, 128 },
		{ "::ffff:10.0.0.1", 0, 128 },
		{ "::ffff:10.0.0.0/104", 0, 104 },
		{ "10.0.0.0/33", -EINVAL, 0 },
		{ "fd00::/129", -EINVAL, 0 },
		{ "10.0.0.0/", -EINVAL, 0 },
		{ "10.0.0.0/8/8", -EINVAL, 0 },
		{ "10.0.0.0/-1", -EINVAL, 0 },
		{ "/8", -EINVAL, 0 },
		{ "10.0.0", -EINVAL, 0 },
		{ "10.0.0.256", -EINVAL, 0 },
		{ "fe80::1%eth0", -EINVAL, 0 },
		{ "fd00:::1", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
		{ "host", -EINVAL, 0 },
		{ "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111", -EINVAL, 0 },
	};
	struct ip_addr addr;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned prefix = 0;

		assert_int_equal(
			value_parse_prefix(rows[i].text, strlen(rows[i].text), &addr, &prefix),
			rows[i].err);
		assert_int_equal(prefix, rows[i].prefix);
	}
	/* The text is bytes, and its end is where len says. */
	assert_int_equal(value_parse_prefix("10.0.0.1\0x", 10, &addr, &(unsigned){ 0 }), -EINVAL);
	assert_int_equal(value_parse_prefix("10.0.0.12", 8, &addr, &(unsigned){ 0 }), 0);
	assert_int_equal(addr.b[15], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_duration_formats),
		cmocka_unit_test(test_duration_cells_fit),
		cmocka_unit_test(test_time_formats),
		cmocka_unit_test(test_time_follows_the_time_zone),
		cmocka_unit_test(test_other_formats),
		cmocka_unit_test(test_formats_stay_in_their_buffer),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_names_are_equal_but_for_case),
		cmocka_unit_test(test_parse_uint),
		cmocka_unit_test(test_parse_duration),
		cmocka_unit_test(test_durations_round_trip),
		cmocka_unit_test(test_parse_time),
		cmocka_unit_test(test_parse_prefix),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
