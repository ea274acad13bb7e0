/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each panel of the overview by itself, with what it says of the demo capture.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/screen/harness.h"

#define CONFIG "panels.config"

/* clang-format off */
static const struct {
	const char *name, *title, *line;
} panels[] = {
	{ "latency-avg", "Top 5 average DNS latencies by server", "60.1ms  48.2ms   2.10s        46" },
	{ "latency-p50", "Top 5 p50 DNS latencies by server", "1.1ms  60.1ms  48.2ms   2.10s" },
	{ "latency-p90", "Top 5 p90 DNS latencies by server", "48.2ms  60.1ms   2.10s        46" },
	{ "latency-p99", "Top 5 p99 DNS latencies by server", "2.10s  60.1ms  48.2ms        46" },
	{ "latency-max", "Top 5 maximum DNS latencies by server", "2.10s  60.1ms  48.2ms   2.10s" },
	{ "latency-min", "Bottom 5 minimum DNS latencies by server", "fd00::53                       0.3ms" },
	{ "latency-bands", "Top 5 DNS latencies by steps", "0-1ms                               22   42.3%" },
	{ "latency-time", "DNS latency over time", "1.05s │" },
	{ "rcodes", "Top 5 DNS response codes", "N NOERROR                           38   73.1%" },
	{ "rcodes-time", "Top 5 response codes with total", "max 8.0/s" },
	{ "names", "Top 5 DNS names", "api.example.com                                     10" },
	{ "domains", "Top 5 registrable domains", "example.com                                         16" },
	{ "clients", "Top 5 clients", "10.0.3.17                           16   30.8%" },
	{ "servers", "Top 5 servers", "10.0.0.2                            46   88.5%" },
	{ "types", "Top 5 query types", "A                                   29   55.8%" },
	{ "processes", "Top 5 processes", "-                                   52  100.0%" },
	{ "containers", "Top 5 containers", "-                                   52  100.0%" },
	{ "pods", "Top 5 pods", "-                                   52  100.0%" },
	{ "interfaces", "Top 5 interfaces", "-                                   52  100.0%" },
	{ "unanswered", "Top 5 unanswered by server", "10.0.0.2                             1  100.0%" },
	{ "errors", "Top 5 errors by server", "10.0.0.2                            12  100.0%" },
	{ "resolvers", "Top 5 resolvers", "46   1.1ms  48.2ms   2.10s        1        1" },
	{ "search", "Top 5 wasted by search lists", "no walk through a search list" },
	{ "rate", "Top 5 DNS rate with total by server", "max 8.0/s" },
};
/* clang-format on */

static void test_each_panel(void **state)
{
	const char *env[] = { "DNSTOP_CONFIG=" CONFIG, NULL };

	(void)state;
	for (size_t i = 0; i < sizeof(panels) / sizeof(panels[0]); i++) {
		FILE *f = fopen(CONFIG, "w");
		struct vt *vt;

		assert_non_null(f);
		fprintf(f, "view = overview\npanels = %s\n", panels[i].name);
		assert_int_equal(fclose(f), 0);
		vt = start_demo(120, 24, NULL, env);
		must(vt, vt_find(vt, panels[i].title, NULL) == 2, panels[i].title);
		must(vt, vt_find(vt, panels[i].line, NULL) > 2, panels[i].line);
		must(vt, vt_find(vt, "1/1  52 rows", NULL) == 1, "it alone");
		vt_free(vt);
	}
	unlink(CONFIG);
}

/* A new panel is to have a line above. */
static void test_all_are_tested(void **state)
{
	struct vt *vt = start_demo(120, 60, NULL, NULL);
	char count[24];

	(void)state;
	press(vt, "S-Tab");
	press(vt, "F2");
	do_step(vt, "type:/zzz");
	/* Besides the panels there are four switches. */
	snprintf(count, sizeof(count), "0 of %zu", sizeof(panels) / sizeof(panels[0]) + 4);
	must(vt, vt_find(vt, count, NULL) > 0, count);
	press(vt, "Esc");
	press(vt, "Esc");
	quit(vt);
}

int panels_run(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_panel),
		cmocka_unit_test(test_all_are_tested),
	};

	return cmocka_run_group_tests_name("panels", tests, NULL, NULL);
}
