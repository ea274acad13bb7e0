/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Giving the terminal back when curses can't: from a handler of SIGSEGV or
 * SIGABRT. What to write is prepared while all is well.
 */
#ifndef DNSTOP_WIDGET_RESTORE_H
#define DNSTOP_WIDGET_RESTORE_H

#include <termios.h>

/* After newterm(): from now on restore_now() has an effect. `saved` are the
 * modes of the terminal at fd before curses changed them. */
void restore_arm(int fd, const struct termios *saved);
/* After endwin(): the terminal is its owner's again. */
void restore_disarm(void);
/* Async-signal-safe. */
void restore_now(void);

#endif
