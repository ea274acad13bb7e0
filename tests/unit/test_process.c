/* SPDX-License-Identifier: BSD-2-Clause */
/* The executable of a process: of that very one, or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/enrich/process.h"

#define PID 42u

/* A root directory with /proc/42 in it, of a process that began at tick 1234. */
struct place {
	char root[64];
	struct processes *p;
	uint64_t tick_ns;
};

static void put(const struct place *at, const char *name, const char *stat_text, const char *exe)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc", at->root);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/proc/%s", at->root, name);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/proc/%s/stat", at->root, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(stat_text, f);
	fclose(f);
	snprintf(path, sizeof(path), "%s/proc/%s/exe", at->root, name);
	unlink(path);
	assert_int_equal(symlink(exe, path), 0);
}

static int make_place(void **state)
{
	struct place *at = calloc(1, sizeof(*at));

	assert_non_null(at);
	strcpy(at->root, "/tmp/dnstop-unit-XXXXXX");
	assert_non_null(mkdtemp(at->root));
	at->p = processes_new(at->root);
	assert_non_null(at->p);
	at->tick_ns = 1000000000ull / (uint64_t)sysconf(_SC_CLK_TCK);
	*state = at;
	return 0;
}

static int remove_place(void **state)
{
	struct place *at = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", at->root);
	assert_int_equal(system(command), 0);
	processes_free(at->p);
	free(at);
	return 0;
}

#define STAT(name, start) \
	"42 (" name ") S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 " start " 20 21\n"

static struct dns_msg sent_by(const struct place *at, const char *comm, uint64_t ticks)
{
	struct dns_msg msg = { .pid = PID, .start_ns = ticks * at->tick_ns + 1 };

	memcpy(msg.comm, comm, strnlen(comm, sizeof(msg.comm)));
	return msg;
}

static void it_must_be_that_process(void **state)
{
	static const struct {
		const char *stat, *comm;
		uint64_t ticks;
		bool known;
	} cases[] = {
		{ STAT("dig", "1234"), "dig", 1234, true },
		{ STAT("a) b (c", "1234"), "a) b (c", 1234, true },
		{ STAT("dig", "1234"), "dig", 1235, false }, /* the number is another's now */
		{ STAT("dig", "12340"), "dig", 1234, false },
		{ STAT("curl", "1234"), "dig", 1234, false }, /* it runs something else */
		{ STAT("digger", "1234"), "dig", 1234, false },
		{ "42 (dig) S 1", "dig", 1234, false },
		{ "", "dig", 1234, false },
	};
	struct place *at = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct processes *p = processes_new(at->root);
		struct dns_msg msg = sent_by(at, cases[i].comm, cases[i].ticks);

		put(at, "42", cases[i].stat, "/usr/bin/dig");
		assert_string_equal(processes_exe(p, &msg), cases[i].known ? "/usr/bin/dig" : "");
		processes_free(p);
	}
}

static void what_is_known_stays(void **state)
{
	struct place *at = *state;
	struct dns_msg msg = sent_by(at, "dig", 1234), other;

	put(at, "42", STAT("dig", "1234"), "/usr/bin/dig");
	assert_string_equal(processes_exe(at->p, &msg), "/usr/bin/dig");
	/* It is gone, and its number is another's. */
	put(at, "42", STAT("dig", "9999"), "/tmp/dig");
	assert_string_equal(processes_exe(at->p, &msg), "/usr/bin/dig");
	other = sent_by(at, "dig", 9999);
	assert_string_equal(processes_exe(at->p, &other), "/tmp/dig");
}

static void nothing_is_guessed(void **state)
{
	struct place *at = *state;
	struct dns_msg msg = sent_by(at, "dig", 1234);

	assert_string_equal(processes_exe(at->p, &msg), "");
	put(at, "42", STAT("dig", "0"), "/usr/bin/dig");
	msg.start_ns = 0; /* not known */
	assert_string_equal(processes_exe(at->p, &msg), "");
	msg = sent_by(at, "dig", 1234);
	msg.pid = 0;
	assert_string_equal(processes_exe(at->p, &msg), "");
}

/* What the kernel has kept: path, or a code that says what to make of /proc. */
struct kept {
	const char *path;
	int code;
	unsigned asked;
};

static int tell_kept(void *ctx, const struct dns_msg *msg, char *path, size_t size)
{
	struct kept *k = ctx;

	assert_int_equal(msg->pid, PID);
	k->asked++;
	snprintf(path, size, "%s", k->path);
	return k->code ? k->code : (int)strlen(k->path);
}

static void what_the_kernel_has_kept_counts(void **state)
{
	struct place *at = *state;
	struct dns_msg msg = sent_by(at, "dig", 1234);
	struct kept k = { "/usr/bin/kept", 0, 0 };

	processes_ask(at->p, tell_kept, &k);
	put(at, "42", STAT("dig", "1234"), "/usr/bin/read");
	assert_string_equal(processes_exe(at->p, &msg), "/usr/bin/kept");
	/* It runs another program by the same name, and then one more. */
	msg.execs = 1;
	k = (struct kept){ "junk", -ESRCH, 0 };
	assert_string_equal(processes_exe(at->p, &msg), "");
	msg.execs = 2;
	k = (struct kept){ "", 0, 0 };
	assert_string_equal(processes_exe(at->p, &msg), "/usr/bin/read");
	assert_string_equal(processes_exe(at->p, &msg), "/usr/bin/read");
	assert_int_equal(k.asked, 1);
}

static void a_long_path_is_left_out(void **state)
{
	struct place *at = *state;
	struct dns_msg msg = sent_by(at, "dig", 1234);
	char path[700] = "/";

	memset(path + 1, 'x', 600);
	put(at, "42", STAT("dig", "1234"), path);
	assert_string_equal(processes_exe(at->p, &msg), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_must_be_that_process, make_place, remove_place),
		cmocka_unit_test_setup_teardown(what_is_known_stays, make_place, remove_place),
		cmocka_unit_test_setup_teardown(nothing_is_guessed, make_place, remove_place),
		cmocka_unit_test_setup_teardown(what_the_kernel_has_kept_counts, make_place,
						remove_place),
		cmocka_unit_test_setup_teardown(a_long_path_is_left_out, make_place, remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
