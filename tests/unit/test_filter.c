/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What filters of names and other texts match, and how tests are joined.
 * Mistakes are in test_filter_errors.c.
 */
#include "tests/unit/filter_rows.h"

/* clang-format off */
static void test_empty(void **state)
{
	static const struct match_case cases[] = {
		{ "", ALL },
		{ "   \t\n", ALL },
	};

	CHECK_CASES(state, cases);
}

static void test_words(void **state)
{
	static const struct match_case cases[] = {
		{ "example", "abcik" },
		{ "EXAMPLE.COM", "ai" },
		{ "\"example.com\"", "ai" },
		{ "'example.com'", "ai" },
		{ "example.com.", "ai" },
		{ "corp", "def" },
		{ "corp.", "def" },
		{ "com.", "ai" },
		{ "corp wpad", "f" },
		{ "nosuch", "" },
		{ "*.example.com", "ai" },
		{ "*.example.com.", "ai" },
		{ "*.example.???", "abci" },
		{ "w*", "afi" },
		{ "*", HAS_QNAME },
		{ "\"*\"", "k" },
		{ "/^(mail|wpad)\\./", "bf" },
		{ "/EXAMPLE\\.(com|org)$/", "abi" },
		{ "\"sp ace\"", "k" },
		{ "sp\\032ace", "k" },
		{ "not example", "defghj" },
		{ "\"\"", HAS_QNAME },
	};

	CHECK_CASES(state, cases);
}

static void test_names(void **state)
{
	static const struct match_case cases[] = {
		{ "qname=www.example.com", "ai" },
		{ "qname=www.example.com.", "ai" },
		{ "qname=WWW.EXAMPLE.COM", "ai" },
		{ "qname==\"www.example.com\"", "ai" },
		{ "qname eq www.example.com", "ai" },
		{ "dns.qry.name == \"www.example.com\"", "ai" },
		{ "dns_name=www.example.com", "ai" },
		{ "QNAME=www.example.com", "ai" },
		{ "name = www.example.com , mail.example.org", "abi" },
		{ "qname=www", "" },
		{ "qname=.", "h" },
		{ "qname=a\\.b.example.net", "c" },
		{ "qname=\"a\\.b.example.net\"", "c" },
		{ "qname=\"a\\\\.b.example.net\"", "c" },
		{ "qname=a\\046b.example.net", "c" },
		{ "qname=a.b.example.net", "" },
		{ "qname=m\xc3\xbcnchen.de", "j" },
		{ "qname=m\\195\\188nchen.de", "j" },
		{ "qname=M\\195\\188NCHEN.DE.", "j" },
		{ "qname=\"*.sp ace.example\"", "k" },
		{ "qname=*.sp\\032ace.example", "k" },
		{ "qname=\\www.example.com", "ai" },
		{ "qname!=www.example.com", "bcdefhjk" },
		{ "qname!=www.example.com,mail.example.org", "cdefhjk" },
		{ "not qname=www.example.com", "bcdefghjk" },
		{ "qname~*.example.com", "ai" },
		{ "qname~*.example.com.", "ai" },
		{ "qname~*.net,*.org", "bc" },
		{ "qname~\"*.corp.*\"", "def" },
		{ "qname!~*.example.*", "defhjk" },
		{ "qname~example", "" },
		{ "qname~a\\.b*", "c" },
		{ "qname~a?b*", "c" },
		{ "qname~*.b.example.net", "" },
		{ "qname~*b.example.net", "c" },
		{ "qname~m??nchen.de", "j" },
		{ "qname~\\*.*", "k" },
		{ "qname~?", "h" },
		{ "qname~/^w/", "afi" },
		{ "qname~/^W.*TEST$/", "f" },
		{ "qname!~/^w/", "bcdehjk" },
		{ "qname~/^w/,*.org", "abfi" },
		{ "qname matches \"^w.*com$\"", "ai" },
		{ "qname matches ^w", "afi" },
		{ "qname matches /[\\/]|^\\.$/", "h" },
		{ "qname~/a\\/b|corp/", "def" },
		{ "qname contains corp", "def" },
		{ "qname contains corp,mail", "bdef" },
		{ "qname contains \"CORP.\"", "def" },
		{ "qname contains .com.", "ai" },
		{ "qname in {www.example.com, mail.example.org}", "abi" },
		{ "qname in {www.example.com mail.example.org}", "abi" },
		{ "qname not in {www.example.com}", "bcdefghjk" },
		{ "qname not contains corp", "abcghijk" },
		{ "qname", HAS_QNAME },
		{ "not qname", "g" },
	};

	CHECK_CASES(state, cases);
}

static void test_texts(void **state)
{
	static const struct match_case cases[] = {
		{ "comm=dig", "a" },
		{ "comm=DIG", "a" },
		{ "comm=\"web content\"", "k" },
		{ "comm~web*", "k" },
		{ "comm!=dig", "k" },
		{ "comm", "ak" },
		{ "not comm", "bcdefghij" },
		{ "interface=eth0", "a" },
		{ "flags contains tc", "i" },
		{ "flags=\"qr tc\"", "i" },
		{ "answer=192.0.2.1", "a" },
		{ "answer=192.0.2.1,192.0.2.9", "a" },
		{ "answer=192.0.2.2", "" },
		{ "answer~*.example.net.", "a" },
		{ "answer contains cdn", "a" },
		{ "answer~/^192\\./", "a" },
		{ "answer~/^192.*net/", "" },
		{ "answer!=192.0.2.1", "bcfghijk" },
		{ "answer!=192.0.2.2", "abcfghijk" },
		{ "container=web", "" },
		{ "container!=web", "" },
	};

	CHECK_CASES(state, cases);
}

