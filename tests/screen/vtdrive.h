/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drives a program in a terminal of its own: a pty with libvterm at the other
 * end. Keys go in, cells come out. Nothing here sleeps for a guess: every wait
 * is for something that can be seen, with a deadline.
 *
 *	struct vt *vt = vt_start(&(struct vt_options){ .rows = 24, .cols = 80 }, argv);
 *	vt_wait_text(vt, "LIVE", 5000);
 *	vt_key(vt, "F6");
 *	...
 *	vt_free(vt);
 */
#ifndef DNSTOP_TESTS_SCREEN_VTDRIVE_H
#define DNSTOP_TESTS_SCREEN_VTDRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct vt;

struct vt_options {
	int rows, cols;
	const char *term; /* TERM; NULL: xterm-256color */
	/* "NAME=VALUE" to set, "NAME" to unset; NULL-ended; may be NULL. The
	 * environment has PATH, HOME, TZ=UTC, LC_ALL=C.UTF-8 and TERM besides,
	 * and nothing else of the caller's. */
	const char *const *env;
};

/* Starts argv[0] (found in PATH). NULL with errno set when that fails. */
struct vt *vt_start(const struct vt_options *opt, const char *const *argv);
/* Ends the program if it still runs, and frees all. */
void vt_free(struct vt *vt);

/* Takes what the program writes, for at most ms. Returns the bytes taken. */
size_t vt_pump(struct vt *vt, int ms);
/* Until the program has written something; false after ms. */
bool vt_wait_bytes(struct vt *vt, int ms);
/* Until text is somewhere on the screen, or nowhere; false after ms. */
bool vt_wait_text(struct vt *vt, const char *text, int ms);
bool vt_wait_gone(struct vt *vt, const char *text, int ms);
/* Until the alternate screen is on, or off. */
bool vt_wait_altscreen(struct vt *vt, bool on, int ms);
/* Until the program has written nothing for quiet_ms and wanted no processor, while who
 * waits had one, too; false after ms. */
bool vt_settle(struct vt *vt, int quiet_ms, int ms);
/* Until the program has ended; false after ms. *status as of waitpid. */
bool vt_wait_exit(struct vt *vt, int *status, int ms);
/* Bytes the program has written so far. */
uint64_t vt_bytes(const struct vt *vt);

/* Bytes as typed. */
void vt_type(struct vt *vt, const char *text);
/* A key by name: Up Down Left Right Home End PgUp PgDn Enter Esc Tab Backspace
 * Del F1..F12, ^A..^Z, S-Up, S-Down, or one character. False: no such key. */
bool vt_key(struct vt *vt, const char *name);
/* A press and release of a mouse button (1 left, 4 and 5 the wheel). */
void vt_mouse(struct vt *vt, int row, int col, int button);
/* The terminal goes away, as when its window is closed. */
void vt_hang_up(struct vt *vt);
/* Changes the terminal's size; the program gets SIGWINCH. */
void vt_resize(struct vt *vt, int rows, int cols);

pid_t vt_pid(const struct vt *vt);
int vt_rows(const struct vt *vt);
int vt_cols(const struct vt *vt);
bool vt_altscreen(const struct vt *vt);
bool vt_cursor_visible(const struct vt *vt);
bool vt_mouse_on(const struct vt *vt);
void vt_cursor(const struct vt *vt, int *row, int *col);
/* Whether the terminal's modes are what they were before the program started. */
bool vt_modes_restored(const struct vt *vt);

/* What a cell looks like. Colours: an index of the 256, -1 the terminal's own. */
struct vt_cell {
	char text[32]; /* UTF-8; " " of an empty one */
	int width;     /* 1 or 2; 0: the right half of a wide one */
	int fg, bg;
	bool bold, underline, reverse;
};

void vt_cell_at(const struct vt *vt, int row, int col, struct vt_cell *out);
/* A row as UTF-8 without its trailing blanks; buf of at least 32 x cols + 1. */
void vt_row_text(const struct vt *vt, int row, char *buf, size_t size);
/* The row that text is on, -1: none. *col is the cell where it begins. */
int vt_find(const struct vt *vt, const char *text, int *col);
/* The whole screen, text and attributes, in the format of the goldens. */
void vt_dump(const struct vt *vt, FILE *out);

#endif
