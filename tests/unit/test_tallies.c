/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting rows as they settle, against keeping them all and counting at the end. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/flow/histogram.h"
#include "core/query/filter.h"
#include "core/query/tallies.h"
#include "tests/unit/rows.h"
#include "tests/unit/script.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MS            1000000ull
#define ROWS          20000
#define KEY_MAX       160

static const struct tallies_limits no_limits = {
	.groups = UINT32_MAX,
	.group_bytes = SIZE_MAX,
	.sample_bytes = SIZE_MAX,
};

static const struct field *field_named(const char *name)
{
	const struct field *fd = field_find(name, strlen(name), NULL);

	assert_non_null(fd);
	return fd;
}

/* ---- the oracle: every row as it settled last */

struct settled {
	char key[KEY_MAX];
	bool passes;
	struct flow row;
};

static void write_key(char out[KEY_MAX], const struct row_source *src, const struct flow *f,
		      const struct field *by, const struct field *second)
{
	char buf[VALUE_BUF];
	struct value v;
	size_t n;

	by->get(src, f, &v, buf);
	n = value_format(&v, VALUE_SHORT, out, KEY_MAX / 2);
	if (second) {
		out[n++] = ' ';
		second->get(src, f, &v, buf);
		value_format(&v, VALUE_SHORT, out + n, KEY_MAX / 2);
	}
	for (char *p = out; *p; p++)
		*p = (char)tolower((unsigned char)*p);
}

struct expected {
	char key[KEY_MAX];
	struct group figures;
	uint64_t *samples;
	bool found;
};

static int compare_expected(const void *a, const void *b)
{
	return strcmp(((const struct expected *)a)->key, ((const struct expected *)b)->key);
}

static int compare_settled(const void *a, const void *b)
{
	return strcmp(((const struct settled *)a)->key, ((const struct settled *)b)->key);
}

static int compare_samples(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void expect_row(struct expected *e, const struct flow *f)
{
	struct group *g = &e->figures;

	g->count++;
	g->bytes += (uint64_t)f->query_bytes + f->response_bytes;
	g->timeouts += f->state == FLOW_TIMEOUT;
	g->errors += (f->marks & FLOW_HAS_RESPONSE) && f->rcode;
	if (f->state == FLOW_ANSWERED)
		e->samples[g->answered++] = f->latency_ns;
}

/* The groups of all rows that pass, in the order of their keys; returns how many.
 * samples has room for one of each row. */
static size_t expect(struct settled *all, struct expected *out, uint64_t *samples)
{
	size_t n = 0;

	qsort(all, ROWS, sizeof(*all), compare_settled);
	for (size_t i = 0; i < ROWS; i++) {
		if (!all[i].passes)
			continue;
		if (n == 0 || strcmp(out[n - 1].key, all[i].key) != 0) {
			memcpy(out[n].key, all[i].key, KEY_MAX);
			out[n++].samples = samples + i;
		}
		expect_row(&out[n - 1], &all[i].row);
	}
	return n;
}

static void assert_quantile(uint64_t got, const uint64_t *samples, uint64_t n, unsigned percent)
{
	uint64_t want = n ? samples[(n * percent + 99) / 100 - 1] : 0;
	uint64_t off = got > want ? got - want : want - got;

	assert_true(off <= (n > HISTOGRAM_EXACT ? want / 64 : 0));
}

static void assert_group(const struct group *got, const struct group *want, uint64_t *samples)
{
	uint64_t n = want->answered, sum = 0;

	qsort(samples, n, sizeof(*samples), compare_samples);
	for (uint64_t i = 0; i < n; i++)
		sum += samples[i];
	assert_int_equal(got->count, want->count);
	assert_int_equal(got->answered, n);
	assert_int_equal(got->bytes, want->bytes);
	assert_int_equal(got->timeouts, want->timeouts);
	assert_int_equal(got->errors, want->errors);
	assert_int_equal(got->latency_ns[GROUP_LATENCY_AVG], n ? sum / n : 0);
	assert_int_equal(got->latency_ns[GROUP_LATENCY_MIN], n ? samples[0] : 0);
	assert_int_equal(got->latency_ns[GROUP_LATENCY_MAX], n ? samples[n - 1] : 0);
	assert_quantile(got->latency_ns[GROUP_LATENCY_P50], samples, n, 50);
	assert_quantile(got->latency_ns[GROUP_LATENCY_P90], samples, n, 90);
	assert_quantile(got->latency_ns[GROUP_LATENCY_P99], samples, n, 99);
}

static void group_key(const struct group *g, bool pairs, char out[KEY_MAX])
{
	size_t n = value_format(&g->key, VALUE_SHORT, out, KEY_MAX / 2);

	if (pairs) {
		out[n++] = ' ';
		value_format(&g->second, VALUE_SHORT, out + n, KEY_MAX / 2);
	}
	for (char *p = out; *p; p++)
		*p = (char)tolower((unsigned char)*p);
}

static void add_to(struct expected *into, const struct expected *from)
{
	struct group *a = &into->figures;
	const struct group *b = &from->figures;

	memcpy(into->samples + a->answered, from->samples, b->answered * sizeof(uint64_t));
	a->count += b->count;
	a->answered += b->answered;
	a->bytes += b->bytes;
	a->timeouts += b->timeouts;
	a->errors += b->errors;
}

/* Each group that there is is whole; the rest is in `other`. */
static void assert_grouping(const struct grouping *g, bool pairs, struct expected *want, size_t n)
{
	struct expected all = { .samples = calloc(ROWS, sizeof(uint64_t)) };
	struct expected rest = { .samples = calloc(ROWS, sizeof(uint64_t)) };

	for (uint32_t i = 0; i < grouping_count(g); i++) {
		struct expected key, *e;

		group_key(grouping_at(g, i), pairs, key.key);
		e = bsearch(&key, want, n, sizeof(*want), compare_expected);
		if (!e)
			fail_msg("a group that should not be: %s", key.key);
		add_to(&all, e);
		assert_group(grouping_at(g, i), &e->figures, e->samples);
		assert_false(e->found);
		e->found = true;
	}
	for (size_t i = 0; i < n; i++)
		if (!want[i].found)
			add_to(&rest, &want[i]);
	add_to(&all, &rest);
	assert_group(grouping_other(g), &rest.figures, rest.samples);
	assert_group(grouping_total(g), &all.figures, all.samples);
	free(all.samples);
	free(rest.samples);
}

/* ---- rows through a table that is too small for them */

struct run {
	struct rows *rows;
	struct filter *filter;
	const struct field *by;
	const struct field *second;
	struct tallies *tallies;
	struct settled *all;
	uint64_t random;
	uint32_t late;
};

static uint32_t pick(struct run *r, uint32_t n)
{
	r->random = r->random * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)((r->random >> 33) % n);
}

