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
#include "bpf/lane.h"
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

/* Whether such a packet is looked at: all of a message in UDP, right behind an IP
 * header of the usual length. */
static __always_inline bool passed_wanted(const struct view *v)
{
	__u32 ip = v->ethertype == bpf_htons(ETHERTYPE_IPV6) ? 40 : 20;

	return v->proto == PROTO_UDP && !v->fragmented && v->l4 - v->l3 == ip &&
	       v->end >= v->l4 + UDP_HEADER + DNS_START_BYTES && v->take >= v->end - v->l3;
}

/* Fills in what the packet is known by; false for one of encrypted DNS, which has no
 * rows to refer to. */
static KEEPS_A_WINDOW bool passed_make(enum access how, struct sk_buff *skb, const struct view *v,
				       struct passed *p)
{
	bool v6 = v->ethertype == bpf_htons(ETHERTYPE_IPV6);
	struct window room;
	const __u8 *ip, *l4;

	ip = window_at(v->data + v->l3, &room);
	if (!ip)
		return false;
	l4 = v6 ? ip + 40 : ip + 20;
	p->head = (__u64)FIELD(how, skb, head);
	p->addresses = addresses_word(ip, v6);
	p->ports = LOAD(__u32, l4);
	p->id = LOAD(__u16, l4 + UDP_HEADER);
	p->answer = l4[UDP_HEADER + 2] & DNS_QR;
	p->unused = 0;
	p->jiffies = bpf_jiffies64();
	p->bytes = v->end - v->l3;
	return !config.encrypted || port_is_dns(p->ports);
}

/* Where there is more than can be read, whole transactions are left out. */
static __always_inline bool passed_is_shed(const struct lane *l, __u16 id, bool answer)
{
	const struct event_control *c = &l->shared.control;

	if (!event_is_shed(id, answer ? c->shed_answers : c->shed_queries))
		return false;
	count(EVENT_COUNT_SHED);
	return true;
}

/* At which of a lane's places a packet like this is remembered. */
static __always_inline __u32 passed_place(const struct passed *p)
{
	return (p->id ^ p->ports) & (EVENT_LANE_PACKETS - 1);
}

/* The same among all processors' places. */
static __always_inline __u32 passed_number(__u32 place)
{
	return bpf_get_smp_processor_id() * EVENT_LANE_PACKETS + place + 1;
}

static __always_inline bool passed_same(const struct passed *a, const struct passed *b)
{
	return a->head == b->head && a->addresses == b->addresses && a->ports == b->ports &&
	       a->id == b->id && a->bytes == b->bytes;
}

/* Where nobody is told when it was, a clock that costs nothing tells that it was just now;
 * whatever takes longer is handed over once more, which user space understands, too. */
static __always_inline bool counted_again(const struct passed *before, const struct passed *p)
{
	if (p->jiffies - before->jiffies > 1)
		return false;
	count(p->answer ? EVENT_COUNT_ANSWER_AGAIN : EVENT_COUNT_AGAIN);
	return true;
}

static __always_inline bool is_followed(const struct lane *l, const struct passed *p)
{
	return !config.first_only && !event_is_shed(p->id, l->shared.control.follow);
}

/* True when the packet has been handed over before and this sighting is told, or
 * counted. */
static __always_inline bool emit_again(enum access how, struct sk_buff *skb, struct lane *l,
				       const struct passed *p, __u32 place, __u16 flags)
{
	const struct passed *before = &l->passed[place];
	struct net_device *dev;
	struct event_again *e;
	struct net *net;
	__u64 now;

	if (!passed_same(before, p))
		return false;
	if (!is_followed(l, p))
		return counted_again(before, p);
	now = bpf_ktime_get_ns();
	if (now - before->first_ns > AGAIN_NS)
		return false;
	e = lane_begin(l);
	if (!e)
		return true;
	dev = FIELD(how, skb, dev);
	net = FIELD(how, dev, nd_net.net);
	e->ts_ns = now;
	e->first_ns = before->first_ns;
	e->netns = FIELD(how, net, ns.inum);
	e->ifindex = FIELD(how, dev, ifindex);
	e->flags = flags;
	e->id = p->id;
	e->place = passed_number(place);
	copy_name(how, e->ifname, dev, name);
	lane_end(l, e, sizeof(*e));
	return true;
}

#endif
