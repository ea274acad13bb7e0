/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/source/bpf_clock.h"

#define SECOND 1000000000ll

/* A start at monotonic 1,000 s and epoch 5,000 s, then one more reading. */
static const struct {
	const char *what;
	int64_t before;  /* ns after the first reading */
	int64_t after;   /* of the reading's own duration, ns */
	int64_t stepped; /* how far CLOCK_REALTIME was set meanwhile */
	int64_t moved;   /* what is to be taken over */
} cases[] = {
	{ "nothing happened", SECOND, 40, 0, 0 },
	{ "a blurred reading", SECOND, 90000, 0, 0 },
	{ "noise below a step", SECOND, 40, 999000, 0 },
	{ "a step forward", SECOND, 40, 2 * SECOND, 2 * SECOND },
	{ "a step back", SECOND, 40, -3 * SECOND, -3 * SECOND },
	{ "a step by a millisecond", SECOND, 0, 1000000, 1000000 },
	{ "a night asleep", SECOND, 40, 9999 * SECOND, 9999 * SECOND },
	{ "a step, reading interrupted", SECOND, 5 * SECOND, 2 * SECOND, 0 },
};

static void test_steps(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint64_t mono = 1000 * SECOND, epoch = 5000 * SECOND;
		struct bpf_clock_reading first = { mono, epoch, mono };
		struct bpf_clock_reading next = { .before_ns = mono + (uint64_t)cases[i].before };
		struct bpf_clock clock;
		int64_t half = cases[i].after / 2;

		next.after_ns = next.before_ns + (uint64_t)cases[i].after;
		next.epoch_ns = epoch + (uint64_t)(cases[i].before + half + cases[i].stepped);
		bpf_clock_init(&clock, &first);
		bpf_clock_update(&clock, &next);
		print_message("%s\n", cases[i].what);
		assert_int_equal(bpf_clock_epoch(&clock, mono), epoch + (uint64_t)cases[i].moved);
	}
}

/* Blur in each reading must not add up to a latency. */
static void test_noise_does_not_distort(void **state)
{
	struct bpf_clock_reading r = { 0, 77 * SECOND, 0 };
	struct bpf_clock clock;
	uint64_t first;

	(void)state;
	bpf_clock_init(&clock, &r);
	first = bpf_clock_epoch(&clock, 5);
	for (uint64_t i = 1; i < 1000; i++) {
		r.before_ns = i * 10000000;
		r.after_ns = r.before_ns + 80;
		r.epoch_ns = 77 * SECOND + r.before_ns + i * 7919 % 90000;
		bpf_clock_update(&clock, &r);
	}
	assert_int_equal(bpf_clock_epoch(&clock, 5), first);
}

static void test_real_clocks(void **state)
{
	struct bpf_clock_reading a = bpf_clock_read();
	struct bpf_clock_reading b = bpf_clock_read();

	(void)state;
	assert_true(a.before_ns <= a.after_ns);
	assert_true(a.after_ns <= b.before_ns);
	assert_true(a.epoch_ns > 1700000000ull * SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_noise_does_not_distort),
		cmocka_unit_test(test_real_clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
