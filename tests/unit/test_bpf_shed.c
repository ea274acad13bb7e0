/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_shed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bpf/event.h"

#define MS 1000000ull
#define S  (1000 * MS)

/* Rings that stay full: step by step to the end, no faster than it can tell. */
static void more_is_left_out_while_rings_are_full(void **state)
{
	struct bpf_shed s = { 0 };
	uint64_t now = 10 * S;

	(void)state;
	assert_false(bpf_shed_update(&s, 127, 3, now));
	assert_int_equal(s.queries, 0);
	for (uint32_t n = 1; n <= 3; n++) {
		assert_true(bpf_shed_update(&s, 200, 3, now));
		assert_int_equal(s.queries, n);
		assert_false(bpf_shed_update(&s, 200, 3, now + 50 * MS));
		now += 100 * MS;
	}
	assert_false(bpf_shed_update(&s, 200, 3, now));
	assert_int_equal(s.queries, 3);
}

/* An answer is taken for as long as its query may have been, and is suspected
 * of having none for as long as its query may not. */
static void answers_follow_their_queries(void **state)
{
	struct bpf_shed s = { 0 };
	uint64_t now = 10 * S;

	(void)state;
	assert_true(bpf_shed_update(&s, 200, 5, now));
	assert_int_equal(s.answers, 0);
	assert_int_equal(s.greatest, 1);
	assert_int_equal(bpf_shed_one_in(&s), 2);
	/* Neither full nor empty: as it is, until nobody waits any more. */
	assert_false(bpf_shed_update(&s, 60, 5, now + 5 * S));
	assert_true(bpf_shed_update(&s, 60, 5, now + 5 * S + 1));
	assert_int_equal(s.answers, 1);
	/* Quiet: queries are taken at once, their answers with them, and those
	 * of queries that were not taken are known for a while. */
	assert_true(bpf_shed_update(&s, 0, 5, now + 8 * S));
	assert_int_equal(s.queries, 0);
	assert_int_equal(s.answers, 0);
	assert_int_equal(s.greatest, 1);
	/* All are taken again, though answers are still missing. */
	assert_int_equal(bpf_shed_one_in(&s), 0);
	assert_false(bpf_shed_update(&s, 0, 5, now + 14 * S));
	assert_int_equal(s.greatest, 0);
}

static void quiet_is_waited_for_at_each_step_down(void **state)
{
	struct bpf_shed s = { 0 };
	uint64_t now = 10 * S;

	(void)state;
	bpf_shed_set(&s, 2, now);
	assert_false(bpf_shed_update(&s, 40, 5, now + 1 * S));
	assert_false(bpf_shed_update(&s, 0, 5, now + 2 * S));
	assert_true(bpf_shed_update(&s, 0, 5, now + 3 * S));
	assert_int_equal(s.queries, 1);
	assert_false(bpf_shed_update(&s, 0, 5, now + 4 * S));
	assert_true(bpf_shed_update(&s, 0, 5, now + 5 * S));
	assert_int_equal(s.queries, 0);
}

static void many_changes_are_bounded(void **state)
{
	struct bpf_shed s = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 4 * BPF_SHED_STEPS; i++) {
		bpf_shed_set(&s, i % 7, 10 * S + i);
		assert_true(s.n_steps <= BPF_SHED_STEPS);
		assert_int_equal(s.queries, i % 7);
		assert_true(s.answers <= s.queries && s.queries <= s.greatest);
	}
}

/* One of 2^n ids, those of a lower n among them. */
static void ids_are_left_out_evenly(void **state)
{
	(void)state;
	for (uint32_t n = 0; n <= EVENT_SHED_MAX + 1; n++) {
		uint32_t level = n > EVENT_SHED_MAX ? EVENT_SHED_MAX : n;
		uint32_t taken = 0;

		for (uint32_t id = 0; id < 65536; id++) {
			taken += !event_is_shed((__u16)id, n);
			if (n && event_is_shed((__u16)id, n - 1))
				assert_true(event_is_shed((__u16)id, n));
		}
		assert_int_equal(taken, 65536u >> level);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_is_left_out_while_rings_are_full),
		cmocka_unit_test(answers_follow_their_queries),
		cmocka_unit_test(quiet_is_waited_for_at_each_step_down),
		cmocka_unit_test(many_changes_are_bounded),
		cmocka_unit_test(ids_are_left_out_evenly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
