/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where the two hooks hand over their packets: memory of each processor that user
 * space has mapped, written to from its front to its end and from its front again.
 *
 * The kernel's own ring has to be locked for every record, which costs more than
 * all else that is done with one. Here nobody is kept out: both hooks run where
 * neither a softirq nor another process can come in between (net_dev_queue and
 * netif_receive_skb, net/core/dev.c), so that a processor writes one record at a
 * time. Would it not, `writing` tells, and the packet is counted as lost. What
 * interrupts and may be interrupted (`dropped`) has the kernel's ring.
 *
 * A record is written first and then told of, by `head`: there is nothing that
 * user space could find half done, nor anything to take back.
 */
#ifndef DNSTOP_BPF_LANE_H
#define DNSTOP_BPF_LANE_H

#include <bpf/bpf_helpers.h>

#include "bpf/event.h"
#include "bpf/kernel.h"
#include "bpf/maps.h"

/* A packet that was handed over, to know it when it is seen again. */
struct passed {
	__u64 head;      /* where it lies in memory */
	__u64 addresses; /* of IP, folded */
	__u32 ports;
	__u32 bytes;
	__u64 first_ns;
	__u32 jiffies; /* at first_ns, where those will do */
	__u16 id;
	__u8 answer; /* it is one */
	__u8 unused;
};

struct lane {
	struct event_lane shared;
	struct passed passed[EVENT_LANE_PACKETS]; /* nobody else's */
};

_Static_assert(sizeof(struct lane) <= EVENT_LANE_HEAD, "records begin behind it");

/* One for each processor, EVENT_LANE_HEAD bytes and then the records'; made by the
 * loader, by the number of processors. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, EVENT_LANE_HEAD + EVENT_LANE_SLACK);
} lanes SEC(".maps");

static __always_inline struct lane *lane_mine(void)
{
	__u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&lanes, &cpu);
}

/* Asks user space, by `tail`, only where there seems to be no room. */
static __always_inline bool lane_has_room(struct event_lane *s)
{
	__u64 most = config.lane_mask + 1 - EVENT_LANE_SLACK;

	if (s->head - s->seen <= most)
		return true;
	s->seen = *(volatile __u64 *)&s->tail;
	return s->head - s->seen <= most;
}

/* Room for one record, of EVENT_RECORD_MAX bytes at the most; NULL, and counted,
 * when there is none. */
static __always_inline void *lane_begin(struct lane *l)
{
	struct event_lane *s = &l->shared;
	__u64 at;

	if (s->writing || !lane_has_room(s)) {
		count(EVENT_COUNT_RING);
		return NULL;
	}
	s->writing = 1;
	barrier();
	at = s->head;
	barrier_var(at); /* the bound must be seen where it is used */
	at &= config.lane_mask;
	return (void *)l + at + EVENT_LANE_HEAD + sizeof(struct event_lane_record);
}

static __always_inline void lane_cancel(struct lane *l)
{
	barrier();
	l->shared.writing = 0;
}

/* `bytes` of it are the record. */
static __always_inline void lane_end(struct lane *l, void *room, __u64 bytes)
{
	struct event_lane_record *record = room - sizeof(*record);

	record->len = bytes;
	record->unused = 0;
	barrier();
	*(volatile __u64 *)&l->shared.head += sizeof(*record) + ((bytes + 7) & ~7ULL);
	lane_cancel(l);
}

#endif
