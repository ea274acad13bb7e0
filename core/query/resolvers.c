/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/resolvers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dns/wire.h"
#include "core/flow/histogram.h"
#include "core/query/board.h"
#include "core/query/filter_internal.h"

#define RCODE_FORMERR  1
#define RCODE_SERVFAIL 2
#define RCODE_NOTIMP   4
#define RCODE_BADVERS  16

#define SLOW_NS 100000000ull

/* Servers that are told apart, and what their latencies may take. */
#define SERVERS_MAX  65536u
#define SAMPLE_BYTES ((size_t)64 << 20)

/* --- the verdict --- */

struct words {
	char *buf;
	size_t size, len;
	int n;
};

__attribute__((format(printf, 2, 3))) static void say(struct words *w, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (w->n++ >= 2)
		return;
	if (w->len)
		w->len += (size_t)snprintf(w->buf + w->len, w->size - w->len, ", ");
	va_start(ap, fmt);
	n = vsnprintf(w->buf + w->len, w->size - w->len, fmt, ap);
	va_end(ap);
	w->len += (size_t)n;
	if (w->len >= w->size)
		w->len = w->size - 1;
}

/* part of all is at least so many percent. */
static bool reaches(uint64_t part, uint64_t all, unsigned percent)
{
	return all && part * 100 >= all * percent;
}

static unsigned percent_of(uint64_t part, uint64_t all)
{
	return (unsigned)((part * 200 + all) / (2 * all));
}

size_t resolvers_verdict(const struct score *s, char *buf, size_t size)
{
	uint64_t over = s->answered + s->unanswered;
	struct words w = { .buf = buf, .size = size };

	if (s->answered == 0 && s->unanswered >= RESOLVERS_FEW)
		say(&w, "answers nothing");
	else if (s->unanswered >= 2 && reaches(s->unanswered, over, 1))
		say(&w, "drops %u%% of queries", percent_of(s->unanswered, over));
	if (reaches(s->servfail, s->answered, 5))
		say(&w, "SERVFAIL %u%%", percent_of(s->servfail, s->answered));
	if (s->answered && s->p95_ns >= SLOW_NS)
		say(&w, "slow: p95 %" PRIu64 " ms", (s->p95_ns + 500000) / 1000000);
	if (reaches(s->edns_failures, s->edns, 5))
		say(&w, "EDNS fails in %u%%", percent_of(s->edns_failures, s->edns));
	if (reaches(s->truncated, s->udp, 10))
		say(&w, "truncates %u%%", percent_of(s->truncated, s->udp));
	if (reaches(s->retried, s->queries, 2) && s->unanswered == 0)
		say(&w, "%u%% asked again", percent_of(s->retried, s->queries));
	if (w.n == 0)
		say(&w, over < RESOLVERS_FEW ? "few queries" : "ok");
	return w.len;
}

/* --- the board --- */

enum {
	COLUMN_SERVER,
	COLUMN_QUERIES,
	COLUMN_P50,
	COLUMN_P95,
	COLUMN_P99,
	COLUMN_UNANSWERED,
	COLUMN_SERVFAIL,
	COLUMN_TRUNCATED,
	COLUMN_EDNS,
	COLUMN_RETRIES,
	COLUMN_VERDICT,
};

/* clang-format off */
static const struct board_column columns[] = {
	[COLUMN_SERVER] = { "server", "SERVER", "the server that is asked", "server",
			    VALUE_ADDR, 15, 39, 0, false },
	[COLUMN_QUERIES] = { "queries", "QUERIES", "questions it was asked", NULL,
			     VALUE_UINT, 8, 0, 10, true },
	[COLUMN_P50] = { "latency_p50_us", "P50", "half of its answers took no longer", NULL,
			 VALUE_DURATION, 7, 0, 60, true },
	[COLUMN_P95] = { "latency_p95_us", "P95", "95 of 100 answers took no longer", NULL,
			 VALUE_DURATION, 7, 0, 20, true },
	[COLUMN_P99] = { "latency_p99_us", "P99", "99 of 100 answers took no longer", NULL,
			 VALUE_DURATION, 7, 0, 50, true },
	[COLUMN_UNANSWERED] = { "unanswered", "NOANSWER", "questions it never answered", NULL,
				VALUE_UINT, 8, 0, 15, true },
	[COLUMN_SERVFAIL] = { "servfail", "SERVFAIL", "answers with that response code", NULL,
			      VALUE_UINT, 8, 0, 30, true },
	[COLUMN_TRUNCATED] = { "truncated", "TC", "answers it truncated", NULL,
			       VALUE_UINT, 5, 0, 70, true },
	[COLUMN_EDNS] = { "edns_failures", "EDNS", "answers that EDNS failed in", NULL,
			  VALUE_UINT, 5, 0, 70, true },
	[COLUMN_RETRIES] = { "retries", "RETRIES", "queries sent again", NULL,
			     VALUE_UINT, 7, 0, 40, true },
	[COLUMN_VERDICT] = { "verdict", "VERDICT", "what that comes to", NULL,
			     VALUE_TEXT, 24, 48, 0, false },
};
/* clang-format on */

