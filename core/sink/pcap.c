/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcapng: the messages of rows as packets, for Wireshark, tshark and dnstop
 * itself. A row's packets follow each other; messages over TCP go on in the
 * stream of their ports, which begins with a handshake.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/dns/wire.h"
#include "core/flow/sighting.h"
#include "core/sink/out.h"
#include "core/sink/packet_make.h"
#include "core/sink/pcap_blocks.h"

/* TCP streams remembered; one that had to make room begins anew. */
#define STREAMS     1024u
#define SEGMENT_MAX 1400u
/* Multicast messages remembered: several rows are of one. */
#define WRITTEN     1024u
#define ISN_STEP    (1u << 24)
#define COMMENT_MAX 200
#define TCP_PREFIX  2

enum side {
	CLIENT,
	SERVER,
};

struct stream {
	struct packet_end end[2]; /* by enum side */
	uint32_t next[2];         /* sequence numbers */
	bool open;
};

struct pcap {
	struct sink base;
	bool as_they_settle;
	uint16_t ip_id;
	uint32_t n_streams;
	struct stream streams[STREAMS];
	uint64_t written[WRITTEN]; /* multicast messages, by their hashes; 0: none */
	struct pcap_blocks blocks;
	struct out out;
};

/* A message on its way to the file. */
struct message {
	const struct flow *f;
	struct packet_end end[2];
	enum side from;
	uint64_t ts_ns;
	const uint8_t *wire;
	size_t len, orig;
	uint32_t interface;
	char comment[COMMENT_MAX];
};

static int pcap_open(struct sink **out, const struct sink_config *cfg, struct err *err)
{
	struct pcap *p = calloc(1, sizeof(*p));

	*out = NULL;
	if (!p)
		return err_set(err, -ENOMEM, "not enough memory for pcapng output");
	p->base.ops = &sink_pcapng;
	p->as_they_settle = cfg->as_they_settle;
	out_init(&p->out, cfg);
	pcap_blocks_begin(&p->blocks, &p->out);
	*out = &p->base;
	return 0;
}

static struct packet_end end_of(const struct flow_table *t, uint32_t addr, uint16_t port)
{
	struct packet_end e = { .port = port };
	size_t len;
	const char *bytes = intern_text(t->addrs, addr, &len);

	if (len == sizeof(e.addr))
		memcpy(&e.addr, bytes, len);
	return e;
}

static void put_packet(struct pcap *p, const struct message *m, const uint8_t *head,
		       size_t head_len, const struct packet_body *body)
{
	struct pcap_packet packet = {
		.ts_ns = m->ts_ns,
		.interface = m->interface,
		.head = head,
		.head_len = head_len,
		.body = body->bytes,
		.body_len = body->len,
		.body_orig = body->orig,
		.comment = m->comment,
	};

	pcap_blocks_packet(&p->blocks, &packet);
}

static void put_udp(struct pcap *p, const struct message *m)
{
	struct packet_body body = { .bytes = m->wire, .len = m->len, .orig = m->orig };
	uint8_t head[PACKET_HEAD_MAX];
	size_t n = packet_udp(head, &m->end[m->from], &m->end[!m->from], ++p->ip_id, &body);

	put_packet(p, m, head, n, &body);
}

/* --- streams --- */

static bool is_end(const struct packet_end *a, const struct packet_end *b)
{
	return a->port == b->port && memcmp(&a->addr, &b->addr, sizeof(a->addr)) == 0;
}

static void put_segment(struct pcap *p, struct stream *s, const struct message *m, enum side from,
			uint8_t flags, const struct packet_body *body)
{
	struct packet_segment seg = {
		.seq = s->next[from],
		.ack = flags & PACKET_ACK ? s->next[!from] : 0,
		.flags = flags,
	};
	uint8_t head[PACKET_HEAD_MAX];
	size_t n = packet_tcp(head, &s->end[from], &s->end[!from], ++p->ip_id, &seg, body);

	put_packet(p, m, head, n, body);
	s->next[from] += (uint32_t)body->orig + (flags & PACKET_SYN ? 1 : 0);
}

