/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/cause.h"

#include <errno.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/pages.h"
#include "core/flow/cause_names.h"
#include "core/flow/member.h"

#define ENDPOINTS 4096u

/* So many rows are looked at again at once at the most; each new row pays for so
 * many. */
#define SCAN_MAX    4096u
#define SCAN_BEFORE 256u
#define SCAN_CREDIT 16u
#define CREDIT_MAX  65536u

int causes_init(struct causes *c, struct flow_table *table)
{
	int rc;

	*c = (struct causes){ .table = table, .credit = CREDIT_MAX };
	c->endpoints = pages_alloc(ENDPOINTS, sizeof(c->endpoints[0]));
	rc = peers_init(&c->peers);
	if (rc == 0)
		rc = questions_init(&c->open, table->capacity);
	return c->endpoints ? rc : -ENOMEM;
}

void causes_fini(struct causes *c)
{
	questions_fini(&c->open);
	peers_fini(&c->peers);
	pages_free(c->endpoints, ENDPOINTS, sizeof(c->endpoints[0]));
}

void causes_clear(struct causes *c)
{
	questions_clear(&c->open);
	peers_clear(&c->peers);
	memset(c->endpoints, 0, ENDPOINTS * sizeof(c->endpoints[0]));
	c->host_asks = c->host_answers = false;
}

/* --- rows --- */

static bool is_loopback(const struct ip_addr *a)
{
	static const struct ip_addr one = { .b = { [15] = 1 } };

	return ip_addr_is_v4(a) ? a->b[12] == 127 : memcmp(a, &one, sizeof(one)) == 0;
}

static struct ip_addr addr_of(const struct flow_table *t, uint32_t id)
{
	struct ip_addr a = { 0 };
	size_t len;
	const char *bytes = intern_text(t->addrs, id, &len);

	if (len == sizeof(a))
		memcpy(&a, bytes, sizeof(a));
	return a;
}

static uint64_t addr_hash(const struct flow_table *t, uint32_t id)
{
	struct ip_addr a = addr_of(t, id);

	return hash_bytes(&a, sizeof(a), t->hash_seed);
}

/* --- who is who --- */

/* The three kinds of who may be asked, as keys that never meet. */
static uint64_t who_process(const struct causes *c, uint32_t pid)
{
	return hash_mix(c->table->hash_seed ^ 1, pid) | 1;
}

static uint64_t who_address(uint64_t hash)
{
	return hash_mix(hash, 2) | 1;
}

static uint64_t who_host(const struct causes *c)
{
	return hash_mix(c->table->hash_seed, 3) | 1;
}

static struct endpoint *endpoint_of(const struct causes *c, const struct incoming *in,
				    const struct flow *f, uint64_t *key)
{
	const struct flow_table *t = c->table;
	uint32_t netns = t->places[f->place < t->n_places ? f->place : 0].netns;
	uint64_t words = (uint64_t)netns << 32 | (uint32_t)in->server_port << 8 |
			 in->msg->transport;

	*key = hash_mix(in->server_hash, words) | 1;
	return &c->endpoints[(*key >> 1) % ENDPOINTS];
}

/* --- open questions --- */

static void close_question(struct causes *c, struct flow *f, uint32_t seq)
{
	questions_close(&c->open, seq);
	f->seen &= (uint8_t)~SEEN_OPEN;
}

static void open_question(struct causes *c, struct flow *f, uint32_t seq, uint64_t who,
			  uint32_t pid)
{
	struct dns_labels name;

	if (f->seen & SEEN_OPEN)
		close_question(c, f, seq);
	cause_labels(&name, c->table, f);
	if (name.n == 0)
		return;
	f->seen |= SEEN_OPEN;
	questions_open(&c->open, seq, cause_hash(c->table, &name, 0, who, CAUSE_NAME), pid);
	cause_add_above(&c->open, c->table, seq, &name, who);
}

