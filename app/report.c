/* SPDX-License-Identifier: BSD-2-Clause */
#include "app/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/classic.h"
#include "app/needs.h"
#include "core/query/filter.h"
#include "core/query/tallies.h"
#include "core/query/view.h"
#include "core/sink/sink.h"

/* Distinct keys a report tells apart, and what they may take; the rest are
 * counted together. */
static const struct tallies_limits group_limits = {
	.groups = 1000000,
	.group_bytes = (size_t)384 << 20,
	.sample_bytes = (size_t)384 << 20,
};

struct report {
	const struct options *opt;
	const struct row_source *rows;
	struct filter *filter;
	struct sink *sink; /* NULL: the classic tables */
	struct classic *classic;
	struct tallies *tallies; /* of --by */
	bool all;                /* the filter asks for nothing */
	uint64_t printed;
	bool at_end; /* rows wait for the end: an order, a limit or groups */
};

static const char *sink_name(enum output output)
{
	static const char *const names[] = {
		[OUTPUT_JSON] = "json",
		[OUTPUT_CSV] = "csv",
		[OUTPUT_TEXT] = "text",
	};

	return names[output];
}

static void report_free(struct report *r)
{
	classic_free(r->classic);
	tallies_free(r->tallies);
	filter_free(r->filter);
	free(r);
}

int report_open(struct report **out, const struct options *opt, const struct row_source *rows,
		bool live, struct err *err)
{
	struct report *r = calloc(1, sizeof(*r));
	struct sink_config cfg = {
		.out = stdout,
		.columns = opt->n_columns ? opt->columns : NULL,
		.n_columns = opt->n_columns,
		.by = opt->by,
		.second = opt->second,
		.board = opt->board,
		.line_buffered = live,
	};
	int rc;

	*out = NULL;
	if (!r)
		return err_set(err, -ENOMEM, "not enough memory");
	r->opt = opt;
	r->rows = rows;
	r->at_end = opt->by || opt->board || opt->sort || opt->top || opt->output == OUTPUT_CLASSIC;
	rc = filter_parse(opt->filter, opt->now_ns, &r->filter, err);
	if (rc)
		goto out;
	r->all = filter_is_empty(r->filter);
	if (opt->by) {
		r->tallies = tallies_new(rows, opt->by, opt->second, &group_limits);
		if (!r->tallies) {
			rc = err_set(err, -ENOMEM, "not enough memory");
			goto out;
		}
	}
	if (opt->output == OUTPUT_CLASSIC) {
		r->classic = classic_new(rows, &opt->classic);
		if (!r->classic)
			rc = err_set(err, -ENOMEM, "not enough memory");
		goto out;
	}
	rc = sink_find(sink_name(opt->output))->open(&r->sink, &cfg, err);
out:
	if (rc) {
		report_free(r);
		return rc;
	}
	*out = r;
	return 0;
}

static bool passes(struct report *r, const struct flow *f)
{
	return r->all || filter_match(r->filter, r->rows, f);
}

static void group_row(struct report *r, const struct flow *f)
{
	bool is_in = passes(r, f);

	if (report_done(r))
		return;
	/* What settles again was counted before. */
	r->printed += is_in && !(f->marks & FLOW_SETTLED_ONCE);
	tallies_settle(r->tallies, f, is_in);
}

int report_row(struct report *r, const struct flow *f)
{
	if (r->classic) {
		classic_row(r->classic, f, passes(r, f));
		return 0;
	}
	if (r->tallies) {
		group_row(r, f);
		return 0;
	}
	if (r->at_end || report_done(r) || !passes(r, f))
		return 0;
	r->printed++;
	return r->sink->ops->row(r->sink, r->rows, f);
}

bool report_done(const struct report *r)
{
	return r->opt->count && r->printed >= r->opt->count;
}

static uint64_t limit_of(const struct options *opt)
{
	return opt->top ? opt->top : UINT64_MAX;
}

/* What the groups printed do not say. */
static void warn_groups(const struct report *r, const struct grouping *g)
{
	uint64_t others = grouping_other(g)->count, lost = tallies_lost(r->tallies);

	if (others)
		fprintf(stderr,
			"dnstop: %" PRIu64 " rows are in no group: there is room for no more than "
			"the first %" PRIu32 "; a filter may leave out some\n",
			others, grouping_count(g));
	if (lost)
		fprintf(stderr,
			"dnstop: %" PRIu64 " latencies found no memory and are in no p50, p90 "
			"or p99\n",
			lost);
}

