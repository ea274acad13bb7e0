/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the programs share with user space and with each other. */
#ifndef DNSTOP_BPF_MAPS_H
#define DNSTOP_BPF_MAPS_H

#include <bpf/bpf_helpers.h>

#include "bpf/event.h"

const volatile struct event_config config;

/* A ring for each processor, made by the loader. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} perf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENT_COUNTS);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_control);
} control SEC(".maps");

/* A packet that came in fragments, of which only the first has ports. */
struct fragment_key {
	__u32 src[4];
	__u32 dst[4];
	__u32 id;
	__u32 proto;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct fragment_key);
	__type(value, __u32); /* whether it is DNS */
} fragments SEC(".maps");

/* Who sent a packet. */
struct owner {
	__u32 pid; /* thread group */
	__u32 uid;
	__u64 cgroup;
	__u64 start_ns;
	__u64 execs;   /* as in struct event_process */
	char comm[16]; /* of the thread group leader */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64); /* the socket's cookie: unlike its address, never used again */
	__type(value, struct owner);
} connections SEC(".maps");

/* Who sent a packet that waits for its neighbour. */
struct waiting {
	__u64 sk; /* its socket's address: the packet's own may have been used again */
	struct owner owner;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64); /* the address of the sk_buff */
	__type(value, struct waiting);
} waiting_packets SEC(".maps");

struct address {
	__u32 words[4]; /* IPv4 as ::ffff:a.b.c.d */
};

/* Servers of DNS over HTTPS. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct address);
	__type(value, __u32);
} resolvers SEC(".maps");

/* A packet that was handed over, to know it when it is seen again. */
struct passed {
	__u64 head;      /* where it lies in memory */
	__u64 addresses; /* of IP, folded */
	__u32 ports;
	__u32 bytes;
	__u64 first_ns;
	__u16 id;
	__u8 answer; /* it is one */
	__u8 unused[5];
};

#define PASSED_PACKETS 64

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PASSED_PACKETS);
	__type(key, __u32);
	__type(value, struct passed);
} passed_packets SEC(".maps");

static __always_inline void count(__u32 what)
{
	__u64 *n = bpf_map_lookup_elem(&counters, &what);

	if (n)
		(*n)++;
}

/* Room in this processor's ring; NULL, and counted, when there is none. */
static __always_inline void *ring_reserve(const __u64 bytes)
{
	__u32 cpu = bpf_get_smp_processor_id();
	void *ring = bpf_map_lookup_elem(&rings, &cpu);
	void *room = ring ? bpf_ringbuf_reserve(ring, bytes, 0) : NULL;

	if (!room)
		count(EVENT_COUNT_RING);
	return room;
}

#endif
