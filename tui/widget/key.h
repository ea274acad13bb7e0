/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys as curses gives them, and their names.
 */
#ifndef DNSTOP_WIDGET_KEY_H
#define DNSTOP_WIDGET_KEY_H

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>

/* What curses gives for ^C and its like, and for Escape. */
#define KEY_CTRL(letter) ((letter)&0x1f)
#define KEY_ESCAPE       0x1b

#define KEY_NAME_MAX 16

/* "F8", "Space", "^P", "x". Returns buf. */
const char *key_text(int key, char buf[KEY_NAME_MAX]);
/* The key of such a name, of any case but for letters; 0: none has it. */
int key_named(const char *name, size_t len);
/* Whether two are one key to the user: Enter and Backspace are several to curses. */
bool key_is_same(int a, int b);
/* Whether it is one of those that take what is chosen. */
bool key_is_enter(int key);

#endif
