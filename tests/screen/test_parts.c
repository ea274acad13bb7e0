/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the screen that need no terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <curses.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/actions.h"
#include "tui/filter/history.h"
#include "tui/keys/keymap.h"
#include "tui/keys/keys.h"
#include "tui/model/groupby.h"
#include "tui/model/rate.h"
#include "tui/view/flows.h"
#include "tui/widget/doc.h"
#include "tui/widget/key.h"
#include "tui/widget/lineedit.h"
#include "tui/widget/table.h"
#include "tui/widget/text.h"
#include "tui/widget/theme.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- the action table --- */

static void test_no_key_has_two_actions(void **state)
{
	size_t n;
	const struct action *a = keymap_actions(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (int k = 0; k < KEYMAP_MAX_KEYS && a[i].keys[k]; k++)
			assert_ptr_equal(keymap_find(a[i].keys[k]), &a[i]);
	}
}

static void test_every_action_does_something(void **state)
{
	size_t n;
	const struct action *a = keymap_actions(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_non_null(a[i].help);
		assert_in_range(text_cells(a[i].help), 1, KEYMAP_HELP_MAX);
		/* It has a name, keys and a function, or is told of only. */
		assert_int_equal(a[i].name != NULL, actions_has(a[i].act));
		assert_int_equal(a[i].name != NULL, a[i].keys[0] != 0);
		assert_true(a[i].name || a[i].shown);
		assert_true(!a[i].counts || a[i].shown);
	}
}

