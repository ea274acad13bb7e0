/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A TCP segment too large for a perf record, which offloading has made: what
 * follows the first piece goes through the ring, each a segment with headers of
 * its own (event.h). Only where the kernel lets it be read from anywhere.
 */
#ifndef DNSTOP_BPF_PIECES_H
#define DNSTOP_BPF_PIECES_H

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/access.h"
#include "bpf/event.h"
#include "bpf/headers.h"
#include "bpf/maps.h"

#ifdef DNSTOP_DIRECT
struct bpf_dynptr {
	__u64 opaque[2];
};

/* Called where config.pieces says that the kernel lets these programs. */
extern int bpf_dynptr_from_skb(struct sk_buff *skb, __u64 flags,
			       struct bpf_dynptr *to) __ksym __weak;

/* A segment while its pieces are handed over. */
struct pieces {
	const struct view *v;
	struct event *e; /* of the first */
	struct bpf_dynptr segment;
	__u32 headers; /* from the IP header to TCP's end */
	__u32 at;      /* offset of the next */
};

/* One piece: of the segment's headers it has another place in the stream, no length (so
 * that all of it counts), and only the last has its FIN. */
static __always_inline void emit_piece(struct pieces *p, const __u32 size)
{
	struct event *piece = ring_reserve(sizeof(*piece) + EVENT_HEADERS_MAX + 1 + size);
	__u8 *ip = (__u8 *)(piece + 1), *tcp;
	const struct view *v = p->v;
	__u64 n = v->end - p->at, headers = p->headers;

	if (!piece)
		return;
	barrier_var(n); /* the bounds must be seen where they are used */
	if (n > size)
		n = size;
	barrier_var(headers);
	headers &= EVENT_HEADERS_MAX;
	*piece = *p->e;
	piece->flags &= ~EVENT_MORE;
	piece->skip = 0;
	piece->captured = headers + n;
	piece->orig_len = headers + n;
	if (bpf_probe_read_kernel(ip, headers, (void *)(v->data + v->l3)) ||
	    bpf_dynptr_read(ip + headers, n, &p->segment, p->at, 0)) {
		bpf_ringbuf_discard(piece, BPF_RB_NO_WAKEUP);
		count(EVENT_COUNT_UNREADABLE);
		return;
	}
	*(__u16 *)(ip + (v->ethertype == bpf_htons(ETHERTYPE_IPV6) ? 4 : 2)) = 0;
	tcp = ip + ((v->l4 - v->l3) & (EVENT_HEADERS_MAX & ~3u));
	*(__be32 *)(tcp + 4) = bpf_htonl(bpf_ntohl(*(__be32 *)(tcp + 4)) + p->at - v->l3 - headers);
	if (p->at + n < v->end)
		tcp[13] &= ~TCP_FIN;
	bpf_ringbuf_submit(piece, BPF_RB_NO_WAKEUP);
}

static long next_piece(__u32 i, void *ctx)
{
	struct pieces *p = ctx;

	if (p->at >= p->v->end)
		return 1;
	p->e->ts_ns++; /* they are read in this order */
	if (p->v->end - p->at <= EVENT_PIECE_SMALL)
		emit_piece(p, EVENT_PIECE_SMALL);
	else
		emit_piece(p, EVENT_PIECE_MAX);
	p->at += EVENT_PIECE_MAX;
	return 0;
}

/* What follows the first piece, e. */
static __noinline int emit_pieces(const struct view *v, struct event *e)
{
	struct pieces p = {
		.v = v,
		.e = e,
		.headers = v->l4 - v->l3 + (word_at(v->data + v->l4 + 12) >> 4 & 0x0f) * 4,
		.at = EVENT_PERF_MAX,
	};

	if (p.headers > EVENT_HEADERS_MAX || bpf_dynptr_from_skb(v->skb, 0, &p.segment)) {
		count(EVENT_COUNT_UNREADABLE);
		return 0;
	}
	bpf_loop(EVENT_PIECES, next_piece, &p, 0);
	if (p.at < v->end)
		count(EVENT_COUNT_UNREADABLE);
	return 0;
}

static __always_inline bool has_pieces(const struct view *v)
{
	return config.pieces && v->proto == PROTO_TCP && !v->fragmented;
}
#else
static __always_inline bool has_pieces(const struct view *v)
{
	return false;
}

static __always_inline int emit_pieces(const struct view *v, struct event *e)
{
	return 0;
}
#endif

#endif
