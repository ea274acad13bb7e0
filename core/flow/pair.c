/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/pair.h"

#include <errno.h>
#include <string.h>

#include "core/base/fetch.h"
#include "core/base/hash.h"
#include "core/base/pages.h"
#include "core/flow/match.h"
#include "core/flow/sighting.h"
#include "core/flow/tracker.h"

/* So many rows of one key are looked at; where a client has more questions in
 * flight under one id, the rest is found by its question. Once a response has
 * its row, a few more are, for one that it might be a further sighting of. */
#define CHAIN_MAX   8
#define CHAIN_AFTER 2

/* So many rows are fetched at once before they leave: one by one each would be waited for. */
#define LEAVE_AHEAD 16

/* So many rows are searched for ports alone. */
#define QUOTED_ROWS 1024u

#define RECENT_MIN 1024u
#define RECENT_MAX 262144u

int pair_init(struct pairing *p, struct flow_table *table, uint64_t timeout_ns)
{
	uint32_t entries = table->capacity / 4;
	int rc;

	if (entries < RECENT_MIN)
		entries = RECENT_MIN;
	if (entries > RECENT_MAX)
		entries = RECENT_MAX;
	*p = (struct pairing){
		.table = table,
		.timeout_ns = timeout_ns ? timeout_ns : TRACKER_TIMEOUT_NS,
	};
	p->tags = pages_alloc(table->capacity, sizeof(p->tags[0]));
	rc = slots_init(&p->index);
	if (rc == 0 && !p->tags)
		rc = -ENOMEM;
	if (rc == 0)
		rc = recent_init(&p->questions, entries);
	if (rc == 0)
		rc = recent_init(&p->aliases, entries / 4);
	return rc;
}

void pair_fini(struct pairing *p)
{
	slots_fini(&p->index);
	pages_free(p->tags, p->table->capacity, sizeof(p->tags[0]));
	recent_fini(&p->questions);
	recent_fini(&p->aliases);
}

void pair_clear(struct pairing *p)
{
	slots_clear(&p->index);
	recent_clear(&p->questions);
	recent_clear(&p->aliases);
}

/* Where the index has the newest row of the message's key, or NULL. */
static inline uint32_t *key_find(const struct pairing *p, const struct incoming *in)
{
	uint32_t tag = slots_tag(in->key_hash), *seq;
	struct slots_walk w = slots_walk(&p->index, tag);

	while ((seq = slots_next(&p->index, tag, &w))) {
		if (match_key(p->table, flow_table_row(p->table, *seq), in))
			break;
	}
	return seq;
}

/* The same, to be found again by key_find_again. */
static inline const uint32_t *key_look_up(const struct pairing *p, struct incoming *in)
{
	in->newest = key_find(p, in);
	in->is_looked_up = true;
	return in->newest;
}

/* For the message's new row: for its sake another may have left meanwhile. */
static inline uint32_t *key_find_again(const struct pairing *p, const struct incoming *in)
{
	if (!in->is_looked_up)
		return key_find(p, in);
	return in->newest && slots_tag_of(in->newest) ? in->newest : NULL;
}

/* The rows of one key, newest first: as the index has it, then along same_key. */
static inline const struct flow *chain_first(const struct pairing *p, const uint32_t *newest,
					     uint32_t *seq)
{
	if (!newest)
		return NULL;
	*seq = *newest;
	return flow_table_row(p->table, *seq);
}

static inline const struct flow *chain_next(const struct pairing *p, const struct flow *f,
					    uint32_t *seq)
{
	*seq = f->same_key;
	if (*seq == FLOW_NO_SEQ || !flow_table_has(p->table, *seq))
		return NULL;
	return flow_table_row(p->table, *seq);
}

/* By the name as sent: a question asked again, or seen again, or repeated by its
 * answer, has its letters as they were. */
static uint64_t question_hash(uint64_t name_hash, enum transport transport, uint16_t qtype,
			      uint16_t id)
{
	return hash_mix(name_hash, (uint64_t)transport << 32 | (uint64_t)qtype << 16 | id);
}

static uint64_t question_of(const struct incoming *in)
{
	return question_hash(in->name_hash, in->msg->transport, in->dns->qtype, in->id);
}

