/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/record.h"

#include <string.h>

#include "core/base/escape.h"
#include "core/base/hash.h"
#include "core/flow/multicast.h"
#include "core/flow/path.h"
#include "core/flow/sighting.h"

#define TYPE_IXFR 251
#define TYPE_AXFR 252

/* A container's name may come to be known a while after its first query. */
#define LABELS_STAND_NS 1000000000ull

static inline uint16_t u16_sum(uint32_t a, uint32_t b)
{
	return a + b < UINT16_MAX ? (uint16_t)(a + b) : UINT16_MAX;
}

static uint16_t message_marks(const struct dns_msg *msg, bool bad_records)
{
	uint16_t marks = bad_records ? FLOW_BAD_RECORDS : 0;

	if (msg->wire_orig > msg->wire_len)
		marks |= FLOW_CUT;
	if (msg->tcp_gap)
		marks |= FLOW_TCP_GAP;
	return marks;
}

void record_key(struct flow_table *t, struct flow *f, const struct incoming *in)
{
	const struct dns_msg *msg = in->msg;
	const struct dns_parsed *dns = in->dns;

	f->ts_ns = msg->ts_ns;
	f->id = in->id;
	f->client_port = in->client_port;
	f->server_port = in->server_port;
	f->transport = msg->transport & 0xf;
	f->service = multicast_ports(in) ? multicast_service(in) & 7 : SERVICE_DNS;
	f->client = intern_id_guessed(t->addrs, in->client->b, sizeof(in->client->b),
				      in->client_hash, in->client_guess);
	f->server = flow_table_addr_hashed(t, in->server, in->server_hash);
	f->place = flow_table_place(t, msg->netns, msg->ifindex, msg->ifname);
	if (!dns->has_question)
		return;
	f->marks |= FLOW_HAS_QUESTION;
	f->qtype = dns->qtype;
	f->qclass = dns->qclass;
	if (f->state == FLOW_UNSOLICITED)
		f->qname = flow_table_name(t, dns->qname, dns->qname_len);
	else
		f->qname = intern_id_guessed(t->names, dns->qname, dns->qname_len, in->name_hash,
					     in->name_guess);
}

static void record_drop(struct flow_table *t, struct flow *f, const struct dns_msg *msg)
{
	struct flow_side *side;

	if (!msg->drop_reason)
		return;
	f->drop_reason = (uint16_t)flow_table_label_text(t, msg->drop_reason);
	side = flow_table_side_make(t, f);
	/* Of an error it is not known where that was, but who says so. */
	side->drop_place = msg->quoted ? 0
				       : flow_table_place(t, msg->netns, msg->ifindex, msg->ifname);
	side->drop_by = (uint16_t)flow_table_label_text(t, msg->drop_by);
}

/* Nearly all first sightings are kept by the row alone. */
static inline void first_sighting(struct flow_table *t, struct flow *f, const struct dns_msg *msg,
				  bool response)
{
	if (f->marks & FLOW_HAS_PATH || msg->drop_reason)
		path_add_first(t, f, msg, response);
}

/* A drop is the end of a sighting, not one more. */
static void record_sighting(struct flow_table *t, struct flow *f, const struct dns_msg *msg)
{
	record_drop(t, f, msg);
	if (!msg->drop_reason)
		f->sightings = u16_sum(f->sightings, 1);
}

static bool memo_holds(const struct owner_memo *memo, const struct flow_table *t,
		       const struct dns_msg *msg)
{
	return memo->id != INTERN_NONE && memo->pid == msg->pid && memo->uid == msg->uid &&
	       memo->cgroup == msg->cgroup && memo->start_ns == msg->start_ns &&
	       memo->execs == msg->execs && msg->ts_ns - memo->ts_ns < LABELS_STAND_NS &&
	       memo->generation == intern_generation(t->owners) &&
	       memcmp(memo->comm, msg->comm, sizeof(memo->comm)) == 0;
}

