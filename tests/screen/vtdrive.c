/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/screen/vtdrive_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

/* A terminal's bytes take their way through a work queue of the kernel, and may
 * come after the program has gone. */
#define LAST_WORDS_MS 50
#define LOOK_MS       5
/* This one was kept from a processor itself where it comes back so much later. */
#define LATE_MS 25

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- the terminal's end --- */

static void send_bytes(const char *bytes, size_t len, void *user)
{
	struct vt *vt = user;

	while (len > 0) {
		ssize_t n = write(vt->master, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
	struct vt *vt = user;

	if (prop == VTERM_PROP_ALTSCREEN)
		vt->altscreen = value->boolean;
	return 1;
}

static void see_modes(struct vt *vt, bool on)
{
	char *rest;

	vt->mode[vt->mode_len] = '\0';
	for (char *m = strtok_r(vt->mode + 1, "[?;", &rest); m; m = strtok_r(NULL, "[?;", &rest)) {
		if (strcmp(m, "1000") == 0)
			vt->mouse = on;
		if (strcmp(m, "25") == 0)
			vt->cursor_visible = on;
	}
}

/* Modes that libvterm 0.1.4 does not tell as a terminal has them: of a list it
 * takes the first alone, and the mouse is switched on by one (ESC [ ? 1006 ;
 * 1000 h); and the cursor's visibility it restores with its position (ESC 8). */
static void watch_modes(struct vt *vt, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = bytes[i];

		if (c == 0x1b) {
			vt->mode_len = 1;
			continue;
		}
		if (vt->mode_len == 0)
			continue;
		if (c == 'h' || c == 'l')
			see_modes(vt, c == 'h');
		if (!strchr("[?;0123456789", c) || vt->mode_len + 2 > sizeof(vt->mode))
			vt->mode_len = 0;
		else
			vt->mode[vt->mode_len++] = c;
	}
}

static const VTermScreenCallbacks callbacks = {
	.settermprop = on_property,
};

static void open_terminal(struct vt *vt)
{
	vt->term = vterm_new(vt->rows, vt->cols);
	vterm_set_utf8(vt->term, 1);
	vterm_output_set_callback(vt->term, send_bytes, vt);
	vt->screen = vterm_obtain_screen(vt->term);
	vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
	vterm_screen_enable_altscreen(vt->screen, 1);
	vt->cursor_visible = true;
	vterm_screen_reset(vt->screen, 1);
}

/* --- the program's end --- */

static void set_environment(const struct vt_options *opt)
{
	const char *path = getenv("PATH");
	const char *home = getenv("HOME");
	char *keep_path = strdup(path ? path : "/usr/sbin:/usr/bin:/sbin:/bin");
	char *keep_home = strdup(home ? home : "/");

	clearenv();
	setenv("PATH", keep_path, 1);
	setenv("HOME", keep_home, 1);
	setenv("TZ", "UTC", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TERM", opt->term ? opt->term : "xterm-256color", 1);
	for (const char *const *e = opt->env; e && *e; e++) {
		if (strchr(*e, '='))
			putenv(strdup(*e));
		else
			unsetenv(*e);
	}
}

static void run_program(int slave, const struct vt_options *opt, const char *const *argv)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (login_tty(slave) == 0) {
		set_environment(opt);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
	}
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

struct vt *vt_start(const struct vt_options *opt, const char *const *argv)
{
	struct winsize size = {
		.ws_row = (unsigned short)opt->rows,
		.ws_col = (unsigned short)opt->cols,
	};
	struct vt *vt = calloc(1, sizeof(*vt));

	if (!vt)
		return NULL;
	vt->rows = opt->rows;
	vt->cols = opt->cols;
	if (openpty(&vt->master, &vt->slave, NULL, NULL, &size) < 0) {
		free(vt);
		return NULL;
	}
	fcntl(vt->master, F_SETFD, FD_CLOEXEC);
	fcntl(vt->slave, F_SETFD, FD_CLOEXEC);
	tcgetattr(vt->slave, &vt->before);
	fflush(NULL);
	vt->pid = fork();
	if (vt->pid == 0)
		run_program(vt->slave, opt, argv);
	fcntl(vt->master, F_SETFL, O_NONBLOCK);
	open_terminal(vt);
	if (vt->pid < 0) {
		vt->ended = true;
		vt_free(vt);
		return NULL;
	}
	return vt;
}

void vt_free(struct vt *vt)
{
	if (!vt)
		return;
	if (!vt->ended) {
		kill(vt->pid, SIGKILL);
		waitpid(vt->pid, NULL, 0);
	}
	vterm_free(vt->term);
	if (vt->master >= 0)
		vt_hang_up(vt);
	free(vt);
}

/* --- waiting --- */

size_t vt_pump(struct vt *vt, int ms)
{
	struct pollfd p = { .fd = vt->master, .events = POLLIN };
	char buf[65536];
	size_t total = 0;

	if (poll(&p, 1, ms) <= 0)
		return 0;
	for (;;) {
		ssize_t n = read(vt->master, buf, sizeof(buf));

		if (n <= 0)
			break;
		watch_modes(vt, buf, (size_t)n);
		vterm_input_write(vt->term, buf, (size_t)n);
		total += (size_t)n;
	}
	vt->bytes += total;
	return total;
}

bool vt_wait_bytes(struct vt *vt, int ms)
{
	return vt_pump(vt, ms) > 0;
}

static bool wait_for(struct vt *vt, const char *text, bool there, int ms)
{
	int64_t end = now_ms() + ms;

	for (;;) {
		int64_t left = end - now_ms();

		if ((vt_find(vt, text, NULL) >= 0) == there)
			return true;
		if (left <= 0)
			return false;
		vt_pump(vt, left < 50 ? (int)left : 50);
	}
}

bool vt_wait_text(struct vt *vt, const char *text, int ms)
{
	return wait_for(vt, text, true, ms);
}

bool vt_wait_gone(struct vt *vt, const char *text, int ms)
{
	return wait_for(vt, text, false, ms);
}

bool vt_wait_altscreen(struct vt *vt, bool on, int ms)
{
	int64_t end = now_ms() + ms;

	while (vt->altscreen != on) {
		int64_t left = end - now_ms();

		if (left <= 0)
			return false;
		vt_pump(vt, left < 50 ? (int)left : 50);
	}
	return true;
}

/* Whether the program sleeps: one that wants a processor has not come to rest, however
 * long it has been kept from one. (/proc/PID/stat, after the name in parentheses.) */
static bool sleeps(const struct vt *vt)
{
	char path[32], stat[512];
	const char *state;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)vt->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	n = read(fd, stat, sizeof(stat) - 1);
	close(fd);
	stat[n > 0 ? n : 0] = '\0';
	state = strrchr(stat, ')');
	return !state || (state[2] != 'R' && state[2] != 'D');
}

bool vt_settle(struct vt *vt, int quiet_ms, int ms)
{
	int64_t end = now_ms() + ms;
	int64_t quiet_since = now_ms();

	for (;;) {
		int64_t now = now_ms();

		if (now - quiet_since >= quiet_ms)
			return true;
		if (now >= end)
			return false;
		if (vt_pump(vt, LOOK_MS) > 0 || !sleeps(vt) || now_ms() - now > LATE_MS)
			quiet_since = now_ms();
	}
}

bool vt_wait_exit(struct vt *vt, int *status, int ms)
{
	int64_t end = now_ms() + ms;

	while (!vt->ended) {
		pid_t pid = waitpid(vt->pid, &vt->status, WNOHANG);

		if (pid == vt->pid || (pid < 0 && errno == ECHILD)) {
			vt->ended = true;
			break;
		}
		if (now_ms() >= end)
			return false;
		vt_pump(vt, 10);
	}
	/* Its last words. */
	while (vt_pump(vt, LAST_WORDS_MS) > 0)
		;
	if (status)
		*status = vt->status;
	return true;
}

uint64_t vt_bytes(const struct vt *vt)
{
	return vt->bytes;
}

/* --- what the user does --- */

void vt_type(struct vt *vt, const char *text)
{
	send_bytes(text, strlen(text), vt);
}

bool vt_key(struct vt *vt, const char *name)
{
	static const struct {
		const char *name;
		VTermKey key;
		VTermModifier modifier;
	} keys[] = {
		{ "Up", VTERM_KEY_UP, VTERM_MOD_NONE },
		{ "Down", VTERM_KEY_DOWN, VTERM_MOD_NONE },
		{ "Left", VTERM_KEY_LEFT, VTERM_MOD_NONE },
		{ "Right", VTERM_KEY_RIGHT, VTERM_MOD_NONE },
		{ "Home", VTERM_KEY_HOME, VTERM_MOD_NONE },
		{ "End", VTERM_KEY_END, VTERM_MOD_NONE },
		{ "PgUp", VTERM_KEY_PAGEUP, VTERM_MOD_NONE },
		{ "PgDn", VTERM_KEY_PAGEDOWN, VTERM_MOD_NONE },
		{ "Enter", VTERM_KEY_ENTER, VTERM_MOD_NONE },
		{ "Esc", VTERM_KEY_ESCAPE, VTERM_MOD_NONE },
		{ "Tab", VTERM_KEY_TAB, VTERM_MOD_NONE },
		{ "Backspace", VTERM_KEY_BACKSPACE, VTERM_MOD_NONE },
		{ "Del", VTERM_KEY_DEL, VTERM_MOD_NONE },
		{ "S-Up", VTERM_KEY_UP, VTERM_MOD_SHIFT },
		{ "S-Down", VTERM_KEY_DOWN, VTERM_MOD_SHIFT },
		{ "S-Tab", VTERM_KEY_TAB, VTERM_MOD_SHIFT },
	};
	char control[2] = { 0 };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].name, name) == 0) {
			vterm_keyboard_key(vt->term, keys[i].key, keys[i].modifier);
			return true;
		}
	}
	if (name[0] == 'F' && name[1]) {
		vterm_keyboard_key(vt->term, (VTermKey)VTERM_KEY_FUNCTION(atoi(name + 1)),
				   VTERM_MOD_NONE);
		return true;
	}
	if (name[0] == '^' && name[1] && !name[2]) {
		control[0] = (char)(name[1] & 0x1f);
		vt_type(vt, control);
		return true;
	}
	if (!name[0] || name[1])
		return false;
	vt_type(vt, name);
	return true;
}

