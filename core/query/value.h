/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A typed value: what a field's getter yields and what sorting, filtering,
 * grouping and every sink consume.
 */
#ifndef DNSTOP_QUERY_VALUE_H
#define DNSTOP_QUERY_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/dns/msg.h"

enum value_type {
	VALUE_NONE,     /* the fact is absent: null, never 0 or "" */
	VALUE_UINT,     /* u */
	VALUE_NAMED,    /* u, with its name in text: rcode, qtype, state */
	VALUE_TEXT,     /* text, already escaped */
	VALUE_ADDR,     /* addr */
	VALUE_TIME,     /* u: nanoseconds since the epoch */
	VALUE_DURATION, /* u: nanoseconds */
	VALUE_LIST,     /* text: items separated by '\n' */
};

/* Room a getter may use for text that is not in the table. */
#define VALUE_BUF 4096

struct value {
	enum value_type type;
	uint64_t u;
	const char *text; /* borrowed: from the table, a constant, or buf */
	size_t len;       /* bytes at text */
	struct ip_addr addr;
};

/* How a value is written for people. Times are local time and cut, never
 * rounded up; durations are rounded. Only ASCII, "." whatever the locale. */
enum value_style {
	/* A table cell. 12:04:31.882; durations in at most seven cells, milliseconds
	 * but for the very small and from a second on: 62us 0.4ms 31.0ms 2.10s 3600s. */
	VALUE_SHORT,
	/* The detail pane. 2026-11-23 12:04:31.402118, 412.035 us, 31.040 ms, 2.104118 s. */
	VALUE_FULL,
};

/* Writes a value; absent ones as "-". Returns the text's length, less than
 * size (at least 1), always terminated. */
size_t value_format(const struct value *v, enum value_style style, char *buf, size_t size);

/* Three-way order; absent values come last. Text is ordered case-insensitively,
 * addresses by number with IPv4 first. */
int value_compare(const struct value *a, const struct value *b);

/* A 64-bit key for sorting a million rows: a smaller key means a smaller value.
 * Equal keys mean equal values, but for text and addresses, which the key holds
 * only the front of: there value_compare decides. VALUE_NONE gives UINT64_MAX,
 * and nothing else does. */
uint64_t value_key(const struct value *v);

/* The parts of values that the user types. Each returns 0 or -EINVAL and takes
 * exactly len bytes. */
int value_parse_uint(const char *text, size_t len, uint64_t *out); /* decimal or 0x hex */
/* "20ms", "1.5s", "300us", "80ns", "2m", "1h", with a space before the unit or
 * not; a bare number counts in bare_ns. What is below a nanosecond is dropped. */
int value_parse_duration(const char *text, size_t len, uint64_t bare_ns, uint64_t *ns);
/* "2026-11-23T12:04:31.5" (a space will do for the T; "Z" at the end: UTC),
 * "12:04:31" (the day of now_ns), both local time, seconds and their fraction
 * may be left off; epoch seconds; or "-5m" before now. */
int value_parse_time(const char *text, size_t len, uint64_t now_ns, uint64_t *ns);
/* An address or a prefix "10.0.0.0/8"; *prefix counts in the 128 mapped bits.
 * A prefix shorter than 96 bits is one of IPv6 and holds no IPv4 address. */
int value_parse_prefix(const char *text, size_t len, struct ip_addr *addr, unsigned *prefix);

/* The text of an address: 10.0.0.1, fd00::53 (RFC 5952). Returns its length. */
#define VALUE_ADDR_TEXT_MAX 48
size_t value_addr_text(const struct ip_addr *addr, char buf[VALUE_ADDR_TEXT_MAX]);

#endif
