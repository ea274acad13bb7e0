/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What every program does: pass by what is no DNS as cheaply as can be, and
 * hand the rest to user space from its IP header on. No name is parsed here.
 *
 * One body serves three ways to read memory, told apart by a constant, so
 * that each program keeps the code of its own way only.
 */
#ifndef DNSTOP_BPF_CAPTURE_H
#define DNSTOP_BPF_CAPTURE_H

#include "bpf/kernel.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "bpf/access.h"
#include "bpf/again.h"
#include "bpf/event.h"
#include "bpf/exe.h"
#include "bpf/headers.h"
#include "bpf/lane.h"
#include "bpf/maps.h"
#include "bpf/owner.h"
#include "bpf/pieces.h"
#include "bpf/redirect.h"

static __always_inline bool device_wanted(enum access how, struct net_device *dev)
{
	struct net *net;

	if (!config.ifindex)
		return true;
	if ((__u32)FIELD(how, dev, ifindex) != config.ifindex)
		return false;
	net = FIELD(how, dev, nd_net.net);
	return FIELD(how, net, ns.inum) == config.netns;
}

static __noinline int fill_owner(enum access how, struct event *e, struct sk_buff *skb,
				 struct sock *sk)
{
	struct owner o;

	if (!find_sender(how, skb, sk, e->cookie, &o))
		return 0;
	if (e->cookie && e->flags & EVENT_TCP)
		remember_sender(e->cookie, &o);
	e->flags |= EVENT_OWNER;
	e->pid = o.pid;
	e->uid = o.uid;
	e->cgroup = o.cgroup;
	e->start_ns = o.start_ns;
	e->execs = o.execs;
	__builtin_memcpy(e->comm, o.comm, sizeof(e->comm));
	return 0;
}

/* An skb across a veth still points to its sender's socket; that it is at home
 * in the device's namespace and came in by no device makes this its origin. */
static __always_inline void fill_socket(enum access how, struct event *e, struct sk_buff *skb,
					struct net *net)
{
	struct sock *sk = FIELD(how, skb, sk);
	struct net *home;

	if (!(e->flags & (EVENT_OUT | EVENT_DROP)) || !sk || FIELD(how, skb, skb_iif))
		return;
	home = FIELD(how, sk, __sk_common.skc_net.net);
	if (e->flags & EVENT_DROP && !e->netns)
		e->netns = FIELD(how, home, ns.inum);
	else if (home != net)
		return;
	if (e->flags & EVENT_OUT)
		e->flags |= EVENT_ORIGIN;
	e->cookie = FIELD(how, sk, __sk_common.skc_cookie.counter);
	fill_owner(how, e, skb, sk);
}

/* All but what is said of its bytes, and reason or place. */
static __always_inline void fill_event(enum access how, struct event *e, struct sk_buff *skb,
				       __u16 flags)
{
	struct net_device *dev = FIELD(how, skb, dev);
	struct net *net = FIELD(how, dev, nd_net.net);

	e->ts_ns = bpf_ktime_get_ns();
	e->cookie = 0;
	e->cgroup = 0;
	e->start_ns = 0;
	e->execs = 0;
	e->netns = FIELD(how, net, ns.inum);
	e->ifindex = FIELD(how, dev, ifindex);
	e->pid = 0;
	e->uid = 0;
	e->flags = flags;
	copy_name(how, e->ifname, dev, name);
	__builtin_memset(e->comm, 0, sizeof(e->comm));
	fill_socket(how, e, skb, net);
}

/* Returns the event's time, 0 when there is none. */
static __always_inline __u64 emit_whole(enum access how, struct sk_buff *skb, struct lane *l,
					const struct view *v, __u16 flags, __u32 place)
{
	struct event *e = lane_begin(l);
	__u64 n = v->take;

	if (!e)
		return 0;
	fill_event(how, e, skb, flags);
	e->place = place;
	if (n > EVENT_RING_MAX)
		n = EVENT_RING_MAX;
	e->skip = 0;
	e->captured = n;
	e->orig_len = v->end - v->l3;
	if (copy_bytes(e + 1, v->data + v->l3, n)) {
		lane_cancel(l);
		count(EVENT_COUNT_UNREADABLE);
		return 0;
	}
	lane_end(l, e, sizeof(*e) + e->captured);
	return e->ts_ns;
}

