/* SPDX-License-Identifier: BSD-2-Clause */
#include "plain/plain_say.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define US UINT64_C(1000)
#define MS UINT64_C(1000000)
#define S  UINT64_C(1000000000)

void say_duration(struct words *s, uint64_t ns)
{
	if (ns >= 100 * S || (ns && ns % S == 0))
		words_add(s, "%" PRIu64 " s", (ns + S / 2) / S);
	else if (ns + 50 * MS >= S)
		words_add(s, "%.1f s", (double)ns / (double)S);
	else if (ns >= 100 * MS)
		words_add(s, "%" PRIu64 " ms", (ns + MS / 2) / MS);
	else if (ns >= 100 * US)
		words_add(s, "%.1f ms", (double)ns / (double)MS);
	else
		words_add(s, "%" PRIu64 " microseconds", (ns + US / 2) / US);
}

void say_time(struct words *s, uint64_t epoch_ns)
{
	struct value v = { .type = VALUE_TIME, .u = epoch_ns };
	char buf[VALUE_BUF];

	value_format(&v, VALUE_SHORT, buf, sizeof(buf));
	words_add(s, "%.*s", (int)strcspn(buf, "."), buf);
}

void say_count(struct words *s, uint64_t n, const char *one, const char *many)
{
	if (n == 0)
		words_add(s, "no %s", many);
	else
		words_add(s, "%" PRIu64 " %s", n, n == 1 ? one : many);
}

void say_value(struct words *s, const struct value *v, enum value_style style)
{
	char buf[VALUE_BUF];

	if (v->type == VALUE_NONE) {
		words_add(s, "unknown");
		return;
	}
	value_format(v, style, buf, sizeof(buf));
	for (char *p = buf; *p; p++)
		if (*p == '\n')
			*p = ',';
	words_add(s, "%s", buf);
}

static void get(const struct row_source *src, const struct flow *f, const char *name,
		struct value *v, char *buf)
{
	field_find(name, strlen(name), NULL)->get(src, f, v, buf);
}

static void say_field(struct words *s, const struct row_source *src, const struct flow *f,
		      const char *name)
{
	char buf[VALUE_BUF];
	struct value v;

	get(src, f, name, &v, buf);
	say_value(s, &v, VALUE_SHORT);
}

/* "mail.example.org MX" */
static void say_question(struct words *s, const struct row_source *src, const struct flow *f)
{
	char buf[VALUE_BUF];
	struct value v;

	get(src, f, "qname", &v, buf);
	if (v.type == VALUE_NONE) {
		words_add(s, "a message without a question");
		return;
	}
	if (v.len > PLAIN_NAME_MAX)
		words_add(s, "...%.*s ", PLAIN_NAME_MAX, v.text + v.len - PLAIN_NAME_MAX);
	else
		words_add(s, "%.*s ", (int)v.len, v.text);
	say_field(s, src, f, "qtype");
}

static void say_asker(struct words *s, const struct row_source *src, const struct flow *f)
{
	char buf[VALUE_BUF];
	struct value v;

	get(src, f, "comm", &v, buf);
	if (v.type == VALUE_NONE || v.len == 0)
		get(src, f, "client", &v, buf);
	words_add(s, " asked by ");
	say_value(s, &v, VALUE_SHORT);
	words_add(s, " of ");
	say_field(s, src, f, "server");
}

enum plain_kind plain_kind_of(const struct flow *f)
{
	if (flow_is_unanswered(f))
		return PLAIN_UNANSWERED;
	if (f->state != FLOW_ANSWERED)
		return PLAIN_FINE;
	if (f->rcode)
		return PLAIN_ERROR;
	return f->latency_ns > PLAIN_SLOW_NS ? PLAIN_SLOW : PLAIN_FINE;
}

static void say_answered(struct words *s, const struct row_source *src, const struct flow *f)
{
	if (f->rcode)
		say_field(s, src, f, "rcode");
	if (f->marks & FLOW_LATE)
		words_add(s, f->rcode ? ", late," : "late answer");
	else if (!f->rcode)
		words_add(s, f->latency_ns > PLAIN_SLOW_NS ? "slow answer" : "answer");
	words_add(s, " for ");
	say_question(s, src, f);
	say_asker(s, src, f);
	words_add(s, " after ");
	say_duration(s, f->latency_ns);
}

void say_row(struct words *s, const struct row_source *src, const struct flow *f)
{
	say_time(s, f->ts_ns);
	words_add(s, " ");
	switch (f->state) {
	case FLOW_ANSWERED:
		say_answered(s, src, f);
		break;
	case FLOW_UNSOLICITED:
		words_add(s, "an answer that nobody asked for, ");
		say_question(s, src, f);
		words_add(s, ", from ");
		say_field(s, src, f, "server");
		words_add(s, " to ");
		say_field(s, src, f, "client");
		break;
	default:
		words_add(s, f->state == FLOW_PENDING ? "no answer yet for " : "no answer for ");
		say_question(s, src, f);
		say_asker(s, src, f);
		if (f->attempts > 1)
			words_add(s, " in %u attempts", f->attempts);
		if (f->drop_reason) {
			words_add(s, ", dropped: ");
			say_field(s, src, f, "drop_reason");
		}
	}
}

void say_figures(struct words *s, const struct group *g)
{
	say_count(s, g->count, "query", "queries");
	if (g->count == 0)
		return;
	words_add(s, ", ");
	say_count(s, g->errors, "error", "errors");
	if (g->timeouts)
		words_add(s, ", %" PRIu64 " unanswered", g->timeouts);
	else
		words_add(s, ", none unanswered");
	if (g->answered == 0)
		return;
	words_add(s, ", average ");
	say_duration(s, g->latency_ns[GROUP_LATENCY_AVG]);
	words_add(s, ", p90 ");
	say_duration(s, g->latency_ns[GROUP_LATENCY_P90]);
}

static bool is_worse(const struct group *a, const struct group *b)
{
	if (a->timeouts != b->timeouts)
		return a->timeouts > b->timeouts;
	return a->answered && (!b->answered ||
			       a->latency_ns[GROUP_LATENCY_AVG] > b->latency_ns[GROUP_LATENCY_AVG]);
}

void say_summary(struct words *s, const struct grouping *by_server)
{
	const struct group *worst = NULL;

	say_figures(s, grouping_total(by_server));
	for (uint32_t i = 0; i < grouping_count(by_server); i++) {
		const struct group *g = grouping_at(by_server, i);

		if (!worst || is_worse(g, worst))
			worst = g;
	}
	if (!worst || (!worst->timeouts && !worst->answered))
		return;
	words_add(s, worst->timeouts ? "; worst server " : "; slowest server ");
	say_value(s, &worst->key, VALUE_SHORT);
	if (worst->timeouts) {
		words_add(s, " with %" PRIu64 " of %" PRIu64 " unanswered", worst->timeouts,
			  worst->count);
	} else {
		words_add(s, " with ");
		say_duration(s, worst->latency_ns[GROUP_LATENCY_AVG]);
		words_add(s, " on average");
	}
}
