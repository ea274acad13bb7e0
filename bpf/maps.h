/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the programs share with user space and with each other. */
#ifndef DNSTOP_BPF_MAPS_H
#define DNSTOP_BPF_MAPS_H

#include <bpf/bpf_helpers.h>

#include "bpf/event.h"

const volatile struct event_config config;

/* What was thrown away, and what follows the first piece of a segment; the rest goes
 * through lane.h. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, EVENT_RING_BYTES);
} ring SEC(".maps");

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

static __always_inline void count(__u32 what)
{
	__u64 *n = bpf_map_lookup_elem(&counters, &what);

	if (n)
		(*n)++;
}

/* Room in the ring; NULL, and counted, when there is none. */
static __always_inline void *ring_reserve(const __u64 bytes)
{
	void *room = bpf_ringbuf_reserve(&ring, bytes, 0);

	if (!room)
		count(EVENT_COUNT_RING);
	return room;
}

#endif
