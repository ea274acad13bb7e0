/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_lanes.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* For all processors together, and for each at least and at the most: 4 MiB are
 * 20 ms of a million queries a second. */
#define LANES_ALL_BYTES (16u << 20)
#define LANE_MIN_BYTES  (512u << 10)
#define LANE_MAX_BYTES  (8u << 20)

static size_t bytes_for(unsigned n)
{
	size_t bytes = LANE_MAX_BYTES;

	while (bytes > LANE_MIN_BYTES && bytes * n > LANES_ALL_BYTES)
		bytes /= 2;
	return bytes;
}

static size_t value_bytes(const struct bpf_lanes *l)
{
	return EVENT_LANE_HEAD + l->bytes + EVENT_LANE_SLACK;
}

static int make_map(struct bpf_lanes *l)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_MMAPABLE);

	for (;;) {
		l->fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "lanes", sizeof(__u32),
				       (__u32)value_bytes(l), l->n, &opts);
		/* Older kernels have a limit for one value of 4 MiB. */
		if (l->fd != -E2BIG || l->bytes <= LANE_MIN_BYTES)
			return l->fd < 0 ? l->fd : 0;
		l->bytes /= 2;
	}
}

int bpf_lanes_open(struct bpf_lanes *l, struct err *err)
{
	int cpus = libbpf_num_possible_cpus();
	int rc;

	*l = (struct bpf_lanes){ .n = cpus > 0 ? (unsigned)cpus : 1 };
	l->bytes = bytes_for(l->n);
	rc = make_map(l);
	if (rc) {
		*l = (struct bpf_lanes){ 0 };
		return err_set(err, rc, "lanes for the packets: %s", strerror(-rc));
	}
	l->mapped = l->n * value_bytes(l);
	l->map = mmap(NULL, l->mapped, PROT_READ | PROT_WRITE, MAP_SHARED, l->fd, 0);
	if (l->map == MAP_FAILED) {
		rc = -errno;
		l->map = NULL;
		bpf_lanes_close(l);
		return err_set(err, rc, "mapping the lanes: %s", strerror(-rc));
	}
	return 0;
}

void bpf_lanes_close(struct bpf_lanes *l)
{
	if (l->map)
		munmap(l->map, l->mapped);
	if (l->n)
		close(l->fd);
	*l = (struct bpf_lanes){ 0 };
}

struct event_lane *bpf_lanes_at(const struct bpf_lanes *l, unsigned i)
{
	return (struct event_lane *)((char *)l->map + i * value_bytes(l));
}

void bpf_lanes_tell(const struct bpf_lanes *l, const struct event_control *control)
{
	for (unsigned i = 0; i < l->n; i++)
		*(volatile struct event_control *)&bpf_lanes_at(l, i)->control = *control;
}
