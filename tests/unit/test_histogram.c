/* SPDX-License-Identifier: BSD-2-Clause */
/* Histograms against their sorted samples: exact while few, within 1.6% when many. */
#include "core/flow/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MS            1000000ull

static struct histogram_memory plenty(void)
{
	return (struct histogram_memory){ .pool.max = SIZE_MAX };
}

static uint64_t quantile(const struct histogram *h, unsigned permille)
{
	uint64_t out;

	histogram_quantiles(h, &permille, 1, &out);
	return out;
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* What h says is what the samples, sorted here, say: exactly, or within half a
 * bucket of 1/32. */
static void assert_tells(const struct histogram *h, uint64_t *samples, size_t n)
{
	static const unsigned permille[] = { 0, 1, 250, 500, 900, 990, 999, 1000 };
	uint64_t got[ARRAY_SIZE(permille)];
	unsigned __int128 sum = 0;

	qsort(samples, n, sizeof(samples[0]), compare);
	for (size_t i = 0; i < n; i++)
		sum += samples[i];
	assert_int_equal(h->count, n);
	assert_int_equal(h->min, samples[0]);
	assert_int_equal(h->max, samples[n - 1]);
	assert_int_equal(histogram_avg(h), (uint64_t)(sum / n));
	histogram_quantiles(h, permille, ARRAY_SIZE(permille), got);
	for (size_t i = 0; i < ARRAY_SIZE(permille); i++) {
		size_t rank = (n * permille[i] + 999) / 1000;
		uint64_t want = samples[rank ? rank - 1 : 0];
		uint64_t off = got[i] > want ? got[i] - want : want - got[i];

		if (off > (n > HISTOGRAM_EXACT ? want / 64 : 0))
			fail_msg("%zu samples, %u permille: %llu, not %llu", n, permille[i],
				 (unsigned long long)got[i], (unsigned long long)want);
	}
}

static void empty_is_zero(void **state)
{
	struct histogram_memory m = plenty();
	struct histogram h = { 0 };

	(void)state;
	assert_int_equal(histogram_avg(&h), 0);
	assert_int_equal(quantile(&h, 500), 0);
	histogram_memory_fini(&m);
}

struct spread {
	const char *name;
	size_t n;
	uint64_t base;
	unsigned shifts; /* each sample is a random number of 30 bits >> 0 .. shifts */
	uint64_t unit;
};

static const struct spread spreads[] = {
	{ "one", 1, 0, 0, 1 },
	{ "one of 0", 1, 0, 63, 1 },
	{ "the largest there is", 1, UINT64_MAX, 0, 0 },
	{ "a few", 5, 0, 24, 1 },
	{ "the last that is exact", 64, 0, 24, 1 },
	{ "the first that is not", 65, 0, 24, 1 },
	{ "exact, some beyond 4.29 s", 64, 0, 10, 100 },
	{ "few powers of two", 1000, 10 * MS, 9, 1 },
	{ "many", 5000, 0, 29, 1000 },
	{ "all of them", 4000, 0, 29, 1ull << 33 },
	{ "one value, more than a byte and two bytes count", 70000, 3 * MS, 0, 0 },
	{ "very small ones, a bucket each", 3000, 0, 29, 1 },
	{ "the largest, often", 100, UINT64_MAX, 0, 0 },
};

static void samples_come_back(void **state)
{
	static uint64_t samples[70000];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(spreads); i++) {
		const struct spread *s = &spreads[i];
		struct histogram_memory m = plenty();
		struct histogram h = { 0 };

		srand(7);
		for (size_t k = 0; k < s->n; k++) {
			uint64_t part = (uint64_t)(rand() & 0x3fffffff);

			part = s->shifts ? part >> (unsigned)rand() % (s->shifts + 1) : part;
			samples[k] = s->base + part * s->unit;
			histogram_add(&h, samples[k], &m);
		}
		assert_tells(&h, samples, s->n);
		assert_int_equal(m.lost, 0);
		histogram_memory_fini(&m);
	}
}

/* The middle sample of many tells what its bucket is taken for. */
static void every_size_is_within_bounds(void **state)
{
	struct histogram_memory m = plenty();

	(void)state;
	for (uint64_t v = 1; v < UINT64_MAX / 3; v += 1 + v / 7) {
		struct histogram h = { 0 };
		uint64_t got;

		for (int i = 0; i < 50; i++) {
			histogram_add(&h, 0, &m);
			histogram_add(&h, UINT64_MAX, &m);
		}
		histogram_add(&h, v, &m);
		got = quantile(&h, 500);
		assert_true((got > v ? got - v : v - got) <= v / 64);
		histogram_memory_fini(&m);
	}
}

