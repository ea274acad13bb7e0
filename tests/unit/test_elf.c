/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions of executables: of this one, and of what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/source/elf.h"

int a_function_of_this_test(void);

__attribute__((noinline)) int a_function_of_this_test(void)
{
	return rand();
}

static void functions(void **state)
{
	(void)state;
	assert_true(a_function_of_this_test() >= 0);
	assert_true(elf_file_defines("/proc/self/exe", "a_function_of_this_test"));
	assert_true(elf_file_defines("/proc/self/exe", "main"));
	/* It is called, but lies in libc; it is no function; it is nothing. */
	assert_false(elf_file_defines("/proc/self/exe", "rand"));
	assert_false(elf_file_defines("/proc/self/exe", "_IO_stdin_used"));
	assert_false(elf_file_defines("/proc/self/exe", "a_function_of_this_tes"));
	assert_false(elf_file_defines("/proc/self/exe", "no_such_thing"));
	assert_false(elf_file_defines("/proc/self/maps", "main"));
	assert_false(elf_file_defines("/proc/self", "main"));
	assert_false(elf_file_defines("/nowhere", "main"));
}

/* Cut anywhere, and with any byte of its heads another one, it is read within
 * its bounds (the sanitizer sees to that). */
static void nothing_is_believed(void **state)
{
	FILE *f = fopen("/proc/self/exe", "rb");
	uint8_t *bytes = malloc(1 << 22), *copy;
	size_t len, heads;
	uint64_t shoff;

	(void)state;
	assert_non_null(f);
	assert_non_null(bytes);
	len = fread(bytes, 1, 1 << 22, f);
	fclose(f);
	for (size_t n = 0; n < len; n = n * 3 / 2 + 1) {
		copy = malloc(n ? n : 1);
		assert_non_null(copy);
		memcpy(copy, bytes, n);
		elf_defines(copy, n, "main");
		free(copy);
	}
	memcpy(&shoff, bytes + 40, sizeof(shoff));
	if (shoff >= len)
		shoff = 0; /* this file is longer than what was read */
	heads = len - shoff;
	srand(1);
	for (int i = 0; i < 2000; i++) {
		size_t at = i % 2 ? (size_t)rand() % 64 : shoff + (size_t)rand() % heads;
		uint8_t was = bytes[at];

		bytes[at] = (uint8_t)rand();
		elf_defines(bytes, len, "no_such_thing");
		bytes[at] = was;
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions),
		cmocka_unit_test(nothing_is_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
