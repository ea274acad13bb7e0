/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/cause_names.h"

#include "core/base/hash.h"
#include "core/flow/member.h"

#define TYPE_NS    2
#define TYPE_CNAME 5
#define TYPE_DNAME 39

/* So many labels of a name are entered, from the root on: it has few more, or is
 * made to cost. The same of what an answer names. */
#define ABOVE_MAX   12
#define TARGETS_MAX 16
#define RECORDS_MAX 64

void cause_labels(struct dns_labels *out, const struct flow_table *t, const struct flow *f)
{
	size_t len;
	const char *text;

	out->n = 0;
	if (!(f->marks & FLOW_HAS_QUESTION) || f->qname == INTERN_NONE)
		return;
	text = intern_text(t->names, f->qname, &len);
	dns_labels(out, text, len);
}

uint64_t cause_hash(const struct flow_table *t, const struct dns_labels *name, int from,
		    uint64_t who, enum cause_name what)
{
	size_t at = name->at[from];
	uint64_t hash = hash_bytes(name->lower + at, name->len - at, t->hash_seed);

	return hash_mix(hash_mix(hash, who), (uint64_t)what);
}

void cause_add_above(struct questions *q, const struct flow_table *t, uint32_t seq,
		     const struct dns_labels *name, uint64_t who)
{
	int from = name->n > ABOVE_MAX ? name->n - ABOVE_MAX : 1;

	for (int i = from; i < name->n; i++)
		questions_add(q, seq, cause_hash(t, name, i, who, CAUSE_ABOVE));
}

/* A record's name is read, its type and data length come next. */
static void add_target(struct questions *q, const struct flow_table *t, uint32_t seq,
		       struct wire *w, uint64_t who)
{
	struct dns_labels name;
	char text[DNS_NAME_TEXT_MAX];
	size_t len = wire_name(w, text);

	if (w->bad)
		return;
	dns_labels(&name, text, len);
	if (name.n == 0)
		return;
	questions_add(q, seq, cause_hash(t, &name, 0, who, CAUSE_TARGET));
	cause_add_above(q, t, seq, &name, who);
}

void cause_add_targets(struct questions *q, const struct flow_table *t, uint32_t seq,
		       const struct incoming *in, uint64_t who)
{
	const struct dns_parsed *dns = in->dns;
	int records = dns->ancount + dns->nscount, targets = 0;
	struct wire w;

	wire_init(&w, in->msg->wire, in->msg->wire_len);
	wire_skip(&w, DNS_HEADER_LEN);
	for (int i = 0; i < dns->qdcount && !w.bad; i++) {
		wire_name(&w, NULL);
		wire_skip(&w, 4);
	}
	if (records > RECORDS_MAX)
		records = RECORDS_MAX;
	for (int i = 0; i < records && targets < TARGETS_MAX; i++) {
		struct wire data;
		uint16_t type;
		size_t len;

		wire_name(&w, NULL);
		type = wire_u16(&w);
		wire_skip(&w, 6);
		len = wire_u16(&w);
		data = w;
		wire_skip(&w, len);
		if (w.bad)
			return;
		if (type != TYPE_CNAME && type != TYPE_NS && type != TYPE_DNAME)
			continue;
		add_target(q, t, seq, &data, who);
		targets++;
	}
}

/* --- finding --- */

/* Whether a question was open when the query was sent, and is not the same thing
 * asked of the same server once more. */
static const struct flow *candidate(const struct flow_table *t, const struct question_entry *e,
				    const struct flow *f, uint32_t seq)
{
	const struct flow *q = flow_table_row(t, e->seq);

	if (e->seq == seq || !flow_table_has(t, e->seq) || q->ts_ns > f->ts_ns ||
	    (q->server == f->server && q->server_port == f->server_port))
		return NULL;
	return q;
}

/* Whether two questions may be two resolvers': then nobody knows which of them asks.
 * That a process is the same answers it. */
static bool may_be_two(const struct question_entry *e, const struct flow *a, const struct flow *b)
{
	return (e->pid == 0 || e->pid == PID_OF_HOST) &&
	       (a->server != b->server || a->server_port != b->server_port);
}

/* The first of its name and type; else, and not `exactly`, the first of its name
 * where all of that name are of one type. */
static uint32_t find_name(const struct questions *q, const struct flow_table *t,
			  const struct flow *f, uint32_t seq, uint64_t hash, bool exactly)
{
	struct question_walk w = questions_walk(q, hash);
	const struct flow *same = NULL, *other = NULL;
	uint32_t same_seq = FLOW_NO_SEQ, other_seq = FLOW_NO_SEQ;
	const struct question_entry *e;
	bool mixed = exactly;

	while ((e = questions_next(q, &w))) {
		const struct flow *c = candidate(t, e, f, seq);
		bool is_same = c && c->qtype == f->qtype;

		if (!c)
			continue;
		if ((same && may_be_two(e, same, c)) || (other && may_be_two(e, other, c)))
			return FLOW_NO_SEQ;
		if (is_same && !same) {
			same = c;
			same_seq = e->seq;
		} else if (!is_same && !other) {
			other = c;
			other_seq = e->seq;
		}
		mixed = mixed || (!is_same && c->qtype != other->qtype);
	}
	if (same)
		return same_seq;
	return mixed || w.gave_up ? FLOW_NO_SEQ : other_seq;
}

/* The first that was told of this name. */
static uint32_t find_target(const struct questions *q, const struct flow_table *t,
			    const struct flow *f, uint32_t seq, uint64_t hash)
{
	struct question_walk w = questions_walk(q, hash);
	const struct question_entry *e;

	while ((e = questions_next(q, &w))) {
		if (candidate(t, e, f, seq))
			return e->seq;
	}
	return FLOW_NO_SEQ;
}

/* The only one that is below this name; of one name that one lookup asks for in
 * several types, the first. */
static uint32_t find_below(const struct questions *q, const struct flow_table *t,
			   const struct flow *f, uint32_t seq, uint64_t hash)
{
	struct question_walk w = questions_walk(q, hash);
	const struct question_entry *e;
	uint32_t only = FLOW_NO_SEQ, lookup = FLOW_NO_SEQ, qname = INTERN_NONE;

	while ((e = questions_next(q, &w))) {
		const struct flow *c = e->seq == only ? NULL : candidate(t, e, f, seq);

		if (!c)
			continue;
		if (only == FLOW_NO_SEQ) {
			only = e->seq;
			lookup = flow_lookup(t, c, only);
			qname = c->qname;
		} else if (c->qname != qname || flow_lookup(t, c, e->seq) != lookup) {
			return FLOW_NO_SEQ;
		}
	}
	return w.gave_up ? FLOW_NO_SEQ : only;
}

uint32_t cause_find(const struct questions *q, const struct flow_table *t, const struct flow *f,
		    uint32_t seq, uint64_t who, bool exactly)
{
	struct dns_labels name;
	uint32_t found;

	cause_labels(&name, t, f);
	if (name.n == 0)
		return FLOW_NO_SEQ;
	found = find_name(q, t, f, seq, cause_hash(t, &name, 0, who, CAUSE_NAME), exactly);
	if (found != FLOW_NO_SEQ || exactly)
		return found;
	found = find_target(q, t, f, seq, cause_hash(t, &name, 0, who, CAUSE_TARGET));
	if (found != FLOW_NO_SEQ)
		return found;
	return find_below(q, t, f, seq, cause_hash(t, &name, 0, who, CAUSE_ABOVE));
}
