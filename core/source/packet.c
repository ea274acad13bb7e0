/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/packet.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/seed.h"
#include "core/dns/wire.h"
#include "core/source/fragments.h"
#include "core/source/icmp.h"
#include "core/source/ip.h"
#include "core/source/link.h"
#include "core/source/tcp.h"
#include "core/source/tunnel.h"

#define TUNNELS_MAX 2
#define TCP_FIN     1
#define TCP_RST     4
#define TCP_STREAMS 8192
#define TCP_BYTES   (8u << 20)

struct packet_decoder {
	source_msg_fn fn;
	void *ctx;
	link_strip_fn strip; /* of `link`, looked up when it changes */
	int link;
	struct tcp_streams *tcp;
	struct inventory *inventory; /* borrowed; NULL: nobody wants it */
	struct fragments *fragments;
	struct source_stats stats; /* packets, messages, not_dns, cut */
	uint8_t ports[65536 / 8];  /* a bit for each DNS port */
};

/* One packet on its way through the layers. */
struct decoding {
	struct packet_decoder *d;
	const struct packet *packet;
	struct link_facts facts;
	unsigned tunnels; /* taken off so far */
};

static void decode_ip(struct decoding *c, struct span s);

static void deliver(void *ctx, const struct dns_msg *msg)
{
	struct packet_decoder *d = ctx;

	d->stats.messages++;
	if (msg->wire_len < msg->wire_orig)
		d->stats.cut++;
	d->fn(d->ctx, msg);
}

static void add_port(struct packet_decoder *d, uint16_t port)
{
	d->ports[port / 8] |= (uint8_t)(1u << port % 8);
}

static bool is_dns_port(const struct packet_decoder *d, uint16_t port)
{
	return d->ports[port / 8] >> port % 8 & 1;
}

struct packet_decoder *packet_decoder_new(const uint16_t *ports, unsigned n_ports, source_msg_fn fn,
					  void *ctx)
{
	struct packet_decoder *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->fn = fn;
	d->ctx = ctx;
	d->link = PACKET_LINK_IP;
	d->strip = link_find(d->link);
	n_ports = source_ports(&ports, n_ports);
	for (unsigned i = 0; i < n_ports; i++)
		add_port(d, ports[i]);
	d->fragments = fragments_new(seed_random());
	d->tcp = tcp_streams_new(TCP_STREAMS, TCP_BYTES, deliver, d);
	if (!d->fragments || !d->tcp) {
		packet_decoder_free(d);
		return NULL;
	}
	return d;
}

void packet_decoder_inventory(struct packet_decoder *d, struct inventory *inventory)
{
	d->inventory = inventory;
}

void packet_decoder_free(struct packet_decoder *d)
{
	if (!d)
		return;
	fragments_free(d->fragments);
	tcp_streams_free(d->tcp);
	free(d);
}

/* What is in a tunnel has not been told of. */
static bool is_redirected(const struct decoding *c)
{
	return c->packet->redirected && !c->tunnels;
}

static void undo_nat(const struct packet_redirected *r, const struct ip *ip, struct dns_msg *msg)
{
	struct ip_addr address = ip->version == 4 ? ip_addr_from_v4(r->address)
						  : ip_addr_from_v6(r->address);

	*(r->answer ? &msg->src : &msg->dst) = address;
	*(r->answer ? &msg->src_port : &msg->dst_port) = r->port;
}

