/* SPDX-License-Identifier: BSD-2-Clause */
/* Live packets of every network namespace, from the kernel programs in bpf/. */
#include "core/source/bpf.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bpf/event.h"
#include "core/source/bpf_buffers.h"
#include "core/source/bpf_clock.h"
#include "core/source/bpf_conntrack.h"
#include "core/source/bpf_drops.h"
#include "core/source/bpf_exe.h"
#include "core/source/bpf_follow.h"
#include "core/source/bpf_names.h"
#include "core/source/bpf_shed.h"
#include "core/source/bpf_tls.h"
#include "core/source/packet.h"
#include "core/source/source_list.h"

/* The lanes wake nobody (that would cost the sender of each packet); they are drained
 * by time: seldom, since whoever is interrupted for it finds the caches full of ours,
 * but so often that the fullest is a fifth full, in 256ths. */
#define INTERVAL_MS     20
#define INTERVAL_MIN_MS 5
#define INTERVAL_MAX_MS 40
#define FILL_WANTED     48u

/* A record has its time before it can be seen, and each processor has a lane of its
 * own: what is younger than this waits for what may be older and still to come. */
#define WRITING_NS 20000u

/* An interface that vanished is noticed within this. */
#define LOOK_EVERY_NS 1000000000u

struct bpf_source {
	struct source base;
	struct bpf_lanes lanes;
	struct bpf_programs programs;
	struct bpf_buffers buffers;
	struct packet_decoder *decoder;
	struct inventory *inventory; /* borrowed; NULL: nobody wants it */
	struct btf *kernel;          /* its types, while it is opened; NULL: it tells none */
	struct bpf_names *names;
	struct bpf_drops *drops;
	struct bpf_tls *tls; /* NULL: not asked for */
	struct bpf_clock clock;
	struct bpf_shed shed;
	struct bpf_follow follow;
	uint64_t again;   /* further sightings that were told */
	uint64_t *counts; /* room for one counter of every processor */
	unsigned ifindex; /* of the interface that was asked for; 0: all */
	uint64_t seen_ns; /* monotonic, when that was there last */
	int n_cpus;
	int left;             /* of the budget, while polling */
	unsigned interval_ms; /* between drains */
	source_msg_fn fn;     /* while polling */
	void *ctx;
};

static void deliver(void *ctx, const struct dns_msg *msg)
{
	struct bpf_source *s = ctx;
	uint32_t follow = bpf_follow_greatest(&s->follow);
	struct dns_msg half;
	__u16 id;

	if ((!s->shed.greatest && !follow) || msg->wire_len < sizeof(id)) {
		s->fn(s->ctx, msg);
		return;
	}
	half = *msg;
	memcpy(&id, msg->wire, sizeof(id));
	half.half = event_is_shed(id, s->shed.greatest);
	half.unfollowed = msg->transport == TRANSPORT_UDP && event_is_shed(id, follow);
	s->fn(s->ctx, &half);
}

static void take(struct bpf_source *s, const struct event *e, const uint8_t *bytes)
{
	struct packet_redirected redirected;
	struct event_asked asked;
	struct packet p = {
		.ts_ns = bpf_clock_epoch(&s->clock, e->ts_ns),
		.link = PACKET_LINK_IP,
		.bytes = bytes + e->skip,
		.len = e->captured - e->skip,
		.orig_len = e->orig_len - e->skip,
		.more = e->flags & EVENT_MORE,
		.meta = {
			.sighting = e->flags & EVENT_ORIGIN ? SIGHTING_ORIGIN : SIGHTING_HOP,
			.direction = e->flags & EVENT_OUT ? DIRECTION_OUT : DIRECTION_IN,
			.ifindex = e->ifindex,
			.netns = e->netns,
			.ifname = bpf_names_keep(s->names, e->ifname),
			.cookie = e->cookie,
			.packet = e->flags & EVENT_DROP ? 0 : e->ts_ns,
			.packet_place = e->flags & EVENT_DROP ? 0 : e->place,
		},
	};

	if (e->flags & EVENT_ASKED) {
		if (e->skip < sizeof(asked))
			return;
		memcpy(&asked, bytes, sizeof(asked));
		redirected.address = asked.address;
		redirected.port = ntohs(asked.port);
		redirected.answer = asked.answer;
		p.redirected = &redirected;
	}
	if (e->flags & EVENT_DROP) {
		p.meta.direction = DIRECTION_UNKNOWN;
		p.meta.drop_reason = bpf_drops_name(s->drops, e->reason);
		if (!p.meta.drop_reason)
			return;
		if (e->skip == EVENT_FUNCTION)
			p.meta.drop_by = (const char *)bytes;
	}
	if (e->flags & EVENT_OWNER) {
		p.meta.pid = e->pid;
		p.meta.uid = e->uid;
		p.meta.cgroup = e->cgroup;
		p.meta.start_ns = e->start_ns;
		p.meta.execs = e->execs;
		memcpy(p.meta.comm, e->comm, sizeof(p.meta.comm));
	}
	packet_decode(s->decoder, &p);
}

