/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/field_get.h"

#include <string.h>
#include <strings.h>

#include "core/dns/names.h"
#include "core/dns/wire.h"

/* A getter's head; not every one looks at all it may look at. */
#define GETTER(name)                                                                           \
	void field_get_##name(const struct row_source *src __attribute__((unused)),            \
			      const struct flow *f __attribute__((unused)), struct value *out, \
			      char *buf __attribute__((unused)))

/* A getter of a number that is a fact when `known`. */
#define UINT_GETTER(name, known, number)       \
	GETTER(name)                           \
	{                                      \
		if (known)                     \
			put_uint(out, number); \
		else                           \
			put_none(out);         \
	}

const char *const field_states[] = {
	[FLOW_PENDING] = "pending",
	[FLOW_ANSWERED] = "answered",
	[FLOW_TIMEOUT] = "timeout",
	[FLOW_UNSOLICITED] = "unsolicited",
	NULL,
};

const char *const field_services[] = {
	[SERVICE_DNS] = "dns",
	[SERVICE_MDNS] = "mdns",
	[SERVICE_LLMNR] = "llmnr",
	NULL,
};

const char *const field_transports[] = {
	[TRANSPORT_UDP] = "udp",     [TRANSPORT_TCP] = "tcp",   [TRANSPORT_TLS] = "tls",
	[TRANSPORT_HTTPS] = "https", [TRANSPORT_QUIC] = "quic", NULL,
};

const char *const field_bands[] = {
	"0-1ms", "1-5ms", "5-20ms", "20-100ms", "100ms-1s", "1s-5s", "over-5s", NULL,
};

/* Written in place: a value that is returned and copied costs a getter more
 * than all else it does. */
static void put_none(struct value *out)
{
	*out = (struct value){ .type = VALUE_NONE };
}

static void put_uint(struct value *out, uint64_t n)
{
	*out = (struct value){ .type = VALUE_UINT, .u = n };
}

static void put_text(struct value *out, const char *text)
{
	*out = (struct value){ .type = VALUE_TEXT, .text = text, .len = strlen(text) };
}

static void put_named(struct value *out, uint64_t n, const char *name)
{
	*out = (struct value){ .type = VALUE_NAMED, .u = n, .text = name, .len = strlen(name) };
}

static void put_registered(struct value *out, enum dns_registry reg, uint16_t n, char *buf)
{
	put_named(out, n, dns_mnemonic(reg, n, buf));
}

static bool has(const struct flow *f, enum flow_mark mark)
{
	return f->marks & mark;
}

/* The flags of the answer, or of the query while there is none. */
static uint16_t flags_of(const struct flow *f)
{
	return has(f, FLOW_HAS_RESPONSE) ? f->response_flags : f->query_flags;
}

GETTER(ts)
{
	*out = (struct value){ .type = VALUE_TIME, .u = f->ts_ns };
}

GETTER(state)
{
	if (f->state <= FLOW_UNSOLICITED)
		put_named(out, f->state, field_states[f->state]);
	else
		put_none(out);
}

GETTER(service)
{
	if (f->service <= SERVICE_LLMNR)
		put_named(out, f->service, field_services[f->service]);
	else
		put_none(out);
}

GETTER(transport)
{
	if (f->transport <= TRANSPORT_QUIC)
		put_named(out, f->transport, field_transports[f->transport]);
	else
		put_none(out);
}

static void put_addr(struct value *out, const struct row_source *src, uint32_t id)
{
	size_t len;
	const char *bytes = intern_text(src->table->addrs, id, &len);

	*out = (struct value){ .type = VALUE_ADDR };
	if (len == sizeof(out->addr.b))
		memcpy(out->addr.b, bytes, sizeof(out->addr.b));
	else
		out->type = VALUE_NONE;
}

GETTER(client)
{
	put_addr(out, src, f->client);
}

GETTER(server)
{
	put_addr(out, src, f->server);
}

UINT_GETTER(client_port, true, f->client_port)
UINT_GETTER(server_port, true, f->server_port)
UINT_GETTER(id, true, f->id)

GETTER(opcode)
{
	put_registered(out, DNS_OPCODES, DNS_OPCODE(flags_of(f)), buf);
}

GETTER(qname)
{
	put_none(out);
	if (!has(f, FLOW_HAS_QUESTION) || f->qname == INTERN_NONE)
		return;
	out->type = VALUE_TEXT;
	out->text = intern_text(src->table->names, f->qname, &out->len);
}

/* Where the label before text[end] begins; end is past its last byte. A dot
 * behind an odd number of backslashes is a byte of the label. */