/* Whether a message of a capture was seen at another place than the row's question. */
static bool is_elsewhere(const struct flow_table *t, const struct flow *f,
			 const struct dns_msg *msg)
{
	const struct place *place = &t->places[f->place];
	bool in = f->seen & SEEN_QUERY_IN;

	if (msg->sighting != SIGHTING_UNKNOWN)
		return false;
	if (msg->direction != DIRECTION_UNKNOWN && in != (msg->direction == DIRECTION_IN))
		return true;
	return msg->ifindex != place->ifindex || msg->netns != place->netns;
}

/* In a capture nobody says that a question asked again after so long is still the same. */
static bool is_too_late(const struct pairing *p, const struct flow *f, const struct dns_msg *msg)
{
	return msg->sighting == SIGHTING_UNKNOWN && msg->ts_ns > f->ts_ns &&
	       msg->ts_ns - f->ts_ns > p->timeout_ns;
}

/* A walk over the rows that a `recent` has under a hash. */
struct candidates {
	const struct recent_set *set;
	uint32_t tag;
	int way;
};

static inline struct candidates candidates_of(const struct recent *r, uint64_t hash)
{
	const struct recent_set *set = recent_set(r, hash);
	uint32_t tag = recent_tag(hash);

	return (struct candidates){
		.set = set,
		.tag = tag,
		.way = recent_any(set, tag) ? 0 : RECENT_WAYS,
	};
}

/* The next that is still in the table and has the message's id and transport,
 * newest first. */
static const struct flow *candidate_next(const struct pairing *p, struct candidates *c,
					 const struct incoming *in, uint32_t *seq)
{
	while ((c->way = recent_next(c->set, c->tag, c->way)) < RECENT_WAYS) {
		const struct flow *f;

		*seq = c->set->seq[c->way++];
		f = flow_table_row(p->table, *seq);
		if (flow_table_has(p->table, *seq) && f->id == in->id &&
		    f->transport == in->msg->transport && match_stream(f, in) &&
		    f->state != FLOW_UNSOLICITED)
			return f;
	}
	return NULL;
}

/* A key that was met before in a row's company. */
static enum query_verdict query_by_alias(const struct pairing *p, const struct incoming *in,
					 uint32_t *seq)
{
	struct candidates c = candidates_of(&p->aliases, in->key_hash);
	const struct flow *f;

	while ((f = candidate_next(p, &c, in, seq))) {
		enum query_verdict verdict = sighting_of_query(f, in->msg, false);

		if (verdict != QUERY_NEW && !(f->marks & FLOW_SETTLED) &&
		    match_query(p->table, f, in))
			return verdict;
	}
	return QUERY_NEW;
}

/* What a query is to a row of its question, whatever the addresses: the row's
 * own, beyond the chain's end; changed on the way by NAT; or its client asks once
 * more, from another port. */
static enum query_verdict query_of_stranger(const struct pairing *p, const struct flow *f,
					    const struct incoming *in)
{
	bool elsewhere = is_elsewhere(p->table, f, in->msg);
	enum query_verdict verdict = sighting_of_query(f, in->msg, elsewhere);

	if (verdict == QUERY_NEW || f->marks & FLOW_SETTLED || !match_query(p->table, f, in))
		return QUERY_NEW;
	if (verdict == QUERY_ATTEMPT && is_too_late(p, f, in->msg))
		return QUERY_NEW;
	if (match_key(p->table, f, in))
		return verdict;
	/* Without an id, any two may ask the same in the same stream at once: only
	 * the other end of a query that began here is not a stranger's. */
	if (f->transport == TRANSPORT_HTTPS &&
	    (f->client_port != in->client_port || !(f->seen & SEEN_QUERY_ORIGIN)))
		return QUERY_NEW;
	if (verdict == QUERY_HOP && in->msg->sighting == SIGHTING_HOP)
		return QUERY_HOP;
	/* In a capture nothing tells who asks: each port is one's own. */
	if (in->msg->sighting == SIGHTING_UNKNOWN)
		return QUERY_NEW;
	if (f->transport == TRANSPORT_UDP && f->state != FLOW_ANSWERED &&
	    match_client(p->table, f, in) && !match_other_owner(p->table, f, in))
		return QUERY_ATTEMPT;
	return QUERY_NEW;
}

