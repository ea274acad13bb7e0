/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a wrong filter is told: the place of the first mistake and the words.
 * And that no text, however long or deep, is more than a mistake.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/query/filter.h"

struct error_case {
	const char *filter;
	int pos, len;
	const char *says; /* a part of the message */
};

/* clang-format off */
static const struct error_case cases[] = {
	/* Words nobody knows, and what they meant. */
	{ "latencyy>=20ms", 0, 8, "unknown field \"latencyy\". Did you mean latency?" },
	{ "rcode!=NOERROR and latencyy >= 20ms", 19, 8, "Did you mean latency?" },
	{ "rcod=3", 0, 4, "Did you mean rcode?" },
	{ "dns.flags.rocde == 3", 0, 15, "Did you mean dns.flags.rcode?" },
	{ "ip.adr == 10.0.0.1", 0, 6, "Did you mean ip.addr?" },
	{ "prot=53", 0, 4, "Did you mean" },
	{ "answerd = 1", 0, 7, "Did you mean answer" },
	{ "zzzzzz=1", 0, 6, "unknown field \"zzzzzz\"" },
	{ "x contains y", 0, 1, "unknown field \"x\"" },
	{ "nosuch in {1}", 0, 6, "unknown field \"nosuch\"" },
	{ "nosuch not in {1}", 0, 6, "unknown field \"nosuch\"" },
	{ "nosuch eq 1", 0, 6, "unknown field \"nosuch\"" },
	{ "rcode=NXDOMIAN", 6, 8, "unknown rcode \"NXDOMIAN\". Did you mean NXDOMAIN?" },
	{ "rcode=NOERROR,SERVFIAL", 14, 8, "Did you mean SERVFAIL?" },
	{ "rcode in {NOERROR, REFUSE}", 19, 6, "Did you mean REFUSED?" },
	{ "qtype=AAA", 6, 3, "unknown qtype \"AAA\". Did you mean AAAA?" },
	{ "qtype=QQQQQQ", 6, 6, "unknown qtype \"QQQQQQ\"" },
	{ "opcode=QERY", 7, 4, "Did you mean QUERY?" },
	{ "state=anserwed", 6, 8, "unknown state \"anserwed\". Did you mean answered?" },
	{ "transport=upd", 10, 3, "Did you mean udp?" },
	{ "rcode=NX*", 6, 3, "a pattern goes with ~" },
	{ "rcode=\"\"", 6, 2, "unknown rcode \"\"" },
	/* Values missing. */
	{ "latency>=", 9, 0, "expected a duration such as 20ms after \">=\"" },
	{ "latency >= ", 11, 0, "expected a duration" },
	{ "qname=", 6, 0, "expected a text after \"=\"" },
	{ "rcode=,NXDOMAIN", 6, 1, "expected a name or number after \"=\", not \",\"" },
	{ "rcode=NXDOMAIN,", 15, 0, "expected a name or number after \",\"" },
	{ "rcode=NXDOMAIN,,SERVFAIL", 15, 1, "after \",\", not \",\"" },
	{ "latency>= and rcode=3", 10, 3, "expected a duration such as 20ms after \">=\", not \"and\"" },
	{ "qname= or rcode=3", 7, 2, "expected a text after \"=\", not \"or\"" },
	{ "(id=) and corp", 4, 1, "expected a number, decimal or 0x hex after \"=\", not \")\"" },
	{ "client=", 7, 0, "expected an address" },
	{ "ts>", 3, 0, "expected a time" },
	{ "qname contains", 14, 0, "expected a text after \"contains\"" },
	{ "id==!3", 4, 1, "not \"!\"" },
	/* Tests missing. */
	{ "  \x12", 2, 1, "control character" },
	{ "  and corp", 2, 3, "expected a test such as rcode=NXDOMAIN, not \"and\"" },
	{ "and rcode=3", 0, 3, "expected a test such as rcode=NXDOMAIN, not \"and\"" },
	{ "rcode=3 and", 11, 0, "expected a test such as rcode=NXDOMAIN after \"and\"" },
	{ "rcode=3 or ", 11, 0, "after \"or\"" },
	{ "rcode=3 and or id=1", 12, 2, "after \"and\", not \"or\"" },
	{ "corp || || corp", 8, 2, "after \"||\", not \"||\"" },
	{ "not", 3, 0, "after \"not\"" },
	{ "!", 1, 0, "after \"!\"" },
	{ "not and corp", 4, 3, "after \"not\", not \"and\"" },
	{ "()", 1, 1, "after \"(\", not \")\"" },
	{ "=3", 0, 1, "expected a field before this operator" },
	{ "corp >= 3 >= 4", 0, 4, "unknown field" },
	{ "id>=3 >= 4", 6, 2, "expected a field before this operator" },
	{ "contains foo", 0, 8, "expected a field before this operator" },
	/* Operators missing, unknown, or not for this field. */
	{ "rcode NXDOMAIN", 6, 8, "expected an operator such as = or != after \"rcode\", not \"NXDOMAIN\"" },
	{ "latency 20ms", 8, 4, "expected an operator" },
	{ "port", 4, 0, "expected an operator such as = or != after \"port\"" },
	{ "qname \"x\"", 6, 3, "expected an operator" },
	{ "qname < 5", 6, 1, "\"<\" does not go with qname: expected one of = != ~ !~ contains matches in" },
	{ "qname gt 5", 6, 2, "\"gt\" does not go with qname" },
	{ "id~5*", 2, 1, "\"~\" does not go with id: expected one of = != < <= > >= in" },
	{ "latency contains 5", 8, 8, "\"contains\" does not go with latency" },
	{ "latency not contains 5", 12, 8, "\"contains\" does not go with latency" },
	{ "client > 10.0.0.1", 7, 1, "\">\" does not go with client" },
	{ "state < 3", 6, 1, "\"<\" does not go with state" },
	{ "addr >= 1", 5, 2, "\">=\" does not go with addr" },
	{ "qname =~ foo", 6, 2, "unknown operator \"=~\". Did you mean ~?" },
	{ "latency => 5", 8, 2, "unknown operator \"=>\". Did you mean >=?" },
	{ "id <> 5", 3, 2, "Did you mean !=?" },
	{ "id === 5", 3, 3, "Did you mean =?" },
	{ "id <=> 5", 3, 3, "unknown operator \"<=>\": expected one of = !=" },
	{ "timeout > 3", 8, 1, "expected \"and\" or \"or\"" },
	{ "slow = 7", 7, 1, "expected 0, 1, false or true, not \"7\"" },
	{ "slow =", 6, 0, "expected 0, 1, false or true" },
	{ "\"qname\" = x", 0, 7, "expected a field without quotes" },
	/* What is never closed. */
	{ "(rcode=3", 0, 1, "this \"(\" is never closed" },
	{ "corp and (rcode=3 or (id=1)", 9, 1, "this \"(\" is never closed" },
	{ "id in {1, 2", 6, 1, "this \"{\" is never closed" },
	{ "id in {", 6, 1, "this \"{\" is never closed" },
	{ "qname=\"corp", 6, 5, "this quote is never closed: expected a \" at its end" },
	{ "qname='corp", 6, 5, "expected a ' at its end" },
	{ "\"corp\\\"", 0, 7, "this quote is never closed" },
	{ "corp \"", 5, 1, "this quote is never closed" },
	{ "qname~/foo", 6, 4, "this regular expression is never closed" },
	{ "qname~/foo\\/", 6, 6, "this regular expression is never closed" },
	{ "foo bad=1 \"", 4, 3, "unknown field \"bad\"" },
	/* What is left over. */
	{ "rcode=3)", 7, 1, "expected a \"(\" before this, not \")\"" },
	{ "(rcode=3))", 9, 1, "expected a \"(\" before this" },
	{ "rcode=3 }", 8, 1, "expected a test such as rcode=NXDOMAIN,SERVFAIL or rcode in {2, 3}, not \"}\"" },
	{ "corp, test", 4, 1, "expected a test such as" },
	{ "foo(bar)", 3, 1, "expected a space here, or quotes around the whole text" },
	{ "qname matches ^(a|b)", 15, 1, "expected a space here, or quotes" },
	{ "qname=\"a\"b", 9, 1, "expected a space here" },
	{ "rcode=3\x01", 7, 1, "control character" },
	/* Sets, lists and ranges. */
	{ "rcode in NXDOMAIN", 9, 8, "expected \"{\" after \"in\", not \"NXDOMAIN\"" },
	{ "rcode in (2, 3)", 9, 1, "expected \"{\" after \"in\"" },
	{ "rcode in", 8, 0, "expected \"{\" after \"in\"" },
	{ "rcode in {}", 10, 1, "expected a name or number after \"{\", not \"}\"" },
	{ "rcode in {2,}", 12, 1, "expected a value after \",\"" },
	{ "rcode in {2,,3}", 12, 1, "after \",\", not \",\"" },
	{ "rcode = {2, 3}", 8, 1, "after \"=\", not \"{\"" },
	{ "latency>=1ms,2ms", 12, 1, "a list goes with =, !=, ~ and !~, not with >=" },
	{ "id>=1..5", 4, 4, "a range goes with =, != and in, not with >=" },
	{ "id in {5..1}", 7, 4, "this range is empty" },
	{ "id in {1..}", 7, 3, "a range needs both ends" },
	{ "id in {..5}", 7, 3, "a range needs both ends" },
	{ "id in {1..x}", 10, 1, "\"x\" is not a number" },
	/* Values of the wrong kind. */
	{ "id=abc", 3, 3, "\"abc\" is not a number: expected decimal or 0x hex" },
	{ "id=0xzz", 3, 4, "\"0xzz\" is not a number" },
	{ "id=-1", 3, 2, "\"-1\" is not a number" },
	{ "id=99999999999999999999", 3, 20, "is not a number" },
	{ "latency>=abc", 9, 3, "\"abc\" is not a duration: expected one such as 20ms" },
	{ "latency>=20mss", 9, 5, "unknown unit \"mss\" in \"20mss\": expected ns, us, ms, s, m, h or d" },
	{ "latency>=20 mss", 9, 6, "unknown unit \"mss\" in \"20mss\": expected ns, us, ms, s, m, h or d" },
	{ "latency>=20 MSEC and corp", 9, 7, "unknown unit \"MSEC\"" },
	{ "latency>=1.2.3", 9, 5, "is not a duration" },
	{ "latency in {1ms..5x}", 17, 2, "unknown unit \"x\"" },
	{ "ts>=yesterday", 4, 9, "\"yesterday\" is not a time" },
	{ "ts>=25:00:00", 4, 8, "is not a time" },
	{ "client=10.0.0.0/33", 7, 11, "\"10.0.0.0/33\" has a bad prefix length: expected 0 to 32" },
	{ "client=fd00::/129", 7, 10, "expected 0 to 128" },
	{ "client=10.0.0.0/", 7, 9, "has a bad prefix length" },
	{ "client=10.0.0", 7, 6, "\"10.0.0\" is not an address" },
	{ "client=10.0.*", 7, 6, "is not an address: a pattern goes with ~" },
	{ "addr=example.com", 5, 11, "\"example.com\" is not an address" },
	{ "ip.src in {10.0.0.1, foo}", 21, 3, "\"foo\" is not an address" },
	{ "port=dns", 5, 3, "\"dns\" is not a number" },
	/* Regular expressions. */
	{ "qname~/(/", 6, 3, "bad regular expression: Unmatched ( or \\(" },
	{ "qname matches \"[a\"", 14, 4, "bad regular expression" },
	{ "qname~/a{2,1}/", 6, 8, "bad regular expression" },
	{ "qname~/a/ qname~/[/", 16, 3, "bad regular expression" },
	{ "/(a)\\1/", 0, 7, "back-references" },
	{ "qname~//", 6, 2, "empty regular expression" },
	{ "qname=/foo/", 6, 5, "a regular expression goes with ~, !~ and matches" },
	{ "qname~/((a{200}){200}){200}/", 6, 22, "the repeats make it too large" },
	{ "qname~/a+++++++++++++/", 6, 16, "the repeats make it too large" },
	{ "qname~/a+++++++++*++++++++++*+++/", 6, 27, "the repeats make it too large" },
	{ "qname~/((a{99})*{99})*{99}/", 6, 21, "the repeats make it too large" },
	{ "qname~/((((){99}){99}){99})/", 6, 22, "the repeats make it too large" },
	{ "qname~/a{99999999999}/", 6, 16, "the repeats make it too large" },
	/* Words are cut and made harmless before they are shown. */
	{ "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg=1", 0, 70, "...\"" },
	{ "qname=x\x1b[2J", 7, 1, "control character" },
};
/* clang-format on */

