/* SPDX-License-Identifier: BSD-2-Clause */
/* The reader on made-up memory, written to as the kernel does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/source/bpf_reader.h"

#define BYTES 4096u
#define LANES 3
#define SEEN  1024

struct fake {
	struct bpf_reader *reader;
	struct event_lane *lane; /* the first of all, before the ring and the perf buffers */
	uint64_t consumer, producer;
	uint8_t ring[2 * BYTES];
	uint8_t *perf[LANES];
	uint64_t times[SEEN]; /* delivered */
	uint32_t lens[SEEN];
	int n;
};

static size_t page(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static struct perf_event_mmap_page *meta(struct fake *f, int lane)
{
	return (void *)f->perf[lane];
}

static int setup(void **state)
{
	struct fake *f = calloc(1, sizeof(*f));

	f->reader = bpf_reader_new(2 + LANES);
	f->lane = calloc(1, EVENT_LANE_HEAD + BYTES + EVENT_LANE_SLACK);
	bpf_reader_set_lane(f->reader, 0, f->lane, BYTES);
	bpf_reader_set_ring(f->reader, 1, &f->consumer, &f->producer, f->ring, BYTES);
	for (int i = 0; i < LANES; i++) {
		f->perf[i] = calloc(1, page() + BYTES);
		bpf_reader_set_perf(f->reader, 2 + (unsigned)i, f->perf[i], BYTES);
	}
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fake *f = *state;

	bpf_reader_free(f->reader);
	free(f->lane);
	for (int i = 0; i < LANES; i++)
		free(f->perf[i]);
	free(f);
	return 0;
}

/* A record is its time, then bytes that can be told from it. */
static void fill(uint8_t *to, uint64_t time, uint32_t len)
{
	memcpy(to, &time, sizeof(time));
	for (uint32_t i = sizeof(time); i < len; i++)
		to[i] = (uint8_t)(time * 7 + i);
}

static void on_record(void *ctx, const void *record, uint32_t len)
{
	struct fake *f = ctx;
	uint8_t want[BYTES];

	assert_in_range(f->n, 0, SEEN - 1);
	memcpy(&f->times[f->n], record, sizeof(uint64_t));
	f->lens[f->n] = len;
	fill(want, f->times[f->n++], len);
	assert_memory_equal(record, want, len);
}

/* As lane_end of bpf/lane.h does. */
static void lane_put(struct fake *f, uint64_t time, uint32_t len)
{
	uint8_t *to = (uint8_t *)f->lane + EVENT_LANE_HEAD + f->lane->head % BYTES;
	struct event_lane_record record = { .len = len };

	memcpy(to, &record, sizeof(record));
	fill(to + sizeof(record), time, len);
	f->lane->head += sizeof(record) + ((len + 7) & ~7u);
}

static void ring_put(struct fake *f, uint64_t time, uint32_t len, uint32_t flags)
{
	uint8_t record[BYTES] = { 0 };
	uint32_t step = (len + BPF_RINGBUF_HDR_SZ + 7) & ~7u;
	uint32_t word = len | flags;

	memcpy(record, &word, sizeof(word));
	fill(record + BPF_RINGBUF_HDR_SZ, time, len);
	for (uint32_t i = 0; i < step; i++) {
		uint64_t at = (f->producer + i) % BYTES;

		f->ring[at] = f->ring[at + BYTES] = record[i];
	}
	f->producer += step;
}

static void perf_put(struct fake *f, int lane, uint32_t type, uint64_t time, uint32_t len)
{
	uint8_t record[BYTES] = { 0 };
	uint32_t step = (uint32_t)(sizeof(struct perf_event_header) + 4 + len + 7) & ~7u;
	struct perf_event_header h = { .type = type, .size = (uint16_t)step };
	uint64_t head = meta(f, lane)->data_head;
	uint32_t raw = step - (uint32_t)sizeof(h) - 4;

	memcpy(record, &h, sizeof(h));
	memcpy(record + sizeof(h), &raw, sizeof(raw));
	fill(record + sizeof(h) + 4, time, raw);
	for (uint32_t i = 0; i < step; i++)
		f->perf[lane][page() + (head + i) % BYTES] = record[i];
	meta(f, lane)->data_head = head + step;
}

/* Where stores keep no order, a lane is read as far as the drain before saw it. */
static int drain(struct fake *f, uint64_t until, int budget)
{
	bpf_reader_drain(f->reader, until, 0, on_record, f);
	f->n = 0;
	return bpf_reader_drain(f->reader, until, budget, on_record, f);
}

static void assert_times(const struct fake *f, int n, const uint64_t *times)
{
	assert_int_equal(f->n, n);
	for (int i = 0; i < n; i++)
		assert_int_equal(f->times[i], times[i]);
}

static void test_empty(void **state)
{
	assert_int_equal(drain(*state, UINT64_MAX, 100), 0);
}

static void test_merges_by_time(void **state)
{
	struct fake *f = *state;

	ring_put(f, 10, 100, 0);
	lane_put(f, 15, 61);
	ring_put(f, 40, 100, 0);
	lane_put(f, 45, 100);
	perf_put(f, 2, PERF_RECORD_SAMPLE, 20, 60);
	perf_put(f, 0, PERF_RECORD_SAMPLE, 30, 60);
	perf_put(f, 2, PERF_RECORD_SAMPLE, 50, 60);
	perf_put(f, 0, PERF_RECORD_SAMPLE, 60, 60);
	ring_put(f, 70, 100, 0);
	assert_int_equal(drain(f, UINT64_MAX, 100), 9);
	assert_times(f, 9, (uint64_t[]){ 10, 15, 20, 30, 40, 45, 50, 60, 70 });
	assert_int_equal(f->consumer, f->producer);
	assert_int_equal(f->lane->tail, f->lane->head);
	for (int i = 0; i < LANES; i++)
		assert_int_equal(meta(f, i)->data_tail, meta(f, i)->data_head);
	assert_int_equal(drain(f, UINT64_MAX, 100), 0);
}

static void test_waits_for_earlier_ones(void **state)
{
	struct fake *f = *state;

	ring_put(f, 10, 16, 0);
	ring_put(f, 30, 16, 0);
	assert_int_equal(drain(f, 20, 100), 1);
	perf_put(f, 1, PERF_RECORD_SAMPLE, 15, 60);
	assert_int_equal(drain(f, 40, 100), 2);
	assert_times(f, 2, (uint64_t[]){ 15, 30 });
}

static void test_next(void **state)
{
	struct fake *f = *state;

	assert_true(bpf_reader_next(f->reader) == UINT64_MAX);
	ring_put(f, 30, 16, 0);
	lane_put(f, 20, 16);
	assert_true(bpf_reader_next(f->reader) == 20);
	assert_int_equal(bpf_reader_drain(f->reader, 25, 9, on_record, f), 1);
	assert_true(bpf_reader_next(f->reader) == 30);
	assert_int_equal(f->n, 1); /* looking takes nothing */
}

static void test_budget(void **state)
{
	struct fake *f = *state;

	for (uint64_t i = 0; i < 10; i++)
		ring_put(f, i, 16, 0);
	assert_int_equal(drain(f, UINT64_MAX, 4), 4);
	assert_int_equal(f->consumer, 4 * 24);
	assert_int_equal(drain(f, UINT64_MAX, 100), 6);
	assert_times(f, 6, (uint64_t[]){ 4, 5, 6, 7, 8, 9 });
}

static void test_ring_busy_and_discarded(void **state)
{
	struct fake *f = *state;
	uint32_t word = 16;

	ring_put(f, 1, 16, 0);
	ring_put(f, 2, 16, BPF_RINGBUF_DISCARD_BIT);
	ring_put(f, 3, 16, 0);
	ring_put(f, 4, 16, BPF_RINGBUF_BUSY_BIT);
	ring_put(f, 5, 16, 0);
	assert_int_equal(drain(f, UINT64_MAX, 100), 2);
	assert_times(f, 2, (uint64_t[]){ 1, 3 });
	assert_int_equal(drain(f, UINT64_MAX, 100), 0);
	memcpy(f->ring + 3 * 24, &word, sizeof(word));
	assert_int_equal(drain(f, UINT64_MAX, 100), 2);
	assert_times(f, 2, (uint64_t[]){ 4, 5 });
}

static void test_perf_other_kinds(void **state)
{
	struct fake *f = *state;

	perf_put(f, 0, PERF_RECORD_LOST, 1, 20);
	perf_put(f, 0, PERF_RECORD_SAMPLE, 2, 20);
	perf_put(f, 0, PERF_RECORD_LOST, 3, 20);
	assert_int_equal(drain(f, UINT64_MAX, 100), 1);
	assert_times(f, 1, (uint64_t[]){ 2 });
	assert_int_equal(meta(f, 0)->data_tail, meta(f, 0)->data_head);
}

/* Round and round, with sizes that meet the end in every way. */
static void test_wraps(void **state)
{
	struct fake *f = *state;
	uint64_t time = 0;

	for (uint32_t len = 8; len < 1200; len++) {
		lane_put(f, ++time, len);
		ring_put(f, ++time, len, 0);
		perf_put(f, 1, PERF_RECORD_SAMPLE, ++time, len);
		assert_int_equal(drain(f, UINT64_MAX, 100), 3);
		assert_int_equal(f->lens[0], len);
		assert_int_equal(f->lens[1], len);
		assert_true(f->lens[2] >= len);
	}
	assert_true(f->producer > 100 * BYTES);
	assert_true(f->lane->head > 100 * BYTES);
}

/* How full it is, and that room is given back. */
static void test_lane_fills(void **state)
{
	struct fake *f = *state;

	for (uint64_t i = 0; i < 10; i++)
		lane_put(f, i, 100);
	assert_int_equal(drain(f, UINT64_MAX, 4), 4);
	assert_int_equal(bpf_reader_fill(f->reader), 10 * 112 * 256 / BYTES);
	assert_int_equal(f->lane->tail, 4 * 112);
	assert_int_equal(drain(f, UINT64_MAX, 100), 6);
	assert_int_equal(f->lane->tail, f->lane->head);
}

static void test_lane_nonsense(void **state)
{
	static const uint32_t lens[] = { 0, 7, 200, EVENT_LANE_SLACK, UINT32_MAX };
	struct fake *f = *state;

	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct event_lane_record record = { .len = lens[i] };
		uint64_t at = f->lane->head % BYTES;

		lane_put(f, 1, 16);
		memcpy((uint8_t *)f->lane + EVENT_LANE_HEAD + at, &record, sizeof(record));
		assert_int_equal(drain(f, UINT64_MAX, 100), 0);
		assert_int_equal(f->lane->tail, f->lane->head);
	}
	lane_put(f, 2, 16);
	assert_int_equal(drain(f, UINT64_MAX, 100), 1);
}

