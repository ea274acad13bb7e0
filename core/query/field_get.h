/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The getters of the field registry, for field_table.c only: of what messages say
 * in field_get.c, of names in field_get_name.c, of who and where in
 * field_get_who.c, of the way between in field_get_path.c, of lookups in
 * field_get_lookup.c, of what few rows have in field_get_side.c, of
 * EDNS in field_get_edns.c; what they are written with is field_put.h. A getter gives
 * VALUE_NONE where the row does not hold the fact.
 */
#ifndef DNSTOP_QUERY_FIELD_GET_H
#define DNSTOP_QUERY_FIELD_GET_H

#include "core/query/field.h"

#define FIELD_GETTER(name)                                                        \
	void field_get_##name(const struct row_source *src, const struct flow *f, \
			      struct value *out, char *buf)

FIELD_GETTER(ts);
FIELD_GETTER(state);
FIELD_GETTER(service);
FIELD_GETTER(transport);
FIELD_GETTER(client);
FIELD_GETTER(client_port);
FIELD_GETTER(server);
FIELD_GETTER(server_port);
FIELD_GETTER(id);
FIELD_GETTER(opcode);
FIELD_GETTER(qname);
FIELD_GETTER(qtype);
FIELD_GETTER(qclass);
FIELD_GETTER(rcode);
FIELD_GETTER(flags);
FIELD_GETTER(latency);
FIELD_GETTER(attempts);
FIELD_GETTER(sightings);
FIELD_GETTER(query_bytes);
FIELD_GETTER(response_bytes);
FIELD_GETTER(answers);
FIELD_GETTER(answer);
FIELD_GETTER(ttl);
FIELD_GETTER(pid);
FIELD_GETTER(comm);
FIELD_GETTER(uid);
FIELD_GETTER(exe);
FIELD_GETTER(container);
FIELD_GETTER(pod);
FIELD_GETTER(pod_namespace);
FIELD_GETTER(server_pid);
FIELD_GETTER(server_comm);
FIELD_GETTER(server_container);
FIELD_GETTER(netns);
FIELD_GETTER(interface);
FIELD_GETTER(path);
FIELD_GETTER(nat);
FIELD_GETTER(node);
FIELD_GETTER(beyond);
FIELD_GETTER(drop_reason);
FIELD_GETTER(drop_place);
FIELD_GETTER(bytes);
FIELD_GETTER(ede);
FIELD_GETTER(dnssec_ok);
FIELD_GETTER(truncated);
FIELD_GETTER(band);
FIELD_GETTER(row);
FIELD_GETTER(lookup);
FIELD_GETTER(parent);
FIELD_GETTER(lookup_us);
FIELD_GETTER(lookup_outcome);
FIELD_GETTER(lookup_rows);
FIELD_GETTER(upstream);
FIELD_GETTER(intended);
FIELD_GETTER(wasted);
FIELD_GETTER(responders);
FIELD_GETTER(responder);
FIELD_GETTER(known_answers);
FIELD_GETTER(unicast_wanted);
FIELD_GETTER(twin);
FIELD_GETTER(messages);
FIELD_GETTER(edns_version);
FIELD_GETTER(edns_size);
FIELD_GETTER(ecs);
FIELD_GETTER(cookie);
FIELD_GETTER(nsid);
FIELD_GETTER(ede_text);
/* The last labels of the name; of one in .arpa one more, as "arpa" alone says
 * nothing. A shorter name is whole. */
FIELD_GETTER(domain1);
FIELD_GETTER(domain2);
FIELD_GETTER(domain3);
FIELD_GETTER(domain4);
FIELD_GETTER(domain5);
FIELD_GETTER(domain6);
FIELD_GETTER(domain7);
FIELD_GETTER(domain8);
FIELD_GETTER(domain9);
/* What someone registered: by the public suffix list; of a name that has no more
 * than such a suffix, or one label, all. */
FIELD_GETTER(domain);

/* The names of VALUE_NAMED fields that no registry of IANA has. */
extern const char *const field_states[];
extern const char *const field_services[];
extern const char *const field_transports[];
extern const char *const field_bands[];
extern const char *const field_outcomes[];

/* What struct field's id and id_store may be. */
uint32_t field_state_id(const struct flow *f);
uint32_t field_service_id(const struct flow *f);
uint32_t field_transport_id(const struct flow *f);
uint32_t field_client_id(const struct flow *f);
uint32_t field_client_port_id(const struct flow *f);
uint32_t field_server_id(const struct flow *f);
uint32_t field_server_port_id(const struct flow *f);
uint32_t field_qname_id(const struct flow *f);
uint32_t field_qtype_id(const struct flow *f);
uint32_t field_qclass_id(const struct flow *f);
uint32_t field_rcode_id(const struct flow *f);
uint32_t field_owner_id(const struct flow *f);
const struct intern *field_addrs(const struct flow_table *t);
const struct intern *field_names(const struct flow_table *t);
const struct intern *field_owners(const struct flow_table *t);
/* struct field's absent, of rcode. */
const char *field_no_rcode(const struct flow *f);

#endif
