/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lookups: which rows one call of a stub makes, what came of it, and what a
 * resolver asked for whose sake.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/lookup_rows.h"

struct test_case {
	const char *name;
	const char *script;
	/* "a.example A L0", with "<2" where row 2 caused it. */
	const char *rows;
	/* Of row 0: outcome, time, rows, upstream, intended name; NULL: not looked at. */
	const char *first;
	const char *wasted; /* the rows that are, "0 1" */
};

static void write_wasted(const struct script *s, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (uint32_t i = 0; i < s->table->count; i++) {
		const struct flow *f = flow_table_row(s->table, flow_table_oldest(s->table) + i);
		char wasted[16];

		value_of(s, f, "wasted", wasted, sizeof(wasted));
		if (*wasted == '1')
			used += (size_t)snprintf(out + used, size - used, "%s%u", used ? " " : "",
						 i);
	}
}

static const struct test_case cases[] = {
	{
		.name = "A and AAAA are one lookup, as long as the longer takes",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "Q 10us " P " " R " 2 a.example AAAA\n"
			  "R 5ms " P " " R " 1 a.example A answers=1\n"
			  "R 9ms " P " " R " 2 a.example AAAA\n",
		.rows = "a.example A L0\na.example AAAA L0\n",
		.first = "ok 9.0ms 2 0 -",
	},
	{
		.name = "asked one after the other they are, too",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "R 500ms " P " " R " 1 a.example A answers=1\n"
			  "Q 501ms " Q " " R " 2 a.example AAAA\n"
			  "R 520ms " Q " " R " 2 a.example AAAA\n",
		.rows = "a.example A L0\na.example AAAA L0\n",
		.first = "ok 520.0ms 2 0 -",
	},
	{
		.name = "asked later it is another lookup",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "R 5ms " P " " R " 1 a.example A answers=1\n"
			  "Q 200ms " P " " R " 2 a.example AAAA\n",
		.rows = "a.example A L0\na.example AAAA L1\n",
		.first = "ok 5.0ms 1 0 -",
	},
	{
		.name = "the same name again at once is another lookup, each with its AAAA",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "Q 1us " P " " R " 2 a.example AAAA\n"
			  "R 1ms " P " " R " 1 a.example A answers=1\n"
			  "R 2ms " P " " R " 2 a.example AAAA\n"
			  "Q 3ms " Q " " R " 3 a.example A\n"
			  "Q 3001us " Q " " R " 4 a.example AAAA\n",
		.rows = "a.example A L0\na.example AAAA L0\na.example A L2\na.example AAAA L2\n",
	},
	{
		.name = "two of one address at once: told apart by ports",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "Q 1us " Q " " R " 2 a.example A\n"
			  "Q 2us " P " " R " 3 a.example AAAA\n"
			  "Q 3us " Q " " R " 4 a.example AAAA\n",
		.rows = "a.example A L0\na.example A L1\na.example AAAA L0\na.example AAAA L1\n",
	},
	{
		.name = "two processes of one address: told apart, whatever the port",
		.script = "Q 0 " P " " R " 1 a.example A pid=5\n"
			  "Q 1us " Q " " R " 2 a.example AAAA pid=6\n"
			  "Q 2us 10.0.0.9:4003 " R " 3 a.example AAAA pid=5\n",
		.rows = "a.example A L0\na.example AAAA L1\na.example AAAA L0\n",
	},
	{
		.name = "two clients with one name and id are two lookups",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "Q 1us " O " " R " 1 a.example A\n"
			  "Q 2us " P " " R " 2 a.example AAAA\n"
			  "Q 3us " O " " R " 2 a.example AAAA\n",
		.rows = "a.example A L0\na.example A L1\na.example AAAA L0\na.example AAAA L1\n",
	},
	{
		.name = "other types at once are lookups of their own",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "Q 1us " P " " R " 2 a.example MX\n"
			  "Q 2us " P " " R " 3 a.example HTTPS\n",
		.rows = "a.example A L0\na.example MX L1\na.example HTTPS L0\n",
	},
	{
		.name = "the next server after a timeout: time to the final answer",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "Q 3s " P " 10.0.0.2:53 1 a.example A\n"
			  "R 3020ms " P " 10.0.0.2:53 1 a.example A answers=1\n"
			  "T 30s\n",
		.rows = "a.example A L0\na.example A L0\n",
		.first = "ok 3.02s 2 0 -",
	},
	{
		.name = "the next server after SERVFAIL, with another id",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "R 2ms " P " " R " 1 a.example A rcode=2\n"
			  "Q 3ms " Q " 10.0.0.2:53 9 a.example A\n"
			  "R 8ms " Q " 10.0.0.2:53 9 a.example A rcode=3\n",
		.rows = "a.example A L0\na.example A L0\n",
		.first = "nxdomain 8.0ms 2 0 -",
	},
	{
		.name = "another id while the first waits is somebody else; much later a retry",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "Q 10ms " Q " " R " 2 a.example A\n"
			  "Q 5s 10.0.0.9:4003 10.0.0.2:53 3 a.example A\n",
		.rows = "a.example A L0\na.example A L1\na.example A L1\n",
		.first = "timeout - 1 0 -",
	},
	{
		.name = "all servers at once are one lookup",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "Q 5us " P " 10.0.0.2:53 1 a.example A\n"
			  "R 2ms " P " 10.0.0.2:53 1 a.example A answers=1\n",
		.rows = "a.example A L0\na.example A L0\n",
		.first = "ok 2.0ms 2 0 -",
	},
	{
		.name = "TCP after a truncated answer",
		.script = "Q 0 " P " " R " 1 a.example 16\n"
			  "R 1ms " P " " R " 1 a.example 16 tc\n"
			  "Q 2ms " Q " " R " 7 a.example 16 tcp\n"
			  "R 9ms " Q " " R " 7 a.example 16 tcp answers=3\n",
		.rows = "a.example TXT L0\na.example TXT L0\n",
		.first = "ok 9.0ms 2 0 -",
	},
	{
		.name = "nothing came: a timeout without a time",
		.script = "Q 0 " P " " R " 1 a.example A\nQ 1us " P " " R " 2 a.example AAAA\n"
			  "T 30s\n",
		.rows = "a.example A L0\na.example AAAA L0\n",
		.first = "timeout - 2 0 -",
	},
	{
		.name = "a search list's walk to the bare name, two families each",
		.script = "Q 0 " P " " R " 1 api.x.com.ns.svc.cl A\n"
			  "Q 1us " P " " R " 2 api.x.com.ns.svc.cl AAAA\n"
			  "R 1ms " P " " R " 1 api.x.com.ns.svc.cl A rcode=3\n"
			  "R 2ms " P " " R " 2 api.x.com.ns.svc.cl AAAA rcode=3\n"
			  "Q 3ms " Q " " R " 3 api.x.com.svc.cl A\n"
			  "Q 3001us " Q " " R " 4 api.x.com.svc.cl AAAA\n"
			  "R 4ms " Q " " R " 3 api.x.com.svc.cl A rcode=3\n"
			  "R 4001us " Q " " R " 4 api.x.com.svc.cl AAAA rcode=3\n"
			  "Q 5ms " P " " R " 5 api.x.com A\n"
			  "Q 5001us " P " " R " 6 api.x.com AAAA\n"
			  "R 8ms " P " " R " 5 api.x.com A answers=1\n"
			  "R 9ms " P " " R " 6 api.x.com AAAA\n",
		.rows = "api.x.com.ns.svc.cl A L0\napi.x.com.ns.svc.cl AAAA L0\n"
			"api.x.com.svc.cl A L0\napi.x.com.svc.cl AAAA L0\n"
			"api.x.com A L0\napi.x.com AAAA L0\n",
		.first = "ok 9.0ms 6 0 api.x.com",
		.wasted = "0 1 2 3",
	},
	{
		.name = "a walk that ends at a name with a suffix",
		.script = "Q 0 " P " " R " 1 db.prod.ns.svc.cl A\n"
			  "R 1ms " P " " R " 1 db.prod.ns.svc.cl A rcode=3\n"
			  "Q 2ms " P " " R " 2 db.prod.svc.cl A\n"
			  "R 3ms " P " " R " 2 db.prod.svc.cl A answers=1\n",
		.rows = "db.prod.ns.svc.cl A L0\ndb.prod.svc.cl A L0\n",
		.first = "ok 3.0ms 2 0 db.prod.svc.cl",
		.wasted = "0",
	},
	{
		.name = "the bare name first, then the suffixes, all in vain",
		.script = "Q 0 " P " " R " 1 a.b.c A\n"
			  "R 1ms " P " " R " 1 a.b.c A rcode=3\n"
			  "Q 2ms " P " " R " 2 a.b.c.corp.example A\n"
			  "R 3ms " P " " R " 2 a.b.c.corp.example A rcode=3\n"
			  "Q 4ms " P " " R " 3 a.b.c.example A\n"
			  "R 6ms " P " " R " 3 a.b.c.example A rcode=3\n",
		.rows = "a.b.c A L0\na.b.c.corp.example A L0\na.b.c.example A L0\n",
		.first = "nxdomain 6.0ms 3 0 a.b.c",
		.wasted = "1 2",
	},
	{
		.name = "interleaved walks of one client",
		.script = "Q 0 " P " " R " 1 db.ns.svc.cl A\nQ 1us " Q " " R " 2 api.ns.svc.cl A\n"
			  "R 1ms " P " " R " 1 db.ns.svc.cl A rcode=3\n"
			  "R 1001us " Q " " R " 2 api.ns.svc.cl A rcode=3\n"
			  "Q 2ms " Q " " R " 3 api.svc.cl A\nQ 2001us " P " " R " 4 db.svc.cl A\n"
			  "R 3ms " Q " " R " 3 api.svc.cl A rcode=3\n"
			  "R 3001us " P " " R " 4 db.svc.cl A rcode=3\n"
			  "Q 4ms " P " " R " 5 db A\nQ 4001us " Q " " R " 6 api A\n",
		.rows = "db.ns.svc.cl A L0\napi.ns.svc.cl A L1\napi.svc.cl A L1\ndb.svc.cl A L0\n"
			"db A L0\napi A L1\n",
		.wasted = "0 1 2 3",
	},
	{
		.name = "two names that only begin alike are no walk",
		.script = "Q 0 " P " " R " 1 www.a.com A\nR 1ms " P " " R " 1 www.a.com A rcode=3\n"
			  "Q 2ms " P " " R " 2 www.b.com A\n",
		.rows = "www.a.com A L0\nwww.b.com A L1\n",
		.wasted = "",
	},
	{
		.name = "unlike suffixes are known once a bare name has shown them",
		.script = "Q 0 " P " " R " 1 h.corp.x A\nR 1ms " P " " R " 1 h.corp.x A rcode=3\n"
			  "Q 2ms " P " " R " 2 h.lab.y A\nR 3ms " P " " R " 2 h.lab.y A rcode=3\n"
			  "Q 4ms " P " " R " 3 h A\nR 5ms " P " " R " 3 h A rcode=3\n"
			  "Q 2s " P " " R " 4 k.corp.x A\nR 2001ms " P " " R
			  " 4 k.corp.x A rcode=3\n"
			  "Q 2002ms " P " " R " 5 k.lab.y A\n"
			  "R 2003ms " P " " R " 5 k.lab.y A rcode=3\n"
			  "Q 2004ms " P " " R " 6 k A\n",
		.rows = "h.corp.x A L0\nh.lab.y A L0\nh A L0\nk.corp.x A L3\nk.lab.y A L3\nk A L3\n",
		.wasted = "0 1 3 4",
	},
	{
		.name = "the same walk twice is two",
		.script = "Q 0 " P " " R " 1 h.corp.x A\nR 1ms " P " " R " 1 h.corp.x A rcode=3\n"
			  "Q 2ms " P " " R " 2 h.lab.y A\nR 3ms " P " " R " 2 h.lab.y A rcode=3\n"
			  "Q 4ms " P " " R " 3 h A\nR 5ms " P " " R " 3 h A rcode=3\n"
			  "Q 400ms " P " " R " 4 h.corp.x A\nR 401ms " P " " R
			  " 4 h.corp.x A rcode=3\n"
			  "Q 402ms " P " " R " 5 h.lab.y A\nR 403ms " P " " R
			  " 5 h.lab.y A rcode=3\n"
			  "Q 404ms " P " " R " 6 h A\nR 405ms " P " " R " 6 h A rcode=3\n",
		.rows = "h.corp.x A L0\nh.lab.y A L0\nh A L0\nh.corp.x A L3\nh.lab.y A L3\nh A L3\n",
		.wasted = "0 1 3 4",
	},
	{
		.name = "no walk after an answer that is none in vain, or much later",
		.script = "Q 0 " P " " R " 1 a.svc.cl A\nR 1ms " P " " R " 1 a.svc.cl A answers=1\n"
			  "Q 2ms " P " " R " 2 a.cl A\nR 3ms " P " " R " 2 a.cl A rcode=3\n"
			  "Q 900ms " P " " R " 3 a A\n",
		.rows = "a.svc.cl A L0\na.cl A L1\na A L2\n",
		.wasted = "",
	},
	/* --- causes --- */
	{
		.name = "a forwarder asks the same from the address that is asked",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "Q 1ms " U " " S " 77 a.example A\n"
			  "R 20ms " U " " S " 77 a.example A answers=1\n"
			  "R 21ms " P " " R " 1 a.example A answers=1\n"
			  "Q 22ms " V " " S " 78 a.example A\n",
		.rows = "a.example A L0\na.example A L0 <0\na.example A L2\n",
		.first = "ok 21.0ms 1 1 -",
	},
	{
		.name = "capitals that a resolver strews are letters",
		.script = "Q 0 " P " " R " 1 a.example A\nQ 1ms " U " " S " 77 A.eXaMple A\n",
		.rows = "a.example A L0\nA.eXaMple A L0 <0\n",
	},
	{
		.name = "each type under its own; another server for the same",
		.script = "Q 0 " P " " R " 1 a.example A\nQ 1us " P " " R " 2 a.example AAAA\n"
			  "Q 1ms " U " " S " 7 a.example AAAA\nQ 2ms " V " " S " 8 a.example A\n"
			  "Q 400ms " V " " S2 " 9 a.example A\n",
		.rows = "a.example A L0\na.example AAAA L0\na.example AAAA L0 <1\n"
			"a.example A L0 <0\na.example A L0 <0\n",
	},
	{
		.name = "the resolver asks once for two clients: under the first",
		.script = "Q 0 " P " " R " 1 a.example A\nQ 1us " O " " R " 1 a.example A\n"
			  "Q 1ms " U " " S " 7 a.example A\n",
		.rows = "a.example A L0\na.example A L1\na.example A L0 <0\n",
	},
	{
		.name = "minimised names, and keys, of the only question below",
		.script = "Q 0 " P " " R " 1 www.a.example A\n"
			  "Q 1ms " U " " S " 7 example NS\nQ 2ms " V " " S " 8 a.example DS\n"
			  "Q 3ms " U " " S " 9 . NS\n",
		.rows = "www.a.example A L0\nexample NS L0 <0\na.example DS L0 <0\n. NS L3\n",
	},
	{
		.name = "minimised names of both families of one lookup: under the first",
		.script = "Q 0 " P " " R " 1 www.a.example A\nQ 1us " P " " R
			  " 2 www.a.example AAAA\n"
			  "Q 1ms " U " " S " 7 a.example NS\n"
			  "Q 2ms " O " " R " 3 www.a.example A\nQ 3ms " V " " S " 8 a.example DS\n",
		.rows = "www.a.example A L0\nwww.a.example AAAA L0\na.example NS L0 <0\n"
			"www.a.example A L3\na.example DS L4\n",
	},
	{
		.name = "what could be of two questions is of none",
		.script = "Q 0 " P " " R " 1 www.a.example A\nQ 1us " O " " R " 2 www.b.example A\n"
			  "Q 1ms " U " " S " 7 example NS\nQ 2ms " V " " S " 8 b.example NS\n",
		.rows = "www.a.example A L0\nwww.b.example A L1\nexample NS L2\n"
			"b.example NS L1 <1\n",
	},
	{
		.name = "of two types of a name neither, where it is of a third",
		.script = "Q 0 " P " " R " 1 a.example A\nQ 1us " P " " R " 2 a.example MX\n"
			  "Q 1ms " U " " S " 7 a.example DS\n",
		.rows = "a.example A L0\na.example MX L1\na.example DS L2\n",
	},
	{
		.name = "a CNAME's target, and the servers of a referral",
		.script = "Q 0 " P " " R " 1 www.a.example A\n"
			  "Q 1ms " U " " S " 7 www.a.example A\n"
			  "R 2ms " U " " S " 7 www.a.example A cname=x.cdn.net\n"
			  "Q 3ms " V " " S " 8 x.cdn.net A\n"
			  "R 4ms " V " " S " 8 x.cdn.net A nsname=ns1.dns.org\n"
			  "Q 5ms " U " " S " 9 ns1.dns.org AAAA\n"
			  "Q 6ms " V " " S " 10 dns.org NS\n"
			  "Q 7ms " V " " S " 11 other.org A\n",
		.rows = "www.a.example A L0\nwww.a.example A L0 <0\nx.cdn.net A L0 <0\n"
			"ns1.dns.org AAAA L0 <0\ndns.org NS L0 <0\nother.org A L5\n",
		.first = "pending - 1 4 -",
	},
	{
		.name = "a prefetch, and priming, have no cause",
		.script = "Q 0 " P " " R " 1 a.example A\nR 1ms " P " " R
			  " 1 a.example A answers=1\n"
			  "Q 2ms " U " " S " 7 a.example A\nQ 3ms " V " " S " 8 . NS\n"
			  "Q 4ms " O " " R " 5 b.example A\nQ 5ms " U " " S " 9 . NS\n"
			  "Q 6ms " V " " S " 10 c.example A\n",
		.rows = "a.example A L0\na.example A L1\n. NS L2\nb.example A L3\n. NS L4\n"
			"c.example A L5\n",
	},
	{
		.name = "somebody else who asks the same is no resolver",
		.script = "Q 0 " P " " R " 1 a.example A\nQ 1ms " O " " S " 7 a.example A\n"
			  "Q 2ms 10.0.0.1:6000 " R " 8 a.example A\n",
		.rows = "a.example A L0\na.example A L1\na.example A L2\n",
	},
	{
		.name = "a chain of resolvers is a tree of three",
		.script = "Q 0 " P " " R " 1 a.example A\n"
			  "Q 1ms " U " 10.0.0.2:53 7 a.example A\n"
			  "Q 2ms 10.0.0.2:6000 " S " 8 a.example A\n",
		.rows = "a.example A L0\na.example A L0 <0\na.example A L0 <1\n",
		.first = "pending - 1 2 -",
	},
	{
		.name = "the same id under way everywhere misleads nobody",
		.script = "Q 0 " P " " R " 1 a.example A\nQ 1us " O " " R " 1 b.example A\n"
			  "Q 1ms " U " " S " 1 b.example A\nQ 2ms " V " " S " 1 a.example A\n",
		.rows = "a.example A L0\nb.example A L1\nb.example A L1 <1\na.example A L0 <0\n",
	},
	{
		.name = "over IPv6",
		.script = "Q 0 [fd00::9]:4001 [fd00::1]:53 1 a.example A\n"
			  "Q 1us [fd00::9]:4001 [fd00::1]:53 2 a.example AAAA\n"
			  "Q 1ms [fd00::1]:5001 [2001:db8::1]:53 7 a.example AAAA\n"
			  "Q 2ms 10.0.0.1:5001 " S " 8 a.example A\n",
		.rows = "a.example A L0\na.example AAAA L0\na.example AAAA L0 <1\na.example A L3\n",
	},
	{
		.name = "on loopback any address of the host, for name and type alone",
		.script = "Q 0 127.0.0.1:4001 " LO " 1 www.a.example A\n"
			  "Q 1ms " U " " S " 7 www.a.example A\nQ 2ms " V " " S " 8 a.example NS\n"
			  "Q 3ms " V " " S " 9 www.a.example AAAA\n"
			  "Q 4ms 127.0.0.1:4002 " LO " 2 www.a.example A\n",
		.rows = "www.a.example A L0\nwww.a.example A L0 <0\na.example NS L2\n"
			"www.a.example AAAA L3\nwww.a.example A L4\n",
	},
	{
		.name = "what the capture saw come in, and whom this host asked from elsewhere",
		.script = "Q 0 " P " " R " 1 www.a.example A in\n"
			  "Q 1ms 172.16.0.1:5001 " S " 7 www.a.example A out\n"
			  "Q 2ms 172.16.0.1:5002 " S " 8 a.example NS out\n"
			  "Q 3ms " O " " R " 2 www.b.example A in\n"
			  "Q 4ms 172.16.0.1:5001 " S " 9 www.b.example A out\n"
			  "Q 5ms " O " 9.9.9.9:53 3 www.c.example A in\n"
			  "Q 5001us " O " 9.9.9.9:53 3 www.c.example A out\n"
			  "Q 6ms 172.16.0.1:5002 " S " 10 www.c.example A out\n",
		.rows = "www.a.example A L0\nwww.a.example A L0 <0\na.example NS L2\n"
			"www.b.example A L3\nwww.b.example A L3 <3\nwww.c.example A L5\n"
			"www.c.example A L6\n",
	},
	{
		.name = "two resolvers on one host that are asked the same: under none",
		.script = "Q 0 127.0.0.1:4001 " LO " 1 a.example A\n"
			  "Q 1us 127.0.0.1:4002 127.0.0.1:53 2 a.example A\n"
			  "Q 1ms " U " " S " 7 a.example A\n"
			  "Q 2ms 127.0.0.1:4003 127.0.0.1:53 3 b.example A\n"
			  "Q 3ms " U " " S " 8 b.example A\n"
			  "Q 1s " P " " R " 4 c.example A\nQ 1s " O " 10.0.0.1:5300 5 c.example A\n"
			  "Q 1001ms " V " " S " 9 c.example A\n",
		.rows = "a.example A L0\na.example A L1\na.example A L2\nb.example A L3\n"
			"b.example A L3 <3\nc.example A L5\nc.example A L6\nc.example A L7\n",
	},
	/* --- causes, by process --- */
	{
		.name = "the process that answers is the one that asked: known with the answer",
		.script = "Q 0 " P " " LO " 1 www.a.example A pid=5 netns=1\n"
			  "Q 1ms 10.1.0.1:5001 " S " 7 www.a.example A pid=9 netns=1\n"
			  "Q 2ms 10.1.0.1:5002 " S " 8 www.a.example A pid=6 netns=1\n"
			  "R 3ms 10.1.0.1:5001 " S " 7 www.a.example A answers=1\n"
			  "R 4ms " P " " LO " 1 www.a.example A answers=1 pid=9\n"
			  "Q 1s " Q " " LO " 2 www.b.example A pid=5 netns=1\n"
			  "Q 1001ms 10.1.0.1:5001 " S " 9 b.example NS pid=9 netns=1\n"
			  "Q 1002ms 10.1.0.1:5003 " S " 10 www.b.example A pid=6 netns=1\n",
		.rows = "www.a.example A L0\nwww.a.example A L0 <0\nwww.a.example A L2\n"
			"www.b.example A L3\nb.example NS L3 <3\nwww.b.example A L5\n",
		.first = "ok 4.0ms 1 1 -",
	},
	{
		.name = "another process answers than did before: judged again",
		.script = "Q 0 " P " " R " 1 x.example A pid=5 netns=1\n"
			  "R 1ms " P " " R " 1 x.example A answers=1 pid=9\n"
			  "Q 2ms 10.0.0.1:5001 " S " 7 y.example A pid=9\n"
			  "Q 1s " P " " R " 2 a.example A pid=5 netns=1\n"
			  "Q 1001ms 10.0.0.1:5002 " S " 8 a.example A pid=9\n"
			  "Q 1002ms 10.0.0.1:5003 " S " 9 a.example A pid=8\n"
			  "R 1003ms " P " " R " 2 a.example A answers=1 pid=8\n",
		.rows = "x.example A L0\ny.example A L1\na.example A L2\na.example A L3\n"
			"a.example A L2 <2\n",
	},
	{
		.name = "one address in two namespaces: two resolvers",
		.script = "Q 0 " P " " LO " 1 p.example A pid=5 netns=1\n"
			  "R 1ms " P " " LO " 1 p.example A answers=1 pid=8\n"
			  "Q 2ms " P " " LO " 2 q.example A pid=6 netns=2\n"
			  "R 3ms " P " " LO " 2 q.example A answers=1 pid=9\n"
			  "Q 4ms 10.0.0.1:5001 " S " 7 r.example A pid=8\n"
			  "Q 5ms 10.0.0.2:5001 " S " 8 r.example A pid=9\n"
			  "Q 1s " P " " LO " 3 a.example A pid=5 netns=1\n"
			  "Q 1001ms " Q " " LO " 4 a.example A pid=6 netns=2\n"
			  "Q 1002ms 10.0.0.2:5001 " S " 9 a.example A pid=9\n"
			  "Q 1003ms 10.0.0.1:5001 " S " 10 a.example A pid=8\n",
		.rows = "p.example A L0\nq.example A L1\nr.example A L2\nr.example A L3\n"
			"a.example A L4\na.example A L5\na.example A L5 <5\na.example A L4 <4\n",
	},
	{
		.name = "the first to be answered tells of what was asked before it, too",
		.script = "Q 0 " P " " R " 1 a.example A pid=5\n"
			  "Q 1ms " U " " S " 7 a.example A pid=9\n"
			  "Q 2ms " Q " " R " 2 b.example A pid=6\n"
			  "Q 3ms " V " " S " 8 b.example A pid=9\n"
			  "R 4ms " V " " S " 8 b.example A answers=1\n"
			  "R 5ms " Q " " R " 2 b.example A answers=1 pid=9\n"
			  "R 20ms " U " " S " 7 a.example A answers=1\n"
			  "R 21ms " P " " R " 1 a.example A answers=1 pid=9\n",
		.rows = "a.example A L0\na.example A L0 <0\nb.example A L2\nb.example A L2 <2\n",
		.first = "ok 21.0ms 1 1 -",
	},
	{
		.name = "never answered: by the address that was asked",
		.script = "Q 0 " P " " R " 1 a.example A pid=5\n"
			  "Q 1ms " U " " S " 7 a.example A pid=9\n"
			  "Q 2ms " V " " S " 8 b.example A pid=9\nT 60s\n",
		.rows = "a.example A L0\na.example A L0 <0\nb.example A L2\n",
		.first = "timeout - 1 1 -",
	},
};

static void test_case(void **state)
{
	const struct test_case *c = *state;
	struct script *s = script_new(64);
	char text[8192];

	script_run(s, c->script);
	write_rows(s, text, sizeof(text));
	assert_string_equal(text, c->rows);
	if (c->first) {
		write_first(s, text, sizeof(text));
		assert_string_equal(text, c->first);
	}
	if (c->wasted) {
		write_wasted(s, text, sizeof(text));
		assert_string_equal(text, c->wasted);
	}
	script_free(s);
}

#define CASES (sizeof(cases) / sizeof(cases[0]))

int main(void)
{
	struct CMUnitTest tests[CASES];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){
			.name = cases[i].name,
			.test_func = test_case,
			.initial_state = (void *)(uintptr_t)&cases[i],
		};
	return cmocka_run_group_tests_name("lookups", tests, NULL, NULL);
}
