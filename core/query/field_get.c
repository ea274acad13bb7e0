/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/field_get.h"

#include <string.h>

#include "core/dns/names.h"
#include "core/dns/wire.h"

/* A getter's head; not every one looks at all it may look at. */
#define GETTER(name)                                                                           \
	void field_get_##name(const struct row_source *src __attribute__((unused)),            \
			      const struct flow *f __attribute__((unused)), struct value *out, \
			      char *buf __attribute__((unused)))

/* A getter of a number that is a fact when `known`. */
#define UINT_GETTER(name, known, number)                    \
	GETTER(name)                                        \
	{                                                   \
		*out = (known) ? uint_value(number) : none; \
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

static const struct value none = { .type = VALUE_NONE };

static struct value uint_value(uint64_t n)
{
	return (struct value){ .type = VALUE_UINT, .u = n };
}

static struct value text_value(const char *text)
{
	return (struct value){ .type = VALUE_TEXT, .text = text, .len = strlen(text) };
}

static struct value named_value(uint64_t n, const char *name)
{
	return (struct value){ .type = VALUE_NAMED, .u = n, .text = name, .len = strlen(name) };
}

static struct value registry_value(enum dns_registry reg, uint16_t n, char *buf)
{
	return named_value(n, dns_mnemonic(reg, n, buf));
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
	*out = f->state <= FLOW_UNSOLICITED ? named_value(f->state, field_states[f->state]) : none;
}

GETTER(service)
{
	*out = f->service <= SERVICE_LLMNR ? named_value(f->service, field_services[f->service])
					   : none;
}

GETTER(transport)
{
	*out = f->transport <= TRANSPORT_QUIC
		       ? named_value(f->transport, field_transports[f->transport])
		       : none;
}

static struct value addr_value(const struct row_source *src, uint32_t id)
{
	struct value v = { .type = VALUE_ADDR };
	size_t len;
	const char *bytes = intern_text(src->table->addrs, id, &len);

	if (len != sizeof(v.addr.b))
		return none;
	memcpy(v.addr.b, bytes, sizeof(v.addr.b));
	return v;
}

GETTER(client)
{
	*out = addr_value(src, f->client);
}

GETTER(server)
{
	*out = addr_value(src, f->server);
}

UINT_GETTER(client_port, true, f->client_port)
UINT_GETTER(server_port, true, f->server_port)
UINT_GETTER(id, true, f->id)

GETTER(opcode)
{
	*out = registry_value(DNS_OPCODES, DNS_OPCODE(flags_of(f)), buf);
}

GETTER(qname)
{
	*out = none;
	if (!has(f, FLOW_HAS_QUESTION) || f->qname == INTERN_NONE)
		return;
	out->type = VALUE_TEXT;
	out->text = intern_text(src->table->names, f->qname, &out->len);
}

GETTER(qtype)
{
	*out = has(f, FLOW_HAS_QUESTION) ? registry_value(DNS_TYPES, f->qtype, buf) : none;
}

GETTER(qclass)
{
	*out = has(f, FLOW_HAS_QUESTION) ? registry_value(DNS_CLASSES, f->qclass, buf) : none;
}

GETTER(rcode)
{
	*out = has(f, FLOW_HAS_RESPONSE) ? registry_value(DNS_RCODES, f->rcode, buf) : none;
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
	*out = none;
	if (f->state == FLOW_ANSWERED)
		*out = (struct value){ .type = VALUE_DURATION, .u = f->latency_ns };
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
UINT_GETTER(drop_reason, f->drop_reason, f->drop_reason)

GETTER(answer)
{
	const uint8_t *wire;
	size_t len;

	*out = none;
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
	*out = has(f, FLOW_HAS_EDE) ? registry_value(DNS_EDES, f->ede, buf) : none;
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

	*out = owner_of(src, f, &o, &comm) ? uint_value(o.pid) : none;
}

GETTER(uid)
{
	struct owner o;
	const char *comm;

	*out = owner_of(src, f, &o, &comm) ? uint_value(o.uid) : none;
}

GETTER(comm)
{
	struct owner o;
	const char *comm;

	*out = owner_of(src, f, &o, &comm) && o.comm[0] ? text_value(comm) : none;
}

/* [0] is "unknown", and knows nothing. */
static const struct place *place_of(const struct row_source *src, const struct flow *f)
{
	return &src->table->places[f->place < src->table->n_places ? f->place : 0];
}

GETTER(netns)
{
	const struct place *p = place_of(src, f);

	*out = p->netns ? uint_value(p->netns) : none;
}

GETTER(interface)
{
	const struct place *p = place_of(src, f);

	*out = p->ifname[0] ? text_value(p->ifname) : none;
}

GETTER(nothing)
{
	*out = none;
}

uint32_t field_qname_id(const struct flow *f)
{
	return f->qname;
}

const struct intern *field_qname_store(const struct flow_table *t)
{
	return t->names;
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
