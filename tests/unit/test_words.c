/* SPDX-License-Identifier: BSD-2-Clause */
/* A text that grows piece by piece. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "core/base/words.h"

static void test_pieces_are_put_together(void **state)
{
	char buf[32] = "rubbish";
	struct words w = words_in(buf, sizeof(buf));

	(void)state;
	assert_string_equal(buf, "");
	words_add(&w, "%d of %d", 2, 4);
	words_add(&w, "%s", "");
	words_add(&w, " in lookup %u", 17u);
	assert_string_equal(buf, "2 of 4 in lookup 17");
	assert_int_equal(w.len, strlen(buf));
	assert_false(w.full);
}

static void test_what_finds_no_room_is_left_off(void **state)
{
	static const struct {
		const char *first, *second;
		const char *text;
		int full;
	} rows[] = {
		{ "1234567", "", "1234567", 0 },   { "12345678", "", "1234567", 1 },
		{ "1234", "567", "1234567", 0 },   { "1234", "5678", "1234567", 1 },
		{ "12345678", "9", "1234567", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char buf[9] = { [8] = 'x' };
		struct words w = words_in(buf, 8);

		words_add(&w, "%s", rows[i].first);
		words_add(&w, "%s", rows[i].second);
		assert_string_equal(buf, rows[i].text);
		assert_int_equal(w.len, strlen(rows[i].text));
		assert_int_equal(w.full, rows[i].full);
		assert_int_equal(buf[8], 'x');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_are_put_together),
		cmocka_unit_test(test_what_finds_no_room_is_left_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