static int finish_groups(struct report *r)
{
	const struct options *opt = r->opt;
	struct grouping *g;
	int rc = tallies_finish(r->tallies, &g);

	if (rc)
		return rc;
	warn_groups(r, g);
	grouping_sort(g, opt->sort_column, opt->descending);
	for (uint32_t i = 0; i < grouping_count(g) && i < limit_of(opt) && rc == 0; i++)
		rc = r->sink->ops->group(r->sink, opt->by, grouping_at(g, i),
					 grouping_total(g)->count);
	grouping_free(g);
	return rc;
}

/* Rows that have left the table are the oldest: only the newest few can do
 * without them. */
static void warn_rows(const struct report *r, struct view_order order, uint32_t found)
{
	const struct flow_table *t = r->rows->table;
	bool newest_first = !order.field && order.descending;

	if (t->evicted == 0 || (newest_first && found >= limit_of(r->opt)))
		return;
	fprintf(stderr,
		"dnstop: %" PRIu64 " rows had left memory and are not in this order; "
		"--max-flows keeps more than %" PRIu32 "\n",
		t->evicted, t->max_flows);
}

static bool has_lost(const struct flow_table *t, uint32_t ref)
{
	size_t len;

	return ref != STORE_NONE && !store_get(t->store, ref, &len);
}

/* What is read from messages is null where they have left memory, and no filter finds it. */
static void warn_bytes(const struct report *r)
{
	const struct flow_table *t = r->rows->table;
	uint32_t lacking = 0;

	if (!needs_bytes(r->opt))
		return;
	for (uint32_t i = 0; i < t->count; i++) {
		const struct flow *f = flow_table_row(t, flow_table_oldest(t) + i);

		lacking += has_lost(t, f->query_ref) || has_lost(t, f->response_ref);
	}
	if (lacking)
		fprintf(stderr,
			"dnstop: messages of %" PRIu32 " of %" PRIu32
			" rows had left memory: answer "
			"and what EDNS says are not known of them; without --sort and --top they "
			"are\n",
			lacking, t->count);
}

static int finish_rows(struct report *r)
{
	const struct flow_table *t = r->rows->table;
	struct view_order order = { .field = r->opt->sort_field, .descending = r->opt->descending };
	struct view *v = view_new();
	int rc = -ENOMEM;

	if (!v)
		return rc;
	rc = view_update(v, r->rows, r->filter, order, flow_table_oldest(t), t->next_seq);
	if (rc == 0) {
		warn_rows(r, order, view_count(v));
		warn_bytes(r);
	}
	for (uint32_t i = 0; i < view_count(v) && i < limit_of(r->opt) && rc == 0; i++)
		rc = r->sink->ops->row(r->sink, r->rows, flow_table_row(t, view_seq(v, i)));
	view_free(v);
	return rc;
}

/* The report is of what is in memory. */
static void warn_board(const struct report *r)
{
	const struct flow_table *t = r->rows->table;

	if (t->evicted && !r->opt->board->unfiltered)
		fprintf(stderr,
			"dnstop: %" PRIu64 " rows had left memory and are not in this report; "
			"--max-flows keeps more than %" PRIu32 "\n",
			t->evicted, t->max_flows);
}

static int finish_board(struct report *r)
{
	const struct flow_table *t = r->rows->table;
	const struct options *opt = r->opt;
	uint32_t *order = NULL;
	struct board *b;
	int rc = opt->board->make(&b, r->rows, r->filter, flow_table_oldest(t), t->next_seq);

	if (rc)
		return rc;
	warn_board(r);
	if (opt->board_column >= 0) {
		order = malloc(((size_t)b->count + 1) * sizeof(*order));
		if (!order)
			rc = -ENOMEM;
		else
			board_sort(b, opt->board_column, opt->descending, order);
	}
	for (uint32_t i = 0; i < b->count && i < limit_of(opt) && rc == 0; i++)
		rc = r->sink->ops->line(r->sink, b, order ? order[i] : i);
	free(order);
	board_free(b);
	return rc;
}

static int finish_classic(struct report *r)
{
	uint64_t lost = classic_lost(r->classic);

	if (lost)
		fprintf(stderr,
			"dnstop: %" PRIu64 " messages are in no line of a table: there is no room "
			"for more; a filter may leave out some\n",
			lost);
	return classic_print(r->classic, stdout);
}

int report_finish(struct report *r)
{
	if (!r->at_end)
		return 0;
	if (r->classic)
		return finish_classic(r);
	if (r->opt->board)
		return finish_board(r);
	return r->opt->by ? finish_groups(r) : finish_rows(r);
}

int report_close(struct report *r)
{
	int rc = 0;

	if (!r)
		return 0;
	if (r->sink)
		rc = r->sink->ops->close(r->sink);
	report_free(r);
	return rc;
}