static void settle(struct run *r, struct flow *f, uint32_t seq)
{
	struct settled *s = &r->all[seq];

	write_key(s->key, &r->rows->src, f, r->by, r->second);
	s->passes = filter_match(r->filter, &r->rows->src, f);
	s->row = *f;
	tallies_settle(r->tallies, f, s->passes);
	f->marks |= FLOW_SETTLED | FLOW_SETTLED_ONCE;
}

/* Some names are asked for again and again, in any case; some once. */
static void add_row(struct run *r)
{
	static const uint16_t rcodes[] = { 0, 0, 0, 3, 2 };
	struct row_spec spec = { .rcode = rcodes[pick(r, ARRAY_SIZE(rcodes))] };
	char name[64], server[32];
	uint32_t seq = r->rows->table->next_seq;

	snprintf(name, sizeof(name), pick(r, 2) ? "Host%u.example.com" : "host%u.EXAMPLE.com",
		 pick(r, 4) ? pick(r, 12) * pick(r, 12) : seq);
	snprintf(server, sizeof(server), "10.0.0.%u", pick(r, 16));
	spec.qname = name;
	spec.server = server;
	spec.client_port = (uint16_t)(1 + pick(r, 400));
	spec.latency_ns = (1 + (uint64_t)pick(r, 1 << 30)) << pick(r, 4) >> pick(r, 16);
	spec.no_question = pick(r, 50) == 0;
	spec.query_bytes = (uint16_t)(20 + pick(r, 40));
	switch (pick(r, 16)) {
	case 0:
	case 1:
		spec.state = FLOW_TIMEOUT;
		break;
	case 2:
		spec.pending = true;
		break;
	case 3:
		spec.state = FLOW_UNSOLICITED;
		break;
	default:
		break;
	}
	settle(r, rows_add(r->rows, &spec), seq);
}

