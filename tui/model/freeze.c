/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/model/freeze.h"

#include <stdlib.h>

#include "tui/model/window.h"

#define SECOND_NS 1000000000ull
/* A step of a window that holds all of memory is such a part of it. */
#define STEPS_OF_ALL 20

static void copy_rows(struct freeze *z, const struct flow_table *t)
{
	uint32_t oldest = flow_table_oldest(t);
	uint32_t n = z->to_seq - oldest, from;

	if (n > FREEZE_COPY_MAX)
		oldest = z->to_seq - FREEZE_COPY_MAX;
	from = window_from(t, oldest, z->to_seq, FREEZE_COPY_NS, z->at_ns);
	n = z->to_seq - from;
	z->table.still = n ? malloc(n * sizeof(*z->table.still)) : NULL;
	/* Without memory for it the rows show what becomes of them. */
	if (!z->table.still)
		return;
	z->table.still_from = from;
	z->table.n_still = n;
	for (uint32_t i = 0; i < n; i++)
		z->table.still[i] = *flow_table_row(t, from + i);
}

void freeze_begin(struct freeze *z, const struct ui_model *m, uint32_t to_seq)
{
	freeze_end(z);
	z->on = true;
	z->to_seq = to_seq;
	z->at_ns = z->end_ns = m->now_ns;
	z->evicted = m->rows->table->evicted;
	copy_rows(z, m->rows->table);
}

void freeze_end(struct freeze *z)
{
	free(z->table.still);
	*z = (struct freeze){ 0 };
}

/* The table as it is but for what came later and for what is copied. */
static void follow_table(struct freeze *z, const struct ui_model *m)
{
	const struct flow_table *live = m->rows->table;
	uint32_t oldest = flow_table_oldest(live);
	struct flow *still = z->table.still;
	uint32_t from = z->table.still_from, n = z->table.n_still;

	z->table = *live;
	z->table.still = still;
	z->table.still_from = from;
	z->table.n_still = n;
	z->table.next_seq = z->to_seq;
	/* Everything may have been evicted by now. */
	z->table.count = (int32_t)(z->to_seq - oldest) > 0 ? z->to_seq - oldest : 0;
	z->rows = *m->rows;
	z->rows.table = &z->table;
}

void freeze_frame(struct freeze *z, struct frame *f)
{
	follow_table(z, f->m);
	f->rows = &z->rows;
	f->paused = true;
	f->known_ns = z->at_ns;
	f->now_ns = z->end_ns;
	f->from_seq = flow_table_oldest(&z->table);
	f->to_seq = z->to_seq;
	if (z->end_ns != z->at_ns)
		f->to_seq = window_first(&z->table, f->from_seq, f->from_seq + z->table.count,
					 z->end_ns + 1);
}

/* --- the way back --- */

uint64_t freeze_oldest_ns(const struct freeze *z)
{
	const struct flow_table *t = &z->table;

	return t->count ? flow_table_row(t, flow_table_oldest(t))->ts_ns : 0;
}

static uint64_t step_ns(const struct freeze *z, uint64_t window_ns)
{
	uint64_t span = z->at_ns - freeze_oldest_ns(z), step = window_step_ns(window_ns);

	if (window_ns == WINDOW_ALL || window_ns > span)
		step = (span / STEPS_OF_ALL + SECOND_NS - 1) / SECOND_NS * SECOND_NS;
	return step ? step : SECOND_NS;
}

bool freeze_move(struct freeze *z, uint64_t window_ns, int step)
{
	uint64_t by = step_ns(z, window_ns), before = z->end_ns, first = freeze_oldest_ns(z);

	if (z->table.count == 0)
		return false;
	if (step < 0)
		z->end_ns = z->end_ns - first > by ? z->end_ns - by : first;
	else
		z->end_ns = z->at_ns - z->end_ns > by ? z->end_ns + by : z->at_ns;
	return z->end_ns != before;
}
