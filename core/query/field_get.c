/* SPDX-License-Identifier: BSD-2-Clause */
/* What the messages say, and what became of them. */
#include "core/query/field_put.h"

#include "core/dns/wire.h"

const char *const field_states[] = {
	[FLOW_PENDING] = "pending",           [FLOW_ANSWERED] = "answered",
	[FLOW_TIMEOUT] = "timeout",           [FLOW_UNSOLICITED] = "unsolicited",
	[FLOW_UNSOLICITED + 1] = "announced", NULL,
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
	unsigned state = f->state + (f->seen & SEEN_ANNOUNCED ? 1u : 0);

	if (state <= FLOW_UNSOLICITED + 1)
		put_named(out, state, field_states[state]);
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

void field_put_addr(struct value *out, const struct row_source *src, uint32_t id)
{
	size_t len;
	const char *bytes = intern_text(src->table->addrs, id, &len);

	*out = (struct value){ .type = VALUE_ADDR };
	if (len == sizeof(out->addr.b))
		memcpy(out->addr.b, bytes, sizeof(out->addr.b));
	else
		out->type = VALUE_NONE;
}

/* An address, or its network. */
static void put_network(struct value *out, const struct row_source *src, uint32_t id)
{
	bool v4;
	unsigned bits;

	field_put_addr(out, src, id);
	v4 = ip_addr_is_v4(&out->addr);
	bits = v4 ? src->prefix4 : src->prefix6;
	if (out->type != VALUE_ADDR || bits == 0)
		return;
	bits += v4 ? 96 : 0;
	for (unsigned i = 0; i < 16; i++) {
		unsigned keep = bits > 8 * i ? bits - 8 * i : 0;

		if (keep < 8)
			out->addr.b[i] &= (uint8_t)(0xff00 >> keep);
	}
}

GETTER(client)
{
	put_network(out, src, f->client);
}

GETTER(server)
{
	put_network(out, src, f->server);
}

UINT_GETTER(client_port, true, f->client_port)
UINT_GETTER(server_port, true, f->server_port)
UINT_GETTER(id, true, f->id)

GETTER(opcode)
{
	put_registered(out, DNS_OPCODES, DNS_OPCODE(flags_of(f)), buf);
}

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
UINT_GETTER(sightings, f->sightings && !f->unfollowed, f->sightings)
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
