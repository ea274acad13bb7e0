/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_buffers.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* For all processors' perf buffers together, and for each at least and at the
 * most. One segment takes up to 64 KiB, a burst of large answers is read only
 * after it: a zone transfer of 6 MiB, seen where it leaves and where it comes in, by one
 * processor, while a busy machine lets nobody read. Less than 512 KiB each may be had
 * without CAP_IPC_LOCK. */
#define PERF_ALL_BYTES (32u << 20)
#define PERF_MIN_BYTES (256u << 10)
#define PERF_MAX_BYTES (16u << 20)

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static int map_ring(struct bpf_buffers *b, unsigned i, int fd, size_t bytes)
{
	size_t page = page_bytes();

	b->producer_bytes = page + 2 * bytes;
	b->consumer = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (b->consumer == MAP_FAILED) {
		b->consumer = NULL;
		return -errno;
	}
	b->producer = mmap(NULL, b->producer_bytes, PROT_READ, MAP_SHARED, fd, (off_t)page);
	if (b->producer == MAP_FAILED) {
		b->producer = NULL;
		return -errno;
	}
	return bpf_reader_set_ring(b->reader, i, b->consumer, b->producer,
				   (const uint8_t *)b->producer + page, bytes);
}

static struct perf_event_attr perf_attr(size_t bytes)
{
	return (struct perf_event_attr){
		.size = sizeof(struct perf_event_attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_RAW,
		.sample_period = 1,
		.watermark = 1,
		.wakeup_watermark = (uint32_t)bytes / 8,
	};
}

bool bpf_buffers_perf_permitted(void)
{
	struct perf_event_attr attr = perf_attr(PERF_MIN_BYTES);
	long fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return errno != EPERM && errno != EACCES;
	close((int)fd);
	return true;
}

static struct perf_buffer *perf_of_size(int fd, size_t bytes)
{
	struct perf_event_attr attr = perf_attr(bytes);

	return perf_buffer__new_raw(fd, bytes / page_bytes(), &attr, NULL, NULL, NULL);
}

/* As large as the limit on locked memory permits. */
static int open_perf(struct bpf_buffers *b, int fd)
{
	size_t bytes = PERF_MAX_BYTES;
	int cpus = libbpf_num_possible_cpus();

	while (bytes > PERF_MIN_BYTES && bytes * (size_t)(cpus > 0 ? cpus : 1) > PERF_ALL_BYTES)
		bytes /= 2;
	b->perf = perf_of_size(fd, bytes);
	while (!b->perf && errno == EPERM && bytes > PERF_MIN_BYTES) {
		bytes /= 2;
		b->perf = perf_of_size(fd, bytes);
	}
	return b->perf ? 0 : -errno;
}

static int map_perf(struct bpf_buffers *b, unsigned first)
{
	size_t n = perf_buffer__buffer_cnt(b->perf);
	size_t bytes;
	void *base;
	int rc;

	for (size_t i = 0; i < n; i++) {
		rc = perf_buffer__buffer(b->perf, (int)i, &base, &bytes);
		if (!rc)
			rc = bpf_reader_set_perf(b->reader, first + (unsigned)i, base, bytes);
		if (rc)
			return rc;
	}
	return 0;
}

/* The lanes, the ring, the perf buffers. */
static int set_reader(struct bpf_buffers *b, const struct bpf_written *w)
{
	unsigned n_lanes = w->lanes ? w->lanes->n : 0;
	unsigned n_perf = b->perf ? (unsigned)perf_buffer__buffer_cnt(b->perf) : 0;
	int rc = 0;

	b->reader = bpf_reader_new(n_lanes + 1 + n_perf);
	if (!b->reader)
		return -ENOMEM;
	for (unsigned i = 0; i < n_lanes && !rc; i++)
		rc = bpf_reader_set_lane(b->reader, i, bpf_lanes_at(w->lanes, i), w->lanes->bytes);
	if (!rc)
		rc = map_ring(b, n_lanes, w->ring_fd, w->ring_bytes);
	if (!rc && b->perf)
		rc = map_perf(b, n_lanes + 1);
	return rc;
}

int bpf_buffers_open(struct bpf_buffers *b, const struct bpf_written *w, struct err *err)
{
	int rc = 0;

	*b = (struct bpf_buffers){ .wait_fd = w->ring_fd };
	if (w->perf_fd >= 0) {
		rc = open_perf(b, w->perf_fd);
		if (rc) {
			err_set(err, rc, "mapping the perf buffers: %s", strerror(-rc));
			goto out;
		}
		b->wait_fd = perf_buffer__epoll_fd(b->perf);
	}
	rc = set_reader(b, w);
	if (rc)
		err_set(err, rc, "mapping the ring: %s", strerror(-rc));
out:
	if (rc)
		bpf_buffers_close(b);
	return rc;
}

void bpf_buffers_close(struct bpf_buffers *b)
{
	if (b->producer)
		munmap(b->producer, b->producer_bytes);
	if (b->consumer)
		munmap(b->consumer, page_bytes());
	perf_buffer__free(b->perf);
	bpf_reader_free(b->reader);
	*b = (struct bpf_buffers){ 0 };
}
