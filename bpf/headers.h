/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * From a packet's first byte to the verdict whether it is DNS: VLAN tags
 * (IEEE 802.1Q), IPv4 (RFC 791), IPv6 and its extension headers (RFC 8200),
 * UDP (RFC 768), TCP (RFC 9293).
 */
#ifndef DNSTOP_BPF_HEADERS_H
#define DNSTOP_BPF_HEADERS_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/access.h"
#include "bpf/event.h"
#include "bpf/maps.h"

enum {
	ETHERTYPE_IP = 0x0800,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_QINQ = 0x88a8,
	ETHER_HEADER = 14,
	VLAN_TAGS_MAX = 3,

	PORT_DOH = 443,
	PORT_DOT = 853,

	PROTO_HOPOPTS = 0,
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_AH = 51,
	PROTO_ICMPV6 = 58,
	PROTO_DSTOPTS = 60,
	EXTENSIONS_MAX = 8,

	IP_MF = 0x2000,
	IP_OFFSET = 0x1fff,
	IPV6_MF = 0x0001,
	IPV6_OFFSET = 0xfff8,
	UDP_HEADER = 8,
	ICMP_HEADER = 8,
	TCP_HEADER = 20,
	TCP_FIN = 0x01,
	TCP_FIN_SYN_RST = 0x07,
};

/* A packet while its headers are walked; offsets count from data. */
struct view {
	struct sk_buff *skb; /* as the kernel trusts it, which its helpers want */
	__u64 data;          /* address of the first linear byte */
	__u32 len;           /* bytes of the packet in all */
	__u32 linear;        /* of these, bytes at data */
	__u32 l3;            /* offset of the IP header */
	__u32 l4;            /* offset of what follows it and its extensions */
	__u32 end;           /* offset at which the IP packet ends */
	__u32 take;          /* result: bytes from l3 on to hand over */
	__be16 ethertype;
	__u8 proto;      /* of l4 */
	bool fragmented; /* in pieces, ... */
	bool later;      /* ... of which this is not the first */
	__u32 id;        /* of the packet in pieces */
	__u64 asked;     /* address of its conntrack entry: redirected from a DNS port; else 0 */
};

/* Whether `need` bytes at offset `at` can be seen; a packet that has them, but
 * in page fragments, is counted, since it might be DNS. */
static __always_inline bool have(const struct view *v, __u32 at, __u32 need)
{
	if ((__u64)at + need <= v->linear)
		return true;
	if ((__u64)at + need <= v->len)
		count(EVENT_COUNT_UNREADABLE);
	return false;
}

static __always_inline bool port_is_dns(__u32 ports)
{
	__u32 other = (ports ^ config.port_value) & config.port_mask;

	/* Tells nearly all ports in fewer steps than comparing them with each. */
	if (other & 0xffff && other >> 16)
		return false;
#pragma unroll
	for (__u32 i = 0; i < EVENT_PORTS_MAX; i++) {
		if (i >= config.n_ports)
			break;
		if ((ports & 0xffff) == config.ports[i] || ports >> 16 == config.ports[i])
			return true;
	}
	return false;
}

/* An address that begins there. */
static __noinline bool is_resolver(const __u8 *at, bool v6)
{
	struct address a = {};
	__u32 word = LOAD(__u32, at);
	__u32 bit;

	if (v6) {
#pragma unroll
		for (int i = 0; i < 4; i++)
			a.words[i] = LOAD(__u32, at + 4 * i);
		word = a.words[0] ^ a.words[1] ^ a.words[2] ^ a.words[3];
	} else {
		a.words[2] = bpf_htonl(0xffff);
		a.words[3] = word;
	}
	bit = event_resolver_bit(word);
	if (!(config.resolver_bits[bit / 64 % (EVENT_RESOLVER_BITS / 64)] >> bit % 64 & 1))
		return false;
	return bpf_map_lookup_elem(&resolvers, &a);
}

static __always_inline bool port_is_dot(const __u8 *l4)
{
	return config.encrypted && (LOAD(__be16, l4) == bpf_htons(PORT_DOT) ||
				    LOAD(__be16, l4 + 2) == bpf_htons(PORT_DOT));
}