/* The answer to one of the rows that have none, if the one picked is such. */
static void answer_late(struct run *r)
{
	const struct flow_table *t = r->rows->table;
	uint32_t seq = flow_table_oldest(t) + pick(r, t->count);
	struct flow *f = flow_table_row(t, seq);

	if (f->state != FLOW_TIMEOUT && f->state != FLOW_PENDING)
		return;
	f->state = FLOW_ANSWERED;
	f->marks |= FLOW_HAS_RESPONSE | FLOW_LATE;
	f->marks &= (uint16_t)~FLOW_SETTLED;
	f->rcode = pick(r, 2) ? 0 : 3;
	f->response_bytes = 100;
	f->latency_ns = 5000 * MS + pick(r, 1 << 30);
	r->late++;
	settle(r, f, seq);
}

struct tallies_case {
	const char *by;
	const char *second;
	const char *filter;
	uint32_t max_flows;
	struct tallies_limits limits;
};

#define ANY                                  \
	{                                    \
		1u << 31, SIZE_MAX, SIZE_MAX \
	}

static const struct tallies_case cases[] = {
	/* clang-format off */
	{ "rcode", NULL, "", ROWS, ANY },
	{ "rcode", NULL, "", 64, ANY },
	{ "state", NULL, "", 64, ANY },
	{ "state", NULL, "", 2000, ANY },
	{ "server", NULL, "", 64, ANY },
	{ "client_port", NULL, "", 500, ANY },
	{ "flags", NULL, "", 64, ANY },
	{ "pod", NULL, "", 64, ANY },
	/* Names: without a sweep of their ids, with some, and with hundreds. */
	{ "qname", NULL, "", ROWS, ANY },
	{ "qname", NULL, "", 2000, ANY },
	{ "qname", NULL, "", 64, ANY },
	{ "domain3", NULL, "", 64, ANY },
	{ "server", "qname", "", 64, ANY },
	{ "qname", "rcode", "", 1000, ANY },
	/* What passes when unanswered need not do so when answered late. */
	{ "qname", NULL, "timeout", 64, ANY },
	{ "rcode", NULL, "unanswered", 1000, ANY },
	{ "state", NULL, "answered", 1000, ANY },
	{ "server", NULL, "late", 1000, ANY },
	{ "state", NULL, "latency>1s", 1000, ANY },
	{ "qname", NULL, "nosuch", 64, ANY },
	/* More keys than there is room for. */
	{ "qname", NULL, "", 64, { 10, SIZE_MAX, SIZE_MAX } },
	{ "state", NULL, "", 64, { 1, SIZE_MAX, SIZE_MAX } },
	{ "rcode", NULL, "", 64, { 0, SIZE_MAX, SIZE_MAX } },
	{ "qname", NULL, "", 64, { UINT32_MAX, 100000, SIZE_MAX } },
	{ "server", "qname", "", 64, { UINT32_MAX, 200000, SIZE_MAX } },
	{ "client_port", "qname", "", 64, { 300, SIZE_MAX, SIZE_MAX } },
	/* clang-format on */
};

static void run_case(const struct tallies_case *c)
{
	struct run r = {
		.rows = rows_new_sized(c->max_flows),
		.by = field_named(c->by),
		.second = c->second ? field_named(c->second) : NULL,
		.all = calloc(ROWS, sizeof(*r.all)),
		.random = 11,
	};
	struct expected *want = calloc(ROWS, sizeof(*want));
	uint64_t *samples = calloc(ROWS, sizeof(*samples));
	struct grouping *g;
	size_t n;

	assert_int_equal(filter_parse(c->filter, 0, &r.filter, NULL), 0);
	r.tallies = tallies_new(&r.rows->src, r.by, r.second, &c->limits);
	assert_non_null(r.tallies);
	while (r.rows->table->next_seq < ROWS) {
		add_row(&r);
		if (pick(&r, c->max_flows) == 0)
			flow_table_sweep(r.rows->table);
		if (pick(&r, 4) == 0)
			answer_late(&r);
	}
	assert_true(r.late > 300);
	assert_true(c->max_flows >= ROWS || intern_generation(r.rows->table->names) > 3);
	assert_int_equal(tallies_lost(r.tallies), 0);
	assert_int_equal(tallies_finish(r.tallies, &g), 0);
	tallies_free(r.tallies);
	n = expect(r.all, want, samples);
	assert_grouping(g, c->second, want, n);
	if (c->limits.groups > ROWS && c->limits.group_bytes == SIZE_MAX)
		assert_int_equal(grouping_count(g), n);
	else
		assert_true(grouping_count(g) <= c->limits.groups && grouping_count(g) < n);
	grouping_free(g);
	free(want);
	free(samples);
	free(r.all);
	filter_free(r.filter);
	rows_free(r.rows);
}

