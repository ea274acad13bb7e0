/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/pair.h"

#include <string.h>

#include "core/base/hash.h"
#include "core/flow/sighting.h"
#include "core/flow/tracker.h"

/* So many rows of one key are looked at: a client with more questions in flight
 * under one id than this loses sight of the oldest. Once a response has its
 * row, a few more are, for one that it might be a further sighting for. */
#define CHAIN_MAX   16
#define CHAIN_AFTER 2

/* Rows that may leave between a message's fetching and its turn. */
#define FETCH_AHEAD 8

#define RECENT_MIN 1024u
#define RECENT_MAX 131072u

struct key {
	struct ip_addr client;
	struct ip_addr server;
	uint16_t client_port;
	uint16_t server_port;
	uint16_t id;
	uint16_t transport;
};

_Static_assert(sizeof(struct key) == 40, "hashed as bytes: no padding");

int pair_init(struct pairing *p, struct flow_table *table)
{
	uint32_t entries = table->capacity / 8;
	int rc;

	if (entries < RECENT_MIN)
		entries = RECENT_MIN;
	if (entries > RECENT_MAX)
		entries = RECENT_MAX;
	*p = (struct pairing){ .table = table };
	rc = flow_index_init(&p->index, table->capacity);
	if (rc == 0)
		rc = recent_init(&p->questions, entries);
	if (rc == 0)
		rc = recent_init(&p->aliases, entries / 2);
	return rc;
}

void pair_fini(struct pairing *p)
{
	flow_index_fini(&p->index);
	recent_fini(&p->questions);
	recent_fini(&p->aliases);
}

void pair_clear(struct pairing *p)
{
	flow_index_clear(&p->index);
	recent_clear(&p->questions);
	recent_clear(&p->aliases);
}

void pair_begin(const struct pairing *p, struct incoming *in, const struct dns_msg *msg,
		const struct dns_parsed *dns)
{
	bool response = msg->wire[2] & (DNS_FLAG_QR >> 8);

	in->msg = msg;
	in->dns = dns;
	in->id = (uint16_t)(msg->wire[0] << 8 | msg->wire[1]);
	in->client = response ? &msg->dst : &msg->src;
	in->server = response ? &msg->src : &msg->dst;
	in->client_port = response ? msg->dst_port : msg->src_port;
	in->server_port = response ? msg->src_port : msg->dst_port;

	struct key key = {
		.client = *in->client,
		.server = *in->server,
		.client_port = in->client_port,
		.server_port = in->server_port,
		.id = in->id,
		.transport = msg->transport,
	};

	in->key_hash = hash_bytes(&key, sizeof(key), p->table->hash_seed);
	__builtin_prefetch(flow_index_home(&p->index, flow_index_tag(in->key_hash)));
}

static inline bool addr_is(const struct pairing *p, uint32_t id, const struct ip_addr *a)
{
	size_t len;
	const char *bytes = intern_text(p->table->addrs, id, &len);

	/* An address that found no room is vouched for by the key's hash alone. */
	return id == INTERN_NONE || memcmp(bytes, a->b, sizeof(a->b)) == 0;
}

static inline bool key_is(const struct pairing *p, const struct flow *f, const struct incoming *in)
{
	return f->id == in->id && f->client_port == in->client_port &&
	       f->server_port == in->server_port && f->transport == in->msg->transport &&
	       addr_is(p, f->client, in->client) && addr_is(p, f->server, in->server);
}

/* The slot of the message's key, or the empty one where it belongs. */
static inline struct index_slot *key_find(const struct pairing *p, const struct incoming *in)
{
	uint32_t tag = flow_index_tag(in->key_hash);
	struct index_slot *slot = flow_index_home(&p->index, tag);

	while (slot->tag) {
		if (slot->tag == tag && key_is(p, flow_table_row(p->table, slot->seq), in))
			break;
		slot = flow_index_next(&p->index, slot);
	}
	return slot;
}

/* The rows of one key, newest first: the slot's, then along same_key. */
static inline const struct flow *chain_first(const struct pairing *p, const struct index_slot *slot,
					     uint32_t *seq)
{
	*seq = slot->seq;
	return slot->tag ? flow_table_row(p->table, *seq) : NULL;
}

static inline const struct flow *chain_next(const struct pairing *p, const struct flow *f,
					    uint32_t *seq)
{
	*seq = f->same_key;
	if (*seq == FLOW_NO_SEQ || !flow_table_has(p->table, *seq))
		return NULL;
	return flow_table_row(p->table, *seq);
}

/* ASCII letters alike in either case (RFC 4343); the texts' escapes have none. */
static bool text_is(const char *a, const char *b, size_t len)
{
	if (memcmp(a, b, len) == 0)
		return true;
	for (size_t i = 0; i < len; i++) {
		unsigned char x = (unsigned char)a[i], y = (unsigned char)b[i];

		if (x != y && ((x ^ y) != 0x20 || (x | 0x20) < 'a' || (x | 0x20) > 'z'))
			return false;
	}
	return true;
}

