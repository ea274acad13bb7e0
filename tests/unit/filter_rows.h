/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows that filters are tried on, each with a letter, and a check of tables
 * of filters with the letters of the rows that pass.
 */
#ifndef DNSTOP_TESTS_UNIT_FILTER_ROWS_H
#define DNSTOP_TESTS_UNIT_FILTER_ROWS_H

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

#define ALL       "abcdefghijk"
#define HAS_QNAME "abcdefhijk"
#define ANSWERED  "abcghijk"
#define HAS_RCODE "abcfghijk"

struct match_case {
	const char *filter;
	const char *rows;
};

/* The decoder of answers: the only response kept is that of a. */
static inline size_t answer_texts(const uint8_t *wire, size_t len, char *buf, size_t size)
{
	return (size_t)snprintf(buf, size, "%s",
				len == 1 && wire[0] == 'a' ? "192.0.2.1\ncdn.example.net." : "");
}

static inline int make_rows(void **state)
{
	struct rows *r = rows_new();

	for (size_t i = 0; i < sizeof(made_up) / sizeof(made_up[0]); i++)
		rows_add(r, &made_up[i].spec);
	r->src.answer_texts = answer_texts;
	*state = r;
	return 0;
}

static inline int free_rows(void **state)
{
	rows_free(*state);
	return 0;
}

static inline void find_matches(const struct rows *r, struct filter *f, char *out)
{
	for (uint32_t i = 0; i < r->table->count; i++)
		if (filter_match(f, &r->src,
				 flow_table_row(r->table, flow_table_oldest(r->table) + i)))
			*out++ = made_up[i].label;
	*out = '\0';
}

/* Matched twice: what is remembered of names must not change the answer. */
static inline int check_case(const struct rows *r, const struct match_case *c)
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

static inline void check_cases(void **state, const struct match_case *cases, size_t n)
{
	int failed = 0;

	for (size_t i = 0; i < n; i++)
		failed += check_case(*state, &cases[i]);
	assert_int_equal(failed, 0);
}

#define CHECK_CASES(state, cases) check_cases(state, cases, sizeof(cases) / sizeof((cases)[0]))

#endif
