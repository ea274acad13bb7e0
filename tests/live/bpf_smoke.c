/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints what the bpf source delivers, a line for each message, and its stats
 * at the end: bpf_smoke SECONDS [INTERFACE [PORT...]]. SECONDS may be 0 for
 * "until standard input ends". Writes "ready" to standard error once open.
 * With BPF_SMOKE_QUIET in its environment it only counts; BPF_SMOKE_WAY is the
 * number of the one way to try (enum bpf_way); with BPF_SMOKE_FIRST_ONLY further
 * sightings are not asked for.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/source/bpf.h"

static const char *address(const struct ip_addr *a, char *text, size_t size)
{
	if (ip_addr_is_v4(a))
		return inet_ntop(AF_INET, a->b + 12, text, (socklen_t)size);
	return inet_ntop(AF_INET6, a->b, text, (socklen_t)size);
}

#define KEPT 1024u

struct tally {
	uint64_t messages;
	struct dns_msg kept[KEPT]; /* by packet: what further sightings refer to */
	uint8_t wire[KEPT][4352];
	bool quiet; /* only count them: BPF_SMOKE_QUIET is set */
};

/* A message as it was the first time, where and when it was seen again. */
static struct dns_msg whole(struct tally *t, const struct dns_msg *m)
{
	unsigned at = (unsigned)(m->packet % KEPT);
	struct dns_msg first = t->kept[at];

	if (!m->again) {
		t->kept[at] = *m;
		if (m->wire_len <= sizeof(t->wire[at])) {
			memcpy(t->wire[at], m->wire, m->wire_len);
			t->kept[at].wire = t->wire[at];
		}
		return *m;
	}
	if (first.packet != m->packet)
		fprintf(stderr, "a packet that is not known\n");
	first.ts_ns = m->ts_ns;
	first.direction = m->direction;
	first.sighting = m->sighting;
	first.ifindex = m->ifindex;
	first.netns = m->netns;
	first.ifname = m->ifname;
	first.pid = first.uid = 0;
	first.cgroup = 0;
	memset(first.comm, 0, sizeof(first.comm));
	return first;
}

/* sum: a check of every byte, for the driver to compare with what it sent. */
static void print(void *ctx, const struct dns_msg *msg)
{
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	struct tally *t = ctx;
	const struct dns_msg now = whole(t, msg), *m = &now;
	uint32_t sum = 0;

	if (m->drop_reason) /* it was printed where it was seen before, if it was */
		return;
	t->messages++;
	if (t->quiet)
		return;
	for (uint32_t i = 0; i < m->wire_len; i++)
		sum = sum * 31 + m->wire[i];
	printf("{\"ts_ns\":%" PRIu64 ",\"dir\":\"%s\",\"origin\":%s,\"tcp\":%s,\"gap\":%s,"
	       "\"src\":\"%s\",\"sport\":%u,\"dst\":\"%s\",\"dport\":%u,\"id\":%u,\"qr\":%d,"
	       "\"len\":%u,\"orig\":%u,\"sum\":%u,\"ifname\":\"%s\",\"ifindex\":%u,"
	       "\"netns\":%u,\"ip_id\":%d,\"pid\":%u,\"uid\":%u,\"cgroup\":%" PRIu64
	       ",\"comm\":\"%.16s\"}\n",
	       m->ts_ns, m->direction == DIRECTION_OUT ? "out" : "in",
	       m->sighting == SIGHTING_ORIGIN ? "true" : "false",
	       m->transport == TRANSPORT_TCP ? "true" : "false", m->tcp_gap ? "true" : "false",
	       address(&m->src, src, sizeof(src)), m->src_port, address(&m->dst, dst, sizeof(dst)),
	       m->dst_port, m->wire_len > 1 ? m->wire[0] << 8 | m->wire[1] : 0,
	       m->wire_len > 2 ? m->wire[2] >> 7 : 0, m->wire_len, m->wire_orig, sum,
	       m->ifname ? m->ifname : "", m->ifindex, m->netns, m->has_ip_id ? m->ip_id : -1,
	       m->pid, m->uid, m->cgroup, m->comm);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int input_ended(void)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	char byte;

	return poll(&p, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

static int watch(struct source *s, double seconds)
{
	double end = now() + seconds;
	static struct tally tally;
	struct source_stats st = { 0 };
	struct err err = { 0 };
	int rc = 0;

	tally.quiet = getenv("BPF_SMOKE_QUIET");
	fprintf(stderr, "ready %s\n", s->notice);
	for (bool last = false; rc >= 0;) {
		struct pollfd p = { .fd = s->ops->fd(s), .events = POLLIN };

		rc = s->ops->poll(s, 65536, print, &tally, &err);
		if (rc == 0 && last)
			break;
		last = seconds > 0 ? now() > end : input_ended();
		if (rc < 65536)
			poll(&p, 1, s->ops->interval_ms(s));
	}
	s->ops->stats(s, &st);
	printf("{\"stats\":{\"packets\":%" PRIu64 ",\"messages\":%" PRIu64 ",\"printed\":%" PRIu64
	       ",\"hops\":%" PRIu64 ",\"query_hops\":%" PRIu64 ",\"lost_ring\":%" PRIu64
	       ",\"unreadable\":%" PRIu64 ",\"fragments\":%" PRIu64 ",\"not_dns\":%" PRIu64
	       ",\"tcp_gaps\":%" PRIu64 ",\"cut\":%" PRIu64 "}}\n",
	       st.packets, st.messages, tally.messages, st.hops, st.query_hops, st.lost_ring,
	       st.unreadable, st.fragments, st.not_dns, st.tcp_gaps, st.cut);
	if (rc < 0)
		fprintf(stderr, "%s\n", err.text);
	return rc < 0;
}

int main(int argc, char **argv)
{
	struct source_config cfg = { .input = argc > 2 && *argv[2] ? argv[2] : NULL };
	const char *way = getenv("BPF_SMOKE_WAY");
	struct source *s;
	struct err err;
	int rc;

	if (getenv("BPF_SMOKE_SERVERS")) {
		unsigned line;

		cfg.inventory = inventory_new(1);
		rc = inventory_read_servers(cfg.inventory, getenv("BPF_SMOKE_SERVERS"), &line);
		if (rc) {
			fprintf(stderr, "%d: server %u\n", rc, line);
			return 1;
		}
	}
	cfg.first_only = getenv("BPF_SMOKE_FIRST_ONLY");
	for (int i = 3; i < argc && cfg.n_ports < SOURCE_MAX_PORTS; i++)
		cfg.ports[cfg.n_ports++] = (uint16_t)atoi(argv[i]);
	rc = bpf_open(&s, &cfg, way ? 1u << atoi(way) : BPF_WAYS_ALL, &err);
	if (rc) {
		fprintf(stderr, "%d: %s\n", rc, err.text);
		return 1;
	}
	rc = watch(s, argc > 1 ? atof(argv[1]) : 0);
	s->ops->close(s);
	for (uint32_t i = 0; cfg.inventory && i < inventory_count(cfg.inventory); i++) {
		const struct inventory_row *r = inventory_at(cfg.inventory, i);

		printf("{\"kind\":\"%s\",\"connections\":%" PRIu64 ",\"out\":%" PRIu64
		       ",\"in\":%" PRIu64 ",\"comm\":\"%.16s\"}\n",
		       inventory_kind_name((enum inventory_kind)r->kind), r->connections,
		       r->bytes_out, r->bytes_in, r->comm);
	}
	inventory_free(cfg.inventory);
	return rc;
}
