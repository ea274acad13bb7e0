/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static void keeps_copies(void **state)
{
	struct store *s = store_new(4096);
	uint8_t bytes[] = "message";
	size_t len = 0;
	uint32_t ref;

	(void)state;
	ref = store_put(s, bytes, sizeof(bytes));
	memset(bytes, 0, sizeof(bytes));
	assert_int_not_equal(ref, STORE_NONE);
	assert_memory_equal(store_get(s, ref, &len), "message", 8);
	assert_int_equal(len, 8);
	store_free(s);
	store_free(NULL);
}

static void keeps_nothing_when_told_so(void **state)
{
	static const size_t sizes[] = { 0, 1, 31 };
	size_t len;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct store *s = store_new(sizes[i]);

		assert_non_null(s);
		assert_int_equal(store_put(s, "x", 1), STORE_NONE);
		assert_null(store_get(s, STORE_NONE, &len));
		assert_null(store_get(s, 1, &len));
		store_free(s);
	}
}

static void long_messages_are_not_kept(void **state)
{
	struct store *s = store_new(4096);
	uint8_t bytes[1025] = { 0 };

	(void)state;
	assert_int_equal(store_put(s, bytes, 1025), STORE_NONE);
	assert_int_not_equal(store_put(s, bytes, 1024), STORE_NONE);
	assert_int_not_equal(store_put(s, bytes, 0), STORE_NONE);
	store_free(s);
}

static void references_made_up_are_nothing(void **state)
{
	struct store *s = store_new(4096);
	uint8_t bytes[900];
	uint32_t ref;
	size_t len;

	(void)state;
	memset(bytes, 0x41, sizeof(bytes));
	for (int i = 0; i < 20; i++)
		ref = store_put(s, bytes, sizeof(bytes));
	assert_null(store_get(s, ref + 1, &len));
	assert_null(store_get(s, ref - 1, &len));
	assert_null(store_get(s, ref + 100000, &len));
	assert_null(store_get(s, 0x41414141, &len));
	store_free(s);
}

struct kept {
	uint32_t ref;
	uint8_t fill;
	size_t len;
};

/* Each reference gives its own bytes or nothing; how much is kept is at least
 * half of the capacity for messages that are short against it. */
static void a_reference_knows_when_it_is_gone(void **state)
{
	enum {
		N = 3000
	};
	static struct kept kept[N];
	struct store *s = store_new(1 << 14);
	uint8_t bytes[600];

	(void)state;
	srand(5);
	for (int i = 0; i < N; i++) {
		struct kept *k = &kept[i];
		size_t alive = 0;

		k->fill = (uint8_t)rand();
		k->len = (size_t)rand() % sizeof(bytes);
		memset(bytes, k->fill, k->len);
		k->ref = store_put(s, bytes, k->len);
		assert_int_not_equal(k->ref, STORE_NONE);
		for (int j = i; j >= 0 && j > i - 200; j--) {
			size_t len;
			const uint8_t *got = store_get(s, kept[j].ref, &len);

			if (!got)
				continue;
			assert_int_equal(len, kept[j].len);
			for (size_t b = 0; b < len; b++)
				assert_int_equal(got[b], kept[j].fill);
			alive += len;
		}
		if (i > 200)
			assert_true(alive >= 1 << 13);
	}
	store_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_copies),
		cmocka_unit_test(keeps_nothing_when_told_so),
		cmocka_unit_test(long_messages_are_not_kept),
		cmocka_unit_test(references_made_up_are_nothing),
		cmocka_unit_test(a_reference_knows_when_it_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
