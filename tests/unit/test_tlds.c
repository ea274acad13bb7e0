/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of top-level domains, and the names of predicates that look into them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/query/tlds.h"

static struct tlds *parsed(const char *text)
{
	struct tlds *t;
	unsigned line;

	assert_int_equal(tlds_parse(&t, text, &line), 0);
	assert_non_null(t);
	return t;
}

static bool have(const struct tlds *t, const char *label)
{
	return tlds_have(t, label, strlen(label));
}

static bool have_new(const struct tlds *t, const char *label)
{
	return tlds_have_new(t, label, strlen(label));
}

/* As IANA writes it. */
static void test_iana(void **state)
{
	struct tlds *t = parsed("# Version 2026112300, Last Updated Mon Nov 23 07:07:01 2026 UTC\n"
				"AAA\r\nCOM\nXN--P1AI\n");

	(void)state;
	assert_int_equal(tlds_count(t), 3);
	assert_int_equal(tlds_day(t), 20261123);
	assert_int_equal(tlds_age_days(t, 1795435500000000000ull), 0);
	assert_int_equal(tlds_age_days(t, 1795435500000000000ull + 3 * 86400000000000ull), 3);
	assert_true(have(t, "com") && have(t, "Com") && have(t, "aaa") && have(t, "xn--p1ai"));
	assert_false(have(t, "co") || have(t, "comm") || have(t, "") || have(t, "localhost"));
	assert_false(tlds_tell_new(t) || have_new(t, "aaa"));
	tlds_free(t);
}

static void test_ours(void **state)
{
	struct tlds *t = parsed("  # no day\n\n app new \ncom\t\n\nZone\tNEW\n# end");

	(void)state;
	assert_int_equal(tlds_count(t), 3);
	assert_int_equal(tlds_day(t), 0);
	assert_int_equal(tlds_age_days(t, 1795435500000000000ull), -1);
	assert_true(tlds_tell_new(t));
	assert_true(have_new(t, "APP") && have_new(t, "zone") && have(t, "zone"));
	assert_false(have_new(t, "com"));
	tlds_free(t);
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
	} bad[] = {
		{ "", 0 },
		{ "# nothing\n", 0 },
		{ "com\nco.uk\n", 2 },
		{ "com\nnet old\n", 2 },
		{ "<html>\n", 1 },
		{ "com\n\n\nnet new gtld\n", 4 },
		{ "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg\n", 1 },
	};
	struct tlds *t;
	unsigned line;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(tlds_parse(&t, bad[i].text, &line), -EINVAL);
		assert_null(t);
		assert_int_equal(line, bad[i].line);
	}
	tlds_free(NULL);
}

/* The list that comes along. */
static void test_shipped(void **state)
{
	FILE *f = fopen("data/tlds", "r");
	char *text = NULL;
	size_t size = 0;
	struct tlds *t;

	(void)state;
	if (!f)
		skip();
	assert_true(getdelim(&text, &size, '\0', f) > 0);
	fclose(f);
	t = parsed(text);
	free(text);
	assert_true(tlds_count(t) > 1400);
	assert_true(tlds_day(t) >= 20230101);
	for (const char *const *label =
		     (const char *const[]){ "com", "arpa", "de", "ck", "np", "xn--p1ai",
					    "xn--wgbl6a", "museum", NULL };
	     *label; label++)
		assert_true(have(t, *label) && !have_new(t, *label));
	assert_true(have_new(t, "app") && have_new(t, "xn--vuq861b"));
	for (const char *const *label = (const char *const[]){ "local", "onion", "localhost",
							       "corp", "internal", "lan", NULL };
	     *label; label++)
		assert_false(have(t, *label));
	tlds_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_iana),
		cmocka_unit_test(test_ours),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