static enum query_verdict query_by_question(struct pairing *p, const struct incoming *in,
					    uint32_t *seq)
{
	struct candidates c = candidates_of(&p->questions, question_of(in));
	const struct flow *f;

	while ((f = candidate_next(p, &c, in, seq))) {
		enum query_verdict verdict = query_of_stranger(p, f, in);

		if (verdict == QUERY_NEW)
			continue;
		recent_put(&p->aliases, in->key_hash, *seq);
		return verdict;
	}
	return QUERY_NEW;
}

/* What a response's look-ups read besides its key's slot, its query's have read a
 * moment ago. */
void pair_fetch(const struct pairing *p, const struct dns_msg *msg,
		const struct dns_prepared *prepared)
{
	slots_fetch(&p->index, slots_tag(prepared->key_hash));
	if (prepared->dns.flags & DNS_FLAG_QR)
		return;
	intern_prefetch(p->table->addrs, prepared->client_hash);
	if (!prepared->dns.has_question)
		return;
	intern_prefetch(p->table->names, prepared->name_hash);
	fetch(recent_set(&p->questions, question_hash(prepared->name_hash, msg->transport,
						      prepared->dns.qtype, prepared->dns.id)));
}

void pair_begin(struct incoming *in, const struct dns_msg *msg, const struct dns_prepared *prepared)
{
	bool response = prepared->dns.flags & DNS_FLAG_QR;

	in->msg = msg;
	in->dns = &prepared->dns;
	in->id = prepared->dns.id;
	in->client = response ? &msg->dst : &msg->src;
	in->server = response ? &msg->src : &msg->dst;
	in->client_port = response ? msg->dst_port : msg->src_port;
	in->server_port = response ? msg->src_port : msg->dst_port;
	in->client_hash = prepared->client_hash;
	in->server_hash = prepared->server_hash;
	in->name_hash = prepared->name_hash;
	in->key_hash = prepared->key_hash;
	in->is_looked_up = false;
	in->client_guess = (struct intern_guess){ 0 };
	in->name_guess = (struct intern_guess){ 0 };
}

void pair_fetch_rows(const struct pairing *p, struct incoming *in)
{
	const uint32_t *seq = slots_peek(&p->index, slots_tag(in->key_hash));

	if (seq) {
		const char *row = (const char *)flow_table_row(p->table, *seq);

		/* A row lies across two cache lines. */
		fetch(row);
		fetch(row + sizeof(struct flow) - 1);
	}
	if (in->dns->flags & DNS_FLAG_QR)
		return;
	in->client_guess = intern_prefetch_text(p->table->addrs, sizeof(in->client->b),
						in->client_hash);
	if (in->dns->has_question)
		in->name_guess = intern_prefetch_text(p->table->names, in->dns->qname_len,
						      in->name_hash);
}

static enum pair_query query_elsewhere(struct pairing *p, struct incoming *in, uint32_t *seq)
{
	enum query_verdict verdict = QUERY_NEW;

	if (p->aliases.used)
		verdict = query_by_alias(p, in, seq);
	if (verdict == QUERY_NEW && in->dns->has_question)
		verdict = query_by_question(p, in, seq);
	if (verdict == QUERY_NEW)
		return PAIR_QUERY_NEW;
	return verdict == QUERY_HOP ? PAIR_QUERY_HOP : PAIR_QUERY_ATTEMPT;
}

/* The answer that overtook its query on the way to us: it waits for it until it
 * is settled, and it is the younger one. */
static bool is_overtaken(const struct flow *f, const struct dns_msg *msg)
{
	return !(f->marks & FLOW_SETTLED) && msg->ts_ns <= f->ts_ns;
}

enum pair_query pair_query(struct pairing *p, struct incoming *in, uint32_t *seq)
{
	const uint32_t *newest = key_look_up(p, in);
	const struct flow *f;
	int left = CHAIN_MAX;

	for (f = chain_first(p, newest, seq); f && left--; f = chain_next(p, f, seq)) {
		if (!match_query(p->table, f, in))
			continue;
		if (f->state == FLOW_UNSOLICITED) {
			if (is_overtaken(f, in->msg))
				return PAIR_QUERY_OVERTAKEN;
			continue;
		}
		switch (sighting_of_query(f, in->msg, is_elsewhere(p->table, f, in->msg))) {
		case QUERY_HOP:
			return PAIR_QUERY_HOP;
		case QUERY_ATTEMPT:
			return is_too_late(p, f, in->msg) ? PAIR_QUERY_NEW : PAIR_QUERY_ATTEMPT;
		case QUERY_NEW:
			return PAIR_QUERY_NEW;
		}
	}
	return query_elsewhere(p, in, seq);
}