static uint32_t owner_id(struct flow_table *t, struct owner_memo *memo, const struct dns_msg *msg)
{
	/* Interned as bytes: the holes must be zeroes too. */
	struct owner o;

	if (memo_holds(memo, t, msg))
		return memo->id;

	memset(&o, 0, sizeof(o));
	o.pid = msg->pid;
	o.uid = msg->uid;
	escape_bytes(o.comm, sizeof(o.comm), msg->comm, sizeof(msg->comm));
	if (t->find_labels) {
		struct owner_labels labels = t->find_labels(t->labels_ctx, msg);

		o.container = flow_table_label_text(t, labels.container);
		o.pod = flow_table_label_text(t, labels.pod);
		o.exe = flow_table_label_text(t, labels.exe);
	}
	memo->id = flow_table_owner(t, &o);
	memo->pid = msg->pid;
	memo->uid = msg->uid;
	memo->cgroup = msg->cgroup;
	memo->start_ns = msg->start_ns;
	memo->execs = msg->execs;
	memo->ts_ns = msg->ts_ns;
	memo->generation = intern_generation(t->owners);
	memcpy(memo->comm, msg->comm, sizeof(memo->comm));
	return memo->id;
}

static void record_attempt_ids(struct flow *f, const struct dns_msg *msg)
{
	f->marks &= (uint16_t)~FLOW_LAST_IP_ID;
	f->seen &= (uint8_t) ~(SEEN_QUERY_ORIGIN | SEEN_QUERY_IN);
	f->last_ip_id = msg->ip_id;
	if (msg->has_ip_id)
		f->marks |= FLOW_LAST_IP_ID;
	if (msg->sighting == SIGHTING_ORIGIN)
		f->seen |= SEEN_QUERY_ORIGIN;
	if (msg->direction == DIRECTION_IN)
		f->seen |= SEEN_QUERY_IN;
}

void record_query(struct flow_table *t, struct owner_memo *memo, struct flow *f,
		  const struct incoming *in, bool bad_records)
{
	const struct dns_msg *msg = in->msg;
	const struct dns_parsed *dns = in->dns;

	first_sighting(t, f, msg, false);
	f->attempts = 1;
	f->sightings = u16_sum(f->sightings, 1);
	record_drop(t, f, msg);
	f->query_flags = dns->flags;
	f->query_bytes = u16_sum(msg->wire_orig, 0);
	f->unfollowed = msg->unfollowed;
	f->query_ref = store_put(t->store, msg->wire, msg->wire_len);
	f->marks |= message_marks(msg, bad_records);
	if (dns->edns.present)
		f->marks |= FLOW_HAS_QUERY_EDNS;
	if (dns->edns.dnssec_ok)
		f->marks |= FLOW_DNSSEC_OK;
	if (msg->pid)
		f->owner = owner_id(t, memo, msg);
	record_attempt_ids(f, msg);
}

void record_server(struct flow_table *t, struct owner_memo *memo, struct flow *f,
		   const struct dns_msg *msg)
{
	uint32_t id;

	if (!msg->pid || f->marks & FLOW_ANSWERED_HERE)
		return;
	id = owner_id(t, memo, msg);
	if (id != INTERN_NONE)
		flow_table_set_answerer(t, f, id);
}

void record_response(struct flow_table *t, struct flow *f, const struct incoming *in,
		     bool bad_records)
{
	const struct dns_msg *msg = in->msg;
	const struct dns_parsed *dns = in->dns;

	first_sighting(t, f, msg, true);
	f->sightings = u16_sum(f->sightings, 1);
	record_drop(t, f, msg);
	f->response_flags = dns->flags;
	f->rcode = dns->rcode;
	f->answers = dns->ancount;
	f->response_bytes = msg->wire_orig;
	f->unfollowed |= msg->unfollowed;
	f->response_ref = store_put(t->store, msg->wire, msg->wire_len);
	f->marks |= FLOW_HAS_RESPONSE | message_marks(msg, bad_records);
	if (dns->has_ttl)
		f->marks |= FLOW_HAS_TTL;
	f->ttl = dns->ttl;
	if (dns->edns.present)
		f->marks |= FLOW_HAS_RESPONSE_EDNS;
	if (dns->edns.has_ede)
		f->marks |= FLOW_HAS_EDE;
	f->ede = dns->edns.ede;
	if (record_is_transfer(f)) {
		struct flow_side *side = flow_table_side_make(t, f);

		side->response_place = flow_table_place(t, msg->netns, msg->ifindex, msg->ifname);
		side->response_direction = msg->direction;
	}
	f->response_ip_id = msg->ip_id;
	if (msg->has_ip_id)
		f->seen |= SEEN_RESPONSE_IP_ID;
	if (msg->sighting == SIGHTING_ORIGIN)
		f->seen |= SEEN_RESPONSE_ORIGIN;
}