static void take_again(struct bpf_source *s, const struct event_again *e)
{
	const struct dns_msg msg = {
		.ts_ns = bpf_clock_epoch(&s->clock, e->ts_ns),
		.packet = e->first_ns,
		.packet_place = e->place,
		.again = true,
		.sighting = SIGHTING_HOP,
		.direction = e->flags & EVENT_OUT ? DIRECTION_OUT : DIRECTION_IN,
		.ifindex = e->ifindex,
		.netns = e->netns,
		.ifname = bpf_names_keep(s->names, e->ifname),
		.wire = (const uint8_t *)&e->id,
		.wire_len = sizeof(e->id),
		.wire_orig = sizeof(e->id),
	};

	s->again++;
	s->fn(s->ctx, &msg);
}

static void on_record(void *ctx, const void *record, uint32_t len)
{
	struct event_again again;
	struct event e;

	if (len == sizeof(again)) {
		memcpy(&again, record, sizeof(again));
		take_again(ctx, &again);
	}
	if (len < sizeof(e))
		return;
	memcpy(&e, record, sizeof(e)); /* aligned to 4 bytes only */
	if (e.captured <= len - sizeof(e) && e.skip <= e.captured && e.captured <= e.orig_len)
		take(ctx, &e, (const uint8_t *)record + sizeof(e));
}

static void tell_measures(struct bpf_source *s)
{
	struct event_control control = {
		.shed_queries = s->shed.queries,
		.shed_answers = s->shed.answers,
		.follow = s->follow.level,
	};

	bpf_lanes_tell(&s->lanes, &control);
}

/* Whether the interface that was asked for, of whatever name now, is no more. */
static bool is_gone(struct bpf_source *s, uint64_t now_ns)
{
	char name[IF_NAMESIZE];

	if (!s->ifindex || now_ns - s->seen_ns < LOOK_EVERY_NS)
		return false;
	s->seen_ns = now_ns;
	return !if_indextoname(s->ifindex, name) && errno == ENXIO;
}

/* What sessions bring comes in the order of time with the packets: who asks a resolver
 * in plain is asked for over TLS before the answer. Packets first where both are late. */
static int drain(struct bpf_source *s, uint64_t until, int budget, unsigned *fill)
{
	int taken = 0;
	uint64_t next;

	*fill = 0;
	do {
		next = s->tls ? bpf_tls_next(s->tls) : UINT64_MAX;
		taken += bpf_reader_drain(s->buffers.reader, next < until ? next : until,
					  budget - taken, on_record, s);
		if (bpf_reader_fill(s->buffers.reader) > *fill)
			*fill = bpf_reader_fill(s->buffers.reader);
		if (next > until || taken >= budget)
			break;
		next = bpf_reader_next(s->buffers.reader);
		taken += bpf_tls_drain(s->tls, &s->clock, next < until ? next : until,
				       budget - taken);
	} while (taken < budget);
	return taken;
}

