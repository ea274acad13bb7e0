/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"

enum {
	TCP_FIN = 1,
	TCP_SYN = 2,
	TCP_RST = 4,
	TCP_ACK = 16,

	RECORD_HEAD = 5, /* RFC 8446, section 5.1 */
	RECORD_MAX = 16640,
	RECORD_FIRST = 20,
	RECORD_HANDSHAKE = 22,
	RECORD_DATA = 23,
	QUIC_LONG = 0x80, /* RFC 9000, section 17.2 */
	QUIC_FIXED = 0x40,

	/* A query alone is some 30 bytes, padded 128 (RFC 8467), with HTTP/2 around
	 * it some hundred more; each is encrypted into 17 to 40 more. */
	QUERY_MIN = 40,
	QUERY_MAX = 1024,
};

#define NOBODY  UINT32_MAX
#define SLOTS   (2 * INVENTORY_CONNECTIONS)
#define FAR     (1u << 30)
#define REST_NS 10000000000ull /* after that long, what comes back is no answer */

struct key {
	struct ip_addr client;
	struct ip_addr server;
	uint16_t client_port;
	uint16_t server_port;
	uint32_t tcp;
};

_Static_assert(sizeof(struct key) == 40, "the key is hashed and compared as bytes");

/* One direction. */
struct lane {
	bool met;
	uint32_t end;   /* TCP: behind the last byte that was counted */
	uint32_t netns; /* UDP: the place at which it is counted */
	uint32_t ifindex;
	uint8_t direction;
};

struct connection {
	struct key key;
	uint32_t chain;
	uint32_t newer, older;
	uint32_t row; /* NOBODY: none had room */
	uint8_t kind;
	bool begun; /* its first packet was seen */
	bool shaken;
	uint8_t hellos; /* the client's segments of the handshake in clear, up to 2 */
	uint64_t start_ns;
	uint64_t asked_ns; /* 0: nothing is awaited */
	struct lane lanes[2];
};

struct inventory {
	uint64_t seed;
	struct inventory_stats stats;
	uint32_t n_rows;
	uint32_t newest, oldest, free, n_used;
	struct servers servers; /* of DNS over HTTPS */
	struct inventory_row rows[INVENTORY_ROWS];
	uint32_t slots[SLOTS];
	struct connection connections[INVENTORY_CONNECTIONS];
};

/* --- life --- */

void inventory_clear(struct inventory *v)
{
	v->n_rows = 0;
	v->n_used = 0;
	v->newest = v->oldest = v->free = NOBODY;
	memset(v->slots, 0xff, sizeof(v->slots));
}

struct inventory *inventory_new(uint64_t seed)
{
	struct inventory *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->seed = v->servers.seed = seed;
	inventory_clear(v);
	return v;
}

void inventory_free(struct inventory *v)
{
	free(v);
}

/* --- the list of servers --- */

int inventory_add_server(struct inventory *v, const struct ip_addr *a, const char *name)
{
	return servers_add(&v->servers, a, name);
}

int inventory_read_servers(struct inventory *v, const char *text, unsigned *line)
{
	return servers_read(&v->servers, text, line);
}

const struct ip_addr *inventory_servers(const struct inventory *v, size_t *n)
{
	*n = v->servers.n;
	return v->servers.addrs;
}

bool inventory_wants(const struct inventory *v, bool tcp, const struct ip_addr *src,
		     uint16_t src_port, const struct ip_addr *dst, uint16_t dst_port)
{
	(void)tcp;
	if (src_port == INVENTORY_PORT_DOT || dst_port == INVENTORY_PORT_DOT)
		return true;
	return (dst_port == INVENTORY_PORT_DOH && servers_name(&v->servers, dst)) ||
	       (src_port == INVENTORY_PORT_DOH && servers_name(&v->servers, src));
}

/* --- rows --- */

static uint32_t row_of(struct inventory *v, const struct connection *c, const char comm[16],
		       uint64_t now_ns)
{
	struct inventory_row *r;
	const char *name;

	for (uint32_t i = 0; i < v->n_rows; i++) {
		r = &v->rows[i];
		if (r->kind == c->kind && r->port == c->key.server_port &&
		    memcmp(&r->server, &c->key.server, sizeof(r->server)) == 0 &&
		    memcmp(r->comm, comm, sizeof(r->comm)) == 0)
			return i;
	}
	if (v->n_rows == INVENTORY_ROWS) {
		v->stats.no_room++;
		return NOBODY;
	}
	r = &v->rows[v->n_rows];
	*r = (struct inventory_row){ .kind = c->kind,
				     .server = c->key.server,
				     .port = c->key.server_port,
				     .first_ns = now_ns,
				     .last_ns = now_ns };
	memcpy(r->comm, comm, sizeof(r->comm));
	name = servers_name(&v->servers, &c->key.server);
	if (name)
		memcpy(r->name, name, sizeof(r->name));
	return v->n_rows++;
}

