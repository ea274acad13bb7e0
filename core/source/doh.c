/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/doh.h"

#include <string.h>
#include <strings.h>

#include "core/dns/wire.h"

bool doh_type(const char *value, size_t len)
{
	static const char type[] = "application/dns-message";
	size_t n = sizeof(type) - 1;

	if (len < n || strncasecmp(value, type, n) != 0)
		return false;
	return len == n || value[n] == ';' || value[n] == ' ' || value[n] == '\t';
}

static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* RFC 4648, section 5. The bytes, or -1 for what is none of it. */
static long decode(const char *text, size_t len, uint8_t *out, size_t size)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t n = 0;

	while (len && text[len - 1] == '=')
		len--;
	for (size_t i = 0; i < len; i++) {
		int d = digit(text[i]);

		if (d < 0)
			return -1;
		bits = bits << 6 | (uint32_t)d;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (n == size)
			return -1;
		out[n++] = (uint8_t)(bits >> have);
	}
	return (long)n;
}

uint32_t doh_get(const char *path, size_t len, uint8_t *wire, size_t size)
{
	const char *at = memchr(path, '?', len);
	const char *end = path + len;

	while (at && at < end) {
		const char *name = at + 1;
		const char *next = memchr(name, '&', (size_t)(end - name));
		size_t n = (size_t)((next ? next : end) - name);

		if (n > 4 && memcmp(name, "dns=", 4) == 0) {
			long bytes = decode(name + 4, n - 4, wire, size);

			return bytes > 0 && dns_plausible(wire, (size_t)bytes) ? (uint32_t)bytes
									       : 0;
		}
		at = next;
	}
	return 0;
}