static struct stream *stream_of(struct pcap *p, const struct message *m)
{
	const struct packet_end *c = &m->end[CLIENT];
	struct stream *s = &p->streams[(c->port * 31u + m->end[SERVER].port + c->addr.b[15] * 7u +
					m->end[SERVER].addr.b[15]) %
				       STREAMS];
	const struct packet_body nothing = { 0 };

	if (s->open && is_end(&s->end[CLIENT], c) && is_end(&s->end[SERVER], &m->end[SERVER]))
		return s;
	*s = (struct stream){ .open = true };
	memcpy(s->end, m->end, sizeof(s->end));
	s->next[CLIENT] = ++p->n_streams * ISN_STEP;
	s->next[SERVER] = s->next[CLIENT] + ISN_STEP / 2;
	put_segment(p, s, m, CLIENT, PACKET_SYN, &nothing);
	put_segment(p, s, m, SERVER, PACKET_SYN | PACKET_ACK, &nothing);
	put_segment(p, s, m, CLIENT, PACKET_ACK, &nothing);
	return s;
}

/* The length before it, then the message; what was cut is missing in the last
 * segment written. */
static void put_stream(struct pcap *p, const struct message *m)
{
	uint8_t bytes[TCP_PREFIX + DNS_MSG_MAX];
	size_t have = TCP_PREFIX + m->len, whole = TCP_PREFIX + m->orig;
	struct stream *s = stream_of(p, m);

	bytes[0] = (uint8_t)(m->orig >> 8);
	bytes[1] = (uint8_t)m->orig;
	memcpy(bytes + TCP_PREFIX, m->wire, m->len);
	for (size_t at = 0; at < whole; at += SEGMENT_MAX) {
		struct packet_body body = { .bytes = bytes + at };

		body.orig = whole - at < SEGMENT_MAX ? whole - at : SEGMENT_MAX;
		body.len = at >= have ? 0 : have - at < body.orig ? have - at : body.orig;
		put_segment(p, s, m, m->from, PACKET_PSH | PACKET_ACK, &body);
	}
}

/* --- messages --- */

static const char *was_sealed(const struct flow *f)
{
	static const char *const was[] = {
		[TRANSPORT_UDP] = "",
		[TRANSPORT_TCP] = "",
		[TRANSPORT_TLS] = "; was in TLS",
		[TRANSPORT_HTTPS] = "; was in HTTPS",
		[TRANSPORT_QUIC] = "; was in QUIC",
	};

	return f->transport <= TRANSPORT_QUIC ? was[f->transport] : "";
}

static void put_message(struct pcap *p, struct message *m, const char *what)
{
	snprintf(m->comment, sizeof(m->comment), "headers made again by dnstop%s%s%s", what,
		 was_sealed(m->f), m->orig > m->len ? "; cut by the capture" : "");
	if (m->f->transport == TRANSPORT_UDP)
		put_udp(p, m);
	else
		put_stream(p, m);
}

/* The bytes that a reference is of; false when they are gone, or no packet can
 * hold them. orig: their length on the wire. */
static bool find_bytes(const struct row_source *src, struct message *m, uint32_t ref, size_t orig)
{
	m->wire = store_get(src->table->store, ref, &m->len);
	if (!m->wire || m->len > DNS_MSG_MAX)
		return false;
	/* A length that doesn't go with the bytes is of several messages. */
	m->orig = m->f->marks & FLOW_CUT && orig > m->len && orig <= DNS_MSG_MAX ? orig : m->len;
	return m->f->transport != TRANSPORT_UDP || m->orig <= PACKET_UDP_MAX;
}

/* Whether a message was written already, of another row: to everyone many questions
 * are asked, and answered, in one. */