/* Bytes beyond the linear part, where TCP has its payload. A classic program has
 * no helper that reaches them. */
static __always_inline bool goes_by_perf(enum access how, const struct view *v)
{
	return how != ACCESS_CLASSIC && !config.linear_only &&
	       (v->proto == PROTO_TCP || v->take > v->linear - v->l3);
}

/* bpf_skb_output alone reads page fragments on every kernel. It begins at
 * skb->data, so that the link header comes along at net_dev_queue. */
static __noinline int emit_perf(enum access how, struct sk_buff *skb, struct view *v, __u16 flags)
{
	__u64 n = v->l3 + v->take;
	struct event e = {};

	if (!device_wanted(how, FIELD(how, skb, dev)))
		return 0;
	fill_event(how, &e, skb, flags);
	e.skip = v->l3;
	e.orig_len = v->end;
	if (n > EVENT_PERF_MAX) {
		n = EVENT_PERF_MAX;
		if (has_pieces(v)) {
			e.flags |= EVENT_MORE;
			e.orig_len = n;
		} else {
			count(EVENT_COUNT_UNREADABLE);
		}
	}
	e.captured = n;
	if (bpf_skb_output(v->skb, &perf, n << 32 | BPF_F_CURRENT_CPU, &e, sizeof(e)))
		count(EVENT_COUNT_PERF);
	else if (e.flags & EVENT_MORE)
		emit_pieces(v, &e);
	return 0;
}

static __always_inline void emit(enum access how, struct sk_buff *skb, struct view *v, __u16 flags)
{
	__u32 linear = v->linear - v->l3;
	struct lane *l = lane_mine();
	struct passed packet;
	bool known = false;
	__u32 place = 0;

	if (!l)
		return;
	if (v->take > linear) {
		v->take = linear;
		count(EVENT_COUNT_UNREADABLE);
	}
	if (passed_wanted(v) && passed_make(how, skb, v, &packet)) {
		if (passed_is_shed(l, packet.id, packet.answer))
			return;
		place = passed_place(&packet);
		if (emit_again(how, skb, l, &packet, place, flags))
			return;
		known = true;
	}
	packet.first_ns = emit_whole(how, skb, l, v, flags, known ? passed_number(place) : 0);
	if (known && packet.first_ns)
		l->passed[place & (EVENT_LANE_PACKETS - 1)] = packet;
}

/* Room for `size` bytes of a packet that was thrown away, after the name of the
 * function that did it, where the kernel tells (5.13 and newer). */
static __always_inline void emit_dropped(enum access how, struct sk_buff *skb, const struct view *v,
					 __u32 reason, __u64 location, const __u32 size)
{
	__u64 n = v->take;
	struct event *e = ring_reserve(sizeof(*e) + EVENT_FUNCTION + size);
	char *function = (char *)(e + 1);

	if (!e)
		return;
	fill_event(how, e, skb, EVENT_DROP);
	e->reason = reason;
	__builtin_memset(function, 0, EVENT_FUNCTION);
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_snprintf))
		bpf_snprintf(function, EVENT_FUNCTION, (const char *)config.function_format,
			     &location, sizeof(location));
	barrier_var(n);
	if (n > size)
		n = size;
	e->skip = EVENT_FUNCTION;
	e->captured = EVENT_FUNCTION + n;
	e->orig_len = EVENT_FUNCTION + v->end - v->l3;
	if (bpf_probe_read_kernel(function + EVENT_FUNCTION, n, (void *)(v->data + v->l3))) {
		bpf_ringbuf_discard(e, BPF_RB_NO_WAKEUP);
		count(EVENT_COUNT_UNREADABLE);
		return;
	}
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}

