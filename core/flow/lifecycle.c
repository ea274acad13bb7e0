/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/lifecycle.h"

#include <stdbool.h>

#include "core/base/fetch.h"
#include "core/dns/wire.h"
#include "core/flow/record.h"
#include "core/flow/sighting.h"

static void due_set_all(struct lifecycle *l, uint64_t due_ns)
{
	for (int list = 0; list < WAITING_LISTS; list++)
		l->due_ns[list] = due_ns;
	l->next_due_ns = due_ns;
	l->next = 0;
}

int lifecycle_init(struct lifecycle *l, struct flow_table *table, const struct tracker_config *cfg,
		   struct tracker_stats *stats)
{
	*l = (struct lifecycle){
		.table = table,
		.stats = stats,
		.cfg = *cfg,
	};
	due_set_all(l, UINT64_MAX);
	if (l->cfg.timeout_ns == 0)
		l->cfg.timeout_ns = TRACKER_TIMEOUT_NS;
	l->patience_ns[WAITING_ANSWER] = l->cfg.timeout_ns;
	l->patience_ns[WAITING_LATE] = 2 * l->cfg.timeout_ns;
	l->patience_ns[WAITING_HOPS] = TRACKER_SETTLE_HOPS_NS;
	l->patience_ns[WAITING_QUERY] = TRACKER_OVERTAKEN_NS;
	l->patience_ns[WAITING_MORE] = TRACKER_SETTLE_MORE_NS;
	return waiting_init(&l->waiting, table->capacity);
}

void lifecycle_fini(struct lifecycle *l)
{
	waiting_fini(&l->waiting);
}

void lifecycle_clear(struct lifecycle *l)
{
	waiting_clear(&l->waiting);
	due_set_all(l, UINT64_MAX);
}

static bool is_settled(const struct flow *f)
{
	return f->marks & FLOW_SETTLED;
}

/* Further hosts' answers; of a zone transfer further messages; after a cut answer the
 * same question over TCP. Nothing of it changes while a row waits. */
static bool more_is_due(const struct flow *f)
{
	return f->service != SERVICE_DNS || record_is_transfer(f) ||
	       (f->response_flags & DNS_FLAG_TC && f->transport == TRANSPORT_UDP);
}

/* The list that a row which has not settled is on. */
static enum waiting_for waiting_list(const struct flow *f)
{
	static const enum waiting_for lists[] = {
		[FLOW_PENDING] = WAITING_ANSWER,
		[FLOW_ANSWERED] = WAITING_HOPS,
		[FLOW_TIMEOUT] = WAITING_LATE,
		[FLOW_UNSOLICITED] = WAITING_QUERY,
	};

	if (f->state == FLOW_ANSWERED && more_is_due(f))
		return WAITING_MORE;
	return lists[f->state];
}

/* When a row's waiting on a list has an end; 0, at once, for one of a future
 * that a step of the clock took back. */
static uint64_t waiting_until(const struct lifecycle *l, enum waiting_for list, uint64_t since_ns)
{
	uint64_t until_ns = since_ns + l->patience_ns[list];

	if (since_ns > l->now_ns && since_ns - l->now_ns > 2 * l->cfg.timeout_ns)
		return 0;
	return until_ns < since_ns ? UINT64_MAX : until_ns;
}

static bool is_sooner(uint64_t due_ns, enum waiting_for list, const struct lifecycle *l)
{
	/* Of two that are due at once, the first list's is. */
	return due_ns < l->next_due_ns || (due_ns == l->next_due_ns && list < l->next);
}

/* A row of the list may be due so soon. */
static void list_due_at(struct lifecycle *l, enum waiting_for list, uint64_t due_ns)
{
	if (due_ns < l->due_ns[list])
		l->due_ns[list] = due_ns;
	if (is_sooner(due_ns, list, l)) {
		l->next_due_ns = due_ns;
		l->next = list;
	}
}

static void row_wait_since(struct lifecycle *l, const struct flow *f, uint32_t seq,
			   uint64_t since_ns)
{
	enum waiting_for list = waiting_list(f);
	uint64_t until_ns = waiting_until(l, list, since_ns);

	waiting_append(&l->waiting, list, seq, since_ns);
	list_due_at(l, list, until_ns);
}

static void row_wait(struct lifecycle *l, const struct flow *f, uint32_t seq)
{
	bool responded = f->marks & FLOW_HAS_RESPONSE;

	row_wait_since(l, f, seq, responded ? flow_response_ns(f) : flow_attempt_ns(f));
}

/* Before a change of state. */
static void row_stop_waiting(struct lifecycle *l, const struct flow *f, uint32_t seq)
{
	if (!is_settled(f))
		waiting_remove(&l->waiting, waiting_list(f), seq);
}

void lifecycle_begin(struct lifecycle *l, struct flow *f, uint32_t seq)
{
	row_wait(l, f, seq);
}

void lifecycle_answer(struct lifecycle *l, struct flow *f, uint32_t seq, uint64_t ts_ns)
{
	row_stop_waiting(l, f, seq);
	if (f->seen & SEEN_TIMEOUT) {
		f->marks |= FLOW_LATE;
		l->stats->late++;
	}
	f->state = FLOW_ANSWERED;
	f->marks &= (uint16_t)~FLOW_SETTLED;
	f->latency_ns = ts_ns > f->ts_ns ? ts_ns - f->ts_ns : 0;
	l->stats->paired++;
	row_wait(l, f, seq);
}