/* Who, when and where; the bytes are the caller's to set. */
static void describe(const struct decoding *c, const struct ip *ip, struct dns_msg *msg)
{
	*msg = c->packet->meta;
	msg->ts_ns = c->packet->ts_ns;
	if (ip->version == 4) {
		msg->src = ip_addr_from_v4(ip->src);
		msg->dst = ip_addr_from_v4(ip->dst);
		msg->ip_id = (uint16_t)ip->id;
		/* 0 is what senders put who leave it out (RFC 6864, section 4.1). */
		msg->has_ip_id = ip->id != 0;
	} else {
		msg->src = ip_addr_from_v6(ip->src);
		msg->dst = ip_addr_from_v6(ip->dst);
		msg->has_ip_id = false;
	}
	msg->src_port = be16(ip->payload.at);
	msg->dst_port = be16(ip->payload.at + 2);
	if (is_redirected(c) && msg->sighting == SIGHTING_ORIGIN)
		undo_nat(c->packet->redirected, ip, msg);
	msg->tcp_gap = false;
	if (!msg->ifindex)
		msg->ifindex = c->facts.ifindex;
	if (msg->direction == DIRECTION_UNKNOWN)
		msg->direction = c->facts.direction;
}

static bool on_dns_port(const struct decoding *c, const struct span *s)
{
	return is_dns_port(c->d, be16(s->at)) || is_dns_port(c->d, be16(s->at + 2)) ||
	       is_redirected(c);
}

/* Fewer bytes than a DNS header are there: whose fault is it? */
static void count_short(struct packet_decoder *d, uint32_t wire)
{
	if (wire >= DNS_HEADER_LEN)
		d->stats.cut++;
	else
		d->stats.not_dns++;
}

static void decode_inner(struct decoding *c, struct span s)
{
	c->tunnels++;
	decode_ip(c, s);
}

static void decode_udp_tunnel(struct decoding *c, struct span s)
{
	uint16_t src_port = be16(s.at);
	uint16_t dst_port = be16(s.at + 2);

	if (c->tunnels == TUNNELS_MAX || !tunnel_on_ports(src_port, dst_port))
		return;
	if (span_skip(&s, 8) && tunnel_strip_udp(&s, src_port, dst_port))
		decode_inner(c, s);
}

/* Encrypted DNS, as far as it shows. What is thrown away is seen again. */
static void note_encrypted(const struct decoding *c, const struct ip *ip)
{
	struct span s = ip->payload;
	bool tcp = ip->protocol == IP_TCP;
	uint32_t header = tcp ? 20 : 8;
	struct dns_msg meta;

	if (!c->d->inventory || c->packet->meta.drop_reason || s.cap < header)
		return;
	describe(c, ip, &meta);
	if (!inventory_wants(c->d->inventory, tcp, &meta.src, meta.src_port, &meta.dst,
			     meta.dst_port))
		return;

	struct inventory_packet p = {
		.meta = &meta,
		.tcp = tcp,
		.tcp_flags = tcp ? s.at[13] : 0,
		.seq = tcp ? be32(s.at + 4) : 0,
	};

	if (tcp)
		header = (s.at[12] >> 4) * 4u;
	if (!span_skip(&s, header))
		return;
	p.payload = s.at;
	p.cap = s.cap;
	p.wire = s.wire;
	inventory_feed(c->d->inventory, &p);
}

static void decode_udp(struct decoding *c, const struct ip *ip)
{
	struct packet_decoder *d = c->d;
	struct span s = ip->payload;
	struct dns_msg msg;
	uint32_t length;

	if (s.cap < 4)
		return;
	if (!on_dns_port(c, &s)) {
		note_encrypted(c, ip);
		decode_udp_tunnel(c, s);
		return;
	}
	d->stats.packets++;
	if (s.cap < 8) {
		count_short(d, s.wire < 8 ? 0 : s.wire - 8);
		return;
	}
	/* A length of 0 is a jumbogram's (RFC 2675, section 4) or an offload's; one
	 * that IP has no room for, or below the header's, is a mistake. */
	length = be16(s.at + 4);
	if (length >= 8 && length < s.wire)
		span_set_wire(&s, length);
	span_skip(&s, 8);
	if (s.wire > DNS_MSG_MAX)
		span_set_wire(&s, DNS_MSG_MAX);
	if (s.cap < DNS_HEADER_LEN) {
		count_short(d, s.wire);
		return;
	}
	describe(c, ip, &msg);
	msg.transport = TRANSPORT_UDP;
	msg.wire = s.at;
	msg.wire_len = s.cap;
	msg.wire_orig = s.wire;
	deliver(d, &msg);
}