/* A question that may be this host's to answer: of what process is not known. */
static void open_for_host(struct causes *c, struct flow *f, uint32_t seq)
{
	struct dns_labels name;

	c->host_answers = true;
	if (!(f->seen & SEEN_OPEN)) {
		open_question(c, f, seq, who_host(c), PID_OF_HOST);
		return;
	}
	cause_labels(&name, c->table, f);
	questions_add(&c->open, seq, cause_hash(c->table, &name, 0, who_host(c), CAUSE_NAME));
}

/* Whether this host asks anybody, lately. */
static bool host_asks(const struct causes *c, uint32_t seq)
{
	return c->host_asks && seq - c->host_asked_seq < SCAN_MAX;
}

/* Remembers a question if whom it is asked of asks others himself. */
static void remember(struct causes *c, const struct incoming *in, struct flow *f, uint32_t seq)
{
	uint64_t key, who = who_address(in->server_hash);
	const struct endpoint *e = endpoint_of(c, in, f, &key);
	bool loopback = is_loopback(in->server);
	const struct peer *p;
	uint32_t pid = 0;

	if (e->key == key) {
		pid = e->pid;
		who = who_process(c, pid);
	}
	p = peers_find(&c->peers, who);
	if (p && p->asks && (pid || !loopback))
		open_question(c, f, seq, who, pid);
	if (pid || in->msg->pid)
		return;
	if (loopback || (f->seen & SEEN_QUERY_IN && host_asks(c, seq)))
		open_for_host(c, f, seq);
}

/* --- links --- */

static void link_rows(struct causes *c, struct flow *f, uint32_t parent)
{
	struct flow_table *t = c->table;
	uint32_t lookup = flow_lookup(t, flow_table_row(t, parent), parent);
	struct flow_side *s = flow_table_side_make(t, f);
	struct flow_side *first;

	s->parent = parent;
	s->lookup = lookup;
	if (!flow_table_has(t, lookup))
		return;
	first = flow_lookup_side(t, lookup);
	if (first->upstream < UINT16_MAX)
		first->upstream++;
}

static void unlink_rows(struct causes *c, struct flow_side *s)
{
	struct flow_side *first;

	if (flow_table_has(c->table, s->lookup)) {
		first = flow_lookup_side(c->table, s->lookup);
		if (first->upstream > 0)
			first->upstream--;
	}
	s->parent = FLOW_NO_SEQ;
	s->lookup = FLOW_NO_SEQ;
}

/* Finds the cause of a query among the open questions of `who`. */
static bool find_cause(struct causes *c, struct flow *f, uint32_t seq, uint64_t who, bool exactly)
{
	uint32_t parent = cause_find(&c->open, c->table, f, seq, who, exactly);

	if (parent == FLOW_NO_SEQ)
		return false;
	link_rows(c, f, parent);
	return true;
}

/* --- looking again --- */

/* How far back or on rows may be looked at, of `want`. */
static uint32_t scan_room(struct causes *c, uint32_t want)
{
	uint32_t n = want < SCAN_MAX ? want : SCAN_MAX;

	if (n > c->credit)
		n = c->credit;
	c->credit -= n;
	return n;
}

static bool is_open(const struct flow *f)
{
	return f->service == SERVICE_DNS && f->marks & FLOW_HAS_QUESTION &&
	       !(f->marks & FLOW_SETTLED) && (f->state == FLOW_PENDING || f->state == FLOW_TIMEOUT);
}

/* An address that is asked turns out to ask: what it is asked at the moment is
 * remembered after all. */
static void remember_all(struct causes *c, const struct flow *query, uint32_t seq, uint64_t who)
{
	struct flow_table *t = c->table;
	uint32_t n = scan_room(c, seq - flow_table_oldest(t));

	for (uint32_t at = seq - n; at != seq; at++) {
		struct flow *f = flow_table_row(t, at);

		if (is_open(f) && f->server == query->client && !(f->seen & SEEN_OPEN))
			open_question(c, f, at, who, 0);
	}
}

