/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/match.h"

#include "core/base/bytes.h"
#include "core/flow/member.h"

static inline bool addr_is(const struct flow_table *t, uint32_t id, const struct ip_addr *a)
{
	size_t len;
	const char *bytes = intern_text(t->addrs, id, &len);

	/* An address that found no room is vouched for by the key's hash alone. */
	return id == INTERN_NONE || bytes_equal(bytes, a->b, sizeof(a->b));
}

bool match_client(const struct flow_table *t, const struct flow *f, const struct incoming *in)
{
	return f->server_port == in->server_port && addr_is(t, f->client, in->client) &&
	       addr_is(t, f->server, in->server);
}

/* HTTPS has one id for all (RFC 8484, 4.1): what tells is the stream, which
 * has an IP id's place in message and row. */
bool match_stream(const struct flow *f, const struct incoming *in)
{
	if (f->transport != TRANSPORT_HTTPS)
		return true;
	return in->msg->ip_id == (f->state == FLOW_UNSOLICITED ? f->response_ip_id : f->last_ip_id);
}

bool match_key(const struct flow_table *t, const struct flow *f, const struct incoming *in)
{
	return f->id == in->id && f->client_port == in->client_port &&
	       f->transport == in->msg->transport && match_stream(f, in) && match_client(t, f, in);
}

/* ASCII letters alike in either case (RFC 4343); the texts' escapes have none. */
static bool text_is(const char *a, const char *b, size_t len)
{
	if (bytes_equal(a, b, len))
		return true;
	for (size_t i = 0; i < len; i++) {
		unsigned char x = (unsigned char)a[i], y = (unsigned char)b[i];

		if (x != y && ((x ^ y) != 0x20 || (x | 0x20) < 'a' || (x | 0x20) > 'z'))
			return false;
	}
	return true;
}

/* Name and type. The class is left out: mDNS has a bit of another meaning in it
 * (RFC 6762, 5.4), which a query may set and its answer not. */
static bool question_is(const struct flow_table *t, const struct flow *f, const struct incoming *in)
{
	const struct dns_parsed *dns = in->dns;
	size_t len;
	const char *name;

	if (f->qtype != dns->qtype)
		return false;
	name = intern_text(t->names, f->qname, &len);
	/* A name that found no room: key and type must do. */
	return f->qname == INTERN_NONE || (len == dns->qname_len && text_is(name, dns->qname, len));
}

bool match_query(const struct flow_table *t, const struct flow *f, const struct incoming *in)
{
	if (f->marks & FLOW_HAS_QUESTION)
		return in->dns->has_question && question_is(t, f, in);
	/* A header-only answer may be that of any question. */
	return f->state == FLOW_UNSOLICITED || !in->dns->has_question;
}

bool match_response(const struct flow_table *t, const struct flow *f, const struct incoming *in)
{
	if (!in->dns->has_question)
		return true;
	return f->marks & FLOW_HAS_QUESTION && question_is(t, f, in);
}

bool match_other_owner(const struct flow_table *t, const struct flow *f, const struct incoming *in)
{
	uint32_t pid = in->msg->pid ? flow_owner_pid(t, f->owner) : 0;

	return pid && pid != in->msg->pid;
}
