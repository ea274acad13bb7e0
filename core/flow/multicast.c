/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/multicast.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/dns/walk.h"
#include "core/flow/sighting.h"
#include "core/flow/tracker.h"

#define BUCKETS       1024u
#define MULTICAST_END UINT32_MAX
/* So many open questions of one name are looked at. */
#define CHAIN_MAX 64
/* Rows that one message may answer. */
#define ROWS_MAX 128u

#define TYPE_CNAME 5
#define TYPE_NSEC  47
#define TYPE_ANY   255

void multicast_init(struct multicast *m, struct flow_table *table, uint64_t window_ns)
{
	m->table = table;
	m->window_ns = window_ns ? window_ns : TRACKER_TIMEOUT_NS;
}

void multicast_fini(struct multicast *m)
{
	free(m->open);
	free(m->buckets);
	m->open = NULL;
	m->buckets = NULL;
}

void multicast_clear(struct multicast *m)
{
	if (m->buckets)
		memset(m->buckets, 0xff, BUCKETS * sizeof(m->buckets[0]));
	m->n = 0;
}

/* Most hosts' DNS is none of this: memory is taken when it is met. */
static bool ready(struct multicast *m)
{
	if (m->open && m->buckets)
		return true;
	multicast_fini(m);
	m->open = calloc(MULTICAST_OPEN, sizeof(m->open[0]));
	m->buckets = malloc(BUCKETS * sizeof(m->buckets[0]));
	multicast_clear(m);
	return m->open && m->buckets;
}

static bool is_group(const struct ip_addr *a)
{
	return ip_addr_is_v4(a) ? a->b[12] >> 4 == 0xe : a->b[0] == 0xff;
}

static bool is_local_name(const struct dns_parsed *dns)
{
	static const char local[] = ".local";
	size_t n = sizeof(local) - 1;

	return dns->has_question && dns->qname_len > n &&
	       strcasecmp(dns->qname + dns->qname_len - n, local) == 0;
}

uint8_t multicast_service(const struct incoming *in)
{
	if (in->server_port == PORT_LLMNR)
		return SERVICE_LLMNR;
	if (in->server_port != PORT_MDNS)
		return SERVICE_DNS;
	if (in->client_port == PORT_MDNS || is_group(in->client) || is_group(in->server) ||
	    is_local_name(in->dns))
		return SERVICE_MDNS;
	return SERVICE_DNS;
}

static uint64_t name_hash(const struct multicast *m, const char *name, size_t len)
{
	char lower[DNS_NAME_TEXT_MAX];

	for (size_t i = 0; i < len; i++)
		lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i]);
	return hash_bytes(lower, len, m->table->hash_seed);
}

/* A walk over what is open under a name's hash, newest first. */
struct openings {
	uint64_t hash;
	uint32_t number;
	int left;
};

static bool is_held(const struct multicast *m, uint32_t number)
{
	return number != MULTICAST_END && m->n - number <= MULTICAST_OPEN;
}

static struct openings openings_of(const struct multicast *m, uint64_t hash)
{
	return (struct openings){
		.hash = hash,
		.number = m->buckets[hash % BUCKETS],
		.left = CHAIN_MAX,
	};
}

/* The next of that name whose row is in the table. */
static struct multicast_open *opening_next(const struct multicast *m, struct openings *o,
					   struct flow **f)
{
	while (is_held(m, o->number) && o->left-- > 0) {
		struct multicast_open *open = &m->open[o->number % MULTICAST_OPEN];

		/* Those that gave way were all older than what follows them. */
		o->number = is_held(m, open->next) ? open->next : MULTICAST_END;
		if (open->hash == o->hash && flow_table_has(m->table, open->seq)) {
			*f = flow_table_row(m->table, open->seq);
			return open;
		}
	}
	return NULL;
}

static bool addr_is(const struct flow_table *t, uint32_t id, const struct ip_addr *a)
{
	size_t len;
	const char *bytes = intern_text(t->addrs, id, &len);

	return len == sizeof(a->b) && bytes_equal(bytes, a->b, sizeof(a->b));
}

