/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What filters match: each case is a filter and the letters of the rows that
 * pass it. Mistakes are in test_filter_errors.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/query/filter.h"
#include "tests/unit/rows.h"

#define MS 1000000ull
#define S  (1000 * MS)

/* 2026-11-23 12:05:00 UTC: what relative times refer to. */
#define NOW_NS 1795435500000000000ull

struct labelled {
	char label;
	struct row_spec spec;
};

/* clang-format off */
static const struct labelled made_up[] = {
	{ 'a', { .qname = "www.example.com", .latency_ns = 20 * MS, .id = 0x1a2b, .answers = 2,
		 .ttl = 300, .pid = 100, .comm = "dig", .ifname = "eth0", .ifindex = 2,
		 .response = "a", .response_len = 1 } },
	{ 'b', { .qname = "mail.example.org", .qtype = 15, .rcode = 3, .latency_ns = 150 * MS,
		 .client = "10.0.3.9", .server = "8.8.8.8", .id = 59544, .attempts = 2 } },
	{ 'c', { .qname = "a\\.b.example.net", .qtype = 28, .rcode = 2, .latency_ns = 2104 * MS,
		 .client = "fd00::22", .server = "fd00::53", .id = 7, .ede = 22, .transport = 1,
		 .client_port = 5000 } },
	{ 'd', { .qname = "slow.corp.test", .state = FLOW_TIMEOUT, .attempts = 3,
		 .client = "192.168.1.5", .client_port = 5353 } },
	{ 'e', { .qname = "pend.corp.test", .qtype = 16, .pending = true, .id = 6699 } },
	{ 'f', { .qname = "wpad.corp.test", .state = FLOW_UNSOLICITED, .rcode = 3,
		 .client = "10.1.1.1", .id = 3 } },
	{ 'g', { .no_question = true, .rcode = 5, .latency_ns = MS, .id = 9 } },
	{ 'h', { .qname = ".", .qtype = 2, .latency_ns = 500000, .transport = 2, .id = 65535,
		 .server_port = 853 } },
	{ 'i', { .qname = "WwW.ExAmPlE.CoM", .qtype = 65, .latency_ns = 100 * MS, .id = 11,
		 .marks = FLOW_LATE, .response_flags = DNS_FLAG_QR | DNS_FLAG_TC } },
	{ 'j', { .qname = "m\\195\\188nchen.de", .qtype = 65280, .qclass = 3, .opcode = 4,
		 .rcode = 23, .latency_ns = 10 * MS, .service = SERVICE_MDNS, .id = 12,
		 .marks = FLOW_DNSSEC_OK | FLOW_HAS_QUERY_EDNS } },
	{ 'k', { .qname = "*.sp\\032ace.example", .latency_ns = 3 * MS, .id = 13, .uid = 1000,
		 .pid = 200, .comm = "Web Content" } },
};
/* clang-format on */

#define ALL        "abcdefghijk"
#define HAS_QNAME  "abcdefhijk"
#define ANSWERED   "abcghijk"
#define HAS_RCODE  "abcfghijk"
#define HAS_CLIENT ALL

struct match_case {
	const char *filter;
	const char *rows;
};

/* The decoder of answers: the only response kept is that of a. */
static size_t answer_texts(const uint8_t *wire, size_t len, char *buf, size_t size)
{
	return (size_t)snprintf(buf, size, "%s",
				len == 1 && wire[0] == 'a' ? "192.0.2.1\ncdn.example.net." : "");
}

static int make_rows(void **state)
{
	struct rows *r = rows_new();

	for (size_t i = 0; i < sizeof(made_up) / sizeof(made_up[0]); i++)
		rows_add(r, &made_up[i].spec);
	r->src.answer_texts = answer_texts;
	*state = r;
	return 0;
}

static int free_rows(void **state)
{
	rows_free(*state);
	return 0;
}

static void find_matches(const struct rows *r, struct filter *f, char *out)
{
	for (uint32_t i = 0; i < r->table->count; i++)
		if (filter_match(f, &r->src,
				 flow_table_row(r->table, flow_table_oldest(r->table) + i)))
			*out++ = made_up[i].label;
	*out = '\0';
}

/* Matched twice: what is remembered of names must not change the answer. */
static int check_case(const struct rows *r, const struct match_case *c)
{
	char first[32], second[32];
	struct filter *f;
	struct err err;

	if (filter_parse(c->filter, NOW_NS, &f, &err)) {
		print_error("%s: %s (at %d)\n", c->filter, err.text, err.pos);
		return 1;
	}
	find_matches(r, f, first);
	find_matches(r, f, second);
	filter_free(f);
	if (strcmp(first, c->rows) == 0 && strcmp(second, c->rows) == 0)
		return 0;
	print_error("%s: matches \"%s\", then \"%s\", not \"%s\"\n", c->filter, first, second,
		    c->rows);
	return 1;
}