/* DNS that only its port tells, or the server's address. */
static __always_inline bool is_encrypted(const __u8 *ip, const __u8 *l4, bool v6)
{
	if (!config.encrypted)
		return false;
	if (port_is_dot(l4))
		return true;
	if (!config.n_resolvers)
		return false;
	if (LOAD(__be16, l4 + 2) == bpf_htons(PORT_DOH))
		return is_resolver(ip + (v6 ? 24 : 16), v6);
	if (LOAD(__be16, l4) == bpf_htons(PORT_DOH))
		return is_resolver(ip + (v6 ? 8 : 12), v6);
	return false;
}

static __always_inline bool ethertype_is_vlan(__be16 ethertype)
{
	return ethertype == bpf_htons(ETHERTYPE_VLAN) || ethertype == bpf_htons(ETHERTYPE_QINQ);
}

static __always_inline bool skip_vlan_tags(struct view *v, bool out)
{
	struct window room;
	const __u8 *tag;

	/* The sender of a tag may have set network_header to it or behind it. */
	if (out)
		v->l3 = ETHER_HEADER;
#pragma unroll
	for (int i = 0; i < VLAN_TAGS_MAX; i++) {
		if (!ethertype_is_vlan(v->ethertype))
			break;
		if (!have(v, v->l3, 4))
			return false;
		tag = window_at(v->data + v->l3, &room);
		if (!tag)
			return false;
		v->ethertype = LOAD(__be16, tag + 2);
		v->l3 += 4;
	}
	return true;
}

static __always_inline void set_end(struct view *v, __u32 at, __u32 bytes)
{
	/* 0 stands for more than 64 KiB: the skb knows. */
	v->end = v->len;
	if (bytes && at + bytes < v->len)
		v->end = at + bytes;
}

/* Both walks return where the transport header is seen, NULL for no DNS. */
static __always_inline const __u8 *walk_ipv4(struct view *v, struct window *room)
{
	const __u8 *ip;
	__u16 fragment;

	if (!have(v, v->l3, 20 + UDP_HEADER))
		return NULL;
	ip = window_at(v->data + v->l3, room);
	if (!ip)
		return NULL;
	v->proto = ip[9];
	if (v->proto != PROTO_UDP && v->proto != PROTO_TCP && v->proto != PROTO_ICMP)
		return NULL;
	set_end(v, v->l3, bpf_ntohs(LOAD(__be16, ip + 2)));
	fragment = LOAD(__be16, ip + 6);
	if (fragment & bpf_htons(IP_MF | IP_OFFSET)) {
		v->fragmented = true;
		v->later = fragment & bpf_htons(IP_OFFSET);
		v->id = LOAD(__u16, ip + 4);
	}
	v->l4 = v->l3 + 20;
	if (ip[0] == 0x45)
		return ip + 20;
	v->l4 = v->l3 + (ip[0] & 0x0f) * 4;
	if (ip[0] >> 4 != 4 || v->l4 < v->l3 + 20 || !have(v, v->l4, UDP_HEADER))
		return NULL;
	return window_at(v->data + v->l4, room);
}

static __always_inline const __u8 *walk_extensions(struct view *v, struct window *room)
{
	const __u8 *h;
	__u16 fragment;
	__u32 size;

	for (int i = 0; i < EXTENSIONS_MAX; i++) {
		if (!have(v, v->l4, UDP_HEADER))
			return NULL;
		h = window_at(v->data + v->l4, room);
		if (!h || v->proto == PROTO_UDP || v->proto == PROTO_TCP ||
		    v->proto == PROTO_ICMPV6)
			return h;
		size = (h[1] + 1) * 8;
		switch (v->proto) {
		case PROTO_HOPOPTS:
		case PROTO_ROUTING:
		case PROTO_DSTOPTS:
			break;
		case PROTO_AH:
			size = (h[1] + 2) * 4;
			break;
		case PROTO_FRAGMENT:
			size = 8;
			fragment = bpf_ntohs(LOAD(__be16, h + 2));
			v->fragmented = fragment & (IPV6_MF | IPV6_OFFSET);
			v->later = fragment & IPV6_OFFSET;
			v->id = LOAD(__u32, h + 4);
			break;
		default:
			return NULL;
		}
		v->proto = h[0];
		v->l4 += size;
		if (v->later)
			return h;
	}
	count(EVENT_COUNT_HEADERS);
	return NULL;
}

