/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A packet that passes several hooks of one host is handed over once; of each
 * further sighting user space gets when and where alone. Each processor
 * remembers its last packets, since one that crosses a veth or loopback is
 * seen again a few microseconds later on the same processor. What was changed
 * on the way (NAT) is another packet: it is handed over whole.
 */
#ifndef DNSTOP_BPF_AGAIN_H
#define DNSTOP_BPF_AGAIN_H

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/event.h"
#include "bpf/headers.h"
#include "bpf/maps.h"

/* User space finds the row by what it remembers, which is bounded too. */
#define AGAIN_NS 5000000ull

#define DNS_START_BYTES 4 /* id and flags */
#define DNS_QR          0x80

/* A word that differs wherever one of the two addresses differs in one of its
 * words; that it is no other packet is told by where it lies in memory. */
static __always_inline __u64 addresses_word(const __u8 *ip, bool v6)
{
	__u64 word = 0;

	if (!v6)
		return (__u64)LOAD(__u32, ip + 12) << 32 | LOAD(__u32, ip + 16);
#pragma unroll
	for (int i = 0; i < 4; i++)
		word = word * 0x9e3779b97f4a7c15ULL + LOAD(__u64, ip + 8 + 8 * i);
	return word;
}

/* Where bytes are seen through a copy of them, that copy is not to lie on the stack
 * beside what the caller has there: there are 512 bytes for all. */
#ifdef DNSTOP_DIRECT
#define KEEPS_A_WINDOW __always_inline
#else
#define KEEPS_A_WINDOW __noinline
#endif

/* Fills in what the packet is known by; false for one that is not looked at. */
static KEEPS_A_WINDOW bool passed_make(enum access how, struct sk_buff *skb, const struct view *v,
				       struct passed *p)
{
	bool v6 = v->ethertype == bpf_htons(ETHERTYPE_IPV6);
	struct window room;
	const __u8 *ip, *l4;

	if (v->proto != PROTO_UDP || v->fragmented || v->l4 - v->l3 != (v6 ? 40 : 20) ||
	    v->end < v->l4 + UDP_HEADER + DNS_START_BYTES || v->take < v->end - v->l3)
		return false;
	ip = window_at(v->data + v->l3, &room);
	if (!ip)
		return false;
	l4 = v6 ? ip + 40 : ip + 20;
	p->head = (__u64)FIELD(how, skb, head);
	p->addresses = addresses_word(ip, v6);
	p->ports = LOAD(__u32, l4);
	/* Encrypted DNS has no rows to refer to. */
	if (config.encrypted && !port_is_dns(p->ports))
		return false;
	p->id = LOAD(__u16, l4 + UDP_HEADER);
	p->answer = l4[UDP_HEADER + 2] & DNS_QR;
	p->bytes = v->end - v->l3;
	return true;
}

/* Where there is more than can be read, whole transactions are left out. */
static __always_inline bool passed_is_shed(const struct passed *p)
{
	__u32 first = 0;
	const struct event_control *c = bpf_map_lookup_elem(&control, &first);

	if (!c || !event_is_shed(p->id, p->answer ? c->shed_answers : c->shed_queries))
		return false;
	count(EVENT_COUNT_SHED);
	return true;
}

/* Where this processor remembers a packet like this. */
static __always_inline struct passed *passed_place(const struct passed *p)
{
	__u32 place = (p->id ^ p->ports) & (PASSED_PACKETS - 1);

	return bpf_map_lookup_elem(&passed_packets, &place);
}

static __always_inline bool passed_same(const struct passed *a, const struct passed *b)
{
	return a->head == b->head && a->addresses == b->addresses && a->ports == b->ports &&
	       a->id == b->id && a->bytes == b->bytes;
}

/* True when the packet has been handed over before and this sighting is told. */
static __always_inline bool emit_again(enum access how, struct sk_buff *skb, const struct passed *p,
				       const struct passed *before, __u16 flags)
{
	struct net_device *dev;
	struct event_again *e;
	struct net *net;
	__u64 now;

	if (!passed_same(before, p))
		return false;
	now = bpf_ktime_get_ns();
	if (now - before->first_ns > AGAIN_NS)
		return false;
	e = ring_reserve(sizeof(*e));
	if (!e)
		return true;
	dev = FIELD(how, skb, dev);
	e->ts_ns = now;
	e->first_ns = before->first_ns;
	net = FIELD(how, dev, nd_net.net);
	e->netns = FIELD(how, net, ns.inum);
	e->ifindex = FIELD(how, dev, ifindex);
	e->flags = flags;
	e->id = p->id;
	e->unused = 0;
	copy_name(how, e->ifname, dev, name);
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
	return true;
}

#endif
