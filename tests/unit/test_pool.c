/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks of a pool: zeroed, apart from each other, used again, bounded. */
#include "core/base/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BLOCKS 3000

struct block {
	unsigned char *bytes;
	size_t size;
	unsigned char fill;
};

static void assert_filled(const struct block *b, unsigned char with)
{
	for (size_t i = 0; i < b->size; i++)
		assert_int_equal(b->bytes[i], with);
}

static void blocks_keep_what_they_hold(void **state)
{
	static struct block blocks[BLOCKS];
	struct pool p = { .max = SIZE_MAX };

	(void)state;
	srand(2);
	for (int i = 0; i < 20 * BLOCKS; i++) {
		struct block *b = &blocks[rand() % BLOCKS];

		if (b->bytes) {
			assert_filled(b, b->fill);
			pool_free(&p, b->bytes, b->size);
		}
		b->size = 1 + (size_t)rand() % (rand() % 50 ? 600 : POOL_MAX);
		b->fill = (unsigned char)(1 + rand() % 255);
		b->bytes = pool_alloc(&p, b->size);
		assert_non_null(b->bytes);
		assert_int_equal((uintptr_t)b->bytes % 16, 0);
		assert_filled(b, 0);
		memset(b->bytes, b->fill, b->size);
	}
	for (int i = 0; i < BLOCKS; i++)
		if (blocks[i].bytes)
			assert_filled(&blocks[i], blocks[i].fill);
	pool_fini(&p);
	assert_int_equal(p.bytes, 0);
}

static void what_is_given_up_is_used_again(void **state)
{
	static const size_t sizes[] = { 1, 16, 17, 32, 33, 512, 15000, POOL_MAX };
	struct pool p = { .max = SIZE_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		void *block = pool_alloc(&p, sizes[i]);

		pool_free(&p, block, sizes[i]);
		assert_ptr_equal(pool_alloc(&p, sizes[i]), block);
	}
	pool_free(&p, NULL, 16);
	assert_null(pool_alloc(&p, POOL_MAX + 1));
	pool_fini(&p);
}

static void the_limit_is_kept(void **state)
{
	static const size_t limits[] = { 0, 1, 31, 32, 100, 65536, 70000, 1000000, 50000000 };

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct pool p = { .max = limits[i] };
		size_t n = 0;

		while (pool_alloc(&p, 16))
			n++;
		assert_true(p.bytes <= limits[i]);
		/* All but what the chunks' heads take. */
		assert_true(n * 16 + 16 * 16 + 15 >= limits[i]);
		pool_fini(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_keep_what_they_hold),
		cmocka_unit_test(what_is_given_up_is_used_again),
		cmocka_unit_test(the_limit_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
