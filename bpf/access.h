/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How memory is read: the kernel's structs, and bytes of a packet.
 *
 * Bytes are seen through windows of WINDOW bytes. A window may reach past the
 * packet's end: an skb's buffer ends with more bytes than that of the kernel's
 * own. They say nothing, so lengths are checked first.
 */
#ifndef DNSTOP_BPF_ACCESS_H
#define DNSTOP_BPF_ACCESS_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/event.h"
#include "bpf/kernel.h"

#define WINDOW 64

/* How a program reads memory; those on typed tracepoints by ACCESS_TYPED. */
enum access {
	ACCESS_DIRECT,  /* loads, packet bytes through bpf_rdonly_cast */
	ACCESS_READ,    /* loads, packet bytes through bpf_probe_read_kernel */
	ACCESS_CLASSIC, /* bpf_probe_read_kernel throughout */
};

/* Fields of kernel structs: loads that the kernel checks, or helper calls. */
#define FIELD(how, ptr, field) ((how) == ACCESS_CLASSIC ? BPF_CORE_READ(ptr, field) : (ptr)->field)

/* A name of 16 bytes: two loads, where these will do. */
#define copy_name(how, to, ptr, field)                                     \
	({                                                                 \
		if ((how) == ACCESS_CLASSIC) {                             \
			bpf_core_read(to, 16, &(ptr)->field);              \
		} else {                                                   \
			*(__u64 *)(to) = *(__u64 *)&(ptr)->field[0];       \
			*(__u64 *)((to) + 8) = *(__u64 *)&(ptr)->field[8]; \
		}                                                          \
	})

struct window {
	__u8 bytes[WINDOW];
} __attribute__((aligned(8)));

#ifdef DNSTOP_DIRECT
#define ACCESS_TYPED ACCESS_DIRECT

/* The kernel struct that is easiest to see bytes through: it begins with an
 * array of 65 of them. */
struct new_utsname {
	char sysname[65];
} __attribute__((preserve_access_index));

extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym;

/* An address as one of a kernel struct. */
#define typed(addr, type) bpf_rdonly_cast(addr, bpf_core_type_id_kernel(type))

/* A pointer that the kernel trusts, as one that it does not: looking at each
 * pointer that is loaded from it takes the verifier a search through all its
 * types, which is most of what loading the programs would take. */
#define distrust(ptr, type) ((type *)typed((void *)(ptr), type))

static __always_inline const __u8 *window_at(__u64 addr, struct window *room)
{
	return typed((void *)addr, struct new_utsname);
}

static __always_inline __u64 word_at(__u64 addr)
{
	return *(const __u64 *)window_at(addr, NULL);
}
#else
#define ACCESS_TYPED ACCESS_READ

#define typed(addr, type)   (addr)
#define distrust(ptr, type) (ptr)

static __always_inline __u64 word_at(__u64 addr)
{
	__u64 word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), (void *)addr);
	return word;
}

static __always_inline const __u8 *window_at(__u64 addr, struct window *room)
{
	const __u8 *bytes = room->bytes;

	if (bpf_probe_read_kernel(room, sizeof(*room), (void *)addr))
		bytes = NULL;
	/* Callers must test this very pointer, and not what the helper returned:
	 * kernels before 6.3 forget of that what a test for equality has told. */
	barrier_var(bytes);
	return bytes;
}
#endif

/* Copies a packet's bytes to where there is room for EVENT_RING_MAX of them. A helper
 * call costs more than the loads of a small one, by whole windows. */
static __always_inline long copy_bytes(void *to, __u64 from, __u64 n)
{
#ifdef DNSTOP_DIRECT
	if (n <= 2 * WINDOW) {
		for (__u32 at = 0; at < 2 * WINDOW; at += WINDOW) {
			const __u8 *bytes = window_at(from + at, NULL);

			if (at && n <= at)
				break;
#pragma unroll
			for (__u32 i = 0; i < WINDOW; i += 8)
				*(__u64 *)(to + at + i) = *(__u64 *)(bytes + i);
		}
		return 0;
	}
#endif
	barrier_var(n); /* the bound must be seen where it is used */
	if (n > EVENT_RING_MAX)
		n = EVENT_RING_MAX;
	return bpf_probe_read_kernel(to, n, (void *)from);
}

#define LOAD(type, at) (*(const type *)(at))

#endif
