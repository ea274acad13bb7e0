/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What rows can be grouped by with one key: the classic letters and digits,
 * and what they had no table for.
 */
#ifndef DNSTOP_MODEL_GROUPBY_H
#define DNSTOP_MODEL_GROUPBY_H

#include "core/query/field.h"

enum groupby_key {
	GROUPBY_CLIENT,
	GROUPBY_SERVER,
	GROUPBY_TYPE,
	GROUPBY_RCODE,
	GROUPBY_OPCODE,
	GROUPBY_PROCESS,
	GROUPBY_CONTAINER,
	GROUPBY_POD,
	GROUPBY_INTERFACE,
	GROUPBY_BAND,
	GROUPBY_LOOKUP,
	GROUPBY_DOMAIN, /* registrable */
	GROUPBY_NAME,   /* the whole name; then by its last 1 to 9 labels */
	GROUPBY_CLIENT_NAME = GROUPBY_NAME + 10, /* likewise, each client's own */
	GROUPBY_COUNT = GROUPBY_CLIENT_NAME + 10,
};

struct groupby {
	const char *name; /* "client": what the screen calls it */
	const struct field *field;
	const struct field *second; /* NULL: by one field */
};

/* key < GROUPBY_COUNT. */
struct groupby groupby_of(int key);
/* By any field, or two. */
struct groupby groupby_field(const struct field *field);
struct groupby groupby_pair(const struct field *field, const struct field *second);

#endif
