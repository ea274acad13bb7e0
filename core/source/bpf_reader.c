/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_reader.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORD_MAX 65536 /* perf_event_header.size has 16 bits */

/* What a PERF_RECORD_SAMPLE with PERF_SAMPLE_RAW alone begins with. */
struct sample_head {
	struct perf_event_header header;
	uint32_t size; /* of the bytes that follow */
};

enum kind {
	KIND_LANE,
	KIND_RING,
	KIND_PERF,
};

/* One of the places to read from. */
struct lane {
	const uint8_t *data;
	uint64_t mask;  /* its size less 1 */
	uint64_t tail;  /* where the next record begins */
	uint64_t head;  /* where those end that this drain has seen */
	uint64_t freed; /* what the kernel knows of tail */
	/* The record at tail: */
	uint64_t time;
	uint64_t at;   /* where in data its bytes begin */
	uint32_t len;  /* how many they are */
	uint32_t step; /* from tail to the next record */
	/* Where both positions are shared with the kernel: */
	const uint64_t *shared_head;
	uint64_t *shared_tail;
	uint64_t noticed; /* of a lane: head, as the last drain saw it */
	enum kind kind;
};

struct bpf_reader {
	unsigned n;        /* lanes */
	unsigned fill;     /* see bpf_reader_fill */
	unsigned n_active; /* of them with a record, in `active` */
	struct lane **active;
	struct lane *lanes;
	uint8_t wrapped[RECORD_MAX]; /* a record that lies around a buffer's end */
};

struct bpf_reader *bpf_reader_new(unsigned n)
{
	struct bpf_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->n = n;
	r->lanes = calloc(r->n, sizeof(*r->lanes));
	r->active = calloc(r->n, sizeof(struct lane *));
	if (!r->lanes || !r->active) {
		bpf_reader_free(r);
		return NULL;
	}
	return r;
}

void bpf_reader_free(struct bpf_reader *r)
{
	if (!r)
		return;
	free(r->active);
	free(r->lanes);
	free(r);
}

static bool is_power_of_two(size_t n)
{
	return n && (n & (n - 1)) == 0;
}

int bpf_reader_set_lane(struct bpf_reader *r, unsigned i, struct event_lane *lane, size_t bytes)
{
	if (i >= r->n || !is_power_of_two(bytes))
		return -EINVAL;
	r->lanes[i] = (struct lane){
		.data = (const uint8_t *)lane + EVENT_LANE_HEAD,
		.mask = bytes - 1,
		.tail = lane->tail,
		.freed = lane->tail,
		.shared_head = (const uint64_t *)&lane->head,
		.shared_tail = (uint64_t *)&lane->tail,
		.kind = KIND_LANE,
	};
	return 0;
}

int bpf_reader_set_ring(struct bpf_reader *r, unsigned i, uint64_t *consumer,
			const uint64_t *producer, const void *data, size_t bytes)
{
	if (i >= r->n || !is_power_of_two(bytes))
		return -EINVAL;
	r->lanes[i] = (struct lane){
		.data = data,
		.mask = bytes - 1,
		.tail = *consumer,
		.freed = *consumer,
		.shared_head = producer,
		.shared_tail = consumer,
		.kind = KIND_RING,
	};
	return 0;
}

int bpf_reader_set_perf(struct bpf_reader *r, unsigned i, void *base, size_t bytes)
{
	struct perf_event_mmap_page *meta = base;

	if (i >= r->n || !is_power_of_two(bytes))
		return -EINVAL;
	r->lanes[i] = (struct lane){
		.data = (const uint8_t *)base + sysconf(_SC_PAGESIZE),
		.mask = bytes - 1,
		.tail = meta->data_tail,
		.freed = meta->data_tail,
		.shared_head = (const uint64_t *)&meta->data_head,
		.shared_tail = (uint64_t *)&meta->data_tail,
		.kind = KIND_PERF,
	};
	return 0;
}

/* `len` bytes at a place of a perf buffer, which may go on at its beginning. */
static void copy_out(const struct lane *l, uint64_t at, void *to, size_t len)
{
	size_t first = (size_t)(l->mask + 1 - (at & l->mask));

	if (first > len)
		first = len;
	memcpy(to, l->data + (at & l->mask), first);
	memcpy((uint8_t *)to + first, l->data, len - first);
}

/* Both look for the next record to deliver and step over others. What the
 * kernel writes makes sense; bounds are kept all the same. */
static bool look_at_ring(struct lane *l)
{
	while (l->head - l->tail >= BPF_RINGBUF_HDR_SZ) {
		const uint8_t *record = l->data + (l->tail & l->mask);
		uint32_t word = __atomic_load_n((const uint32_t *)record, __ATOMIC_ACQUIRE);
		uint32_t len = word & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);

		if (word & BPF_RINGBUF_BUSY_BIT)
			return false; /* being written: the next drain's */
		l->step = (len + BPF_RINGBUF_HDR_SZ + 7) & ~7u;
		if (l->step > l->head - l->tail)
			break;
		if (!(word & BPF_RINGBUF_DISCARD_BIT) && len >= sizeof(l->time)) {
			l->at = (l->tail + BPF_RINGBUF_HDR_SZ) & l->mask;
			l->len = len;
			memcpy(&l->time, record + BPF_RINGBUF_HDR_SZ, sizeof(l->time));
			return true;
		}
		l->tail += l->step;
	}
	l->tail = l->head;
	return false;
}

