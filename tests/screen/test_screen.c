/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real program on real (virtual) terminals:
 *
 *	test_screen DNSTOP LIVE_MAIN DEMO.pcap GOLDEN_DIR
 *
 * GOLDEN_WRITE=1 writes the goldens instead of comparing with them; what
 * changed is then for `git diff` and for your eyes. ONLY='test_ch*' runs what is
 * so named, without the scenes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/screen/harness.h"

int main(int argc, char **argv)
{
	int failed;

	if (argc != 5) {
		fputs("usage: test_screen DNSTOP LIVE_MAIN DEMO.pcap GOLDEN_DIR\n", stderr);
		return 2;
	}
	given.dnstop = realpath(argv[1], NULL);
	given.live = realpath(argv[2], NULL);
	given.golden = realpath(argv[4], NULL);
	/* The title on the screen is the file's name, wherever it is. */
	given.demo = strdup(basename(argv[3]));
	if (!given.dnstop || !given.live || !given.golden || !given.demo ||
	    chdir(dirname(argv[3])) < 0) {
		perror("test_screen");
		return 2;
	}
	/* Nobody's settings. */
	setenv("HOME", "/nonexistent", 1);
	failed = getenv("ONLY") ? 0 : matrix_run();
	cmocka_set_test_filter(getenv("ONLY"));
	failed += goldens_run();
	if (!getenv("GOLDEN_WRITE"))
		failed += terminal_run() + keys_run() + filter_run() + mouse_run() + monkey_run() +
			  panels_run() + live_run() + settings_run();
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
