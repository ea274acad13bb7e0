/* SPDX-License-Identifier: BSD-2-Clause */
/* What vtdrive.c (the program and its terminal) and vtcells.c (what is on it)
 * share. */
#ifndef DNSTOP_TESTS_SCREEN_VTDRIVE_INTERNAL_H
#define DNSTOP_TESTS_SCREEN_VTDRIVE_INTERNAL_H

#include <termios.h>
#include <vterm.h>

#include "tests/screen/vtdrive.h"

struct vt {
	int master;
	int slave; /* kept open, to see the modes after the program has gone */
	pid_t pid;
	bool ended;
	int status;
	struct termios before;
	VTerm *term;
	VTermScreen *screen;
	int rows, cols;
	uint64_t bytes;
	bool altscreen, cursor_visible, mouse;
	char mode[32]; /* of a mode sequence that is being written: "[?1006;1000" */
	size_t mode_len;
};

#endif
