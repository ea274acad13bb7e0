/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <strings.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/dns/names.h"
#include "tests/unit/rows.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The design's JSON row. */
/* clang-format off */
static const char *const json_keys[] = {
	"ts", "state", "service", "transport", "client", "client_port", "server", "server_port",
	"id", "opcode", "qname", "qtype", "qclass", "rcode", "flags", "latency_us", "attempts",
	"sightings", "query_bytes", "response_bytes", "answers", "answer", "ttl", "pid", "comm",
	"uid", "exe", "container", "pod", "server_pid", "server_comm", "server_container", "netns",
	"interface", "path", "drop_reason", "drop_place", "row", "lookup", "parent", "lookup_us",
	"lookup_outcome", "lookup_rows", "upstream", "intended", "wasted", "twin", "messages",
	"responders",
};
/* clang-format on */

static const uint8_t response_bytes[] = "a response";

static size_t two_answers(const uint8_t *wire, size_t len, char *buf, size_t size)
{
	assert_int_equal(len, sizeof(response_bytes));
	assert_memory_equal(wire, response_bytes, len);
	return (size_t)snprintf(buf, size, "192.0.2.1\n192.0.2.2");
}

static size_t no_answers(const uint8_t *wire, size_t len, char *buf, size_t size)
{
	(void)wire;
	(void)len;
	(void)buf;
	(void)size;
	return 0;
}

/* A row that has every fact that a row can have. */
static struct flow *add_full(struct rows *r)
{
	r->src.answer_texts = two_answers;
	return rows_add(r, &(struct row_spec){
				   .client = "fd00::3:17",
				   .server = "192.0.2.53",
				   .id = 59544,
				   .qname = "mail.Example.org",
				   .qtype = 15,
				   .rcode = 2,
				   .latency_ns = 2104118233,
				   .response_flags = DNS_FLAG_QR | DNS_FLAG_AA | DNS_FLAG_TC |
						     DNS_FLAG_RD | DNS_FLAG_RA | DNS_FLAG_Z |
						     DNS_FLAG_AD | DNS_FLAG_CD,
				   .attempts = 2,
				   .sightings = 5,
				   .query_bytes = 45,
				   .response_bytes = 300,
				   .answers = 2,
				   .ttl = 3600,
				   .ede = 22,
				   .pid = 710,
				   .uid = 105,
				   .comm = "postfix",
				   .container = "mail",
				   .pod = "shop/mail-0",
				   .exe = "/usr/lib/postfix/smtp",
				   .netns = 4026531840,
				   .ifindex = 2,
				   .ifname = "eth0",
				   .transport = TRANSPORT_TCP,
				   .service = SERVICE_LLMNR,
				   .drop_reason = "NO_SOCKET",
				   .marks = FLOW_HAS_QUERY_EDNS | FLOW_DNSSEC_OK,
				   .response = response_bytes,
				   .response_len = sizeof(response_bytes),
			   });
}

static const struct field *field_named(const char *name)
{
	const struct field *f = field_find(name, strlen(name), NULL);

	if (!f)
		fail_msg("no field %s", name);
	return f;
}

/* The value in its full style, "(none)" where the fact is absent. */
static const char *shown(const struct rows *r, const struct flow *f, const char *name, char *buf,
			 size_t size)
{
	const struct field *field = field_named(name);
	char scratch[VALUE_BUF];
	struct value v;

	field->get(&r->src, f, &v, scratch);
	if (v.type == VALUE_NONE)
		return "(none)";
	assert_int_equal(v.type, field->type);
	value_format(&v, VALUE_FULL, buf, size);
	return buf;
}

struct expectation {
	const char *field;
	const char *want;
};

static void expect(const struct rows *r, const struct flow *f, const struct expectation *e,
		   size_t n)
{
	char buf[VALUE_BUF];

	for (size_t i = 0; i < n; i++) {
		const char *got = shown(r, f, e[i].field, buf, sizeof(buf));

		if (strcmp(got, e[i].want) != 0)
			fail_msg("%s is \"%s\", not \"%s\"", e[i].field, got, e[i].want);
	}
}