struct server {
	uint32_t addr; /* table.addrs id; INTERN_NONE: empty */
	struct ip_addr ip;
	struct score score;
	struct histogram latency;
};

struct resolvers {
	struct board base;
	struct server *servers; /* those in use first */
	uint32_t *slots;        /* by hash of the id: 1 + place in servers */
	uint32_t room;          /* of servers; slots has twice as many, a power of two */
	struct histogram_memory memory;
};

static void resolvers_free(struct board *b)
{
	struct resolvers *r = (struct resolvers *)b;

	histogram_memory_fini(&r->memory);
	free(r->servers);
	free(r->slots);
	free(r);
}

static uint32_t *slot_of(const struct resolvers *r, uint32_t addr)
{
	uint32_t mask = 2 * r->room - 1, at = addr * 0x9e3779b1u & mask;

	while (r->slots[at] && r->servers[r->slots[at] - 1].addr != addr)
		at = (at + 1) & mask;
	return &r->slots[at];
}

static int grow(struct resolvers *r)
{
	uint32_t room = r->room ? 2 * r->room : 64;
	uint32_t *slots;
	struct server *servers = realloc(r->servers, room * sizeof(*servers));

	if (!servers)
		return -ENOMEM;
	r->servers = servers;
	slots = calloc(2 * (size_t)room, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(r->slots);
	r->slots = slots;
	r->room = room;
	for (uint32_t i = 0; i < r->base.count; i++)
		*slot_of(r, r->servers[i].addr) = 1 + i;
	return 0;
}

/* NULL when memory is short, or there are too many. */
static struct server *server_of(struct resolvers *r, const struct flow_table *t, uint32_t addr)
{
	struct server *s;
	uint32_t *slot;
	size_t len;
	const char *bytes;

	if (r->base.count == r->room && (r->room == SERVERS_MAX || grow(r)))
		return NULL;
	if (!r->servers) /* never: but the analyzer can't see it */
		return NULL;
	slot = slot_of(r, addr);
	if (*slot)
		return &r->servers[*slot - 1];
	*slot = ++r->base.count;
	s = &r->servers[*slot - 1];
	*s = (struct server){ .addr = addr };
	bytes = intern_text(t->addrs, addr, &len);
	if (len == sizeof(s->ip))
		memcpy(&s->ip, bytes, sizeof(s->ip));
	return s;
}

static bool edns_failed(const struct flow *f)
{
	return f->rcode == RCODE_FORMERR || f->rcode == RCODE_NOTIMP || f->rcode == RCODE_BADVERS ||
	       !(f->marks & FLOW_HAS_RESPONSE_EDNS);
}

static void count_answer(struct resolvers *r, struct server *s, const struct flow *f)
{
	bool udp = f->transport == TRANSPORT_UDP, cut = f->response_flags & DNS_FLAG_TC;

	s->score.answered++;
	s->score.servfail += f->rcode == RCODE_SERVFAIL;
	s->score.udp += udp;
	s->score.truncated += udp && cut;
	if (f->marks & FLOW_HAS_QUERY_EDNS && !(f->marks & (FLOW_CUT | FLOW_BAD_RECORDS))) {
		s->score.edns++;
		s->score.edns_failures += edns_failed(f);
	}
	histogram_add(&s->latency, f->latency_ns, &r->memory);
}

static void count_row(struct resolvers *r, struct server *s, const struct flow *f)
{
	s->score.queries++;
	if (f->attempts > 1) {
		s->score.retried++;
		s->score.retries += f->attempts - 1u;
	}
	if (f->state == FLOW_ANSWERED)
		count_answer(r, s, f);
	else if (f->state == FLOW_TIMEOUT)
		s->score.unanswered++;
}

static int by_queries(const void *a, const void *b)
{
	const struct server *x = a, *y = b;

	if (x->score.queries != y->score.queries)
		return x->score.queries < y->score.queries ? 1 : -1;
	return memcmp(&x->ip, &y->ip, sizeof(x->ip));
}

static void finish(struct resolvers *r)
{
	static const unsigned permille[] = { 500, 950, 990 };

	for (uint32_t i = 0; i < r->base.count; i++) {
		struct score *s = &r->servers[i].score;
		uint64_t out[3];

		histogram_quantiles(&r->servers[i].latency, permille, 3, out);
		s->p50_ns = out[0];
		s->p95_ns = out[1];
		s->p99_ns = out[2];
	}
	if (r->base.count)
		qsort(r->servers, r->base.count, sizeof(*r->servers), by_queries);
}

static int resolvers_make(struct board **out, const struct row_source *src, struct filter *filter,
			  uint32_t from_seq, uint32_t to_seq)
{
	const struct flow_table *t = src->table;
	struct resolvers *r = calloc(1, sizeof(*r));
	bool all = filter_is_empty(filter);

	*out = NULL;
	if (!r)
		return -ENOMEM;
	r->base.ops = &board_resolvers;
	r->memory.pool.max = SAMPLE_BYTES;
	if (grow(r)) {
		resolvers_free(&r->base);
		return -ENOMEM;
	}
	if (!all)
		filter_begin(filter, src);
	for (uint32_t seq = from_seq; seq != to_seq; seq++) {
		const struct flow *f = flow_table_row(t, seq);
		struct server *s;

		if (f->service != SERVICE_DNS || f->state == FLOW_UNSOLICITED ||
		    (!all && !filter_run(filter, src, f)))
			continue;
		s = server_of(r, t, f->server);
		if (s)
			count_row(r, s, f);
	}
	finish(r);
	*out = &r->base;
	return 0;
}

static void put_count(struct value *out, uint64_t n)
{
	*out = (struct value){ .type = VALUE_UINT, .u = n };
}

static void put_latency(struct value *out, const struct score *s, uint64_t ns)
{
	*out = (struct value){ .type = s->answered ? VALUE_DURATION : VALUE_NONE, .u = ns };
}

static void resolvers_value(const struct board *b, uint32_t line, int column, struct value *out,
			    char *buf)
{
	const struct server *server = &((const struct resolvers *)b)->servers[line];
	const struct score *s = &server->score;

	switch (column) {
	case COLUMN_SERVER:
		*out = (struct value){ .type = VALUE_ADDR, .addr = server->ip };
		break;
	case COLUMN_QUERIES:
		put_count(out, s->queries);
		break;
	case COLUMN_P50:
		put_latency(out, s, s->p50_ns);
		break;
	case COLUMN_P95:
		put_latency(out, s, s->p95_ns);
		break;
	case COLUMN_P99:
		put_latency(out, s, s->p99_ns);
		break;
	case COLUMN_UNANSWERED:
		put_count(out, s->unanswered);
		break;
	case COLUMN_SERVFAIL:
		put_count(out, s->servfail);
		break;
	case COLUMN_TRUNCATED:
		put_count(out, s->truncated);
		break;
	case COLUMN_EDNS:
		put_count(out, s->edns_failures);
		break;
	case COLUMN_RETRIES:
		put_count(out, s->retries);
		break;
	default:
		*out = (struct value){ .type = VALUE_TEXT, .text = buf };
		out->len = resolvers_verdict(s, buf, VALUE_BUF);
		break;
	}
}

static bool resolvers_is_fine(const struct board *b, uint32_t line)
{
	char verdict[64];

	resolvers_verdict(&((const struct resolvers *)b)->servers[line].score, verdict,
			  sizeof(verdict));
	return strcmp(verdict, "ok") == 0 || strcmp(verdict, "few queries") == 0;
}

const struct board_ops board_resolvers = {
	.name = "resolvers",
	.help = "how each server answers, and a verdict",
	.empty = "no server was asked anything",
	.columns = columns,
	.n_columns = sizeof(columns) / sizeof(columns[0]),
	.is_fine = resolvers_is_fine,
	.make = resolvers_make,
	.value = resolvers_value,
	.free = resolvers_free,
};