/* The same of this host, when it begins to ask. */
static void remember_host(struct causes *c, uint32_t seq)
{
	struct flow_table *t = c->table;
	uint32_t n = scan_room(c, seq - flow_table_oldest(t));

	for (uint32_t at = seq - n; at != seq; at++) {
		struct flow *f = flow_table_row(t, at);

		if (is_open(f) && f->seen & SEEN_QUERY_IN && f->owner == INTERN_NONE &&
		    f->sightings == 1 && !f->unfollowed)
			open_for_host(c, f, at);
	}
}

/* A question's answer comes from another process than supposed, or is the first
 * to tell: all that are open there are taken to be this process', and what hangs
 * under the question, or could, is judged again. */
static void judge_again(struct causes *c, const struct flow *q, uint32_t seq, uint32_t pid)
{
	struct flow_table *t = c->table;
	uint64_t who = who_process(c, pid);
	uint32_t before = seq - flow_table_oldest(t) < SCAN_BEFORE ? seq - flow_table_oldest(t)
								   : SCAN_BEFORE;
	uint32_t n = scan_room(c, t->next_seq - seq + before);
	uint32_t from = seq - before;

	for (uint32_t at = from; at != from + n && pid; at++) {
		struct flow *f = flow_table_row(t, at);

		if ((at == seq || is_open(f)) && f->server == q->server && f->place == q->place &&
		    f->transport == q->transport && f->server_port == q->server_port)
			open_question(c, f, at, who, pid);
	}
	for (uint32_t at = from; at != from + n; at++) {
		struct flow *f = flow_table_row(t, at);
		uint32_t by = flow_owner_pid(t, f->owner);

		if (by == 0 || f->service != SERVICE_DNS)
			continue;
		if (by == pid)
			peers_asks(&c->peers, who, at);
		if (by != pid && flow_parent(t, f) == seq)
			unlink_rows(c, flow_table_side_make(t, f));
		else if (by != pid)
			continue;
		if (!flow_has_parent(t, f))
			find_cause(c, f, at, who_process(c, by), false);
	}
}

/* A question that was never answered, so that no process is known: the address
 * that it went to must do, and name and type must be the same. */
static void judge_by_address(struct causes *c, struct flow *q, uint32_t seq)
{
	struct flow_table *t = c->table;
	uint64_t who = who_address(addr_hash(t, q->server));
	uint32_t n = scan_room(c, t->next_seq - seq);

	open_question(c, q, seq, who, 0);
	for (uint32_t at = seq + 1; (int32_t)(at - (seq + n)) < 0; at++) {
		struct flow *f = flow_table_row(t, at);

		if (f->client == q->server && f->service == SERVICE_DNS && !flow_has_parent(t, f))
			find_cause(c, f, at, who, true);
	}
}

/* --- what happens --- */

void causes_fetch(const struct causes *c, const struct incoming *in)
{
	if (in->msg->pid)
		peers_fetch(&c->peers, who_process(c, in->msg->pid));
	peers_fetch(&c->peers, who_address(in->client_hash));
	peers_fetch(&c->peers, who_address(in->server_hash));
}

/* Looks for the cause where the sender is one who is asked, too. On loopback all
 * of the host have the same address, which tells nothing. */
static void find_parent(struct causes *c, const struct incoming *in, struct flow *f, uint32_t seq)
{
	bool loopback = is_loopback(in->client);
	uint64_t address = who_address(in->client_hash), process = who_process(c, in->msg->pid);
	const struct peer *host = loopback ? NULL : peers_find(&c->peers, address);
	bool first = host && !host->asks;

	if (host)
		peers_asks(&c->peers, address, seq);
	if (in->msg->pid) {
		peers_asks(&c->peers, process, seq);
		if (peers_find(&c->peers, process))
			find_cause(c, f, seq, process, false);
		return;
	}
	if (first)
		remember_all(c, f, seq, address);
	if (host && find_cause(c, f, seq, address, false))
		return;
	if (loopback || in->msg->direction == DIRECTION_IN)
		return;
	if (in->msg->direction == DIRECTION_OUT) {
		if (!host_asks(c, seq))
			remember_host(c, seq);
		c->host_asks = true;
		c->host_asked_seq = seq;
	}
	if (c->host_answers)
		find_cause(c, f, seq, who_host(c), true);
}

