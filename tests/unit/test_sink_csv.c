/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/sinks.h"

static size_t two_answers(const uint8_t *wire, size_t len, char *buf, size_t size)
{
	(void)wire;
	(void)len;
	return (size_t)snprintf(buf, size, "192.0.2.1\n\"a, b\"");
}

static void test_header_then_rows(void **state)
{
	struct rows *r = rows_new();
	struct capture c;

	(void)state;
	capture_open(&c, "csv", "ts,client,id,qname,rcode,latency_us", (struct sink_config){ 0 });
	c.sink->ops->row(c.sink, &r->src,
			 rows_add(r, &(struct row_spec){ .id = 7, .latency_ns = 412035 }));
	c.sink->ops->row(c.sink, &r->src, rows_add(r, &(struct row_spec){ .state = FLOW_TIMEOUT }));
	capture_expect(&c, "ts,client,id,qname,rcode,latency_us\r\n"
			   "1795435471.402118233,10.0.3.22,7,example.com,NOERROR,412.035\r\n"
			   "1795435471.403118233,10.0.3.22,0,example.com,,\r\n");
	rows_free(r);
}

static void test_every_key_of_json_is_a_column(void **state)
{
	struct capture c;

	(void)state;
	capture_open(&c, "csv", NULL, (struct sink_config){ 0 });
	capture_expect(
		&c, "ts,state,service,transport,client,client_port,server,server_port,id,"
		    "opcode,qname,qtype,qclass,rcode,flags,latency_us,attempts,sightings,"
		    "query_bytes,response_bytes,answers,answer,ttl,pid,comm,uid,exe,container,"
		    "pod,server_pid,server_comm,server_container,netns,interface,path,"
		    "drop_reason,drop_place,row,lookup,parent,lookup_us,lookup_outcome,lookup_rows,"
		    "upstream,intended,wasted,twin,messages,responders\r\n");
}

static void test_quoting(void **state)
{
	static const struct {
		const char *qname;
		const char *want;
	} rows[] = {
		{ "plain.example", "qname\r\nplain.example\r\n" },
		{ "a b.example", "qname\r\na b.example\r\n" },
		{ "a,b.example", "qname\r\n\"a,b.example\"\r\n" },
		{ "\\\"x\\\"", "qname\r\n\"\\\"\"x\\\"\"\"\r\n" },
		{ "two\nlines", "qname\r\n\"two\nlines\"\r\n" },
		{ "carriage\rreturn", "qname\r\n\"carriage\rreturn\"\r\n" },
	};
	struct rows *r = rows_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row_spec spec = { .qname = rows[i].qname };

		expect_row("csv", "qname", r, rows_add(r, &spec), rows[i].want);
	}
	rows_free(r);
}

/* A list without items is not an absent one. */
static void test_lists(void **state)
{
	struct rows *r = rows_new();
	const struct row_spec spec = { .answers = 2, .response = "x", .response_len = 1 };
	const struct flow *f = rows_add(r, &spec);
	const struct flow *empty = rows_add(r, &(struct row_spec){ .answers = 0 });
	const struct flow *none = rows_add(r, &(struct row_spec){ .pending = true });

	(void)state;
	r->src.answer_texts = two_answers;
	expect_row("csv", "answer,id", r, f, "answer,id\r\n\"192.0.2.1;\"\"a, b\"\"\",0\r\n");
	expect_row("csv", "answer,id", r, empty, "answer,id\r\n\"\",0\r\n");
	expect_row("csv", "answer,id", r, none, "answer,id\r\n,0\r\n");
	rows_free(r);
}

static void test_groups(void **state)
{
	struct capture c;

	(void)state;
	capture_open(&c, "csv", NULL, (struct sink_config){ 0 });
	put_groups(&c, "rcode");
	capture_expect(&c, "rcode,count,share,latency_avg_us,latency_min_us,latency_p50_us,"
			   "latency_p90_us,latency_p99_us,latency_max_us,timeouts,errors,bytes\r\n"
			   "NXDOMAIN,750,0.75,12200,412.035,6000,38000,211000,2104118.233,10,740,"
			   "120000\r\n"
			   ",250,0.25,,,,,,,250,0,10000\r\n");
}

static void test_an_empty_report_of_groups_has_its_header(void **state)
{
	struct sink_config cfg = { .by = field_find("qtype", 5, NULL) };
	struct capture c;

	(void)state;
	capture_open(&c, "csv", NULL, cfg);
	capture_expect(&c, "qtype,count,share,latency_avg_us,latency_min_us,latency_p50_us,"
			   "latency_p90_us,latency_p99_us,latency_max_us,timeouts,errors,"
			   "bytes\r\n");
}

static void test_write_errors_are_told(void **state)
{
	(void)state;
	expect_failures("csv");
	expect_failure_at_close("csv");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_then_rows),
		cmocka_unit_test(test_every_key_of_json_is_a_column),
		cmocka_unit_test(test_quoting),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_an_empty_report_of_groups_has_its_header),
		cmocka_unit_test(test_write_errors_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
