/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/source/bpf_names.h"

static void test_keeps_one_of_each(void **state)
{
	struct bpf_names *n = bpf_names_new();
	char name[BPF_NAME_MAX] = "eth0";
	const char *kept = bpf_names_keep(n, name);

	(void)state;
	assert_string_equal(kept, "eth0");
	memcpy(name, "veth1", 6);
	assert_string_equal(bpf_names_keep(n, name), "veth1");
	assert_string_equal(kept, "eth0");
	/* What lies behind the end is not part of a name. */
	memcpy(name, "eth0\0junk", 10);
	assert_ptr_equal(bpf_names_keep(n, name), kept);
	bpf_names_free(n);
}

static void test_edges(void **state)
{
	struct bpf_names *n = bpf_names_new();
	char unended[BPF_NAME_MAX];

	(void)state;
	assert_null(bpf_names_keep(n, (const char[BPF_NAME_MAX]){ 0 }));
	memset(unended, 0xff, sizeof(unended));
	assert_int_equal(strlen(bpf_names_keep(n, unended)), BPF_NAME_MAX);
	bpf_names_free(n);
}

static void test_bound(void **state)
{
	struct bpf_names *n = bpf_names_new();
	char name[BPF_NAME_MAX] = { 0 };
	const char *first = NULL;

	(void)state;
	for (int i = 0; i < BPF_NAMES_MAX + 1000; i++) {
		const char *kept;

		snprintf(name, sizeof(name), "veth%d", i);
		kept = bpf_names_keep(n, name);
		if (i < BPF_NAMES_MAX)
			assert_string_equal(kept, name);
		else
			assert_null(kept);
		if (!i)
			first = kept;
	}
	assert_ptr_equal(bpf_names_keep(n, "veth0\0\0\0\0\0\0\0\0\0\0"), first);
	bpf_names_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeps_one_of_each),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
