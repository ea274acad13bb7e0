/* SPDX-License-Identifier: BSD-2-Clause */
/* What filters of numbers, names of numbers, times and addresses match. */
#include "tests/unit/filter_rows.h"

/* clang-format off */
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
		{ "latency_us=10ms..150 ms", "abij" },
		{ "latency_us=10 ms .. 150 ms", "abij" },
		{ "latency_us=10 ms..150 ms", "abij" },
		{ "latency_us in {10 ms .. 150 ms, 2 s}", "abij" },
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
		{ "TimeFlowStartMs>1795435471402.118233", "bcdefghijk" },
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
/* clang-format on */

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),   cmocka_unit_test(test_named),
		cmocka_unit_test(test_durations), cmocka_unit_test(test_times),
		cmocka_unit_test(test_addresses), cmocka_unit_test(test_either_end),
	};

	return cmocka_run_group_tests(tests, make_rows, free_rows);
}
