/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/lookup.h"

#include <errno.h>
#include <string.h>

#include "core/base/fetch.h"
#include "core/base/hash.h"
#include "core/base/pages.h"
#include "core/dns/labels.h"
#include "core/flow/member.h"
#include "core/flow/sighting.h"

#define TYPE_A     1
#define TYPE_AAAA  28
#define TYPE_SVCB  64
#define TYPE_HTTPS 65

#define RECENT_ENTRIES_MIN 1024u
#define RECENT_ENTRIES_MAX 65536u

/* A lookup that turns out to be part of an older one has so many rows at the most. */
#define MERGE_ROWS 512u

int lookups_init(struct lookups *l, struct flow_table *table)
{
	uint32_t entries = table->capacity / 16;
	int rc;

	if (entries < RECENT_ENTRIES_MIN)
		entries = RECENT_ENTRIES_MIN;
	if (entries > RECENT_ENTRIES_MAX)
		entries = RECENT_ENTRIES_MAX;
	*l = (struct lookups){ .table = table };
	l->suffixes = pages_alloc(LOOKUP_SUFFIXES, sizeof(l->suffixes[0]));
	rc = causes_init(&l->causes, table);
	if (rc == 0)
		rc = recent_init(&l->same, entries);
	if (rc == 0)
		rc = recent_init(&l->walks, entries);
	return l->suffixes ? rc : -ENOMEM;
}

void lookups_fini(struct lookups *l)
{
	causes_fini(&l->causes);
	recent_fini(&l->same);
	recent_fini(&l->walks);
	pages_free(l->suffixes, LOOKUP_SUFFIXES, sizeof(l->suffixes[0]));
}

void lookups_clear(struct lookups *l)
{
	causes_clear(&l->causes);
	recent_clear(&l->same);
	recent_clear(&l->walks);
}

static uint64_t same_hash(const struct incoming *in)
{
	return hash_mix(in->client_hash, in->name_hash);
}

/* By what the names of a walk have in common at the least. */
static uint64_t walk_hash(const struct lookups *l, const struct incoming *in)
{
	const char *name = in->dns->qname, *dot = memchr(name, '.', in->dns->qname_len);
	size_t n = dot ? (size_t)(dot - name) : in->dns->qname_len;

	return hash_mix(in->client_hash, hash_bytes(name, n, l->table->hash_seed));
}

void lookups_fetch(const struct lookups *l, const struct incoming *in)
{
	causes_fetch(&l->causes, in);
	if (!in->dns->has_question)
		return;
	fetch(recent_set(&l->same, same_hash(in)));
	if (l->walks.used)
		fetch(recent_set(&l->walks, walk_hash(l, in)));
}

/* --- who asks for what --- */

/* Rows of one client that may be of one lookup, f the later one. */
static bool may_join(const struct flow_table *t, const struct flow *before, const struct flow *f)
{
	uint32_t a, b;

	if (before->client != f->client || before->state == FLOW_UNSOLICITED ||
	    before->service != f->service || before->ts_ns > f->ts_ns ||
	    f->ts_ns - before->ts_ns > LOOKUP_MAX_NS)
		return false;
	if (before->owner == f->owner)
		return true;
	a = flow_owner_pid(t, before->owner);
	b = flow_owner_pid(t, f->owner);
	return a == 0 || b == 0 || a == b;
}

static bool is_of_addresses(uint16_t type)
{
	return type == TYPE_A || type == TYPE_AAAA || type == TYPE_HTTPS || type == TYPE_SVCB;
}

static bool are_siblings(const struct flow *before, const struct flow *f)
{
	uint64_t since_ns = before->ts_ns;

	if (!is_of_addresses(before->qtype) || !is_of_addresses(f->qtype))
		return false;
	if (before->state == FLOW_ANSWERED)
		since_ns = flow_response_ns(before);
	return f->ts_ns <= since_ns || f->ts_ns - since_ns <= LOOKUP_NEAR_NS;
}