/* Merged in any order they are as if all had gone into one. */
static void merging_is_adding(void **state)
{
	static const size_t sizes[] = { 0, 1, 3, 63, 64, 65, 300, 4000 };
	static uint64_t samples[8000];

	(void)state;
	for (size_t a = 0; a < ARRAY_SIZE(sizes); a++) {
		for (size_t b = 0; b < ARRAY_SIZE(sizes); b++) {
			struct histogram_memory m = plenty();
			struct histogram one = { 0 }, two = { 0 };
			size_t n = 0;

			for (size_t i = 0; i < sizes[a] + sizes[b]; i++, n++) {
				samples[n] = (n * 7919 % 4001) * (i < sizes[a] ? MS : 1000);
				histogram_add(i < sizes[a] ? &one : &two, samples[n], &m);
			}
			histogram_merge(&one, &two, &m);
			if (n)
				assert_tells(&one, samples, n);
			histogram_memory_fini(&m);
		}
	}
}

/* As many together as one by one, in any order. */
static void together_is_one_by_one(void **state)
{
	static const size_t sizes[] = { 1, 3, 4, 5, 60, 64, 65, 300, 4000 };
	static uint64_t samples[8000];

	(void)state;
	for (size_t a = 0; a < ARRAY_SIZE(sizes); a++) {
		for (size_t b = 0; b < ARRAY_SIZE(sizes); b++) {
			struct histogram_memory m = plenty();
			struct histogram h = { 0 };
			size_t n = sizes[a] + sizes[b];

			for (size_t i = 0; i < n; i++)
				samples[i] = (i * 7919 % 4001) * (i < sizes[a] ? MS : 1000);
			histogram_add_all(&h, samples + sizes[a], sizes[b], &m);
			histogram_add_all(&h, samples, sizes[a], &m);
			histogram_add_all(&h, samples, 0, &m);
			assert_tells(&h, samples, n);
			assert_int_equal(m.lost, 0);
			histogram_memory_fini(&m);
		}
	}
}

static void quantiles_outside_0_to_1000_are_the_ends(void **state)
{
	struct histogram_memory m = plenty();
	struct histogram h = { 0 };

	(void)state;
	histogram_add(&h, 5, &m);
	histogram_add(&h, 500, &m);
	histogram_add(&h, 50000, &m);
	assert_int_equal(quantile(&h, 0), 5);
	assert_int_equal(quantile(&h, 2000), 50000);
	histogram_memory_fini(&m);
}

/* A limit is kept, whatever comes; what did not fit is counted, and the rest
 * still told. */
static void memory_is_bounded(void **state)
{
	static const size_t limits[] = { 0, 40, 100, 200, 300, 400, 1000, 2000, 4000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct histogram_memory m = { .pool.max = limits[i] };
		struct histogram one = { 0 }, two = { 0 };

		srand(3);
		for (uint64_t k = 0; k < 3000; k++) {
			uint64_t ns = (uint64_t)rand() * 1000 >> rand() % 30;

			histogram_add(k % 2 ? &one : &two, ns, &m);
			assert_true(m.pool.bytes <= limits[i]);
		}
		assert_int_equal(one.count + two.count, 3000);
		assert_int_equal(one.kept + two.kept + m.lost, 3000);
		assert_true(m.lost > 0);
		assert_true(quantile(&one, 500) >= one.min && quantile(&one, 500) <= one.max);
		histogram_merge(&one, &two, &m);
		assert_true(m.pool.bytes <= limits[i]);
		assert_int_equal(one.count, 3000);
		histogram_memory_fini(&m);
	}
}

/* What a report by name needs: histograms of few samples, below 4.29 s as most
 * are, that grow side by side. */
static void memory_is_little(void **state)
{
	enum {
		GROUPS = 10000
	};
	static const struct {
		unsigned samples;
		size_t bytes; /* of each, in the mean */
	} cases[] = {
		{ 4, 20 },
		{ 50, 520 },
		{ 500, 1100 },
	};
	static struct histogram groups[GROUPS];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct histogram_memory m = plenty();

		memset(groups, 0, sizeof(groups));
		srand(5);
		for (unsigned k = 0; k < cases[i].samples * GROUPS; k++)
			histogram_add(&groups[k % GROUPS],
				      (100000 + (uint64_t)rand() % (50 * MS)) >> rand() % 8, &m);
		assert_true(m.pool.bytes - m.pool.left <= cases[i].bytes * GROUPS);
		histogram_memory_fini(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_is_zero),
		cmocka_unit_test(samples_come_back),
		cmocka_unit_test(every_size_is_within_bounds),
		cmocka_unit_test(merging_is_adding),
		cmocka_unit_test(together_is_one_by_one),
		cmocka_unit_test(quantiles_outside_0_to_1000_are_the_ends),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(memory_is_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