void lifecycle_more(struct lifecycle *l, const struct flow *f, uint32_t seq, uint64_t ts_ns)
{
	if (is_settled(f) || f->state != FLOW_ANSWERED)
		return;
	row_stop_waiting(l, f, seq);
	row_wait_since(l, f, seq, ts_ns);
}

void lifecycle_adopt(struct lifecycle *l, struct flow *f, uint32_t seq)
{
	row_stop_waiting(l, f, seq);
	f->marks |= FLOW_SETTLED; /* on no list until it is answered */
	f->state = FLOW_PENDING;
}

void lifecycle_reopen(struct lifecycle *l, struct flow *f, uint32_t seq)
{
	row_stop_waiting(l, f, seq);
	f->state = FLOW_PENDING;
	row_wait(l, f, seq);
}

/* Of a row that is on no list any more. */
static void row_settle(struct lifecycle *l, struct flow *f, uint32_t seq)
{
	f->marks |= FLOW_SETTLED;
	if (f->state == FLOW_UNSOLICITED)
		(*(f->seen & SEEN_ANNOUNCED ? &l->stats->announced : &l->stats->unsolicited))++;
	if (l->cfg.settled)
		l->cfg.settled(l->cfg.ctx, f, seq);
	f->marks |= FLOW_SETTLED_ONCE;
}

void lifecycle_settle(struct lifecycle *l, struct flow *f, uint32_t seq)
{
	if (is_settled(f))
		return;
	row_stop_waiting(l, f, seq);
	row_settle(l, f, seq);
}

/* Likewise. */
static void row_time_out(struct lifecycle *l, struct flow *f, uint32_t seq)
{
	f->state = FLOW_TIMEOUT;
	if (!(f->seen & SEEN_TIMEOUT))
		(*(f->service == SERVICE_DNS ? &l->stats->timeouts : &l->stats->quiet))++;
	f->seen |= SEEN_TIMEOUT;
	row_wait(l, f, seq);
}

static uint32_t seq_at(const struct flow_table *t, uint32_t place)
{
	uint32_t newest = t->next_seq - 1;

	return newest - ((newest - place) & (t->capacity - 1));
}

/* When the first row of a list is due. */
static uint64_t list_due(const struct lifecycle *l, enum waiting_for list)
{
	uint32_t place = waiting_first(&l->waiting, list);

	if (place == WAITING_END)
		return UINT64_MAX;
	return waiting_until(l, list, waiting_link(&l->waiting, place)->since_ns);
}

/* Which list, but for this one, seems to be due next, and when. */
static void list_find_next(struct lifecycle *l, enum waiting_for but)
{
	l->due_ns[but] = UINT64_MAX;
	l->next = 0;
	l->next_due_ns = l->due_ns[0];
	for (enum waiting_for list = 1; list < WAITING_LISTS; list++) {
		if (is_sooner(l->due_ns[list], list, l)) {
			l->next_due_ns = l->due_ns[list];
			l->next = list;
		}
	}
}

/* Rows that are due have long been out of the caches, and so have their links:
 * fetches the second one behind, as the first one's link is read next. */
static void row_fetch_behind(const struct lifecycle *l, uint32_t place)
{
	uint32_t next = waiting_link(&l->waiting, place)->next;

	if (next != WAITING_END)
		next = waiting_link(&l->waiting, next)->next;
	if (next != WAITING_END) {
		const struct flow *f = &l->table->rows[next];

		fetch(waiting_link(&l->waiting, next));
		fetch(f);
		fetch(&f->state);
	}
}

/* The first row of a list is due. */
static void row_run(struct lifecycle *l, enum waiting_for list)
{
	uint32_t place = waiting_first(&l->waiting, list);
	struct flow *f = &l->table->rows[place];

	row_fetch_behind(l, place);
	waiting_remove_first(&l->waiting, list);
	if (list == WAITING_ANSWER)
		row_time_out(l, f, seq_at(l->table, place));
	else
		row_settle(l, f, seq_at(l->table, place));
}

/* One by one in the order in which they are due, so that rows come out alike
 * however often time is told: those of one list as long as no other is sooner. */
static void rows_run(struct lifecycle *l)
{
	/* What is due at the end of time never is. */
	uint64_t now_ns = l->now_ns < UINT64_MAX ? l->now_ns : UINT64_MAX - 1;

	while (now_ns >= l->next_due_ns) {
		enum waiting_for list = l->next;
		uint64_t due_ns;

		list_find_next(l, list);
		while ((due_ns = list_due(l, list)) <= now_ns && is_sooner(due_ns, list, l))
			row_run(l, list);
		list_due_at(l, list, due_ns);
	}
}

void lifecycle_advance(struct lifecycle *l, uint64_t now_ns)
{
	if (now_ns > l->now_ns)
		l->now_ns = now_ns;
	/* At most messages nothing is due. */
	if (l->now_ns >= l->next_due_ns)
		rows_run(l);
}

void lifecycle_follow(struct lifecycle *l, uint64_t ts_ns)
{
	if (ts_ns < l->now_ns && l->now_ns - ts_ns > 2 * l->cfg.timeout_ns) {
		l->now_ns = ts_ns;
		due_set_all(l, 0);
	}
	lifecycle_advance(l, ts_ns);
}
