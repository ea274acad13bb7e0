/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/value.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NS_PER_S 1000000000ull

/* Durations below `below` are written in steps of `step` nanoseconds, with
 * `decimals` digits after the point: rounding never makes a cell too wide. */
struct scale {
	uint64_t below;
	uint64_t step;
	unsigned decimals;
	const char *unit;
};

static const struct scale short_scales[] = {
	{ 9950, 100, 1, "us" },
	{ 99500, 1000, 0, "us" },
	{ 999950000, 100000, 1, "ms" },
	{ 99995000000, 10000000, 2, "s" },
	{ 999950000000, 100000000, 1, "s" },
	{ 999999500000000, NS_PER_S, 0, "s" },
	{ UINT64_MAX, 24 * 3600 * NS_PER_S, 0, "d" },
};

static const struct scale full_scales[] = {
	{ 1000000, 1, 3, " us" },
	{ 999999500, 1000, 3, " ms" },
	{ UINT64_MAX, 1000, 6, " s" },
};

static size_t put_bytes(char *buf, size_t size, const char *text, size_t len)
{
	if (len > size - 1)
		len = size - 1;
	memcpy(buf, text, len);
	buf[len] = '\0';
	return len;
}

/* snprintf's result as the length of what is in buf. */
static size_t fitted(int printed, size_t size)
{
	if (printed < 0)
		return 0;
	return (size_t)printed < size ? (size_t)printed : size - 1;
}

/* Integers only: printf's %f would take the locale's decimal point. */
static size_t format_duration(uint64_t ns, const struct scale *s, char *buf, size_t size)
{
	uint64_t n, pow10 = 1;

	while (ns >= s->below && s->below != UINT64_MAX)
		s++;
	n = ns / s->step + (ns % s->step * 2 >= s->step);
	for (unsigned i = 0; i < s->decimals; i++)
		pow10 *= 10;
	if (s->decimals == 0)
		return fitted(snprintf(buf, size, "%llu%s", (unsigned long long)n, s->unit), size);
	return fitted(snprintf(buf, size, "%llu.%0*llu%s", (unsigned long long)(n / pow10),
			       (int)s->decimals, (unsigned long long)(n % pow10), s->unit),
		      size);
}

static size_t format_time(uint64_t ns, enum value_style style, char *buf, size_t size)
{
	time_t seconds = (time_t)(ns / NS_PER_S);
	unsigned fraction_us = (unsigned)(ns % NS_PER_S / 1000);
	struct tm tm;

	if (!localtime_r(&seconds, &tm))
		return put_bytes(buf, size, "?", 1);
	if (style == VALUE_SHORT)
		return fitted(snprintf(buf, size, "%02d:%02d:%02d.%03u", tm.tm_hour, tm.tm_min,
				       tm.tm_sec, fraction_us / 1000),
			      size);
	return fitted(snprintf(buf, size, "%04d-%02d-%02d %02d:%02d:%02d.%06u", tm.tm_year + 1900,
			       tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
			       fraction_us),
		      size);
}

static size_t format_list(const struct value *v, char *buf, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < v->len; i++) {
		bool separator = v->text[i] == '\n';
		size_t need = separator ? 2 : 1;

		if (n + need >= size)
			break;
		memcpy(buf + n, separator ? ", " : v->text + i, need);
		n += need;
	}
	buf[n] = '\0';
	return n;
}

size_t value_format(const struct value *v, enum value_style style, char *buf, size_t size)
{
	char addr[VALUE_ADDR_TEXT_MAX];

	switch (v->type) {
	case VALUE_NONE:
		break;
	case VALUE_UINT:
		return fitted(snprintf(buf, size, "%llu", (unsigned long long)v->u), size);
	case VALUE_NAMED:
	case VALUE_TEXT:
		return put_bytes(buf, size, v->text, v->len);
	case VALUE_ADDR:
		return put_bytes(buf, size, addr, value_addr_text(&v->addr, addr));
	case VALUE_TIME:
		return format_time(v->u, style, buf, size);
	case VALUE_DURATION:
		return format_duration(v->u, style == VALUE_SHORT ? short_scales : full_scales, buf,
				       size);
	case VALUE_LIST:
		return format_list(v, buf, size);
	}
	return put_bytes(buf, size, "-", 1);
}

static size_t put_octet(char *p, unsigned octet)
{
	size_t n = 0;

	if (octet >= 100)
		p[n++] = (char)('0' + octet / 100);
	if (octet >= 10)
		p[n++] = (char)('0' + octet / 10 % 10);
	p[n++] = (char)('0' + octet % 10);
	return n;
}

size_t value_addr_text(const struct ip_addr *addr, char buf[VALUE_ADDR_TEXT_MAX])
{
	size_t n = 0;

	if (!ip_addr_is_v4(addr)) {
		if (!inet_ntop(AF_INET6, addr->b, buf, VALUE_ADDR_TEXT_MAX))
			buf[0] = '\0';
		return strlen(buf);
	}
	/* Each row of a report has two of these: inet_ntop goes through printf. */
	for (int i = 12; i < 16; i++) {
		n += put_octet(buf + n, addr->b[i]);
		buf[n++] = '.';
	}
	buf[--n] = '\0';
	return n;
}

static int compare_uint(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* ASCII only: names are bytes, not words of a language. */
static unsigned char fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static int compare_text(const struct value *a, const struct value *b)
{
	size_t n = a->len < b->len ? a->len : b->len;

	for (size_t i = 0; i < n; i++) {
		int order = compare_uint(fold(a->text[i]), fold(b->text[i]));

		if (order)
			return order;
	}
	return compare_uint(a->len, b->len);
}

static int compare_addr(const struct ip_addr *a, const struct ip_addr *b)
{
	bool a4 = ip_addr_is_v4(a), b4 = ip_addr_is_v4(b);
	int order = memcmp(a->b, b->b, sizeof(a->b));

	if (a4 != b4)
		return a4 ? -1 : 1;
	return (order > 0) - (order < 0);
}

int value_compare(const struct value *a, const struct value *b)
{
	if (a->type == VALUE_NONE || b->type == VALUE_NONE)
		return (a->type == VALUE_NONE) - (b->type == VALUE_NONE);
	if (a->type != b->type)
		return compare_uint(a->type, b->type);
	switch (a->type) {
	case VALUE_TEXT:
	case VALUE_LIST:
		return compare_text(a, b);
	case VALUE_ADDR:
		return compare_addr(&a->addr, &b->addr);
	default:
		return compare_uint(a->u, b->u);
	}
}

static uint64_t text_key(const struct value *v)
{
	uint64_t key = 0;

	for (size_t i = 0; i < 8; i++)
		key = key << 8 | (i < v->len ? fold(v->text[i]) : 0);
	return key;
}

static uint64_t addr_key(const struct ip_addr *a)
{
	const uint64_t first_v6 = 1ull << 32;
	size_t from = ip_addr_is_v4(a) ? 12 : 0, to = from ? 16 : 8;
	uint64_t key = 0;

	for (size_t i = from; i < to; i++)
		key = key << 8 | a->b[i];
	return from == 0 && key < first_v6 ? first_v6 : key;
}

uint64_t value_key(const struct value *v)
{
	uint64_t key;

	switch (v->type) {
	case VALUE_NONE:
		return UINT64_MAX;
	case VALUE_TEXT:
	case VALUE_LIST:
		key = text_key(v);
		break;
	case VALUE_ADDR:
		key = addr_key(&v->addr);
		break;
	default:
		key = v->u;
	}
	return key < UINT64_MAX ? key : UINT64_MAX - 1;
}