void vt_mouse(struct vt *vt, int row, int col, int button)
{
	vterm_mouse_move(vt->term, row, col, VTERM_MOD_NONE);
	vterm_mouse_button(vt->term, button, true, VTERM_MOD_NONE);
	if (button < 4)
		vterm_mouse_button(vt->term, button, false, VTERM_MOD_NONE);
}

void vt_hang_up(struct vt *vt)
{
	close(vt->master);
	close(vt->slave);
	vt->master = vt->slave = -1;
}

void vt_resize(struct vt *vt, int rows, int cols)
{
	struct winsize size = {
		.ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)cols,
	};

	vt->rows = rows;
	vt->cols = cols;
	vterm_set_size(vt->term, rows, cols);
	ioctl(vt->master, TIOCSWINSZ, &size);
}

/* --- what can be seen --- */

pid_t vt_pid(const struct vt *vt)
{
	return vt->pid;
}

int vt_rows(const struct vt *vt)
{
	return vt->rows;
}

int vt_cols(const struct vt *vt)
{
	return vt->cols;
}

bool vt_altscreen(const struct vt *vt)
{
	return vt->altscreen;
}

bool vt_cursor_visible(const struct vt *vt)
{
	return vt->cursor_visible;
}

bool vt_mouse_on(const struct vt *vt)
{
	return vt->mouse;
}

void vt_cursor(const struct vt *vt, int *row, int *col)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(vt->term), &pos);
	*row = pos.row;
	*col = pos.col;
}

bool vt_modes_restored(const struct vt *vt)
{
	struct termios now;

	if (tcgetattr(vt->slave, &now) < 0)
		return false;
	return now.c_iflag == vt->before.c_iflag && now.c_oflag == vt->before.c_oflag &&
	       now.c_cflag == vt->before.c_cflag && now.c_lflag == vt->before.c_lflag &&
	       memcmp(now.c_cc, vt->before.c_cc, sizeof(now.c_cc)) == 0;
}
