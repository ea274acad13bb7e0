/* SPDX-License-Identifier: BSD-2-Clause */
/* What EDNS says (RFC 6891), read from the messages as far as they are kept. */
#include "core/query/field_put.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "core/dns/walk.h"

#define OPTION_NSID   3
#define OPTION_ECS    8
#define OPTION_COOKIE 10
#define OPTION_EDE    15

static bool options_of(const struct row_source *src, const struct flow *f, bool response,
		       struct dns_options *o)
{
	uint32_t ref = response ? f->response_ref : f->query_ref;
	const uint8_t *wire;
	size_t len;

	if (!has(f, response ? FLOW_HAS_RESPONSE_EDNS : FLOW_HAS_QUERY_EDNS) || ref == STORE_NONE)
		return false;
	wire = store_get(src->table->store, ref, &len);
	return wire && dns_options_begin(o, wire, len);
}

/* An option of the one message, or else of the other. */
static bool find_option(const struct row_source *src, const struct flow *f, bool response,
			uint16_t code, struct dns_options *o)
{
	return options_of(src, f, response, o) && dns_options_find(o, code);
}

GETTER(edns_version)
{
	struct dns_options o;

	if (options_of(src, f, false, &o) || options_of(src, f, true, &o))
		put_uint(out, o.version);
	else
		put_none(out);
}

GETTER(edns_size)
{
	struct dns_options o;

	if (options_of(src, f, false, &o) || options_of(src, f, true, &o))
		put_uint(out, o.udp_size);
	else
		put_none(out);
}

/* ADDRESS/SOURCE, and of an answer /SCOPE besides (RFC 7871, 6). */
GETTER(ecs)
{
	char address[INET6_ADDRSTRLEN];
	uint8_t bytes[16] = { 0 };
	struct dns_options o;
	bool answered;
	int family, n;

	put_none(out);
	answered = find_option(src, f, true, OPTION_ECS, &o);
	if ((!answered && !find_option(src, f, false, OPTION_ECS, &o)) || o.len < 4 || o.data[0])
		return;
	family = o.data[1] == 1 ? AF_INET : o.data[1] == 2 ? AF_INET6 : -1;
	if (family < 0 || o.len - 4u > (family == AF_INET ? 4u : 16u))
		return;
	memcpy(bytes, o.data + 4, o.len - 4u);
	inet_ntop(family, bytes, address, sizeof(address));
	n = snprintf(buf, VALUE_BUF, "%s/%u", address, o.data[2]);
	if (answered)
		n += snprintf(buf + n, VALUE_BUF - (size_t)n, "/%u", o.data[3]);
	*out = (struct value){ .type = VALUE_TEXT, .text = buf, .len = (size_t)n };
}

static void put_hex(struct value *out, const uint8_t *data, size_t n, char *buf)
{
	static const char digits[] = "0123456789abcdef";

	if (n > (VALUE_BUF - 1) / 2)
		n = (VALUE_BUF - 1) / 2;
	for (size_t i = 0; i < n; i++) {
		buf[2 * i] = digits[data[i] >> 4];
		buf[2 * i + 1] = digits[data[i] & 0xf];
	}
	*out = (struct value){ .type = VALUE_TEXT, .text = buf, .len = 2 * n };
}

/* The client's eight bytes and, of an answer, the server's (RFC 7873, 4). */
GETTER(cookie)
{
	struct dns_options o;

	put_none(out);
	if (find_option(src, f, true, OPTION_COOKIE, &o) ||
	    find_option(src, f, false, OPTION_COOKIE, &o))
		put_hex(out, o.data, o.len, buf);
}

/* Bytes from the network as text: plain ASCII as it is, the rest as \DDD. */
static void put_escaped(struct value *out, const uint8_t *data, size_t n, char *buf)
{
	size_t len = 0;

	for (size_t i = 0; i < n && len + 5 < VALUE_BUF; i++) {
		if (data[i] >= 0x20 && data[i] < 0x7f && data[i] != '\\')
			buf[len++] = (char)data[i];
		else
			len += (size_t)snprintf(buf + len, 5, "\\%03u", data[i]);
	}
	*out = (struct value){ .type = VALUE_TEXT, .text = buf, .len = len };
}

/* Of an answer; what a query has is empty (RFC 5001, 2.1). */
GETTER(nsid)
{
	struct dns_options o;

	put_none(out);
	if (find_option(src, f, true, OPTION_NSID, &o))
		put_escaped(out, o.data, o.len, buf);
}

GETTER(ede_text)
{
	struct dns_options o;
	size_t n;

	put_none(out);
	if (!find_option(src, f, true, OPTION_EDE, &o) || o.len <= 2)
		return;
	n = o.len - 2u;
	/* Senders may end it with a NUL, which is no part of it (RFC 8914, 2). */
	n -= o.data[o.len - 1] == 0;
	if (n)
		put_escaped(out, o.data + 2, n, buf);
}
