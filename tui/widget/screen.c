/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/screen.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "tui/widget/restore.h"

/* More of a line is not kept. */
#define SCREEN_TEXT_COLS 512

/* All that terminals send: on what was not asked for getch() does not return, but waits
 * for what comes next, whatever nodelay() says. */
#define BUTTONS                                                                    \
	(BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON2_PRESSED | BUTTON2_RELEASED | \
	 BUTTON3_PRESSED | BUTTON3_RELEASED | BUTTON4_PRESSED | BUTTON4_RELEASED | \
	 BUTTON5_PRESSED | BUTTON5_RELEASED)

#define NO_SCREEN "; use --plain, or --batch, --json or --csv for output alone"

/* What is tried when TERM's own description is not installed: nearly every
 * terminal of today understands the first, and the last is the least. */
static const char *const fallbacks[] = { "xterm-256color", "xterm", "vt100" };

static bool has_capability(const char *name)
{
	const char *s = tigetstr((char *)(uintptr_t)name);

	return s && s != (const char *)-1;
}

/* Whether terminfo knows this terminal. */
static bool is_known(const char *term)
{
	int status;

	return setupterm((char *)(uintptr_t)term, STDOUT_FILENO, &status) == OK;
}

/* Picks the terminal description to use; NULL when none can show a screen. */
static const char *choose_term(struct screen *s, struct err *err)
{
	const char *term = getenv("TERM");
	const char *shown = term && *term ? term : "(none)";

	if (term && *term && is_known(term)) {
		if (has_capability("cup") && has_capability("clear"))
			return term;
		err_set(err, -ENOTTY, "the terminal \"%s\" can't show a screen" NO_SCREEN, shown);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(fallbacks) / sizeof(fallbacks[0]); i++) {
		if (!is_known(fallbacks[i]))
			continue;
		snprintf(s->note, sizeof(s->note),
			 "TERM=%.60s is not known on this machine; taking it for %s", shown,
			 fallbacks[i]);
		return fallbacks[i];
	}
	err_set(err, -ENOTTY, "no terminal description for TERM=%.60s" NO_SCREEN, shown);
	return NULL;
}

/* The description that was looked at is curses' no more: newterm reads its own. */
static void forget_description(void)
{
	if (cur_term)
		del_curterm(cur_term);
}

/* Keys come from standard input, or from the terminal itself where standard
 * input is a capture that is piped in. */
static int open_keys(struct screen *s, struct err *err)
{
	s->keys_fd = STDIN_FILENO;
	if (isatty(STDIN_FILENO))
		return 0;
	s->keys = fopen("/dev/tty", "re");
	if (!s->keys)
		return err_set(err, -ENOTTY, "no terminal to read keys from" NO_SCREEN);
	s->keys_fd = fileno(s->keys);
	return 0;
}

static enum theme_colours choose_colours(const struct looks *looks, enum looks_colour colour)
{
	const char *no_color = getenv("NO_COLOR");

	if (colour == LOOKS_COLOUR_NEVER || looks->theme == LOOKS_MONO || !has_colors())
		return THEME_MONO;
	/* https://no-color.org: set and not empty. */
	if (colour == LOOKS_COLOUR_AUTO && no_color && *no_color)
		return THEME_MONO;
	start_color();
	if (use_default_colors() == ERR || COLORS < 8)
		return THEME_MONO;
	if (COLORS < 256 || COLOR_PAIRS <= ROLE_COUNT || looks->theme == LOOKS_BASIC)
		return THEME_8;
	return looks->theme == LOOKS_DARK    ? THEME_256_DARK
	       : looks->theme == LOOKS_LIGHT ? THEME_256_LIGHT
					     : THEME_256;
}

static bool locale_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* TERM often says less than the terminal sends, as with vt100 on a serial line: these
 * would come in pieces, each of them another key. */
static void define_keys(void)
{
	static const struct {
		const char *sent;
		int key;
	} keys[] = {
		{ "\x1b[A", KEY_UP },      { "\x1b[B", KEY_DOWN },    { "\x1b[C", KEY_RIGHT },
		{ "\x1b[D", KEY_LEFT },    { "\x1bOA", KEY_UP },      { "\x1bOB", KEY_DOWN },
		{ "\x1bOC", KEY_RIGHT },   { "\x1bOD", KEY_LEFT },    { "\x1b[H", KEY_HOME },
		{ "\x1b[F", KEY_END },     { "\x1bOH", KEY_HOME },    { "\x1bOF", KEY_END },
		{ "\x1b[1~", KEY_HOME },   { "\x1b[4~", KEY_END },    { "\x1b[7~", KEY_HOME },
		{ "\x1b[8~", KEY_END },    { "\x1b[3~", KEY_DC },     { "\x1b[5~", KEY_PPAGE },
		{ "\x1b[6~", KEY_NPAGE },  { "\x1b[Z", KEY_BTAB },    { "\x1b[1;2A", KEY_SR },
		{ "\x1b[1;2B", KEY_SF },   { "\x1bOP", KEY_F(1) },    { "\x1bOQ", KEY_F(2) },
		{ "\x1bOR", KEY_F(3) },    { "\x1bOS", KEY_F(4) },    { "\x1b[[A", KEY_F(1) },
		{ "\x1b[[B", KEY_F(2) },   { "\x1b[[C", KEY_F(3) },   { "\x1b[[D", KEY_F(4) },
		{ "\x1b[[E", KEY_F(5) },   { "\x1b[11~", KEY_F(1) },  { "\x1b[12~", KEY_F(2) },
		{ "\x1b[13~", KEY_F(3) },  { "\x1b[14~", KEY_F(4) },  { "\x1b[15~", KEY_F(5) },
		{ "\x1b[17~", KEY_F(6) },  { "\x1b[18~", KEY_F(7) },  { "\x1b[19~", KEY_F(8) },
		{ "\x1b[20~", KEY_F(9) },  { "\x1b[21~", KEY_F(10) }, { "\x1b[23~", KEY_F(11) },
		{ "\x1b[24~", KEY_F(12) },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		int now = key_defined(keys[i].sent);

		/* Beyond KEY_MAX are those that terminfo has names of its own for. */
		if (now == 0 || now > KEY_MAX)
			define_key(keys[i].sent, keys[i].key);
	}
}

