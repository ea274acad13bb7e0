/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/tcp.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/seed.h"
#include "core/source/tcp_stream.h"

#define FLAG_FIN 1
#define FLAG_SYN 2
#define FLAG_RST 4

/* How long a hole waits for a retransmission: the first comes 200 ms after the
 * loss at the earliest on Linux, the second 400 ms after that. */
#define HOLE_WAIT_NS 1000000000ull

/* The same connection seen at two places is two streams: each place has its
 * own messages, and the tracker merges the sightings. */
struct key {
	struct ip_addr src;
	struct ip_addr dst;
	uint16_t src_port;
	uint16_t dst_port;
	uint32_t netns;
	uint32_t ifindex;
	uint32_t direction;
};

_Static_assert(sizeof(struct key) == 48, "the key is hashed and compared as bytes");

struct link {
	struct link *prev;
	struct link *next;
};

struct entry {
	struct link order; /* in streams.open or streams.spare; head: the newest */
	struct link hole;  /* in streams.holes, or pointing to itself */
	struct entry *chain;
	uint32_t bucket;
	struct key key;
	struct tcp_stream stream;
	bool has_syn;
	bool closed;
	uint32_t syn;
	uint64_t hole_since_ns; /* packet time of what waits behind its first hole */
};

struct tcp_streams {
	struct tcp_out out;
	uint64_t evicted;
	uint64_t seed;
	size_t bytes; /* held in windows */
	size_t max_bytes;
	/* Streams that have carried data; and those with nothing to lose, which
	 * make room first: opened without data yet, or closed and kept so that
	 * late retransmissions are known as such. */
	struct link open;
	struct link spare;
	/* Streams with a hole; head: in the list for the longest time, which is
	 * about who waits the longest. */
	struct link holes;
	struct entry *free;
	uint32_t n_used; /* of entries, the rest was never touched */
	uint32_t n_entries;
	uint32_t mask;
	struct entry **buckets;
	struct entry *entries; /* touched in order, so unused ones cost no memory */
};

#define ENTRY_OF(link, member) ((struct entry *)((char *)(link)-offsetof(struct entry, member)))

static void list_init(struct link *l)
{
	l->prev = l;
	l->next = l;
}

static bool list_empty(const struct link *l)
{
	return l->next == l;
}

static void list_remove(struct link *l)
{
	l->prev->next = l->next;
	l->next->prev = l->prev;
	list_init(l);
}

static void list_insert_behind(struct link *where, struct link *l)
{
	l->prev = where;
	l->next = where->next;
	where->next->prev = l;
	where->next = l;
}

struct tcp_streams *tcp_streams_new(uint32_t max_streams, size_t max_bytes, source_msg_fn fn,
				    void *ctx)
{
	uint32_t n = max_streams ? max_streams : 1;
	uint32_t n_buckets = 1;
	struct tcp_streams *t;

	if (n > UINT32_MAX / 2)
		return NULL;
	while (n_buckets < n)
		n_buckets *= 2;
	t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	t->entries = calloc(n, sizeof(*t->entries));
	t->buckets = calloc(n_buckets, sizeof(*t->buckets));
	if (!t->entries || !t->buckets) {
		tcp_streams_free(t);
		return NULL;
	}
	t->out = (struct tcp_out){ .fn = fn, .ctx = ctx };
	t->max_bytes = max_bytes;
	t->n_entries = n;
	t->mask = n_buckets - 1;
	list_init(&t->open);
	list_init(&t->spare);
	list_init(&t->holes);
	t->seed = seed_random();
	return t;
}

void tcp_streams_free(struct tcp_streams *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; i < t->n_used; i++)
		tcp_window_clear(&t->entries[i].stream.window);
	free(t->entries);
	free(t->buckets);
	free(t);
}

uint64_t tcp_streams_gaps(const struct tcp_streams *t)
{
	return t->out.gaps;
}

