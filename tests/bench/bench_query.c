/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a question over a full table costs: filters, orders and groups of
 * 1,000,000 made-up rows (100,000 names, 10,000 clients, 50 servers). Prints
 * the best and the median of the runs in milliseconds of CPU time, a line a question.
 *
 *	bench_query [rows [runs [title]]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/query/group.h"
#include "core/query/view.h"
#include "tests/bench/many_rows.h"

#define RUNS_MAX  101
#define MAX_GROUP 1000000

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
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
	struct many many;
	int rc = 0;

	if (rows < 1 || runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "usage: bench_query [rows [runs [title]]]\n");
		return 2;
	}
	if (!many_make(&many, (uint32_t)rows, MANY_NAMES, 3000))
		return 1;
	src.table = many.table;
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		if (argc < 4 || strcmp(questions[i].title, argv[3]) == 0)
			rc |= measure(&questions[i], &src, runs);
	flow_table_free(many.table);
	return rc ? 1 : 0;
}
