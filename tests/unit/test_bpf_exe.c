/* SPDX-License-Identifier: BSD-2-Clause */
/* Names from a file up to the root, as the kernel programs leave them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/source/bpf_exe.h"

#define NAMES(text) text, sizeof(text)

static const struct {
	const char *names;
	size_t len;
	bool deleted;
	const char *path;
} cases[] = {
	{ NAMES("dig\0bin\0usr"), false, "/usr/bin/dig" },
	{ NAMES("init"), false, "/init" },
	{ NAMES("a b\0\xff\x01\0..."), false, "/.../\xff\x01/a b" },
	{ NAMES("gone\0tmp"), true, "/tmp/gone (deleted)" },
	{ NAMES("memfd:x"), true, "/memfd:x (deleted)" },
	{ NULL, 0, false, "" },
	{ NULL, 0, true, "" },
	{ "dig\0bin", 6, false, "" }, /* cut short */
	{ "dig\0bin", EVENT_EXE_MAX + 1, false, "" },
};

static void paths_begin_at_the_root(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = strlen(cases[i].path);

		for (size_t size = 1; size < n + 3; size++) {
			/* Of the very size, so that a sanitizer sees writes beyond. */
			char *path = malloc(size);
			struct event_exe exe = {
				.len = (uint16_t)cases[i].len,
				.deleted = cases[i].deleted,
			};

			assert_non_null(path);
			if (cases[i].len && cases[i].len <= EVENT_EXE_MAX)
				memcpy(exe.names, cases[i].names, cases[i].len);
			if (size > n) {
				assert_int_equal(bpf_exe_path(&exe, path, size), n);
				assert_string_equal(path, cases[i].path);
			} else {
				assert_int_equal(bpf_exe_path(&exe, path, size), 0);
				assert_string_equal(path, "");
			}
			free(path);
		}
	}
}

static void the_longest_is_whole(void **state)
{
	struct event_exe exe = { .len = EVENT_EXE_MAX };
	char path[EVENT_EXE_MAX + 1];

	(void)state;
	for (unsigned i = 0; i < EVENT_EXE_MAX; i += 2)
		exe.names[i] = (char)('a' + i / 2 % 26);
	assert_int_equal(bpf_exe_path(&exe, path, sizeof(path)), EVENT_EXE_MAX);
	assert_memory_equal(path + EVENT_EXE_MAX - 4, "/b/a", 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_begin_at_the_root),
		cmocka_unit_test(the_longest_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