static bool can_be_answered(const struct multicast *m, const struct flow *f, uint64_t now_ns)
{
	uint64_t asked_ns = flow_attempt_ns(f);

	return f->state != FLOW_UNSOLICITED && now_ns + TRACKER_OVERTAKEN_NS >= asked_ns &&
	       now_ns <= asked_ns + m->window_ns;
}

static struct multicast_open *enter(struct multicast *m, uint64_t hash, uint32_t seq,
				    uint64_t now_ns)
{
	struct multicast_open *open = &m->open[m->n % MULTICAST_OPEN];
	uint32_t *bucket = &m->buckets[hash % BUCKETS];

	if (m->n >= MULTICAST_OPEN && flow_table_has(m->table, open->seq) &&
	    can_be_answered(m, flow_table_row(m->table, open->seq), now_ns))
		m->lost++;
	*open = (struct multicast_open){ .hash = hash, .seq = seq, .next = *bucket };
	*bucket = m->n++;
	return open;
}

/* --- questions --- */

/* The message as if the walk's entry were its only question. */
static void ask_one(struct multicast *m, const struct incoming *in, const struct dns_walk *k,
		    struct incoming *one)
{
	struct dns_parsed *dns = &m->one;

	/* The room after its name may not be there. */
	memcpy(dns, in->dns, offsetof(struct dns_parsed, qname));
	dns->has_question = true;
	dns->qtype = k->type;
	dns->qclass = k->class & (uint16_t)~DNS_CLASS_TOP;
	dns->qname_len = k->name_len;
	memcpy(dns->qname, k->name, k->name_len + 1u);
	*one = *in;
	one->dns = dns;
	one->name_hash = hash_bytes(dns->qname, dns->qname_len, m->table->hash_seed);
}

static enum pair_query find_question(const struct multicast *m, const struct incoming *in,
				     uint64_t hash, uint32_t *seq)
{
	struct openings o = openings_of(m, hash);
	struct multicast_open *open;
	struct flow *f;

	while ((open = opening_next(m, &o, &f))) {
		if (f->state == FLOW_UNSOLICITED || f->qtype != in->dns->qtype ||
		    f->client_port != in->client_port || f->server_port != in->server_port ||
		    (f->server_port == PORT_LLMNR && f->id != in->id) ||
		    !addr_is(m->table, f->client, in->client) ||
		    !addr_is(m->table, f->server, in->server))
			continue;
		*seq = open->seq;
		switch (sighting_of_query(f, in->msg, true)) {
		case QUERY_HOP:
			return PAIR_QUERY_HOP;
		case QUERY_ATTEMPT:
			return PAIR_QUERY_ATTEMPT;
		case QUERY_NEW:
			break;
		}
	}
	return PAIR_QUERY_NEW;
}

static bool answers_type(uint16_t record, uint16_t question)
{
	/* NSEC says that there is none (RFC 6762, section 6.1). */
	return record == question || question == TYPE_ANY || record == TYPE_CNAME ||
	       record == TYPE_NSEC;
}

/* Records that the asker knows and does not want to hear again (section 7.1). */
static uint16_t count_known(const struct multicast *m, const struct incoming *in, uint64_t hash)
{
	struct dns_walk k;
	uint16_t n = 0;

	if (in->dns->ancount == 0)
		return 0;
	dns_walk_begin(&k, in->msg->wire, in->msg->wire_len);
	for (unsigned i = 0; i < MULTICAST_RECORDS && dns_walk_next(&k, true); i++) {
		if (k.section > DNS_ANSWER)
			break;
		n += k.section == DNS_ANSWER && answers_type(k.type, in->dns->qtype) &&
		     name_hash(m, k.name, k.name_len) == hash;
	}
	return n;
}

/* A host asks whether a name that it wants is another's (section 8.1). */
static bool is_probe(const struct dns_parsed *dns)
{
	return dns->qtype == TYPE_ANY && dns->nscount > 0;
}

