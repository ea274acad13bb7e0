/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/tracker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct tracker_case {
	const char *what;
	const char *script;
	const char *rows;
	const char *stats;
	const char *settled;
};

#define C  " 10.0.0.1:1000 10.0.0.2:53 "
#define C2 " 10.0.0.1:2000 10.0.0.2:53 "
#define C3 " 10.0.0.1:3000 10.0.0.2:53 "
#define C6 " [fd00::1]:1000 [fd00::2]:53 "
/* Before and after source NAT by a router. */
#define IN  " 172.30.0.2:1000 10.88.0.53:53 "
#define OUT " 10.88.0.1:40000 10.88.0.53:53 "

/* clang-format off */
static const struct tracker_case cases[] = {
	{ "a query and its answer",
	  "Q 0" C "7 a.example A\n"
	  "R 1500us" C "7 a.example A rcode=3 answers=2\n"
	  "T 1s\n",
	  "answered 10.0.0.1:1000 7 a.example A 1500us tries=1 seen=2\n",
	  "paired=1", "0:answered" },
	{ "an answer's further sightings are awaited",
	  "Q 0" C "7 a.example A\n"
	  "R 1ms" C "7 a.example A\n"
	  "T 50ms\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 open\n",
	  "paired=1", "" },
	{ "packets that are told of again without their bytes",
	  "Q 0" C "7 a.example A origin packet=1\n"
	  "Q 10us" C "7 - A again hop packet=1\n"
	  "R 1ms" C "7 a.example A origin packet=2\n"
	  "R 1010us" C "7 - A again hop packet=2\n"
	  "T 1s\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=4\n",
	  "paired=1 hops=2", "0:answered" },
	{ "one of a packet that is not known any more, or whose number is another's too",
	  "Q 0" C "7 a.example A origin packet=1\n"
	  "Q 10us" C "7 - A again hop packet=3\n"
	  "Q 20us" C "8 - A again hop packet=1\n",
	  "pending 10.0.0.1:1000 7 a.example A tries=1 seen=1 open\n",
	  "hops=2", "" },
	{ "one of a packet whose row is gone",
	  "Q 0" C "7 a.example A origin packet=1\n"
	  "C\n"
	  "Q 10us" C "7 - A again hop packet=1\n",
	  "", "hops=1", "" },
	{ "the rest of what a packet may have been",
	  "Q 0" C "7 a.example A origin packet=1 bad\n"
	  "Q 10us" C "7 - A again hop packet=1\n"
	  "Q 20us" C "0 a.example A origin packet=2 opcode=6\n"
	  "Q 30us" C "0 - A again hop packet=2\n",
	  "pending 10.0.0.1:1000 7 a.example A tries=1 seen=2 bad open\n",
	  "hops=1 bad_records=1 unpaired_opcodes=2", "" },
	{ "an answer whose query was left out",
	  "R 0" C "7 a.example A half origin packet=1\n"
	  "R 1us" C "7 - A again hop packet=1\n"
	  "Q 1ms" C "8 a.example A half origin packet=2\n"
	  "R 2ms" C "8 a.example A half origin packet=3\n",
	  "answered 10.0.0.1:1000 8 a.example A 1000us tries=1 seen=2 open\n",
	  "paired=1 halves=2", "" },
	{ "id 0 is an id",
	  "Q 0" C "0 a.example A\n"
	  "R 1ms" C "0 a.example A\n",
	  "answered 10.0.0.1:1000 0 a.example A 1000us tries=1 seen=2 open\n",
	  "paired=1", "" },
	{ "A and AAAA from one socket with ids of their own",
	  "Q 0" C "7 a.example A\n"
	  "Q 10us" C "8 a.example AAAA\n"
	  "R 1ms" C "8 a.example AAAA\n"
	  "R 2ms" C "7 a.example A\n",
	  "answered 10.0.0.1:1000 7 a.example A 2000us tries=1 seen=2 open\n"
	  "answered 10.0.0.1:1000 8 a.example AAAA 990us tries=1 seen=2 open\n",
	  "paired=2", "" },
	{ "A and AAAA from one socket with the same id",
	  "Q 0" C "7 a.example A\n"
	  "Q 10us" C "7 a.example AAAA\n"
	  "R 1ms" C "7 a.example A\n"
	  "R 2ms" C "7 a.example AAAA\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 open\n"
	  "answered 10.0.0.1:1000 7 a.example AAAA 1990us tries=1 seen=2 open\n",
	  "paired=2", "" },
	{ "one id, several names, answers in any order",
	  "Q 0" C "7 a.example A\n"
	  "Q 1ms" C "7 b.example A\n"
	  "Q 2ms" C "7 c.example A\n"
	  "R 10ms" C "7 a.example A\n"
	  "R 11ms" C "7 c.example A\n"
	  "R 12ms" C "7 b.example A\n",
	  "answered 10.0.0.1:1000 7 a.example A 10000us tries=1 seen=2 open\n"
	  "answered 10.0.0.1:1000 7 b.example A 11000us tries=1 seen=2 open\n"
	  "answered 10.0.0.1:1000 7 c.example A 9000us tries=1 seen=2 open\n",
	  "paired=3", "" },
	{ "0x20: the answer's letters may differ in case, other bytes not",
	  "Q 0" C "7 wWw.eXample A\n"
	  "R 1ms" C "7 WwW.Example A\n"
	  "Q 1s" C "8 a[.example A\n"
	  "R 1001ms" C "8 a{.example A\n",
	  "answered 10.0.0.1:1000 7 wWw.eXample A 1000us tries=1 seen=2\n"
	  "pending 10.0.0.1:1000 8 a[.example A tries=1 seen=1 open\n"
	  "unsolicited 10.0.0.1:1000 8 a{.example A tries=0 seen=1 open\n",
	  "paired=1", "0:answered" },
	{ "the answer to another question is nobody's",
	  "Q 0" C "7 a.example A\n"
	  "R 1ms" C "7 a.example AAAA\n"
	  "R 2ms" C "7 a.exampl A\n",
	  "pending 10.0.0.1:1000 7 a.example A tries=1 seen=1 open\n"
	  "unsolicited 10.0.0.1:1000 7 a.example AAAA tries=0 seen=1 open\n"
	  "unsolicited 10.0.0.1:1000 7 a.exampl A tries=0 seen=1 open\n",
	  "", "" },
	{ "the class is not looked at: mDNS has a flag in it",
	  "Q 0" C "7 a.example A class=32769\n"
	  "R 1ms" C "7 a.example A\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 open\n",
	  "paired=1", "" },
	{ "an answer without a question section takes the newest open row",
	  "Q 0" C "7 a.example A\n"
	  "Q 1ms" C "7 b.example A\n"
	  "R 3ms" C "7 - - rcode=1\n",
	  "pending 10.0.0.1:1000 7 a.example A tries=1 seen=1 open\n"
	  "answered 10.0.0.1:1000 7 b.example A 2000us tries=1 seen=2 open\n",
	  "paired=1", "" },
	{ "a query without a question section",
	  "Q 0" C "7 - -\n"
	  "R 1ms" C "7 - - rcode=1\n",
	  "answered 10.0.0.1:1000 7 - - 1000us tries=1 seen=2 open\n",
	  "paired=1", "" },
	{ "every opcode pairs",
	  "Q 0" C "7 a.example 6 opcode=4\n"
	  "R 1ms" C "7 a.example 6 opcode=4\n",
	  "answered 10.0.0.1:1000 7 a.example other 1000us tries=1 seen=2 open\n",
	  "paired=1", "" },
	{ "a one-way DSO message expects no response",
	  "Q 0" C "0 - - opcode=6 tcp\n",
	  "", "unpaired_opcodes=1", "" },
	{ "both ports 53: the QR bit tells who asks",
	  "Q 0 10.0.0.1:53 10.0.0.2:53 7 a.example A\n"
	  "R 1ms 10.0.0.1:53 10.0.0.2:53 7 a.example A\n",
	  "answered 10.0.0.1:53 7 a.example A 1000us tries=1 seen=2 open\n",
	  "paired=1", "" },
	{ "asking oneself: one tuple for both ways",
	  "Q 0 127.0.0.1:53 127.0.0.1:53 7 a.example A\n"
	  "R 1ms 127.0.0.1:53 127.0.0.1:53 7 a.example A\n",
	  "answered 127.0.0.1:53 7 a.example A 1000us tries=1 seen=2 open\n",
	  "paired=1", "" },
	{ "UDP and TCP are not mixed up",
	  "Q 0" C "7 a.example A\n"
	  "R 1ms" C "7 a.example A tcp\n",
	  "pending 10.0.0.1:1000 7 a.example A tries=1 seen=1 open\n"
	  "unsolicited 10.0.0.1:1000 7 a.example A tries=0 seen=1 open\n",
	  "", "" },
	{ "the same socket asks again after its answer",
	  "Q 0" C "7 a.example A ip=1\n"
	  "R 1ms" C "7 a.example A ip=11\n"
	  "Q 2ms" C "7 a.example A ip=2\n"
	  "R 4ms" C "7 a.example A ip=12\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 open\n"
	  "answered 10.0.0.1:1000 7 a.example A 2000us tries=1 seen=2 open\n",
	  "paired=2", "" },
	{ "the same over IPv6, which has no IP ids, faster than twins come",
	  "Q 0" C6 "7 a.example A\n"
	  "R 1ms" C6 "7 a.example A\n"
	  "Q 2ms" C6 "7 a.example A\n"
	  "R 4ms" C6 "7 a.example A\n",
	  "answered fd00::1:1000 7 a.example A 1000us tries=1 seen=2 open\n"
	  "answered fd00::1:1000 7 a.example A 2000us tries=1 seen=2 open\n",
	  "paired=2", "" },

	/* Attempts. */
	{ "a retransmission is an attempt",
	  "Q 0" C "7 a.example A ip=1\n"
	  "Q 1s" C "7 a.example A ip=2\n"
	  "R 1001ms" C "7 a.example A\n",
	  "answered 10.0.0.1:1000 7 a.example A 1.001e+06us tries=2 seen=3 open\n",
	  "paired=1 retries=1", "" },
	{ "a re-send by the origin within a microsecond is an attempt",
	  "Q 0" C "7 a.example A origin ip=9\n"
	  "Q 1us" C "7 a.example A origin ip=9\n",
	  "pending 10.0.0.1:1000 7 a.example A tries=2 seen=2 open\n",
	  "retries=1", "" },
	{ "dig's retries come from other ports, the answer goes to the last",
	  "Q 0" C "7 a.example A origin\n"
	  "Q 5s" C2 "7 a.example A origin\n"
	  "Q 10s" C3 "7 a.example A origin\n"
	  "R 10.002s" C3 "7 a.example A\n",
	  "answered 10.0.0.1:1000 7 a.example A 1.0002e+07us tries=3 seen=4 late open\n",
	  "paired=1 timeouts=1 late=1 retries=2", "" },
	{ "a retry from another port, the answer to the first",
	  "Q 0" C "7 a.example A origin\n"
	  "Q 2s" C2 "7 a.example A origin\n"
	  "Q 2s" C2 "7 a.example A hop\n"
	  "R 2.001s" C "7 a.example A hop\n"
	  "R 2.002s" C2 "7 a.example A hop\n",
	  "answered 10.0.0.1:1000 7 a.example A 2.001e+06us tries=2 seen=5 open\n",
	  "paired=1 retries=1 hops=2", "" },
	{ "another client's question with the same id is its own",
	  "Q 0" C "7 a.example A\n"
	  "Q 1s 10.0.0.9:1000 10.0.0.2:53 7 a.example A\n"
	  "Q 2s 10.0.0.1:1000 10.0.0.9:53 7 a.example A\n",
	  "pending 10.0.0.1:1000 7 a.example A tries=1 seen=1 open\n"
	  "pending 10.0.0.9:1000 7 a.example A tries=1 seen=1 open\n"
	  "pending 10.0.0.1:1000 7 a.example A tries=1 seen=1 open\n",
	  "", "" },
	{ "an answered question from another port is a new one",
	  "Q 0" C "7 a.example A\n"
	  "R 1ms" C "7 a.example A\n"
	  "Q 2ms" C2 "7 a.example A\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 open\n"
	  "pending 10.0.0.1:2000 7 a.example A tries=1 seen=1 open\n",
	  "paired=1", "" },
	{ "a stream repeats nothing: the same question again is one more",
	  "Q 0" C "7 a.example A tcp origin\n"
	  "Q 1ms" C "7 a.example A tcp origin\n"
	  "Q 1ms" C "7 a.example A tcp hop\n"
	  "R 2ms" C "7 a.example A tcp\n"
	  "R 3ms" C "7 a.example A tcp\n",
	  "answered 10.0.0.1:1000 7 a.example A 3000us tries=1 seen=2 open\n"
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=3 open\n",
	  "paired=2 hops=1", "" },
	{ "an attempt that its answer overtook",
	  "Q 0" C "7 a.example A ip=1\n"
	  "R 5ms" C "7 a.example A ip=11\n"
	  "Q 4ms" C "7 a.example A ip=2\n",
	  "answered 10.0.0.1:1000 7 a.example A 5000us tries=2 seen=3 open\n",
	  "paired=1 retries=1", "" },

	/* Sightings. */
	{ "loopback: both hooks, both ways",
	  "Q 0" C "7 a.example A origin ip=5\n"
	  "Q 2us" C "7 a.example A hop ip=5\n"
	  "R 1ms" C "7 a.example A origin ip=6\n"
	  "R 1002us" C "7 a.example A hop ip=6\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=4 open\n",
	  "paired=1 hops=2", "" },
	{ "loopback over IPv6, without IP ids",
	  "Q 0" C6 "7 a.example A origin\n"
	  "Q 2us" C6 "7 a.example A hop\n"
	  "R 1ms" C6 "7 a.example A origin\n"
	  "R 1002us" C6 "7 a.example A hop\n",
	  "answered fd00::1:1000 7 a.example A 1000us tries=1 seen=4 open\n",
	  "paired=1 hops=2", "" },
	{ "veth in a capture: IP ids tell",
	  "Q 0" C "7 a.example A ip=5\n"
	  "Q 30ms" C "7 a.example A ip=5\n"
	  "R 40ms" C "7 a.example A ip=6\n"
	  "R 80ms" C "7 a.example A ip=6\n",
	  "answered 10.0.0.1:1000 7 a.example A 40000us tries=1 seen=4 open\n",
	  "paired=1 hops=2", "" },
	{ "twins in a capture, without IP ids",
	  "Q 0" C6 "7 a.example A\n"
	  "Q 20ms" C6 "7 a.example A\n"
	  "R 30ms" C6 "7 a.example A\n"
	  "R 50ms" C6 "7 a.example A\n",
	  "answered fd00::1:1000 7 a.example A 30000us tries=1 seen=4 open\n",
	  "paired=1 hops=2", "" },
	{ "further apart than twins: an attempt, a second answer",
	  "Q 0" C6 "7 a.example A\n"
	  "Q 20.1ms" C6 "7 a.example A\n"
	  "R 30ms" C6 "7 a.example A\n"
	  "R 50.1ms" C6 "7 a.example A\n",
	  "answered fd00::1:1000 7 a.example A 30000us tries=2 seen=3 open\n",
	  "paired=1 duplicates=1 retries=1", "" },
	{ "an IP id comes round after the hop window",
	  "Q 0" C "7 a.example A ip=5\n"
	  "Q 1.1s" C "7 a.example A ip=5\n",
	  "pending 10.0.0.1:1000 7 a.example A tries=2 seen=2 open\n",
	  "retries=1", "" },
	{ "from a NIC, forwarded: no origin ever, IP ids tell attempts from hops",
	  "Q 0" C "7 a.example A hop ip=5\n"
	  "Q 10us" C "7 a.example A hop ip=5\n"
	  "Q 400ms" C "7 a.example A hop ip=6\n"
	  "Q 400.1ms" C "7 a.example A hop ip=6\n"
	  "R 401ms" C "7 a.example A hop ip=9\n"
	  "R 401.1ms" C "7 a.example A hop ip=9\n",
	  "answered 10.0.0.1:1000 7 a.example A 401000us tries=2 seen=6 open\n",
	  "paired=1 retries=1 hops=3", "" },
	{ "veth, bridge, NAT, veth: ten sightings of one transaction",
	  "Q 0" IN "7 a.example A origin ip=5\n"
	  "Q 1us" IN "7 a.example A hop ip=5\n"
	  "Q 2us" IN "7 a.example A hop ip=5\n"
	  "Q 3us" OUT "7 a.example A hop ip=5\n"
	  "Q 4us" OUT "7 a.example A hop ip=5\n"
	  "R 1000us" OUT "7 a.example A origin ip=6\n"
	  "R 1001us" OUT "7 a.example A hop ip=6\n"
	  "R 1002us" IN "7 a.example A hop ip=6\n"
	  "R 1003us" IN "7 a.example A hop ip=6\n"
	  "R 1004us" IN "7 a.example A hop ip=6\n",
	  "answered 172.30.0.2:1000 7 a.example A 1000us tries=1 seen=10 open\n",
	  "paired=1 hops=8", "" },
	{ "NAT'd attempts to a silent server",
	  "Q 0" IN "7 a.example A origin ip=5\n"
	  "Q 3us" OUT "7 a.example A hop ip=5\n"
	  "Q 2s" IN "7 a.example A origin ip=6\n"
	  "Q 2.000003s" OUT "7 a.example A hop ip=6\n"
	  "Q 4s" IN "7 a.example A origin ip=7\n"
	  "Q 4.000003s" OUT "7 a.example A hop ip=7\n"
	  "T 20s\n",
	  "timeout 172.30.0.2:1000 7 a.example A tries=3 seen=6\n",
	  "timeouts=1 retries=2 hops=3", "0:timeout" },
	{ "a hop of nothing known is a row",
	  "Q 0" C "7 a.example A origin\n"
	  "Q 1us 10.9.9.9:77 10.0.0.2:53 7 b.example A hop\n"
	  "Q 2us 10.9.9.9:77 10.0.0.2:53 8 a.example A hop\n"
	  "Q 1.1s 10.9.9.9:77 10.0.0.2:53 7 a.example A hop\n",
	  "pending 10.0.0.1:1000 7 a.example A tries=1 seen=1 open\n"
	  "pending 10.9.9.9:77 7 b.example A tries=1 seen=1 open\n"
	  "pending 10.9.9.9:77 8 a.example A tries=1 seen=1 open\n"
	  "pending 10.9.9.9:77 7 a.example A tries=1 seen=1 open\n",
	  "", "" },
	{ "the hop is delivered before the origin",
	  "Q 2us" C "7 a.example A hop ip=5\n"
	  "Q 0" C "7 a.example A origin ip=5 if=3\n"
	  "Q 3us" C "7 a.example A origin ip=5\n"
	  "R 1002us" C "7 a.example A hop ip=6\n"
	  "R 1000us" C "7 a.example A origin ip=6\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=2 seen=5 open\n",
	  "paired=1 retries=1 hops=2", "" },
	{ "a hop of an answered query that its answer overtook",
	  "Q 0" C "7 a.example A origin\n"
	  "R 1ms" C "7 a.example A origin\n"
	  "Q 2us" C "7 a.example A hop\n"
	  "R 1002us" C "7 a.example A hop\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=4 open\n",
	  "paired=1 hops=2", "" },
	{ "the last sighting of an answer after the next question",
	  "Q 0" C "7 a.example A ip=1\n"
	  "R 1ms" C "7 a.example A ip=11\n"
	  "Q 1.1ms" C "7 a.example A ip=2\n"
	  "R 1.2ms" C "7 a.example A ip=11\n"
	  "R 2.1ms" C "7 a.example A ip=12\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=3 open\n"
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 open\n",
	  "paired=2 hops=1", "" },

	/* Answers that are late, double, nobody's, or too early. */
	{ "a silent server: three attempts are one timeout",
	  "Q 0" C "7 a.example A origin\n"
	  "Q 5s" C "7 a.example A origin\n"
	  "Q 10s" C "7 a.example A origin\n"
	  "T 15s\n"
	  "T 20s\n",
	  "timeout 10.0.0.1:1000 7 a.example A tries=3 seen=3\n",
	  "timeouts=1 retries=2", "0:timeout" },
	{ "a row is a timeout at once and settles later",
	  "Q 0" C "7 a.example A\n"
	  "T 5s\n",
	  "timeout 10.0.0.1:1000 7 a.example A tries=1 seen=1 open\n",
	  "timeouts=1", "" },
	{ "not before its time",
	  "Q 0" C "7 a.example A\n"
	  "T 4.999s\n",
	  "pending 10.0.0.1:1000 7 a.example A tries=1 seen=1 open\n",
	  "", "" },
	{ "an answer after the timeout, before the row settled",
	  "Q 0" C "7 a.example A\n"
	  "T 6s\n"
	  "R 7s" C "7 a.example A\n"
	  "T 20s\n",
	  "answered 10.0.0.1:1000 7 a.example A 7e+06us tries=1 seen=2 late\n",
	  "paired=1 timeouts=1 late=1", "0:answered" },
	{ "an answer after that: the row settles twice",
	  "Q 0" C "7 a.example A\n"
	  "R 30s" C "7 a.example A\n"
	  "T 40s\n",
	  "answered 10.0.0.1:1000 7 a.example A 3e+07us tries=1 seen=2 late\n",
	  "paired=1 timeouts=1 late=1", "0:timeout 0:answered:again" },
	{ "a query long after the row settled is a new one",
	  "Q 0" C "7 a.example A\n"
	  "Q 10s" C "7 a.example A\n"
	  "R 10.001s" C "7 a.example A\n",
	  "timeout 10.0.0.1:1000 7 a.example A tries=1 seen=1\n"
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 open\n",
	  "paired=1 timeouts=1", "0:timeout" },
	{ "a second answer",
	  "Q 0" C "7 a.example A\n"
	  "R 1ms" C "7 a.example A ip=1 rcode=0\n"
	  "R 2ms" C "7 a.example A ip=2 rcode=3\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 open\n",
	  "paired=1 duplicates=1", "" },
	{ "an answer without a query",
	  "R 0" C "7 a.example A ip=1\n"
	  "R 1ms" C "7 a.example A ip=1\n"
	  "T 1s\n",
	  "unsolicited 10.0.0.1:1000 7 a.example A tries=0 seen=2\n",
	  "unsolicited=1 hops=1", "0:unsolicited" },
	{ "two of them",
	  "R 0" C "7 a.example A ip=1\n"
	  "R 1ms" C "7 a.example A ip=2\n"
	  "F\n",
	  "unsolicited 10.0.0.1:1000 7 a.example A tries=0 seen=1\n"
	  "unsolicited 10.0.0.1:1000 7 a.example A tries=0 seen=1\n",
	  "unsolicited=2", "0:unsolicited 1:unsolicited" },
	{ "an answer delivered before its query",
	  "R 5ms" C "7 a.example A\n"
	  "Q 1ms" C "7 a.Example A\n"
	  "T 1s\n",
	  "answered 10.0.0.1:1000 7 a.Example A 4000us tries=1 seen=2\n",
	  "paired=1", "0:answered" },
	{ "a header-only answer delivered before its query",
	  "R 5ms" C "7 - - rcode=1\n"
	  "Q 1ms" C "7 a.example A\n",
	  "answered 10.0.0.1:1000 7 a.example A 4000us tries=1 seen=2 open\n",
	  "paired=1", "" },
	{ "a query asked after a stray answer is not its",
	  "R 0" C "7 a.example A\n"
	  "Q 1ms" C "7 a.example A\n"
	  "R 2ms" C "7 a.example A ip=3\n",
	  "unsolicited 10.0.0.1:1000 7 a.example A tries=0 seen=1 open\n"
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 open\n",
	  "paired=1", "" },
	{ "an answer that seems older than its query",
	  "Q 10ms" C "7 a.example A\n"
	  "R 9ms" C "7 a.example A\n",
	  "answered 10.0.0.1:1000 7 a.example A 0us tries=1 seen=2 open\n",
	  "paired=1", "" },
	{ "a zone transfer's messages are one response",
	  "Q 0" C "7 a.example AXFR tcp\n"
	  "R 1ms" C "7 a.example AXFR tcp answers=3\n"
	  "R 2ms" C "7 - - tcp answers=4\n"
	  "R 3ms" C "7 - - tcp answers=5\n",
	  "answered 10.0.0.1:1000 7 a.example other 1000us tries=1 seen=2 open\n",
	  "paired=1 continued=2", "" },

	/* Messages that are not whole. */
	{ "cut by the capture",
	  "Q 0" C "7 a.example A\n"
	  "R 1ms" C "7 a.example A answers=1 cut\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 cut open\n",
	  "paired=1 cut=1", "" },
	{ "a wrong record behind a good question",
	  "Q 0" C "7 a.example A\n"
	  "R 1ms" C "7 a.example A bad\n",
	  "answered 10.0.0.1:1000 7 a.example A 1000us tries=1 seen=2 bad open\n",
	  "paired=1 bad_records=1", "" },
	{ "a wrong question makes no row",
	  "Q 0" C "7 - - bad len=12\n"
	  "Q 1ms" C "7 a.example A\n",
	  "pending 10.0.0.1:1000 7 - - tries=1 seen=1 bad open\n"
	  "pending 10.0.0.1:1000 7 a.example A tries=1 seen=1 open\n",
	  "bad_records=1", "" },

	/* The end, and time. */
	{ "the end settles everything as it is, in order of arrival",
	  "Q 0" C "7 a.example A\n"
	  "R 1ms" C2 "8 a.example A\n"
	  "Q 1ms" C2 "9 b.example A\n"
	  "R 2ms" C2 "9 b.example A\n"
	  "F\nF\n",
	  "pending 10.0.0.1:1000 7 a.example A tries=1 seen=1\n"
	  "unsolicited 10.0.0.1:2000 8 a.example A tries=0 seen=1\n"
	  "answered 10.0.0.1:2000 9 b.example A 1000us tries=1 seen=2\n",
	  "paired=1 unsolicited=1", "0:pending 1:unsolicited 2:answered" },
	{ "rows settle in the order they are due, in one leap of time too",
	  "Q 0" C "1 a.example A\n"
	  "R 10ms" C "2 a.example A\n"
	  "Q 20ms" C "3 a.example A\n"
	  "R 40ms" C "3 a.example A\n"
	  "T 100s\n",
	  "timeout 10.0.0.1:1000 1 a.example A tries=1 seen=1\n"
	  "unsolicited 10.0.0.1:1000 2 a.example A tries=0 seen=1\n"
	  "answered 10.0.0.1:1000 3 a.example A 20000us tries=1 seen=2\n",
	  "paired=1 timeouts=1 unsolicited=1", "2:answered 1:unsolicited 0:timeout" },
	{ "the clock steps back an hour: old rows end, new ones live",
	  "Q 3600s" C "1 a.example A\n"
	  "Q 0" C "2 a.example A\n"
	  "R 1ms" C "2 a.example A\n"
	  "T 1s\n",
	  "timeout 10.0.0.1:1000 1 a.example A tries=1 seen=1\n"
	  "answered 10.0.0.1:1000 2 a.example A 1000us tries=1 seen=2\n",
	  "paired=1 timeouts=1", "0:timeout 1:answered" },
	{ "clearing forgets what was open",
	  "Q 0" C "7 a.example A\n"
	  "C\n"
	  "R 1ms" C "7 a.example A\n"
	  "T 20s\n",
	  "unsolicited 10.0.0.1:1000 7 a.example A tries=0 seen=1\n",
	  "unsolicited=1", "1:unsolicited" },
};
/* clang-format on */

