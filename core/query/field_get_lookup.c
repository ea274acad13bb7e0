/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/member.h"
#include "core/query/field_get.h"
#include "core/query/field_put.h"

const char *const field_outcomes[] = {
	[LOOKUP_PENDING] = "pending",
	[LOOKUP_TIMEOUT] = "timeout",
	[LOOKUP_TRUNCATED] = "truncated",
	[LOOKUP_ERROR] = "error",
	[LOOKUP_NXDOMAIN] = "nxdomain",
	[LOOKUP_NODATA] = "nodata",
	[LOOKUP_OK] = "ok",
	NULL,
};

/* A row of a lookup of several, or one for which something was asked. */
struct member {
	const struct flow *first;
	const struct flow_side *side; /* of the first */
};

/* False where the row is alone, or the lookup's first row has left memory. */
static bool member_of(const struct row_source *src, const struct flow *f, struct member *m)
{
	const struct flow_side *own = flow_table_side(src->table, f);

	if (!own || own->lookup == FLOW_NO_SEQ || !flow_table_has(src->table, own->lookup))
		return false;
	m->first = flow_table_row(src->table, own->lookup);
	m->side = flow_table_side(src->table, m->first);
	return m->side != NULL;
}

/* Whether nothing can be told of the whole: its first row is gone. */
static bool is_dangling(const struct row_source *src, const struct flow *f)
{
	const struct flow_side *own = flow_table_side(src->table, f);

	return own && own->lookup != FLOW_NO_SEQ && !flow_table_has(src->table, own->lookup);
}

/* A copy of a row is not in the table, and no part of any lookup. */
GETTER(row)
{
	uint32_t seq = flow_seq(src->table, f);

	put_none(out);
	if (seq != FLOW_NO_SEQ)
		put_uint(out, seq);
}

GETTER(lookup)
{
	uint32_t seq = flow_seq(src->table, f);

	put_none(out);
	if (seq != FLOW_NO_SEQ)
		put_uint(out, flow_lookup(src->table, f, seq));
}

GETTER(parent)
{
	uint32_t parent = flow_parent(src->table, f);

	if (parent != FLOW_NO_SEQ)
		put_uint(out, parent);
	else
		put_none(out);
}

GETTER(lookup_us)
{
	struct member m;

	put_none(out);
	if (!member_of(src, f, &m)) {
		if (f->state == FLOW_ANSWERED && !is_dangling(src, f))
			*out = (struct value){ .type = VALUE_DURATION, .u = f->latency_ns };
	} else if (m.side->outcome != LOOKUP_PENDING) {
		*out = (struct value){ .type = VALUE_DURATION, .u = m.side->lookup_us * 1000ull };
	}
}

/* Until something is answered, the question asked last tells. */
static enum lookup_outcome outcome_of(const struct row_source *src, const struct member *m)
{
	if (m->side->outcome != LOOKUP_PENDING || !flow_table_has(src->table, m->side->stage))
		return m->side->outcome;
	return flow_outcome(flow_table_row(src->table, m->side->stage));
}

GETTER(lookup_outcome)
{
	enum lookup_outcome outcome = flow_outcome(f);
	struct member m;

	put_none(out);
	if (f->state == FLOW_UNSOLICITED || is_dangling(src, f))
		return;
	if (member_of(src, f, &m))
		outcome = outcome_of(src, &m);
	put_named(out, outcome, field_outcomes[outcome]);
}

GETTER(lookup_rows)
{
	struct member m;

	if (member_of(src, f, &m))
		put_uint(out, m.side->rows);
	else if (is_dangling(src, f))
		put_none(out);
	else
		put_uint(out, 1);
}

GETTER(upstream)
{
	struct member m;

	if (member_of(src, f, &m))
		put_uint(out, m.side->upstream);
	else if (is_dangling(src, f))
		put_none(out);
	else
		put_uint(out, 0);
}

/* A walk is about the bare name; but where a name with a suffix had an answer,
 * that one was meant. */
GETTER(intended)
{
	const struct flow *stage;
	struct member m;

	put_none(out);
	if (!member_of(src, f, &m) || m.side->intended == 0 || flow_has_parent(src->table, f))
		return;
	stage = m.first;
	if (m.side->outcome == LOOKUP_OK && flow_table_has(src->table, m.side->stage))
		stage = flow_table_row(src->table, m.side->stage);
	out->type = VALUE_TEXT;
	out->text = intern_text(src->table->names, stage->qname, &out->len);
	if (stage == m.first && out->len > m.side->intended)
		out->len = m.side->intended;
}

GETTER(wasted)
{
	struct member m;
	size_t len;

	put_none(out);
	if (f->state != FLOW_ANSWERED || is_dangling(src, f))
		return;
	put_uint(out, 0);
	if (!member_of(src, f, &m) || m.side->intended == 0 || !flow_is_negative(f) ||
	    flow_has_parent(src->table, f))
		return;
	/* The other family of the name that has an answer is no waste. */
	if (m.side->outcome == LOOKUP_OK && flow_table_has(src->table, m.side->stage) &&
	    flow_table_row(src->table, m.side->stage)->qname == f->qname)
		return;
	intern_text(src->table->names, f->qname, &len);
	put_uint(out, len > m.side->intended);
}