static void take_question(struct multicast *m, struct incoming *one, bool unicast,
			  const struct multicast_fns *fns)
{
	uint64_t hash = name_hash(m, one->dns->qname, one->dns->qname_len);
	enum pair_query verdict;
	struct flow_side *side;
	uint32_t seq = FLOW_NO_SEQ;

	verdict = find_question(m, one, hash, &seq);
	/* A host without a listener throws away what was not for it alone. */
	if (verdict == PAIR_QUERY_HOP && one->msg->drop_reason)
		return;
	fns->query(fns->ctx, one, verdict, &seq);
	if (verdict != PAIR_QUERY_NEW || seq == FLOW_NO_SEQ)
		return;
	enter(m, hash, seq, one->msg->ts_ns)->probe = is_probe(one->dns);
	side = flow_table_side_make(m->table, flow_table_row(m->table, seq));
	side->unicast_wanted = unicast;
	side->known_answers = count_known(m, one, hash);
}

bool multicast_query(struct multicast *m, const struct incoming *in,
		     const struct multicast_fns *fns)
{
	struct incoming one;
	struct dns_walk k;

	if (in->msg->transport != TRANSPORT_UDP || !is_group(in->server) ||
	    multicast_service(in) == SERVICE_DNS || !ready(m))
		return false;
	dns_walk_begin(&k, in->msg->wire, in->msg->wire_len);
	for (unsigned i = 0; i < MULTICAST_QUESTIONS && dns_walk_next(&k, true); i++) {
		if (k.section != DNS_QUESTION)
			break;
		ask_one(m, in, &k, &one);
		take_question(m, &one, k.class & DNS_CLASS_TOP, fns);
	}
	/* Without a question: more of what the asker knows (section 7.2). */
	return true;
}

/* --- answers --- */

/* Whether an answer is heard by the one who asked. */
static bool is_heard(const struct flow_table *t, const struct flow *f, const struct incoming *in)
{
	if (f->server_port != in->server_port || (f->server_port == PORT_LLMNR && f->id != in->id))
		return false;
	if (is_group(in->client))
		return f->client_port == in->client_port && addr_is(t, f->server, in->client);
	return f->client_port == in->client_port && addr_is(t, f->client, in->client);
}

/* The rows that a message answers. */
struct answered {
	struct multicast_open *open[ROWS_MAX];
	unsigned n;
};

static void add_row(struct answered *a, struct multicast_open *open)
{
	for (unsigned i = 0; i < a->n; i++) {
		if (a->open[i] == open)
			return;
	}
	if (a->n < ROWS_MAX)
		a->open[a->n++] = open;
}

/* Questions that the record answers: those asked where it was seen, if any were;
 * a host may ask the same on two links, of which the answer came by one. */
static void find_asked(const struct multicast *m, const struct incoming *in, uint64_t hash,
		       uint16_t type, uint16_t place, struct answered *out)
{
	struct multicast_open *elsewhere[CHAIN_MAX], *open;
	struct openings o = openings_of(m, hash);
	unsigned n = 0;
	bool here = false;
	struct flow *f;

	while ((open = opening_next(m, &o, &f))) {
		if (!can_be_answered(m, f, in->msg->ts_ns) || !answers_type(type, f->qtype) ||
		    !is_heard(m->table, f, in))
			continue;
		/* Having heard of no other, it says that the name is its own. */
		if (open->probe && addr_is(m->table, f->client, in->server))
			continue;
		if (f->place == place) {
			here = true;
			add_row(out, open);
		} else {
			elsewhere[n++] = open;
		}
	}
	for (unsigned i = 0; i < n && !here; i++)
		add_row(out, elsewhere[i]);
}

static void find_answered(const struct multicast *m, const struct incoming *in,
			  struct answered *out)
{
	const struct dns_msg *msg = in->msg;
	uint16_t place = flow_table_place(m->table, msg->netns, msg->ifindex, msg->ifname);
	struct dns_walk k;

	out->n = 0;
	dns_walk_begin(&k, msg->wire, msg->wire_len);
	for (unsigned i = 0; i < MULTICAST_RECORDS && dns_walk_next(&k, true); i++) {
		if (k.section > DNS_ANSWER)
			break;
		find_asked(m, in, name_hash(m, k.name, k.name_len), k.type, place, out);
	}
}

