/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "core/base/fetch.h"
#include "core/flow/tracker_internal.h"

/* A row settles: what waits for it is told before the user is. */
static void row_settled(void *ctx, const struct flow *f, uint32_t seq)
{
	struct tracker *tr = ctx;

	lookups_settle(&tr->lookups, flow_table_row(tr->table, seq), seq);
	if (tr->cfg.settled)
		tr->cfg.settled(tr->cfg.ctx, f, seq);
}

struct tracker *tracker_new(struct flow_table *table, const struct tracker_config *cfg)
{
	struct tracker *tr = calloc(1, sizeof(*tr));
	struct tracker_config life = *cfg;

	if (!tr)
		return NULL;
	tr->cfg = *cfg;
	if (!cfg->no_lookups) {
		life.settled = row_settled;
		life.ctx = tr;
	}
	tr->table = table;
	multicast_init(&tr->multicast, table, cfg->timeout_ns);
	/* Lookups read what an answer says to ask next. */
	tr->keep_wire = store_keeps(table->store) || !cfg->no_lookups;
	if (pair_init(&tr->pairing, table, cfg->timeout_ns) < 0 ||
	    lookups_init(&tr->lookups, table) < 0 ||
	    lifecycle_init(&tr->life, table, &life, &tr->stats) < 0) {
		tracker_free(tr);
		return NULL;
	}
	return tr;
}

void tracker_free(struct tracker *tr)
{
	if (!tr)
		return;
	pair_fini(&tr->pairing);
	lifecycle_fini(&tr->life);
	lookups_fini(&tr->lookups);
	multicast_fini(&tr->multicast);
	free(tr);
}

static void feed_again(struct tracker *tr, const struct turn *turn)
{
	const struct packet_row *r = packets_find(&tr->packets, turn->in.msg, turn->in.id);
	struct dns_msg msg = *turn->in.msg;
	enum packet_fate fate = r ? r->fate : PACKET_UNKNOWN;
	struct flow *f = NULL;

	if (r && flow_table_has(tr->table, r->seq)) {
		f = flow_table_row(tr->table, r->seq);
		msg.src = r->src;
		msg.dst = r->dst;
		msg.src_port = r->src_port;
		msg.dst_port = r->dst_port;
	}
	/* What one of many hearers threw away is no loss. */
	if (f && f->service != SERVICE_DNS && msg.drop_reason)
		f = NULL;
	switch (fate) {
	case PACKET_QUERY:
		tr->stats.queries++;
		tr->stats.query_hops++;
		if (f)
			record_query_hop(tr->table, &tr->owner, f, &msg);
		break;
	case PACKET_RESPONSE:
		tr->stats.responses++;
		if (f)
			record_response_hop(tr->table, f, &msg);
		break;
	case PACKET_DUPLICATE:
		tr->stats.responses++;
		tr->stats.duplicates++;
		return;
	case PACKET_UNPAIRED:
		tr->stats.unpaired_opcodes++;
		return;
	case PACKET_MALFORMED:
		tr->stats.malformed++;
		return;
	case PACKET_HALF:
		tr->stats.halves++;
		return;
	case PACKET_UNKNOWN:
		break;
	}
	tr->stats.hops++;
}

/* An ICMP error becomes no row; it tells something of one, or nothing. */
static void feed_quoted(struct tracker *tr, const struct dns_msg *msg)
{
	bool response = false, found;
	struct incoming in;
	struct flow *f;
	uint32_t seq;

	tr->stats.icmp_errors++;
	lifecycle_follow(&tr->life, msg->ts_ns);
	if (msg->wire_len >= DNS_HEADER_LEN) {
		dns_prepare(&tr->long_one, msg, tr->table->hash_seed);
		pair_begin(&in, msg, &tr->long_one);
		response = in.client == &msg->dst;
		found = pair_quoted(&tr->pairing, &in, &seq);
	} else {
		seq = tr->table->next_seq;
		found = pair_quoted_ports(&tr->pairing, msg, &seq);
	}
	if (!found)
		return;
	f = flow_table_row(tr->table, seq);
	if (response ? f->marks & FLOW_HAS_RESPONSE : f->state != FLOW_ANSWERED)
		record_quoted(tr->table, f, msg, response);
}