static void test_classic_letters_group(void **state)
{
	static const struct {
		const char *keys;
		const char *field, *second;
	} rows[] = {
		{ "sS", "client", NULL },       { "dD", "server", NULL },
		{ "tT", "qtype", NULL },        { "rR", "rcode", NULL },
		{ "oO", "opcode", NULL },       { "1", "domain1", NULL },
		{ "2", "domain2", NULL },       { "9", "domain9", NULL },
		{ "0", "qname", NULL },         { "!", "client", "domain1" },
		{ "@cC", "client", "domain2" }, { "#", "client", "domain3" },
		{ "m", "domain", NULL },        { "(", "client", "domain9" },
		{ ")", "client", "qname" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (const char *p = rows[i].keys; *p; p++) {
			const struct action *a = keymap_find(*p);
			struct groupby by;

			assert_non_null(a);
			assert_int_equal(a->act, ACT_GROUP);
			by = groupby_of(keymap_arg(a, *p));
			assert_string_equal(by.field->name, rows[i].field);
			assert_int_equal(by.second != NULL, rows[i].second != NULL);
			if (by.second)
				assert_string_equal(by.second->name, rows[i].second);
		}
	}
}

static void test_key_names(void **state)
{
	static const struct {
		int key;
		int most;
		const char *text;
	} rows[] = {
		{ KEY_F(1), 6, "F1 ? h" }, { KEY_F(4), 2, "F4 /" }, { KEY_CTRL('x'), 6, "^X ^C" },
		{ ' ', 6, "F8 Space Z" },  { '\n', 6, "Enter" },    { KEY_UP, 1, "Up" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char buf[KEYS_TEXT_MAX];

		assert_string_equal(keys_text(NULL, keymap_find(rows[i].key), rows[i].most, buf),
				    rows[i].text);
	}
}

/* --- text --- */

static void test_counts(void **state)
{
	static const struct {
		uint64_t n;
		const char *full, *brief;
	} rows[] = {
		{ 0, "0", "0" },
		{ 999, "999", "999" },
		{ 1000, "1,000", "1000" },
		{ 9999, "9,999", "9999" },
		{ 10000, "10,000", "10.0k" },
		{ 99949, "99,949", "99.9k" },
		{ 99950, "99,950", "100k" },
		{ 999949, "999,949", "1000k" },
		{ 999950, "999,950", "1.0M" },
		{ 1234567, "1,234,567", "1.2M" },
		{ UINT64_MAX, "18,446,744,073,709,551,615", "18.4E" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char buf[TEXT_COUNT_MAX];

		assert_string_equal(text_count(rows[i].n, COUNT_FULL, buf), rows[i].full);
		assert_string_equal(text_count(rows[i].n, COUNT_SHORT, buf), rows[i].brief);
	}
}

static void test_cells(void **state)
{
	static const struct {
		const char *text;
		int cells;
	} rows[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "…é", 2 },
		{ "日本", 4 },
		/* What would steer the terminal is one '?' a byte. */
		{ "\033[2J", 4 },
		{ "\xff\xfe", 2 },
		{ "\xc2\x9b", 1 },
		{ "a\xe2\x80\xae"
		  "b",
		  3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(text_cells(rows[i].text), rows[i].cells);
}

/* --- the line editor --- */

static void test_line_editor(void **state)
{
	static const struct {
		const char *start;
		int keys[8];
		const char *text;
		int pos;
	} rows[] = {
		{ "", { 'a', 'b' }, "ab", 2 },
		{ "abc", { KEY_LEFT, KEY_BACKSPACE }, "ac", 1 },
		{ "abc", { KEY_HOME, KEY_DC, 'x' }, "xbc", 1 },
		{ "abc", { KEY_CTRL('a'), KEY_CTRL('d') }, "bc", 0 },
		{ "abc", { KEY_CTRL('a'), KEY_BACKSPACE, KEY_LEFT }, "abc", 0 },
		{ "abc", { KEY_RIGHT, KEY_DC }, "abc", 3 },
		{ "one two", { KEY_CTRL('w') }, "one ", 4 },
		{ "one two  ", { KEY_CTRL('w') }, "one ", 4 },
		{ "one", { KEY_CTRL('w'), KEY_CTRL('w') }, "", 0 },
		{ "one two", { KEY_LEFT, KEY_LEFT, KEY_CTRL('u') }, "wo", 0 },
		{ "one two", { KEY_LEFT, KEY_LEFT, KEY_CTRL('k') }, "one t", 5 },
		{ "abc", { KEY_CTRL('a'), KEY_CTRL('e'), '.' }, "abc.", 4 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lineedit e;

		lineedit_set(&e, rows[i].start);
		for (int k = 0; rows[i].keys[k]; k++)
			lineedit_key(&e, rows[i].keys[k]);
		assert_string_equal(e.text, rows[i].text);
		assert_int_equal(e.pos, rows[i].pos);
		assert_int_equal(e.len, (int)strlen(e.text));
	}
}

static void test_line_editor_is_bounded(void **state)
{
	struct lineedit e;

	(void)state;
	lineedit_set(&e, "");
	for (int i = 0; i < LINEEDIT_MAX - 1; i++)
		assert_int_equal(lineedit_key(&e, 'x'), LINEEDIT_CHANGED);
	assert_int_equal(lineedit_key(&e, 'x'), LINEEDIT_FULL);
	lineedit_replace(&e, 0, 1, "yy");
	assert_int_equal(e.len, LINEEDIT_MAX - 1);
	assert_int_equal(e.text[0], 'x');
	assert_int_equal(lineedit_key(&e, 0xc3), LINEEDIT_NOT_ASCII);
	assert_int_equal(lineedit_key(&e, KEY_F(5)), LINEEDIT_IGNORED);
}

static void test_history(void **state)
{
	struct history h = { 0 };
	char line[16];

	(void)state;
	assert_null(history_recall(&h, -1));
	history_add(&h, "");
	history_add(&h, "a");
	history_add(&h, "b");
	history_add(&h, "b");
	assert_string_equal(history_recall(&h, -1), "b");
	assert_string_equal(history_recall(&h, -1), "a");
	assert_null(history_recall(&h, -1));
	assert_string_equal(history_recall(&h, 1), "b");
	assert_string_equal(history_recall(&h, 1), "");
	assert_null(history_recall(&h, 1));
	for (int i = 0; i < 3 * HISTORY_MAX; i++) {
		snprintf(line, sizeof(line), "%d", i);
		history_add(&h, line);
	}
	assert_int_equal(h.n, HISTORY_MAX);
	assert_string_equal(history_recall(&h, -1), "299");
	history_free(&h);
}

/* --- the rate --- */

static void test_rate_of_steady_traffic(void **state)
{
	struct rate r = { 0 };
	uint64_t second = 1000000000ull;

	(void)state;
	rate_feed(&r, 100 * second, 0);
	assert_true(rate_of_window(&r) < 0);
	/* 400 a second, told ten times a second, for a minute. */
	for (uint64_t i = 1; i <= 600; i++)
		rate_feed(&r, 100 * second + i * second / 10, 40 * i);
	assert_true(rate_of_window(&r) > 399 && rate_of_window(&r) < 401);
	/* Silence is seen within the window. */
	for (uint64_t i = 1; i <= 60; i++)
		rate_feed(&r, 160 * second + i * second / 10, 24000);
	assert_true(rate_of_window(&r) < 1);
	/* Counters that begin anew. */
	rate_feed(&r, 167 * second, 5);
	assert_true(rate_of_window(&r) < 0);
}

static void test_rate_text(void **state)
{
	static const struct {
		double rate;
		const char *text;
	} rows[] = {
		{ -1, "- q/s" },         { 0, "0 q/s" },         { 0.44, "0.4 q/s" },
		{ 9.96, "10 q/s" },      { 411.6, "412 q/s" },   { 9999.4, "9999 q/s" },
		{ 9999.6, "10.0k q/s" }, { 123456, "123k q/s" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char buf[RATE_TEXT_MAX];

		assert_string_equal(rate_text(rows[i].rate, buf), rows[i].text);
	}
}

/* --- the table's columns --- */

/* As letters of the columns on screen with their widths: "a10 c4". */
static void layout_text(const struct table *t, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (int i = 0; i < t->n_columns; i++) {
		if (t->column[i].w)
			len += (size_t)snprintf(buf + len, size - len, "%s%s%d", len ? " " : "",
						t->column[i].title, t->column[i].w);
	}
}

static void test_layout(void **state)
{
	static const struct {
		int width;
		bool blank; /* b has no value */
		const char *layout;
		int cheap, sort;
	} rows[] = {
		/* As wide as wanted, and no wider. */
		{ 80, false, "a10 b5 c30 d7", 0, 0 },
		/* Those in need grow in turn. */
		{ 40, false, "a10 b5 c15 d7", 0, 0 },
		/* b gives its room to c. */
		{ 40, true, "a10 c21 d7", 0, 0 },
		{ 80, true, "a10 b5 c30 d7", 0, 0 },
		/* The highest drop number leaves first. */
		{ 34, false, "a10 b5 c9 d7", 0, 0 },
		{ 32, false, "a10 c13 d7", 0, 0 },
		{ 20, false, "c12 d7", 0, 0 },
		/* What can't leave is cut at the edge. */
		{ 10, false, "c8 d1", 0, 0 },
		{ 4, false, "c4", 0, 0 },
		/* What matters little goes for a text that is cut short; not what orders. */
		{ 44, false, "a10 c25 d7", 2, -1 },
		{ 44, false, "c30 d7", 1, -1 },
		{ 44, false, "a10 b5 c19 d7", 2, 1 },
		{ 80, false, "a10 b5 c30 d7", 1, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct table t = {
			.n_columns = 4,
			.cheap = rows[i].cheap,
			.sort = rows[i].sort,
			.column = {
				{ .title = "a", .width = 10, .max_width = 10, .want = 3, .drop = 1 },
				{ .title = "b", .width = 5, .max_width = 9, .want = 5, .drop = 2,
				  .blank = rows[i].blank },
				{ .title = "c", .width = 8, .max_width = 60, .want = 30 },
				{ .title = "d", .width = 7, .max_width = 7, .want = 7 },
			},
		};
		char seen[80];

		table_layout(&t, rows[i].width);
		layout_text(&t, seen, sizeof(seen));
		assert_string_equal(seen, rows[i].layout);
	}
}

static void test_every_field_can_be_a_column(void **state)
{
	const struct field *columns[FIELD_MAX_COLUMNS], *shown[FIELD_MAX_COLUMNS];
	size_t n;
	const struct field *all = fields(&n);
	struct flows *v = flows_new(NULL, 0, NULL);

	(void)state;
	assert_in_range(n, 1, FIELD_MAX_COLUMNS);
	for (size_t i = 0; i < n; i++)
		columns[i] = &all[i];
	flows_set_columns(v, columns, (int)n);
	assert_int_equal(flows_columns(v, shown), n);
	assert_memory_equal(shown, columns, n * sizeof(columns[0]));
	flows_ops.free(v);
}

static void test_cursor_stays_inside(void **state)
{
	struct table t = { .count = 100, .at = { .h = 11, .w = 80 } };

	(void)state;
	table_move(&t, MOVE_UP);
	assert_int_equal(t.cursor, 0);
	table_move(&t, MOVE_PAGE_DOWN);
	assert_int_equal(t.cursor, 10);
	table_move(&t, MOVE_LAST);
	assert_int_equal(t.cursor, 99);
	assert_int_equal(t.top, 90);
	table_move(&t, MOVE_DOWN);
	assert_int_equal(t.cursor, 99);
	table_scroll(&t, -1000);
	assert_int_equal(t.top, 0);
	assert_int_equal(t.cursor, 9);
	table_set_count(&t, 3);
	assert_int_equal(t.cursor, 2);
	table_set_count(&t, 0);
	assert_int_equal(t.cursor, 0);
	table_move(&t, MOVE_PAGE_DOWN);
	table_move(&t, MOVE_LAST);
	table_scroll(&t, 5);
	assert_int_equal(t.cursor, 0);
	assert_int_equal(t.top, 0);
}

/* --- documents --- */

static void test_wrapping(void **state)
{
	static const struct {
		const char *text;
		int width, height;
	} rows[] = {
		{ "", 20, 1 },
		{ "short", 20, 1 },
		{ "exactly twenty bytes", 20, 1 },
		{ "exactly twenty bytes.", 20, 2 },
		/* Without a space: where it must be. */
		{ "abcdefghijklmnopqrstuvwxyz0123456789", 20, 2 },
		{ "a word, and another, and more of them, to the end", 20, 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct doc d = { 0 };

		doc_add(&d, ROLE_TEXT, 2, rows[i].text, strlen(rows[i].text));
		assert_int_equal(doc_height(&d, rows[i].width), rows[i].height);
		doc_free(&d);
	}
}

static void test_pairs_share_lines(void **state)
{
	struct doc d = { 0 };

	(void)state;
	for (int i = 0; i < 5; i++)
		doc_add_pair(&d, ROLE_STRONG, "Key", 12, ROLE_TEXT, "value");
	assert_int_equal(doc_height(&d, DOC_TWO_COLUMNS), 3);
	assert_int_equal(doc_height(&d, DOC_TWO_COLUMNS - 1), 5);
	doc_clear(&d);
	doc_add_pair(&d, ROLE_STRONG, "Key", 12, ROLE_TEXT, "value");
	doc_add_pair(&d, ROLE_STRONG, "Key", 12, ROLE_TEXT,
		     "a value that is longer than half of the width of the screen");
	doc_add_pair(&d, ROLE_STRONG, "Key", 12, ROLE_TEXT, "value");
	assert_int_equal(doc_height(&d, 80), 3);
	doc_free(&d);
}

/* --- colours --- */

static double linear(int channel)
{
	double c = channel / 255.0;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* Of a colour of the cube, as WCAG has it. */
static double luminance(int cube)
{
	static const int levels[] = { 0, 95, 135, 175, 215, 255 };
	int c = cube - 16;

	return 0.2126 * linear(levels[c / 36]) + 0.7152 * linear(levels[c / 6 % 6]) +
	       0.0722 * linear(levels[c % 6]);
}

static void test_contrast(void **state)
{
	(void)state;
	for (int role = 0; role < ROLE_COUNT; role++) {
		int any = theme_cube(THEME_256, role);

		if (any < 0)
			continue;
		assert_true((luminance(any) + 0.05) / 0.05 >= 4);
		assert_true(1.05 / (luminance(any) + 0.05) >= 4);
		assert_true((luminance(theme_cube(THEME_256_DARK, role)) + 0.05) / 0.05 >= 6);
		assert_true(1.05 / (luminance(theme_cube(THEME_256_LIGHT, role)) + 0.05) >= 5.5);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_key_has_two_actions),
		cmocka_unit_test(test_every_action_does_something),
		cmocka_unit_test(test_classic_letters_group),
		cmocka_unit_test(test_key_names),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_line_editor),
		cmocka_unit_test(test_line_editor_is_bounded),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_rate_of_steady_traffic),
		cmocka_unit_test(test_rate_text),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_every_field_can_be_a_column),
		cmocka_unit_test(test_cursor_stays_inside),
		cmocka_unit_test(test_wrapping),
		cmocka_unit_test(test_pairs_share_lines),
		cmocka_unit_test(test_contrast),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("parts of the screen", tests, NULL, NULL);
}
