/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/seed.h"

#include <sys/random.h>

#include "core/base/clock.h"
#include "core/base/hash.h"

uint64_t seed_random(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == (ssize_t)sizeof(seed))
		return seed;
	return hash_mix(clock_ns(CLOCK_REALTIME), (uintptr_t)&seed);
}
