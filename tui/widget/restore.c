/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/restore.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

/* A signal handler is given nothing but a number, so what it needs must be
 * where it can find it: the one mutable object of the program that has no
 * owner. `armed` is set last and cleared first. */
static struct {
	volatile sig_atomic_t armed;
	int fd;
	struct termios saved;
	char bytes[256];
	size_t len;
} terminal;

/* Appends a terminfo string without its padding marks ("$<5>"), which are for
 * tputs and would show. */
static void add_string(const char *s)
{
	if (!s || s == (const char *)-1)
		return;
	while (*s && terminal.len < sizeof(terminal.bytes)) {
		if (s[0] == '$' && s[1] == '<') {
			const char *end = strchr(s, '>');

			if (end) {
				s = end + 1;
				continue;
			}
		}
		terminal.bytes[terminal.len++] = *s++;
	}
}

static void add_capability(const char *name)
{
	/* tigetstr takes a char * for history's sake; it does not write. */
	add_string(tigetstr((char *)(uintptr_t)name));
}

void restore_arm(int fd, const struct termios *saved)
{
	terminal.fd = fd;
	terminal.saved = *saved;
	terminal.len = 0;
	/* Mouse reports off: what curses' own mouse driver switched on. */
	if (key_mouse)
		add_string("\033[?1006l\033[?1000l");
	add_capability("rmkx");
	add_capability("sgr0");
	add_capability("op");
	add_capability("cnorm");
	add_capability("rmcup");
	terminal.armed = 1;
}

void restore_disarm(void)
{
	terminal.armed = 0;
}

void restore_now(void)
{
	const char *p = terminal.bytes;
	size_t left = terminal.len;
	int saved_errno = errno;

	if (!terminal.armed)
		return;
	terminal.armed = 0;
	while (left > 0) {
		ssize_t n = write(terminal.fd, p, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		p += n;
		left -= (size_t)n;
	}
	tcsetattr(terminal.fd, TCSANOW, &terminal.saved);
	errno = saved_errno;
}