static size_t label_start(const char *text, size_t end)
{
	for (size_t at = end; at > 0; at--) {
		size_t escapes = 0;

		if (text[at - 1] != '.')
			continue;
		while (escapes < at - 1 && text[at - 2 - escapes] == '\\')
			escapes++;
		if (escapes % 2 == 0)
			return at;
	}
	return 0;
}

static void put_domain(struct value *out, unsigned labels)
{
	size_t at = label_start(out->text, out->len);

	if (strcasecmp(out->text + at, "arpa") == 0)
		labels++;
	/* The root's name is a dot that parts nothing. */
	while (--labels > 0 && at > 0 && at < out->len)
		at = label_start(out->text, at - 1);
	if (at == out->len)
		return;
	out->text += at;
	out->len -= at;
}

#define DOMAIN_GETTER(n)                           \
	GETTER(domain##n)                          \
	{                                          \
		field_get_qname(src, f, out, buf); \
		if (out->type == VALUE_TEXT)       \
			put_domain(out, n);        \
	}

DOMAIN_GETTER(1)
DOMAIN_GETTER(2)
DOMAIN_GETTER(3)
DOMAIN_GETTER(4)
DOMAIN_GETTER(5)
DOMAIN_GETTER(6)
DOMAIN_GETTER(7)
DOMAIN_GETTER(8)
DOMAIN_GETTER(9)

GETTER(qtype)
{
	if (has(f, FLOW_HAS_QUESTION))
		put_registered(out, DNS_TYPES, f->qtype, buf);
	else
		put_none(out);
}

GETTER(qclass)
{
	if (has(f, FLOW_HAS_QUESTION))
		put_registered(out, DNS_CLASSES, f->qclass, buf);
	else
		put_none(out);
}

GETTER(rcode)
{
	if (has(f, FLOW_HAS_RESPONSE))
		put_registered(out, DNS_RCODES, f->rcode, buf);
	else
		put_none(out);
}

GETTER(flags)
{
	/* In dig's order, with dig's names. */
	static const struct {
		uint16_t bit;
		char name[3];
	} bits[] = {
		{ DNS_FLAG_QR, "qr" }, { DNS_FLAG_AA, "aa" }, { DNS_FLAG_TC, "tc" },
		{ DNS_FLAG_RD, "rd" }, { DNS_FLAG_RA, "ra" }, { DNS_FLAG_Z, "z" },
		{ DNS_FLAG_AD, "ad" }, { DNS_FLAG_CD, "cd" },
	};
	uint16_t flags = flags_of(f);
	size_t n = 0;

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		if (!(flags & bits[i].bit))
			continue;
		if (n)
			buf[n++] = ' ';
		for (const char *p = bits[i].name; *p; p++)
			buf[n++] = *p;
	}
	*out = (struct value){ .type = VALUE_TEXT, .text = buf, .len = n };
}

GETTER(latency)
{
	put_none(out);
	if (f->state == FLOW_ANSWERED)
		*out = (struct value){ .type = VALUE_DURATION, .u = f->latency_ns };
}

GETTER(band)
{
	/* Where each of field_bands ends, in ns. */
	static const uint64_t ends[] = {
		1000000, 5000000, 20000000, 100000000, 1000000000, 5000000000,
	};
	size_t band = 0;

	put_none(out);
	if (f->state != FLOW_ANSWERED)
		return;
	while (band < sizeof(ends) / sizeof(ends[0]) && f->latency_ns >= ends[band])
		band++;
	put_named(out, band, field_bands[band]);
}

UINT_GETTER(attempts, f->attempts, f->attempts)
UINT_GETTER(sightings, f->sightings, f->sightings)
UINT_GETTER(query_bytes, f->query_bytes, f->query_bytes)
UINT_GETTER(response_bytes, has(f, FLOW_HAS_RESPONSE), f->response_bytes)
UINT_GETTER(bytes, true, (uint64_t)f->query_bytes + f->response_bytes)
UINT_GETTER(answers, has(f, FLOW_HAS_RESPONSE), f->answers)
UINT_GETTER(ttl, has(f, FLOW_HAS_TTL), f->ttl)
UINT_GETTER(dnssec_ok, has(f, FLOW_HAS_QUERY_EDNS), has(f, FLOW_DNSSEC_OK))
UINT_GETTER(truncated, has(f, FLOW_HAS_RESPONSE), (f->response_flags & DNS_FLAG_TC) != 0)