void causes_query_hop(struct causes *c, const struct incoming *in, struct flow *f, uint32_t seq)
{
	if (f->seen & SEEN_OPEN && questions_pid(&c->open, seq) == PID_OF_HOST &&
	    in->msg->direction == DIRECTION_OUT && !is_loopback(in->server))
		close_question(c, f, seq);
}

void causes_query(struct causes *c, const struct incoming *in, struct flow *f, uint32_t seq)
{
	if (f->service != SERVICE_DNS || !(f->marks & FLOW_HAS_QUESTION))
		return;
	if (c->credit < CREDIT_MAX)
		c->credit += SCAN_CREDIT;
	find_parent(c, in, f, seq);
	peers_serves(&c->peers, who_address(in->server_hash), seq);
	remember(c, in, f, seq);
}

/* Learns who answers there. */
static void learn_server(struct causes *c, const struct incoming *in, struct flow *f, uint32_t seq)
{
	uint64_t key, who = who_process(c, in->msg->pid);
	struct endpoint *e = endpoint_of(c, in, f, &key);
	uint32_t supposed = f->seen & SEEN_OPEN ? questions_pid(&c->open, seq) : 0;
	bool news = peers_serves(&c->peers, who, seq);
	const struct peer *p = peers_find(&c->peers, who);

	*e = (struct endpoint){ .key = key, .pid = in->msg->pid };
	if (supposed == in->msg->pid)
		return;
	if (supposed || news || (p->asks && (int32_t)(p->last_seq - seq) > 0))
		judge_again(c, f, seq, in->msg->pid);
}

/* What the answer to a query makes its resolver ask next is for the same cause. */
static void add_targets(struct causes *c, uint32_t parent, const struct incoming *in)
{
	const struct flow *q = flow_table_row(c->table, parent);
	uint32_t pid = questions_pid(&c->open, parent);
	uint64_t who = who_address(addr_hash(c->table, q->server));

	if (pid == PID_OF_HOST)
		return;
	cause_add_targets(&c->open, c->table, parent, in, pid ? who_process(c, pid) : who);
}

void causes_answer(struct causes *c, const struct incoming *in, struct flow *f, uint32_t seq)
{
	uint32_t parent;

	if (f->service != SERVICE_DNS)
		return;
	if (in->msg->pid)
		learn_server(c, in, f, seq);
	else if (f->seen & SEEN_OPEN && in->msg->sighting == SIGHTING_HOP &&
		 questions_pid(&c->open, seq))
		judge_again(c, f, seq, 0); /* nobody here answered it */
	if (f->seen & SEEN_OPEN)
		close_question(c, f, seq);
	parent = flow_parent(c->table, f);
	if (parent != FLOW_NO_SEQ && flow_table_has(c->table, parent) &&
	    flow_table_row(c->table, parent)->seen & SEEN_OPEN)
		add_targets(c, parent, in);
}

/* Whether a question that was never answered was asked of an address from which
 * something was asked since. */
static bool asked_since(const struct causes *c, const struct flow *f, uint32_t seq)
{
	struct ip_addr server = addr_of(c->table, f->server);
	const struct peer *p;

	if (f->state != FLOW_TIMEOUT || f->owner == INTERN_NONE || f->seen & SEEN_OPEN ||
	    f->service != SERVICE_DNS || !(f->marks & FLOW_HAS_QUESTION) || is_loopback(&server))
		return false;
	p = peers_find(&c->peers, who_address(addr_hash(c->table, f->server)));
	return p && p->asks && (int32_t)(p->last_seq - seq) > 0;
}

void causes_settle(struct causes *c, struct flow *f, uint32_t seq)
{
	if (asked_since(c, f, seq))
		judge_by_address(c, f, seq);
	if (f->seen & SEEN_OPEN)
		close_question(c, f, seq);
}
