/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/sighting.h"

#include "core/flow/tracker.h"

static uint64_t apart(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* By the packets alone. Only where neither packet has an id does time tell. */
static enum response_verdict same_packet(bool has_id, uint16_t id, const struct dns_msg *msg,
					 uint64_t distance_ns)
{
	if (has_id && msg->has_ip_id)
		return id == msg->ip_id ? RESPONSE_SAME : RESPONSE_OTHER;
	if (has_id || msg->has_ip_id || distance_ns > TRACKER_TWIN_NS)
		return RESPONSE_OTHER;
	return RESPONSE_MAYBE;
}

/* overtaken: the message is older than the answer that came before it. */
static bool query_is_hop(const struct flow *f, const struct dns_msg *msg, bool elsewhere,
			 bool overtaken)
{
	uint64_t distance_ns = apart(msg->ts_ns, flow_attempt_ns(f));
	bool open = f->state != FLOW_ANSWERED || overtaken;
	bool has_id = f->marks & FLOW_LAST_IP_ID;

	if (distance_ns > TRACKER_HOP_WINDOW_NS)
		return false;
	if (f->seen & SEEN_QUERY_ORIGIN && msg->sighting != SIGHTING_UNKNOWN)
		return msg->sighting == SIGHTING_HOP;
	/* A stream delivers a message once at each place, and its packets are cut
	 * anew on the way: no id to go by. */
	if (f->transport != TRANSPORT_UDP)
		return (msg->sighting != SIGHTING_UNKNOWN || elsewhere) && open;

	switch (same_packet(has_id, f->last_ip_id, msg, distance_ns)) {
	case RESPONSE_SAME:
		/* Not every sender counts its packets: in a capture of one place only one
		 * that comes before the answer is the same. */
		return open || elsewhere || msg->sighting != SIGHTING_UNKNOWN;
	case RESPONSE_MAYBE:
		return open;
	default:
		return false;
	}
}

enum query_verdict sighting_of_query(const struct flow *f, const struct dns_msg *msg,
				     bool elsewhere)
{
	bool answered = f->state == FLOW_ANSWERED;
	bool overtaken = answered && msg->ts_ns <= flow_response_ns(f);

	if (query_is_hop(f, msg, elsewhere, overtaken))
		return QUERY_HOP;
	/* Nothing is sent twice in a stream: the same question again is one more. */
	if (f->transport != TRANSPORT_UDP || f->marks & FLOW_SETTLED)
		return QUERY_NEW;
	return !answered || overtaken ? QUERY_ATTEMPT : QUERY_NEW;
}

enum response_verdict sighting_of_response(const struct flow *f, const struct dns_msg *msg)
{
	uint64_t distance_ns = apart(msg->ts_ns, flow_response_ns(f));

	if (distance_ns > TRACKER_HOP_WINDOW_NS)
		return RESPONSE_OTHER;
	if (f->seen & SEEN_RESPONSE_ORIGIN && msg->sighting != SIGHTING_UNKNOWN)
		return msg->sighting == SIGHTING_HOP ? RESPONSE_SAME : RESPONSE_OTHER;
	/* Of a stream in a capture: where its question was seen twice, its answer is, too. */
	if (f->transport != TRANSPORT_UDP)
		return msg->sighting == SIGHTING_UNKNOWN && f->sightings <= f->attempts + 1u
			       ? RESPONSE_OTHER
			       : RESPONSE_MAYBE;
	return same_packet(f->seen & SEEN_RESPONSE_IP_ID, f->response_ip_id, msg, distance_ns);
}
