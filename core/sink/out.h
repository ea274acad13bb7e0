/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the sinks that write text share: a buffer in front of the file, numbers
 * that no locale changes, and the columns of a row and of a group.
 *
 * Nothing fails on the way: the first error sticks, everything after it is
 * dropped, and out_end_row and out_finish tell.
 */
#ifndef DNSTOP_SINK_OUT_H
#define DNSTOP_SINK_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/sink/sink.h"

struct out {
	FILE *file; /* borrowed */
	bool flush_rows;
	int error; /* negative errno of the first write that failed */
	size_t len;
	char data[1 << 16];
};

void out_init(struct out *o, const struct sink_config *cfg);
void out_text(struct out *o, const char *text);
void out_spaces(struct out *o, size_t n);
void out_uint(struct out *o, uint64_t n);
/* n / 10^decimals, without zeros at its end (nor the point) when `trim`. */
void out_decimal(struct out *o, uint64_t n, unsigned decimals, bool trim);
/* The number of a VALUE_UINT, of a VALUE_TIME (epoch seconds, 9 decimals) and
 * of a VALUE_DURATION (microseconds, up to 3 decimals), for machines. */
void out_number(struct out *o, const struct value *v);
/* A row is complete: passes it on where each is to be seen at once. */
int out_end_row(struct out *o);
/* Passes everything on. Returns 0 or the first error. */
int out_finish(struct out *o);

/* The columns a machine reads: cfg's, else the keys of a JSON row. Returns how
 * many, or -E2BIG with err. */
int sink_columns(const struct sink_config *cfg, const struct field *out[FIELD_MAX_COLUMNS],
		 struct err *err);
/* What a group has in a column other than its key and GROUP_SHARE: a number or
 * a duration, absent where no row was answered. */
struct value sink_group_value(const struct group *g, enum group_column c);
/* GROUP_SHARE: the group's part of `total` in millionths. */
uint64_t sink_group_share(const struct group *g, uint64_t total);

/* What does not fit at once. */
void out_long(struct out *o, const char *bytes, size_t len);

/* A row is some hundred calls of these two. */
static inline void out_bytes(struct out *o, const char *bytes, size_t len)
{
	if (len > sizeof(o->data) - o->len) {
		out_long(o, bytes, len);
		return;
	}
	memcpy(o->data + o->len, bytes, len);
	o->len += len;
}

static inline void out_char(struct out *o, char c)
{
	out_bytes(o, &c, 1);
}

extern const struct sink_ops sink_json;
extern const struct sink_ops sink_csv;
extern const struct sink_ops sink_text;
extern const struct sink_ops sink_pcapng;

#endif