/* Name and type. The class is left out: mDNS has a bit of another meaning in it
 * (RFC 6762, 5.4), which a query may set and its answer not. */
static bool question_is(const struct pairing *p, const struct flow *f, const struct incoming *in)
{
	const struct dns_parsed *dns = in->dns;
	size_t len;
	const char *name;

	if (f->qtype != dns->qtype)
		return false;
	name = intern_text(p->table->names, f->qname, &len);
	/* A name that found no room: key and type must do. */
	return f->qname == INTERN_NONE || (len == dns->qname_len && text_is(name, dns->qname, len));
}

/* Whether a row of the query's key may be what the query belongs to. */
static bool query_fits(const struct pairing *p, const struct flow *f, const struct incoming *in)
{
	if (f->marks & FLOW_HAS_QUESTION)
		return in->dns->has_question && question_is(p, f, in);
	/* A header-only answer may be that of any question. */
	return f->state == FLOW_UNSOLICITED || !in->dns->has_question;
}

static bool response_fits(const struct pairing *p, const struct flow *f, const struct incoming *in)
{
	if (!in->dns->has_question)
		return true;
	return f->marks & FLOW_HAS_QUESTION && question_is(p, f, in);
}

static inline bool is_asked_again(const struct pairing *p, const struct flow *f,
				  const struct incoming *in)
{
	return in->msg->transport == TRANSPORT_UDP && f->state != FLOW_ANSWERED &&
	       f->server_port == in->server_port && addr_is(p, f->client, in->client) &&
	       addr_is(p, f->server, in->server);
}

/* A row that a message with another key may belong to: its id, transport and
 * question are the message's, and it is still open to more. */
static inline const struct flow *stranger(const struct pairing *p, uint32_t seq,
					  const struct incoming *in)
{
	const struct flow *f = flow_table_row(p->table, seq);

	if (!flow_table_has(p->table, seq) || f->id != in->id ||
	    f->transport != in->msg->transport || f->state == FLOW_UNSOLICITED)
		return NULL;
	return f;
}

static uint64_t question_hash(const struct incoming *in)
{
	const struct dns_parsed *dns = in->dns;
	uint64_t words = (uint64_t)in->msg->transport << 32 | (uint64_t)dns->qtype << 16 | in->id;

	return hash_mix(in->name_hash, words);
}

/* A key that was met before in a row's company. */
static enum query_verdict query_by_alias(const struct pairing *p, const struct incoming *in,
					 uint32_t *seq)
{
	const struct recent_set *set = recent_set(&p->aliases, in->key_hash);

	for (int i = 0; i < RECENT_WAYS && set->way[i].tag; i++) {
		const struct flow *f;
		enum query_verdict verdict;

		if (set->way[i].tag != recent_tag(in->key_hash))
			continue;
		*seq = set->way[i].seq;
		f = stranger(p, *seq, in);
		if (!f || f->marks & FLOW_SETTLED || !query_fits(p, f, in))
			continue;
		verdict = sighting_of_query(f, in->msg);
		if (verdict != QUERY_NEW)
			return verdict;
	}
	return QUERY_NEW;
}

/* A query whose addresses were changed on the way, or whose client asks once
 * more from another port. */
static enum query_verdict query_by_question(struct pairing *p, const struct incoming *in,
					    uint32_t *seq)
{
	const struct recent_set *set = recent_set(&p->questions, question_hash(in));
	uint32_t tag = recent_tag(question_hash(in));

	for (int i = 0; i < RECENT_WAYS && set->way[i].tag; i++) {
		const struct flow *f;
		enum query_verdict verdict;

		if (set->way[i].tag != tag)
			continue;
		*seq = set->way[i].seq;
		f = stranger(p, *seq, in);
		if (!f || f->marks & FLOW_SETTLED || !query_fits(p, f, in))
			continue;
		verdict = sighting_of_query(f, in->msg);
		if (verdict == QUERY_HOP && in->msg->sighting == SIGHTING_HOP)
			goto found;
		if (verdict != QUERY_NEW && is_asked_again(p, f, in)) {
			verdict = QUERY_ATTEMPT;
			goto found;
		}
		continue;
	found:
		recent_put(&p->aliases, in->key_hash, *seq);
		return verdict;
	}
	return QUERY_NEW;
}

void pair_fetch_slots(const struct pairing *p, struct incoming *in)
{
	const struct dns_parsed *dns = in->dns;

	in->client_hash = hash_bytes(in->client, sizeof(*in->client), p->table->hash_seed);
	intern_prefetch(p->table->addrs, in->client_hash);
	if (dns->flags & DNS_FLAG_QR || !dns->has_question)
		return;
	in->name_hash = hash_bytes(dns->qname, dns->qname_len, p->table->hash_seed);
	intern_prefetch(p->table->names, in->name_hash);
	__builtin_prefetch(recent_set(&p->questions, question_hash(in)));
}