/* What a response could be, from the rows looked at so far: the first, newest,
 * row of each kind. */
struct choice {
	bool has_open; /* not answered yet */
	bool has_maybe;
	bool has_answered;
	uint32_t open;
	uint32_t maybe;
	uint32_t answered;
	const struct flow *open_row;
};

static inline void choice_note(bool *has, uint32_t *noted, uint32_t seq)
{
	if (!*has)
		*noted = seq;
	*has = true;
}

/* Not every sender counts its packets: then that they have the same id says nothing. */
static bool ids_are_alike(const struct flow *a, const struct flow *b)
{
	return a->marks & b->marks & FLOW_LAST_IP_ID && a->last_ip_id == b->last_ip_id;
}

/* Takes a row into account; true when nothing can be better. */
static inline bool choice_add(struct choice *c, const struct flow *f, uint32_t seq,
			      const struct dns_msg *msg, int *left)
{
	if (!(f->marks & FLOW_HAS_RESPONSE)) {
		if (!c->has_open)
			c->open_row = f;
		choice_note(&c->has_open, &c->open, seq);
		if (*left > CHAIN_AFTER)
			*left = CHAIN_AFTER;
		return false;
	}
	switch (sighting_of_response(f, msg)) {
	case RESPONSE_SAME:
		if (!c->has_open || !ids_are_alike(f, c->open_row) ||
		    msg->ts_ns < flow_attempt_ns(c->open_row))
			return true;
		break;
	case RESPONSE_MAYBE:
		choice_note(&c->has_maybe, &c->maybe, seq);
		break;
	case RESPONSE_OTHER:
		break;
	}
	if (f->state == FLOW_ANSWERED)
		choice_note(&c->has_answered, &c->answered, seq);
	return false;
}

static enum pair_response choice_make(const struct choice *c, uint32_t *seq)
{
	if (c->has_open) {
		*seq = c->open;
		return PAIR_RESPONSE_ANSWER;
	}
	if (c->has_maybe) {
		*seq = c->maybe;
		return PAIR_RESPONSE_HOP;
	}
	*seq = c->answered;
	return c->has_answered ? PAIR_RESPONSE_AGAIN : PAIR_RESPONSE_STRAY;
}

/* By a key met before in a row's company. */
static enum pair_response response_by_alias(const struct pairing *p, const struct incoming *in,
					    uint32_t *seq)
{
	struct candidates c = candidates_of(&p->aliases, in->key_hash);
	struct choice choice = { 0 };
	const struct flow *f;
	int left = CHAIN_MAX;

	while (left-- && (f = candidate_next(p, &c, in, seq))) {
		if (match_response(p->table, f, in) && choice_add(&choice, f, *seq, in->msg, &left))
			return PAIR_RESPONSE_HOP;
	}
	return choice_make(&choice, seq);
}

/* By its question: the row has its key, but lies beyond the chain's end. */
static enum pair_response response_by_question(const struct pairing *p, struct incoming *in,
					       uint32_t *seq)
{
	struct choice choice = { 0 };
	const struct flow *f;
	struct candidates c;
	int left = CHAIN_MAX;

	in->name_hash = hash_bytes(in->dns->qname, in->dns->qname_len, p->table->hash_seed);
	c = candidates_of(&p->questions, question_of(in));
	while (left-- && (f = candidate_next(p, &c, in, seq))) {
		if (match_key(p->table, f, in) && match_response(p->table, f, in) &&
		    choice_add(&choice, f, *seq, in->msg, &left))
			return PAIR_RESPONSE_HOP;
	}
	return choice_make(&choice, seq);
}

static enum pair_response response_elsewhere(const struct pairing *p, struct incoming *in,
					     uint32_t *seq)
{
	enum pair_response verdict = PAIR_RESPONSE_STRAY;

	if (p->aliases.used)
		verdict = response_by_alias(p, in, seq);
	if (verdict == PAIR_RESPONSE_STRAY && in->dns->has_question)
		verdict = response_by_question(p, in, seq);
	return verdict;
}

