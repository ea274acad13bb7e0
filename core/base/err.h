/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What went wrong, for a person to read.
 *
 * Functions return 0 or a negative errno. Where the errno alone would leave
 * the user guessing, they also fill a struct err: one sentence, no newline,
 * and for text that the user typed the place in it.
 */
#ifndef DNSTOP_BASE_ERR_H
#define DNSTOP_BASE_ERR_H

struct err {
	int code; /* negative errno, 0 when nothing is wrong */
	int pos;  /* byte offset into the user's text, -1 when there is none */
	int len;  /* bytes at pos that are wrong, 0 when unknown */
	char text[400];
};

/* Fills err (which may be NULL) and returns code, so that callers can
 * `return err_set(err, -EINVAL, "...")`. */
int err_set(struct err *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The same for a mistake at bytes [pos, pos + len) of the user's text. */
int err_set_at(struct err *err, int code, int pos, int len, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

#endif
