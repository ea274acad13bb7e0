/* SPDX-License-Identifier: BSD-2-Clause */
/* What Tab offers: "|" is the cursor; some of what must and must not be there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/query/filter.h"

struct complete_case {
	const char *text;       /* with the cursor */
	const char *offers;     /* words, all of which are offered */
	const char *offers_not; /* none of which is */
	int from, to;           /* what the first one replaces */
};

/* clang-format off */
static const struct complete_case cases[] = {
	{ "|", "qname rcode latency_us answered timeout addr not", "and or = in-addr", 0, 0 },
	{ "lat|", "latency latency_us latency_ms", "qname and", 0, 3 },
	{ "LAT|", "latency", "qname", 0, 3 },
	{ "la|t", "latency late", "qname", 0, 3 },
	{ "dns.fl|", "dns.flags.rcode dns.flags.opcode", "flags", 0, 6 },
	{ "un|", "unanswered unsolicited", "answered", 0, 2 },
	{ "ip.|", "ip.addr ip.src ip.dst", "addr", 0, 3 },
	{ "zz|", "", "zz qname and", 0, 0 },
	{ "rcode|", "= != ~ in", "rcode qname", 5, 5 },
	{ "rcode |", "= != < ~ contains in", "rcode and or NXDOMAIN", 6, 6 },
	{ "latency |", "= < >=", "~ contains", 8, 8 },
	{ "qname |", "= ~ contains matches", "< >=", 6, 6 },
	{ "addr |", "= !=", "<", 5, 5 },
	{ "qname con|", "contains", "= matches", 6, 9 },
	{ "rcode=|", "NOERROR NXDOMAIN SERVFAIL", "qname and = A", 6, 6 },
	{ "rcode=N|", "NOERROR NXDOMAIN", "SERVFAIL", 6, 7 },
	{ "rcode=nx|", "NXDOMAIN NXRRSET", "NOERROR", 6, 8 },
	{ "rcode = NXDOMAIN,|", "NOERROR SERVFAIL", "and", 17, 17 },
	{ "rcode=NXDOMAIN, SE|", "SERVFAIL", "NOERROR", 16, 18 },
	{ "rcode in {|", "NOERROR", "and {", 10, 10 },
	{ "rcode in {NXDOMAIN SE|", "SERVFAIL", "NOERROR", 19, 21 },
	{ "rcode in |", "{", "NOERROR", 9, 9 },
	{ "rcode in {2, 3} |", "and or qname", "NOERROR {", 16, 16 },
	{ "rcode not |", "in contains", "qname", 10, 10 },
	{ "qtype=AA|", "AAAA", "A MX", 6, 8 },
	{ "state=|", "answered timeout pending unsolicited", "error", 6, 6 },
	{ "transport != |", "udp tcp tls https quic", "answered", 13, 13 },
	{ "latency>=|", "10ms 100ms 1s", "20ms NOERROR", 9, 9 },
	{ "latency>=20|", "20us 20ms 20s", "10ms", 9, 11 },
	{ "latency>=20m|", "20ms", "20us 20s", 9, 12 },
	{ "ts>|", "-5m -1h", "10ms", 3, 3 },
	{ "qname=|", "", "and or = qname", 0, 0 },
	{ "rcode=NXDOMAIN |", "and or not qname answered", "NOERROR =", 15, 15 },
	{ "rcode=NXDOMAIN a|", "and answered attempts addr", "or qname", 15, 16 },
	{ "rcode=NXDOMAIN and |", "qname not", "and or", 19, 19 },
	{ "corp or not (|", "qname answered", "and or", 13, 13 },
	{ "(rcode=3) |", "and or", "=", 10, 10 },
	{ "timeout |", "and or qname", "= !=", 8, 8 },
	{ "qname=\"corp |", "", "and or qname", 0, 0 },
	{ "qname=\"co|rp\"", "", "and or qname", 0, 0 },
	{ "qname=\"corp\" |", "and or", "=", 13, 13 },
	{ "rco| and id=3", "rcode", "and", 0, 3 },
};
/* clang-format on */

struct offers {
	char text[4096]; /* each between spaces */
	int n, from, to;
};

static void collect(void *ctx, const struct filter_completion *c)
{
	struct offers *o = ctx;
	size_t len = strlen(o->text);

	assert_non_null(c->help);
	assert_true(c->from <= c->to);
	if (o->n++ == 0) {
		o->from = c->from;
		o->to = c->to;
	}
	snprintf(o->text + len, sizeof(o->text) - len, "%s ", c->text);
}

static bool offered(const struct offers *o, const char *word, size_t len)
{
	char needle[64];

	snprintf(needle, sizeof(needle), " %.*s ", (int)len, word);
	return strstr(o->text, needle) != NULL;
}