static int check_case(const struct error_case *c)
{
	struct filter *f = (struct filter *)-1;
	struct err err = { 0 };
	int rc = filter_parse(c->filter, 0, &f, &err);

	if (rc == 0) {
		print_error("%s: accepted\n", c->filter);
		filter_free(f);
		return 1;
	}
	assert_null(f);
	assert_true(rc < 0);
	assert_int_equal(err.code, rc);
	assert_null(strchr(err.text, '\n'));
	assert_null(strchr(err.text, '\x1b'));
	if (err.pos == c->pos && err.len == c->len && strstr(err.text, c->says))
		return 0;
	print_error("%s: %s [%d, %d], not \"%s\" [%d, %d]\n", c->filter, err.text, err.pos, err.len,
		    c->says, c->pos, c->len);
	return 1;
}

static void test_errors(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		failed += check_case(&cases[i]);
	assert_int_equal(failed, 0);
}

/* Who does not ask is not told, and still gets the verdict. */
static void test_no_err(void **state)
{
	struct filter *f;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(filter_parse(cases[i].filter, 0, &f, NULL) < 0);
}

/* `part` n times, then `end`. */
static char *repeated(const char *part, size_t n, const char *end)
{
	size_t len = strlen(part);
	char *text = malloc(n * len + strlen(end) + 1);

	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		memcpy(text + i * len, part, len);
	strcpy(text + n * len, end);
	return text;
}

