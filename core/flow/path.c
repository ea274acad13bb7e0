/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/path.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/flow/sighting.h"

static uint32_t seq_of(const struct flow_table *t, const struct flow *f)
{
	uint32_t newest = t->next_seq - 1, at = (uint32_t)(f - t->rows);

	return newest - ((newest - at) & (t->capacity - 1));
}

static bool addr_is(const struct flow_table *t, uint32_t id, const struct ip_addr *a)
{
	size_t len;
	const char *bytes = intern_text(t->addrs, id, &len);

	return len == sizeof(a->b) && bytes_equal(bytes, a->b, sizeof(a->b));
}

/* Whether a message has the row's own addresses and ports. */
static bool ends_are_rows(const struct flow_table *t, const struct flow *f,
			  const struct dns_msg *msg, bool response)
{
	const struct ip_addr *client = response ? &msg->dst : &msg->src;
	const struct ip_addr *server = response ? &msg->src : &msg->dst;

	return f->client_port == (response ? msg->dst_port : msg->src_port) &&
	       f->server_port == (response ? msg->src_port : msg->dst_port) &&
	       addr_is(t, f->client, client) && addr_is(t, f->server, server);
}

static void put(struct flow_table *t, struct flow *f, struct leg *leg, const struct leg_ends *ends)
{
	leg->before = flow_table_path(t, f);
	flow_table_set_path(t, f, legs_put(t->legs, leg, ends));
}

static void put_msg(struct flow_table *t, struct flow *f, const struct dns_msg *msg, bool response,
		    unsigned attempt)
{
	unsigned flags = response ? LEG_RESPONSE : 0;
	struct leg_ends ends;
	struct leg leg = {
		.ts_ns = msg->ts_ns,
		.seq = seq_of(t, f),
		.src_port = msg->src_port,
		.dst_port = msg->dst_port,
		.place = flow_table_place(t, msg->netns, msg->ifindex, msg->ifname),
		.direction = msg->direction,
		.attempt = response ? 0 : attempt & 7,
	};

	if (msg->sighting == SIGHTING_ORIGIN)
		flags |= LEG_ORIGIN;
	if (msg->drop_reason) {
		flags |= LEG_DROP;
		leg.reason = (uint16_t)flow_table_label_text(t, msg->drop_reason);
		leg.by = (uint16_t)flow_table_label_text(t, msg->drop_by);
	}
	if (!ends_are_rows(t, f, msg, response)) {
		flags |= LEG_ENDS;
		ends = (struct leg_ends){ .src = msg->src, .dst = msg->dst };
	}
	leg.flags = flags & 0x1f;
	put(t, f, &leg, &ends);
}

/* The sightings that the row itself knows of: the first of its first attempt, of
 * its newest, and of its response. */
static void put_known(struct flow_table *t, struct flow *f)
{
	struct leg leg = {
		.ts_ns = f->ts_ns,
		.seq = seq_of(t, f),
		.place = f->place,
		.attempt = 1,
	};

	if (f->marks & FLOW_HAS_PATH)
		return;
	if (f->seen & SEEN_QUERY_ORIGIN) {
		leg.flags |= LEG_ORIGIN;
		leg.direction = DIRECTION_OUT;
	} else if (f->seen & SEEN_QUERY_IN) {
		leg.direction = DIRECTION_IN;
	}
	if (f->attempts > 1) {
		put(t, f, &leg, NULL);
		leg.ts_ns = flow_attempt_ns(f);
		leg.attempt = f->attempts & 7;
	}
	if (f->attempts)
		put(t, f, &leg, NULL);
	if (!(f->marks & FLOW_HAS_RESPONSE))
		return;
	leg.ts_ns = flow_response_ns(f);
	leg.flags = LEG_RESPONSE;
	leg.attempt = 0;
	leg.direction = DIRECTION_UNKNOWN;
	if (f->seen & SEEN_RESPONSE_ORIGIN) {
		leg.flags |= LEG_ORIGIN;
		leg.direction = DIRECTION_OUT;
	}
	if (f->attempts)
		leg.place = 0;
	put(t, f, &leg, NULL);
}

void path_add_hop(struct flow_table *t, struct flow *f, const struct dns_msg *msg, bool response)
{
	if (!t->legs)
		return;
	put_known(t, f);
	put_msg(t, f, msg, response, f->attempts);
}

void path_add_first(struct flow_table *t, struct flow *f, const struct dns_msg *msg, bool response)
{
	if (!t->legs)
		return;
	if (msg->drop_reason && f->attempts)
		put_known(t, f);
	else if (!msg->drop_reason && !(f->marks & FLOW_HAS_PATH))
		return;
	put_msg(t, f, msg, response, f->attempts + 1u);
}