static int check_words(const struct complete_case *c, const struct offers *o, const char *words,
		       bool wanted)
{
	int failed = 0;

	while (*words) {
		size_t len = strcspn(words, " ");

		if (offered(o, words, len) != wanted) {
			print_error("%s: %.*s is %soffered:%s\n", c->text, (int)len, words,
				    wanted ? "not " : "", o->text);
			failed++;
		}
		words += len;
		words += strspn(words, " ");
	}
	return failed;
}

static void test_complete(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct complete_case *c = &cases[i];
		int pos = (int)strcspn(c->text, "|");
		struct offers o = { .text = " " };
		char text[128];

		snprintf(text, sizeof(text), "%.*s%s", pos, c->text, c->text + pos + 1);
		filter_complete(text, pos, collect, &o);
		failed += check_words(c, &o, c->offers, true);
		failed += check_words(c, &o, c->offers_not, false);
		if (o.from != c->from || o.to != c->to) {
			print_error("%s: replaces [%d, %d)\n", c->text, o.from, o.to);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

/* Where a value can stand, and whose: for those that rows have. */
static void test_value_places(void **state)
{
	static const struct {
		const char *text, *field;
		int from, to;
	} places[] = {
		{ "rcode=|", "rcode", 6, 6 },
		{ "rcode=NX|", "rcode", 6, 8 },
		{ "rcode=N|X", "rcode", 6, 8 },
		{ "rcode = NXDOMAIN,|", "rcode", 17, 17 },
		{ "slow and qname in {a b|", "qname", 21, 22 },
		{ "qname ~ |", "qname", 8, 8 },
		{ "addr=|", "client", 5, 5 },
		{ "rcode|", NULL, 0, 0 },
		{ "rcode |", NULL, 0, 0 },
		{ "rcode=NXDOMAIN |", NULL, 0, 0 },
		{ "rcode in {2} |", NULL, 0, 0 },
		{ "qname=\"co|rp\"", NULL, 0, 0 },
		{ "qname=\"co|", NULL, 0, 0 },
		{ "corp|", NULL, 0, 0 },
		{ "|", NULL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int pos = (int)strcspn(places[i].text, "|"), from = 0, to = 0;
		const struct field *field;
		char text[128];

		snprintf(text, sizeof(text), "%.*s%s", pos, places[i].text,
			 places[i].text + pos + 1);
		field = filter_complete_value(text, pos, &from, &to);
		if ((field != NULL) != (places[i].field != NULL))
			fail_msg("%s: %s", places[i].text, field ? field->name : "none");
		if (field)
			assert_string_equal(field->name, places[i].field);
		assert_int_equal(from, places[i].from);
		assert_int_equal(to, places[i].to);
	}
}

/* Each candidate put in its place leads on: the text gets no worse. */
struct accept {
	const char *text;
};

static void accept(void *ctx, const struct filter_completion *c)
{
	const struct accept *a = ctx;
	char text[256];
	struct filter *f;
	struct err err = { 0 };

	snprintf(text, sizeof(text), "%.*s%s%s", c->from, a->text, c->text, a->text + c->to);
	if (filter_parse(text, UINT64_MAX / 4, &f, &err) && err.pos < (int)strlen(text))
		fail_msg("%s: %s at %d", text, err.text, err.pos);
	if (err.code == 0)
		filter_free(f);
}

static void test_candidates_are_good(void **state)
{
	static const char *const texts[] = {
		"",           "d",          "rcode=", "rcode=N",   "qtype in {A ",
		"state!=",    "latency>=",  "ts>=",   "opcode=",   "qclass=",
		"latency>=5", "transport=", "ede=",   "corp and ", "corp or l",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct accept a = { texts[i] };

		/* A set is still open then, which is told at its "{". */
		if (!strchr(texts[i], '{'))
			filter_complete(texts[i], (int)strlen(texts[i]), accept, &a);
	}
}

static void test_any_place(void **state)
{
	static const char *const texts[] = {
		"rcode in {2, 3} and not (qname~\"*.x\" or id=0x1a2b), latency>=20ms",
		"qname=\"never closed",
		"/(",
		"))))",
		",,,",
		"= = =",
		"\x01\x02",
		"a=b=c",
		"not in {",
		"rcode not in {",
		"!!",
		"id in {1..",
		"\xc3",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (int pos = -1; pos <= (int)strlen(texts[i]) + 1; pos++) {
			struct offers o = { .text = " " };

			filter_complete(texts[i], pos, collect, &o);
			assert_true(o.from >= 0 && o.to <= (int)strlen(texts[i]));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_value_places),
		cmocka_unit_test(test_candidates_are_good),
		cmocka_unit_test(test_any_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
