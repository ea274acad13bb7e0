/* SPDX-License-Identifier: BSD-2-Clause */
/* Which way the messages went, and where they ended. */
#include "core/query/field_put.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/words.h"
#include "core/flow/path.h"

GETTER(nat)
{
	struct path p;

	put_none(out);
	if (path_read(src->table, f, &p))
		put_uint(out, p.nat);
}

GETTER(node)
{
	struct path p;

	put_none(out);
	if (path_read(src->table, f, &p))
		*out = (struct value){ .type = VALUE_DURATION, .u = p.query_ns + p.answer_ns };
}

GETTER(beyond)
{
	struct path p;

	put_none(out);
	if (path_read(src->table, f, &p) && p.has_server)
		*out = (struct value){ .type = VALUE_DURATION, .u = p.server_ns };
}

static void add_end(struct words *b, const struct ip_addr *addr, uint16_t port)
{
	char text[VALUE_ADDR_TEXT_MAX];

	value_addr_text(addr, text);
	words_add(b, ip_addr_is_v4(addr) ? " %s:%u" : " [%s]:%u", text, port);
}

static const char *label(const struct flow_table *t, uint32_t id)
{
	size_t len;

	return intern_text(t->labels, id, &len);
}

/* KIND +MICROSECONDS DIRECTION INTERFACE NETNS FROM TO [REASON [BY]], with "-" for
 * what is not known. */
static void add_leg(struct words *b, const struct flow_table *t, const struct flow *f,
		    const struct path_leg *leg)
{
	static const char *const directions[] = { "-", "in", "out" };
	const struct place *place = &t->places[leg->place < t->n_places ? leg->place : 0];
	uint64_t at = leg->ts_ns > f->ts_ns ? leg->ts_ns - f->ts_ns : 0;

	words_add(b, "%s%s +%" PRIu64 ".%03u %s %s", b->len ? "\n" : "",
		  leg->flags & LEG_RESPONSE ? "answer" : "query", at / 1000, (unsigned)(at % 1000),
		  directions[leg->direction <= DIRECTION_OUT ? leg->direction : 0],
		  place->ifname[0] ? place->ifname : "-");
	if (place->netns)
		words_add(b, " %" PRIu32, place->netns);
	else
		words_add(b, " -");
	add_end(b, &leg->src, leg->src_port);
	add_end(b, &leg->dst, leg->dst_port);
	if (leg->flags & LEG_DROP)
		words_add(b, " %s%s%s", label(t, leg->reason), leg->by ? " " : "",
			  label(t, leg->by));
}

GETTER(path)
{
	struct words b = words_in(buf, VALUE_BUF);
	struct path p;

	put_none(out);
	if (!path_read(src->table, f, &p))
		return;
	for (unsigned i = 0; i < p.n && !b.full; i++) {
		size_t whole = b.len;

		add_leg(&b, src->table, f, &p.leg[i]);
		if (b.full)
			b.len = whole;
	}
	*out = (struct value){ .type = VALUE_LIST, .text = buf, .len = b.len };
}

GETTER(drop_place)
{
	const struct flow_side *side = flow_table_side(src->table, f);
	struct words b = words_in(buf, VALUE_BUF);
	const struct place *place;

	put_none(out);
	if (!side || f->drop_reason == INTERN_NONE)
		return;
	place = &src->table->places[side->drop_place < src->table->n_places ? side->drop_place : 0];
	words_add(&b, "%s", label(src->table, side->drop_by));
	if (place->ifname[0])
		words_add(&b, "%s%s", b.len ? " at " : "", place->ifname);
	if (b.len)
		*out = (struct value){ .type = VALUE_TEXT, .text = buf, .len = b.len };
}