/* Not inlined, nor are emit_perf and the walk: what they keep in registers and on
 * the stack must not cost the packets that are thrown out before. None calls
 * another of them, for the stack's sake: tools/check-stack. */
static __noinline int emit_wanted(enum access how, struct sk_buff *skb, struct view *v, __u16 flags)
{
	if (device_wanted(how, FIELD(how, skb, dev)))
		emit(how, skb, v, flags);
	return 0;
}

static __noinline int emit_dropped_wanted(enum access how, struct sk_buff *skb, struct view *v,
					  __u32 reason, __u64 location)
{
	struct lane *l = lane_mine();
	struct passed packet;

	if (!l || !device_wanted(how, FIELD(how, skb, dev)))
		return 0;
	/* Of what was handed over the end is, too: by the more lenient measure. */
	if (passed_wanted(v) && passed_make(how, skb, v, &packet) &&
	    passed_is_shed(l, packet.id, true))
		return 0;
	if (v->take > v->linear) {
		v->take = v->linear;
		count(EVENT_COUNT_UNREADABLE);
	}
	if (v->take <= 432)
		emit_dropped(how, skb, v, reason, location, 432);
	else
		emit_dropped(how, skb, v, reason, location, EVENT_RING_MAX);
	return 0;
}

/* What was redirected is handed over whole wherever it is seen: the row has what
 * was asked for, the path what became of it. */
static __always_inline void emit_asked_whole(enum access how, struct sk_buff *skb, struct lane *l,
					     const struct view *v, __u16 flags)
{
	struct event *e = lane_begin(l);
	struct event_asked *asked = (struct event_asked *)(e + 1);
	__u64 n = v->take;

	if (!e)
		return;
	fill_event(how, e, skb, flags);
	e->place = 0;
	fill_asked(how, asked, skb, v->asked);
	barrier_var(n);
	if (n > EVENT_RING_MAX)
		n = EVENT_RING_MAX;
	e->skip = sizeof(*asked);
	e->captured = sizeof(*asked) + n;
	e->orig_len = sizeof(*asked) + v->end - v->l3;
	if (bpf_probe_read_kernel(asked + 1, n, (void *)(v->data + v->l3))) {
		lane_cancel(l);
		count(EVENT_COUNT_UNREADABLE);
		return;
	}
	lane_end(l, e, sizeof(*e) + e->captured);
}

static __always_inline void emit_asked_perf(enum access how, struct sk_buff *skb,
					    const struct view *v, __u16 flags)
{
	__u64 n = v->l3 + v->take;
	struct {
		struct event event;
		struct event_asked asked;
	} e = {};

	if (n > EVENT_PERF_MAX - sizeof(e.asked)) {
		n = EVENT_PERF_MAX - sizeof(e.asked);
		count(EVENT_COUNT_UNREADABLE);
	}
	fill_event(how, &e.event, skb, flags);
	fill_asked(how, &e.asked, skb, v->asked);
	e.event.skip = sizeof(e.asked) + v->l3;
	e.event.captured = sizeof(e.asked) + n;
	e.event.orig_len = sizeof(e.asked) + v->end;
	if (bpf_skb_output(v->skb, &perf, n << 32 | BPF_F_CURRENT_CPU, &e, sizeof(e)))
		count(EVENT_COUNT_PERF);
}

static __always_inline bool asked_is_shed(const struct lane *l, const struct view *v)
{
	__u64 start;

	if (v->proto != PROTO_UDP || v->end < v->l4 + UDP_HEADER + DNS_START_BYTES)
		return false;
	start = word_at(v->data + v->l4 + UDP_HEADER);
	return passed_is_shed(l, LOAD(__u16, &start), ((const __u8 *)&start)[2] & DNS_QR);
}

static __noinline int emit_asked(enum access how, struct sk_buff *skb, struct view *v, __u16 flags)
{
	__u32 linear = v->linear - v->l3;
	struct lane *l;

	if (!device_wanted(how, FIELD(how, skb, dev)))
		return 0;
	flags |= EVENT_ASKED;
	if (goes_by_perf(how, v)) {
		emit_asked_perf(how, skb, v, flags);
		return 0;
	}
	if (v->take > linear) {
		v->take = linear;
		count(EVENT_COUNT_UNREADABLE);
	}
	l = lane_mine();
	if (l && !asked_is_shed(l, v))
		emit_asked_whole(how, skb, l, v, flags);
	return 0;
}