enum pair_response pair_response(const struct pairing *p, struct incoming *in, uint32_t *seq)
{
	const uint32_t *newest = key_look_up(p, in);
	struct choice choice = { 0 };
	enum pair_response verdict;
	const struct flow *f;
	int left = CHAIN_MAX;

	for (f = chain_first(p, newest, seq); f && left--; f = chain_next(p, f, seq)) {
		if (match_response(p->table, f, in) && choice_add(&choice, f, *seq, in->msg, &left))
			return PAIR_RESPONSE_HOP;
	}
	verdict = choice_make(&choice, seq);
	return verdict == PAIR_RESPONSE_STRAY ? response_elsewhere(p, in, seq) : verdict;
}

bool pair_quoted(const struct pairing *p, const struct incoming *in, uint32_t *seq)
{
	struct candidates c = candidates_of(&p->aliases, in->key_hash);
	const uint32_t *newest = key_find(p, in);
	int left = CHAIN_MAX;

	for (const struct flow *f = chain_first(p, newest, seq); f && left--;
	     f = chain_next(p, f, seq)) {
		if (!in->dns->has_question || match_response(p->table, f, in))
			return true;
	}
	for (const struct flow *f = candidate_next(p, &c, in, seq); f;
	     f = candidate_next(p, &c, in, seq)) {
		if (!in->dns->has_question || match_response(p->table, f, in))
			return true;
	}
	return false;
}

bool pair_quoted_ports(const struct pairing *p, const struct dns_msg *msg, uint32_t *seq)
{
	const struct flow_table *t = p->table;
	struct incoming in = {
		.msg = msg,
		.client = &msg->src,
		.server = &msg->dst,
		.client_port = msg->src_port,
		.server_port = msg->dst_port,
	};

	for (uint32_t i = t->next_seq - *seq + 1; i <= t->count && i <= QUOTED_ROWS; i++) {
		const struct flow *f = flow_table_row(t, t->next_seq - i);

		in.id = f->id; /* not known: any will do */
		*seq = t->next_seq - i;
		if (f->client_port == in.client_port && match_key(t, f, &in))
			return true;
	}
	return false;
}

/* The newest row of a key that a message might still belong to: to link the
 * others too would make the chains of busy sockets long and cold. */
static uint32_t chain_worth(const struct pairing *p, const uint32_t *newest, uint64_t now_ns)
{
	const struct flow *f;
	int left = CHAIN_MAX;
	uint32_t seq;

	for (f = chain_first(p, newest, &seq); f && left--; f = chain_next(p, f, &seq)) {
		if (!(f->marks & FLOW_SETTLED) || !(f->marks & FLOW_HAS_RESPONSE) ||
		    flow_response_ns(f) + TRACKER_HOP_WINDOW_NS > now_ns)
			return seq;
	}
	return FLOW_NO_SEQ;
}

void pair_enter(struct pairing *p, const struct incoming *in, struct flow *f, uint32_t seq)
{
	uint32_t *newest = key_find_again(p, in);

	f->same_key = chain_worth(p, newest, in->msg->ts_ns);
	p->tags[seq & (p->table->capacity - 1)] = slots_tag(in->key_hash);
	/* Without memory for it the row stays unknown, and unanswered. */
	if (newest)
		*newest = seq;
	else
		(void)slots_put(&p->index, slots_tag(in->key_hash), seq);
	if (f->state != FLOW_UNSOLICITED && in->dns->has_question)
		recent_put(&p->questions, question_of(in), seq);
}

/* What a row's leaving reads: it was last touched when it was young. */
static inline void row_fetch_leaving(const struct pairing *p, uint32_t seq)
{
	slots_fetch(&p->index, p->tags[seq & (p->table->capacity - 1)]);
	fetch(&flow_table_row(p->table, seq)->marks);
}

void pair_leave(struct pairing *p, uint32_t seq)
{
	uint32_t tag = p->tags[seq & (p->table->capacity - 1)];
	struct slots_walk w = slots_walk(&p->index, tag);
	uint32_t *newest;

	if (seq % LEAVE_AHEAD == 0) {
		for (uint32_t i = 0; i < LEAVE_AHEAD; i++)
			row_fetch_leaving(p, seq + LEAVE_AHEAD + i);
	}
	/* Nothing is found where a newer row has the key. */
	while ((newest = slots_next(&p->index, tag, &w)) && *newest != seq)
		;
	if (newest)
		slots_remove(&p->index, tag, newest);
}