void pair_fetch_rows(const struct pairing *p, const struct incoming *in)
{
	const struct index_slot *slot = flow_index_home(&p->index, flow_index_tag(in->key_hash));

	intern_prefetch_text(p->table->addrs, in->client_hash);
	if (slot->tag) {
		const char *row = (const char *)flow_table_row(p->table, slot->seq);

		/* A row lies across two cache lines. */
		__builtin_prefetch(row);
		__builtin_prefetch(row + sizeof(struct flow) - 1);
	}
	if (in->dns->flags & DNS_FLAG_QR)
		return;
	if (in->dns->has_question)
		intern_prefetch_text(p->table->names, in->name_hash);
	/* It may become a new row, and the oldest leave. */
	flow_index_prefetch(&p->index, flow_table_oldest(p->table) + FETCH_AHEAD);
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
	const struct index_slot *slot = key_find(p, in);
	const struct flow *f;
	int left = CHAIN_MAX;

	for (f = chain_first(p, slot, seq); f && left--; f = chain_next(p, f, seq)) {
		if (!query_fits(p, f, in))
			continue;
		if (f->state == FLOW_UNSOLICITED) {
			if (is_overtaken(f, in->msg))
				return PAIR_QUERY_OVERTAKEN;
			continue;
		}
		switch (sighting_of_query(f, in->msg)) {
		case QUERY_HOP:
			return PAIR_QUERY_HOP;
		case QUERY_ATTEMPT:
			return PAIR_QUERY_ATTEMPT;
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
};

static inline void choice_note(bool *has, uint32_t *noted, uint32_t seq)
{
	if (!*has)
		*noted = seq;
	*has = true;
}

/* Takes a row into account; true when nothing can be better. */
static inline bool choice_add(struct choice *c, const struct flow *f, uint32_t seq,
			      const struct dns_msg *msg, int *left)
{
	if (!(f->marks & FLOW_HAS_RESPONSE)) {
		choice_note(&c->has_open, &c->open, seq);
		if (*left > CHAIN_AFTER)
			*left = CHAIN_AFTER;
		return false;
	}
	switch (sighting_of_response(f, msg)) {
	case RESPONSE_SAME:
		return true;
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

static enum pair_response response_by_alias(const struct pairing *p, const struct incoming *in,
					    uint32_t *seq)
{
	const struct recent_set *set = recent_set(&p->aliases, in->key_hash);
	struct choice choice = { 0 };
	int left = CHAIN_MAX;

	for (int i = 0; i < RECENT_WAYS && set->way[i].tag && left--; i++) {
		const struct flow *f;

		if (set->way[i].tag != recent_tag(in->key_hash))
			continue;
		*seq = set->way[i].seq;
		f = stranger(p, *seq, in);
		if (f && response_fits(p, f, in) && choice_add(&choice, f, *seq, in->msg, &left))
			return PAIR_RESPONSE_HOP;
	}
	return choice_make(&choice, seq);
}

enum pair_response pair_response(const struct pairing *p, const struct incoming *in, uint32_t *seq)
{
	const struct index_slot *slot = key_find(p, in);
	struct choice choice = { 0 };
	enum pair_response verdict;
	const struct flow *f;
	int left = CHAIN_MAX;

	for (f = chain_first(p, slot, seq); f && left--; f = chain_next(p, f, seq)) {
		if (response_fits(p, f, in) && choice_add(&choice, f, *seq, in->msg, &left))
			return PAIR_RESPONSE_HOP;
	}
	verdict = choice_make(&choice, seq);
	if (verdict == PAIR_RESPONSE_STRAY && p->aliases.used)
		return response_by_alias(p, in, seq);
	return verdict;
}

/* The newest row of a key that a message might still belong to: to link the
 * others too would make the chains of busy sockets long and cold. */
static uint32_t chain_worth(const struct pairing *p, const struct index_slot *slot, uint64_t now_ns)
{
	const struct flow *f;
	int left = CHAIN_MAX;
	uint32_t seq;

	for (f = chain_first(p, slot, &seq); f && left--; f = chain_next(p, f, &seq)) {
		if (!(f->marks & FLOW_SETTLED) || !(f->marks & FLOW_HAS_RESPONSE) ||
		    flow_response_ns(f) + TRACKER_HOP_WINDOW_NS > now_ns)
			return seq;
	}
	return FLOW_NO_SEQ;
}

void pair_enter(struct pairing *p, const struct incoming *in, struct flow *f, uint32_t seq)
{
	struct index_slot *slot = key_find(p, in);

	f->same_key = chain_worth(p, slot, in->msg->ts_ns);
	flow_index_enter(&p->index, slot, flow_index_tag(in->key_hash), seq);
	if (f->state != FLOW_UNSOLICITED && in->dns->has_question)
		recent_put(&p->questions, question_hash(in), seq);
}