uint64_t tcp_streams_evicted(const struct tcp_streams *t)
{
	return t->evicted;
}

static struct key key_of(const struct dns_msg *meta)
{
	return (struct key){
		.src = meta->src,
		.dst = meta->dst,
		.src_port = meta->src_port,
		.dst_port = meta->dst_port,
		.netns = meta->netns,
		.ifindex = meta->ifindex,
		.direction = meta->direction,
	};
}

static uint32_t bucket_of(const struct tcp_streams *t, const struct key *key)
{
	return (uint32_t)hash_bytes(key, sizeof(*key), t->seed) & t->mask;
}

static struct entry *entry_find(const struct tcp_streams *t, const struct key *key, uint32_t bucket)
{
	struct entry *e = t->buckets[bucket];

	while (e && memcmp(&e->key, key, sizeof(*key)) != 0)
		e = e->chain;
	return e;
}

/* Forgets a stream and what it holds. */
static void entry_remove(struct tcp_streams *t, struct entry *e)
{
	struct entry **at = &t->buckets[e->bucket];

	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	t->bytes -= tcp_window_cost(&e->stream.window);
	tcp_stream_drop(&e->stream, &t->out);
	list_remove(&e->order);
	list_remove(&e->hole);
	e->chain = t->free;
	t->free = e;
}

/* Makes room for a stream: of those with nothing to lose the oldest, else the
 * one that has been silent the longest. */
static void entry_evict(struct tcp_streams *t)
{
	if (!list_empty(&t->spare)) {
		entry_remove(t, ENTRY_OF(t->spare.prev, order));
		return;
	}
	entry_remove(t, ENTRY_OF(t->open.prev, order));
	t->evicted++;
}

static struct entry *entry_add(struct tcp_streams *t, const struct key *key, uint32_t bucket)
{
	struct entry *e;

	if (!t->free && t->n_used == t->n_entries)
		entry_evict(t);
	if (t->free) {
		e = t->free;
		t->free = e->chain;
	} else {
		e = &t->entries[t->n_used++];
	}
	*e = (struct entry){ .key = *key, .bucket = bucket, .chain = t->buckets[bucket] };
	t->buckets[bucket] = e;
	list_insert_behind(&t->spare, &e->order);
	list_init(&e->hole);
	return e;
}

/* Books what a stream has come to hold or wait for. */
static void entry_settle(struct tcp_streams *t, struct entry *e, size_t cost_before)
{
	uint64_t since;

	t->bytes += tcp_window_cost(&e->stream.window) - cost_before;
	if (!tcp_stream_waiting(&e->stream, &since)) {
		list_remove(&e->hole);
		return;
	}
	if (list_empty(&e->hole) || e->hole_since_ns != since) {
		e->hole_since_ns = since;
		list_remove(&e->hole);
		list_insert_behind(t->holes.prev, &e->hole);
	}
}

static void entry_close(struct tcp_streams *t, struct entry *e)
{
	size_t cost = tcp_window_cost(&e->stream.window);

	tcp_stream_drop(&e->stream, &t->out);
	e->stream.has_fin = false;
	e->closed = true;
	list_remove(&e->order);
	list_insert_behind(&t->spare, &e->order);
	entry_settle(t, e, cost);
}

static void entry_start(struct tcp_streams *t, struct entry *e, uint32_t seq, enum tcp_sync sync)
{
	t->bytes -= tcp_window_cost(&e->stream.window);
	tcp_stream_start(&e->stream, seq, sync, &t->out);
	list_remove(&e->hole);
	e->closed = false;
	e->has_syn = false;
}

/* Gives up the holes that have waited long enough. */
static void give_up_old(struct tcp_streams *t, uint64_t now)
{
	while (!list_empty(&t->holes)) {
		struct entry *e = ENTRY_OF(t->holes.next, hole);
		size_t cost = tcp_window_cost(&e->stream.window);

		if (now < e->hole_since_ns || now - e->hole_since_ns < HOLE_WAIT_NS)
			return;
		tcp_stream_give_up(&e->stream, &t->out);
		entry_settle(t, e, cost);
		if (tcp_stream_done(&e->stream))
			entry_close(t, e);
	}
}

