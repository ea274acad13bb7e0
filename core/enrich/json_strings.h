/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The strings of a JSON text (RFC 8259), one after the other, each with its key:
 * enough to find a name in the files of container runtimes. What is no JSON ends
 * it early; numbers and other values are passed over. Borrows the text. Pure.
 */
#ifndef DNSTOP_ENRICH_JSON_STRINGS_H
#define DNSTOP_ENRICH_JSON_STRINGS_H

#include <stdbool.h>
#include <stddef.h>

struct json_text {
	const char *text; /* between the quotes, escapes as they stand */
	size_t len;
};

struct json_strings {
	const char *at, *end;
	unsigned depth;   /* objects and arrays that are open */
	unsigned objects; /* objects begun at depth 1: tells those of an array apart */
	/* Of the string found: */
	struct json_text key; /* the last one before it, also for each string of an array */
	unsigned key_depth;   /* objects and arrays around that key */
	struct json_text value;
};

void json_strings_init(struct json_strings *j, const char *text, size_t len);
/* Goes to the next string that is a value; false at the end. */
bool json_strings_next(struct json_strings *j);
bool json_text_is(const struct json_text *t, const char *s);

#endif
