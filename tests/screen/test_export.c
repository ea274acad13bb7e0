/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The export popup's own logic, files that appear whole or not at all, and the
 * user's keys; without a terminal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file/newfile.h"
#include "tests/unit/rows.h"
#include "tui/keys/keymap.h"
#include "tui/keys/keys.h"
#include "tui/popup/export.h"
#include "tui/widget/key.h"

#define QUERY "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01x\x00\x00\x01\x00\x01"

/* A directory that is gone afterwards, with what is in it. */
static char dir[64];

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/dnstop-export-XXXXXX");
	return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int remove_dir(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static int files_here(void)
{
	FILE *p = popen("ls -A | wc -l", "r");
	int n = -1;

	assert_non_null(p);
	assert_int_equal(fscanf(p, "%d", &n), 1);
	pclose(p);
	return n;
}

static int lines_of(const char *name)
{
	FILE *f = fopen(name, "r");
	int n = 0, c;

	assert_non_null(f);
	while ((c = fgetc(f)) != EOF)
		n += c == '\n';
	fclose(f);
	return n;
}

static void type(struct export *e, const char *name)
{
	assert_true(export_ops.key(e, KEY_CTRL('u')));
	for (; *name; name++)
		assert_true(export_ops.key(e, *name));
}

static void run(struct export *e)
{
	assert_true(export_ops.key(e, '\r'));
	while (export_is_busy(e))
		export_work(e);
}

/* n rows in a table for most; the popup opened on all. */
static struct rows *world(struct export *e, uint32_t most, uint32_t n, bool backwards)
{
	struct rows *r = rows_new_sized(most);
	const struct field *columns[FIELD_MAX_COLUMNS];
	uint32_t *seqs = malloc((n + 1) * sizeof(*seqs));

	assert_non_null(seqs);
	for (uint32_t i = 0; i < n; i++) {
		struct row_spec s = { .id = (uint16_t)i,
				      .state = FLOW_TIMEOUT,
				      .query = QUERY,
				      .query_len = sizeof(QUERY) - 1 };

		seqs[backwards ? n - 1 - i : i] = r->table->next_seq;
		rows_add(r, &s);
	}
	export_open(e, &r->src, seqs, n, columns,
		    field_parse_list("id,qname", columns, FIELD_MAX_COLUMNS, NULL), ROWS_TS_NS);
	return r;
}

static void test_formats_and_names(void **state)
{
	struct export e;
	struct rows *r = world(&e, 64, 3, true);

	(void)state;
	assert_non_null(strstr(e.name.text, "dnstop-20261123-"));
	assert_true(export_ops.key(&e, '\t'));
	assert_non_null(strstr(e.name.text, ".json"));
	assert_true(export_ops.key(&e, KEY_DOWN));
	assert_non_null(strstr(e.name.text, ".pcapng"));
	assert_true(export_ops.key(&e, KEY_UP));
	type(&e, "mine");
	assert_true(export_ops.key(&e, '\t'));
	assert_string_equal(e.name.text, "mine");
	assert_int_equal(e.format, EXPORT_PCAPNG);
	assert_false(export_ops.key(&e, KEY_ESCAPE));
	assert_int_equal(files_here(), 0);
	rows_free(r);
}

static void test_columns_and_order(void **state)
{
	struct export e;
	struct rows *r = world(&e, 64, 3, true);
	char line[2000];
	FILE *f;

	(void)state;
	type(&e, "x.csv");
	run(&e);
	assert_string_equal(e.text, "3 rows written to x.csv");
	f = fopen("x.csv", "r");
	assert_non_null(fgets(line, sizeof(line), f));
	assert_string_equal(line, "id,qname\r\n");
	assert_non_null(fgets(line, sizeof(line), f));
	assert_string_equal(line, "2,example.com\r\n");
	fclose(f);
	assert_false(export_ops.key(&e, '\r'));
	rows_free(r);
	r = world(&e, 64, 3, true);
	assert_true(export_ops.key(&e, KEY_F(2)));
	type(&e, "all.csv");
	run(&e);
	f = fopen("all.csv", "r");
	assert_non_null(fgets(line, sizeof(line), f));
	assert_non_null(strstr(line, "latency_us,attempts"));
	fclose(f);
	export_close(&e);
	rows_free(r);
}

static void test_nothing_is_overwritten_unasked(void **state)
{
	struct export e;
	struct rows *r = world(&e, 64, 5, false);
	FILE *f = fopen("there", "w");

	(void)state;
	fputs("mine\n", f);
	fclose(f);
	chmod("there", 0640);
	type(&e, "there");
	run(&e);
	assert_int_equal(e.state, EXPORT_EXISTS);
	assert_int_equal(lines_of("there"), 1);
	/* No; then yes. */
	assert_true(export_ops.key(&e, KEY_ESCAPE));
	assert_int_equal(e.state, EXPORT_ASKING);
	assert_int_equal(files_here(), 1);
	run(&e);
	assert_true(export_ops.key(&e, '\r'));
	assert_int_equal(e.state, EXPORT_DONE);
	assert_int_equal(lines_of("there"), 6);
	struct stat st;

	assert_int_equal(stat("there", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(files_here(), 1);
	export_close(&e);
	rows_free(r);
}

static void test_rows_that_left_memory(void **state)
{
	struct export e;
	struct rows *r = world(&e, 500, 500, false);
	struct row_spec more = { .id = 1 };

	(void)state;
	for (int i = 0; i < 88; i++)
		rows_add(r, &more);
	type(&e, "x.csv");
	run(&e);
	assert_string_equal(e.text, "412 of 500 rows, 88 no longer in memory");
	assert_int_equal(lines_of("x.csv"), 413);
	export_close(&e);
	rows_free(r);
}

/* Rows are there, their messages are not. */
static void test_messages_that_left_memory(void **state)
{
	static uint8_t large[60000];
	struct row_spec other = { .state = FLOW_UNSOLICITED,
				  .response = large,
				  .response_len = sizeof(large) };
	struct export e;
	struct rows *r = world(&e, 1024, 7, false);

	(void)state;
	for (int i = 0; i < 30; i++)
		rows_add(r, &other);
	e.format = EXPORT_PCAPNG;
	type(&e, "x.pcapng");
	run(&e);
	assert_string_equal(e.text, "0 of 7 rows, 7 no longer in memory");
	export_close(&e);
	rows_free(r);
}

/* pcapng wants the order of time, whatever the screen's is. */
static void test_packets_in_order(void **state)
{
	static const uint32_t n = 1000;
	struct export e;
	struct rows *r = world(&e, 1024, n, false);

	(void)state;
	for (uint32_t i = 0, rest = 7; i < n; i++, rest = rest * 1103515245u + 12345u) {
		uint32_t j = (rest >> 8) % n, seq = e.seqs[i];

		e.seqs[i] = e.seqs[j];
		e.seqs[j] = seq;
	}
	e.format = EXPORT_PCAPNG;
	type(&e, "x.pcapng");
	run(&e);
	assert_false(e.failed);
	for (uint32_t i = 1; i < n; i++)
		assert_true(e.seqs[i - 1] < e.seqs[i]);
	export_close(&e);
	rows_free(r);
}

static void test_failures_leave_nothing(void **state)
{
	struct export e;
	struct rows *r = world(&e, 1024, 1000, false);
	struct rlimit was, small;

	(void)state;
	type(&e, "none/x.csv");
	run(&e);
	assert_true(e.failed);
	assert_non_null(strstr(e.text, "No such file"));
	type(&e, "/dev/null");
	run(&e);
	assert_non_null(strstr(e.text, "no regular file"));
	/* No room: as a full disk, which a test can't have. */
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	small = was;
	small.rlim_cur = 4096;
	setrlimit(RLIMIT_FSIZE, &small);
	type(&e, "x.csv");
	run(&e);
	setrlimit(RLIMIT_FSIZE, &was);
	assert_true(e.failed);
	assert_non_null(strstr(e.text, "nothing is left of it"));
	assert_int_equal(files_here(), 0);
	/* Given up on the way. */
	type(&e, "x.csv");
	assert_true(export_ops.key(&e, '\r'));
	assert_int_equal(files_here(), 1);
	assert_false(export_ops.key(&e, KEY_ESCAPE));
	assert_int_equal(files_here(), 0);
	rows_free(r);
}

/* --- keys --- */

static void test_keys_are_bound(void **state)
{
	const struct action *taken;
	char text[80];
	struct keys k;

	(void)state;
	keys_init(&k);
	assert_int_equal(keys_translate(&k, ' '), ' ');
	assert_int_equal(keys_bind(&k, "pause", "F8 z ^p", &taken, NULL), 0);
	assert_string_equal(taken->name, "up");
	assert_int_equal(keys_translate(&k, 'z'), KEY_F(8));
	assert_int_equal(keys_translate(&k, KEY_CTRL('p')), KEY_F(8));
	assert_int_equal(keys_translate(&k, KEY_F(8)), KEY_F(8));
	/* What it had is free, and what it took away is gone. */
	assert_int_equal(keys_translate(&k, ' '), 0);
	assert_int_equal(keys_translate(&k, 'k'), 'k');
	assert_true(keys_own_text(&k, keymap_find(KEY_F(8)), text, sizeof(text)));
	assert_string_equal(text, "F8 z ^P");
	assert_false(keys_own_text(&k, keymap_find('q'), text, sizeof(text)));
	/* Names of keys, and help that follows. */
	assert_int_equal(keys_bind(&k, "enter", "Space pgup s-tab Backspace", &taken, NULL), 0);
	assert_int_equal(keys_translate(&k, ' '), '\r');
	assert_int_equal(keys_translate(&k, 0x7f), '\r');
	assert_string_equal(keys_text(&k, keymap_find('\r'), 2, text), "Space PgUp");
	assert_string_equal(keys_text(NULL, keymap_find('\r'), 2, text), "Enter");
	assert_int_equal(keys_bind(&k, "group-name", "a b c", &taken, NULL), 0);
	assert_int_equal(keys_translate(&k, 'c'), '2');
	assert_int_equal(keys_bind(&k, "reset", "none", &taken, NULL), 0);
	assert_int_equal(keys_translate(&k, KEY_CTRL('r')), 0);
}

static void test_keys_are_refused(void **state)
{
	static const struct {
		const char *action, *keys, *why;
	} wrong[] = {
		{ "nosuch", "x", "no action is called \"nosuch\"" },
		{ "pause", "F13", "no key is called \"F13\"" },
		{ "pause", "Spaces", "no key is called \"Spaces\"" },
		{ "pause", "a b c d e f g h i j k", "more than 10 keys" },
		{ "leave", "none", "leave needs a key" },
		{ "sort", "x", "the key x is already that of help" },
	};
	const struct action *taken;
	struct keys k, before;

	(void)state;
	keys_init(&k);
	assert_int_equal(keys_bind(&k, "help", "x", &taken, NULL), 0);
	before = k;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct err err = { 0 };

		assert_int_equal(keys_bind(&k, wrong[i].action, wrong[i].keys, &taken, &err),
				 -EINVAL);
		assert_string_equal(err.text, wrong[i].why);
		assert_memory_equal(&k, &before, sizeof(k));
	}
}

/* What help says of a key binds it again. */
static void test_every_key_has_a_name(void **state)
{
	size_t n;
	const struct action *a = keymap_actions(&n);

	(void)state;
	assert_true(n <= KEYS_ACTIONS_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct action *taken;
		char text[200] = "", again[200];
		struct keys k;

		if (!a[i].name)
			continue;
		keys_init(&k);
		k.of[i].own = true;
		assert_true(keys_own_text(&k, &a[i], text, sizeof(text)));
		k.of[i].own = false;
		assert_int_equal(keys_bind(&k, a[i].name, text, &taken, NULL), 0);
		assert_true(keys_own_text(&k, &a[i], again, sizeof(again)));
		assert_string_equal(again, text);
	}
}

int main(void)
{
#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)
	static const struct CMUnitTest tests[] = {
		IN_DIR(test_formats_and_names),
		IN_DIR(test_columns_and_order),
		IN_DIR(test_nothing_is_overwritten_unasked),
		IN_DIR(test_rows_that_left_memory),
		IN_DIR(test_messages_that_left_memory),
		IN_DIR(test_packets_in_order),
		IN_DIR(test_failures_leave_nothing),
		cmocka_unit_test(test_keys_are_bound),
		cmocka_unit_test(test_keys_are_refused),
		cmocka_unit_test(test_every_key_has_a_name),
	};

	return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