static __always_inline const __u8 *walk_ipv6(struct view *v, struct window *room)
{
	const __u8 *ip;

	if (!have(v, v->l3, 40 + UDP_HEADER))
		return NULL;
	ip = window_at(v->data + v->l3, room);
	if (!ip || ip[0] >> 4 != 6)
		return NULL;
	v->proto = ip[6];
	v->l4 = v->l3 + 40;
	set_end(v, v->l4, bpf_ntohs(LOAD(__be16, ip + 4)));
	if (v->proto == PROTO_UDP || v->proto == PROTO_TCP)
		return ip + 40;
	return walk_extensions(v, room);
}

static __always_inline bool fragment_key_make(const struct view *v, struct fragment_key *key)
{
	struct window room;
	const __u8 *ip = window_at(v->data + v->l3, &room);

	if (!ip)
		return false;
	__builtin_memset(key, 0, sizeof(*key));
	key->id = v->id;
	if (v->ethertype == bpf_htons(ETHERTYPE_IP)) {
		key->proto = v->proto;
		key->src[0] = LOAD(__u32, ip + 12);
		key->dst[0] = LOAD(__u32, ip + 16);
		return true;
	}
#pragma unroll
	for (int i = 0; i < 4; i++) {
		key->src[i] = LOAD(__u32, ip + 8 + 4 * i);
		key->dst[i] = LOAD(__u32, ip + 24 + 4 * i);
	}
	return true;
}

/* The first fragment says of the others whether they are DNS; both answers
 * are kept, so that a fragment counts as lost only where nobody knows. */
static __always_inline bool fragment_is_dns(const struct view *v, __u32 dns)
{
	struct fragment_key key;
	__u32 *known;

	if (!fragment_key_make(v, &key))
		return false;
	if (!v->later) {
		bpf_map_update_elem(&fragments, &key, &dns, BPF_ANY);
		return dns;
	}
	known = bpf_map_lookup_elem(&fragments, &key);
	if (!known)
		count(EVENT_COUNT_FRAGMENT);
	return known && *known;
}

/* Decides how much of a DNS packet is worth handing over, if anything is. */
static __always_inline bool set_take(struct view *v, const __u8 *l4)
{
	bool peek = config.encrypted && !v->later && !v->asked && !port_is_dns(LOAD(__u32, l4));
	__u32 all = v->end - v->l3;
	__u32 headers, most;

	v->take = all;
	if (v->proto != PROTO_TCP || v->later) {
		headers = v->later ? 0 : v->l4 - v->l3 + UDP_HEADER;
		most = headers + (peek ? EVENT_PEEK : EVENT_PACKET_MAX);
		if (all > most)
			v->take = most;
		return true;
	}
	if (!have(v, v->l4, TCP_HEADER))
		return false;
	headers = v->l4 - v->l3 + (l4[12] >> 4) * 4;
	if (peek && all > headers + EVENT_PEEK)
		v->take = headers + EVENT_PEEK;
	return all > headers || l4[13] & TCP_FIN_SYN_RST;
}

/* Errors: destination unreachable, time exceeded, parameter problem (RFC 792); of
 * version 6 (RFC 4443) packet too big besides. */
static __always_inline bool icmp_is_error(__u8 proto, __u8 type)
{
	if (proto == PROTO_ICMPV6)
		return type >= 1 && type <= 4;
	return type == 3 || type == 11 || type == 12;
}

/* Whether it is an ICMP error about a DNS packet, of which it quotes the front. */
static __noinline bool quotes_dns(struct view *v)
{
	bool v6 = v->proto == PROTO_ICMPV6;
	__u32 at = v->l4 + ICMP_HEADER;
	struct window room;
	const __u8 *h;
	__u8 proto;

	if (v->fragmented || !have(v, v->l4, ICMP_HEADER + (v6 ? 40 : 20) + 4))
		return false;
	h = window_at(v->data + v->l4, &room);
	if (!h || !icmp_is_error(v->proto, h[0]))
		return false;
	h += ICMP_HEADER;
	proto = v6 ? h[6] : h[9];
	if (proto != PROTO_UDP && proto != PROTO_TCP)
		return false;
	if (!v6 && LOAD(__be16, h + 6) & bpf_htons(IP_OFFSET))
		return false;
	at += v6 ? 40 : (h[0] & 0x0f) * 4;
	if (!have(v, at, 4))
		return false;
	h = window_at(v->data + at, &room);
	v->take = v->end - v->l3;
	return h && port_is_dns(LOAD(__u32, h));
}