static void test_json_keys_in_the_designs_order(void **state)
{
	size_t n, k = 0;
	const struct field *all = fields(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (!(all[i].flags & FIELD_JSON))
			continue;
		assert_true(k < COUNT(json_keys));
		assert_string_equal(all[i].name, json_keys[k++]);
	}
	assert_int_equal(k, COUNT(json_keys));
}

static void test_every_entry_is_complete(void **state)
{
	size_t n;
	const struct field *all = fields(&n);

	(void)state;
	assert_in_range(n, 1, FIELD_MAX_COLUMNS);
	for (size_t i = 0; i < n; i++) {
		const struct field *f = &all[i];

		for (const char *p = f->name; *p; p++)
			assert_true(islower((unsigned char)*p) || isdigit((unsigned char)*p) ||
				    *p == '_');
		assert_true(f->title[0] && strlen(f->title) <= f->width);
		assert_true(f->max_width == 0 || f->max_width > f->width);
		assert_true(strlen(f->help) > 10 && strlen(f->help) < 80);
		assert_non_null(f->unit);
		assert_non_null(f->get);
		assert_true((f->type == VALUE_NAMED) == (f->registry >= 0 || f->names));
		assert_true((f->type == VALUE_DURATION) == (f->bare_ns > 0));
		assert_true(f->id || !f->id_store);
	}
}

/* Every name and alias finds its own field, whatever its case, and no other. */
static void test_names_are_unique(void **state)
{
	size_t n;
	const struct field *all = fields(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		char upper[64] = "";

		assert_ptr_equal(field_named(all[i].name), &all[i]);
		for (size_t c = 0; all[i].name[c]; c++)
			upper[c] = (char)toupper((unsigned char)all[i].name[c]);
		assert_ptr_equal(field_named(upper), &all[i]);
		for (const struct field_alias *a = all[i].aliases; a && a->name; a++) {
			if (field_named(a->name) != &all[i])
				fail_msg("%s is also %s", a->name, field_named(a->name)->name);
			assert_true(a->bare_ns == 0 || all[i].type == VALUE_DURATION ||
				    all[i].type == VALUE_TIME);
			for (const struct field_alias *b = a + 1; b->name; b++)
				assert_int_not_equal(strcasecmp(a->name, b->name), 0);
		}
	}
	assert_null(field_find("qnam", 4, NULL));
	assert_null(field_find("", 0, NULL));
	assert_ptr_equal(field_find("id=7", 2, NULL), field_named("id"));
}

static void test_bare_numbers_count_as_the_name_says(void **state)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} rows[] = {
		{ "latency_us", 1000 },      { "latency", 1000000 },     { "dns_latency", 1000000 },
		{ "DnsLatencyMs", 1000000 }, { "dns.time", 1000000000 }, { "rcode", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t ns = 1;

		assert_non_null(field_find(rows[i].name, strlen(rows[i].name), &ns));
		assert_int_equal(ns, rows[i].ns);
	}
}

static void test_a_full_row(void **state)
{
	static const struct expectation want[] = {
		{ "ts", "2026-11-23 12:04:31.402118" },
		{ "state", "answered" },
		{ "service", "llmnr" },
		{ "transport", "tcp" },
		{ "client", "fd00::3:17" },
		{ "client_port", "41220" },
		{ "server", "192.0.2.53" },
		{ "server_port", "53" },
		{ "id", "59544" },
		{ "opcode", "QUERY" },
		{ "qname", "mail.Example.org" },
		{ "domain2", "Example.org" },
		{ "band", "1s-5s" },
		{ "qtype", "MX" },
		{ "qclass", "IN" },
		{ "rcode", "SERVFAIL" },
		{ "flags", "qr aa tc rd ra z ad cd" },
		{ "latency_us", "2.104118 s" },
		{ "attempts", "2" },
		{ "sightings", "5" },
		{ "query_bytes", "45" },
		{ "response_bytes", "300" },
		{ "wire_bytes", "345" },
		{ "answers", "2" },
		{ "answer", "192.0.2.1, 192.0.2.2" },
		{ "ttl", "3600" },
		{ "pid", "710" },
		{ "comm", "postfix" },
		{ "uid", "105" },
		{ "exe", "/usr/lib/postfix/smtp" },
		{ "container", "mail" },
		{ "pod", "shop/mail-0" },
		{ "pod_namespace", "shop" },
		{ "netns", "4026531840" },
		{ "interface", "eth0" },
		{ "path", "(none)" },
		{ "drop_reason", "NO_SOCKET" },
		{ "do", "1" },
		{ "tc", "1" },
	};
	struct rows *r = rows_new();

	(void)state;
	expect(r, add_full(r), want, COUNT(want));
	rows_free(r);
}