/* Whether f asks again what `before`, of the same name and type, asked. */
static bool is_next_try(const struct flow *before, const struct flow *f)
{
	bool same_id = before->id == f->id;
	uint64_t last_ns;

	if (before->state != FLOW_ANSWERED) {
		last_ns = flow_attempt_ns(before);
		return same_id || (f->ts_ns > last_ns && f->ts_ns - last_ns >= LOOKUP_RETRY_NS);
	}
	last_ns = flow_response_ns(before);
	switch (flow_outcome(before)) {
	case LOOKUP_TRUNCATED:
		return before->transport == TRANSPORT_UDP && f->transport == TRANSPORT_TCP &&
		       f->ts_ns < last_ns + LOOKUP_ERROR_NS;
	case LOOKUP_ERROR:
		return f->ts_ns < last_ns + LOOKUP_ERROR_NS;
	default:
		/* Several servers asked at once. */
		return same_id && before->client_port == f->client_port &&
		       before->server != f->server && f->ts_ns < last_ns;
	}
}

/* --- joining --- */

static void join(struct lookups *l, struct flow *f, uint32_t lookup)
{
	struct flow_side *first = flow_lookup_side(l->table, lookup);

	flow_table_side_make(l->table, f)->lookup = lookup;
	if (first->rows < UINT16_MAX)
		first->rows++;
}

/* The earlier rows of this client and name, newest first. */
struct namesakes {
	const struct flow *row[RECENT_WAYS];
	uint32_t lookup[RECENT_WAYS];
	int n;
};

static void find_namesakes(const struct lookups *l, const struct incoming *in, const struct flow *f,
			   struct namesakes *out)
{
	const struct flow_table *t = l->table;
	const struct recent_set *set = recent_set(&l->same, same_hash(in));
	uint32_t tag = recent_tag(same_hash(in));

	out->n = 0;
	if (!recent_any(set, tag))
		return;
	for (int way = 0; (way = recent_next(set, tag, way)) < RECENT_WAYS; way++) {
		uint32_t seq = set->seq[way];
		const struct flow *row = flow_table_row(t, seq);

		if (!flow_table_has(t, seq) || row->qname != f->qname || !may_join(t, row, f) ||
		    flow_has_parent(t, row))
			continue;
		out->row[out->n] = row;
		out->lookup[out->n] = flow_lookup(t, row, seq);
		if (flow_table_has(t, out->lookup[out->n]))
			out->n++;
	}
}

/* Whether f is of the lookup that the i-th is of. */
static bool fits(const struct namesakes *s, int i, const struct flow *f)
{
	for (int j = 0; j < s->n; j++) {
		if (s->lookup[j] == s->lookup[i] && s->row[j]->qtype == f->qtype)
			return is_next_try(s->row[j], f);
	}
	return are_siblings(s->row[i], f);
}

static bool join_namesake(struct lookups *l, const struct incoming *in, struct flow *f)
{
	struct namesakes s;
	int other_port = -1;

	find_namesakes(l, in, f, &s);
	for (int i = 0; i < s.n; i++) {
		if (!fits(&s, i, f))
			continue;
		if (s.row[i]->client_port == f->client_port) {
			join(l, f, s.lookup[i]);
			return true;
		}
		if (other_port < 0)
			other_port = i;
	}
	if (other_port < 0)
		return false;
	join(l, f, s.lookup[other_port]);
	return true;
}

/* --- walks through search lists --- */

static uint64_t *suffix_slot(const struct lookups *l, const struct dns_labels *name, int from,
			     uint64_t *hash)
{
	size_t at = name->at[from];

	*hash = hash_bytes(name->lower + at, name->len - at, l->table->hash_seed) | 1;
	return &l->suffixes[(*hash >> 1) % LOOKUP_SUFFIXES];
}

static bool suffix_is_known(const struct lookups *l, const struct dns_labels *name, int from)
{
	uint64_t hash;

	return *suffix_slot(l, name, from, &hash) == hash;
}

static void suffix_learn(struct lookups *l, const struct dns_labels *name, int from)
{
	uint64_t hash;

	*suffix_slot(l, name, from, &hash) = hash;
}

static void row_labels(const struct flow_table *t, const struct flow *f, struct dns_labels *out)
{
	size_t len;
	const char *text = intern_text(t->names, f->qname, &len);

	dns_labels(out, text, len);
}

