/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/tcp_window.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RANGES_MIN 2
#define BYTES_MIN  64

static uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* How many bytes of the packed store a range has. */
static uint32_t range_bytes(const struct tcp_range *r)
{
	return r->absent ? 0 : r->len;
}

void tcp_window_clear(struct tcp_window *w)
{
	free(w->bytes);
	free(w->ranges);
	*w = (struct tcp_window){ .next = w->next };
}

bool tcp_window_empty(const struct tcp_window *w)
{
	return w->first == w->n;
}

size_t tcp_window_cost(const struct tcp_window *w)
{
	return w->cap + w->cap_ranges * sizeof(*w->ranges);
}

static int reserve_range(struct tcp_window *w)
{
	uint32_t cap = w->cap_ranges ? w->cap_ranges * 2 : RANGES_MIN;
	struct tcp_range *ranges;

	if (w->n < w->cap_ranges)
		return 0;
	ranges = realloc(w->ranges, cap * sizeof(*ranges));
	if (!ranges)
		return -ENOMEM;
	w->ranges = ranges;
	w->cap_ranges = cap;
	return 0;
}

static int reserve_bytes(struct tcp_window *w, uint32_t more)
{
	uint32_t cap = w->cap ? w->cap : BYTES_MIN;
	uint8_t *bytes;

	if (w->cap - w->len >= more)
		return 0;
	while (cap - w->len < more)
		cap *= 2;
	bytes = realloc(w->bytes, cap);
	if (!bytes)
		return -ENOMEM;
	w->bytes = bytes;
	w->cap = cap;
	return 0;
}

/* Makes a range the i-th; its bytes go to offset `at` of the store. */
static int range_insert(struct tcp_window *w, uint32_t i, uint32_t at,
			const struct tcp_range *range, const uint8_t *bytes)
{
	uint32_t len = range_bytes(range);
	int err = reserve_range(w);

	if (!err && len)
		err = reserve_bytes(w, len);
	if (err)
		return err;
	if (len) {
		memmove(w->bytes + at + len, w->bytes + at, w->len - at);
		memcpy(w->bytes + at, bytes, len);
		w->len += len;
	}
	memmove(w->ranges + i + 1, w->ranges + i, (w->n - i) * sizeof(*w->ranges));
	w->ranges[i] = *range;
	w->n++;
	return 0;
}

int tcp_window_put(struct tcp_window *w, const struct dns_msg *meta, uint32_t seq,
		   const uint8_t *bytes, uint32_t len)
{
	uint32_t done = 0;
	uint32_t at = 0;

	for (uint32_t i = 0; done < len; i++) {
		uint32_t pos = seq + done - w->next;
		uint32_t from = i < w->n ? w->ranges[i].seq - w->next : UINT32_MAX;

		if (pos < from) {
			struct tcp_range piece = {
				.seq = seq + done,
				.len = min_u32(len - done, from - pos),
				.absent = !bytes,
				.meta = *meta,
			};
			int err = range_insert(w, i, at, &piece, bytes ? bytes + done : NULL);

			if (err)
				return err;
			done += piece.len;
			at += range_bytes(&piece);
			continue;
		}
		if (pos - from < w->ranges[i].len)
			done += min_u32(len - done, w->ranges[i].len - (pos - from));
		at += range_bytes(&w->ranges[i]);
	}
	return 0;
}

/* The index of the first range that does not continue the bytes from `next`
 * on; *len is how many those are. */
static uint32_t front_end(const struct tcp_window *w, uint32_t *len)
{
	uint32_t i = w->first;

	*len = 0;
	while (i < w->n && !w->ranges[i].absent && w->ranges[i].seq == w->next + *len)
		*len += w->ranges[i++].len;
	return i;
}

uint32_t tcp_window_run(const struct tcp_window *w)
{
	uint32_t len;

	front_end(w, &len);
	return len;
}

const uint8_t *tcp_window_front(const struct tcp_window *w)
{
	return w->bytes + w->head;
}

struct tcp_range *tcp_window_first(struct tcp_window *w)
{
	return tcp_window_empty(w) ? NULL : &w->ranges[w->first];
}

const struct tcp_range *tcp_window_behind(const struct tcp_window *w)
{
	uint32_t len;
	uint32_t i = front_end(w, &len);

	return i < w->n ? &w->ranges[i] : NULL;
}

void tcp_window_advance(struct tcp_window *w, uint32_t n)
{
	w->next += n;
	while (!tcp_window_empty(w)) {
		struct tcp_range *r = &w->ranges[w->first];
		uint32_t passed = w->next - r->seq;

		if ((int32_t)passed <= 0)
			return;
		if (passed < r->len) {
			w->head += r->absent ? 0 : passed;
			r->seq += passed;
			r->len -= passed;
			r->taken = false;
			return;
		}
		w->head += range_bytes(r);
		w->first++;
	}
}

const struct dns_msg *tcp_window_newest(const struct tcp_window *w, uint32_t i, uint32_t n)
{
	const struct dns_msg *newest = &w->ranges[i].meta;
	uint32_t seen = w->ranges[i].len;

	while (seen < n && ++i < w->n) {
		if (w->ranges[i].meta.ts_ns >= newest->ts_ns)
			newest = &w->ranges[i].meta;
		seen += w->ranges[i].len;
	}
	return newest;
}

static void front_merge(struct tcp_window *w)
{
	uint32_t len;
	uint32_t end = front_end(w, &len);
	uint32_t drop = end - w->first;

	if (drop < 2)
		return;
	w->ranges[w->first].meta = *tcp_window_newest(w, w->first, len);
	w->ranges[w->first].len = len;
	w->ranges[w->first].taken = false;
	drop--;
	memmove(w->ranges + w->first + 1, w->ranges + end, (w->n - end) * sizeof(*w->ranges));
	w->n -= drop;
}

void tcp_window_tidy(struct tcp_window *w, bool merge)
{
	if (tcp_window_empty(w)) {
		tcp_window_clear(w);
		return;
	}
	if (merge)
		front_merge(w);
	if (w->head) {
		memmove(w->bytes, w->bytes + w->head, w->len - w->head);
		w->len -= w->head;
		w->head = 0;
	}
	if (w->first) {
		memmove(w->ranges, w->ranges + w->first, (w->n - w->first) * sizeof(*w->ranges));
		w->n -= w->first;
		w->first = 0;
	}
}
