/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/enrich/edns.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/dns/names.h"
#include "core/dns/wire.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define OPT_DO 0x8000

/* Adds an option's data; false when it is not what the option should have. */
typedef bool option_add(struct lines *l, const uint8_t *data, size_t n);

static bool add_hex(struct lines *l, const uint8_t *data, size_t n)
{
	lines_hex(l, data, n);
	return true;
}

static bool add_hex_and_text(struct lines *l, const uint8_t *data, size_t n)
{
	lines_hex(l, data, n);
	if (n == 0)
		return true;
	lines_add(l, " (\"");
	lines_escaped(l, data, n, "\"\\");
	lines_add(l, "\")");
	return true;
}

/* RFC 8914, section 2. */
static bool add_ede(struct lines *l, const uint8_t *data, size_t n)
{
	if (n < 2)
		return false;
	uint16_t code = (uint16_t)(data[0] << 8 | data[1]);
	const char *words = dns_description(DNS_EDES, code);

	lines_addf(l, "%u", code);
	if (words)
		lines_addf(l, " (%s)", words);
	if (n > 2 && data[n - 1] == 0)
		n--;
	if (n > 2) {
		lines_add(l, ": (");
		lines_escaped(l, data + 2, n - 2, "\\");
		lines_add(l, ")");
	}
	return true;
}

/* RFC 7871, section 6. */
static bool add_client_subnet(struct lines *l, const uint8_t *data, size_t n)
{
	char text[INET6_ADDRSTRLEN];
	uint8_t address[16] = { 0 };
	int family;

	if (n < 4 || data[0] != 0)
		return false;
	family = data[1] == 1 ? AF_INET : data[1] == 2 ? AF_INET6 : -1;
	if (family < 0 || n - 4 > (family == AF_INET ? 4U : 16U))
		return false;
	memcpy(address, data + 4, n - 4);
	lines_addf(l, "%s/%u/%u", inet_ntop(family, address, text, sizeof(text)), data[2], data[3]);
	return true;
}

static bool add_padding(struct lines *l, const uint8_t *data, size_t n)
{
	(void)data;
	lines_addf(l, "%zu bytes", n);
	return true;
}

/* RFC 7828, 3.1: in units of 100 ms; a query has none. */
static bool add_keepalive(struct lines *l, const uint8_t *data, size_t n)
{
	if (n != 0 && n != 2)
		return false;
	if (n == 2)
		lines_addf(l, "%u.%u s", (data[0] << 8 | data[1]) / 10U,
			   (data[0] << 8 | data[1]) % 10U);
	return true;
}

/* RFC 7314, section 2: seconds; a query has none. */
static bool add_expire(struct lines *l, const uint8_t *data, size_t n)
{
	struct wire w;

	if (n != 0 && n != 4)
		return false;
	wire_init(&w, data, n);
	if (n == 4)
		lines_addf(l, "%u s", wire_u32(&w));
	return true;
}

/* RFC 6975, section 3, and RFC 8145, section 4: lists of numbers. */
static bool add_bytes(struct lines *l, const uint8_t *data, size_t n)
{
	for (size_t i = 0; i < n; i++)
		lines_addf(l, "%s%u", i ? " " : "", data[i]);
	return true;
}

static bool add_words(struct lines *l, const uint8_t *data, size_t n)
{
	if (n % 2)
		return false;
	for (size_t i = 0; i < n; i += 2)
		lines_addf(l, "%s%u", i ? " " : "", data[i] << 8 | data[i + 1]);
	return true;
}

/* RFC 7901, section 4, and RFC 9567, section 6.1. */
static bool add_name(struct lines *l, const uint8_t *data, size_t n)
{
	char name[DNS_NAME_TEXT_MAX];
	struct wire w;

	wire_init(&w, data, n);
	wire_name(&w, name);
	if (w.bad || w.pos != n)
		return false;
	lines_name(l, name);
	return true;
}

/* clang-format off */
static const struct {
	uint16_t code;
	const char *name; /* as dig has it */
	option_add *add;
} options[] = {
	{ 3, "NSID", add_hex_and_text },
	{ 5, "DAU", add_bytes },
	{ 6, "DHU", add_bytes },
	{ 7, "N3U", add_bytes },
	{ 8, "CLIENT-SUBNET", add_client_subnet },
	{ 9, "EXPIRE", add_expire },
	{ 10, "COOKIE", add_hex },
	{ 11, "TCP-KEEPALIVE", add_keepalive },
	{ 12, "PADDING", add_padding },
	{ 13, "CHAIN", add_name },
	{ 14, "KEY-TAG", add_words },
	{ 15, "EDE", add_ede },
	{ 18, "REPORT-CHANNEL", add_name },
	{ 19, "ZONEVERSION", add_hex },
};
/* clang-format on */

static void add_option(struct lines *l, uint16_t code, const uint8_t *data, size_t n)
{
	size_t i = 0, mark;

	while (i < ARRAY_SIZE(options) && options[i].code != code)
		i++;
	if (i < ARRAY_SIZE(options))
		lines_addf(l, "; %s: ", options[i].name);
	else
		lines_addf(l, "; OPT=%u: ", code);
	mark = l->len;
	if (l->full)
		return;
	if (i == ARRAY_SIZE(options) || !options[i].add(l, data, n)) {
		lines_rewind(l, mark);
		add_hex_and_text(l, data, n);
	}
	lines_end(l);
}

void edns_add(struct lines *l, const struct record *opt)
{
	struct wire w;

	lines_addf(l, "; EDNS: version: %u, flags:%s; udp: %u", opt->ttl >> 16 & 0xff,
		   opt->ttl & OPT_DO ? " do" : "", opt->class);
	lines_end(l);

	wire_init(&w, opt->wire, opt->at + opt->len);
	wire_skip(&w, opt->at);
	while (w.pos < w.len && !l->full) {
		uint16_t code = wire_u16(&w);
		uint16_t n = wire_u16(&w);
		const uint8_t *data = w.base + w.pos;

		wire_skip(&w, n);
		if (w.bad) {
			lines_add(l, "; the options are longer than their record");
			lines_end(l);
			return;
		}
		add_option(l, code, data, n);
	}
}