static void times_add(struct inventory_times *t, uint64_t ns)
{
	t->min = t->n && t->min < ns ? t->min : ns;
	t->max = t->max > ns ? t->max : ns;
	t->sum += ns;
	t->n++;
}

/* --- connections --- */

static uint32_t *slot_of(struct inventory *v, const struct key *key)
{
	return &v->slots[hash_bytes(key, sizeof(*key), v->seed) & (SLOTS - 1)];
}

static void order_remove(struct inventory *v, struct connection *c)
{
	*(c->newer == NOBODY ? &v->newest : &v->connections[c->newer].older) = c->older;
	*(c->older == NOBODY ? &v->oldest : &v->connections[c->older].newer) = c->newer;
}

static void order_append(struct inventory *v, struct connection *c)
{
	uint32_t i = (uint32_t)(c - v->connections);

	c->newer = NOBODY;
	c->older = v->newest;
	*(v->newest == NOBODY ? &v->oldest : &v->connections[v->newest].newer) = i;
	v->newest = i;
}

static void forget(struct inventory *v, struct connection *c)
{
	uint32_t i = (uint32_t)(c - v->connections);
	uint32_t *at = slot_of(v, &c->key);

	while (*at != i)
		at = &v->connections[*at].chain;
	*at = c->chain;
	order_remove(v, c);
	c->chain = v->free;
	v->free = i;
}

static struct connection *find(struct inventory *v, const struct key *key)
{
	uint32_t i = *slot_of(v, key);

	while (i != NOBODY && memcmp(&v->connections[i].key, key, sizeof(*key)) != 0)
		i = v->connections[i].chain;
	return i == NOBODY ? NULL : &v->connections[i];
}

static struct connection *add(struct inventory *v, const struct key *key)
{
	uint32_t *slot = slot_of(v, key);
	struct connection *c;

	if (v->free == NOBODY && v->n_used == INVENTORY_CONNECTIONS) {
		v->stats.evicted++;
		forget(v, &v->connections[v->oldest]);
	}
	if (v->free != NOBODY) {
		c = &v->connections[v->free];
		v->free = c->chain;
	} else {
		c = &v->connections[v->n_used++];
	}
	*c = (struct connection){ .key = *key, .chain = *slot };
	*slot = (uint32_t)(c - v->connections);
	order_append(v, c);
	return c;
}

/* Who of the two is the server: the one at the known port. */
static struct key key_of(const struct inventory *v, const struct inventory_packet *p,
			 bool *from_client)
{
	const struct dns_msg *m = p->meta;

	*from_client = m->dst_port == INVENTORY_PORT_DOT ||
		       (m->src_port != INVENTORY_PORT_DOT && m->dst_port == INVENTORY_PORT_DOH &&
			servers_name(&v->servers, &m->dst));
	return (struct key){
		.client = *from_client ? m->src : m->dst,
		.server = *from_client ? m->dst : m->src,
		.client_port = *from_client ? m->src_port : m->dst_port,
		.server_port = *from_client ? m->dst_port : m->src_port,
		.tcp = p->tcp,
	};
}

static uint8_t kind_of(const struct key *key)
{
	if (key->server_port == INVENTORY_PORT_DOT)
		return key->tcp ? INVENTORY_DOT : INVENTORY_DOQ;
	return key->tcp ? INVENTORY_DOH : INVENTORY_DOH3;
}