static void set_modes(struct screen *s, const struct looks *looks, enum looks_colour colour)
{
	cbreak();
	noecho();
	nonl();
	/* Resizes are the loop's business: no KEY_RESIZE, no flush on ^C. */
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	define_keys();
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	if (looks->mouse)
		mousemask(BUTTONS, NULL);
	mouseinterval(0);
	theme_init(&s->theme, choose_colours(looks, colour), looks->ascii || !locale_is_utf8(),
		   looks->graph);
	s->rows = LINES;
	s->cols = COLS;
}

int screen_open(struct screen *s, const struct looks *looks, enum looks_colour colour,
		struct err *err)
{
	struct termios saved;
	const char *term;
	int rc;

	*s = (struct screen){ .keys_fd = -1 };
	if (!isatty(STDOUT_FILENO))
		return err_set(err, -ENOTTY, "standard output is not a terminal" NO_SCREEN);
	term = choose_term(s, err);
	forget_description();
	if (!term)
		return -ENOTTY;
	rc = open_keys(s, err);
	if (rc)
		return rc;
	if (tcgetattr(STDOUT_FILENO, &saved) < 0) {
		rc = err_set(err, -errno, "the terminal's modes can't be read: %s",
			     strerror(errno));
		goto out;
	}
	s->term = newterm(term, stdout, s->keys ? s->keys : stdin);
	if (!s->term) {
		rc = err_set(err, -ENOTTY, "the terminal \"%s\" could not be set up" NO_SCREEN,
			     term);
		goto out;
	}
	set_modes(s, looks, colour);
	restore_arm(STDOUT_FILENO, &saved);
out:
	if (rc && s->keys)
		fclose(s->keys);
	return rc;
}

void screen_close(struct screen *s)
{
	if (!s->term)
		return;
	endwin();
	restore_disarm();
	delscreen(s->term);
	s->term = NULL;
	if (s->keys)
		fclose(s->keys);
}

void screen_leave(struct screen *s)
{
	(void)s;
	endwin();
}

void screen_enter(struct screen *s)
{
	(void)s;
	/* The first refresh after endwin() brings the modes back. */
	refresh();
}

void screen_resize(struct screen *s)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		resize_term(size.ws_row, size.ws_col);
	s->rows = LINES;
	s->cols = COLS;
	screen_repaint(s);
}

void screen_repaint(struct screen *s)
{
	(void)s;
	clearok(curscr, TRUE);
}

char *screen_text(const struct screen *s)
{
	char *text = NULL;
	wchar_t line[SCREEN_TEXT_COLS];
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (int y = 0; y < s->rows; y++) {
		int n = mvwinnwstr(curscr, y, 0, line, SCREEN_TEXT_COLS - 1);

		while (n > 0 && line[n - 1] == L' ')
			n--;
		line[n > 0 ? n : 0] = L'\0';
		fprintf(out, "%ls\n", line);
	}
	fclose(out);
	return text;
}

int screen_key(struct screen *s)
{
	int key = getch();

	(void)s;
	return key == ERR ? SCREEN_NO_KEY : key;
}

/* Curses gives the newest first. */
int screen_mouse(struct screen *s, struct screen_mouse out[SCREEN_MOUSE_MAX])
{
	struct screen_mouse newest[SCREEN_MOUSE_MAX];
	MEVENT e;
	int n = 0;

	(void)s;
	while (n < SCREEN_MOUSE_MAX && getmouse(&e) == OK) {
		newest[n] = (struct screen_mouse){
			.y = e.y,
			.x = e.x,
			.wheel = e.bstate & BUTTON5_PRESSED   ? 1
				 : e.bstate & BUTTON4_PRESSED ? -1
							      : 0,
			.click = e.bstate & BUTTON1_PRESSED,
		};
		n += newest[n].wheel || newest[n].click;
	}
	for (int i = 0; i < n; i++)
		out[i] = newest[n - 1 - i];
	return n;
}

void screen_begin(struct screen *s)
{
	theme_use(&s->theme, ROLE_TEXT);
	erase();
}

void screen_end(struct screen *s)
{
	(void)s;
	refresh();
}

void screen_cursor(struct screen *s, int y, int x, bool visible)
{
	(void)s;
	curs_set(visible);
	move(y, x);
}

bool screen_too_small(const struct screen *s)
{
	return s->rows < SCREEN_MIN_ROWS || s->cols < SCREEN_MIN_COLS;
}
