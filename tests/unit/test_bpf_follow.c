/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_follow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define S 1000000000ull

/* Seconds, in each so many sightings, of which the kernel tells what it was last told to:
 * the level after each. */
static void as_many_are_told_as_are_wanted(void **state)
{
	static const struct {
		uint64_t come;
		uint32_t level;
	} seconds[] = {
		{ 20000, 0 },     { 50000, 0 },  /* many, but not too many */
		{ 50001, 2 },     { 50001, 2 },  /* 12,500 are told */
		{ 160000, 2 },    { 450000, 6 }, /* more and more */
		{ 450000, 6 },    { 45000, 5 },  /* and less: a step a second, ... */
		{ 45000, 4 },     { 45000, 3 },
		{ 45000, 3 },                       /* ... as long as little is told */
		{ 90000000, 10 }, { 90000000, 10 }, /* no further than the most */
		{ 0, 9 },         { 0, 8 },
	};
	struct bpf_follow f = { 0 };
	uint64_t told = 0, now = 100 * S;

	(void)state;
	assert_false(bpf_follow_update(&f, told, 10, now));
	for (size_t i = 0; i < ARRAY_SIZE(seconds); i++) {
		uint32_t before = f.level;

		told += seconds[i].come >> f.level;
		assert_false(bpf_follow_update(&f, told, 10, now + S - 1));
		now += S;
		assert_int_equal(bpf_follow_update(&f, told, 10, now), before != seconds[i].level);
		assert_int_equal(f.level, seconds[i].level);
		assert_int_equal(bpf_follow_one_in(&f), f.level ? 1u << f.level : 0);
		/* What was written before the kernel knew comes after it. */
		assert_int_equal(bpf_follow_greatest(&f), f.level > before ? f.level : before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_are_told_as_are_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
