/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that were seen at the ends of TLS sessions, in the tracker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "script.h"

static void expect(const char *traffic, const char *rows, const char *totals)
{
	struct script *s = script_new(64);
	char stats[256];

	script_run(s, traffic);
	assert_string_equal(script_rows(s), rows);
	script_stats(s, stats, sizeof(stats));
	assert_string_equal(stats, totals);
	script_free(s);
}

#define TLS   " 10.0.0.1:1000 10.0.0.2:853 "
#define HTTPS " 10.0.0.1:1000 10.0.0.2:443 "

/* Both ends are here: one row, and the time that the asker waited, in whatever
 * order the four were told. */
static void both_ends(void **state)
{
	static const char row[] = "answered 10.0.0.1:1000 7 a.example A 900us tries=1 seen=4\n";

	(void)state;
	expect("Q 0" TLS "7 a.example A tls origin\nQ 300us" TLS "7 a.example A tls hop\n"
	       "R 600us" TLS "7 a.example A tls origin\nR 900us" TLS "7 a.example A tls hop\nF",
	       row, "paired=1 hops=2");
	expect("Q 300us" TLS "7 a.example A tls hop\nQ 0" TLS "7 a.example A tls origin\n"
	       "R 900us" TLS "7 a.example A tls hop\nR 600us" TLS "7 a.example A tls origin\nF",
	       row, "paired=1 hops=2");
	/* The server alone, the client alone. */
	expect("Q 0" TLS "7 a.example A tls hop\nR 600us" TLS "7 a.example A tls origin\nF",
	       "answered 10.0.0.1:1000 7 a.example A 600us tries=1 seen=2\n", "paired=1");
	expect("Q 0" TLS "7 a.example A tls origin\nR 800us" TLS "7 a.example A tls hop\nF",
	       "answered 10.0.0.1:1000 7 a.example A 800us tries=1 seen=2\n", "paired=1");
}

/* One connection, one id, one question: the stream tells. */
static void streams(void **state)
{
	(void)state;
	expect("Q 0" HTTPS "0 a.example A stream=1 origin\nQ 1ms" HTTPS
	       "0 a.example A stream=3 origin\nQ 2ms" HTTPS "0 a.example A stream=1 hop\n"
	       "Q 3ms" HTTPS "0 a.example A stream=3 hop\nR 4ms" HTTPS
	       "0 a.example A stream=3 origin\nR 5ms" HTTPS "0 a.example A stream=3 hop\n"
	       "R 6ms" HTTPS "0 a.example A stream=1 origin\nR 7ms" HTTPS
	       "0 a.example A stream=1 hop\nR 8ms" HTTPS "0 a.example A stream=5 hop\nF",
	       "answered 10.0.0.1:1000 0 a.example A 7000us tries=1 seen=4\n"
	       "answered 10.0.0.1:1000 0 a.example A 4000us tries=1 seen=4\n"
	       "unsolicited 10.0.0.1:1000 0 a.example A tries=0 seen=1\n",
	       "paired=2 unsolicited=1 hops=4");
}

/* Two clients ask a server of this host the same, both in their first stream. */
static void clients_without_ids(void **state)
{
	(void)state;
	expect("Q 0 10.0.0.1:1000 10.0.0.9:443 0 a.example A stream=1 hop\n"
	       "Q 1ms 10.0.0.2:1001 10.0.0.9:443 0 a.example A stream=1 hop\n"
	       "Q 1ms 10.0.0.3:1000 10.0.0.9:443 0 a.example A stream=1 hop\n"
	       "R 2ms 10.0.0.2:1001 10.0.0.9:443 0 a.example A stream=1 origin\n"
	       "R 3ms 10.0.0.1:1000 10.0.0.9:443 0 a.example A stream=1 origin\n"
	       "R 4ms 10.0.0.3:1000 10.0.0.9:443 0 a.example A stream=1 origin\nF",
	       "answered 10.0.0.1:1000 0 a.example A 3000us tries=1 seen=2\n"
	       "answered 10.0.0.2:1001 0 a.example A 1000us tries=1 seen=2\n"
	       "answered 10.0.0.3:1000 0 a.example A 3000us tries=1 seen=2\n",
	       "paired=3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ends),
		cmocka_unit_test(streams),
		cmocka_unit_test(clients_without_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
