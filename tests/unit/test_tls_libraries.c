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
	char text[2048]; /* "0 /lib/libssl.so.3; " */
};

/* What is made up: a root with a /proc in it, gone after the test. */
struct place {
	char root[32], proc[64];
	struct tls_libraries *t;
	struct got got;
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

static int make_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	snprintf(p->root, sizeof(p->root), "/tmp/dnstop-tls-XXXXXX");
	assert_non_null(mkdtemp(p->root));
	snprintf(p->proc, sizeof(p->proc), "%s/proc", p->root);
	p->t = tls_libraries_new(p->proc, p->root);
	assert_non_null(p->t);
	*state = p;
	return 0;
}

static int remove_place(void **state)
{
	struct place *p = *state;
	char command[128];
	int rc;

	snprintf(command, sizeof(command), "rm -r %s", p->root);
	rc = system(command);
	tls_libraries_free(p->t);
	free(p);
	return rc;
}

/* What a scan, or several of them, tells. */
static const char *scan(struct place *p, unsigned times)
{
	p->got.text[0] = '\0';
	while (times-- > 0)
		tls_libraries_scan(p->t, take, &p->got);
	return p->got.text;
}

static void mapped_and_lying_about(void **state)
{
	struct place *p = *state;
	const char *root = p->root, *proc = p->proc;
	char command[128];

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
	assert_string_equal(scan(p, 1), "0 /usr/lib/x86_64-linux-gnu/libssl.so.3; "
					"1 /usr/lib/libgnutls.so.30; 0 /opt/libssl.so.3; "
					"1 /opt/libgnutls.so.30.1 (deleted); ");
	/* Each once; a process that has come since; what could not be used. */
	p->got.refuse = true;
	put(proc, "/13/map_files/1-2", "x");
	put(proc, "/13/maps", "1-2 r-xp 00000000 00:01 9 /lib/libssl.so.1.1\n");
	assert_string_equal(scan(p, 1), "0 /lib/libssl.so.1.1; ");
	p->got.refuse = false;
	assert_string_equal(scan(p, 2), "0 /lib/libssl.so.1.1; ");
	assert_int_equal(tls_libraries_left_out(p->t), 0);
	/* An upgrade. */
	put(root, "/usr/lib/x86_64-linux-gnu/new", "host");
	snprintf(command, sizeof(command), "cd %s/usr/lib/x86_64-linux-gnu && mv new libssl.so.3",
		 root);
	assert_int_equal(system(command), 0);
	assert_string_equal(scan(p, 1), "0 /usr/lib/x86_64-linux-gnu/libssl.so.3; ");
}

/* Long after it began a process loads a library, from where none is looked for; and
 * one is installed into a container that has been running for as long. */
static void later_than_the_process(void **state)
{
	struct place *p = *state;
	const char *proc = p->proc;

	put(proc, "/31/maps", "");
	put(proc, "/32/ns/mnt", "");
	put(proc, "/32/root/etc/hosts", "");
	put(proc, "/32/maps", "");
	assert_string_equal(scan(p, TLS_LIBRARIES_AGAIN), "");
	put(proc, "/31/map_files/1-2", "x");
	put(proc, "/31/maps", "1-2 r-xp 00000000 00:01 9 /opt/venv/libssl.so.3\n");
	put(proc, "/32/root/usr/lib/libgnutls.so.30", "y");
	scan(p, 2 * TLS_LIBRARIES_AGAIN);
	assert_non_null(strstr(p->got.text, "0 /opt/venv/libssl.so.3; "));
	assert_non_null(strstr(p->got.text, "1 /usr/lib/libgnutls.so.30; "));
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
	struct place *p = *state;
	const char *proc = p->proc;
	char link[160];

	p->got.refuse = true;
	put(proc, "/21/maps", "");
	put(proc, "/22/maps", "");
	snprintf(link, sizeof(link), "%s/21/exe", proc);
	assert_int_equal(symlink("/proc/self/exe", link), 0);
	assert_string_equal(scan(p, 1), "0 /proc/self/exe; ");
	p->got.refuse = false;
	snprintf(link, sizeof(link), "%s/22/exe", proc);
	assert_int_equal(symlink("/proc/self/exe", link), 0);
	assert_string_equal(scan(p, 2), "0 /proc/self/exe; ");
}

static void too_many(void **state)
{
	struct place *p = *state;
	char path[64];

	for (int pid = 1; pid <= TLS_LIBRARIES_MAX + 3; pid++) {
		snprintf(path, sizeof(path), "/%d/root/lib64/libssl.so.3", pid);
		put(p->proc, path, "");
		snprintf(path, sizeof(path), "/%d/maps", pid);
		put(p->proc, path, "1-2 r-xp 00000000 00:01 9 /lib64/libssl.so.3\n");
	}
	scan(p, 1);
	assert_int_equal(tls_libraries_left_out(p->t), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(mapped_and_lying_about, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_program, make_place, remove_place),
		cmocka_unit_test_setup_teardown(later_than_the_process, make_place, remove_place),
		cmocka_unit_test_setup_teardown(too_many, make_place, remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
