/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Promised: 1.6%. Half a bucket of 1/32 is 1/64. */
static void assert_near(uint64_t got, uint64_t want)
{
	uint64_t off = got > want ? got - want : want - got;

	if (off > want / 64) {
		print_error("got %llu, want %llu\n", (unsigned long long)got,
			    (unsigned long long)want);
		fail();
	}
}

static void empty_is_zero(void **state)
{
	struct histogram *h = histogram_new();

	(void)state;
	assert_non_null(h);
	assert_int_equal(histogram_count(h), 0);
	assert_int_equal(histogram_min(h), 0);
	assert_int_equal(histogram_max(h), 0);
	assert_int_equal(histogram_avg(h), 0);
	assert_int_equal(histogram_quantile(h, 0.5), 0);
	histogram_free(h);
	histogram_free(NULL);
}

static void single_samples_are_exact(void **state)
{
	static const uint64_t samples[] = {
		0, 1, 63, 64, 65, 127, 128, 999, 1000000, 5000000000, UINT64_MAX - 1, UINT64_MAX,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct histogram *h = histogram_new();

		histogram_add(h, samples[i]);
		assert_int_equal(histogram_count(h), 1);
		assert_int_equal(histogram_min(h), samples[i]);
		assert_int_equal(histogram_max(h), samples[i]);
		assert_int_equal(histogram_avg(h), samples[i]);
		for (double q = 0; q <= 1; q += 0.25)
			assert_int_equal(histogram_quantile(h, q), samples[i]);
		histogram_free(h);
	}
}

/* The middle of three tells what its bucket is taken for. */
static void every_size_is_within_bounds(void **state)
{
	struct histogram *h = histogram_new();

	(void)state;
	for (uint64_t v = 1; v < UINT64_MAX / 3; v += 1 + v / 7) {
		histogram_reset(h);
		histogram_add(h, 0);
		histogram_add(h, v);
		histogram_add(h, UINT64_MAX);
		assert_near(histogram_quantile(h, 0.5), v);
	}
	histogram_free(h);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void quantiles_are_nearest_ranks(void **state)
{
	static const double quantiles[] = { 0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1 };
	enum {
		N = 1999
	};
	static uint64_t samples[N];
	struct histogram *h = histogram_new();
	uint64_t sum = 0;

	(void)state;
	srand(7);
	for (int i = 0; i < N; i++) {
		samples[i] = (uint64_t)rand() >> rand() % 24;
		sum += samples[i];
		histogram_add(h, samples[i]);
	}
	qsort(samples, N, sizeof(samples[0]), compare);
	for (size_t i = 0; i < ARRAY_SIZE(quantiles); i++) {
		double want = quantiles[i] * N;
		size_t rank = (size_t)want + ((double)(size_t)want < want);

		assert_near(histogram_quantile(h, quantiles[i]), samples[rank ? rank - 1 : 0]);
	}
	assert_int_equal(histogram_avg(h), sum / N);
	histogram_free(h);
}

static void quantiles_outside_0_to_1_are_the_ends(void **state)
{
	struct histogram *h = histogram_new();

	(void)state;
	histogram_add(h, 5);
	histogram_add(h, 500);
	histogram_add(h, 50000);
	assert_int_equal(histogram_quantile(h, -1), 5);
	assert_int_equal(histogram_quantile(h, 0.0 / 0.0), 5);
	assert_int_equal(histogram_quantile(h, 2), 50000);
	histogram_free(h);
}

static void averages_do_not_overflow(void **state)
{
	struct histogram *h = histogram_new();

	(void)state;
	for (int i = 0; i < 5; i++)
		histogram_add(h, UINT64_MAX);
	assert_true(histogram_avg(h) == UINT64_MAX);
	histogram_free(h);
}

static void merging_is_adding(void **state)
{
	struct histogram *a = histogram_new(), *b = histogram_new(), *all = histogram_new();

	(void)state;
	for (uint64_t i = 0; i < 3000; i++) {
		histogram_add(i % 3 ? a : b, i * i * 1000);
		histogram_add(all, i * i * 1000);
	}
	histogram_merge(a, b);
	histogram_reset(b);
	histogram_merge(a, b);
	assert_int_equal(histogram_count(a), histogram_count(all));
	assert_int_equal(histogram_min(a), histogram_min(all));
	assert_int_equal(histogram_max(a), histogram_max(all));
	assert_int_equal(histogram_avg(a), histogram_avg(all));
	for (double q = 0; q < 1; q += 0.01)
		assert_int_equal(histogram_quantile(a, q), histogram_quantile(all, q));
	histogram_merge(b, all);
	assert_int_equal(histogram_min(b), 0);
	assert_int_equal(histogram_quantile(b, 0.5), histogram_quantile(all, 0.5));
	histogram_free(a);
	histogram_free(b);
	histogram_free(all);
}

static void reset_leaves_nothing(void **state)
{
	struct histogram *h = histogram_new();

	(void)state;
	for (uint64_t v = 1; v < UINT64_MAX / 2; v *= 2)
		histogram_add(h, v);
	histogram_reset(h);
	assert_int_equal(histogram_count(h), 0);
	histogram_add(h, 1000);
	histogram_add(h, 2000000);
	histogram_add(h, 3000000000);
	assert_near(histogram_quantile(h, 0.5), 2000000);
	histogram_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_is_zero),
		cmocka_unit_test(single_samples_are_exact),
		cmocka_unit_test(every_size_is_within_bounds),
		cmocka_unit_test(quantiles_are_nearest_ranks),
		cmocka_unit_test(quantiles_outside_0_to_1_are_the_ends),
		cmocka_unit_test(averages_do_not_overflow),
		cmocka_unit_test(merging_is_adding),
		cmocka_unit_test(reset_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