static void test_an_unanswered_row(void **state)
{
	static const struct expectation want[] = {
		{ "state", "timeout" },     { "opcode", "NOTIFY" },
		{ "flags", "rd" },          { "query_bytes", "40" },
		{ "wire_bytes", "40" },     { "rcode", "(none)" },
		{ "latency_us", "(none)" }, { "response_bytes", "(none)" },
		{ "answers", "(none)" },    { "answer", "(none)" },
		{ "ttl", "(none)" },        { "tc", "(none)" },
		{ "do", "(none)" },         { "ede", "(none)" },
		{ "pid", "(none)" },        { "comm", "(none)" },
		{ "uid", "(none)" },        { "netns", "(none)" },
		{ "interface", "(none)" },  { "drop_reason", "(none)" },
	};
	struct rows *r = rows_new();

	(void)state;
	expect(r, rows_add(r, &(struct row_spec){ .state = FLOW_TIMEOUT, .opcode = 4 }), want,
	       COUNT(want));
	rows_free(r);
}

static void test_an_unsolicited_row(void **state)
{
	static const struct expectation want[] = {
		{ "state", "unsolicited" },  { "rcode", "BADVERS" },
		{ "latency_us", "(none)" },  { "attempts", "(none)" },
		{ "domain1", "(none)" },     { "band", "(none)" },
		{ "query_bytes", "(none)" }, { "response_bytes", "120" },
		{ "qname", "(none)" },       { "qtype", "(none)" },
		{ "qclass", "(none)" },      { "tc", "0" },
	};
	struct rows *r = rows_new();

	(void)state;
	expect(r,
	       rows_add(r, &(struct row_spec){ .state = FLOW_UNSOLICITED,
					       .rcode = 16,
					       .no_question = true }),
	       want, COUNT(want));
	rows_free(r);
}

/* An answer of no records is an empty list; one that can't be read is absent. */
static void test_answers(void **state)
{
	struct rows *r = rows_new();
	struct row_spec spec = { .answers = 2,
				 .response = response_bytes,
				 .response_len = sizeof(response_bytes) };
	struct flow *f = rows_add(r, &spec);
	const struct flow *empty = rows_add(r, &(struct row_spec){ .answers = 0 });
	char buf[VALUE_BUF];

	(void)state;
	assert_string_equal(shown(r, f, "answer", buf, sizeof(buf)), "(none)");
	assert_string_equal(shown(r, empty, "answer", buf, sizeof(buf)), "");
	r->src.answer_texts = two_answers;
	assert_string_equal(shown(r, f, "answer", buf, sizeof(buf)), "192.0.2.1, 192.0.2.2");
	f->response_ref = STORE_NONE;
	assert_string_equal(shown(r, f, "answer", buf, sizeof(buf)), "(none)");
	r->src.answer_texts = no_answers;
	f = rows_add(r, &spec);
	assert_string_equal(shown(r, f, "answer", buf, sizeof(buf)), "(none)");
	rows_free(r);
}

/* Numbers that the names do not know, and rows that nobody filled. */
static void test_getters_are_safe(void **state)
{
	struct rows *r = rows_new();
	struct flow zero = { 0 }, wild;
	char buf[VALUE_BUF];
	size_t n;
	const struct field *all = fields(&n);

	(void)state;
	memset(&wild, 0xff, sizeof(wild));
	wild.client = wild.server = wild.qname = wild.owner = INTERN_NONE;
	wild.response_ref = STORE_NONE;
	r->src.answer_texts = two_answers;
	for (size_t i = 0; i < n; i++) {
		shown(r, &zero, all[i].name, buf, sizeof(buf));
		shown(r, &wild, all[i].name, buf, sizeof(buf));
	}
	assert_string_equal(shown(r, &zero, "client", buf, sizeof(buf)), "(none)");
	assert_string_equal(shown(r, &wild, "state", buf, sizeof(buf)), "(none)");
	assert_string_equal(shown(r, &wild, "service", buf, sizeof(buf)), "(none)");
	assert_string_equal(shown(r, &wild, "transport", buf, sizeof(buf)), "(none)");
	assert_string_equal(shown(r, &wild, "interface", buf, sizeof(buf)), "(none)");
	assert_string_equal(shown(r, &wild, "qtype", buf, sizeof(buf)), "TYPE65535");
	rows_free(r);
}