/* fill: as of the whole poll, whatever was drained for the sake of a session. */
static void set_interval(struct bpf_source *s, unsigned fill)
{
	unsigned ms = fill ? s->interval_ms * FILL_WANTED / fill : INTERVAL_MS;

	/* What has just begun is soon more. */
	ms = ms < s->interval_ms * 5 / 4 ? ms : s->interval_ms * 5 / 4;
	ms = ms < INTERVAL_MAX_MS ? ms : INTERVAL_MAX_MS;
	s->interval_ms = ms > INTERVAL_MIN_MS ? ms : INTERVAL_MIN_MS;
}

static int poll_records(struct source *base, int budget, source_msg_fn fn, void *ctx,
			struct err *err)
{
	struct bpf_source *s = (struct bpf_source *)base;
	struct bpf_clock_reading now = bpf_clock_read();
	unsigned fill;
	int taken;

	bpf_clock_update(&s->clock, &now);
	s->fn = fn;
	s->ctx = ctx;
	if (s->tls)
		bpf_tls_look(s->tls, now.before_ns);
	taken = drain(s, now.before_ns - WRITING_NS, budget, &fill);
	set_interval(s, fill);
	/* Both look, whatever the other finds. */
	if (bpf_shed_update(&s->shed, fill, EVENT_SHED_MAX, now.before_ns) |
	    bpf_follow_update(&s->follow, s->again, EVENT_SHED_MAX, now.before_ns))
		tell_measures(s);
	if (taken == 0 && is_gone(s, now.before_ns))
		return err_set(err, -ENODEV, "the interface %s has disappeared", s->base.title);
	return taken;
}

static void close_kernel_side(struct bpf_source *s)
{
	bpf_buffers_close(&s->buffers);
	bpf_programs_close(&s->programs);
	bpf_lanes_close(&s->lanes);
}

/* As event_resolver_bit wants it. */
static __u32 address_word(const struct ip_addr *a)
{
	__u32 w[4];

	memcpy(w, a->b, sizeof(w));
	return ip_addr_is_v4(a) ? w[3] : w[0] ^ w[1] ^ w[2] ^ w[3];
}

static int tell_resolvers(struct bpf_source *s)
{
	const struct ip_addr *a;
	__u32 yes = 1;
	size_t n = 0;
	int rc = 0;

	a = s->inventory ? inventory_servers(s->inventory, &n) : NULL;
	for (size_t i = 0; i < n && !rc; i++)
		rc = bpf_map_update_elem(s->programs.resolvers_fd, &a[i], &yes, BPF_ANY);
	return rc;
}

/* The readers are there before the programs run, so that nothing is lost. */
static int try_way(struct bpf_source *s, enum bpf_way way, struct event_config *config,
		   struct err *why)
{
	struct bpf_written written = { .lanes = &s->lanes, .ring_bytes = EVENT_RING_BYTES };
	int rc = bpf_lanes_open(&s->lanes, why);

	if (rc)
		return rc;
	config->lane_mask = s->lanes.bytes - 1;
	rc = bpf_programs_load(&s->programs, way, config, &s->lanes, s->kernel, why);
	written.ring_fd = s->programs.ring_fd;
	written.perf_fd = s->programs.perf_fd;
	if (!rc)
		rc = bpf_buffers_open(&s->buffers, &written, why);
	if (!rc && tell_resolvers(s))
		rc = err_set(why, -errno, "the list of servers: %s", strerror(errno));
	if (!rc)
		rc = bpf_programs_attach(&s->programs, why);
	if (rc)
		close_kernel_side(s);
	return rc;
}

static int open_kernel_side(struct bpf_source *s, struct event_config *config, unsigned ways,
			    struct err *err)
{
	struct err why[BPF_WAYS] = { 0 };
	int rc;

	for (int way = 0; way < BPF_WAYS; way++) {
		if (!(ways >> way & 1))
			continue;
		rc = try_way(s, (enum bpf_way)way, config, &why[way]);
		if (!rc)
			return 0;
		if (rc == -ENOMEM)
			return err_set(err, rc, "no memory for the kernel's ring");
	}
	return bpf_explain(why, err);
}

