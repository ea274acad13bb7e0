/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/hash.h"
#include "core/flow/intern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static uint32_t enter(struct intern *in, const char *text)
{
	return intern_id(in, text, strlen(text));
}

static void assert_text(const struct intern *in, uint32_t id, const void *bytes, size_t want_len)
{
	size_t len = 0;
	const char *text = intern_text(in, id, &len);

	assert_int_equal(len, want_len);
	assert_memory_equal(text, bytes, len);
	assert_int_equal(text[len], '\0');
}

static void equal_bytes_have_one_id(void **state)
{
	struct intern *in = intern_new(100, 1 << 16, 1);
	uint32_t a = enter(in, "a.example"), b = enter(in, "b.example");

	(void)state;
	assert_int_not_equal(a, INTERN_NONE);
	assert_int_not_equal(b, INTERN_NONE);
	assert_int_not_equal(a, b);
	assert_int_equal(enter(in, "a.example"), a);
	assert_int_not_equal(enter(in, "A.example"), a);
	assert_int_equal(intern_find(in, "b.example", 9), b);
	assert_int_equal(intern_find(in, "b.exampl", 8), INTERN_NONE);
	assert_int_equal(intern_count(in), 3);
	assert_text(in, a, "a.example", 9);
	assert_true(a < intern_limit(in) && b < intern_limit(in));
	assert_true(intern_bytes(in) >= 3 * 9);
	intern_free(in);
	intern_free(NULL);
}

static void bytes_may_be_anything(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} strings[] = { { "", 0 }, { "\0", 1 }, { "\0\0", 2 }, { "a\0b", 3 }, { "\xff", 1 } };
	struct intern *in = intern_new(100, 1 << 16, 1);
	uint32_t ids[ARRAY_SIZE(strings)];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
		ids[i] = intern_id(in, strings[i].bytes, strings[i].len);
	for (size_t i = 0; i < ARRAY_SIZE(strings); i++) {
		assert_int_not_equal(ids[i], INTERN_NONE);
		assert_text(in, ids[i], strings[i].bytes, strings[i].len);
		assert_int_equal(intern_id(in, strings[i].bytes, strings[i].len), ids[i]);
	}
	assert_int_equal(intern_count(in), ARRAY_SIZE(strings));
	intern_free(in);
}

static void none_is_the_empty_text(void **state)
{
	struct intern *in = intern_new(1, 64, 1);

	(void)state;
	assert_text(in, INTERN_NONE, "", 0);
	intern_free(in);
}

static void the_longest_fits_and_a_longer_one_is_lost(void **state)
{
	struct intern *in = intern_new(10, 1 << 16, 1);
	static char bytes[70000];
	uint32_t id;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	assert_true(intern_fits(in, INTERN_MAX_LEN));
	assert_false(intern_fits(in, INTERN_MAX_LEN + 1));
	id = intern_id(in, bytes, INTERN_MAX_LEN);
	assert_int_not_equal(id, INTERN_NONE);
	assert_text(in, id, bytes, INTERN_MAX_LEN);
	assert_int_equal(intern_id(in, bytes, INTERN_MAX_LEN + 1), INTERN_NONE);
	assert_int_equal(intern_id(in, bytes, sizeof(bytes)), INTERN_NONE);
	assert_int_equal(intern_lost(in), 2);
	intern_free(in);
}

static void entries_are_bounded(void **state)
{
	struct intern *in = intern_new(2, 1 << 16, 1);
	uint32_t a = enter(in, "a");

	(void)state;
	assert_true(intern_fits(in, 1));
	assert_int_not_equal(enter(in, "b"), INTERN_NONE);
	assert_false(intern_fits(in, 1));
	assert_int_equal(enter(in, "c"), INTERN_NONE);
	assert_int_equal(intern_lost(in), 1);
	/* What is there is still found. */
	assert_int_equal(enter(in, "a"), a);
	assert_int_equal(intern_lost(in), 1);
	intern_free(in);
}

static void bytes_are_bounded(void **state)
{
	struct intern *in = intern_new(1000, 64, 1);

	(void)state;
	assert_int_not_equal(enter(in, "a"), INTERN_NONE);
	assert_int_not_equal(enter(in, "a string of 30 characters more"), INTERN_NONE);
	assert_int_equal(intern_bytes(in), 48 + 16);
	assert_false(intern_fits(in, 1));
	assert_int_equal(enter(in, "b"), INTERN_NONE);
	assert_int_equal(intern_lost(in), 1);
	intern_free(in);
}

static void a_sweep_frees_what_is_not_marked(void **state)
{
	struct intern *in = intern_new(4, 1 << 16, 1);
	uint32_t a = enter(in, "a"), b = enter(in, "b"), c = enter(in, "c");
	uint32_t generation = intern_generation(in);

	(void)state;
	intern_mark_begin(in);
	intern_mark(in, b);
	intern_mark(in, INTERN_NONE);
	assert_int_equal(intern_sweep(in), 2);
	assert_int_not_equal(intern_generation(in), generation);
	assert_int_equal(intern_count(in), 1);
	assert_int_equal(intern_find(in, "a", 1), INTERN_NONE);
	assert_int_equal(intern_find(in, "b", 1), b);
	assert_text(in, b, "b", 1);
	/* Their room is given away again. */
	assert_true(enter(in, "d") <= c);
	assert_true(enter(in, "e") <= c);
	assert_int_not_equal(enter(in, "d"), b);
	(void)a;
	intern_free(in);
}

