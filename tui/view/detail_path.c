/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/view/detail_path.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/words.h"
#include "core/flow/path.h"
#include "core/query/value.h"

#define END_TEXT  64
#define LINE_TEXT 512

static const char *duration(uint64_t ns, char buf[END_TEXT])
{
	const struct value v = { .type = VALUE_DURATION, .u = ns };

	value_format(&v, VALUE_SHORT, buf, END_TEXT);
	return buf;
}

static const char *end_text(const struct ip_addr *addr, uint16_t port, char buf[END_TEXT])
{
	char text[VALUE_ADDR_TEXT_MAX];

	value_addr_text(addr, text);
	snprintf(buf, END_TEXT, ip_addr_is_v4(addr) ? "%s:%u" : "[%s]:%u", text, port);
	return buf;
}

static const char *label(const struct flow_table *t, uint32_t id)
{
	size_t len;

	return intern_text(t->labels, id, &len);
}

static bool same_ends(const struct path_leg *a, const struct path_leg *b)
{
	return a->src_port == b->src_port && a->dst_port == b->dst_port &&
	       memcmp(&a->src, &b->src, sizeof(a->src)) == 0 &&
	       memcmp(&a->dst, &b->dst, sizeof(a->dst)) == 0;
}

/* The addresses are said where they are new. */
static void write_leg(struct doc *d, const struct flow_table *t, const struct path_leg *leg,
		      const struct path_leg *before)
{
	static const char *const directions[] = { "at", "in", "out" };
	const struct place *place = &t->places[leg->place < t->n_places ? leg->place : 0];
	bool same_kind = before && !((before->flags ^ leg->flags) & LEG_RESPONSE) &&
			 before->attempt == leg->attempt;
	char src[END_TEXT], dst[END_TEXT], ns[16] = "";
	char line[LINE_TEXT];
	struct words l = words_in(line, sizeof(line));

	if (place->netns)
		snprintf(ns, sizeof(ns), "%" PRIu32, place->netns);
	words_add(&l, "%8s  %-6s  %-3s %-15s %-10s",
		  before ? duration(leg->ts_ns - before->ts_ns, src) : "",
		  leg->flags & LEG_RESPONSE ? "answer" : "query",
		  directions[leg->direction <= DIRECTION_OUT ? leg->direction : 0],
		  place->ifname[0] ? place->ifname : "?", ns);
	if (!same_kind || !same_ends(before, leg))
		words_add(&l, "  %s > %s", end_text(&leg->src, leg->src_port, src),
			  end_text(&leg->dst, leg->dst_port, dst));
	if (leg->flags & LEG_DROP)
		words_add(&l, "  dropped: %s%s%s", label(t, leg->reason), leg->by ? " by " : "",
			  label(t, leg->by));
	doc_add(d, leg->flags & LEG_DROP ? ROLE_NO_ANSWER : ROLE_TEXT, 2, l.buf, l.len);
}

/* "0.2ms in this node, 38.0ms at 10.0.0.2" */
static void write_sum(struct doc *d, const struct path *p, const struct path_leg *last)
{
	char text[END_TEXT];
	char line[LINE_TEXT];
	struct words l = words_in(line, sizeof(line));

	words_add(&l, "Path  ");
	if (p->waited_ns)
		words_add(&l, "%s until the last attempt, ", duration(p->waited_ns, text));
	words_add(&l, "%s in this node", duration(p->query_ns + p->answer_ns, text));
	if (p->has_server) {
		words_add(&l, ", %s at ", duration(p->server_ns, text));
		value_addr_text(&last->dst, text);
		words_add(&l, "%s", text);
	}
	if (p->nat)
		words_add(&l, ", through NAT");
	doc_add(d, ROLE_STRONG, 2, l.buf, l.len);
}

/* The last of the query before the answer. */
static const struct path_leg *last_of_query(const struct path *p)
{
	const struct path_leg *last = &p->leg[0];

	for (unsigned i = 0; i < p->n && !(p->leg[i].flags & LEG_RESPONSE); i++)
		last = &p->leg[i];
	return last;
}

static void add_line(struct doc *d, const char *text)
{
	doc_add(d, ROLE_TEXT, 2, text, strlen(text));
}

void detail_path_write(struct doc *d, const struct flow_table *t, const struct flow *row)
{
	struct path p;
	bool has_path = path_read(t, row, &p);

	if (!has_path && !row->unfollowed)
		return;
	add_line(d, "");
	if (row->unfollowed)
		add_line(d, "(much came: where it was seen later was not kept)");
	if (!has_path)
		return;
	if (!p.n) {
		add_line(d, "(its path is no longer in memory)");
		return;
	}
	write_sum(d, &p, last_of_query(&p));
	if (p.cut)
		add_line(d, "(earlier sightings are no longer in memory)");
	for (unsigned i = 0; i < p.n; i++)
		write_leg(d, t, &p.leg[i], i ? &p.leg[i - 1] : NULL);
}
