/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands still while the screen does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/rows.h"
#include "tui/model/freeze.h"
#include "tui/model/window.h"

#define S_NS 1000000000ull

struct world {
	struct rows *rows;
	struct ui_model model;
	struct freeze freeze;
	struct frame frame;
};

/* n rows, one a second, the last of them now; at most max_rows in memory. */
static void world_init(struct world *w, uint32_t max_rows, int n)
{
	*w = (struct world){ .rows = rows_new_sized(max_rows) };
	for (int i = 0; i < n; i++) {
		struct row_spec spec = { .ts_ns = ROWS_TS_NS + (uint64_t)i * S_NS,
					 .id = (uint16_t)i,
					 .pending = i == n - 1 };

		rows_add(w->rows, &spec);
	}
	w->model = (struct ui_model){
		.rows = &w->rows->src,
		.live = true,
		.now_ns = ROWS_TS_NS + (uint64_t)(n - 1) * S_NS,
	};
}

static void world_fini(struct world *w)
{
	freeze_end(&w->freeze);
	rows_free(w->rows);
}

static void pause(struct world *w)
{
	freeze_begin(&w->freeze, &w->model, w->rows->table->next_seq);
}

static const struct frame *look(struct world *w)
{
	w->frame = (struct frame){ .m = &w->model };
	freeze_frame(&w->freeze, &w->frame);
	return &w->frame;
}

static void add_rows(struct world *w, int n)
{
	for (int i = 0; i < n; i++)
		rows_add(w->rows, &(struct row_spec){ .id = 1000 });
}

static void test_rows_stand_still(void **state)
{
	struct world w;
	struct flow *row;
	const struct frame *f;
	uint32_t newest;

	(void)state;
	world_init(&w, 64, 10);
	newest = w.rows->table->next_seq - 1;
	pause(&w);
	add_rows(&w, 3);
	row = flow_table_row(w.rows->table, newest);
	row->state = FLOW_ANSWERED;
	row->latency_ns = 7 * S_NS;
	row->marks |= FLOW_HAS_RESPONSE;
	flow_table_side_make(w.rows->table, row)->responders = 3;
	f = look(&w);
	assert_int_equal(f->to_seq, newest + 1);
	assert_int_equal(f->now_ns, w.freeze.at_ns);
	assert_int_equal(flow_table_row(f->rows->table, newest)->state, FLOW_PENDING);
	assert_false(flow_table_has(f->rows->table, newest + 1));
	/* On it goes. */
	freeze_end(&w.freeze);
	assert_int_equal(flow_table_row(w.model.rows->table, newest)->state, FLOW_ANSWERED);
	assert_int_equal(w.rows->table->count, 13);
	world_fini(&w);
}

/* What is beside a copied row is found. */
static void test_sides(void **state)
{
	struct world w;
	const struct frame *f;
	struct flow *row;

	(void)state;
	world_init(&w, 64, 10);
	row = flow_table_row(w.rows->table, 4);
	flow_table_side_make(w.rows->table, row)->responders = 3;
	pause(&w);
	f = look(&w);
	row = flow_table_row(f->rows->table, 4);
	assert_ptr_not_equal(row, flow_table_row(w.rows->table, 4));
	assert_int_equal(flow_table_side(f->rows->table, row)->responders, 3);
	assert_null(flow_table_side(f->rows->table, flow_table_row(f->rows->table, 5)));
	world_fini(&w);
}

static void test_way_back(void **state)
{
	static const struct {
		uint64_t window_ns;
		int steps[4];
		unsigned back_s; /* where that leads */
		unsigned rows;   /* that end there */
	} all[] = {
		{ 60 * S_NS, { -1 }, 10, 390 },
		{ 60 * S_NS, { -1, -1, 1 }, 10, 390 },
		{ 60 * S_NS, { -1, 1, 1 }, 0, 400 },
		{ 60 * S_NS, { 1 }, 0, 400 },
		{ 300 * S_NS, { -1, -1 }, 120, 280 },
		/* More than memory holds: in parts of what it does. */
		{ 3600 * S_NS, { -1 }, 20, 380 },
		{ WINDOW_ALL, { -1, -1, -1 }, 60, 340 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct world w;

		world_init(&w, 512, 400);
		pause(&w);
		for (int k = 0; k < 4 && all[i].steps[k]; k++) {
			look(&w);
			freeze_move(&w.freeze, all[i].window_ns, all[i].steps[k]);
		}
		assert_int_equal(w.freeze.at_ns - look(&w)->now_ns, all[i].back_s * S_NS);
		assert_int_equal(w.frame.to_seq - w.frame.from_seq, all[i].rows);
		assert_int_equal(w.frame.known_ns, w.freeze.at_ns);
		world_fini(&w);
	}
}

static void test_way_back_ends(void **state)
{
	struct world w;
	int moved = 0;

	(void)state;
	world_init(&w, 64, 60);
	pause(&w);
	do
		look(&w);
	while (freeze_move(&w.freeze, 60 * S_NS, -1) && ++moved < 100);
	assert_in_range(moved, 5, 60);
	assert_int_equal(look(&w)->now_ns, ROWS_TS_NS);
	assert_int_equal(w.frame.to_seq - w.frame.from_seq, 1);
	world_fini(&w);
}

static void test_eviction(void **state)
{
	struct world w;
	const struct frame *f;

	(void)state;
	world_init(&w, 64, 64);
	pause(&w);
	add_rows(&w, 10);
	f = look(&w);
	assert_int_equal(f->to_seq - f->from_seq, 54);
	assert_false(flow_table_has(f->rows->table, 9));
	assert_true(flow_table_has(f->rows->table, 10));
	add_rows(&w, 100);
	f = look(&w);
	assert_int_equal(f->to_seq, f->from_seq);
	assert_false(freeze_move(&w.freeze, WINDOW_ALL, -1));
	world_fini(&w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_stand_still), cmocka_unit_test(test_sides),
		cmocka_unit_test(test_way_back),         cmocka_unit_test(test_way_back_ends),
		cmocka_unit_test(test_eviction),
	};

	return cmocka_run_group_tests_name("freeze", tests, NULL, NULL);
}
