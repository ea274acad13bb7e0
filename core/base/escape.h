/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes that others chose (process and interface names), made safe to print:
 * control and non-ASCII bytes become \DDD, as in the presentation form of DNS
 * names (RFC 1035, 5.1), and "\" becomes "\\" so that the text can be read back.
 */
#ifndef DNSTOP_BASE_ESCAPE_H
#define DNSTOP_BASE_ESCAPE_H

#include <stddef.h>

/* The most characters that one byte becomes. */
#define ESCAPE_MAX 4

/* Writes the len bytes (up to the first NUL) escaped to out, which has room for size
 * characters, as many as fit whole, and a NUL. Returns the text's length. */
size_t escape_bytes(char *out, size_t size, const void *bytes, size_t len);
/* The bytes again, as many as fit before a NUL; out may be text. Returns how many. */
size_t escape_undo(char *out, size_t size, const char *text);

#endif
