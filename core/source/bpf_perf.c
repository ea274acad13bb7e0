/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_perf.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORD_MAX 65536 /* perf_event_header.size has 16 bits */

/* What a PERF_RECORD_SAMPLE with PERF_SAMPLE_RAW alone begins with. */
struct sample_head {
	struct perf_event_header header;
	uint32_t size; /* of the bytes that follow */
};

struct lane {
	struct perf_event_mmap_page *meta;
	const uint8_t *data;
	uint64_t mask;
	uint64_t tail; /* where the next record begins */
	uint64_t head; /* where the records end that this drain has seen */
	uint64_t time; /* of the record at tail */
	struct sample_head sample;
};

struct bpf_perf {
	unsigned n;
	unsigned n_active; /* lanes with a record, first in `active` */
	struct lane **active;
	struct lane *lanes;
	uint8_t wrapped[RECORD_MAX]; /* a record that lies around a buffer's end */
};

struct bpf_perf *bpf_perf_new(unsigned n)
{
	struct bpf_perf *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->n = n;
	p->lanes = calloc(n, sizeof(*p->lanes));
	p->active = calloc(n, sizeof(struct lane *));
	if (!p->lanes || !p->active) {
		bpf_perf_free(p);
		return NULL;
	}
	return p;
}

void bpf_perf_free(struct bpf_perf *p)
{
	if (!p)
		return;
	free(p->active);
	free(p->lanes);
	free(p);
}

int bpf_perf_set(struct bpf_perf *p, unsigned i, void *base, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = size - page;

	if (i >= p->n || size <= page || (bytes & (bytes - 1)))
		return -EINVAL;
	p->lanes[i] = (struct lane){
		.meta = base,
		.data = (const uint8_t *)base + page,
		.mask = bytes - 1,
	};
	return 0;
}

/* `len` bytes at a place of the buffer, which may go on at its beginning. */
static void copy_out(const struct lane *l, uint64_t at, void *to, size_t len)
{
	size_t first = (size_t)(l->mask + 1 - (at & l->mask));

	if (first > len)
		first = len;
	memcpy(to, l->data + (at & l->mask), first);
	memcpy((uint8_t *)to + first, l->data, len - first);
}

/* Finds the next sample and its time; steps over records of other kinds (the
 * kernel's own count of lost ones, which the programs count themselves). */
static int look(struct lane *l)
{
	while (l->head - l->tail >= sizeof(l->sample)) {
		copy_out(l, l->tail, &l->sample, sizeof(l->sample));
		if (l->sample.header.size < sizeof(l->sample.header) ||
		    l->sample.header.size > l->head - l->tail)
			break;
		if (l->sample.header.type == PERF_RECORD_SAMPLE &&
		    l->sample.header.size >= sizeof(l->sample) + sizeof(l->time) &&
		    l->sample.size <= l->sample.header.size - sizeof(l->sample)) {
			copy_out(l, l->tail + sizeof(l->sample), &l->time, sizeof(l->time));
			return 1;
		}
		l->tail += l->sample.header.size;
	}
	l->tail = l->head; /* nothing more that makes sense */
	return 0;
}

static void release(struct lane *l)
{
	__atomic_store_n(&l->meta->data_tail, l->tail, __ATOMIC_RELEASE);
}

static void look_at_lanes(struct bpf_perf *p)
{
	p->n_active = 0;
	for (unsigned i = 0; i < p->n; i++) {
		struct lane *l = &p->lanes[i];

		if (!l->meta)
			continue;
		l->head = __atomic_load_n(&l->meta->data_head, __ATOMIC_ACQUIRE);
		l->tail = l->meta->data_tail;
		if (look(l))
			p->active[p->n_active++] = l;
		else
			release(l);
	}
}

static unsigned earliest(const struct bpf_perf *p)
{
	unsigned best = 0;

	for (unsigned i = 1; i < p->n_active; i++) {
		if (p->active[i]->time < p->active[best]->time)
			best = i;
	}
	return best;
}

static void deliver(struct bpf_perf *p, struct lane *l, bpf_perf_fn fn, void *ctx)
{
	uint64_t at = l->tail + sizeof(l->sample);
	const uint8_t *record = l->data + (at & l->mask);

	if ((at & l->mask) + l->sample.size > l->mask + 1) {
		copy_out(l, at, p->wrapped, l->sample.size);
		record = p->wrapped;
	}
	fn(ctx, record, l->sample.size);
	l->tail += l->sample.header.size;
}

int bpf_perf_drain(struct bpf_perf *p, int budget, bpf_perf_fn fn, void *ctx)
{
	int taken = 0;

	look_at_lanes(p);
	while (p->n_active && taken < budget) {
		unsigned i = earliest(p);
		struct lane *l = p->active[i];
		int more;

		deliver(p, l, fn, ctx);
		taken++;
		more = look(l);
		release(l);
		if (!more)
			p->active[i] = p->active[--p->n_active];
	}
	return taken;
}
