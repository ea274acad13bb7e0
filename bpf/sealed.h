/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the programs at TLS libraries and user space agree upon: the record of
 * plaintext that went through a session, and the counters of what did not
 * come along.
 *
 * A record is a struct sealed_event followed by sealed_event.len bytes. Those of
 * one direction of a session continue each other, unless `at` says otherwise.
 *
 * Fixed-width types, no padding; both sides assert the sizes.
 */
#ifndef DNSTOP_BPF_SEALED_H
#define DNSTOP_BPF_SEALED_H

#ifdef __bpf__
#include "bpf/kernel.h"
#else
#include <linux/types.h>
#endif

#define SEALED_PIECE_MAX 16384 /* bytes of one record */
#define SEALED_PIECES    5     /* of one call, room for the longest DNS message */

/* So much of a session is handed over before user space has said what it is. */
#define SEALED_TRIAL_BYTES 65536

enum sealed_kind {
	SEALED_SENT,
	SEALED_RECEIVED,
	SEALED_PLACED, /* no bytes: the session's addresses have come to be known */
	SEALED_CLOSED, /* no bytes: the session has ended */
};

enum sealed_flag {
	SEALED_HAS_PLACE = 1 << 0, /* netns, addresses and ports are facts */
};

struct sealed_event {
	__u64 ts_ns;    /* CLOCK_MONOTONIC: of the call that sent, of the return that received */
	__u64 session;  /* a number that no other session gets */
	__u64 at;       /* bytes of this direction before these */
	__u64 cgroup;   /* id in the cgroup v2 hierarchy */
	__u64 start_ns; /* of the process, CLOCK_BOOTTIME */
	__u32 pid;      /* thread group */
	__u32 uid;
	__u32 netns;    /* inode number of the socket's network namespace */
	__u16 len;      /* bytes that follow */
	__u16 execs;    /* of the process: as in struct event_process */
	__u8 local[16]; /* IPv4 as ::ffff:a.b.c.d */
	__u8 remote[16];
	__u16 local_port; /* host order */
	__u16 remote_port;
	__u16 kind;    /* enum sealed_kind */
	__u16 flags;   /* enum sealed_flag */
	char comm[16]; /* of the thread group leader; raw bytes */
};

_Static_assert(sizeof(struct sealed_event) == 112, "struct sealed_event is the kernel's record");
_Static_assert(__builtin_offsetof(struct sealed_event, comm) == 96,
	       "struct sealed_event has no padding");

/* Indices of the counters map. */
enum sealed_count {
	SEALED_COUNT_RING,       /* pieces: no room in the ring */
	SEALED_COUNT_UNREADABLE, /* pieces whose bytes could not be read */
	SEALED_COUNTS,
};

/* What user space says of a session, in the map `verdicts`. */
enum sealed_verdict {
	SEALED_WANTED = 1, /* all of it */
	SEALED_UNWANTED,   /* nothing more */
};

#endif
