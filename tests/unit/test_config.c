/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/config.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void test_lines(void **state)
{
	static const struct {
		const char *text;
		enum config_kind kind;
		const char *name, *value; /* of a wrong line: why */
	} rows[] = {
		{ "a=b", CONFIG_PAIR, "a", "b" },
		{ "  sort\t=  -latency_us  \n", CONFIG_PAIR, "sort", "-latency_us" },
		{ "key.group-name = a b # c\r\n", CONFIG_PAIR, "key.group-name", "a b # c" },
		{ "a =", CONFIG_PAIR, "a", "" },
		{ "a==b=c", CONFIG_PAIR, "a", "=b=c" },
		{ "a = \xc3\xa4", CONFIG_PAIR, "a", "\xc3\xa4" },
		{ "# a = b", CONFIG_BLANK, "", "" },
		{ " \t\r\n", CONFIG_BLANK, "", "" },
		{ "= b", CONFIG_WRONG, "", "no name" },
		{ "\xff = b", CONFIG_WRONG, "", "no name" },
		{ "a b = c", CONFIG_WRONG, "", "no \"=\" after the name" },
		{ "just words", CONFIG_WRONG, "", "no \"=\" after the name" },
		{ "a = \x1b[2J", CONFIG_WRONG, "", "a control character" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *at = rows[i].text;
		struct config_line line;
		int number = 0;

		assert_true(config_next(&at, &number, &line));
		assert_int_equal(line.kind, rows[i].kind);
		if (line.kind == CONFIG_PAIR) {
			assert_string_equal(line.name, rows[i].name);
			assert_string_equal(line.value, rows[i].value);
		} else {
			assert_string_equal(line.why, rows[i].value);
		}
		assert_int_equal(number, 1);
		assert_false(config_next(&at, &number, &line));
	}
}

static void test_too_long(void **state)
{
	char text[CONFIG_VALUE_MAX + CONFIG_NAME_MAX + 10];
	const char *at = text;
	struct config_line line;
	int number = 0;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	text[CONFIG_NAME_MAX] = '=';
	assert_true(config_next(&at, &number, &line));
	assert_string_equal(line.why, "too long a name");
	text[CONFIG_NAME_MAX - 1] = '=';
	at = text;
	assert_true(config_next(&at, &number, &line));
	assert_string_equal(line.why, "too long a value");
	text[CONFIG_NAME_MAX + CONFIG_VALUE_MAX] = '\0';
	text[CONFIG_NAME_MAX] = ' ';
	at = text;
	assert_true(config_next(&at, &number, &line));
	assert_int_equal(line.kind, CONFIG_PAIR);
	assert_int_equal(strlen(line.value), CONFIG_VALUE_MAX - 1);
}

static void test_numbers(void **state)
{
	const char *at = "a=1\n\n# c\nwrong\nb=2";
	static const enum config_kind kinds[] = { CONFIG_PAIR, CONFIG_BLANK, CONFIG_BLANK,
						  CONFIG_WRONG, CONFIG_PAIR };
	struct config_line line;
	int number = 0;

	(void)state;
	for (int i = 0; i < 5; i++) {
		assert_true(config_next(&at, &number, &line));
		assert_int_equal(line.number, i + 1);
		assert_int_equal(line.kind, kinds[i]);
	}
	assert_false(config_next(&at, &number, &line));
}

static void test_changes(void **state)
{
	static const struct {
		const char *before, *name, *value, *after;
	} rows[] = {
		{ "", "a", "1", "a = 1\n" },
		{ "# mine", "a", "1", "# mine\na = 1\n" },
		{ "a=0\nb = 2\n", "a", "1", "a = 1\nb = 2\n" },
		/* The last one counts, and stays; what is of others stays as it is. */
		{ "a=0\nnonsense\r\n  a = 5 \nnew.thing=7", "a", "1",
		  "nonsense\r\na = 1\nnew.thing=7" },
		{ "#a = 0\n", "a", "1", "#a = 0\na = 1\n" },
		{ "aa = 0\n", "a", "1", "aa = 0\na = 1\n" },
		{ "a=0\nb=1\na=2\n", "a", NULL, "b=1\n" },
		{ "b=1", "a", NULL, "b=1" },
		{ "a=0", "a", "", "a = \n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *after = config_set(rows[i].before, rows[i].name, rows[i].value);

		assert_string_equal(after, rows[i].after);
		free(after);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_changes),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