/* What got past surely_not_dns, at ip where that has seen a header, or was redirected.
 * Not inlined, so that the others cost no more than what they are told by; what
 * was loaded for that is loaded again. */
static __noinline int capture_likely(enum access how, struct sk_buff *skb, __u16 flags,
				     const __u8 *ip, __u64 asked)
{
	__u64 data = (__u64)FIELD(how, skb, data);
	__u64 l3 = data;
	struct view v = {
		.skb = skb,
		.data = data,
		.len = FIELD(how, skb, len),
		.ethertype = FIELD(how, skb, protocol),
		.asked = asked,
	};

	v.linear = v.len - FIELD(how, skb, data_len);
	if (flags & EVENT_OUT)
		l3 = (__u64)FIELD(how, skb, head) + FIELD(how, skb, network_header);
	if (l3 < data) { /* no header where network_header says there is one */
		count(EVENT_COUNT_UNREADABLE);
		return 0;
	}
	v.l3 = l3 - data;
	if (headers_are_plain(v.ethertype, ip) ? !plain_headers(&v, ip)
					       : !walk_headers(&v, flags & EVENT_OUT))
		return 0;
	if ((v.proto == PROTO_ICMP || v.proto == PROTO_ICMPV6) && !quotes_dns(&v))
		return 0;
	if (v.proto == PROTO_TCP)
		flags |= EVENT_TCP;
	if (asked)
		return emit_asked(how, distrust(skb, struct sk_buff), &v, flags);
	if (goes_by_perf(how, &v))
		return emit_perf(how, distrust(skb, struct sk_buff), &v, flags);
	return emit_wanted(how, distrust(skb, struct sk_buff), &v, flags);
}

/* The IP header lies at skb->data where a packet comes in; where it goes out,
 * the link header does. */
static __always_inline int capture(enum access how, struct sk_buff *skb, __u16 flags)
{
	__u64 data = (__u64)FIELD(how, skb, data);
	__u64 end = data + (FIELD(how, skb, len) - FIELD(how, skb, data_len));
	__u64 l3 = data;
	struct window room;
	const __u8 *ip = NULL;
	__u64 asked = 0;

	if (flags & EVENT_OUT)
		l3 = (__u64)FIELD(how, skb, head) + FIELD(how, skb, network_header);
	if (surely_not_dns(FIELD(how, skb, protocol), l3, end, &room, &ip)) {
		asked = redirected(how, skb);
		if (!asked || !ip)
			return 0;
	}
	return capture_likely(how, skb, flags, ip, asked);
}

/* A packet that is thrown away, wherever it has come to: what is sure of it is
 * network_header. Its device may be none, or what a queue has put in its place;
 * loads from there yield zeroes. TCP sends again what it loses. */
static __always_inline int capture_drop(enum access how, struct sk_buff *skb, __u64 location,
					__u32 reason)
{
	__be16 ethertype = FIELD(how, skb, protocol);
	__u16 offset = FIELD(how, skb, network_header);
	__u64 l3 = (__u64)FIELD(how, skb, head) + offset;
	__u64 end = (__u64)FIELD(how, skb, data) + FIELD(how, skb, len) - FIELD(how, skb, data_len);
	struct window room;
	const __u8 *ip = NULL;

	if (!offset || l3 >= end || surely_not_dns(ethertype, l3, end, &room, &ip) ||
	    !headers_are_plain(ethertype, ip))
		return 0;

	struct view v = {
		.data = l3,
		.len = end - l3,
		.linear = end - l3,
		.ethertype = ethertype,
	};

	if (!plain_headers(&v, ip) || v.proto != PROTO_UDP)
		return 0;
	return emit_dropped_wanted(how, distrust(skb, struct sk_buff), &v, reason, location);
}

#endif
