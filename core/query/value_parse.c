/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of values that the user types. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "core/query/value.h"

#define NS_PER_S 1000000000ull

/* What has been read of the text so far. */
struct cursor {
	const char *p;
	const char *end;
};

static bool at_end(const struct cursor *c)
{
	return c->p == c->end;
}

static bool take(struct cursor *c, char wanted)
{
	if (at_end(c) || *c->p != wanted)
		return false;
	c->p++;
	return true;
}

static bool is_digit(const struct cursor *c)
{
	return !at_end(c) && *c->p >= '0' && *c->p <= '9';
}

/* At least one digit; false also when the number does not fit. */
static bool take_number(struct cursor *c, uint64_t *out)
{
	uint64_t n = 0;

	if (!is_digit(c))
		return false;
	for (; is_digit(c); c->p++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*c->p - '0'), &n))
			return false;
	*out = n;
	return true;
}

/* The digits after a point, of a number that counts `unit` nanoseconds. */
static bool take_fraction(struct cursor *c, uint64_t unit, uint64_t *ns)
{
	*ns = 0;
	if (!is_digit(c))
		return false;
	for (; is_digit(c); c->p++) {
		unit /= 10;
		*ns += unit * (uint64_t)(*c->p - '0');
	}
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int parse_hex(const char *text, size_t len, uint64_t *out)
{
	uint64_t n = 0;

	if (len == 0)
		return -EINVAL;
	for (size_t i = 0; i < len; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0 || n >> 60)
			return -EINVAL;
		n = n << 4 | (unsigned)digit;
	}
	*out = n;
	return 0;
}

int value_parse_uint(const char *text, size_t len, uint64_t *out)
{
	struct cursor c = { text, text + len };
	uint64_t n;

	if (len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return parse_hex(text + 2, len - 2, out);
	if (!take_number(&c, &n) || !at_end(&c))
		return -EINVAL;
	*out = n;
	return 0;
}

/* The nanoseconds in a unit, 0 when there is none of that name. */
static uint64_t unit_ns(const char *text, size_t len)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{ "ns", 1 },
		{ "us", 1000 },
		{ "\xc2\xb5s", 1000 }, /* U+00B5, micro sign */
		{ "\xce\xbcs", 1000 }, /* U+03BC, mu */
		{ "ms", 1000000 },
		{ "s", NS_PER_S },
		{ "m", 60 * NS_PER_S },
		{ "min", 60 * NS_PER_S },
		{ "h", 3600 * NS_PER_S },
		{ "d", 86400 * NS_PER_S },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strlen(units[i].name) == len && memcmp(units[i].name, text, len) == 0)
			return units[i].ns;
	return 0;
}

/* Bytes of a decimal number at the front of [p, end). */
static size_t number_len(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && ((p[n] >= '0' && p[n] <= '9') || p[n] == '.'))
		n++;
	return n;
}

int value_parse_duration(const char *text, size_t len, uint64_t bare_ns, uint64_t *ns)
{
	const char *end = text + len, *unit_at = text + number_len(text, end);
	struct cursor c = { text, unit_at };
	uint64_t unit = bare_ns, whole = 0, fraction = 0;

	if (unit_at < end) {
		unit_at += *unit_at == ' ';
		unit = unit_ns(unit_at, (size_t)(end - unit_at));
	}
	if (unit == 0)
		return -EINVAL;
	if (!(c.p < c.end && *c.p == '.') && !take_number(&c, &whole))
		return -EINVAL;
	if (take(&c, '.') && !take_fraction(&c, unit, &fraction))
		return -EINVAL;
	if (!at_end(&c) || __builtin_mul_overflow(whole, unit, &whole) ||
	    __builtin_add_overflow(whole, fraction, &whole))
		return -EINVAL;
	*ns = whole;
	return 0;
}

/* A number of exactly `digits` digits from low to high. */
static bool take_part(struct cursor *c, int digits, int low, int high, int *out)
{
	int n = 0;

	for (int i = 0; i < digits; i++, c->p++) {
		if (!is_digit(c))
			return false;
		n = n * 10 + (*c->p - '0');
	}
	if (n < low || n > high)
		return false;
	*out = n;
	return true;
}

