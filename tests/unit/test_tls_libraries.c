/* SPDX-License-Identifier: BSD-2-Clause */
/* Where TLS libraries are found, in a /proc made up for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/source/tls_libraries.h"

struct got {
	bool refuse;
	size_t root_len;
	char text[2048]; /* "0 /lib/libssl.so.3; " */
};

static bool take(void *ctx, enum tls_library kind, const char *path, const char *name)
{
	struct got *got = ctx;
	size_t used = strlen(got->text);

	assert_int_equal(access(path, R_OK), 0);
	snprintf(got->text + used, sizeof(got->text) - used, "%d %s; ", (int)kind, name);
	return !got->refuse;
}

static void put(const char *root, const char *path, const char *text)
{
	char whole[512];
	FILE *f;

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	for (char *slash = strchr(whole + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(whole, 0777);
		*slash = '/';
	}
	f = fopen(whole, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void mapped_and_lying_about(void **state)
{
	char root[] = "/tmp/dnstop-tls-XXXXXX", proc[64], command[128];
	struct got got = { false, 0, "" };
	struct tls_libraries *t;

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(proc, sizeof(proc), "%s/proc", root);
	put(root, "/usr/lib/x86_64-linux-gnu/libssl.so.3", "host");
	put(root, "/usr/lib/x86_64-linux-gnu/libssl.so.3.hmac", "no code, but harmless");
	put(root, "/usr/lib/x86_64-linux-gnu/libcrypto.so.3", "");
	/* A container: its own files, and one that was deleted while mapped. */
	put(proc, "/12/ns/mnt", "");
	put(proc, "/12/root/usr/lib/libgnutls.so.30", "container");
	put(proc, "/12/root/opt/libssl.so.3", "odd place");
	put(proc, "/12/map_files/7000-8000", "deleted");
	put(proc, "/12/maps",
	    "1000-2000 r--p 00000000 00:01 5    /opt/libssl.so.3\n"
	    "3000-4000 r-xp 00000000 00:01 5    /opt/libssl.so.3\n"
	    "7000-8000 r-xp 00000000 00:01 6    /opt/libgnutls.so.30.1 (deleted)\n"
	    "9000-a000 r-xp 00000000 00:01 7    /opt/libsslother.so.3\n"
	    "b000-c000 rw-p 00000000 00:00 0 \n");
	t = tls_libraries_new(proc, root);
	assert_non_null(t);
	tls_libraries_scan(t, take, &got);
	assert_string_equal(got.text, "0 /usr/lib/x86_64-linux-gnu/libssl.so.3; "
				      "1 /usr/lib/libgnutls.so.30; 0 /opt/libssl.so.3; "
				      "1 /opt/libgnutls.so.30.1 (deleted); ");
	/* Each once; a process that has come since; what could not be used. */
	got.text[0] = '\0';
	got.refuse = true;
	put(proc, "/13/map_files/1-2", "x");
	put(proc, "/13/maps", "1-2 r-xp 00000000 00:01 9 /lib/libssl.so.1.1\n");
	tls_libraries_scan(t, take, &got);
	assert_string_equal(got.text, "0 /lib/libssl.so.1.1; ");
	got.text[0] = '\0';
	got.refuse = false;
	tls_libraries_scan(t, take, &got);
	tls_libraries_scan(t, take, &got);
	assert_string_equal(got.text, "0 /lib/libssl.so.1.1; ");
	assert_int_equal(tls_libraries_left_out(t), 0);
	/* An upgrade. */
	got.text[0] = '\0';
	put(root, "/usr/lib/x86_64-linux-gnu/new", "host");
	snprintf(command, sizeof(command), "cd %s/usr/lib/x86_64-linux-gnu && mv new libssl.so.3",
		 root);
	assert_int_equal(system(command), 0);
	tls_libraries_scan(t, take, &got);
	assert_string_equal(got.text, "0 /usr/lib/x86_64-linux-gnu/libssl.so.3; ");
	tls_libraries_free(t);
	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

/* Long after it began a process loads a library, from where none is looked for; and
 * one is installed into a container that has been running for as long. */
static void later_than_the_process(void **state)
{
	char root[] = "/tmp/dnstop-tls-XXXXXX", proc[64], command[128];
	struct got got = { false, 0, "" };
	struct tls_libraries *t;

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(proc, sizeof(proc), "%s/proc", root);
	put(proc, "/31/maps", "");
	put(proc, "/32/ns/mnt", "");
	put(proc, "/32/root/etc/hosts", "");
	put(proc, "/32/maps", "");
	t = tls_libraries_new(proc, root);
	for (unsigned i = 0; i < TLS_LIBRARIES_AGAIN; i++)
		tls_libraries_scan(t, take, &got);
	assert_string_equal(got.text, "");
	put(proc, "/31/map_files/1-2", "x");
	put(proc, "/31/maps", "1-2 r-xp 00000000 00:01 9 /opt/venv/libssl.so.3\n");
	put(proc, "/32/root/usr/lib/libgnutls.so.30", "y");
	for (unsigned i = 0; i < 2 * TLS_LIBRARIES_AGAIN; i++)
		tls_libraries_scan(t, take, &got);
	assert_non_null(strstr(got.text, "0 /opt/venv/libssl.so.3; "));
	assert_non_null(strstr(got.text, "1 /usr/lib/libgnutls.so.30; "));
	tls_libraries_free(t);
	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

/* A program that has the functions itself: this one, as far as that goes. It is
 * asked about until it could be used. */
int SSL_write(void);

int SSL_write(void)
{
	return 0;
}

static void a_program(void **state)
{
	char root[] = "/tmp/dnstop-tls-XXXXXX", proc[64], command[128], link[160];
	struct got got = { true, 0, "" };
	struct tls_libraries *t;

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(proc, sizeof(proc), "%s/proc", root);
	put(proc, "/21/maps", "");
	put(proc, "/22/maps", "");
	snprintf(link, sizeof(link), "%s/21/exe", proc);
	assert_int_equal(symlink("/proc/self/exe", link), 0);
	t = tls_libraries_new(proc, root);
	tls_libraries_scan(t, take, &got);
	assert_string_equal(got.text, "0 /proc/self/exe; ");
	got.refuse = false;
	got.text[0] = '\0';
	snprintf(link, sizeof(link), "%s/22/exe", proc);
	assert_int_equal(symlink("/proc/self/exe", link), 0);
	tls_libraries_scan(t, take, &got);
	tls_libraries_scan(t, take, &got);
	assert_string_equal(got.text, "0 /proc/self/exe; ");
	tls_libraries_free(t);
	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

static void too_many(void **state)
{
	char root[] = "/tmp/dnstop-tls-XXXXXX", proc[64], command[128], path[64];
	struct got got = { false, 0, "" };
	struct tls_libraries *t;

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(proc, sizeof(proc), "%s/proc", root);
	for (int pid = 1; pid <= TLS_LIBRARIES_MAX + 3; pid++) {
		snprintf(path, sizeof(path), "/%d/root/lib64/libssl.so.3", pid);
		put(proc, path, "");
		snprintf(path, sizeof(path), "/%d/maps", pid);
		put(proc, path, "1-2 r-xp 00000000 00:01 9 /lib64/libssl.so.3\n");
	}
	t = tls_libraries_new(proc, root);
	tls_libraries_scan(t, take, &got);
	assert_int_equal(tls_libraries_left_out(t), 3);
	tls_libraries_free(t);
	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mapped_and_lying_about),
		cmocka_unit_test(a_program),
		cmocka_unit_test(later_than_the_process),
		cmocka_unit_test(too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