static void set_encrypted(struct event_config *config, const struct inventory *inventory)
{
	const struct ip_addr *a;
	size_t n;

	if (!inventory)
		return;
	a = inventory_servers(inventory, &n);
	config->encrypted = 1;
	config->n_resolvers = (__u32)n;
	for (size_t i = 0; i < n; i++) {
		__u32 bit = event_resolver_bit(address_word(&a[i]));

		config->resolver_bits[bit / 64] |= 1ull << bit % 64;
	}
}

static void set_ports(struct event_config *config, const struct source_config *cfg)
{
	const uint16_t *ports = cfg->ports;
	unsigned n = source_ports(&ports, cfg->n_ports);
	__u32 mask = 0xffff;

	for (unsigned i = 0; i < n && i < EVENT_PORTS_MAX; i++) {
		config->ports[i] = htons(ports[i]);
		mask &= ~(__u32)(config->ports[i] ^ config->ports[0]);
		config->n_ports = i + 1;
	}
	config->port_mask = mask << 16 | mask;
	config->port_value = (__u32)config->ports[0] << 16 | config->ports[0];
}

_Static_assert((int)EVENT_CGROUPS_V2 == CGROUPS_V2 && (int)EVENT_CGROUPS_PIDS == CGROUPS_PIDS &&
		       (int)EVENT_CGROUPS_MEMORY == CGROUPS_MEMORY &&
		       (int)EVENT_CGROUPS_CPU == CGROUPS_CPU,
	       "the kernel programs count hierarchies alike");

static int make_config(struct event_config *config, const struct source_config *cfg,
		       struct btf *kernel, struct err *err)
{
	struct stat st;

	memcpy(config->function_format, "%ps", sizeof("%ps"));
	config->cgroups = cfg->cgroups;
	config->first_only = cfg->first_only;
	set_ports(config, cfg);
	set_encrypted(config, cfg->inventory);
	bpf_conntrack_find(config, kernel);
	if (!cfg->input || strcmp(cfg->input, "any") == 0)
		return 0;
	config->ifindex = if_nametoindex(cfg->input);
	if (!config->ifindex)
		return err_set(err, -ENODEV, "no interface is called %s", cfg->input);
	if (stat("/proc/self/ns/net", &st))
		return err_set(err, -errno, "/proc/self/ns/net: %s", strerror(errno));
	config->netns = (unsigned)st.st_ino;
	return 0;
}

static void close_source(struct source *base)
{
	struct bpf_source *s = (struct bpf_source *)base;

	if (!s)
		return;
	close_kernel_side(s);
	bpf_tls_close(s->tls);
	packet_decoder_free(s->decoder);
	bpf_names_free(s->names);
	bpf_drops_free(s->drops);
	free(s->counts);
	free(s);
}

static int make_reader(struct bpf_source *s, const struct source_config *cfg)
{
	struct bpf_clock_reading reading = bpf_clock_read();

	bpf_clock_init(&s->clock, &reading);
	s->n_cpus = libbpf_num_possible_cpus();
	if (s->n_cpus < 0)
		return s->n_cpus;
	s->counts = calloc((size_t)s->n_cpus, sizeof(*s->counts));
	s->decoder = packet_decoder_new(cfg->ports, cfg->n_ports, deliver, s);
	if (s->decoder && cfg->inventory)
		packet_decoder_inventory(s->decoder, cfg->inventory);
	s->inventory = cfg->inventory;
	s->names = bpf_names_new();
	s->drops = bpf_drops_new(s->kernel);
	return s->counts && s->decoder && s->names && s->drops ? 0 : -ENOMEM;
}