/* Goes from *ref to the leg before; NULL at the end, *ref then not LEGS_NONE if
 * there was more. */
static const struct leg *step(const struct flow_table *t, uint32_t seq, uint32_t *ref)
{
	const struct leg *leg = *ref == LEGS_NONE ? NULL : legs_get(t->legs, seq, *ref);

	if (leg)
		*ref = leg->before;
	return leg;
}

void path_each(const struct flow_table *t, const struct flow *f,
	       void (*fn)(void *ctx, const struct leg *leg), void *ctx)
{
	uint32_t ref = flow_table_path(t, f);
	const struct leg *leg;

	if (ref == LEGS_NONE)
		return;
	while ((leg = step(t, seq_of(t, f), &ref)))
		fn(ctx, leg);
}

static struct ip_addr addr_of(const struct flow_table *t, uint32_t id)
{
	struct ip_addr a = { 0 };
	size_t len;
	const char *bytes = intern_text(t->addrs, id, &len);

	if (len == sizeof(a.b))
		memcpy(a.b, bytes, sizeof(a.b));
	return a;
}

static void read_leg(const struct flow_table *t, const struct flow *f, const struct leg *from,
		     struct path_leg *to)
{
	bool response = from->flags & LEG_RESPONSE;

	*to = (struct path_leg){
		.ts_ns = from->ts_ns,
		.place = from->place,
		.reason = from->reason,
		.by = from->by,
		.direction = from->direction,
		.flags = from->flags,
		.attempt = from->attempt,
	};
	if (from->flags & LEG_ENDS) {
		to->src = legs_ends(from)->src;
		to->dst = legs_ends(from)->dst;
		to->src_port = from->src_port;
		to->dst_port = from->dst_port;
		return;
	}
	to->src = addr_of(t, response ? f->server : f->client);
	to->dst = addr_of(t, response ? f->client : f->server);
	to->src_port = response ? f->server_port : f->client_port;
	to->dst_port = response ? f->client_port : f->server_port;
}

/* By time; where that is the same, as they came. */
static void insert(struct path *p, const struct path_leg *leg)
{
	unsigned at = 0;

	while (at < p->n && p->leg[at].ts_ns < leg->ts_ns)
		at++;
	memmove(&p->leg[at + 1], &p->leg[at], (p->n - at) * sizeof(p->leg[0]));
	p->leg[at] = *leg;
	p->n++;
}

static bool same_ends(const struct path_leg *a, const struct path_leg *b)
{
	return a->src_port == b->src_port && a->dst_port == b->dst_port &&
	       bytes_equal(a->src.b, b->src.b, sizeof(a->src.b)) &&
	       bytes_equal(a->dst.b, b->dst.b, sizeof(a->dst.b));
}

/* What a message's addresses were when it was seen first tells of NAT later on. */
static void find_nat(struct path *p)
{
	const struct path_leg *first[2] = { NULL, NULL };

	for (unsigned i = 0; i < p->n; i++) {
		const struct path_leg *leg = &p->leg[i];
		const struct path_leg **of = &first[leg->flags & LEG_RESPONSE ? 1 : 0];

		if (!*of || leg->attempt != (*of)->attempt)
			*of = leg;
		else if (!same_ends(*of, leg))
			p->nat = true;
	}
}

static void find_times(struct path *p, const struct flow *f)
{
	const struct path_leg *attempt = NULL, *last = NULL, *response = NULL;

	for (unsigned i = 0; i < p->n; i++) {
		const struct path_leg *leg = &p->leg[i];

		if (leg->flags & LEG_DROP)
			continue;
		if (leg->flags & LEG_RESPONSE) {
			if (!response)
				response = leg;
			p->answer_ns = leg->ts_ns - response->ts_ns;
		} else if (!response) {
			if (!attempt || leg->attempt != attempt->attempt)
				attempt = leg;
			last = leg;
		}
	}
	if (!attempt)
		return;
	p->waited_ns = attempt->ts_ns > f->ts_ns ? attempt->ts_ns - f->ts_ns : 0;
	p->query_ns = last->ts_ns - attempt->ts_ns;
	if (f->state != FLOW_ANSWERED || !response)
		return;
	p->has_server = true;
	p->server_ns = response->ts_ns - last->ts_ns;
}

bool path_read(const struct flow_table *t, const struct flow *f, struct path *p)
{
	uint32_t ref = flow_table_path(t, f);
	const struct leg *leg;

	if (ref == LEGS_NONE)
		return false;
	*p = (struct path){ .n = 0 };
	while (p->n < PATH_LEGS && (leg = step(t, seq_of(t, f), &ref))) {
		struct path_leg read;

		read_leg(t, f, leg, &read);
		insert(p, &read);
	}
	p->cut = ref != LEGS_NONE;
	find_nat(p);
	find_times(p, f);
	return true;
}
