/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user's own files and what was entered before; without a terminal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file/userfiles.h"
#include "tui/filter/history.h"

/* Somebody who is not root. */
#define CALLER 12345

/* A directory that is gone afterwards, with what is in it. */
static char dir[64];

static int make_dir(void **state)
{
	static const char *const names[] = { "DNSTOP_CONFIG", "XDG_CONFIG_HOME", "XDG_STATE_HOME",
					     "SUDO_UID", "SUDO_GID" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	snprintf(dir, sizeof(dir), "/tmp/dnstop-settings-XXXXXX");
	return mkdtemp(dir) && chdir(dir) == 0 && setenv("HOME", dir, 1) == 0 ? 0 : -1;
}

static int remove_dir(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void holds(const char *name, const char *text)
{
	char *got;

	assert_int_equal(userfile_read(name, &got), 0);
	assert_string_equal(got, text);
	free(got);
}

static struct stat status_of(const char *name)
{
	struct stat st;

	assert_int_equal(lstat(name, &st), 0);
	return st;
}

static void is_at(enum userfile which, const char *base, const char *rest)
{
	char path[PATH_MAX], want[PATH_MAX];

	snprintf(want, sizeof(want), "%s%s", base, rest);
	assert_true(userfile_path(which, path));
	assert_string_equal(path, want);
}

static void test_places(void **state)
{
	(void)state;
	is_at(USERFILE_CONFIG, dir, "/.config/dnstop/config");
	is_at(USERFILE_HISTORY, dir, "/.local/state/dnstop/history");
	setenv("XDG_CONFIG_HOME", "/c", 1);
	setenv("XDG_STATE_HOME", "/s", 1);
	is_at(USERFILE_CONFIG, "", "/c/dnstop/config");
	is_at(USERFILE_HISTORY, "", "/s/dnstop/history");
	/* The specification: what is not absolute does not count. */
	setenv("XDG_CONFIG_HOME", "c", 1);
	is_at(USERFILE_CONFIG, dir, "/.config/dnstop/config");
	setenv("DNSTOP_CONFIG", "mine", 1);
	is_at(USERFILE_CONFIG, "", "mine");
	is_at(USERFILE_HISTORY, "", "/s/dnstop/history");
}

static void test_reading(void **state)
{
	char *text = NULL, *large = malloc(USERFILE_MAX + 2);
	FILE *f;

	(void)state;
	assert_int_equal(userfile_read("none", &text), -ENOENT);
	assert_int_equal(userfile_read(dir, &text), -EISDIR);
	put("empty", "");
	holds("empty", "");
	f = fopen("zero", "w");
	fwrite("a\0b", 1, 3, f);
	fclose(f);
	assert_int_equal(userfile_read("zero", &text), -EILSEQ);
	memset(large, 'a', USERFILE_MAX + 1);
	large[USERFILE_MAX + 1] = '\0';
	put("large", large);
	assert_int_equal(userfile_read("large", &text), -EFBIG);
	large[USERFILE_MAX] = '\0';
	put("large", large);
	holds("large", large);
	free(large);
	/* A pipe that nobody writes to is no reason to wait. */
	assert_int_equal(mkfifo("pipe", 0600), 0);
	holds("pipe", "");
	assert_null(text);
}

static void test_writing(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(userfile_write("a/b/c", "one\n", &err), 0);
	holds("a/b/c", "one\n");
	assert_int_equal(status_of("a/b").st_mode & 0777, 0700);
	/* What stands behind a link is written, and the link stays. */
	assert_int_equal(symlink("a/b/c", "link"), 0);
	assert_int_equal(chmod("a/b/c", 0640), 0);
	assert_int_equal(userfile_write("link", "two\n", &err), 0);
	assert_true(S_ISLNK(status_of("link").st_mode));
	holds("a/b/c", "two\n");
	assert_int_equal(status_of("a/b/c").st_mode & 0777, 0640);
	/* Where a directory should be there is a file. */
	assert_true(userfile_write("a/b/c/d", "three\n", &err) < 0);
	assert_true(err.text[0]);
	holds("a/b/c", "two\n");
}

/* Under sudo: with the rights of who called, and nothing of root's. */
static void test_sudo(void **state)
{
	char id[16], *text = NULL;
	struct err err = { 0 };

	(void)state;
	if (geteuid() != 0) {
		print_message("not root\n");
		skip();
	}
	snprintf(id, sizeof(id), "%d", CALLER);
	setenv("SUDO_UID", id, 1);
	setenv("SUDO_GID", id, 1);
	assert_int_equal(mkdir("home", 0755), 0);
	assert_int_equal(chown("home", CALLER, CALLER), 0);
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(userfile_write("home/state/dnstop/history", "x\n", &err), 0);
	assert_int_equal(status_of("home/state").st_uid, CALLER);
	assert_int_equal(status_of("home/state/dnstop").st_uid, CALLER);
	assert_int_equal(status_of("home/state/dnstop/history").st_uid, CALLER);
	assert_int_equal(status_of("home/state/dnstop/history").st_gid, CALLER);
	holds("home/state/dnstop/history", "x\n");
	/* No way round the user's own rights. */
	put("secret", "root's\n");
	assert_int_equal(chmod("secret", 0600), 0);
	assert_int_equal(symlink("../secret", "home/link"), 0);
	assert_int_equal(userfile_read("home/link", &text), -EACCES);
	assert_true(userfile_write("home/link", "mine\n", &err) < 0);
	assert_int_equal(mkdir("roots", 0755), 0);
	assert_true(userfile_write("roots/file", "mine\n", &err) < 0);
	/* And root again afterwards. */
	assert_int_equal(geteuid(), 0);
	assert_int_equal(getegid(), 0);
	put("secret", "still root's\n");
}

static void test_history(void **state)
{
	struct history h = { 0 };
	char line[16];

	(void)state;
	history_add(&h, "a");
	history_add(&h, "b");
	history_add(&h, "");
	history_settle(&h);
	/* A line is there once, where it was entered last. */
	history_add(&h, "a");
	assert_int_equal(h.n, 2);
	assert_int_equal(h.fresh, 1);
	assert_string_equal(history_recall(&h, -1), "a");
	assert_string_equal(history_recall(&h, -1), "b");
	assert_null(history_recall(&h, -1));
	history_add(&h, "c");
	history_add(&h, "a");
	assert_int_equal(h.n, 3);
	assert_int_equal(h.fresh, 2);
	for (int i = 0; i < 2 * HISTORY_MAX; i++) {
		snprintf(line, sizeof(line), "%d", i);
		history_add(&h, line);
	}
	assert_int_equal(h.n, HISTORY_MAX);
	assert_int_equal(h.fresh, HISTORY_MAX);
	assert_string_equal(h.line[0], "100");
	history_free(&h);
}

int main(void)
{
#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)
	static const struct CMUnitTest tests[] = {
		IN_DIR(test_places), IN_DIR(test_reading), IN_DIR(test_writing),
		IN_DIR(test_sudo),   IN_DIR(test_history),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