static void check_cases(void **state, const struct match_case *cases, size_t n)
{
	int failed = 0;

	for (size_t i = 0; i < n; i++)
		failed += check_case(*state, &cases[i]);
	assert_int_equal(failed, 0);
}

#define CHECK_CASES(state, cases) check_cases(state, cases, sizeof(cases) / sizeof((cases)[0]))

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

static void test_numbers(void **state)
{
	static const struct match_case cases[] = {
		{ "id=6699", "ae" },
		{ "id=0x1a2b", "ae" },
		{ "id=0X1A2B", "ae" },
		{ "dns.id == 0x1a2b", "ae" },
		{ "dns_id=6699", "ae" },
		{ "id=0", "d" },
		{ "dns_id != 0", "abcefghijk" },
		{ "id=65535", "h" },
		{ "id=70000", "" },
		{ "id<7", "df" },
		{ "id<=7", "cdf" },
		{ "id<0", "" },
		{ "id>=59544", "bh" },
		{ "id>59544", "h" },
		{ "id gt 59544", "h" },
		{ "id lt 7", "df" },
		{ "id le 7 id ge 7", "c" },
		{ "id>18446744073709551615", "" },
		{ "id>=0", ALL },
		{ "id=7,9,11", "cgi" },
		{ "id!=7,9,11", "abdefhjk" },
		{ "id in {7 9 11}", "cgi" },
		{ "id in {7,9,11}", "cgi" },
		{ "id in {3..9}", "cfg" },
		{ "id in {3 .. 9}", "cfg" },
		{ "id in {3..5, 11..13, 65535}", "fhijk" },
		{ "id in {11..13 3 9..11}", "fgijk" },
		{ "id=3..9", "cfg" },
		{ "id!=3..65535", "d" },
		{ "id not in {3..65535}", "d" },
		{ "attempts>1", "bd" },
		{ "answers=2", "a" },
		{ "dns.count.answers >= 1", "a" },
		{ "answers=0", "bcfghijk" },
		{ "ttl=300", "a" },
		{ "ttl!=300", "" },
		{ "not ttl=300", "bcdefghijk" },
		{ "pid=100", "a" },
		{ "uid=1000", "k" },
		{ "query_bytes=40", "abcdeghijk" },
	};

	CHECK_CASES(state, cases);
}

static void test_named(void **state)
{
	static const struct match_case cases[] = {
		{ "rcode=NXDOMAIN", "bf" },
		{ "rcode=nxdomain", "bf" },
		{ "rcode=3", "bf" },
		{ "rcode=0x3", "bf" },
		{ "rcode==NXDOMAIN,SERVFAIL", "bcf" },
		{ "rcode=NXDOMAIN, SERVFAIL", "bcf" },
		{ "rcode = NXDOMAIN ,SERVFAIL", "bcf" },
		{ "dns.flags.rcode == 3", "bf" },
		{ "dns_flag_response_code=NXDOMAIN", "bf" },
		{ "rcode!=NOERROR", "bcfgj" },
		{ "not rcode=NOERROR", "bcdefgj" },
		{ "rcode!=NOERROR,NXDOMAIN", "cgj" },
		{ "rcode in {2, 3}", "bcf" },
		{ "rcode in {2..5}", "bcfg" },
		{ "rcode in {SERVFAIL..NXDOMAIN}", "bcf" },
		{ "rcode>3", "gj" },
		{ "rcode=BADCOOKIE", "j" },
		{ "rcode=RCODE23", "j" },
		{ "rcode~\"NX*\"", "bf" },
		{ "rcode~nx*,serv*", "bcf" },
		{ "rcode!~NO*", "bcfgj" },
		{ "rcode~/^(nx|serv)/", "bcf" },
		{ "rcode contains FAIL", "c" },
		{ "rcode", HAS_RCODE },
		{ "qtype=A", "adfk" },
		{ "qtype=AAAA,HTTPS", "ci" },
		{ "qtype=TYPE65280", "j" },
		{ "qtype=65280", "j" },
		{ "qtype~TYPE65*", "j" },
		{ "dns.qry.type == 28", "c" },
		{ "type=mx", "b" },
		{ "qclass=CH", "j" },
		{ "opcode=NOTIFY", "j" },
		{ "opcode=QUERY", "abcdefghik" },
		{ "state=answered", ANSWERED },
		{ "state=timeout,pending", "de" },
		{ "state!=answered", "def" },
		{ "state=2", "d" },
		{ "state~un*", "f" },
		{ "transport=tcp", "c" },
		{ "transport in {tcp, tls}", "ch" },
		{ "service=mdns", "j" },
		{ "ede=22", "c" },
		{ "ede", "c" },
	};

	CHECK_CASES(state, cases);
}

