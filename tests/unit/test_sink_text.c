/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/sinks.h"

#define COLUMNS "ts,client,qname,id,latency_us,rcode"

static void test_columns_are_aligned(void **state)
{
	static const struct row_spec specs[] = {
		{ .qname = "wpad.corp.test", .id = 20486, .latency_ns = 31000000, .rcode = 3 },
		{ .qname = "mail.example.org", .id = 7, .latency_ns = 2104118233, .rcode = 2 },
		{ .qname = "example.com", .client = "fd00::3:17", .state = FLOW_TIMEOUT },
		{ .qname = "example.com", .pending = true },
	};
	struct rows *r = rows_new();
	struct capture c;

	(void)state;
	capture_open(&c, "text", COLUMNS, (struct sink_config){ 0 });
	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++)
		c.sink->ops->row(c.sink, &r->src, rows_add(r, &specs[i]));
	capture_expect(
		&c,
		"TIME         CLIENT          NAME                                ID LATENCY RCODE\n"
		"12:04:31.402 10.0.3.22       wpad.corp.test                   20486  31.0ms NXDOMAIN\n"
		"12:04:31.403 10.0.3.22       mail.example.org                     7   2.10s SERVFAIL\n"
		"12:04:31.404 fd00::3:17      example.com                          0       - no answer\n"
		"12:04:31.405 10.0.3.22       example.com                          0       - waiting\n");
	rows_free(r);
}

/* Nothing is cut, and what comes after a long cell is back in its column where
 * there are blanks to take. */
static void test_long_cells_are_whole(void **state)
{
	struct rows *r = rows_new();
	struct capture c;
	static const struct row_spec specs[] = {
		{ .client = "2001:db8:1111:2222:3333:4444:5555:6666" },
		{ .qname = "a-long-label.under-another.example.com" },
		{ .qname = "a-long-label.under-another.example", .id = 7 },
	};

	(void)state;
	capture_open(&c, "text", "client,qname,id,rcode", (struct sink_config){ 0 });
	for (size_t i = 0; i < 3; i++)
		c.sink->ops->row(c.sink, &r->src, rows_add(r, &specs[i]));
	capture_expect(&c, "CLIENT          NAME                                ID RCODE\n"
			   "2001:db8:1111:2222:3333:4444:5555:6666 example.com   0 NOERROR\n"
			   "10.0.3.22       a-long-label.under-another.example.com 0 NOERROR\n"
			   "10.0.3.22       a-long-label.under-another.example   7 NOERROR\n");
	rows_free(r);
}

static void test_groups(void **state)
{
	struct capture c;
	const char *line;

	(void)state;
	capture_open(&c, "text", NULL, (struct sink_config){ 0 });
	put_groups(&c, "rcode");
	assert_int_equal(c.sink->ops->close(c.sink), 0);
	fclose(c.file);
	assert_memory_equal(c.text, "RCODE ", 6);
	line = strchr(c.text, '\n') + 1;
	assert_string_equal(line, "NXDOMAIN       750    75.0%   12.2ms    0.4ms    6.0ms   38.0ms"
				  "  211.0ms    2.10s       10      740       120000\n"
				  "-              250    25.0%        -        -        -        -"
				  "        -        -      250        0        10000\n");
	free(c.text);
}

static void test_an_empty_table_has_its_header(void **state)
{
	struct capture c;

	(void)state;
	capture_open(&c, "text", "id,rcode", (struct sink_config){ 0 });
	capture_expect(&c, "   ID RCODE\n");
}

static void test_the_screens_columns_by_default(void **state)
{
	struct capture c;
	char word[64];
	const struct field *columns[FIELD_MAX_COLUMNS];
	int n = field_default_columns(columns), from = 0, used;

	(void)state;
	capture_open(&c, "text", NULL, (struct sink_config){ 0 });
	assert_int_equal(c.sink->ops->close(c.sink), 0);
	fclose(c.file);
	for (int i = 0; i < n; i++) {
		assert_int_equal(sscanf(c.text + from, "%63s%n", word, &used), 1);
		assert_string_equal(word, columns[i]->title);
		from += used;
	}
	assert_string_equal(c.text + from, "\n");
	free(c.text);
}

static void test_write_errors_are_told(void **state)
{
	(void)state;
	expect_failures("text");
	expect_failure_at_close("text");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns_are_aligned),
		cmocka_unit_test(test_long_cells_are_whole),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_an_empty_table_has_its_header),
		cmocka_unit_test(test_the_screens_columns_by_default),
		cmocka_unit_test(test_write_errors_are_told),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