/* How many labels of the name that is meant a walk's next name shows; 0: it is no
 * walk. */
static int walk_labels(struct lookups *l, const struct dns_labels *before,
		       const struct dns_labels *name)
{
	int common = dns_labels_common(before, name);

	if (common == 0 || (common == before->n && common == name->n))
		return 0;
	if (common == name->n) { /* the bare name, at last */
		suffix_learn(l, before, common);
		return common;
	}
	if (common == before->n) { /* the bare name was first */
		suffix_learn(l, name, common);
		return common;
	}
	if (dns_labels_end(before, common, name, common))
		return common;
	return suffix_is_known(l, before, common) && suffix_is_known(l, name, common) ? common : 0;
}

static uint32_t between_us(uint64_t from_ns, uint64_t to_ns)
{
	uint64_t us = to_ns > from_ns ? (to_ns - from_ns) / 1000 : 0;

	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

/* When a walk's queries in vain began: with the lookup, or with the answer to the
 * bare name that was asked first. */
static uint64_t walk_begin_ns(const struct flow_table *t, const struct flow *first,
			      const struct flow_side *side)
{
	size_t len;

	intern_text(t->names, first->qname, &len);
	return len == side->intended ? flow_response_ns(first) : first->ts_ns;
}

/* f asks for the next name of the walk that `before` is part of. */
static bool join_walk(struct lookups *l, struct flow *f, uint32_t seq, uint32_t before)
{
	struct flow_table *t = l->table;
	const struct flow *b = flow_table_row(t, before);
	uint32_t lookup = flow_lookup(t, b, before);
	struct dns_labels old, new;
	struct flow_side *side;
	const struct flow *first;
	size_t intended;
	int labels;

	if (!flow_table_has(t, lookup))
		return false;
	first = flow_table_row(t, lookup);
	row_labels(t, b, &old);
	row_labels(t, f, &new);
	labels = walk_labels(l, &old, &new);
	if (labels == 0)
		return false;
	side = flow_lookup_side(t, lookup);
	if (side->outcome == LOOKUP_OK || !flow_table_has(t, side->stage) ||
	    flow_table_row(t, side->stage)->qname != b->qname)
		return false;
	join(l, f, lookup);
	intended = dns_labels_length(&new, labels);
	if (side->intended == 0 || intended < side->intended)
		side->intended = (uint16_t)intended;
	side->stage = seq;
	if (walk_begin_ns(t, first, side) == first->ts_ns)
		side->lost_us = between_us(first->ts_ns, f->ts_ns);
	return true;
}

/* Makes a lookup part of an older one. */
static void merge(struct flow_table *t, uint32_t older, uint32_t younger, uint32_t end)
{
	struct flow_side *into = flow_lookup_side(t, older);
	const struct flow *first = flow_table_row(t, older);
	struct flow_side from = *flow_lookup_side(t, younger);

	for (uint32_t at = younger; at != end && at - younger < MERGE_ROWS; at++) {
		struct flow *f = flow_table_row(t, at);

		if (flow_lookup(t, f, at) != younger)
			continue;
		flow_table_side_make(t, f)->lookup = older;
		if (f->state == FLOW_ANSWERED && !flow_has_parent(t, f))
			flow_lookup_note(into, first, f);
	}
	into->rows = (uint16_t)(into->rows + from.rows);
	into->upstream = (uint16_t)(into->upstream + from.upstream);
	into->stage = from.stage;
	into->intended = from.intended;
	into->lost_us = between_us(first->ts_ns, flow_table_row(t, from.stage)->ts_ns);
}

/* A query in vain that no walk is known of, so that it may be part of f's. */
static bool is_stray(const struct flow_table *t, uint32_t seq, const struct flow *f)
{
	const struct flow *b = flow_table_row(t, seq);
	const struct flow_side *side;
	uint32_t lookup;

	if (!flow_table_has(t, seq) || !flow_is_negative(b) || !may_join(t, b, f) ||
	    flow_has_parent(t, b) || f->ts_ns > flow_response_ns(b) + RECENT_WAYS * LOOKUP_WALK_NS)
		return false;
	lookup = flow_lookup(t, b, seq);
	if (!flow_table_has(t, lookup))
		return false;
	side = flow_table_side(t, flow_table_row(t, lookup));
	return !side || side->intended == 0;
}

/* The bare name f shows that other names asked before it, with ends that nothing
 * was known of, were of its walk. */
static void merge_walks(struct lookups *l, const struct flow *f, uint32_t seq,
			const struct recent_set *set, uint32_t tag)
{
	struct flow_table *t = l->table;
	struct dns_labels old, name;

	row_labels(t, f, &name);
	for (int way = 0; (way = recent_next(set, tag, way)) < RECENT_WAYS; way++) {
		uint32_t before = set->seq[way], lookup = flow_lookup(t, f, seq), other;

		if (!is_stray(t, before, f))
			continue;
		other = flow_lookup(t, flow_table_row(t, before), before);
		row_labels(t, flow_table_row(t, before), &old);
		if (other == lookup || (int32_t)(other - lookup) > 0 || old.n <= name.n ||
		    dns_labels_common(&old, &name) != name.n)
			continue;
		suffix_learn(l, &old, name.n);
		merge(t, other, lookup, seq + 1);
	}
}

static bool find_walk(struct lookups *l, const struct incoming *in, struct flow *f, uint32_t seq)
{
	const struct flow_table *t = l->table;
	uint64_t hash = walk_hash(l, in);
	const struct recent_set *set = recent_set(&l->walks, hash);
	uint32_t tag = recent_tag(hash);

	if (!l->walks.used || !recent_any(set, tag))
		return false;
	for (int way = 0; (way = recent_next(set, tag, way)) < RECENT_WAYS; way++) {
		uint32_t before = set->seq[way];
		const struct flow *b = flow_table_row(t, before);

		if (!flow_table_has(t, before) || b->state != FLOW_ANSWERED || !may_join(t, b, f) ||
		    f->ts_ns > flow_response_ns(b) + LOOKUP_WALK_NS)
			continue;
		if (b->qtype != f->qtype &&
		    !(is_of_addresses(b->qtype) && is_of_addresses(f->qtype)))
			continue;
		if (!join_walk(l, f, seq, before))
			continue;
		merge_walks(l, f, seq, set, tag);
		return true;
	}
	return false;
}

/* --- what happens --- */

static bool is_looked_up(const struct flow *f)
{
	return f->service == SERVICE_DNS && f->marks & FLOW_HAS_QUESTION && f->qname != INTERN_NONE;
}

void lookups_query(struct lookups *l, const struct incoming *in, struct flow *f, uint32_t seq)
{
	if (!is_looked_up(f))
		return;
	causes_query(&l->causes, in, f, seq);
	if (flow_has_parent(l->table, f))
		return;
	if (!join_namesake(l, in, f))
		find_walk(l, in, f, seq);
	recent_put(&l->same, same_hash(in), seq);
}

/* A name of a walk turned out to be another one in vain. */
static void note_lost(const struct flow_table *t, struct flow_side *side, const struct flow *first,
		      const struct flow *f)
{
	uint64_t begin_ns = walk_begin_ns(t, first, side);
	uint32_t lost_us = between_us(begin_ns, flow_response_ns(f));
	size_t len;

	intern_text(t->names, f->qname, &len);
	if (side->intended && len > side->intended && lost_us > side->lost_us)
		side->lost_us = lost_us;
}

void lookups_answer(struct lookups *l, const struct incoming *in, struct flow *f, uint32_t seq)
{
	struct flow_table *t = l->table;
	const struct flow_side *own;
	struct flow_side *side;

	if (!is_looked_up(f))
		return;
	causes_answer(&l->causes, in, f, seq);
	own = flow_table_side(t, f);
	if (own && own->parent != FLOW_NO_SEQ)
		return;
	if (flow_is_negative(f) && in->dns->has_question)
		recent_put(&l->walks, walk_hash(l, in), seq);
	if (!own || own->lookup == FLOW_NO_SEQ || !flow_table_has(t, own->lookup))
		return;
	side = flow_lookup_side(t, own->lookup);
	flow_lookup_note(side, flow_table_row(t, own->lookup), f);
	if (flow_is_negative(f))
		note_lost(t, side, flow_table_row(t, own->lookup), f);
}
