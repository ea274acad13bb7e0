/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/sinks.h"

static size_t three_answers(const uint8_t *wire, size_t len, char *buf, size_t size)
{
	(void)wire;
	(void)len;
	return (size_t)snprintf(buf, size, "192.0.2.1\n10 mx.example.org\n\"a \\\" b\"");
}

static void test_an_answered_row(void **state)
{
	struct rows *r = rows_new();
	const struct flow *f = rows_add(r, &(struct row_spec){ .id = 59544,
							       .qname = "mail.Example.org",
							       .qtype = 15,
							       .rcode = 2,
							       .latency_ns = 2104118233,
							       .attempts = 2,
							       .sightings = 5,
							       .answers = 3,
							       .ttl = 300,
							       .pid = 710,
							       .uid = 105,
							       .comm = "postfix",
							       .netns = 4026531840,
							       .ifname = "eth0",
							       .transport = TRANSPORT_TCP,
							       .response = "x",
							       .response_len = 1 });

	(void)state;
	r->src.answer_texts = three_answers;
	expect_row("json", NULL, r, f,
		   "{\"ts\":1795435471.402118233,\"state\":\"answered\",\"service\":\"dns\","
		   "\"transport\":\"tcp\",\"client\":\"10.0.3.22\",\"client_port\":41220,"
		   "\"server\":\"10.0.0.2\",\"server_port\":53,\"id\":59544,\"opcode\":\"QUERY\","
		   "\"qname\":\"mail.Example.org\",\"qtype\":\"MX\",\"qclass\":\"IN\","
		   "\"rcode\":\"SERVFAIL\",\"flags\":\"qr rd ra\",\"latency_us\":2104118.233,"
		   "\"attempts\":2,\"sightings\":5,\"query_bytes\":40,\"response_bytes\":120,"
		   "\"answers\":3,\"answer\":[\"192.0.2.1\",\"10 mx.example.org\","
		   "\"\\\"a \\\\\\\" b\\\"\"],\"ttl\":300,\"pid\":710,\"comm\":\"postfix\","
		   "\"uid\":105,\"exe\":null,\"container\":null,\"pod\":null,"
		   "\"server_pid\":null,"
		   "\"server_comm\":null,\"server_container\":null,\"netns\":4026531840,"
		   "\"interface\":\"eth0\",\"path\":null,\"drop_reason\":null,"
		   "\"drop_place\":null,"
		   "\"row\":0,\"lookup\":0,\"parent\":null,\"lookup_us\":2104118.233,"
		   "\"lookup_outcome\":\"error\",\"lookup_rows\":1,\"upstream\":0,"
		   "\"intended\":null,\"wasted\":0,\"twin\":null,"
		   "\"messages\":1,\"responders\":null}\n");
	rows_free(r);
}

static void test_an_unanswered_row(void **state)
{
	struct rows *r = rows_new();
	const struct flow *f = rows_add(r, &(struct row_spec){ .state = FLOW_TIMEOUT,
							       .client = "fd00::3:17",
							       .server = "fd00::53",
							       .qname = "." });

	(void)state;
	expect_row("json", NULL, r, f,
		   "{\"ts\":1795435471.402118233,\"state\":\"timeout\",\"service\":\"dns\","
		   "\"transport\":\"udp\",\"client\":\"fd00::3:17\",\"client_port\":41220,"
		   "\"server\":\"fd00::53\",\"server_port\":53,\"id\":0,\"opcode\":\"QUERY\","
		   "\"qname\":\".\",\"qtype\":\"A\",\"qclass\":\"IN\",\"rcode\":null,"
		   "\"flags\":\"rd\",\"latency_us\":null,\"attempts\":1,\"sightings\":1,"
		   "\"query_bytes\":40,\"response_bytes\":null,\"answers\":null,\"answer\":null,"
		   "\"ttl\":null,\"pid\":null,\"comm\":null,\"uid\":null,\"exe\":null,"
		   "\"container\":null,"
		   "\"pod\":null,\"server_pid\":null,\"server_comm\":null,"
		   "\"server_container\":null,\"netns\":null,\"interface\":null,\"path\":null,"
		   "\"drop_reason\":null,"
		   "\"drop_place\":null,"
		   "\"row\":0,\"lookup\":0,\"parent\":null,\"lookup_us\":null,"
		   "\"lookup_outcome\":\"timeout\",\"lookup_rows\":1,\"upstream\":0,"
		   "\"intended\":null,\"wasted\":null,\"twin\":null,"
		   "\"messages\":null,\"responders\":null}\n");
	rows_free(r);
}

static void test_numbers(void **state)
{
	static const struct {
		uint64_t ts_ns;
		uint64_t latency_ns;
		const char *want;
	} rows[] = {
		{ 1, 1, "{\"ts\":0.000000001,\"latency_us\":0.001}\n" },
		{ 999999999, 62000, "{\"ts\":0.999999999,\"latency_us\":62}\n" },
		{ 1795435471000000000, 412030,
		  "{\"ts\":1795435471.000000000,\"latency_us\":412.03}\n" },
		{ UINT64_MAX, 1000000000,
		  "{\"ts\":18446744073.709551615,\"latency_us\":1000000}\n" },
	};
	struct rows *r = rows_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row_spec spec = { .ts_ns = rows[i].ts_ns,
					       .latency_ns = rows[i].latency_ns };

		expect_row("json", "ts,latency_us", r, rows_add(r, &spec), rows[i].want);
	}
	rows_free(r);
}

