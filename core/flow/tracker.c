/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/tracker.h"

#include <stdlib.h>

#include "core/dns/wire.h"
#include "core/flow/pair.h"
#include "core/flow/record.h"
#include "core/flow/sighting.h"
#include "core/flow/waiting.h"

#define OPCODE_DSO 6 /* RFC 8490 */
#define TYPE_IXFR  251
#define TYPE_AXFR  252

struct tracker {
	struct flow_table *table;
	struct tracker_config cfg;
	uint64_t now_ns;
	uint64_t next_due_ns; /* no row is due before this */
	struct pairing pairing;
	struct waiting waiting;
	struct owner_memo owner;
	struct tracker_stats stats;
	struct dns_parsed parsed; /* of the message at hand */
};

struct tracker *tracker_new(struct flow_table *table, const struct tracker_config *cfg)
{
	struct tracker *tr = calloc(1, sizeof(*tr));

	if (!tr)
		return NULL;
	tr->table = table;
	tr->cfg = *cfg;
	if (tr->cfg.timeout_ns == 0)
		tr->cfg.timeout_ns = TRACKER_TIMEOUT_NS;
	tr->next_due_ns = UINT64_MAX;
	if (pair_init(&tr->pairing, table) < 0 || waiting_init(&tr->waiting, table->capacity) < 0) {
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
	waiting_fini(&tr->waiting);
	free(tr);
}

/* The list that a row which has not settled is on. */
static enum waiting_for waiting_list(const struct flow *f)
{
	switch (f->state) {
	case FLOW_ANSWERED:
		return WAITING_HOPS;
	case FLOW_TIMEOUT:
		return WAITING_LATE;
	case FLOW_UNSOLICITED:
		return WAITING_QUERY;
	default:
		return WAITING_ANSWER;
	}
}

static uint64_t waiting_since(const struct flow *f)
{
	return f->marks & FLOW_HAS_RESPONSE ? flow_response_ns(f) : flow_attempt_ns(f);
}

/* When its waiting has an end; 0, at once, for a row of a future that a step
 * of the clock took back. */
static uint64_t waiting_until(const struct tracker *tr, const struct flow *f)
{
	const uint64_t patience[WAITING_LISTS] = {
		[WAITING_ANSWER] = tr->cfg.timeout_ns,
		[WAITING_LATE] = 2 * tr->cfg.timeout_ns,
		[WAITING_HOPS] = TRACKER_SETTLE_HOPS_NS,
		[WAITING_QUERY] = TRACKER_OVERTAKEN_NS,
	};
	uint64_t since_ns = waiting_since(f), until_ns = since_ns + patience[waiting_list(f)];

	if (since_ns > tr->now_ns && since_ns - tr->now_ns > 2 * tr->cfg.timeout_ns)
		return 0;
	return until_ns < since_ns ? UINT64_MAX : until_ns;
}

static void row_wait(struct tracker *tr, const struct flow *f, uint32_t seq)
{
	uint64_t until_ns = waiting_until(tr, f);

	waiting_append(&tr->waiting, waiting_list(f), seq);
	if (until_ns < tr->next_due_ns)
		tr->next_due_ns = until_ns;
}

/* Before a change of state. */
static void row_stop_waiting(struct tracker *tr, const struct flow *f, uint32_t seq)
{
	if (!(f->marks & FLOW_SETTLED))
		waiting_remove(&tr->waiting, waiting_list(f), seq);
}

static void row_settle(struct tracker *tr, struct flow *f, uint32_t seq)
{
	row_stop_waiting(tr, f, seq);
	f->marks |= FLOW_SETTLED;
	if (f->state == FLOW_UNSOLICITED)
		tr->stats.unsolicited++;
	if (tr->cfg.settled)
		tr->cfg.settled(tr->cfg.ctx, f, seq);
}

static void row_time_out(struct tracker *tr, struct flow *f, uint32_t seq)
{
	row_stop_waiting(tr, f, seq);
	f->state = FLOW_TIMEOUT;
	if (!(f->seen & SEEN_TIMEOUT))
		tr->stats.timeouts++;
	f->seen |= SEEN_TIMEOUT;
	row_wait(tr, f, seq);
}

static uint32_t seq_at(const struct flow_table *t, uint32_t place)
{
	uint32_t newest = t->next_seq - 1;

	return newest - ((newest - place) & (t->capacity - 1));
}

/* Ends what has waited long enough, in the order in which it was due, so that
 * the rows come out alike however often time is told. */
static void rows_run(struct tracker *tr)
{
	while (tr->now_ns >= tr->next_due_ns) {
		struct flow *due = NULL;
		uint32_t seq = FLOW_NO_SEQ;

		tr->next_due_ns = UINT64_MAX;
		for (int list = 0; list < WAITING_LISTS; list++) {
			uint32_t place = waiting_first(&tr->waiting, (enum waiting_for)list);

			if (place == WAITING_END)
				continue;

			struct flow *f = &tr->table->rows[place];
			uint64_t until_ns = waiting_until(tr, f);

			if (due && until_ns >= tr->next_due_ns)
				continue;
			tr->next_due_ns = until_ns;
			due = f;
			seq = seq_at(tr->table, place);
		}
		if (!due || tr->now_ns < tr->next_due_ns)
			return;
		if (due->state == FLOW_PENDING)
			row_time_out(tr, due, seq);
		else
			row_settle(tr, due, seq);
	}
}

void tracker_advance(struct tracker *tr, uint64_t now_ns)
{
	if (now_ns > tr->now_ns)
		tr->now_ns = now_ns;
	rows_run(tr);
}

static void clock_follow(struct tracker *tr, uint64_t ts_ns)
{
	if (ts_ns < tr->now_ns && tr->now_ns - ts_ns > 2 * tr->cfg.timeout_ns) {
		tr->now_ns = ts_ns;
		tr->next_due_ns = 0;
	}
	tracker_advance(tr, ts_ns);
}

static struct flow *row_add(struct tracker *tr, uint32_t *seq)
{
	const struct flow *victim = flow_table_victim(tr->table, seq);