/* For every field: the order of any two rows is the reverse of the other way
 * round, and an absent value comes last. */
static void test_compare_is_antisymmetric(void **state)
{
	struct rows *r = rows_new();
	struct flow zero = { 0 };
	const struct flow *f[] = {
		&zero,
		add_full(r),
		rows_add(r, &(struct row_spec){ .state = FLOW_TIMEOUT, .qname = "." }),
		rows_add(r, &(struct row_spec){ .state = FLOW_UNSOLICITED, .rcode = 3 }),
		rows_add(r, &(struct row_spec){ .pending = true, .pid = 7, .comm = "a" }),
	};
	size_t n;
	const struct field *all = fields(&n);

	(void)state;
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < COUNT(f); i++)
			for (size_t j = 0; j < COUNT(f); j++) {
				char a_buf[VALUE_BUF], b_buf[VALUE_BUF];
				struct value a, b;
				int order;

				all[k].get(&r->src, f[i], &a, a_buf);
				all[k].get(&r->src, f[j], &b, b_buf);
				order = value_compare(&a, &b);
				assert_int_equal(order, -value_compare(&b, &a));
				assert_true(i != j || order == 0);
				assert_true(order > 0 || value_key(&a) <= value_key(&b));
				if (a.type == VALUE_NONE && b.type != VALUE_NONE)
					assert_int_equal(order, 1);
			}
	rows_free(r);
}

static void test_cells(void **state)
{
	static const struct {
		uint8_t state;
		const char *rcode;
		const char *latency;
	} rows[] = {
		{ FLOW_PENDING, "waiting", "-" },
		{ FLOW_TIMEOUT, "no answer", "-" },
		{ FLOW_ANSWERED, "NXDOMAIN", "0.4ms" },
		{ FLOW_UNSOLICITED, "NXDOMAIN", "-" },
	};
	struct rows *r = rows_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct flow *f =
			rows_add(r, &(struct row_spec){ .state = rows[i].state,
							.pending = rows[i].state == FLOW_PENDING,
							.rcode = 3,
							.latency_ns = 412035 });
		char cell[32];

		assert_int_equal(field_cell(field_named("rcode"), &r->src, f, cell, sizeof(cell)),
				 strlen(rows[i].rcode));
		assert_string_equal(cell, rows[i].rcode);
		field_cell(field_named("latency"), &r->src, f, cell, sizeof(cell));
		assert_string_equal(cell, rows[i].latency);
		assert_int_equal(field_cell(field_named("rcode"), &r->src, f, cell, 3), 2);
	}
	rows_free(r);
}

/* The columns that a screen of `width` cells has, by the rule of drop numbers. */
static void columns_at(unsigned width, char *out, size_t size)
{
	const struct field *columns[FIELD_MAX_COLUMNS];
	int n = field_default_columns(columns);

	for (;;) {
		unsigned used = 0;
		int worst = 0;

		for (int i = 0; i < n; i++) {
			used += columns[i]->width + (i > 0);
			if (columns[i]->drop > columns[worst]->drop)
				worst = i;
		}
		if (used <= width || columns[worst]->drop == 0)
			break;
		memmove(&columns[worst], &columns[worst + 1],
			(size_t)(--n - worst) * sizeof(*columns));
	}
	*out = '\0';
	for (int i = 0; i < n; i++) {
		size_t used = strlen(out);

		snprintf(out + used, size - used, "%s%s", i ? " " : "", columns[i]->title);
	}
}

