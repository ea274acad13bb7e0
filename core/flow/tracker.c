/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/tracker.h"

#include <stdlib.h>
#include <string.h>

#include "core/dns/prepare.h"
#include "core/flow/lifecycle.h"
#include "core/flow/lookup.h"
#include "core/flow/multicast.h"
#include "core/flow/packets.h"
#include "core/flow/pair.h"
#include "core/flow/record.h"
#include "core/flow/twin.h"

#define OPCODE_DSO 6 /* RFC 8490 */

/* So many messages are held back, so that what their look-ups read is on its
 * way from memory while others are worked on. */
#define HELD 16u
/* A longer message is worked on at once, as it would take long to copy: EDNS
 * keeps UDP below this (RFC 9715). */
#define HELD_WIRE 1400u

/* A message between its arrival and its turn. */
struct held {
	struct incoming in; /* of what was given, where it stays; else of the copies */
	enum dns_parse result;
	struct dns_msg msg;
	struct dns_prepared prepared;
	char ifname[16];
	uint8_t wire[HELD_WIRE];
};

struct tracker {
	struct flow_table *table;
	struct pairing pairing;
	struct lifecycle life;
	struct lookups lookups;
	struct multicast multicast;
	struct twins twins;
	struct tracker_config cfg;
	struct owner_memo owner; /* of who asked */
	struct owner_memo server_owner;
	struct tracker_stats stats;
	bool keep_wire;      /* the bytes of what is held will be asked for */
	uint32_t held_first; /* counts messages; modulo HELD a place in held */
	uint32_t held_end;
	struct held held[HELD];
	struct dns_prepared long_one;
	struct packets packets;
};