static void test_against_the_oracle(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		print_message("by %s %s, \"%s\", %u rows\n", cases[i].by,
			      cases[i].second ? cases[i].second : "", cases[i].filter,
			      (unsigned)cases[i].max_flows);
		run_case(&cases[i]);
	}
}

/* Samples beyond the limit are in no quantile, but in all else. */
static void test_samples_without_memory(void **state)
{
	struct tallies_limits limits = no_limits;
	struct rows *r = rows_new_sized(64);
	struct tallies *t;
	struct grouping *g;

	(void)state;
	limits.sample_bytes = 200;
	t = tallies_new(&r->src, field_named("server"), NULL, &limits);
	assert_non_null(t);
	for (uint32_t i = 1; i <= 1000; i++)
		tallies_add(t, rows_add(r, &(struct row_spec){ .latency_ns = i * MS }));
	assert_int_equal(tallies_finish(t, &g), 0);
	assert_true(tallies_lost(t) > 0 && tallies_lost(t) < 1000);
	assert_int_equal(grouping_count(g), 1);
	assert_int_equal(grouping_at(g, 0)->answered, 1000);
	assert_int_equal(grouping_at(g, 0)->latency_ns[GROUP_LATENCY_MAX], 1000 * MS);
	assert_int_equal(grouping_at(g, 0)->latency_ns[GROUP_LATENCY_AVG], 500500 * 1000);
	assert_true(grouping_at(g, 0)->latency_ns[GROUP_LATENCY_P50] >= MS);
	grouping_free(g);
	tallies_free(t);
	rows_free(r);
}

/* Averages of what no 64 bits can add. */
static void test_sums_do_not_overflow(void **state)
{
	struct rows *r = rows_new_sized(64);
	struct tallies *t = tallies_new(&r->src, field_named("rcode"), NULL, &no_limits);
	struct grouping *g;

	(void)state;
	assert_non_null(t);
	for (int i = 0; i < 100; i++)
		tallies_add(t, rows_add(r, &(struct row_spec){ .latency_ns = UINT64_MAX - 1 }));
	assert_int_equal(tallies_finish(t, &g), 0);
	tallies_free(t);
	assert_true(grouping_at(g, 0)->latency_ns[GROUP_LATENCY_AVG] == UINT64_MAX - 1);
	assert_true(grouping_total(g)->latency_ns[GROUP_LATENCY_P50] == UINT64_MAX - 1);
	grouping_free(g);
	rows_free(r);
}

static void test_nothing_counted(void **state)
{
	struct rows *r = rows_new();
	struct tallies *t = tallies_new(&r->src, field_named("qname"), NULL, &no_limits);
	struct grouping *g;

	(void)state;
	assert_int_equal(tallies_finish(t, &g), 0);
	assert_int_equal(grouping_count(g), 0);
	assert_int_equal(grouping_total(g)->count, 0);
	grouping_sort(g, GROUP_LATENCY_P90, true);
	grouping_free(g);
	tallies_free(t);
	tallies_free(NULL);
	rows_free(r);
}

/* ---- through the tracker, which says what settles again */

struct tracked {
	struct row_source src;
	struct tallies *tallies;
};

static void tracked_settled(void *ctx, const struct flow *f, uint32_t seq)
{
	struct tracked *t = ctx;

	(void)seq;
	tallies_settle(t->tallies, f, true);
}

#define C " 10.0.0.1:1000 10.0.0.2:53 "

