/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/tracker_internal.h"

#define OPCODE_DSO 6 /* RFC 8490 */

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

enum packet_fate tracker_take(struct tracker *tr, struct incoming *in, enum dns_parse result,
			      uint32_t *seq)
{
	bool bad_records = result == DNS_BAD_RECORDS;
	bool response;

	*seq = 0;
	if (result == DNS_BAD) {
		tr->stats.malformed++;
		return PACKET_MALFORMED;
	}
	if (expects_no_response(in->dns)) {
		tr->stats.unpaired_opcodes++;
		return PACKET_UNPAIRED;
	}
	if (bad_records)
		tr->stats.bad_records++;
	response = in->dns->flags & DNS_FLAG_QR;
	(*(response ? &tr->stats.responses : &tr->stats.queries))++;
	if (multicast_ports(in) && feed_multicast(tr, in, bad_records, seq))
		return *seq == FLOW_NO_SEQ ? PACKET_UNKNOWN
		       : response          ? PACKET_RESPONSE
					   : PACKET_QUERY;
	if (response)
		return feed_response(tr, in, bad_records, seq);
	feed_query(tr, in, bad_records, seq);
	return PACKET_QUERY;
}
