/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A text that grows piece by piece in a buffer of the caller's.
 */
#ifndef DNSTOP_BASE_WORDS_H
#define DNSTOP_BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* What finds no room is left off; the text so far is always NUL-terminated. */
struct words {
	char *buf;
	size_t size, len; /* len: less than size */
	bool full;        /* something was left off */
};

/* An empty text in buf, which is borrowed; size: of at least 1. */
struct words words_in(char *buf, size_t size);
void words_add(struct words *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
