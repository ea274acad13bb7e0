/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text made line by line in a buffer of the caller's: whole lines or nothing.
 * Used within core/enrich.
 */
#ifndef DNSTOP_ENRICH_LINES_H
#define DNSTOP_ENRICH_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lines {
	char *buf;
	size_t size;  /* of buf, with room for the NUL */
	size_t len;   /* what is written, the unfinished line included */
	size_t start; /* of the unfinished line */
	bool full;    /* the unfinished line does not fit: nothing more is added */
};

void lines_init(struct lines *l, char *buf, size_t size);
void lines_add(struct lines *l, const char *text);
void lines_addf(struct lines *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Adds a name as wire_name() gives it, and its final dot. */
void lines_name(struct lines *l, const char *name);
/* Adds n bytes: those in special behind a "\", others outside printable ASCII
 * as \DDD. */
void lines_escaped(struct lines *l, const void *bytes, size_t n, const char *special);
/* Adds n bytes as hexadecimal digits. */
void lines_hex(struct lines *l, const void *bytes, size_t n);
/* Adds spaces up to a column of the line, at least one. */
void lines_pad(struct lines *l, size_t column);
/* Ends the line with '\n', or drops it whole when it does not fit. */
void lines_end(struct lines *l);
/* Takes the line back to what it was when len was mark. */
void lines_rewind(struct lines *l, size_t mark);
/* Drops an unfinished line and ends the text with a NUL; returns its length. */
size_t lines_finish(struct lines *l);

#endif