void record_response_lost(struct flow_table *t, struct flow *f, const struct dns_msg *msg)
{
	first_sighting(t, f, msg, true);
	record_drop(t, f, msg);
}

void record_quoted(struct flow_table *t, struct flow *f, const struct dns_msg *msg, bool response)
{
	if (f->drop_reason != INTERN_NONE)
		return;
	path_add_hop(t, f, msg, response);
	record_drop(t, f, msg);
}

bool record_is_transfer(const struct flow *f)
{
	return (f->qtype == TYPE_AXFR || f->qtype == TYPE_IXFR) && f->transport != TRANSPORT_UDP;
}

bool record_continues(const struct flow_table *t, const struct flow *f, const struct dns_msg *msg)
{
	const struct flow_side *side = flow_table_side(t, f);
	const struct place *place = &t->places[side ? side->response_place : 0];

	return side && side->response_direction == msg->direction && place->netns == msg->netns &&
	       place->ifindex == msg->ifindex;
}

void record_more(struct flow_table *t, struct flow *f, const struct incoming *in)
{
	uint32_t bytes = f->response_bytes + in->msg->wire_orig;
	struct flow_side *side = flow_table_side_make(t, f);

	side->messages = u16_sum(side->messages ? side->messages : 1, 1);

	f->response_bytes = bytes < f->response_bytes ? UINT32_MAX : bytes;
	f->answers = u16_sum(f->answers, in->dns->ancount);
}

void record_attempt(struct flow_table *t, struct flow *f, const struct dns_msg *msg)
{
	first_sighting(t, f, msg, false);
	f->attempts = u16_sum(f->attempts, 1);
	f->sightings = u16_sum(f->sightings, 1);
	f->unfollowed |= msg->unfollowed;
	record_drop(t, f, msg);
	if (msg->ts_ns < f->ts_ns || msg->ts_ns - f->ts_ns < f->last_attempt_us * 1000ull)
		return; /* overtaken by a later one */

	uint64_t after_us = (msg->ts_ns - f->ts_ns) / 1000;

	f->last_attempt_us = after_us < UINT32_MAX ? (uint32_t)after_us : UINT32_MAX;
	record_attempt_ids(f, msg);
}

void record_query_hop(struct flow_table *t, struct owner_memo *memo, struct flow *f,
		      const struct dns_msg *msg)
{
	path_add_hop(t, f, msg, false);
	record_sighting(t, f, msg);
	if (msg->sighting == SIGHTING_ORIGIN) {
		f->seen |= SEEN_QUERY_ORIGIN;
		f->place = flow_table_place(t, msg->netns, msg->ifindex, msg->ifname);
	}
	if (msg->pid && f->owner == INTERN_NONE)
		f->owner = owner_id(t, memo, msg);
	/* Sightings may arrive out of order: the first is the earliest. */
	if (msg->ts_ns < f->ts_ns && f->attempts == 1) {
		if (f->state == FLOW_ANSWERED)
			f->latency_ns += f->ts_ns - msg->ts_ns;
		f->ts_ns = msg->ts_ns;
	}
}

void record_response_hop(struct flow_table *t, struct flow *f, const struct dns_msg *msg)
{
	path_add_hop(t, f, msg, true);
	record_sighting(t, f, msg);
	if (msg->sighting == SIGHTING_ORIGIN)
		f->seen |= SEEN_RESPONSE_ORIGIN;
	/* What was seen at both ends, not on its way: the asker's time counts. */
	if (f->transport >= TRANSPORT_TLS && f->state != FLOW_UNSOLICITED) {
		if (msg->sighting == SIGHTING_HOP && msg->ts_ns > f->ts_ns)
			f->latency_ns = msg->ts_ns - f->ts_ns;
		return;
	}
	if (msg->ts_ns >= f->ts_ns + f->latency_ns)
		return;
	if (f->state == FLOW_UNSOLICITED)
		f->ts_ns = msg->ts_ns;
	else
		f->latency_ns = msg->ts_ns > f->ts_ns ? msg->ts_ns - f->ts_ns : 0;
}
