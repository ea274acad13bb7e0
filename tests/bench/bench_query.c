/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a question over a full table costs: filters, orders and groups of
 * 1,000,000 made-up rows (100,000 names, 10,000 clients, 50 servers). Prints
 * the best and the median of the runs in milliseconds, a line a question.
 *
 *	bench_query [rows [runs]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/query/group.h"
#include "core/query/view.h"

#define NAMES     100000
#define CLIENTS   10000
#define SERVERS   50
#define RUNS_MAX  101
#define FIRST_TS  1795435471000000000ull
#define MAX_GROUP 1000000

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Few values are frequent, most are rare, as names are. */
static uint32_t skewed(uint64_t *state, uint32_t n)
{
	uint64_t r = random_next(state);

	return (uint32_t)(r % 4 ? r / 4 % n : r / 4 % (n / 100 + 1));
}

static void fill_row(struct flow_table *t, uint32_t i, uint64_t *state)
{
	static const uint16_t types[] = { 1, 1, 1, 28, 28, 65, 12, 15, 16 };
	static const uint16_t rcodes[] = { 0, 0, 0, 0, 0, 0, 0, 3, 3, 2 };
	uint32_t name = skewed(state, NAMES), client = skewed(state, CLIENTS), seq;
	char text[64];
	struct ip_addr addr = ip_addr_from_v4("\12\0\0\0");
	int len = snprintf(text, sizeof(text), "host%u.dept%u.example.%s", name, name % 300,
			   name % 3 ? "com" : "org");
	struct flow *f;
	uint32_t name_id = flow_table_name(t, text, (size_t)len);
	uint32_t server_id;

	addr.b[14] = (uint8_t)(random_next(state) % SERVERS);
	server_id = flow_table_addr(t, &addr);
	addr.b[12] = client % 2 ? 10 : 192;
	addr.b[14] = (uint8_t)(client >> 8);
	addr.b[15] = (uint8_t)client;
	addr.b[13] = 1;
	f = flow_table_add(t, &seq);
	f->qname = name_id;
	f->server = server_id;
	f->client = flow_table_addr(t, &addr);
	f->ts_ns = FIRST_TS + (uint64_t)i * 3000;
	f->id = (uint16_t)random_next(state);
	f->qtype = types[random_next(state) % 9];
	f->qclass = 1;
	f->client_port = (uint16_t)random_next(state);
	f->server_port = 53;
	f->attempts = 1;
	f->query_bytes = 40;
	f->marks = FLOW_HAS_QUESTION;
	f->state = FLOW_TIMEOUT;
	if (random_next(state) % 100 == 0)
		return;
	f->state = FLOW_ANSWERED;
	f->marks |= FLOW_HAS_RESPONSE;
	f->rcode = rcodes[random_next(state) % 10];
	f->latency_ns = 100000 + random_next(state) % (1ull << (20 + random_next(state) % 12));
	f->response_bytes = 120;
}

static struct flow_table *make_table(uint32_t rows)
{
	struct flow_table_config cfg = { .max_flows = rows, .hash_seed = 1 };
	struct flow_table *t = flow_table_new(&cfg);
	uint64_t state = 88172645463325252ull;

	for (uint32_t i = 0; t && i < rows; i++)
		fill_row(t, i, &state);
	return t;
}

struct question {
	const char *title;
	const char *filter;
	const char *sort;
	const char *by;
	enum group_column column;
};

static const struct question questions[] = {
	{ .title = "filter: all", .filter = "" },
	{ .title = "filter: the goal's",
	  .filter = "rcode=NXDOMAIN,SERVFAIL latency>=10ms not client=10.0.0.0/8 "
		    "qname~*.example.com" },
	{ .title = "filter: id", .filter = "id=0x1a2b" },
	{ .title = "filter: rcode", .filter = "rcode!=NOERROR" },
	{ .title = "filter: word", .filter = "host77" },
	{ .title = "filter: regex", .filter = "qname~/^host[0-9]*7\\.dept1/" },
	{ .title = "filter: network", .filter = "client=10.0.0.0/8" },
	{ .title = "filter: type", .filter = "qtype=AAAA,HTTPS" },
	{ .title = "sort: ts", .sort = "ts" },
	{ .title = "sort: latency", .sort = "latency" },
	{ .title = "sort: rcode", .sort = "rcode" },
	{ .title = "sort: qname", .sort = "qname" },
	{ .title = "sort: client", .sort = "client" },
	{ .title = "group: rcode", .by = "rcode", .column = GROUP_COUNT },
	{ .title = "group: server", .by = "server", .column = GROUP_LATENCY_P99 },
	{ .title = "group: client", .by = "client", .column = GROUP_COUNT },
	{ .title = "group: qname", .by = "qname", .column = GROUP_LATENCY_P90 },
	{ .title = "group: qtype", .by = "qtype", .column = GROUP_COUNT },
};

/* One run; returns how many rows or groups came out, -1 on failure. */
static int64_t ask(const struct question *q, struct filter *filter, struct view *view,
		   const struct row_source *src)
{
	const struct flow_table *t = src->table;
	struct view_order order = { .descending = true };
	struct grouping *g;
	int64_t n;

	if (!q->by) {
		order.field = q->sort ? field_find(q->sort, strlen(q->sort), NULL) : NULL;
		if (view_update(view, src, filter, order, flow_table_oldest(t), t->next_seq))
			return -1;
		return view_count(view);
	}
	if (grouping_make(&g, src, filter, field_find(q->by, strlen(q->by), NULL),
			  flow_table_oldest(t), t->next_seq, MAX_GROUP))
		return -1;
	grouping_sort(g, q->column, true);
	n = grouping_count(g);
	grouping_free(g);
	return n;
}

static int by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int measure(const struct question *q, const struct row_source *src, int runs)
{
	struct filter *filter = NULL;
	struct view *view = view_new();
	double ms[RUNS_MAX], first = 0;
	struct err err;
	int64_t n = -1;

	if (!view || filter_parse(q->filter ? q->filter : "", 0, &filter, &err))
		goto out;
	/* The first run touches memory and judges each name. */
	for (int i = -1; i < runs; i++) {
		double start = now_ms();

		n = ask(q, filter, view, src);
		if (i < 0)
			first = now_ms() - start;
		else
			ms[i] = now_ms() - start;
	}
	qsort(ms, (size_t)runs, sizeof(ms[0]), by_number);
	printf("%-20s first %7.1f  best %7.1f  median %7.1f ms  %lld\n", q->title, first, ms[0],
	       ms[runs / 2], (long long)n);
out:
	view_free(view);
	filter_free(filter);
	return n < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
	int rows = argc > 1 ? atoi(argv[1]) : 1000000;
	int runs = argc > 2 ? atoi(argv[2]) : 9;
	struct row_source src = { 0 };
	struct flow_table *t;
	int rc = 0;

	if (rows < 1 || runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "usage: bench_query [rows [runs]]\n");
		return 2;
	}
	t = make_table((uint32_t)rows);
	if (!t)
		return 1;
	src.table = t;
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		rc |= measure(&questions[i], &src, runs);
	flow_table_free(t);
	return rc ? 1 : 0;
}