/* A row settles: what waits for it is told before the user is. */
static void row_settled(void *ctx, const struct flow *f, uint32_t seq)
{
	struct tracker *tr = ctx;

	if (!tr->cfg.no_lookups)
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
	life.settled = row_settled;
	life.ctx = tr;
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

/* The oldest row is about to leave. */
static void row_leave(struct tracker *tr, uint32_t seq)
{
	lifecycle_settle(&tr->life, flow_table_row(tr->table, seq), seq);
	pair_leave(&tr->pairing, seq);
}

/* Where strings are long, fewer rows are kept, but those with their names. */
static void make_room(struct tracker *tr)
{
	struct flow_table *t = tr->table;

	flow_table_sweep(t);
	if (!flow_table_tight(t))
		return;
	for (uint32_t n = t->count / 8; n > 0; n--) {
		row_leave(tr, flow_table_oldest(t));
		flow_table_evict(t);
	}
	flow_table_sweep(t);
}

static struct flow *row_add(struct tracker *tr, uint32_t *seq)
{
	if (tr->table->next_seq % FLOW_TABLE_ASK == 0 && flow_table_crowded(tr->table))
		make_room(tr);
	if (flow_table_victim(tr->table, seq))
		row_leave(tr, *seq);
	return flow_table_add(tr->table, seq);
}

static void row_attempt(struct tracker *tr, struct flow *f, uint32_t seq, const struct dns_msg *msg)
{
	tr->stats.retries++;
	record_attempt(tr->table, f, msg);
	/* One that its answer overtook changes no more than the counts. */
	if (f->state != FLOW_ANSWERED)
		lifecycle_reopen(&tr->life, f, seq);
}

/* *row is the row's; of a new one it is set, to FLOW_NO_SEQ where none is made. */
static inline void take_query(struct tracker *tr, struct incoming *in, enum pair_query verdict,
			      uint32_t *row, bool bad_records)
{
	struct flow_table *t = tr->table;
	uint64_t response_ns;
	uint32_t seq = *row;
	struct flow *f;

	switch (verdict) {
	case PAIR_QUERY_NEW:
		if (in->msg->half && in->msg->drop_reason) {
			tr->stats.halves++;
			*row = FLOW_NO_SEQ;
			return;
		}
		f = row_add(tr, &seq);
		*row = seq;
		f->state = FLOW_PENDING;
		record_key(t, f, in);
		record_query(t, &tr->owner, f, in, bad_records);
		pair_enter(&tr->pairing, in, f, seq);
		lifecycle_begin(&tr->life, f, seq);
		if (f->transport == TRANSPORT_TCP)
			twins_query(&tr->twins, t, in, f, seq);
		if (!tr->cfg.no_lookups)
			lookups_query(&tr->lookups, in, f, seq);
		tr->stats.causes_lost = tr->lookups.causes.open.full;
		break;
	case PAIR_QUERY_ATTEMPT:
		row_attempt(tr, flow_table_row(t, seq), seq, in->msg);
		break;
	case PAIR_QUERY_HOP:
		tr->stats.hops++;
		tr->stats.query_hops++;
		f = flow_table_row(t, seq);
		record_query_hop(t, &tr->owner, f, in->msg);
		if (!tr->cfg.no_lookups)
			lookups_query_hop(&tr->lookups, in, f, seq);
		break;
	case PAIR_QUERY_OVERTAKEN:
		f = flow_table_row(t, seq);
		response_ns = f->ts_ns;
		lifecycle_adopt(&tr->life, f, seq);
		record_key(t, f, in);
		record_query(t, &tr->owner, f, in, bad_records);
		if (!tr->cfg.no_lookups)
			lookups_query(&tr->lookups, in, f, seq);
		lifecycle_answer(&tr->life, f, seq, response_ns);
		break;
	}
}

static void feed_query(struct tracker *tr, struct incoming *in, bool bad_records, uint32_t *seq)
{
	enum pair_query verdict = pair_query(&tr->pairing, in, seq);

	take_query(tr, in, verdict, seq, bad_records);
}

/* One more message of a zone transfer. */
static void take_more(struct tracker *tr, struct flow *f, const struct incoming *in, uint32_t seq)
{
	tr->stats.continued++;
	record_more(tr->table, f, in);
	lifecycle_more(&tr->life, f, seq, in->msg->ts_ns);
}

/* The same of a response; returns what became of the packet. */
static inline enum packet_fate take_response(struct tracker *tr, struct incoming *in,
					     enum pair_response verdict, uint32_t *row,
					     bool bad_records)
{
	struct flow_table *t = tr->table;
	uint32_t seq = *row;
	struct flow *f;

	switch (verdict) {
	case PAIR_RESPONSE_STRAY:
		if (in->msg->half) {
			tr->stats.halves++;
			*row = FLOW_NO_SEQ;
			return PACKET_HALF;
		}
		f = row_add(tr, &seq);
		*row = seq;
		f->state = FLOW_UNSOLICITED;
		record_key(t, f, in);
		record_response(t, f, in, bad_records);
		record_server(t, &tr->server_owner, f, in->msg);
		pair_enter(&tr->pairing, in, f, seq);
		lifecycle_begin(&tr->life, f, seq);
		break;
	case PAIR_RESPONSE_ANSWER:
		f = flow_table_row(t, seq);
		record_server(t, &tr->server_owner, f, in->msg);
		if (in->msg->drop_reason) {
			record_response_lost(t, f, in->msg);
			break;
		}
		record_response(t, f, in, bad_records);
		lifecycle_answer(&tr->life, f, seq, in->msg->ts_ns);
		if (in->dns->flags & DNS_FLAG_TC && f->transport == TRANSPORT_UDP)
			twins_cut(&tr->twins, t, in, seq);
		if (!tr->cfg.no_lookups)
			lookups_answer(&tr->lookups, in, f, seq);
		break;
	case PAIR_RESPONSE_HOP:
		f = flow_table_row(t, seq);
		if (record_is_transfer(f) && record_continues(t, f, in->msg)) {
			take_more(tr, f, in, seq);
			break;
		}
		tr->stats.hops++;
		record_server(t, &tr->server_owner, f, in->msg);
		record_response_hop(t, f, in->msg);
		break;
	case PAIR_RESPONSE_AGAIN:
		f = flow_table_row(t, seq);
		if (record_is_transfer(f) && record_continues(t, f, in->msg)) {
			take_more(tr, f, in, seq);
		} else if (record_is_transfer(f)) {
			tr->stats.hops++;
		} else if (f->service != SERVICE_DNS) {
			tr->stats.responses_more++;
		} else {
			tr->stats.duplicates++;
			return PACKET_DUPLICATE;
		}
		break;
	}
	return PACKET_RESPONSE;
}

static enum packet_fate feed_response(struct tracker *tr, struct incoming *in, bool bad_records,
				      uint32_t *seq)
{
	enum pair_response verdict = pair_response(&tr->pairing, in, seq);

	return take_response(tr, in, verdict, seq, bad_records);
}

/* A message of which multicast.c makes rows. */
struct multicast_message {
	struct tracker *tr;
	bool bad_records;
	uint32_t seq; /* the last of its rows, or FLOW_NO_SEQ */
};

static void multicast_query_row(void *ctx, struct incoming *in, enum pair_query verdict,
				uint32_t *seq)
{
	struct multicast_message *m = ctx;

	take_query(m->tr, in, verdict, seq, m->bad_records);
	m->seq = *seq;
}

static void multicast_response_row(void *ctx, struct incoming *in, enum pair_response verdict,
				   uint32_t *seq)
{
	struct multicast_message *m = ctx;

	take_response(m->tr, in, verdict, seq, m->bad_records);
	m->seq = *seq;
}

/* False: no multicast, though its ports are. */
static bool feed_multicast(struct tracker *tr, const struct incoming *in, bool bad_records,
			   uint32_t *seq)
{
	struct multicast_message message = {
		.tr = tr,
		.bad_records = bad_records,
		.seq = FLOW_NO_SEQ,
	};
	const struct multicast_fns fns = {
		.query = multicast_query_row,
		.response = multicast_response_row,
		.ctx = &message,
	};
	bool taken = in->dns->flags & DNS_FLAG_QR ? multicast_response(&tr->multicast, in, &fns)
						  : multicast_query(&tr->multicast, in, &fns);

	tr->stats.multicast_lost = tr->multicast.lost;
	*seq = message.seq;
	return taken;
}

/* DSO's one-way messages: id 0, RFC 8490, 5.4. */
static bool expects_no_response(const struct dns_parsed *dns)
{
	return DNS_OPCODE(dns->flags) == OPCODE_DSO && dns->id == 0;
}

/* Stage one, at its arrival: understands the message, if nobody has, and fetches
 * ahead where the look-ups will begin. */
static void held_take(struct tracker *tr, struct held *h, const struct dns_msg *msg,
		      const struct dns_prepared *prepared)
{
	tr->stats.messages++;
	if (msg->wire_orig > msg->wire_len)
		tr->stats.cut++;
	h->result = prepared->result;
	h->in.msg = msg;
	h->in.id = prepared->dns.id;
	if (h->result == DNS_BAD) {
		/* A further sighting is told by no more. */
		if (msg->wire && msg->wire_len >= 2)
			h->in.id = (uint16_t)(msg->wire[0] << 8 | msg->wire[1]);
		return;
	}
	pair_begin(&tr->pairing, &h->in, msg, prepared);
	if (!(prepared->dns.flags & DNS_FLAG_QR) && !tr->cfg.no_lookups)
		lookups_fetch(&tr->lookups, &h->in);
}

/* What msg points to is not ours to keep. */
static void held_copy_ifname(struct held *h, const struct dns_msg *msg)
{
	if (!msg->ifname)
		return;
	strncpy(h->ifname, msg->ifname, sizeof(h->ifname));
	h->msg.ifname = h->ifname;
}

static void held_copy(const struct tracker *tr, struct held *h, const struct dns_msg *msg)
{
	h->msg = *msg;
	dns_prepare(&h->prepared, msg, tr->table->hash_seed);
	if (tr->keep_wire || multicast_port(msg->src_port) || multicast_port(msg->dst_port))
		memcpy(h->wire, msg->wire, msg->wire_len);
	h->msg.wire = h->wire;
	held_copy_ifname(h, msg);
}

/* Of a further sighting there is nothing to understand, nor to fetch ahead. */
static void held_again(struct tracker *tr, struct held *h, const struct dns_msg *msg)
{
	tr->stats.messages++;
	h->msg = *msg;
	held_copy_ifname(h, msg);
	h->result = DNS_BAD;
	h->in.msg = &h->msg;
	h->in.id = (uint16_t)(msg->wire[0] << 8 | msg->wire[1]);
}

/* Stage two, some messages later: what the slots point at. */
static void held_fetch(const struct tracker *tr, struct held *h)
{
	if (h->result != DNS_BAD)
		pair_fetch_rows(&tr->pairing, &h->in);
}

/* It is never prepared, so h has a copy. */
static void feed_again(struct tracker *tr, struct held *h)
{
	const struct packet_row *r = packets_find(&tr->packets, &h->msg, h->in.id);
	enum packet_fate fate = r ? r->fate : PACKET_UNKNOWN;
	struct flow *f = NULL;

	if (r && flow_table_has(tr->table, r->seq)) {
		f = flow_table_row(tr->table, r->seq);
		h->msg.src = r->src;
		h->msg.dst = r->dst;
		h->msg.src_port = r->src_port;
		h->msg.dst_port = r->dst_port;
	}
	/* What one of many hearers threw away is no loss. */
	if (f && f->service != SERVICE_DNS && h->msg.drop_reason)
		f = NULL;
	switch (fate) {
	case PACKET_QUERY:
		tr->stats.queries++;
		tr->stats.query_hops++;
		if (f)
			record_query_hop(tr->table, &tr->owner, f, &h->msg);
		break;
	case PACKET_RESPONSE:
		tr->stats.responses++;
		if (f)
			record_response_hop(tr->table, f, &h->msg);
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

static enum packet_fate held_fate(struct tracker *tr, struct held *h, uint32_t *seq)
{
	bool bad_records = h->result == DNS_BAD_RECORDS;
	bool response;

	*seq = 0;
	if (h->result == DNS_BAD) {
		tr->stats.malformed++;
		return PACKET_MALFORMED;
	}
	if (expects_no_response(h->in.dns)) {
		tr->stats.unpaired_opcodes++;
		return PACKET_UNPAIRED;
	}
	if (bad_records)
		tr->stats.bad_records++;
	response = h->in.dns->flags & DNS_FLAG_QR;
	(*(response ? &tr->stats.responses : &tr->stats.queries))++;
	if (multicast_ports(&h->in) && feed_multicast(tr, &h->in, bad_records, seq))
		return *seq == FLOW_NO_SEQ ? PACKET_UNKNOWN
		       : response          ? PACKET_RESPONSE
					   : PACKET_QUERY;
	if (response)
		return feed_response(tr, &h->in, bad_records, seq);
	feed_query(tr, &h->in, bad_records, seq);
	return PACKET_QUERY;
}

/* Stage three: its turn. */
static void held_work(struct tracker *tr, struct held *h)
{
	enum packet_fate fate;
	uint32_t seq;

	lifecycle_follow(&tr->life, h->in.msg->ts_ns);
	if (h->in.msg->again) {
		feed_again(tr, h);
		return;
	}
	fate = held_fate(tr, h, &seq);
	packets_note(&tr->packets, h->in.msg, h->in.id, fate, seq);
}

void tracker_flush(struct tracker *tr)
{
	while (tr->held_first != tr->held_end)
		held_work(tr, &tr->held[tr->held_first++ % HELD]);
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
		pair_begin(&tr->pairing, &in, msg, &tr->long_one);
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

void tracker_feed(struct tracker *tr, const struct dns_msg *msg)
{
	struct held *h = &tr->held[tr->held_end % HELD];
	bool stays = msg->prepared && msg->prepared->seed == tr->table->hash_seed;

	if (msg->quoted) {
		tracker_flush(tr);
		if (msg->reset)
			feed_reset(tr, msg);
		else
			feed_quoted(tr, msg);
		return;
	}
	/* What threw it away is told for the length of this call only. */
	if (!stays && (msg->wire_len > HELD_WIRE || msg->drop_by)) {
		tracker_flush(tr);
		h->msg = *msg;
		dns_prepare(&tr->long_one, msg, tr->table->hash_seed);
		held_take(tr, h, &h->msg, &tr->long_one);
		held_work(tr, h);
		return;
	}
	if (tr->held_end - tr->held_first == HELD)
		held_work(tr, &tr->held[tr->held_first++ % HELD]);
	if (msg->again) {
		held_again(tr, h, msg);
	} else if (stays) {
		held_take(tr, h, msg, msg->prepared);
	} else {
		held_copy(tr, h, msg);
		held_take(tr, h, &h->msg, &h->prepared);
	}
	tr->held_end++;
	if (tr->held_end - tr->held_first > HELD / 2)
		held_fetch(tr, &tr->held[(tr->held_end - HELD / 2) % HELD]);
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
