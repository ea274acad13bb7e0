/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text for the terminal's clipboard, by OSC 52. Whether the terminal takes it
 * can't be known: many do, some only when told to.
 */
#ifndef DNSTOP_WIDGET_CLIPBOARD_H
#define DNSTOP_WIDGET_CLIPBOARD_H

#include <stdio.h>

/* More is refused: what terminals commonly take at once. */
#define CLIPBOARD_MAX 65536

/* The sequence; returns 0, -E2BIG or what writing met. */
int clipboard_put(FILE *out, const char *text);

#endif