int bpf_open(struct source **out, const struct source_config *cfg, unsigned ways, struct err *err)
{
	struct event_config config = { 0 };
	struct bpf_source *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return err_set(err, -ENOMEM, "%s", strerror(ENOMEM));
	s->kernel = btf__load_vmlinux_btf();
	rc = make_config(&config, cfg, s->kernel, err);
	if (rc)
		goto out;
	config.linear_only = !bpf_buffers_perf_permitted();
	rc = make_reader(s, cfg);
	if (rc) {
		err_set(err, rc, "%s", strerror(-rc));
		goto out;
	}
	rc = open_kernel_side(s, &config, ways, err);
	if (rc)
		goto out;
	if (cfg->decrypt) {
		rc = bpf_tls_open(&s->tls, cfg->cgroups == CGROUPS_V2, deliver, s, err);
		if (rc)
			goto out;
	}
	s->base.ops = &source_bpf;
	s->base.live = true;
	s->interval_ms = INTERVAL_MS;
	s->ifindex = config.ifindex;
	snprintf(s->base.title, sizeof(s->base.title), "%s", config.ifindex ? cfg->input : "all");
	bpf_notice(&s->programs, s->base.notice, sizeof(s->base.notice));
	if (s->tls && !s->base.notice[0])
		bpf_tls_notice(s->tls, s->base.notice, sizeof(s->base.notice));
	*out = &s->base;
out:
	btf__free(s->kernel);
	s->kernel = NULL;
	if (rc)
		close_source(&s->base);
	return rc;
}

static int open_source(struct source **out, const struct source_config *cfg, struct err *err)
{
	return bpf_open(out, cfg, BPF_WAYS_ALL, err);
}

static int wait_fd(const struct source *base)
{
	const struct bpf_source *s = (const struct bpf_source *)base;

	return s->buffers.wait_fd;
}

static int interval_ms(const struct source *base)
{
	const struct bpf_source *s = (const struct bpf_source *)base;

	return (int)s->interval_ms;
}

static uint64_t counter(struct bpf_source *s, __u32 what)
{
	uint64_t sum = 0;

	if (bpf_map_lookup_elem(s->programs.counters_fd, &what, s->counts))
		return 0;
	for (int i = 0; i < s->n_cpus; i++)
		sum += s->counts[i];
	return sum;
}

static void stats(struct source *base, struct source_stats *out)
{
	struct bpf_source *s = (struct bpf_source *)base;

	packet_decoder_stats(s->decoder, out);
	if (s->tls)
		bpf_tls_stats(s->tls, out);
	out->packets += s->again;
	out->messages += s->again;
	out->shed += counter(s, EVENT_COUNT_SHED);
	out->query_hops += counter(s, EVENT_COUNT_AGAIN);
	out->hops += out->query_hops + counter(s, EVENT_COUNT_ANSWER_AGAIN);
	out->packets += out->shed + out->hops;
	out->sampling = bpf_shed_one_in(&s->shed);
	out->following = bpf_follow_one_in(&s->follow);
	out->lost_ring += counter(s, EVENT_COUNT_RING) + counter(s, EVENT_COUNT_PERF);
	out->unreadable += counter(s, EVENT_COUNT_UNREADABLE) + counter(s, EVENT_COUNT_HEADERS);
	out->fragments += counter(s, EVENT_COUNT_FRAGMENT);
}

static int executable(const struct source *base, const struct dns_msg *msg, char *path, size_t size)
{
	const struct bpf_source *s = (const struct bpf_source *)base;

	return bpf_exe_find(s->programs.executables_fd, msg, path, size);
}

static int cgroup_path(const struct source *base, uint64_t cgroup, char *path, size_t size)
{
	const struct bpf_source *s = (const struct bpf_source *)base;
	struct event_cgroup found;
	size_t len;

	if (bpf_map_lookup_elem(s->programs.cgroup_paths_fd, &cgroup, &found) || found.id != cgroup)
		return 0;
	len = strnlen(found.path, sizeof(found.path));
	if (len >= size || len == sizeof(found.path))
		return 0;
	memcpy(path, found.path, len + 1);
	return (int)len;
}

const struct source_ops source_bpf = {
	.name = "bpf",
	.open = open_source,
	.fd = wait_fd,
	.interval_ms = interval_ms,
	.poll = poll_records,
	.stats = stats,
	.executable = executable,
	.cgroup_path = cgroup_path,
	.close = close_source,
};