static bool look_at_lane(struct lane *l)
{
	struct event_lane_record record;

	if (l->head - l->tail < sizeof(record))
		return false;
	memcpy(&record, l->data + (l->tail & l->mask), sizeof(record));
	l->step = (uint32_t)sizeof(record) + ((record.len + 7) & ~7u);
	if (record.len < sizeof(l->time) || record.len > EVENT_LANE_SLACK - sizeof(record) ||
	    l->step > l->head - l->tail) {
		l->tail = l->head;
		return false;
	}
	l->at = (l->tail & l->mask) + sizeof(record);
	l->len = record.len;
	memcpy(&l->time, l->data + l->at, sizeof(l->time));
	return true;
}

static bool look_at_perf(struct lane *l)
{
	struct sample_head s;

	while (l->head - l->tail >= sizeof(s)) {
		copy_out(l, l->tail, &s, sizeof(s));
		l->step = s.header.size;
		if (l->step < sizeof(s.header) || l->step > l->head - l->tail)
			break;
		/* Other kinds tell of losses, which the programs count themselves. */
		if (s.header.type == PERF_RECORD_SAMPLE && l->step >= sizeof(s) + sizeof(l->time) &&
		    s.size <= l->step - sizeof(s)) {
			l->at = (l->tail + sizeof(s)) & l->mask;
			l->len = s.size;
			copy_out(l, l->at, &l->time, sizeof(l->time));
			return true;
		}
		l->tail += l->step;
	}
	l->tail = l->head;
	return false;
}

static bool look(struct lane *l)
{
	switch (l->kind) {
	case KIND_LANE:
		return look_at_lane(l);
	case KIND_RING:
		return look_at_ring(l);
	case KIND_PERF:
		break;
	}
	return look_at_perf(l);
}

/* Gives room back to the kernel by large pieces: each time costs the writers
 * of the next records a cache miss. */
static void release(struct lane *l, bool now)
{
	if (l->tail == l->freed || (!now && l->tail - l->freed < l->mask / 16))
		return;
	__atomic_store_n(l->shared_tail, l->tail, __ATOMIC_RELEASE);
	l->freed = l->tail;
}

/* The programs write a lane's head after what lies before it, by plain stores. Where
 * others may see these in another order, what the last drain saw of head is what
 * can be seen whole by now. */
#if defined(__x86_64__) || defined(__i386__) || defined(__s390x__)
static const bool stores_keep_order = true;
#else
static const bool stores_keep_order = false;
#endif

static uint64_t head_of(struct lane *l)
{
	uint64_t head = __atomic_load_n(l->shared_head, __ATOMIC_ACQUIRE);

	if (!stores_keep_order && l->kind == KIND_LANE) {
		uint64_t before = l->noticed;

		l->noticed = head;
		return before;
	}
	return head;
}

static void look_at_lanes(struct bpf_reader *r)
{
	r->n_active = 0;
	r->fill = 0;
	for (unsigned i = 0; i < r->n; i++) {
		struct lane *l = &r->lanes[i];

		if (!l->data)
			continue;
		l->head = head_of(l);
		if (l->head == l->tail)
			continue;
		if ((l->head - l->tail) * 256 / (l->mask + 1) > r->fill)
			r->fill = (unsigned)((l->head - l->tail) * 256 / (l->mask + 1));
		if (look(l))
			r->active[r->n_active++] = l;
		else
			release(l, true);
	}
}

static unsigned earliest(const struct bpf_reader *r)
{
	unsigned best = 0;

	for (unsigned i = 1; i < r->n_active; i++) {
		if (r->active[i]->time < r->active[best]->time)
			best = i;
	}
	return best;
}

static void deliver(struct bpf_reader *r, struct lane *l, bpf_reader_fn fn, void *ctx)
{
	const uint8_t *record = l->data + l->at;

	/* A ring's data is mapped twice, a lane's goes on behind its end: there nothing
	 * has to be put together. */
	if (l->kind == KIND_PERF && l->at + l->len > l->mask + 1) {
		copy_out(l, l->at, r->wrapped, l->len);
		record = r->wrapped;
	}
	fn(ctx, record, l->len);
	l->tail += l->step;
}

int bpf_reader_drain(struct bpf_reader *r, uint64_t until, int budget, bpf_reader_fn fn, void *ctx)
{
	int taken = 0;

	look_at_lanes(r);
	while (r->n_active && taken < budget) {
		unsigned i = earliest(r);
		struct lane *l = r->active[i];
		bool more;

		if (l->time > until)
			break;
		deliver(r, l, fn, ctx);
		taken++;
		more = look(l);
		release(l, !more);
		if (!more)
			r->active[i] = r->active[--r->n_active];
	}
	for (unsigned i = 0; i < r->n_active; i++)
		release(r->active[i], true);
	return taken;
}

uint64_t bpf_reader_next(struct bpf_reader *r)
{
	unsigned fill = r->fill;

	look_at_lanes(r);
	r->fill = fill;
	return r->n_active ? r->active[earliest(r)]->time : UINT64_MAX;
}

unsigned bpf_reader_fill(const struct bpf_reader *r)
{
	return r->fill;
}
