/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the kernel programs and user space agree upon: the record of a packet,
 * the counters of what was not delivered, and the configuration.
 *
 * A record is a struct event followed by event.captured bytes of the packet;
 * the first event.skip of these lie before its IP header; of a packet that was
 * thrown away they are the name of the function that did, and what the sender asked
 * for may come first of all (EVENT_ASKED). Or it is a struct
 * event_again, told by its size: a packet that was handed over before, seen
 * once more. Records come by three ways: packets whose bytes lie together
 * through the lanes, TCP segments and packets in pieces through the perf buffers,
 * and what was thrown away through the kernel's ring.
 *
 * Fixed-width types, no padding; both sides assert the sizes.
 */
#ifndef DNSTOP_BPF_EVENT_H
#define DNSTOP_BPF_EVENT_H

#ifdef __bpf__
#include "bpf/kernel.h"
#else
#include <linux/types.h>
#include <stdbool.h>
#endif

#define EVENT_RESOLVER_BITS 4096

#define EVENT_FUNCTION   40   /* bytes for the name of a function, ends with a NUL */
#define EVENT_PACKET_MAX 4096 /* bytes of a UDP message delivered at the most */
#define EVENT_PORTS_MAX  16
#define EVENT_PEEK       16 /* payload bytes of encrypted DNS: what it begins with */

/* A packet in a lane or in the ring: the longest message and room for its headers. */
#define EVENT_RING_MAX (EVENT_PACKET_MAX + 256)

/* A packet in a perf buffer. The kernel keeps a perf record's size in 16 bits, so
 * that a segment which offloading has made larger than that comes in pieces: what
 * follows the first goes through the ring, each piece a segment with headers of its
 * own. Kernels before 6.12 give the first alone. */
#define EVENT_PERF_MAX    65420
#define EVENT_PIECE_MAX   16384 /* of its payload */
#define EVENT_PIECE_SMALL 512   /* loopback's segments are longer by no more */
#define EVENT_PIECES      32    /* 512 KiB: larger ones are not made */
#define EVENT_HEADERS_MAX 255   /* from the IP header to TCP's end */

enum event_flag {
	EVENT_OUT = 1 << 0,    /* net_dev_queue; else netif_receive_skb */
	EVENT_ORIGIN = 1 << 1, /* sent by a local socket from its own namespace */
	EVENT_OWNER = 1 << 2,  /* pid, uid, cgroup, comm are facts */
	EVENT_DROP = 1 << 3,   /* kfree_skb; reason is a fact, what is skipped a text */
	EVENT_TCP = 1 << 4,    /* a segment of a connection */
	EVENT_ASKED = 1 << 5,  /* what is skipped begins with a struct event_asked */
	EVENT_MORE = 1 << 6,   /* the rest of the segment follows, with its FIN, as others */
};

struct event {
	__u64 ts_ns;    /* CLOCK_MONOTONIC */
	__u64 cookie;   /* of the sending socket, at its origin; 0 when it has none yet */
	__u64 cgroup;   /* of the owner: its id in the hierarchy of event_config.cgroups */
	__u64 start_ns; /* of the owner: when it began, CLOCK_BOOTTIME */
	__u32 netns;    /* inode number of the device's network namespace */
	__u32 ifindex;  /* in that namespace */
	__u16 captured; /* bytes of the packet that follow */
	__u16 execs;    /* of the owner: as in struct event_process */
	__u32 orig_len; /* what captured would be, had nothing been cut */
	__u32 pid;      /* thread group of the owner, who sent it */
	__u32 uid;
	__u16 flags; /* enum event_flag */
	__u16 skip;  /* of captured, bytes before the IP header */
	union {
		__u32 reason; /* EVENT_DROP: the running kernel's enum skb_drop_reason */
		__u32 place;  /* else where it is remembered, see struct event_lane; 0: nowhere */
	};
	char ifname[16]; /* raw bytes, ends with a NUL */
	char comm[16];   /* of the thread group leader; raw bytes */
};