/* Keeps the windows within max_bytes; `e`, the newest stream, is the last to
 * suffer. */
static void shrink(struct tcp_streams *t, struct entry *e)
{
	while (t->bytes > t->max_bytes && t->open.prev != &e->order) {
		entry_remove(t, ENTRY_OF(t->open.prev, order));
		t->evicted++;
	}
	if (t->bytes > t->max_bytes) {
		size_t cost = tcp_window_cost(&e->stream.window);

		tcp_stream_drop(&e->stream, &t->out);
		entry_settle(t, e, cost);
	}
}

/* On the wire; no packet is longer than TCP_STREAM_FAR. */
static uint32_t segment_len(const struct tcp_segment *seg)
{
	uint32_t len = seg->orig_len > seg->len ? seg->orig_len : seg->len;

	return len < TCP_STREAM_FAR ? len : TCP_STREAM_FAR;
}

/* The stream that a segment belongs to, ready for its first byte at seq; NULL
 * when the segment says nothing new. */
static struct entry *entry_for(struct tcp_streams *t, const struct tcp_segment *seg, uint32_t seq)
{
	struct key key = key_of(&seg->meta);
	uint32_t bucket = bucket_of(t, &key);
	struct entry *e = entry_find(t, &key, bucket);
	bool syn = seg->flags & FLAG_SYN;
	int32_t ahead;

	if (!e) {
		if (!syn && (segment_len(seg) == 0 || (seg->flags & FLAG_RST)))
			return NULL;
		e = entry_add(t, &key, bucket);
		entry_start(t, e, seq, syn ? TCP_SURE : TCP_LOST);
	} else if (syn && !(e->has_syn && e->syn == seg->seq)) {
		entry_start(t, e, seq, TCP_SURE);
	}
	if (syn) {
		e->has_syn = true;
		e->syn = seg->seq;
	}
	ahead = (int32_t)(seq - e->stream.window.next);
	if (ahead > (int32_t)TCP_STREAM_FAR || ahead < -(int32_t)TCP_STREAM_FAR ||
	    (e->closed && ahead >= 0)) {
		if (segment_len(seg) == 0)
			return NULL;
		entry_start(t, e, seq, TCP_LOST);
	}
	return e->closed ? NULL : e;
}

void tcp_streams_segment(struct tcp_streams *t, const struct tcp_segment *seg)
{
	uint64_t now = seg->meta.ts_ns;
	uint32_t seq = seg->seq + (seg->flags & FLAG_SYN ? 1 : 0);
	uint32_t len = segment_len(seg);
	struct entry *e;
	size_t cost;

	give_up_old(t, now);
	e = entry_for(t, seg, seq);
	if (!e)
		return;
	cost = tcp_window_cost(&e->stream.window);
	if (len) {
		list_remove(&e->order);
		list_insert_behind(&t->open, &e->order);
		tcp_stream_data(&e->stream, seg, seq, &t->out);
	}
	if (seg->flags & FLAG_FIN)
		tcp_stream_fin(&e->stream, seq + len, now);
	entry_settle(t, e, cost);
	if ((seg->flags & FLAG_RST) || tcp_stream_done(&e->stream))
		entry_close(t, e);
	else if (len)
		shrink(t, e);
}

void tcp_streams_finish(struct tcp_streams *t)
{
	while (!list_empty(&t->open)) {
		struct entry *e = ENTRY_OF(t->open.prev, order);
		size_t cost = tcp_window_cost(&e->stream.window);

		while (tcp_stream_give_up(&e->stream, &t->out))
			;
		entry_settle(t, e, cost);
		entry_close(t, e);
	}
}