static bool take_date(struct cursor *c, struct tm *tm)
{
	struct tm normal;

	if (!take_part(c, 4, 1970, 2553, &tm->tm_year) || !take(c, '-') ||
	    !take_part(c, 2, 1, 12, &tm->tm_mon) || !take(c, '-') ||
	    !take_part(c, 2, 1, 31, &tm->tm_mday))
		return false;
	tm->tm_year -= 1900;
	tm->tm_mon -= 1;
	/* The 31st of June would become the 1st of July. */
	normal = *tm;
	timegm(&normal);
	return normal.tm_mday == tm->tm_mday;
}

/* 12:04, 12:04:31 or 12:04:31.402; a leap second is one. */
static bool take_clock(struct cursor *c, struct tm *tm, uint64_t *fraction_ns)
{
	if (!take_part(c, 2, 0, 23, &tm->tm_hour) || !take(c, ':') ||
	    !take_part(c, 2, 0, 59, &tm->tm_min))
		return false;
	if (!take(c, ':'))
		return true;
	if (!take_part(c, 2, 0, 60, &tm->tm_sec))
		return false;
	return !take(c, '.') || take_fraction(c, NS_PER_S, fraction_ns);
}

static int parse_calendar(const char *text, size_t len, uint64_t now_ns, uint64_t *ns)
{
	struct cursor c = { text, text + len };
	time_t now = (time_t)(now_ns / NS_PER_S);
	struct tm tm = { .tm_year = 0 };
	uint64_t fraction_ns = 0;
	bool dated = len > 4 && text[4] == '-';
	bool clock = true, utc;
	time_t seconds;

	if (dated) {
		if (!take_date(&c, &tm))
			return -EINVAL;
		clock = take(&c, 'T') || take(&c, ' ');
	} else {
		if (!localtime_r(&now, &tm))
			return -EINVAL;
		tm.tm_sec = 0;
	}
	if (clock && !take_clock(&c, &tm, &fraction_ns))
		return -EINVAL;
	utc = dated && take(&c, 'Z');
	if (!at_end(&c))
		return -EINVAL;
	tm.tm_isdst = -1;
	seconds = utc ? timegm(&tm) : mktime(&tm);
	if (seconds < 0)
		return -EINVAL;
	*ns = (uint64_t)seconds * NS_PER_S + fraction_ns;
	return 0;
}

int value_parse_time(const char *text, size_t len, uint64_t now_ns, uint64_t *ns)
{
	uint64_t back;

	if (len > 0 && text[0] == '-') {
		if (value_parse_duration(text + 1, len - 1, NS_PER_S, &back) || back > now_ns)
			return -EINVAL;
		*ns = now_ns - back;
		return 0;
	}
	if (len == 0)
		return -EINVAL;
	if (number_len(text, text + len) == len)
		return value_parse_duration(text, len, NS_PER_S, ns);
	return parse_calendar(text, len, now_ns, ns);
}

int value_parse_prefix(const char *text, size_t len, struct ip_addr *addr, unsigned *prefix)
{
	const char *slash = memchr(text, '/', len);
	size_t addr_len = slash ? (size_t)(slash - text) : len;
	char buf[VALUE_ADDR_TEXT_MAX];
	struct ip_addr a;
	unsigned width;
	uint64_t bits;

	if (addr_len >= sizeof(buf) || memchr(text, '\0', addr_len))
		return -EINVAL;
	memcpy(buf, text, addr_len);
	buf[addr_len] = '\0';
	if (ip_addr_parse(buf, &a))
		return -EINVAL;
	/* Not what it came to be: ::ffff:10.0.0.1 is written in 128 bits. */
	width = strchr(buf, ':') ? 128 : 32;
	bits = width;
	if (slash) {
		struct cursor c = { slash + 1, text + len };

		if (!take_number(&c, &bits) || !at_end(&c) || bits > width)
			return -EINVAL;
	}
	*addr = a;
	*prefix = (unsigned)bits + (128 - width);
	return 0;
}