/* True when the responder is one more. */
static bool note_responder(struct multicast *m, struct multicast_open *open,
			   const struct incoming *in)
{
	uint32_t who = (uint32_t)in->server_hash;
	struct flow_side *side;

	for (uint32_t i = 0; i < open->n_responders; i++) {
		if (open->responders[i] == who)
			return false;
	}
	if (open->n_responders == MULTICAST_RESPONDERS)
		return false;
	open->responders[open->n_responders++] = who;
	side = flow_table_side_make(m->table, flow_table_row(m->table, open->seq));
	if (open->n_responders == 1)
		side->responder = flow_table_addr_hashed(m->table, in->server, in->server_hash);
	side->responders = (uint16_t)open->n_responders;
	return true;
}

static void take_answer(struct multicast *m, struct multicast_open *open, struct incoming *in,
			const struct multicast_fns *fns)
{
	const struct flow *f = flow_table_row(m->table, open->seq);
	bool answered = f->marks & FLOW_HAS_RESPONSE;
	bool by_first = answered && open->responders[0] == (uint32_t)in->server_hash;
	bool one_more = note_responder(m, open, in);
	uint32_t seq = open->seq;

	if (!answered)
		fns->response(fns->ctx, in, PAIR_RESPONSE_ANSWER, &seq);
	else if (by_first && sighting_of_response(f, in->msg) != RESPONSE_OTHER)
		fns->response(fns->ctx, in, PAIR_RESPONSE_HOP, &seq);
	else if (one_more || in->msg->sighting != SIGHTING_HOP)
		fns->response(fns->ctx, in, PAIR_RESPONSE_AGAIN, &seq);
}

static bool announced_before(const struct multicast *m, const struct incoming *in, uint64_t hash,
			     uint32_t *seq)
{
	struct openings o = openings_of(m, hash);
	struct multicast_open *open;
	struct flow *f;

	while ((open = opening_next(m, &o, &f))) {
		*seq = open->seq;
		if (f->seen & SEEN_ANNOUNCED && f->qtype == in->dns->qtype &&
		    addr_is(m->table, f->server, in->server) &&
		    addr_is(m->table, f->client, in->client) &&
		    sighting_of_response(f, in->msg) != RESPONSE_OTHER)
			return true;
	}
	return false;
}

static void take_announcement(struct multicast *m, const struct incoming *in,
			      const struct multicast_fns *fns)
{
	struct incoming one = *in;
	uint64_t hash = 0;
	struct dns_walk k;
	uint32_t seq;

	dns_walk_begin(&k, in->msg->wire, in->msg->wire_len);
	if (dns_walk_next(&k, true)) {
		ask_one(m, in, &k, &one);
		hash = name_hash(m, k.name, k.name_len);
	}
	if (announced_before(m, &one, hash, &seq)) {
		fns->response(fns->ctx, &one, PAIR_RESPONSE_HOP, &seq);
		return;
	}
	fns->response(fns->ctx, &one, PAIR_RESPONSE_STRAY, &seq);
	if (seq == FLOW_NO_SEQ)
		return;
	enter(m, hash, seq, in->msg->ts_ns);
	flow_table_row(m->table, seq)->seen |= SEEN_ANNOUNCED;
}

bool multicast_response(struct multicast *m, const struct incoming *in,
			const struct multicast_fns *fns)
{
	struct incoming all = *in;
	struct answered rows;
	bool to_group;

	if (in->msg->transport != TRANSPORT_UDP || in->server_port == 53 || !ready(m))
		return false;
	find_answered(m, in, &rows);
	to_group = is_group(in->client) && multicast_service(in) != SERVICE_DNS;
	/* What one of many hearers threw away is no loss. */
	if (in->msg->drop_reason)
		return rows.n > 0 || to_group;
	for (unsigned i = 0; i < rows.n; i++)
		take_answer(m, rows.open[i], &all, fns);
	if (rows.n == 0 && to_group)
		take_announcement(m, in, fns);
	return rows.n > 0 || to_group;
}