	if (victim) {
		if (!(victim->marks & FLOW_SETTLED))
			row_settle(tr, flow_table_row(tr->table, *seq), *seq);
		pair_leave(&tr->pairing, *seq);
	}
	return flow_table_add(tr->table, seq);
}

static void row_answer(struct tracker *tr, struct flow *f, uint32_t seq, uint64_t ts_ns)
{
	row_stop_waiting(tr, f, seq);
	if (f->seen & SEEN_TIMEOUT) {
		f->marks |= FLOW_LATE;
		tr->stats.late++;
	}
	f->state = FLOW_ANSWERED;
	f->marks &= (uint16_t)~FLOW_SETTLED;
	f->latency_ns = ts_ns > f->ts_ns ? ts_ns - f->ts_ns : 0;
	tr->stats.paired++;
	row_wait(tr, f, seq);
}

static void row_attempt(struct tracker *tr, struct flow *f, uint32_t seq, const struct dns_msg *msg)
{
	tr->stats.retries++;
	/* One that its answer overtook changes no more than the count. */
	if (f->state == FLOW_ANSWERED) {
		record_attempt(f, msg);
		return;
	}
	row_stop_waiting(tr, f, seq);
	f->state = FLOW_PENDING;
	record_attempt(f, msg);
	row_wait(tr, f, seq);
}

static void feed_query(struct tracker *tr, struct incoming *in, bool bad_records)
{
	struct flow_table *t = tr->table;
	uint64_t response_ns;
	struct flow *f;
	uint32_t seq;

	tr->stats.queries++;
	switch (pair_query(&tr->pairing, in, &seq)) {
	case PAIR_QUERY_NEW:
		f = row_add(tr, &seq);
		f->state = FLOW_PENDING;
		record_key(t, f, in);
		record_query(t, &tr->owner, f, in, bad_records);
		pair_enter(&tr->pairing, in, f, seq);
		row_wait(tr, f, seq);
		break;
	case PAIR_QUERY_ATTEMPT:
		row_attempt(tr, flow_table_row(t, seq), seq, in->msg);
		break;
	case PAIR_QUERY_HOP:
		tr->stats.hops++;
		record_query_hop(t, &tr->owner, flow_table_row(t, seq), in->msg);
		break;
	case PAIR_QUERY_OVERTAKEN:
		f = flow_table_row(t, seq);
		response_ns = f->ts_ns;
		row_stop_waiting(tr, f, seq);
		f->marks |= FLOW_SETTLED; /* on no list */
		f->state = FLOW_PENDING;
		record_key(t, f, in);
		record_query(t, &tr->owner, f, in, bad_records);
		row_answer(tr, f, seq, response_ns);
		break;
	}
}

static bool is_transfer(const struct flow *f)
{
	return f->transport != TRANSPORT_UDP && (f->qtype == TYPE_AXFR || f->qtype == TYPE_IXFR);
}

static void feed_response(struct tracker *tr, struct incoming *in, bool bad_records)
{
	struct flow_table *t = tr->table;
	struct flow *f;
	uint32_t seq;

	tr->stats.responses++;
	switch (pair_response(&tr->pairing, in, &seq)) {
	case PAIR_RESPONSE_STRAY:
		f = row_add(tr, &seq);
		f->state = FLOW_UNSOLICITED;
		record_key(t, f, in);
		record_response(t, f, in, bad_records);
		pair_enter(&tr->pairing, in, f, seq);
		row_wait(tr, f, seq);
		break;
	case PAIR_RESPONSE_ANSWER:
		f = flow_table_row(t, seq);
		record_response(t, f, in, bad_records);
		row_answer(tr, f, seq, in->msg->ts_ns);
		break;
	case PAIR_RESPONSE_HOP:
		tr->stats.hops++;
		record_response_hop(flow_table_row(t, seq), in->msg);
		break;
	case PAIR_RESPONSE_AGAIN:
		f = flow_table_row(t, seq);
		if (is_transfer(f)) {
			tr->stats.continued++;
			record_more(f, in);
		} else {
			tr->stats.duplicates++;
		}
		break;
	}
}

/* DSO's one-way messages: id 0, RFC 8490, 5.4. */
static bool expects_no_response(const struct dns_parsed *dns)
{
	return DNS_OPCODE(dns->flags) == OPCODE_DSO && dns->id == 0;
}

void tracker_feed(struct tracker *tr, const struct dns_msg *msg)
{
	struct incoming in = { 0 };
	enum dns_parse result;

	tr->stats.messages++;
	if (msg->wire_orig > msg->wire_len)
		tr->stats.cut++;
	clock_follow(tr, msg->ts_ns);
	if (msg->wire_len < DNS_HEADER_LEN) {
		tr->stats.malformed++;
		return;
	}
	pair_begin(&tr->pairing, &in, msg, &tr->parsed);
	result = dns_parse(msg->wire, msg->wire_len, msg->wire_orig, &tr->parsed);
	if (result == DNS_BAD) {
		tr->stats.malformed++;
		return;
	}
	if (expects_no_response(&tr->parsed)) {
		tr->stats.unpaired_opcodes++;
		return;
	}
	if (result == DNS_BAD_RECORDS)
		tr->stats.bad_records++;
	if (tr->parsed.flags & DNS_FLAG_QR)
		feed_response(tr, &in, result == DNS_BAD_RECORDS);
	else
		feed_query(tr, &in, result == DNS_BAD_RECORDS);
}

void tracker_finish(struct tracker *tr)
{
	rows_run(tr);
	for (uint32_t i = 0; i < tr->table->count; i++) {
		uint32_t seq = flow_table_oldest(tr->table) + i;
		struct flow *f = flow_table_row(tr->table, seq);

		if (!(f->marks & FLOW_SETTLED))
			row_settle(tr, f, seq);
	}
}

void tracker_clear(struct tracker *tr)
{
	pair_clear(&tr->pairing);
	waiting_clear(&tr->waiting);
	tr->next_due_ns = UINT64_MAX;
}

uint64_t tracker_now(const struct tracker *tr)
{
	return tr->now_ns;
}

const struct tracker_stats *tracker_stats(const struct tracker *tr)
{
	return &tr->stats;
}