static bool is_start(const struct inventory_packet *p)
{
	if (p->tcp)
		return (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	/* A client's first datagram is an Initial packet: RFC 9000, 17.2.2. */
	return p->cap && (p->payload[0] & 0xf0) == (QUIC_LONG | QUIC_FIXED);
}

/* Seen on its way out of another namespace's device, a packet may have got
 * other addresses by then: such a sighting begins no connection. */
static bool may_begin(const struct inventory_packet *p, bool from_client)
{
	const struct dns_msg *m = p->meta;

	return from_client && (m->sighting != SIGHTING_HOP || m->direction != DIRECTION_OUT) &&
	       (p->wire || p->tcp_flags & TCP_SYN);
}

static struct connection *begin(struct inventory *v, const struct key *key,
				const struct inventory_packet *p)
{
	struct connection *c = add(v, key);
	static const char nobody[16] = "";

	c->kind = kind_of(key);
	c->begun = is_start(p);
	c->shaken = !c->begun;
	c->start_ns = p->meta->ts_ns;
	c->row = row_of(v, c, p->meta->pid ? p->meta->comm : nobody, p->meta->ts_ns);
	if (c->row != NOBODY) {
		v->rows[c->row].connections++;
		v->rows[c->row].joined += !c->begun;
	}
	return c;
}

/* --- what a packet says --- */

/* Bytes of this packet that are counted here: not those seen before, or
 * elsewhere. Of TCP a number for each byte tells; of UDP the place does. */
static uint32_t fresh_bytes(struct lane *l, const struct inventory_packet *p)
{
	const struct dns_msg *m = p->meta;
	uint32_t end = p->seq + p->wire + (p->tcp_flags & TCP_SYN ? 1 : 0);
	uint32_t fresh;

	if (!l->met) {
		l->met = true;
		l->end = end;
		l->netns = m->netns;
		l->ifindex = m->ifindex;
		l->direction = m->direction;
		return p->wire;
	}
	if (!p->tcp)
		return m->netns == l->netns && m->ifindex == l->ifindex &&
				       m->direction == l->direction
			       ? p->wire
			       : 0;
	fresh = end - l->end;
	if (fresh == 0 || fresh > FAR)
		return 0;
	l->end = end;
	return fresh < p->wire ? fresh : p->wire;
}

/* The client's last word of a TLS 1.3 handshake, by its hash of 32 or 48 bytes. */
static bool is_finished(uint32_t len)
{
	return len == 53 || len == 69;
}

/* How much application data begins in this packet, as far as its beginning
 * tells; 0: none. */
static uint32_t data_bytes(struct connection *c, bool from_client, const struct inventory_packet *p)
{
	uint32_t at = 0;

	if (!c->key.tcp) /* a long header is the handshake's */
		return p->cap && !(p->payload[0] & QUIC_LONG) && p->payload[0] & QUIC_FIXED
			       ? p->wire
			       : 0;
	while (at + RECORD_HEAD <= p->cap) {
		const uint8_t *h = p->payload + at;
		uint32_t len = (uint32_t)(h[3] << 8 | h[4]);

		if (h[0] < RECORD_FIRST || h[0] > RECORD_DATA || h[1] != 3 || len > RECORD_MAX)
			return 0;
		at += RECORD_HEAD + len;
		if (h[0] == RECORD_HANDSHAKE)
			c->hellos += from_client && c->hellos < 2;
		if (h[0] != RECORD_DATA)
			continue;
		/* What ends the handshake, or has but a length in it, may have the
		 * first query behind it. */
		return at < p->wire && (is_finished(len) || len < QUERY_MIN) ? p->wire - at : len;
	}
	return 0;
}

static void note_data(struct inventory *v, struct connection *c, bool from_client, uint32_t len,
		      uint64_t now_ns)
{
	struct inventory_row *row = c->row == NOBODY ? NULL : &v->rows[c->row];
	bool first = !c->shaken;

	if (!from_client) {
		if (row && c->asked_ns && now_ns >= c->asked_ns && now_ns - c->asked_ns < REST_NS)
			times_add(&row->exchange, now_ns - c->asked_ns);
		c->asked_ns = 0;
		return;
	}
	if (first && row && now_ns >= c->start_ns)
		times_add(&row->handshake, now_ns - c->start_ns);
	c->shaken = true;
	/* Of TLS 1.2 the client's handshake goes on after its hello, in clear. */
	if (first && c->key.tcp && c->hellos < 2 && is_finished(len))
		return;
	if (!c->asked_ns && len >= QUERY_MIN && len <= QUERY_MAX)
		c->asked_ns = now_ns;
}

void inventory_feed(struct inventory *v, const struct inventory_packet *p)
{
	const struct dns_msg *m = p->meta;
	bool from_client;
	struct key key = key_of(v, p, &from_client);
	struct connection *c = find(v, &key);
	struct inventory_row *row;
	uint32_t fresh, len;

	v->stats.packets++;
	/* The ports are used again, long after what they were used for. */
	if (c && from_client && p->tcp && is_start(p) && c->lanes[0].met &&
	    p->seq + 1 != c->lanes[0].end && m->ts_ns > c->start_ns &&
	    (c->shaken || p->seq + 1 - c->lanes[0].end > FAR)) {
		forget(v, c);
		c = NULL;
	}
	if (!c) {
		if (!may_begin(p, from_client))
			return;
		c = begin(v, &key, p);
	} else {
		order_remove(v, c);
		order_append(v, c);
	}
	fresh = fresh_bytes(&c->lanes[!from_client], p);
	row = c->row == NOBODY ? NULL : &v->rows[c->row];
	if (row) {
		*(from_client ? &row->bytes_out : &row->bytes_in) += fresh;
		if (m->ts_ns > row->last_ns)
			row->last_ns = m->ts_ns;
	}
	len = fresh ? data_bytes(c, from_client, p) : 0;
	if (len)
		note_data(v, c, from_client, len, m->ts_ns);
	if (p->tcp_flags & TCP_RST)
		forget(v, c);
}

/* --- results --- */

uint32_t inventory_count(const struct inventory *v)
{
	return v->n_rows;
}

const struct inventory_row *inventory_at(const struct inventory *v, uint32_t i)
{
	return &v->rows[i];
}

const struct inventory_stats *inventory_stats(const struct inventory *v)
{
	return &v->stats;
}

const char *inventory_kind_name(enum inventory_kind kind)
{
	static const char *const names[INVENTORY_KINDS] = {
		[INVENTORY_DOT] = "dot",
		[INVENTORY_DOQ] = "doq",
		[INVENTORY_DOH] = "doh",
		[INVENTORY_DOH3] = "doh3",
	};

	return names[kind];
}