GETTER(answer)
{
	const uint8_t *wire;
	size_t len;

	put_none(out);
	if (!has(f, FLOW_HAS_RESPONSE))
		return;
	if (f->answers == 0) {
		*out = (struct value){ .type = VALUE_LIST, .text = "" };
		return;
	}
	if (!src->answer_texts || f->response_ref == STORE_NONE)
		return;
	wire = store_get(src->table->store, f->response_ref, &len);
	len = wire ? src->answer_texts(wire, len, buf, VALUE_BUF) : 0;
	if (len)
		*out = (struct value){ .type = VALUE_LIST, .text = buf, .len = len };
}

GETTER(ede)
{
	if (has(f, FLOW_HAS_EDE))
		put_registered(out, DNS_EDES, f->ede, buf);
	else
		put_none(out);
}

/* Copies the owner's numbers, as interned bytes lie at any address; *comm stays
 * with the table. False where the owner is not known. */
static bool owner_of(const struct row_source *src, const struct flow *f, struct owner *o,
		     const char **comm)
{
	const char *bytes;
	size_t len;

	if (f->owner == INTERN_NONE)
		return false;
	bytes = intern_text(src->table->owners, f->owner, &len);
	if (len != sizeof(*o))
		return false;
	memcpy(o, bytes, sizeof(*o));
	*comm = bytes + offsetof(struct owner, comm);
	return true;
}

GETTER(pid)
{
	struct owner o;
	const char *comm;

	if (owner_of(src, f, &o, &comm))
		put_uint(out, o.pid);
	else
		put_none(out);
}

GETTER(uid)
{
	struct owner o;
	const char *comm;

	if (owner_of(src, f, &o, &comm))
		put_uint(out, o.uid);
	else
		put_none(out);
}

GETTER(comm)
{
	struct owner o;
	const char *comm;

	if (owner_of(src, f, &o, &comm) && o.comm[0])
		put_text(out, comm);
	else
		put_none(out);
}

static void put_label(struct value *out, const struct row_source *src, uint32_t id)
{
	put_none(out);
	if (id == INTERN_NONE)
		return;
	out->type = VALUE_TEXT;
	out->text = intern_text(src->table->labels, id, &out->len);
}

GETTER(container)
{
	struct owner o;
	const char *comm;

	put_label(out, src, owner_of(src, f, &o, &comm) ? o.container : INTERN_NONE);
}

GETTER(pod)
{
	struct owner o;
	const char *comm;

	put_label(out, src, owner_of(src, f, &o, &comm) ? o.pod : INTERN_NONE);
}

GETTER(drop_reason)
{
	put_label(out, src, f->drop_reason);
}

/* [0] is "unknown", and knows nothing. */
static const struct place *place_of(const struct row_source *src, const struct flow *f)
{
	return &src->table->places[f->place < src->table->n_places ? f->place : 0];
}

GETTER(netns)
{
	const struct place *p = place_of(src, f);

	if (p->netns)
		put_uint(out, p->netns);
	else
		put_none(out);
}

GETTER(interface)
{
	const struct place *p = place_of(src, f);

	if (p->ifname[0])
		put_text(out, p->ifname);
	else
		put_none(out);
}

GETTER(nothing)
{
	put_none(out);
}

#define FIELD_ID(name, value)                            \
	uint32_t field_##name##_id(const struct flow *f) \
	{                                                \
		return value;                            \
	}

/* Absence, where it is the row's to say, is a value like another. */
FIELD_ID(state, 1u + f->state)
FIELD_ID(service, 1u + f->service)
FIELD_ID(transport, 1u + f->transport)
FIELD_ID(client, f->client)
FIELD_ID(client_port, 1u + f->client_port)
FIELD_ID(server, f->server)
FIELD_ID(server_port, 1u + f->server_port)
FIELD_ID(qname, f->qname)
FIELD_ID(qtype, has(f, FLOW_HAS_QUESTION) ? 2u + f->qtype : 1)
FIELD_ID(qclass, has(f, FLOW_HAS_QUESTION) ? 2u + f->qclass : 1)
FIELD_ID(rcode, has(f, FLOW_HAS_RESPONSE) ? 2u + f->rcode : 1)
FIELD_ID(owner, f->owner)

const struct intern *field_addrs(const struct flow_table *t)
{
	return t->addrs;
}

const struct intern *field_names(const struct flow_table *t)
{
	return t->names;
}

const struct intern *field_owners(const struct flow_table *t)
{
	return t->owners;
}

const char *field_no_rcode(const struct flow *f)
{
	switch (f->state) {
	case FLOW_PENDING:
		return "waiting";
	case FLOW_TIMEOUT:
		return "no answer";
	default:
		return "-";
	}
}