static bool is_written(struct pcap *p, const struct row_source *src, const struct message *m)
{
	uint64_t hash = hash_bytes(m->wire, m->len, src->table->hash_seed);
	uint64_t *slot;

	if (m->f->service == SERVICE_DNS)
		return false;
	hash = hash_mix(hash_mix(hash, m->ts_ns),
			hash_bytes(&m->end[m->from], sizeof(m->end[0]), 0));
	slot = &p->written[hash % WRITTEN];
	if (*slot == hash)
		return true;
	*slot = hash;
	return false;
}

/* Whether others are asked in the same message: the last attempt may have been another. */
static bool asks_more(const struct message *m)
{
	return m->len >= DNS_HEADER_LEN && (m->wire[4] || m->wire[5] != 1);
}

static bool put_query(struct pcap *p, const struct row_source *src, struct message *m)
{
	const struct flow *f = m->f;
	char what[64] = "";

	m->from = CLIENT;
	m->ts_ns = f->ts_ns;
	if (!find_bytes(src, m, f->query_ref, f->query_bytes))
		return false;
	if (f->attempts > 1)
		snprintf(what, sizeof(what), "; the first of %u attempts", f->attempts);
	if (!is_written(p, src, m))
		put_message(p, m, what);
	if (f->attempts < 2 || f->transport != TRANSPORT_UDP || asks_more(m))
		return true;
	m->ts_ns = flow_attempt_ns(f);
	snprintf(what, sizeof(what), "; the last of %u attempts", f->attempts);
	if (!is_written(p, src, m))
		put_message(p, m, what);
	return true;
}

/* A question to everyone is answered by a host: to who asked, if that was wanted (or is
 * LLMNR's way), else to everyone. */
static void set_multicast_ends(const struct flow_table *t, const struct flow_side *side,
			       struct message *m)
{
	const struct flow *f = m->f;

	if (f->service == SERVICE_DNS || !side || side->responder == INTERN_NONE)
		return;
	if (f->client_port == f->server_port && !side->unicast_wanted)
		m->end[CLIENT] = m->end[SERVER];
	m->end[SERVER] = end_of(t, side->responder, f->server_port);
}

static bool put_response(struct pcap *p, const struct row_source *src, struct message *m)
{
	const struct flow_side *side = flow_table_side(src->table, m->f);
	char what[64] = "";

	m->from = SERVER;
	set_multicast_ends(src->table, side, m);
	m->ts_ns = flow_response_ns(m->f);
	if (!find_bytes(src, m, m->f->response_ref, m->f->response_bytes))
		return false;
	if (side && side->messages > 1)
		snprintf(what, sizeof(what), "; the first of %u messages", side->messages);
	if (!is_written(p, src, m))
		put_message(p, m, what);
	return true;
}

static int pcap_row(struct sink *s, const struct row_source *src, const struct flow *f)
{
	struct pcap *p = (struct pcap *)s;
	const struct flow_table *t = src->table;
	bool again = p->as_they_settle && f->marks & FLOW_SETTLED_ONCE;
	bool known = f->client != INTERN_NONE && f->server != INTERN_NONE, whole = known;
	struct message m = {
		.f = f,
		.end = { end_of(t, f->client, f->client_port),
			 end_of(t, f->server, f->server_port) },
		.interface = pcap_blocks_interface(&p->blocks, t, f->place),
	};

	if (known && f->state != FLOW_UNSOLICITED && !again)
		whole = put_query(p, src, &m);
	if (known && f->marks & FLOW_HAS_RESPONSE)
		whole = put_response(p, src, &m) && whole;
	s->rows++;
	s->rows_lacking += !whole;
	return out_end_row(&p->out);
}

static int pcap_close(struct sink *s)
{
	struct pcap *p = (struct pcap *)s;
	int rc = out_finish(&p->out);

	free(p);
	return rc;
}

const struct sink_ops sink_pcapng = {
	.name = "pcapng",
	.open = pcap_open,
	.row = pcap_row,
	.close = pcap_close,
};