static void test_bounds(void **state)
{
	static const struct {
		const char *part;
		size_t n;
		const char *end;
		int pos; /* -1: accepted */
		const char *says;
	} bounds[] = {
		/* clang-format off */
		{ "(", 64, "corp", 63, "this \"(\" is never closed" },
		{ "(", 65, "corp", 64, "more than 64 parentheses" },
		{ "(", 60000, "", 64, "more than 64 parentheses" },
		{ "not ", 10000, "corp", -1, "" },
		{ "!", 60000, "corp", -1, "" },
		{ "a ", 512, "", -1, "" },
		{ "a ", 513, "", 1026, "more than 512 tests" },
		{ "a or ", 511, "b", -1, "" },
		{ "not a or ", 511, "b", -1, "" },
		{ "tcp.port=53 or ", 170, "b", -1, "" },
		{ "tcp.port=53 ", 171, "", 2052, "more than 512 tests" },
		{ "not(a or not(b ", 30, "", 447, "never closed" },
		{ "a", 65536, "", -1, "" },
		{ "a", 65537, "", 65536, "at most 65536 bytes" },
		{ "id=1", 1, "", -1, "" },
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		char *text = repeated(bounds[i].part, bounds[i].n, bounds[i].end);
		struct filter *f;
		struct err err = { .pos = -1 };
		int rc = filter_parse(text, 0, &f, &err);

		if ((rc == 0) != (bounds[i].pos < 0) || err.pos != bounds[i].pos ||
		    !strstr(err.text, bounds[i].says))
			fail_msg("%zu x \"%s\": %s at %d", bounds[i].n, bounds[i].part, err.text,
				 err.pos);
		filter_free(f);
		free(text);
	}
}

/* A list as long as a filter can be. */
static void test_long_list(void **state)
{
	char *text = repeated("1,", 32000, "2");
	char *list = malloc(strlen(text) + 4);
	struct filter *f;

	(void)state;
	assert_non_null(list);
	strcpy(list, "id=");
	strcat(list, text);
	assert_int_equal(filter_parse(list, 0, &f, NULL), 0);
	filter_free(f);
	free(list);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_no_err),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_long_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
