/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/lifecycle.h"

#include <stdbool.h>

#include "core/flow/sighting.h"

int lifecycle_init(struct lifecycle *l, struct flow_table *table, const struct tracker_config *cfg,
		   struct tracker_stats *stats)
{
	*l = (struct lifecycle){
		.table = table,
		.stats = stats,
		.cfg = *cfg,
		.next_due_ns = UINT64_MAX,
	};
	if (l->cfg.timeout_ns == 0)
		l->cfg.timeout_ns = TRACKER_TIMEOUT_NS;
	return waiting_init(&l->waiting, table->capacity);
}

void lifecycle_fini(struct lifecycle *l)
{
	waiting_fini(&l->waiting);
}

void lifecycle_clear(struct lifecycle *l)
{
	waiting_clear(&l->waiting);
	l->next_due_ns = UINT64_MAX;
}

static bool is_settled(const struct flow *f)
{
	return f->marks & FLOW_SETTLED;
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

	return lists[f->state];
}

/* When its waiting has an end; 0, at once, for a row of a future that a step
 * of the clock took back. */
static uint64_t waiting_until(const struct lifecycle *l, const struct flow *f)
{
	const uint64_t patience_ns[] = {
		[FLOW_PENDING] = l->cfg.timeout_ns,
		[FLOW_ANSWERED] = TRACKER_SETTLE_HOPS_NS,
		[FLOW_TIMEOUT] = 2 * l->cfg.timeout_ns,
		[FLOW_UNSOLICITED] = TRACKER_OVERTAKEN_NS,
	};
	uint64_t since_ns = f->marks & FLOW_HAS_RESPONSE ? flow_response_ns(f) : flow_attempt_ns(f);
	uint64_t until_ns = since_ns + patience_ns[f->state];

	if (since_ns > l->now_ns && since_ns - l->now_ns > 2 * l->cfg.timeout_ns)
		return 0;
	return until_ns < since_ns ? UINT64_MAX : until_ns;
}

static void row_wait(struct lifecycle *l, const struct flow *f, uint32_t seq)
{
	uint64_t until_ns = waiting_until(l, f);

	waiting_append(&l->waiting, waiting_list(f), seq);
	if (until_ns < l->next_due_ns)
		l->next_due_ns = until_ns;
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

void lifecycle_settle(struct lifecycle *l, struct flow *f, uint32_t seq)
{
	if (is_settled(f))
		return;
	row_stop_waiting(l, f, seq);
	f->marks |= FLOW_SETTLED;
	if (f->state == FLOW_UNSOLICITED)
		l->stats->unsolicited++;
	if (l->cfg.settled)
		l->cfg.settled(l->cfg.ctx, f, seq);
	f->marks |= FLOW_SETTLED_ONCE;
}

static void row_time_out(struct lifecycle *l, struct flow *f, uint32_t seq)
{
	row_stop_waiting(l, f, seq);
	f->state = FLOW_TIMEOUT;
	if (!(f->seen & SEEN_TIMEOUT))
		l->stats->timeouts++;
	f->seen |= SEEN_TIMEOUT;
	row_wait(l, f, seq);
}

static uint32_t seq_at(const struct flow_table *t, uint32_t place)
{
	uint32_t newest = t->next_seq - 1;

	return newest - ((newest - place) & (t->capacity - 1));
}

/* The row that is due next, NULL when none waits; sets next_due_ns. */
static struct flow *row_due(struct lifecycle *l, uint32_t *seq)
{
	struct flow *due = NULL;

	l->next_due_ns = UINT64_MAX;
	for (int list = 0; list < WAITING_LISTS; list++) {
		uint32_t place = waiting_first(&l->waiting, (enum waiting_for)list);

		if (place == WAITING_END)
			continue;

		struct flow *f = &l->table->rows[place];
		uint64_t until_ns = waiting_until(l, f);

		if (due && until_ns >= l->next_due_ns)
			continue;
		l->next_due_ns = until_ns;
		due = f;
		*seq = seq_at(l->table, place);
	}
	return due;
}

/* One by one in the order in which they are due, so that rows come out alike
 * however often time is told. */
static void rows_run(struct lifecycle *l)
{
	while (l->now_ns >= l->next_due_ns) {
		uint32_t seq;
		struct flow *f = row_due(l, &seq);

		if (!f || l->now_ns < l->next_due_ns)
			break;
		if (f->state == FLOW_PENDING)
			row_time_out(l, f, seq);
		else
			lifecycle_settle(l, f, seq);
	}
}

void lifecycle_advance(struct lifecycle *l, uint64_t now_ns)
{
	if (now_ns > l->now_ns)
		l->now_ns = now_ns;
	rows_run(l);
}

void lifecycle_follow(struct lifecycle *l, uint64_t ts_ns)
{
	if (ts_ns < l->now_ns && l->now_ns - ts_ns > 2 * l->cfg.timeout_ns) {
		l->now_ns = ts_ns;
		l->next_due_ns = 0;
	}
	lifecycle_advance(l, ts_ns);
}
