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

/* How a value is written for people. */
enum value_style {
	VALUE_SHORT, /* a table cell: 0.4ms, 12:04:31.882 */
	VALUE_FULL,  /* the detail pane, CSV: 2.104 s, all digits, date and time */
};

/* Writes a value; absent ones as "-". Returns the text's length, less than
 * size, always terminated. Times are local time; a cell's time has
 * milliseconds. Durations: us below 1 ms, ms below 1 s, then s. */
size_t value_format(const struct value *v, enum value_style style, char *buf, size_t size);

/* Three-way order; absent values come last. Text is ordered case-insensitively,
 * addresses by number with IPv4 first. */
int value_compare(const struct value *a, const struct value *b);

/* An order-preserving 64-bit key of a value that is not text: for sorting a
 * million rows. VALUE_NONE gives UINT64_MAX. */
uint64_t value_key(const struct value *v);

/* The parts of values that the user types. Each returns 0 or -EINVAL and takes
 * exactly len bytes. */
int value_parse_uint(const char *text, size_t len, uint64_t *out); /* decimal or 0x hex */
/* "20ms", "1.5s", "300us", "80ns", "2m"; a bare number counts in bare_ns. */
int value_parse_duration(const char *text, size_t len, uint64_t bare_ns, uint64_t *ns);
/* "2026-11-23T12:04:31.5", "12:04:31" (the day of `now`), epoch seconds, or
 * "-5m" before now. */
int value_parse_time(const char *text, size_t len, uint64_t now_ns, uint64_t *ns);
/* An address or a prefix "10.0.0.0/8"; prefix counts in the 128 mapped bits. */
int value_parse_prefix(const char *text, size_t len, struct ip_addr *addr, unsigned *prefix);
bool value_in_prefix(const struct ip_addr *addr, const struct ip_addr *net, unsigned prefix);

/* The text of an address: 10.0.0.1, fd00::53 (RFC 5952). Returns its length. */
#define VALUE_ADDR_TEXT_MAX 48
size_t value_addr_text(const struct ip_addr *addr, char buf[VALUE_ADDR_TEXT_MAX]);

#endif