/* Short strings in a full store leave, long ones find their room in a piece. */
static void neighbours_freed_become_one(void **state)
{
	struct intern *in = intern_new(10000, 16 * 1000, 1);
	char text[512];
	uint32_t keep = 0, n = 0;

	(void)state;
	for (;; n++) {
		snprintf(text, sizeof(text), "short%u", n);
		if (!intern_fits(in, strlen(text)))
			break;
		if (n == 500)
			keep = enter(in, text);
		else
			enter(in, text);
	}
	assert_int_equal(n, 1000);
	intern_mark_begin(in);
	intern_mark(in, keep);
	assert_int_equal(intern_sweep(in), 999);
	memset(text, 'l', sizeof(text));
	/* 509 bytes and 3 are 32 granules: 15 before the one kept, 15 behind. */
	for (n = 0; intern_fits(in, 509); n++) {
		snprintf(text, sizeof(text), "%u", n);
		assert_int_not_equal(intern_id(in, text, 509), INTERN_NONE);
	}
	assert_true(n >= 28);
	assert_text(in, keep, "short500", 8);
	intern_free(in);
}

struct model {
	char text[300];
	uint32_t id;
	bool kept;
};

/* Many rounds of entering, forgetting and entering again, against a list. */
static void ids_hold_over_many_sweeps(void **state)
{
	enum {
		N = 700,
		ROUNDS = 60
	};
	static struct model model[N];
	struct intern *in = intern_new(N, 1 << 16, 99);

	(void)state;
	srand(11);
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t live = 0;

		for (int i = 0; i < N; i++) {
			struct model *m = &model[i];

			if (!m->id) {
				snprintf(m->text, sizeof(m->text), "%d-%d-%0*d", round, i,
					 1 + rand() % (rand() % 20 ? 20 : 250), 0);
				m->id = enter(in, m->text);
			}
			if (m->id)
				assert_int_equal(enter(in, m->text), m->id);
		}
		intern_mark_begin(in);
		for (int i = 0; i < N; i++) {
			model[i].kept = model[i].id && rand() % 3;
			live += model[i].kept;
			if (model[i].kept)
				intern_mark(in, model[i].id);
		}
		intern_sweep(in);
		assert_int_equal(intern_count(in), live);
		for (int i = 0; i < N; i++) {
			if (model[i].kept)
				assert_text(in, model[i].id, model[i].text, strlen(model[i].text));
			else
				model[i].id = 0;
		}
	}
	intern_mark_begin(in);
	intern_sweep(in);
	assert_int_equal(intern_count(in), 0);
	assert_int_equal(intern_bytes(in), 0);
	assert_int_equal(intern_limit(in), 1);
	intern_free(in);
}

static void many_entries_are_all_found(void **state)
{
	enum {
		N = 200000
	};
	struct intern *in = intern_new(N, (size_t)N * 32, 5);
	uint32_t *ids = calloc(N, sizeof(*ids));
	char text[32];

	(void)state;
	assert_non_null(ids);
	for (uint32_t i = 0; i < N; i++) {
		snprintf(text, sizeof(text), "host%u.example", i);
		ids[i] = enter(in, text);
		assert_int_not_equal(ids[i], INTERN_NONE);
	}
	for (uint32_t i = 0; i < N; i++) {
		snprintf(text, sizeof(text), "host%u.example", i);
		assert_int_equal(intern_find(in, text, strlen(text)), ids[i]);
	}
	assert_int_equal(intern_count(in), N);
	assert_int_equal(intern_lost(in), 0);
	free(ids);
	intern_free(in);
}

static uint32_t enter_guessed(struct intern *in, const char *text, struct intern_guess guess)
{
	return intern_id_guessed(in, text, strlen(text), hash_bytes(text, strlen(text), 5), guess);
}

static struct intern_guess guess_of(const struct intern *in, const char *text)
{
	return intern_prefetch_text(in, strlen(text), hash_bytes(text, strlen(text), 5));
}

static void a_guess_is_believed_where_it_is_right(void **state)
{
	struct intern *in = intern_new(100, 4096, 5);
	struct intern_guess none = guess_of(in, "one.example"), one, two;
	uint32_t first, second;

	(void)state;
	assert_int_equal(none.id, INTERN_NONE);
	first = enter_guessed(in, "one.example", none);
	second = enter_guessed(in, "two.example", none);
	one = guess_of(in, "one.example");
	two = guess_of(in, "two.example");
	assert_int_equal(one.id, first);
	assert_int_equal(two.id, second);
	assert_int_equal(enter_guessed(in, "one.example", one), first);
	assert_int_equal(enter_guessed(in, "one.example", two), first);
	assert_int_equal(intern_count(in), 2);
	/* What is free still has its bytes, and is no string's any more. */
	intern_mark_begin(in);
	intern_mark(in, second);
	intern_sweep(in);
	assert_int_equal(enter(in, "six.example"), first);
	assert_int_not_equal(enter_guessed(in, "one.example", one), first);
	assert_int_equal(enter_guessed(in, "two.example", two), second);
	assert_int_equal(intern_count(in), 3);
	intern_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_bytes_have_one_id),
		cmocka_unit_test(bytes_may_be_anything),
		cmocka_unit_test(none_is_the_empty_text),
		cmocka_unit_test(the_longest_fits_and_a_longer_one_is_lost),
		cmocka_unit_test(entries_are_bounded),
		cmocka_unit_test(bytes_are_bounded),
		cmocka_unit_test(a_sweep_frees_what_is_not_marked),
		cmocka_unit_test(neighbours_freed_become_one),
		cmocka_unit_test(ids_hold_over_many_sweeps),
		cmocka_unit_test(many_entries_are_all_found),
		cmocka_unit_test(a_guess_is_believed_where_it_is_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