/* Every question of the connection that waits. */
static void feed_reset(struct tracker *tr, const struct dns_msg *msg)
{
	uint32_t seq = tr->table->next_seq;

	lifecycle_follow(&tr->life, msg->ts_ns);
	while (pair_quoted_ports(&tr->pairing, msg, &seq)) {
		struct flow *f = flow_table_row(tr->table, seq);

		if (f->state == FLOW_PENDING)
			record_quoted(tr->table, f, msg, false);
	}
}

static void feed_quote(struct tracker *tr, const struct dns_msg *msg)
{
	if (msg->reset)
		feed_reset(tr, msg);
	else
		feed_quoted(tr, msg);
}

/* --- a message's turn --- */

/* Whether there is anything to look up. */
static bool is_paired(const struct dns_msg *msg)
{
	return !msg->quoted && !msg->again && msg->prepared->result != DNS_BAD;
}

/* Stage one: fetches ahead where the look-ups begin. */
static void turn_fetch(const struct tracker *tr, const struct dns_msg *msg)
{
	if (is_paired(msg))
		pair_fetch(&tr->pairing, msg, msg->prepared);
}

/* Of a message that was not understood: a further sighting is told by no more. */
static uint16_t bad_id(const struct dns_msg *msg)
{
	if (msg->wire && msg->wire_len >= 2)
		return (uint16_t)(msg->wire[0] << 8 | msg->wire[1]);
	return msg->prepared ? msg->prepared->dns.id : 0;
}

/* Stage two: what is at those places. */
static void turn_begin(struct tracker *tr, struct turn *turn, const struct dns_msg *msg)
{
	turn->in.msg = msg;
	turn->result = DNS_BAD;
	if (is_paired(msg)) {
		turn->result = msg->prepared->result;
		pair_begin(&turn->in, msg, msg->prepared);
		pair_fetch_rows(&tr->pairing, &turn->in);
		if (!tr->cfg.no_lookups && !(turn->in.dns->flags & DNS_FLAG_QR))
			lookups_fetch(&tr->lookups, &turn->in);
	} else if (!msg->quoted) {
		turn->in.id = bad_id(msg);
	}
}

/* Stage three. */
static void turn_work(struct tracker *tr, struct turn *turn)
{
	const struct dns_msg *msg = turn->in.msg;
	enum packet_fate fate;
	uint32_t seq;

	if (msg->quoted) {
		feed_quote(tr, msg);
		return;
	}
	tr->stats.messages++;
	lifecycle_follow(&tr->life, msg->ts_ns);
	if (msg->again) {
		feed_again(tr, turn);
		return;
	}
	if (msg->wire_orig > msg->wire_len)
		tr->stats.cut++;
	fate = tracker_take(tr, &turn->in, turn->result, &seq);
	packets_note(&tr->packets, msg, turn->in.id, fate, seq);
}

static void group_fetch(const struct tracker *tr, const struct dns_msg *const *msgs, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		turn_fetch(tr, msgs[i]);
}

static void group_begin(struct tracker *tr, const struct dns_msg *const *msgs, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		turn_begin(tr, &tr->turns[i], msgs[i]);
}

/* Another CPU has written it. */
static void message_fetch(const struct dns_msg *msg)
{
	fetch_bytes(msg, DNS_PREPARED_TYPICAL);
}

static uint32_t group_of(uint32_t n)
{
	return n < GROUP ? n : GROUP;
}

/* While one group is worked on, where the next one's look-ups begin is on its way, and
 * so are the messages of the one after that. */