static void test_durations(void **state)
{
	static const struct match_case cases[] = {
		{ "latency>=10ms", "abcij" },
		{ "latency>=10", "abcij" },
		{ "latency >= 10 ms", "abcij" },
		{ "latency>=10000us", "abcij" },
		{ "latency>=0.01s", "abcij" },
		{ "latency_us>=10000", "abcij" },
		{ "latency_us>=10ms", "abcij" },
		{ "dns.time >= 0.01", "abcij" },
		{ "dns.time >= 2", "c" },
		{ "dns_latency >= 10", "abcij" },
		{ "DnsLatencyMs>=2000", "c" },
		{ "latency>10ms", "abci" },
		{ "latency<1ms", "h" },
		{ "latency<=1ms", "gh" },
		{ "latency=20ms", "a" },
		{ "latency!=20ms", "bcghijk" },
		{ "latency=20ms,10ms,500us", "ahj" },
		{ "latency in {10ms..150ms}", "abij" },
		{ "latency in {10 .. 20, 100ms}", "aij" },
		{ "latency>1s", "c" },
		{ "latency<1m", ANSWERED },
		{ "latency", ANSWERED },
		{ "not latency>=0", "def" },
		{ "latency>10 ms latency<1 s", "abi" },
	};

	CHECK_CASES(state, cases);
}

/* The rows are a millisecond apart, a at 12:04:31.402118233 UTC. */
static void test_times(void **state)
{
	static const struct match_case cases[] = {
		{ "ts>=1795435471.402118233", ALL },
		{ "ts>1795435471.402118233", "bcdefghijk" },
		{ "ts<2026-11-23T12:04:31.404Z", "ab" },
		{ "ts>=2026-11-23T12:04:31.404Z", "cdefghijk" },
		{ "ts>=-1m", ALL },
		{ "ts>=-28s", "" },
		{ "ts<-28s", ALL },
		{ "ts in {1795435471.403..1795435471.405}", "bc" },
		{ "frame.time_epoch <= 1795435471.403", "a" },
	};

	CHECK_CASES(state, cases);
}

static void test_addresses(void **state)
{
	static const struct match_case cases[] = {
		{ "client=10.0.3.9", "b" },
		{ "client=10.0.0.0/8", "abefghijk" },
		{ "client!=10.0.0.0/8", "cd" },
		{ "not client=10.0.0.0/8", "cd" },
		{ "client=10.0.3.77/24", "abeghijk" },
		{ "client=0.0.0.0/0", "abdefghijk" },
		{ "client=::/0", "c" },
		{ "client=fd00::/8", "c" },
		{ "client=fd00::22", "c" },
		{ "client=FD00:0::0022", "c" },
		{ "client=::ffff:10.0.3.9", "b" },
		{ "client=fd00::/8,192.168.0.0/16", "cd" },
		{ "client in {fd00::/8 192.168.0.0/16, 10.0.3.9}", "bcd" },
		{ "client in {10.0.3.1..10.0.3.20}", "b" },
		{ "client=10.0.3.9..10.1.1.1", "abefghijk" },
		{ "client=::1..ffff::", "c" },
		{ "client~10.1.*", "f" },
		{ "client~fd00:*", "c" },
		{ "client !~ 10.*", "cd" },
		{ "client~/^(10\\.1|192)\\./", "df" },
		{ "client contains 168", "d" },
		{ "ip.src == 10.0.3.9", "b" },
		{ "ip.dst == 8.8.8.8", "b" },
		{ "ipv6.src == fd00::22", "c" },
		{ "src_address=10.0.3.9", "b" },
		{ "server=8.8.8.8", "b" },
	};

	CHECK_CASES(state, cases);
}

static void test_either_end(void **state)
{
	static const struct match_case cases[] = {
		{ "addr=8.8.8.8", "b" },
		{ "addr=10.0.3.9", "b" },
		{ "host=10.0.3.9,fd00::53", "bc" },
		{ "ip.addr == 10.0.0.2", "adefghijk" },
		{ "ip.addr != 10.0.0.2", "bc" },
		{ "not ip.addr == 10.0.0.2", "bc" },
		{ "addr!=10.0.0.0/8", "c" },
		{ "addr!=8.8.8.8,fd00::22", "adefghijk" },
		{ "ipv6.addr==fd00::/16", "c" },
		{ "addr~192.168.*", "d" },
		{ "addr!~10.*", "c" },
		{ "port=53", "abcdefgijk" },
		{ "port=853", "h" },
		{ "port!=53", "h" },
		{ "port=5000..5353", "cd" },
		{ "port>41220", "" },
		{ "port in {853, 5353}", "dh" },
		{ "udp.port == 53", "abdefgijk" },
		{ "tcp.port == 53", "c" },
		{ "udp.port != 53", "" },
		{ "tcp.port != 53", "h" },
		{ "not tcp.port == 53", "abdefghijk" },
		{ "udp.srcport == 5353", "d" },
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
		cmocka_unit_test(test_names),      cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_named),      cmocka_unit_test(test_durations),
		cmocka_unit_test(test_times),      cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_either_end), cmocka_unit_test(test_texts),
		cmocka_unit_test(test_predicates), cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_sweep),      cmocka_unit_test(test_null_filter),
	};

	return cmocka_run_group_tests(tests, make_rows, free_rows);
}