/* A server that resets a connection will answer nothing in it any more. */
static void deliver_reset(struct decoding *c, const struct ip *ip, const struct tcp_segment *seg)
{
	struct dns_msg msg = seg->meta;
	char from[INET6_ADDRSTRLEN] = "";

	if (!is_dns_port(c->d, msg.src_port) || is_dns_port(c->d, msg.dst_port) || msg.drop_reason)
		return;
	inet_ntop(ip->version == 4 ? AF_INET : AF_INET6, ip->src, from, sizeof(from));
	msg.src = seg->meta.dst;
	msg.dst = seg->meta.src;
	msg.src_port = seg->meta.dst_port;
	msg.dst_port = seg->meta.src_port;
	msg.quoted = true;
	msg.reset = true;
	msg.drop_reason = "TCP_RESET";
	msg.drop_by = from;
	msg.pid = 0; /* who sent the reset is not who sent the message */
	c->d->fn(c->d->ctx, &msg);
}

static void decode_tcp(struct decoding *c, const struct ip *ip)
{
	struct packet_decoder *d = c->d;
	struct tcp_segment seg;
	struct span s = ip->payload;
	uint32_t header;

	if (s.cap < 4)
		return;
	if (!on_dns_port(c, &s)) {
		note_encrypted(c, ip);
		return;
	}
	d->stats.packets++;
	if (s.cap < 14) {
		count_short(d, s.wire);
		return;
	}
	header = (s.at[12] >> 4) * 4u;
	if (header < 20 || header > s.wire) {
		d->stats.not_dns++;
		return;
	}
	describe(c, ip, &seg.meta);
	seg.meta.transport = TRANSPORT_TCP;
	seg.meta.wire = NULL;
	seg.meta.wire_len = 0;
	seg.meta.wire_orig = 0;
	seg.seq = be32(s.at + 4);
	seg.flags = s.at[13];
	seg.len = s.cap > header ? s.cap - header : 0;
	seg.payload = s.at + s.cap - seg.len;
	seg.orig_len = s.wire - header;
	if (c->packet->more && !c->tunnels) {
		seg.flags &= (uint8_t)~TCP_FIN;
		seg.orig_len = seg.len;
	}
	tcp_streams_segment(d->tcp, &seg);
	if (seg.flags & TCP_RST)
		deliver_reset(c, ip, &seg);
}

/* The packet that an ICMP error quotes is no packet here, but tells what became of
 * one: its addresses, ports and, if there is as much of it, its message. */
static void decode_icmp(struct decoding *c, const struct ip *ip)
{
	char from[INET6_ADDRSTRLEN] = "";
	struct icmp_error error;
	struct dns_msg msg;
	struct span s;

	if (!icmp_error_parse(ip, &error))
		return;
	s = error.quoted.payload;
	if (s.cap < 4 || !on_dns_port(c, &s) ||
	    (error.quoted.protocol != IP_UDP && error.quoted.protocol != IP_TCP))
		return;
	describe(c, &error.quoted, &msg);
	inet_ntop(ip->version == 4 ? AF_INET : AF_INET6, ip->src, from, sizeof(from));
	msg.quoted = true;
	msg.drop_reason = error.reason;
	msg.drop_by = from;
	msg.pid = 0; /* who sent the error is not who sent the message */
	msg.transport = error.quoted.protocol == IP_UDP ? TRANSPORT_UDP : TRANSPORT_TCP;
	msg.wire = NULL;
	msg.wire_len = 0;
	msg.wire_orig = s.wire;
	if (msg.transport == TRANSPORT_UDP && span_skip(&s, 8)) {
		msg.wire = s.at;
		msg.wire_len = s.cap < DNS_MSG_MAX ? s.cap : DNS_MSG_MAX;
		msg.wire_orig = s.wire;
	}
	c->d->fn(c->d->ctx, &msg);
}

