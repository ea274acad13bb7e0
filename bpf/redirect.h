/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A query that was redirected before the hook: Docker's resolver is asked at
 * 127.0.0.11:53, and NAT has made another port of it when the packet leaves. What
 * was asked for is in the packet's conntrack entry, at offsets that user space
 * has found, since the entry's type may be a module's.
 */
#ifndef DNSTOP_BPF_REDIRECT_H
#define DNSTOP_BPF_REDIRECT_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/event.h"
#include "bpf/headers.h"
#include "bpf/kernel.h"
#include "bpf/maps.h"

enum {
	CONNTRACK_INFO = 7,      /* the bits of skb->_nfct that are no address, ... */
	CONNTRACK_REPLY = 3,     /* ... from this value on of the way back, ... */
	CONNTRACK_UNTRACKED = 7, /* ... but for this one */
	CONNTRACK_DST_NAT = 1 << 5,

	LOOPBACK_IFINDEX = 1, /* in every namespace */
};

/* On its way to another host's port the answer to a query from here can't be told
 * from other packets, as it comes in before NAT: a query without it would be no
 * truth. Not inlined, as it is rare. */
static __noinline bool redirect_wanted(enum access how, struct sk_buff *skb, __u64 entry)
{
	struct net_device *dev;

	if (!port_is_dns((__u16)word_at(entry + config.conntrack_port)))
		return false;
	dev = FIELD(how, skb, dev);
	return FIELD(how, dev, ifindex) == LOOPBACK_IFINDEX || FIELD(how, skb, skb_iif);
}

/* Where a packet's destination was changed from a DNS port to another one, the
 * address of its conntrack entry, else 0. What most packets have is asked first. */
static __always_inline __u64 redirected(enum access how, struct sk_buff *skb)
{
	__u64 nfct, entry;

	if (!bpf_core_field_exists(skb->_nfct))
		return 0;
	nfct = FIELD(how, skb, _nfct);
	entry = nfct & ~(__u64)CONNTRACK_INFO;
	if (!entry || !config.conntrack_status ||
	    !(word_at(entry + config.conntrack_status) & CONNTRACK_DST_NAT) ||
	    (nfct & CONNTRACK_INFO) == CONNTRACK_UNTRACKED)
		return 0;
	return redirect_wanted(how, distrust(skb, struct sk_buff), entry) ? entry : 0;
}

static __always_inline void fill_asked(enum access how, struct event_asked *asked,
				       struct sk_buff *skb, __u64 entry)
{
	*(__u64 *)asked->address = word_at(entry + config.conntrack_address);
	*(__u64 *)(asked->address + 8) = word_at(entry + config.conntrack_address + 8);
	asked->port = (__u16)word_at(entry + config.conntrack_port);
	asked->answer = (FIELD(how, skb, _nfct) & CONNTRACK_INFO) >= CONNTRACK_REPLY;
	asked->unused = 0;
}

#endif
