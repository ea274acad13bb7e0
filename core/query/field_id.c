/* SPDX-License-Identifier: BSD-2-Clause */
/* The one number that a field's value depends on. */
#include "core/query/field_put.h"

#define FIELD_ID(name, value)                            \
	uint32_t field_##name##_id(const struct flow *f) \
	{                                                \
		return value;                            \
	}

/* Absence, where it is the row's to say, is a value like another. */
FIELD_ID(state, 1u + f->state + (f->seen & SEEN_ANNOUNCED ? 1u : 0))
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