static void decode_payload(struct decoding *c, const struct ip *ip)
{
	struct span s;

	switch (ip->protocol) {
	case IP_UDP:
		decode_udp(c, ip);
		break;
	case IP_TCP:
		decode_tcp(c, ip);
		break;
	case IP_ICMP:
	case IP_ICMPV6:
		decode_icmp(c, ip);
		break;
	case IP_IPV4:
	case IP_IPV6:
		if (c->tunnels < TUNNELS_MAX)
			decode_inner(c, ip->payload);
		break;
	case IP_GRE:
		s = ip->payload;
		if (c->tunnels < TUNNELS_MAX && tunnel_strip_gre(&s))
			decode_inner(c, s);
		break;
	}
}

/* Whether a fragment can belong to a DNS message, as far as it shows. */
static bool fragment_wanted(const struct decoding *c, const struct ip *ip)
{
	const struct span *s = &ip->payload;

	switch (ip->protocol) {
	case IP_UDP:
	case IP_TCP:
		if (ip->offset || s->cap < 4)
			return true;
		return on_dns_port(c, s) ||
		       (ip->protocol == IP_UDP && tunnel_on_ports(be16(s->at), be16(s->at + 2)));
	case IP_IPV4:
	case IP_IPV6:
	case IP_GRE:
	case IP_AH:
	case IP_DESTINATION:
		return true;
	}
	return false;
}

static void decode_fragment(struct decoding *c, struct ip *ip)
{
	const struct dns_msg *meta = &c->packet->meta;
	size_t addr_len = ip->version == 4 ? 4 : 16;
	struct fragment frag = {
		.key = {
			.id = ip->id,
			.ifindex = meta->ifindex ? meta->ifindex : c->facts.ifindex,
			.netns = meta->netns,
			.version = ip->version,
			.protocol = ip->version == 4 ? ip->protocol : 0,
			.direction = meta->direction ? meta->direction : c->facts.direction,
			.tunnels = (uint8_t)c->tunnels,
		},
		.ts_ns = c->packet->ts_ns,
		.data = ip->payload,
		.offset = ip->offset,
		.protocol = ip->protocol,
		.more = ip->more,
		.unwanted = !fragment_wanted(c, ip),
	};
	struct datagram *whole;

	memcpy(frag.key.src, ip->src, addr_len);
	memcpy(frag.key.dst, ip->dst, addr_len);
	whole = fragments_add(c->d->fragments, &frag);
	if (!whole)
		return;
	ip->src = whole->key.src;
	ip->dst = whole->key.dst;
	ip->protocol = whole->protocol;
	ip->payload = (struct span){ .at = whole->bytes, .cap = whole->cap, .wire = whole->wire };
	ip->fragment = false;
	if (ip_extensions(ip) && !ip->fragment)
		decode_payload(c, ip);
	free(whole);
}

static void decode_ip(struct decoding *c, struct span s)
{
	struct ip ip;

	if (!ip_parse(&ip, s))
		return;
	if (ip.fragment)
		decode_fragment(c, &ip);
	else
		decode_payload(c, &ip);
}

void packet_decode(struct packet_decoder *d, const struct packet *p)
{
	struct decoding c = { .d = d, .packet = p };
	struct span s = {
		.at = p->bytes,
		.cap = p->len,
		.wire = p->orig_len > p->len ? p->orig_len : p->len,
	};

	if (p->link != d->link) {
		d->link = p->link;
		d->strip = link_find(p->link);
	}
	if (d->strip && d->strip(&s, &c.facts))
		decode_ip(&c, s);
}

void packet_decoder_finish(struct packet_decoder *d)
{
	fragments_flush(d->fragments);
	tcp_streams_finish(d->tcp);
}

void packet_decoder_stats(const struct packet_decoder *d, struct source_stats *out)
{
	out->packets += d->stats.packets;
	out->messages += d->stats.messages;
	out->not_dns += d->stats.not_dns;
	out->cut += d->stats.cut;
	out->fragments += fragments_lost(d->fragments);
	out->tcp_gaps += tcp_streams_gaps(d->tcp);
}