_Static_assert(sizeof(struct event) == 96, "struct event is the kernel's record");
_Static_assert(__builtin_offsetof(struct event, ifname) == 64, "struct event has no padding");

/* Of a packet on no DNS port, because NAT has changed its destination before it
 * was seen: what was asked for. Of an answer, where it comes from so. */
struct event_asked {
	__u8 address[16]; /* an IPv4 address in the first four */
	__u16 port;       /* network order */
	__u16 answer;     /* it goes back to who asked */
	__u32 unused;
};

_Static_assert(sizeof(struct event_asked) == 24, "struct event_asked has no padding");

/* A program that a process runs. Numbers of processes are used again, and a process
 * may run one program after the other; what is forked counts on from its parent's. */
struct event_process {
	__u64 start_ns; /* of the process: when it began, CLOCK_BOOTTIME */
	__u32 pid;      /* thread group */
	__u16 execs;    /* how often it has begun another program; the lower bits */
	__u16 unused;
};

_Static_assert(sizeof(struct event_process) == 16, "struct event_process has no padding");

#define EVENT_EXE_MAX 256

/* The file of that program, a value of the map `executables`. */
struct event_exe {
	__u16 len;     /* bytes of names; 0: they could not be read */
	__u16 deleted; /* the file had no name any more */
	__u32 unused;
	char names[EVENT_EXE_MAX]; /* from the file up to below the root; each ends with a NUL */
	struct event_process of;   /* last: whoever reads this sees that it is still the same */
};

_Static_assert(sizeof(struct event_exe) == 24 + EVENT_EXE_MAX, "struct event_exe has no padding");

/* A perf record: its header, a length, and what is put into it, which ends at a
 * multiple of 8. */
_Static_assert(8 + (4 + sizeof(struct event) + EVENT_PERF_MAX + 7) / 8 * 8 < 1 << 16,
	       "a perf record's size fits into 16 bits");

struct event_again {
	__u64 ts_ns;    /* CLOCK_MONOTONIC */
	__u64 first_ns; /* ts_ns of the struct event whose packet it is */
	__u32 netns;    /* of this sighting, like the rest */
	__u32 ifindex;
	__u16 flags; /* EVENT_OUT */
	__u16 id;    /* the DNS message's, network order: first_ns alone may be another's too */
	__u32 place; /* its first record's, see struct event_lane */
	char ifname[16];
};

_Static_assert(sizeof(struct event_again) == 48, "struct event_again has no padding");

/* What user space changes while the programs run: of 2^n transactions one is handed
 * over; of 2^n the further sightings of one. */
struct event_control {
	__u32 shed_queries;
	__u32 shed_answers;
	__u32 follow;
	__u32 unused;
};

/* A processor's lane, a value of the map `lanes`: this, and from EVENT_LANE_HEAD on
 * its records in turn, each behind a struct event_lane_record. The n-th byte ever
 * written lies at n modulo the lane's size, a power of two; a record that begins
 * before the lane's end goes on behind it, where there is room for one.
 *
 * A processor remembers its last packets, each at a place; a packet that is seen
 * once more is the one that was last handed over with its place. Places are
 * counted from 1 through all processors. */
struct event_lane {
	/* The program's: */
	__u64 head;    /* bytes written since the start: what lies before is whole */
	__u64 seen;    /* of tail, when it was last looked at */
	__u32 writing; /* a record is being written */
	__u32 unused[11];
	/* User space's: */
	__u64 tail; /* bytes that were read: below head */
	struct event_control control;
	__u32 unused2[10];
};

struct event_lane_record {
	__u32 len; /* bytes that follow, but for what is left of the last 8 */
	__u32 unused;
};

#define EVENT_RING_BYTES   (8u << 20)
#define EVENT_LANE_HEAD    4096u
#define EVENT_LANE_PACKETS 64u
#define EVENT_LANE_SLACK   8192u /* behind the lane's end; more than any record */

#define EVENT_RECORD_MAX (sizeof(struct event) + sizeof(struct event_asked) + EVENT_RING_MAX)