static const struct script_case {
	const char *script;
	const char *by;
	uint32_t max_flows;
	const char *groups; /* key, count, answered, timeouts, errors */
} scripts[] = {
	/* clang-format off */
	{ "Q 0" C "7 a.example A\nT 20s\n", "state", 16, "timeout 1 0 1 0" },
	{ "Q 0" C "7 a.example A\nT 20s\nR 30s" C "7 a.example A rcode=3\nT 40s\n",
	  "state", 16, "answered 1 1 0 1" },
	{ "Q 0" C "7 a.example A\nT 20s\nR 30s" C "7 a.example A rcode=3\nT 40s\n",
	  "rcode", 16, "nxdomain 1 1 0 1" },
	{ "Q 0" C "7 a.example A\nT 20s\nR 30s" C "7 a.example A rcode=3\nT 40s\n",
	  "qname", 16, "a.example 1 1 0 1" },
	/* Late, but settled once only. */
	{ "Q 0" C "7 a.example A\nT 6s\nR 7s" C "7 a.example A\nT 40s\n",
	  "state", 16, "answered 1 1 0 0" },
	/* Settled again as it is evicted. */
	{ "Q 0" C "7 a.example A\nT 20s\nR 30s" C "7 a.example A\n"
	  "Q 30.001s" C "8 b.example A\nQ 30.002s" C "9 c.example A\nT 60s\n",
	  "state", 2, "answered 1 1 0 0, timeout 2 0 2 0" },
	/* Nothing happens to what nobody asked for. */
	{ "R 0" C "7 a.example A\nT 20s\nQ 30s" C "7 a.example A\nR 31s" C "7 a.example A\nT 50s\n",
	  "state", 16, "answered 1 1 0 0, unsolicited 1 0 0 0" },
	/* clang-format on */
};

static void test_through_the_tracker(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
		const struct script_case *c = &scripts[i];
		struct script *s = script_new(c->max_flows);
		struct tracked t = { .src = { .table = s->table } };
		struct tracker_config config = { .settled = tracked_settled, .ctx = &t };
		char got[256] = "", key[KEY_MAX];
		struct grouping *g;
		size_t n = 0;

		t.tallies = tallies_new(&t.src, field_named(c->by), NULL, &no_limits);
		tracker_free(s->tracker);
		s->tracker = tracker_new(s->table, &config);
		script_must(t.tallies && s->tracker, "no memory", "");
		script_run(s, c->script);
		tracker_finish(s->tracker);
		assert_int_equal(tallies_finish(t.tallies, &g), 0);
		for (uint32_t k = 0; k < grouping_count(g); k++) {
			const struct group *at = grouping_at(g, k);

			group_key(at, false, key);
			n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%s %u %u %u %u",
					      k ? ", " : "", key, (unsigned)at->count,
					      (unsigned)at->answered, (unsigned)at->timeouts,
					      (unsigned)at->errors);
		}
		if (strcmp(got, c->groups) != 0)
			fail_msg("%s by %s: %s", c->script, c->by, got);
		grouping_free(g);
		tallies_free(t.tallies);
		script_free(s);
	}
}

/* Finished in parts of one group they are the same, in no order until asked. */
static void test_finish_in_parts(void **state)
{
	struct rows *r = rows_new();
	const struct field *by = field_find("qname", 5, NULL);
	struct tallies_limits limits = { 100, SIZE_MAX, SIZE_MAX };
	struct tallies *t = tallies_new(&r->src, by, NULL, &limits);
	struct grouping *g = NULL;
	int rc, n = 0;

	(void)state;
	assert_non_null(t);
	for (int i = 0; i < 30; i++) {
		char qname[16];
		struct row_spec spec = { .qname = qname, .latency_ns = 1000 + (uint64_t)i };

		snprintf(qname, sizeof(qname), "n%02d.test", 9 - i % 10);
		tallies_add(t, rows_add(r, &spec));
	}
	while ((rc = tallies_finish_some(t, 1, &g)) > 0) {
		assert_null(g);
		n++;
	}
	assert_int_equal(rc, 0);
	assert_int_equal(n, 10);
	assert_int_equal(grouping_count(g), 10);
	assert_int_equal(grouping_total(g)->count, 30);
	assert_int_equal(grouping_total(g)->latency_ns[GROUP_LATENCY_MAX], 1029);
	assert_true(grouping_order(g));
	assert_string_equal(grouping_at(g, 0)->key.text, "n00.test");
	assert_string_equal(grouping_at(g, 9)->key.text, "n09.test");
	assert_int_equal(grouping_at(g, 9)->count, 3);
	grouping_free(g);
	tallies_free(t);
	rows_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_the_oracle),
		cmocka_unit_test(test_samples_without_memory),
		cmocka_unit_test(test_sums_do_not_overflow),
		cmocka_unit_test(test_nothing_counted),
		cmocka_unit_test(test_finish_in_parts),
		cmocka_unit_test(test_through_the_tracker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