void tracker_feed_batch(struct tracker *tr, const struct dns_msg *const *msgs, uint32_t n)
{
	uint32_t n_now;

	tracker_flush(tr);
	for (uint32_t i = 0; i < n && i < 2 * GROUP; i++)
		message_fetch(msgs[i]);
	group_fetch(tr, msgs, group_of(n));
	for (; n; n -= n_now) {
		n_now = group_of(n);
		group_begin(tr, msgs, n_now);
		group_fetch(tr, msgs + n_now, group_of(n - n_now));
		for (uint32_t i = 0; i < n_now; i++) {
			if (i + 2 * GROUP < n)
				message_fetch(msgs[i + 2 * GROUP]);
			turn_work(tr, &tr->turns[i]);
		}
		msgs += n_now;
	}
}

/* --- what comes one by one --- */

void tracker_flush(struct tracker *tr)
{
	uint32_t n = tr->n_held;

	tr->n_held = 0;
	group_fetch(tr, tr->held, n);
	group_begin(tr, tr->held, n);
	for (uint32_t i = 0; i < n; i++)
		turn_work(tr, &tr->turns[i]);
}

/* What msg points to is not ours to keep. */
static const struct dns_msg *held_copy(const struct tracker *tr, struct held *h,
				       const struct dns_msg *msg)
{
	h->msg = *msg;
	h->msg.wire = h->wire;
	if (msg->ifname)
		h->msg.ifname = strncpy(h->ifname, msg->ifname, sizeof(h->ifname));
	if (msg->again) {
		memcpy(h->wire, msg->wire, 2);
		return &h->msg;
	}
	h->msg.prepared = &h->prepared;
	dns_prepare(&h->prepared, msg, tr->table->hash_seed);
	if (tr->keep_wire || multicast_port(msg->src_port) || multicast_port(msg->dst_port))
		memcpy(h->wire, msg->wire, msg->wire_len);
	return &h->msg;
}

/* A message that is long, or of which is told for the length of this call only what
 * threw it away. */
static void feed_now(struct tracker *tr, const struct dns_msg *msg)
{
	struct dns_msg prepared = *msg;

	tracker_flush(tr);
	prepared.prepared = &tr->long_one;
	dns_prepare(&tr->long_one, msg, tr->table->hash_seed);
	turn_begin(tr, &tr->turns[0], &prepared);
	turn_work(tr, &tr->turns[0]);
}

void tracker_feed(struct tracker *tr, const struct dns_msg *msg)
{
	bool stays = msg->prepared && msg->prepared->seed == tr->table->hash_seed;

	if (msg->quoted) {
		tracker_flush(tr);
		feed_quote(tr, msg);
	} else if (!stays && (msg->wire_len > HELD_WIRE || msg->drop_by)) {
		feed_now(tr, msg);
	} else {
		tr->held[tr->n_held] = stays ? msg : held_copy(tr, &tr->copies[tr->n_held], msg);
		tr->n_held++;
	}
	if (tr->n_held == GROUP)
		tracker_flush(tr);
}

void tracker_advance(struct tracker *tr, uint64_t now_ns)
{
	tracker_flush(tr);
	lifecycle_advance(&tr->life, now_ns);
}

void tracker_finish(struct tracker *tr)
{
	tracker_flush(tr);
	for (uint32_t seq = flow_table_oldest(tr->table); seq != tr->table->next_seq; seq++)
		lifecycle_settle(&tr->life, flow_table_row(tr->table, seq), seq);
}

void tracker_clear(struct tracker *tr)
{
	tracker_flush(tr);
	pair_clear(&tr->pairing);
	lifecycle_clear(&tr->life);
	lookups_clear(&tr->lookups);
	multicast_clear(&tr->multicast);
	tr->twins = (struct twins){ 0 };
}

uint64_t tracker_now(const struct tracker *tr)
{
	return tr->life.now_ns;
}

const struct tracker_stats *tracker_stats(const struct tracker *tr)
{
	return &tr->stats;
}
