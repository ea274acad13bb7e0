/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields that are a part of another: the last labels of a name, steps of latency. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/rows.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void expect(const struct rows *r, const struct flow *f, const char *name, const char *want)
{
	const struct field *field = field_find(name, strlen(name), NULL);
	char scratch[VALUE_BUF], got[VALUE_BUF];
	struct value v;

	assert_non_null(field);
	field->get(&r->src, f, &v, scratch);
	value_format(&v, VALUE_FULL, got, sizeof(got));
	assert_string_equal(got, want);
}

static void test_domains(void **state)
{
	static const struct {
		const char *qname;
		const char *field;
		const char *want;
	} names[] = {
		{ "www.example.com", "domain1", "com" },
		{ "www.example.com", "domain2", "example.com" },
		{ "www.example.com", "domain3", "www.example.com" },
		{ "www.example.com", "domain9", "www.example.com" },
		{ "com", "domain1", "com" },
		{ "com", "domain2", "com" },
		{ ".", "domain1", "." },
		{ ".", "domain9", "." },
		{ "9.3.0.10.in-addr.arpa", "domain1", "in-addr.arpa" },
		{ "9.3.0.10.IN-ADDR.ARPA", "domain2", "10.IN-ADDR.ARPA" },
		{ "arpa", "domain1", "arpa" },
		{ "a\\.b.example", "domain2", "a\\.b.example" },
		{ "x.a\\.b.example", "domain2", "a\\.b.example" },
		{ "x.a\\\\.b.example", "domain2", "b.example" },
		{ "\\.", "domain1", "\\." },
		{ "a.\\.\\..b", "domain2", "\\.\\..b" },
	};
	struct rows *r = rows_new();

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		expect(r, rows_add(r, &(struct row_spec){ .qname = names[i].qname }),
		       names[i].field, names[i].want);
	}
	rows_free(r);
}

static void test_bands(void **state)
{
	static const struct {
		uint64_t ns;
		const char *want;
	} bands[] = {
		{ 999999, "0-1ms" },       { 1000000, "1-5ms" },     { 4999999, "1-5ms" },
		{ 5000000, "5-20ms" },     { 99999999, "20-100ms" }, { 100000000, "100ms-1s" },
		{ 1000000000, "1s-5s" },   { 4999999999, "1s-5s" },  { 5000000000, "over-5s" },
		{ UINT64_MAX, "over-5s" },
	};
	struct rows *r = rows_new();

	(void)state;
	for (size_t i = 0; i < COUNT(bands); i++) {
		expect(r, rows_add(r, &(struct row_spec){ .latency_ns = bands[i].ns }), "band",
		       bands[i].want);
	}
	rows_free(r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domains),
		cmocka_unit_test(test_bands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