/* Positions and sizes that no kernel writes end a lane, not the program. */
static void test_nonsense(void **state)
{
	struct fake *f = *state;
	struct perf_event_header h = { .type = PERF_RECORD_SAMPLE, .size = 0 };

	meta(f, 0)->data_head = 64;
	memcpy(f->perf[0] + page(), &h, sizeof(h));
	perf_put(f, 1, PERF_RECORD_SAMPLE, 1, 20);
	h.size = 60000;
	memcpy(f->perf[1] + page(), &h, sizeof(h));
	ring_put(f, 1, 16, 0);
	ring_put(f, 2, 16, 0x100000); /* a length beyond what was written */
	assert_int_equal(drain(f, UINT64_MAX, 100), 1);
	assert_int_equal(drain(f, UINT64_MAX, 100), 0);
}

static void test_sizes(void **state)
{
	struct fake *f = *state;

	assert_int_equal(
		bpf_reader_set_ring(f->reader, 1, &f->consumer, &f->producer, f->ring, 100),
		-EINVAL);
	assert_int_equal(bpf_reader_set_lane(f->reader, 0, f->lane, 100), -EINVAL);
	assert_int_equal(bpf_reader_set_perf(f->reader, 2, f->perf[0], 0), -EINVAL);
	assert_int_equal(bpf_reader_set_perf(f->reader, 2 + LANES, f->perf[0], BYTES), -EINVAL);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_empty),
		TEST(test_merges_by_time),
		TEST(test_waits_for_earlier_ones),
		TEST(test_next),
		TEST(test_budget),
		TEST(test_ring_busy_and_discarded),
		TEST(test_perf_other_kinds),
		TEST(test_wraps),
		TEST(test_lane_fills),
		TEST(test_lane_nonsense),
		TEST(test_nonsense),
		TEST(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
