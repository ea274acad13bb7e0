/* SPDX-License-Identifier: BSD-2-Clause */
/* The predicates that the classic dnstop's -f has, and those of quick filters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/query/filter.h"
#include "core/query/tlds.h"
#include "tests/unit/rows.h"

enum {
	A = 1,
	WKS = 11,
	PTR = 12,
	TXT = 16,
	ANY = 255,
};

struct named_case {
	const char *filter;
	struct row_spec spec;
	bool passes;
};

/* clang-format off */
static const struct named_case cases[] = {
	{ "unknown-tlds", { .qname = "www.example.com" }, false },
	{ "unknown-tlds", { .qname = "www.example.COM" }, false },
	{ "unknown-tlds", { .qname = "localhost" }, true },
	{ "unknown-tlds", { .qname = "com" }, false },
	{ "unknown-tlds", { .qname = "." }, false },
	{ "unknown-tlds", { .qname = "wpad.workgroup" }, true },
	{ "unknown-tlds", { .qname = "a\\.com" }, true },
	{ "unknown-tlds", { .qname = "1.0.0.127.in-addr.arpa", .qtype = PTR }, false },
	{ "unknown-tlds", { .no_question = true }, false },
	{ "new-gtlds", { .qname = "my.app" }, true },
	{ "new-gtlds", { .qname = "my.APP" }, true },
	{ "new-gtlds", { .qname = "www.example.com" }, false },
	{ "new-gtlds", { .qname = "localhost" }, false },
	{ "A-for-A", { .qname = "192.0.2.1" }, true },
	{ "a-for-a", { .qname = "255.255.255.255" }, true },
	{ "A-for-A", { .qname = "192.0.2.1", .qtype = TXT }, false },
	{ "A-for-A", { .qname = "192.0.2" }, false },
	{ "A-for-A", { .qname = "192.0.2.1.example.com" }, false },
	{ "A-for-A", { .qname = "192.0.2.256" }, false },
	{ "A-for-A", { .qname = "1.192.0.2.1" }, false },
	{ "A-for-A", { .qname = "192\\.0.2.1" }, false },
	{ "A-for-A", { .qname = "." }, false },
	{ "rfc1918-ptr", { .qname = "9.3.0.10.in-addr.arpa", .qtype = PTR }, true },
	{ "rfc1918-ptr", { .qname = "10.in-addr.arpa", .qtype = PTR }, true },
	{ "rfc1918-ptr", { .qname = "1.1.16.172.IN-ADDR.ARPA", .qtype = PTR }, true },
	{ "rfc1918-ptr", { .qname = "1.1.31.172.in-addr.arpa", .qtype = PTR }, true },
	{ "rfc1918-ptr", { .qname = "1.1.32.172.in-addr.arpa", .qtype = PTR }, false },
	{ "rfc1918-ptr", { .qname = "1.1.15.172.in-addr.arpa", .qtype = PTR }, false },
	{ "rfc1918-ptr", { .qname = "172.in-addr.arpa", .qtype = PTR }, false },
	{ "rfc1918-ptr", { .qname = "4.3.168.192.in-addr.arpa", .qtype = PTR }, true },
	{ "rfc1918-ptr", { .qname = "4.3.169.192.in-addr.arpa", .qtype = PTR }, false },
	{ "rfc1918-ptr", { .qname = "9.3.0.110.in-addr.arpa", .qtype = PTR }, false },
	{ "rfc1918-ptr", { .qname = "9.3.0.10.in-addr.arpa", .qtype = A }, false },
	{ "rfc1918-ptr", { .qname = "in-addr.arpa", .qtype = PTR }, false },
	{ "rfc1918-ptr", { .qname = "x.10.in-addr.arpa.example", .qtype = PTR }, false },
	{ "qtype-any", { .qname = "example.com", .qtype = ANY }, true },
	{ "qtype-any", { .qname = "example.com" }, false },
	{ "qtype-any", { .no_question = true, .qtype = ANY }, false },
	{ "qtype-wks", { .qname = "example.com", .qtype = WKS }, true },
	{ "qtype-wks", { .qname = "example.com" }, false },
	{ "refused", { .rcode = 5 }, true },
	{ "refused", { .rcode = 2 }, false },
	{ "servfail", { .rcode = 2 }, true },
	{ "nxdomain", { .rcode = 3 }, true },
	{ "nxdomain", { .state = FLOW_TIMEOUT }, false },
	{ "noerror", { .rcode = 0 }, true },
	{ "not noerror", { .state = FLOW_TIMEOUT }, true },
	{ "errors", { .rcode = 5 }, true },
	{ "replied", { .state = FLOW_UNSOLICITED }, true },
	{ "replied", { .state = FLOW_TIMEOUT }, false },
	{ "loopback", { .client = "127.0.0.1", .server = "127.0.0.53" }, true },
	{ "loopback", { .client = "10.0.0.1", .server = "127.0.0.53" }, true },
	{ "loopback", { .client = "::1", .server = "::1" }, true },
	{ "loopback", { .client = "10.0.0.1", .ifname = "lo", .ifindex = 1 }, true },
	{ "loopback", { .client = "10.0.0.1", .ifname = "lo1", .ifindex = 3 }, false },
	{ "loopback", { .client = "fd00::1", .server = "fd00::53" }, false },
	/* One bit of "google" turned; "goofle" is another letter by one bit. */
	{ "bitsquat", { .qname = "www.goofle.com" }, true },
	{ "bitsquat", { .qname = "www.google.com" }, false },
	{ "bitsquat", { .qname = "www.GOOGLE.com" }, false },
	{ "bitsquat", { .qname = "www.GoOfLe.com" }, true },
	{ "bitsquat", { .qname = "fagebook.net" }, true },
	{ "bitsquat", { .qname = "yahon.net" }, true },
	{ "bitsquat", { .qname = "yahog.net" }, true },
	{ "bitsquat", { .qname = "yahop.net" }, false },
	{ "bitsquat", { .qname = "\\239utube.com" }, false },
	{ "bitsquat", { .qname = "y\\239utube.com" }, true },
	{ "bitsquat", { .qname = "goofle" }, false },
	{ "bitsquat", { .qname = "goofle.www.com" }, false },
	{ "bitsquat", { .qname = "." }, false },
};
/* clang-format on */

static void test_named(void **state)
{
	struct rows *r = rows_new();
	struct tlds *tlds;
	unsigned line;
	int failed = 0;

	(void)state;
	assert_int_equal(tlds_parse(&tlds, "com\nnet\narpa\napp new\n", &line), 0);
	r->src.tlds = tlds;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct flow *row = rows_add(r, &cases[i].spec);
		struct filter *f;

		assert_int_equal(filter_parse(cases[i].filter, 0, &f, NULL), 0);
		for (int twice = 0; twice < 2; twice++) {
			if (filter_match(f, &r->src, row) == cases[i].passes)
				continue;
			print_error("%s of %s, row %zu\n", cases[i].filter,
				    cases[i].spec.qname ? cases[i].spec.qname : "-", i);
			failed++;
		}
		filter_free(f);
	}
	assert_int_equal(failed, 0);
	tlds_free(tlds);
	rows_free(r);
}

/* Who has no list says nothing of names. */
static void test_no_list(void **state)
{
	struct rows *r = rows_new();
	struct filter *f;

	(void)state;
	assert_int_equal(filter_parse("unknown-tlds or new-gtlds", 0, &f, NULL), 0);
	assert_false(filter_match(f, &r->src, rows_add(r, &(struct row_spec){ .qname = "lan" })));
	filter_free(f);
	rows_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_no_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