/* The long way: anything that a packet's headers may be. Of ICMP the caller asks
 * quotes_dns. */
static __noinline bool walk_headers(struct view *v, bool out)
{
	struct window room;
	const __u8 *l4 = NULL;
	bool dns;

	if (ethertype_is_vlan(v->ethertype) && !skip_vlan_tags(v, out))
		return false;
	if (v->ethertype == bpf_htons(ETHERTYPE_IP))
		l4 = walk_ipv4(v, &room);
	else if (v->ethertype == bpf_htons(ETHERTYPE_IPV6))
		l4 = walk_ipv6(v, &room);
	if (!l4)
		return false;
	if (v->proto == PROTO_ICMP || v->proto == PROTO_ICMPV6)
		return true;
	if (v->fragmented)
		dns = fragment_is_dns(v, !v->later && port_is_dns(LOAD(__u32, l4)));
	else
		dns = port_is_dns(LOAD(__u32, l4)) || port_is_dot(l4);
	return dns && set_take(v, l4);
}

/* The first 8 bytes of an IPv4 header, of which the usual packet has the first
 * and not the others: neither options nor a fragment. */
#define IPV4_USUAL      bpf_cpu_to_be64(0x4500000000000000ULL)
#define IPV4_USUAL_MASK bpf_cpu_to_be64(0xff00000000003fffULL)

static __always_inline bool ipv4_is_usual(const __u8 *ip)
{
	return (LOAD(__u64, ip) & IPV4_USUAL_MASK) == IPV4_USUAL;
}

/* Throws out in a few loads what can only be something else than DNS: nearly
 * every packet. Sets *ip where it saw an IP header. */
static __always_inline bool surely_not_dns(__be16 ethertype, __u64 l3, __u64 linear_end,
					   struct window *room, const __u8 **ip)
{
	if (ethertype == bpf_htons(ETHERTYPE_IP)) {
		if (l3 + 20 + UDP_HEADER > linear_end)
			return false;
		*ip = window_at(l3, room);
		return *ip && ipv4_is_usual(*ip) && !port_is_dns(LOAD(__u32, *ip + 20)) &&
		       !is_encrypted(*ip, *ip + 20, false) &&
		       !((*ip)[9] == PROTO_ICMP && icmp_is_error(PROTO_ICMP, (*ip)[20]));
	}
	if (ethertype == bpf_htons(ETHERTYPE_IPV6)) {
		if (l3 + 40 + UDP_HEADER > linear_end)
			return false;
		*ip = window_at(l3, room);
		return *ip && ((*ip)[6] == PROTO_UDP || (*ip)[6] == PROTO_TCP) &&
		       !port_is_dns(LOAD(__u32, *ip + 40)) && !is_encrypted(*ip, *ip + 40, true);
	}
	return !ethertype_is_vlan(ethertype);
}

/* The short way, for what got past surely_not_dns with nothing between its IP
 * header and the ports. */
static __always_inline bool plain_headers(struct view *v, const __u8 *ip)
{
	if (v->ethertype == bpf_htons(ETHERTYPE_IPV6)) {
		v->proto = ip[6];
		v->l4 = v->l3 + 40;
		set_end(v, v->l4, bpf_ntohs(LOAD(__be16, ip + 4)));
		return set_take(v, ip + 40);
	}
	v->proto = ip[9];
	v->l4 = v->l3 + 20;
	set_end(v, v->l3, bpf_ntohs(LOAD(__be16, ip + 2)));
	return (v->proto == PROTO_UDP || v->proto == PROTO_TCP) && set_take(v, ip + 20);
}

static __always_inline bool headers_are_plain(__be16 ethertype, const __u8 *ip)
{
	if (!ip)
		return false;
	if (ethertype == bpf_htons(ETHERTYPE_IPV6))
		return ip[6] == PROTO_UDP || ip[6] == PROTO_TCP;
	return ipv4_is_usual(ip) && ip[9] != PROTO_ICMP;
}

#endif