static void test_columns_by_width(void **state)
{
	static const struct {
		unsigned width;
		const char *want;
	} rows[] = {
		{ 160,
		  "TIME IFACE PROCESS CLIENT SPORT SERVER DPORT PROTO TYPE NAME ID LATENCY RCODE" },
		{ 115, "TIME PROCESS CLIENT SPORT SERVER DPORT PROTO TYPE NAME ID LATENCY RCODE" },
		{ 110, "TIME PROCESS CLIENT SPORT SERVER DPORT TYPE NAME ID LATENCY RCODE" },
		{ 100, "TIME PROCESS CLIENT SERVER DPORT TYPE NAME ID LATENCY RCODE" },
		{ 94, "TIME PROCESS CLIENT SERVER TYPE NAME ID LATENCY RCODE" },
		{ 92, "TIME CLIENT SERVER TYPE NAME ID LATENCY RCODE" },
		{ 85, "TIME CLIENT SERVER TYPE NAME ID LATENCY RCODE" },
		{ 80, "TIME CLIENT TYPE NAME ID LATENCY RCODE" },
		{ 70, "TIME CLIENT TYPE NAME LATENCY RCODE" },
		{ 60, "CLIENT TYPE NAME LATENCY RCODE" },
		{ 40, "NAME LATENCY RCODE" },
		{ 10, "NAME LATENCY RCODE" },
	};
	char got[256];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		columns_at(rows[i].width, got, sizeof(got));
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("at %u: %s", rows[i].width, got);
	}
}

static void test_suggest(void **state)
{
	static const struct {
		const char *word;
		const char *want;
	} rows[] = {
		{ "latencyy", "latency" },
		{ "LATENCYY", "latency" },
		{ "laetncy", "latency" },
		{ "ltency", "latency" },
		{ "rcoed", "rcode" },
		{ "qnaem", "qname" },
		{ "dns.rty.nam", NULL },
		{ "dns.qryname", "dns.qry.name" },
		{ "sevrer", "server" },
		{ "idd", "id" },
		{ "xyz", NULL },
		{ "x", NULL },
		{ "", NULL },
		{ "colour", NULL },
		{ "a_word_much_longer_than_any_field_could_be_called", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *got = field_suggest(rows[i].word, strlen(rows[i].word));

		if ((got == NULL) != (rows[i].want == NULL) ||
		    (got && strcmp(got, rows[i].want) != 0))
			fail_msg("%s: %s", rows[i].word, got ? got : "nothing");
	}
}

static void test_parse_list(void **state)
{
	static const struct {
		const char *text;
		int ret;
		int pos, len;
		const char *says;
	} rows[] = {
		{ "id", 1, 0, 0, "" },
		{ "id,qname", 2, 0, 0, "" },
		{ " ts , Name,dns.time", 3, 0, 0, "" },
		{ "", -EINVAL, 0, 0, "a field's name is expected here" },
		{ "id,", -EINVAL, 3, 0, "a field's name is expected here" },
		{ "id, ,ts", -EINVAL, 4, 0, "a field's name is expected here" },
		{ "id, latencyy ,ts", -EINVAL, 4, 8,
		  "unknown field \"latencyy\"; did you mean latency?" },
		{ "id,colour", -EINVAL, 3, 6, "unknown field \"colour\"" },
		{ "name,id,qname", -EINVAL, 8, 5, "field qname is given twice" },
		{ "id,ts,type,flags", -E2BIG, 11, 5, "more than 3 fields" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct field *out[3];
		struct err err = { 0 };

		assert_int_equal(field_parse_list(rows[i].text, out, 3, &err), rows[i].ret);
		assert_string_equal(err.text, rows[i].says);
		assert_int_equal(err.pos, rows[i].pos);
		assert_int_equal(err.len, rows[i].len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_keys_in_the_designs_order),
		cmocka_unit_test(test_every_entry_is_complete),
		cmocka_unit_test(test_names_are_unique),
		cmocka_unit_test(test_bare_numbers_count_as_the_name_says),
		cmocka_unit_test(test_a_full_row),
		cmocka_unit_test(test_an_unanswered_row),
		cmocka_unit_test(test_an_unsolicited_row),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_getters_are_safe),
		cmocka_unit_test(test_compare_is_antisymmetric),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_columns_by_width),
		cmocka_unit_test(test_suggest),
		cmocka_unit_test(test_parse_list),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
