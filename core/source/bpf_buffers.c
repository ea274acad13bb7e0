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
 * after it: a zone transfer of 4 MiB, seen where it leaves and where it comes in, by one
 * processor. Less than 512 KiB each may be had without CAP_IPC_LOCK. */
#define PERF_ALL_BYTES (16u << 20)
#define PERF_MIN_BYTES (256u << 10)
#define PERF_MAX_BYTES (8u << 20)

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* A ring's pages: the reader's, the writer's, and the data twice. */
struct ring_map {
	void *consumer;
	void *producer;
	size_t producer_bytes;
};

static int map_ring(struct bpf_buffers *b, unsigned i, int fd, size_t bytes)
{
	struct ring_map *m = &b->rings[i];
	size_t page = page_bytes();

	m->producer_bytes = page + 2 * bytes;
	m->consumer = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (m->consumer == MAP_FAILED) {
		m->consumer = NULL;
		return -errno;
	}
	m->producer = mmap(NULL, m->producer_bytes, PROT_READ, MAP_SHARED, fd, (off_t)page);
	if (m->producer == MAP_FAILED) {
		m->producer = NULL;
		return -errno;
	}
	return bpf_reader_set_ring(b->reader, i, m->consumer, m->producer,
				   (const uint8_t *)m->producer + page, bytes);
}

static int map_rings(struct bpf_buffers *b, const struct bpf_rings *rings)
{
	int rc = 0;

	b->rings = calloc(rings->n, sizeof(b->rings[0]));
	if (!b->rings)
		return -ENOMEM;
	b->n_rings = rings->n;
	for (unsigned i = 0; i < rings->n && !rc; i++)
		rc = map_ring(b, i, rings->fds[i], rings->bytes);
	return rc;
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

static int map_perf(struct bpf_buffers *b)
{
	size_t n = perf_buffer__buffer_cnt(b->perf);
	size_t bytes;
	void *base;
	int rc;

	for (size_t i = 0; i < n; i++) {
		rc = perf_buffer__buffer(b->perf, (int)i, &base, &bytes);
		if (!rc)
			rc = bpf_reader_set_perf(b->reader, b->n_rings + (unsigned)i, base, bytes);
		if (rc)
			return rc;
	}
	return 0;
}

int bpf_buffers_open(struct bpf_buffers *b, const struct bpf_rings *rings, int perf_fd,
		     struct err *err)
{
	int rc = 0;

	*b = (struct bpf_buffers){ .wait_fd = rings->fds[0] };
	if (perf_fd >= 0) {
		rc = open_perf(b, perf_fd);
		if (rc) {
			err_set(err, rc, "mapping the perf buffers: %s", strerror(-rc));
			goto out;
		}
		b->wait_fd = perf_buffer__epoll_fd(b->perf);
	}
	b->reader = bpf_reader_new(rings->n +
				   (b->perf ? (unsigned)perf_buffer__buffer_cnt(b->perf) : 0));
	if (!b->reader)
		rc = -ENOMEM;
	if (!rc)
		rc = map_rings(b, rings);
	if (!rc && b->perf)
		rc = map_perf(b);
	if (rc)
		err_set(err, rc, "mapping the rings: %s", strerror(-rc));
out:
	if (rc)
		bpf_buffers_close(b);
	return rc;
}

void bpf_buffers_close(struct bpf_buffers *b)
{
	for (unsigned i = 0; i < b->n_rings; i++) {
		if (b->rings[i].producer)
			munmap(b->rings[i].producer, b->rings[i].producer_bytes);
		if (b->rings[i].consumer)
			munmap(b->rings[i].consumer, page_bytes());
	}
	free(b->rings);
	perf_buffer__free(b->perf);
	bpf_reader_free(b->reader);
	*b = (struct bpf_buffers){ 0 };
}