_Static_assert(sizeof(struct event_lane) == 128, "each side has a cache line");
_Static_assert(EVENT_RECORD_MAX + sizeof(struct event_lane_record) < EVENT_LANE_SLACK,
	       "a record fits behind the lane's end");

/* Packets that were not delivered, and why; indices of the counters map. */
enum event_count {
	EVENT_COUNT_RING,         /* no room in the lane or the ring */
	EVENT_COUNT_PERF,         /* no room in this processor's perf buffer */
	EVENT_COUNT_UNREADABLE,   /* bytes that could not be read; perhaps no DNS */
	EVENT_COUNT_FRAGMENT,     /* a fragment whose first one was not seen; perhaps no DNS */
	EVENT_COUNT_HEADERS,      /* more IPv6 extension headers than are followed */
	EVENT_COUNT_SHED,         /* left out on purpose: there are more than can be read */
	EVENT_COUNT_AGAIN,        /* further sightings of queries that are not told of */
	EVENT_COUNT_ANSWER_AGAIN, /* the same of answers */
	EVENT_COUNTS,
};

/* The hierarchy of version 2, or one of version 1 by a controller that it has. */
enum event_cgroups {
	EVENT_CGROUPS_V2,
	EVENT_CGROUPS_PIDS,
	EVENT_CGROUPS_MEMORY,
	EVENT_CGROUPS_CPU,
};

/* A cgroup that was made while the programs run, a value of the map `cgroup_paths`. */
struct event_cgroup {
	char path[504]; /* below its hierarchy's root; ends with a NUL */
	__u64 id;       /* last: whoever reads this sees that it is still the same */
};

_Static_assert(sizeof(struct event_cgroup) == 512, "struct event_cgroup has no padding");

/* Constant while the programs run. */
struct event_config {
	__u32 ifindex;     /* 0: every device, else this one ... */
	__u32 netns;       /* ... of this namespace */
	__u32 linear_only; /* there are no perf buffers: the linear part must do */
	__u32 n_ports;
	__u16 ports[EVENT_PORTS_MAX]; /* network order */
	__u32 encrypted;              /* the beginnings of encrypted DNS are wanted, too */
	__u32 n_resolvers;            /* that are known for DNS over HTTPS */
	__u64 resolver_bits[EVENT_RESOLVER_BITS / 64]; /* one set for each, see below */
	char function_format[8];                       /* how a function's name is written */
	/* Offsets in the running kernel's struct nf_conn: of its status, and of the
	 * original destination's address and port. All 0: it has none. */
	__u32 conntrack_status;
	__u32 conntrack_address;
	__u32 conntrack_port;
	/* Bits in which all ports are alike, and how: for a source and a destination
	 * port at once. */
	__u32 port_mask;
	__u32 port_value;
	__u32 cgroups;    /* enum event_cgroups: whose ids and paths are wanted */
	__u32 pieces;     /* the kernel lets segments be read from anywhere: bpf_dynptr_from_skb */
	__u32 first_only; /* a packet's further sightings are counted alone */
	__u64 lane_mask;  /* the size of a lane less 1 */
};

/* Nearly all addresses are told not to be in the map `resolvers` by a bit. word:
 * an IPv4 address as it lies in memory, or the four words of an IPv6 address
 * combined by exclusive or. */
static inline __u32 event_resolver_bit(__u32 word)
{
	return word * 0x9e3779b1u >> 20;
}

_Static_assert(sizeof(struct event_config) == 104 + EVENT_RESOLVER_BITS / 8,
	       "struct event_config has no padding");

#define EVENT_SHED_MAX 12

/* Whether a message is left out, or not followed: a transaction's are alike in their DNS id (in
 * network order), wherever they are seen and whatever NAT makes of the rest. */
static inline bool event_is_shed(__u16 id, __u32 level)
{
	return (__u32)(__u16)(id * 40503u) >>
	       (16 - (level > EVENT_SHED_MAX ? EVENT_SHED_MAX : level));
}

#endif