/* Whatever bytes a text has, the line stays ASCII and JSON. */
static void test_escapes(void **state)
{
	static const struct {
		const char *qname;
		const char *want;
	} rows[] = {
		{ "a\\.b.example", "{\"qname\":\"a\\\\.b.example\"}\n" },
		{ "\\\"x\\\"", "{\"qname\":\"\\\\\\\"x\\\\\\\"\"}\n" },
		{ "a\nb\x01\x1f", "{\"qname\":\"a\\u000ab\\u0001\\u001f\"}\n" },
		{ "\x7f\x80\xff", "{\"qname\":\"\\u007f\\u0080\\u00ff\"}\n" },
		{ "</script>", "{\"qname\":\"</script>\"}\n" },
	};
	struct rows *r = rows_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row_spec spec = { .qname = rows[i].qname };

		expect_row("json", "qname", r, rows_add(r, &spec), rows[i].want);
	}
	rows_free(r);
}

static void test_no_answers_is_an_empty_list(void **state)
{
	struct rows *r = rows_new();
	const struct flow *f = rows_add(r, &(struct row_spec){ .answers = 0 });

	(void)state;
	expect_row("json", "answers,answer", r, f, "{\"answers\":0,\"answer\":[]}\n");
	rows_free(r);
}

static void test_one_object_a_line(void **state)
{
	struct rows *r = rows_new();
	struct capture c;

	(void)state;
	capture_open(&c, "json", "id", (struct sink_config){ 0 });
	for (uint16_t i = 0; i < 3; i++)
		c.sink->ops->row(c.sink, &r->src, rows_add(r, &(struct row_spec){ .id = i }));
	capture_expect(&c, "{\"id\":0}\n{\"id\":1}\n{\"id\":2}\n");
	rows_free(r);
}

/* More than any buffer between here and the file holds. */
static void test_long_output_is_whole(void **state)
{
	enum {
		ROWS = 20000
	};
	struct rows *r = rows_new();
	const struct flow *f = rows_add(r, &(struct row_spec){ .id = 7 });
	struct capture c;
	const char *line = "{\"id\":7,\"qname\":\"example.com\"}\n";
	char *want = malloc(strlen(line) * ROWS + 1);

	(void)state;
	capture_open(&c, "json", "id,qname", (struct sink_config){ 0 });
	for (size_t i = 0; i < ROWS; i++) {
		assert_int_equal(c.sink->ops->row(c.sink, &r->src, f), 0);
		memcpy(want + i * strlen(line), line, strlen(line) + 1);
	}
	capture_expect(&c, want);
	free(want);
	rows_free(r);
}

static void test_a_live_pipe_sees_each_row(void **state)
{
	struct rows *r = rows_new();
	const struct flow *f = rows_add(r, &(struct row_spec){ .id = 7 });
	struct capture live;

	(void)state;
	capture_open(&live, "json", "id", (struct sink_config){ .line_buffered = true });
	live.sink->ops->row(live.sink, &r->src, f);
	assert_int_equal(live.len, strlen("{\"id\":7}\n"));
	capture_expect(&live, "{\"id\":7}\n");
	rows_free(r);
}

static void test_groups(void **state)
{
	struct capture c;

	(void)state;
	capture_open(&c, "json", NULL, (struct sink_config){ 0 });
	put_groups(&c, "rcode");
	capture_expect(&c, "{\"rcode\":\"NXDOMAIN\",\"count\":750,\"share\":0.75,"
			   "\"latency_avg_us\":12200,\"latency_min_us\":412.035,"
			   "\"latency_p50_us\":6000,\"latency_p90_us\":38000,"
			   "\"latency_p99_us\":211000,\"latency_max_us\":2104118.233,"
			   "\"timeouts\":10,\"errors\":740,\"bytes\":120000}\n"
			   "{\"rcode\":null,\"count\":250,\"share\":0.25,\"latency_avg_us\":null,"
			   "\"latency_min_us\":null,\"latency_p50_us\":null,"
			   "\"latency_p90_us\":null,\"latency_p99_us\":null,"
			   "\"latency_max_us\":null,\"timeouts\":250,\"errors\":0,"
			   "\"bytes\":10000}\n");
}

static void test_no_rows_is_no_output(void **state)
{
	struct capture c;

	(void)state;
	capture_open(&c, "json", NULL, (struct sink_config){ 0 });
	capture_expect(&c, "");
}

static void test_write_errors_are_told(void **state)
{
	(void)state;
	expect_failures("json");
	expect_failure_at_close("json");
}

static void test_too_many_columns(void **state)
{
	const struct field *columns[FIELD_MAX_COLUMNS + 1];
	struct sink_config cfg = {
		.out = stdout,
		.columns = columns,
		.n_columns = FIELD_MAX_COLUMNS + 1,
	};
	static const char *const names[] = { "json", "csv", "text" };
	size_t n;

	(void)state;
	for (size_t i = 0; i <= FIELD_MAX_COLUMNS; i++)
		columns[i] = fields(&n);
	for (size_t i = 0; i < 3; i++) {
		struct err err = { 0 };
		struct sink *s;

		assert_int_equal(sink_find(names[i])->open(&s, &cfg, &err), -E2BIG);
		assert_null(s);
		assert_string_equal(err.text, "more than 96 columns");
	}
	assert_null(sink_find("xml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_answered_row),
		cmocka_unit_test(test_an_unanswered_row),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_no_answers_is_an_empty_list),
		cmocka_unit_test(test_one_object_a_line),
		cmocka_unit_test(test_long_output_is_whole),
		cmocka_unit_test(test_a_live_pipe_sees_each_row),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_no_rows_is_no_output),
		cmocka_unit_test(test_write_errors_are_told),
		cmocka_unit_test(test_too_many_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