static void test_predicates(void **state)
{
	static const struct match_case cases[] = {
		{ "answered", ANSWERED },
		{ "unanswered", "de" },
		{ "pending", "e" },
		{ "timeout", "d" },
		{ "TIMEOUT", "d" },
		{ "unsolicited", "f" },
		{ "error", "bcfgj" },
		{ "slow", "bc" },
		{ "late", "i" },
		{ "retried", "bd" },
		{ "dns.retransmission", "bd" },
		{ "dns.retransmission == 1", "bd" },
		{ "dns.retransmission == 0", "acefghijk" },
		{ "dns.retransmission != true", "acefghijk" },
		{ "truncated", "i" },
		{ "tc", "i" },
		{ "dns.flags.truncated == 1", "i" },
		{ "truncated=1", "i" },
		{ "dnssec_ok", "j" },
		{ "not answered", "def" },
		{ "!answered", "def" },
		{ "! answered", "def" },
		{ "timeout corp", "d" },
		{ "timeout or slow", "bcd" },
		{ "(timeout)", "d" },
	};

	CHECK_CASES(state, cases);
}

static void test_grammar(void **state)
{
	static const struct match_case cases[] = {
		{ "rcode=NXDOMAIN corp", "f" },
		{ "rcode=NXDOMAIN and corp", "f" },
		{ "rcode=NXDOMAIN && corp", "f" },
		{ "rcode=NXDOMAIN & corp", "f" },
		{ "rcode=NXDOMAIN&&corp", "f" },
		{ "rcode=NXDOMAIN AND corp", "f" },
		{ "rcode=NXDOMAIN or corp", "bdef" },
		{ "rcode=NXDOMAIN || corp", "bdef" },
		{ "rcode=NXDOMAIN|corp", "bdef" },
		{ "rcode=NXDOMAIN Or corp", "bdef" },
		{ "a or b and c", "abcfik" },
		{ "mail or corp timeout", "bd" },
		{ "(mail or corp) timeout", "d" },
		{ "(mail or corp)timeout", "d" },
		{ "not mail corp", "def" },
		{ "not (mail or corp)", "acghijk" },
		{ "not(mail or corp)", "acghijk" },
		{ "NOT mail and NOT corp", "acghijk" },
		{ "not not corp", "def" },
		{ "!!corp", "def" },
		{ "not not not corp", "abcghijk" },
		{ "((((corp))))", "def" },
		{ "corp not timeout not pending", "f" },
		{ "not (corp and timeout) corp", "ef" },
		{ "not (timeout or not corp)", "ef" },
		{ "rcode=NOERROR or (rcode=NXDOMAIN and not corp)", "abhik" },
		{ "corp and(timeout or pending)", "de" },
		{ "qname~*.corp.test and not(state=timeout)", "ef" },
		{ "rcode=NXDOMAIN,SERVFAIL latency>=10ms not client=10.0.0.0/8", "c" },
		{ "rcode=NXDOMAIN,SERVFAIL latency>=10ms not client=10.0.0.0/8 qname~*.example.net",
		  "c" },
		{ "qname in {www.example.com}and answered", "ai" },
		{ "latency>=10ms&&latency<=20ms||timeout", "adj" },
		{ "latency>=100 mail", "b" },
		{ "latency>=10 com", "ai" },
		{ "latency>=10 \"mss\"", "" },
		{ "id=7 or id=9 or id=11 or id=13", "cgik" },
		{ "rcode=NXDOMAIN\tor\nrcode=SERVFAIL", "bcf" },
		{ "ede and rcode=SERVFAIL", "c" },
		{ "qname = \"in\" or name=\"and\"", "" },
	};

	CHECK_CASES(state, cases);
}
/* clang-format on */

/* What is remembered of ids must go when the ids are given to other names. */
static void test_sweep(void **state)
{
	struct rows *r = rows_new_sized(4);
	struct filter *f;
	struct err err;
	char name[32];

	(void)state;
	assert_int_equal(filter_parse("qname~*7.test", 0, &f, &err), 0);
	for (int i = 0; i < 200000; i++) {
		const struct flow *row;

		snprintf(name, sizeof(name), "n%d.test", i);
		row = rows_add(r, &(struct row_spec){ .qname = name });
		if (row->qname != INTERN_NONE)
			assert_int_equal(filter_match(f, &r->src, row), i % 10 == 7);
	}
	filter_free(f);
	rows_free(r);
}

static void test_null_filter(void **state)
{
	const struct rows *r = *state;
	struct filter *f;

	assert_true(filter_match(NULL, &r->src, flow_table_row(r->table, 0)));
	assert_true(filter_is_empty(NULL));
	assert_int_equal(filter_parse(" ", 0, &f, NULL), 0);
	assert_true(filter_is_empty(f));
	filter_free(f);
	assert_int_equal(filter_parse("corp", 0, &f, NULL), 0);
	assert_false(filter_is_empty(f));
	filter_free(f);
	filter_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),      cmocka_unit_test(test_words),
		cmocka_unit_test(test_names),      cmocka_unit_test(test_texts),
		cmocka_unit_test(test_predicates), cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_sweep),      cmocka_unit_test(test_null_filter),
	};

	return cmocka_run_group_tests(tests, make_rows, free_rows);
}