static void scripts_give_their_rows(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct tracker_case *c = &cases[i];
		struct script *s = script_new(64);
		char stats[512];

		script_run(s, c->script);
		script_stats(s, stats, sizeof(stats));
		if (strcmp(script_rows(s), c->rows) || strcmp(stats, c->stats) ||
		    strcmp(s->settled, c->settled)) {
			print_error("%s:\nwant\n%s[%s] [%s]\ngot\n%s[%s] [%s]\n", c->what, c->rows,
				    c->stats, c->settled, s->rows, stats, s->settled);
			failed++;
		}
		script_free(s);
	}
	assert_int_equal(failed, 0);
}

static const struct flow *only_row(const struct script *s)
{
	assert_int_equal(s->table->count, 1);
	return flow_table_row(s->table, flow_table_oldest(s->table));
}

static void a_row_has_its_messages_facts(void **state)
{
	struct script *s = script_new(4);
	const struct flow *f;
	const char *bytes;
	struct owner o;
	size_t len;

	(void)state;
	script_run(s, "Q 0" C
		      "7 a.example A origin pid=42 comm=x\x01y\\z if=3 len=4000 answers=1 cut\n"
		      "R 1ms" C "7 a.example A rcode=2 answers=2\n");
	f = only_row(s);
	assert_int_equal(f->ts_ns, SCRIPT_START_NS);
	assert_int_equal(f->query_flags, DNS_FLAG_RD);
	assert_int_equal(f->response_flags, DNS_FLAG_QR | DNS_FLAG_RD | DNS_FLAG_RA | 2);
	assert_int_equal(f->rcode, 2);
	assert_int_equal(f->query_bytes, 4000);
	assert_int_equal(f->response_bytes, 27 + 2 * 15);
	assert_int_equal(f->answers, 2);
	assert_int_equal(f->ttl, 60);
	assert_int_equal(f->service, SERVICE_DNS);
	assert_int_equal(f->marks, FLOW_HAS_RESPONSE | FLOW_HAS_QUESTION | FLOW_HAS_TTL | FLOW_CUT);
	assert_int_equal(s->table->places[f->place].ifindex, 3);

	bytes = intern_text(s->table->owners, f->owner, &len);
	assert_int_equal(len, sizeof(o));
	memcpy(&o, bytes, sizeof(o));
	assert_string_equal(o.comm, "x\\001y\\\\z");
	assert_int_equal(o.pid, 42);

	assert_non_null(store_get(s->table->store, f->query_ref, &len));
	assert_non_null(store_get(s->table->store, f->response_ref, &len));
	assert_int_equal(len, 27 + 2 * 15);
	script_free(s);
}

static void services_go_by_port(void **state)
{
	static const struct {
		const char *line;
		int service;
	} ports[] = {
		{ "Q 0 10.0.0.1:5353 224.0.0.251:5353 0 a.local A\n", SERVICE_MDNS },
		{ "Q 0 10.0.0.1:1000 224.0.0.252:5355 9 a A\n", SERVICE_LLMNR },
		{ "R 0 224.0.0.251:5353 10.0.0.1:5353 0 a.local A\n", SERVICE_MDNS },
		{ "Q 0 10.0.0.1:5353 10.0.0.2:53 9 a A\n", SERVICE_DNS },
		{ "Q 0" C "9 a A\n", SERVICE_DNS },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		struct script *s = script_new(4);

		script_run(s, ports[i].line);
		assert_int_equal(only_row(s)->service, ports[i].service);
		script_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts_give_their_rows),
		cmocka_unit_test(a_row_has_its_messages_facts),
		cmocka_unit_test(services_go_by_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
