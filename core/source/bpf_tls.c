/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_tls.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bpf/sealed.h"
#include "core/base/program.h"
#include "core/base/seed.h"
#include "core/source/bpf_buffers.h"
#include "core/source/bpf_load.h"
#include "core/source/plaintext.h"
#include "core/source/tls_libraries.h"
#include "sealed.skel.h"

#define RING_BYTES (8u << 20)
#define SCAN_NS    2000000000ull /* between two looks for new libraries */
#define LINKS_MAX  1024
#define N_PROGRAMS 2 /* that tell of sockets */

enum place_source {
	PLACE_TRACEPOINTS, /* Linux 6.5 */
	PLACE_FUNCTIONS,
	PLACE_SOURCES,
};

static const char *const place_programs[PLACE_SOURCES][N_PROGRAMS] = {
	[PLACE_TRACEPOINTS] = { "socket_sent", "socket_received" },
	[PLACE_FUNCTIONS] = { "tcp_sends", "tcp_receives" },
};

static const struct {
	enum tls_library library;
	const char *function;
	const char *program;
	bool returns; /* and its return is awaited */
	bool needed;  /* without it the library is of no use */
} probes[] = {
	{ TLS_OPENSSL, "SSL_write", "send_value", true, true },
	{ TLS_OPENSSL, "SSL_read", "receive_value", true, true },
	{ TLS_OPENSSL, "SSL_write_ex", "send_pointed", true, false },
	{ TLS_OPENSSL, "SSL_read_ex", "receive_pointed", true, false },
	{ TLS_OPENSSL, "SSL_write_early_data", "send_pointed", true, false },
	{ TLS_OPENSSL, "SSL_read_early_data", "receive_pointed", true, false },
	{ TLS_OPENSSL, "SSL_free", "freed", false, false },
	{ TLS_GNUTLS, "gnutls_record_send", "send_value", true, true },
	{ TLS_GNUTLS, "gnutls_record_recv", "receive_value", true, true },
	{ TLS_GNUTLS, "gnutls_record_send2", "send_value", true, false },
	{ TLS_GNUTLS, "gnutls_record_recv_seq", "receive_value", true, false },
	{ TLS_GNUTLS, "gnutls_record_uncork", "send_nothing", true, false },
	{ TLS_GNUTLS, "gnutls_deinit", "freed", false, false },
};

struct bpf_tls {
	source_msg_fn fn;
	void *ctx;
	bool cgroups; /* are wanted */
	struct bpf_object *object;
	struct bpf_link *places[N_PROGRAMS];
	unsigned n_links;
	struct bpf_link *links[LINKS_MAX];
	struct bpf_buffers buffers;
	struct plaintext *plaintext;
	struct tls_libraries *libraries;
	int counts_fd;
	int verdicts_fd;
	int n_cpus;
	uint64_t *counts; /* room for one counter of every processor */
	uint64_t next_scan_ns;
	const struct bpf_clock *clock; /* while polling */
	unsigned watched;              /* library files */
	struct err problem;            /* of the last one that could not be watched */
};

/* --- sessions --- */

static void deliver(void *ctx, const struct dns_msg *msg)
{
	struct bpf_tls *t = ctx;

	t->fn(t->ctx, msg);
}

static void judged(void *ctx, uint64_t session, bool dns)
{
	struct bpf_tls *t = ctx;
	__u32 verdict = dns ? SEALED_WANTED : SEALED_UNWANTED;

	bpf_map_update_elem(t->verdicts_fd, &session, &verdict, BPF_ANY);
}

static void take(struct bpf_tls *t, const struct sealed_event *e, const uint8_t *bytes)
{
	bool received = e->kind == SEALED_RECEIVED;
	struct dns_msg meta = {
		.ts_ns = bpf_clock_epoch(t->clock, e->ts_ns),
		.src = ip_addr_from_v6(received ? e->remote : e->local),
		.dst = ip_addr_from_v6(received ? e->local : e->remote),
		.src_port = received ? e->remote_port : e->local_port,
		.dst_port = received ? e->local_port : e->remote_port,
		.sighting = received ? SIGHTING_HOP : SIGHTING_ORIGIN,
		.direction = received ? DIRECTION_IN : DIRECTION_OUT,
		.netns = e->netns,
	};
	struct plain_piece piece = {
		.meta = meta,
		.session = e->session,
		.at = e->at,
		.received = received,
		.has_place = e->flags & SEALED_HAS_PLACE,
		.bytes = bytes,
		.len = e->len,
	};

	/* The process is the sender's: who receives a query has not asked it. */
	if (!received) {
		piece.meta.pid = e->pid;
		piece.meta.uid = e->uid;
		piece.meta.cgroup = t->cgroups ? e->cgroup : 0;
		piece.meta.start_ns = e->start_ns;
		piece.meta.execs = e->execs;
		memcpy(piece.meta.comm, e->comm, sizeof(piece.meta.comm));
	}
	if (e->kind == SEALED_CLOSED)
		plaintext_close(t->plaintext, e->session);
	else
		plaintext_feed(t->plaintext, &piece);
}

static void on_record(void *ctx, const void *record, uint32_t len)
{
	struct sealed_event e;

	if (len < sizeof(e))
		return;
	memcpy(&e, record, sizeof(e)); /* aligned to 4 bytes only */
	if (e.len <= len - sizeof(e))
		take(ctx, &e, (const uint8_t *)record + sizeof(e));
}

/* --- libraries --- */

static int attach_probe(struct bpf_tls *t, const char *path, const char *function,
			const char *program, bool retprobe)
{
	LIBBPF_OPTS(bpf_uprobe_opts, opts, .func_name = function, .retprobe = retprobe);
	struct bpf_program *p = bpf_object__find_program_by_name(t->object, program);
	struct bpf_link *link;

	if (t->n_links == LINKS_MAX)
		return -ENOSPC;
	link = bpf_program__attach_uprobe_opts(p, -1, path, 0, &opts);
	if (!link)
		return -errno;
	t->links[t->n_links++] = link;
	return 0;
}

/* What was attached to a library that turns out to be of no use. */
static void detach_to(struct bpf_tls *t, unsigned n_links)
{
	while (t->n_links > n_links)
		bpf_link__destroy(t->links[--t->n_links]);
}

static bool watch(void *ctx, enum tls_library kind, const char *path, const char *name)
{
	struct bpf_tls *t = ctx;
	unsigned before = t->n_links;

	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		int rc;

		if (probes[i].library != kind)
			continue;
		/* The return first, so that no call is taken for one that does not end. */
		rc = probes[i].returns ? attach_probe(t, path, probes[i].function, "returned", true)
				       : 0;
		if (!rc)
			rc = attach_probe(t, path, probes[i].function, probes[i].program, false);
		if (!rc || (rc == -ENOENT && !probes[i].needed && access(path, R_OK) == 0))
			continue;
		detach_to(t, before);
		if (rc == -ENOENT && access(path, R_OK) == 0)
			err_set(&t->problem, rc, "%.120s has no symbol %s", name,
				probes[i].function);
		else
			err_set(&t->problem, rc, "%.120s: %s", name, strerror(-rc));
		return rc == -ENOENT && access(path, R_OK) == 0;
	}
	t->watched++;
	return true;
}

/* --- life --- */

static int choose(struct bpf_object *object, enum place_source source)
{
	for (int s = 0; s < PLACE_SOURCES; s++) {
		for (int i = 0; i < N_PROGRAMS; i++) {
			struct bpf_program *p =
				bpf_object__find_program_by_name(object, place_programs[s][i]);
			int rc = bpf_program__set_autoload(p, s == (int)source);

			if (rc)
				return rc;
		}
	}
	return 0;
}

static enum place_source place_source(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	bool told = btf &&
		    btf__find_by_name_kind(btf, "btf_trace_sock_recv_length", BTF_KIND_TYPEDEF) > 0;

	btf__free(btf);
	return told ? PLACE_TRACEPOINTS : PLACE_FUNCTIONS;
}

static int load(struct bpf_tls *t, enum place_source source)
{
	struct bpf_object_open_opts opts = { .sz = sizeof(opts), .object_name = "sealed" };
	size_t bytes;
	const void *elf = sealed_bpf__elf_bytes(&bytes);
	int rc;

	t->object = bpf_object__open_mem(elf, bytes, &opts);
	if (!t->object)
		return -errno;
	rc = choose(t->object, source);
	if (!rc)
		rc = bpf_object__load(t->object);
	for (int i = 0; i < N_PROGRAMS && !rc; i++) {
		t->places[i] = bpf_program__attach(
			bpf_object__find_program_by_name(t->object, place_programs[source][i]));
		if (!t->places[i])
			rc = -errno;
	}
	return rc;
}

static int make(struct bpf_tls *t)
{
	t->n_cpus = libbpf_num_possible_cpus();
	if (t->n_cpus < 0)
		return t->n_cpus;
	t->counts = calloc((size_t)t->n_cpus, sizeof(*t->counts));
	t->libraries = tls_libraries_new("/proc", "");
	t->plaintext = plaintext_new(seed_random(), deliver, judged, t);
	return t->counts && t->libraries && t->plaintext ? 0 : -ENOMEM;
}

static int explain(const struct err *why, struct err *err)
{
	char path[200];

	program_path(path, sizeof(path));
	if (why->code == -EPERM || why->code == -EACCES)
		return err_set(
			err, -EPERM,
			"--decrypt: the kernel lets only CAP_SYS_ADMIN watch other programs' "
			"functions; run `sudo %s --decrypt`, or once `sudo setcap "
			"cap_bpf,cap_perfmon,cap_net_raw,cap_sys_admin+ep %s` (%.100s)",
			path, path, why->text);
	return err_set(err, why->code, "--decrypt: %.300s", why->text);
}

int bpf_tls_open(struct bpf_tls **out, bool cgroups, source_msg_fn fn, void *ctx, struct err *err)
{
	struct bpf_written written = { .ring_bytes = RING_BYTES, .perf_fd = -1 };
	struct bpf_tls *t = calloc(1, sizeof(*t));
	struct err why = { 0 };
	int rc;

	*out = NULL;
	if (!t)
		return err_set(err, -ENOMEM, "%s", strerror(ENOMEM));
	t->cgroups = cgroups;
	t->fn = fn;
	t->ctx = ctx;
	rc = make(t);
	if (!rc)
		rc = load(t, place_source());
	if (!rc) {
		written.ring_fd = bpf_object__find_map_fd_by_name(t->object, "sealed_ring");
		rc = bpf_buffers_open(&t->buffers, &written, &why);
	}
	if (rc) {
		err_set(&why, rc, "%s", strerror(-rc));
		goto out;
	}
	t->counts_fd = bpf_object__find_map_fd_by_name(t->object, "sealed_counts");
	t->verdicts_fd = bpf_object__find_map_fd_by_name(t->object, "verdicts");
	tls_libraries_scan(t->libraries, watch, t);
	if (!t->watched && (t->problem.code == -EPERM || t->problem.code == -EACCES)) {
		why = t->problem;
		rc = why.code;
	}
out:
	if (rc) {
		bpf_tls_close(t);
		return explain(&why, err);
	}
	*out = t;
	return 0;
}

void bpf_tls_close(struct bpf_tls *t)
{
	if (!t)
		return;
	detach_to(t, 0);
	for (int i = 0; i < N_PROGRAMS; i++)
		bpf_link__destroy(t->places[i]);
	bpf_buffers_close(&t->buffers);
	bpf_object__close(t->object);
	plaintext_free(t->plaintext);
	tls_libraries_free(t->libraries);
	free(t->counts);
	free(t);
}

void bpf_tls_look(struct bpf_tls *t, uint64_t now_ns)
{
	if (now_ns < t->next_scan_ns)
		return;
	if (t->next_scan_ns)
		tls_libraries_scan(t->libraries, watch, t);
	t->next_scan_ns = now_ns + SCAN_NS;
}

uint64_t bpf_tls_next(struct bpf_tls *t)
{
	return bpf_reader_next(t->buffers.reader);
}

int bpf_tls_drain(struct bpf_tls *t, const struct bpf_clock *clock, uint64_t until_ns, int budget)
{
	t->clock = clock;
	return bpf_reader_drain(t->buffers.reader, until_ns, budget, on_record, t);
}

static uint64_t counter(struct bpf_tls *t, __u32 what)
{
	uint64_t sum = 0;

	if (bpf_map_lookup_elem(t->counts_fd, &what, t->counts))
		return 0;
	for (int i = 0; i < t->n_cpus; i++)
		sum += t->counts[i];
	return sum;
}

void bpf_tls_stats(struct bpf_tls *t, struct source_stats *out)
{
	struct plaintext_stats p;

	plaintext_stats(t->plaintext, &p);
	out->packets += p.pieces;
	out->messages += p.messages;
	out->lost_ring += counter(t, SEALED_COUNT_RING);
	out->unreadable += counter(t, SEALED_COUNT_UNREADABLE);
	out->tls_sessions += p.sessions;
	out->tls_others += p.others;
	out->tls_joined += p.joined;
	out->tls_unplaced += p.unplaced;
	out->tls_gaps += p.gaps;
	out->tls_refused += p.refused;
	out->tls_evicted += p.evicted;
}

void bpf_tls_notice(const struct bpf_tls *t, char *text, size_t size)
{
	*text = '\0';
	if (t->problem.code && t->watched)
		snprintf(text, size, "--decrypt does not see all: %.200s", t->problem.text);
	else if (t->problem.code)
		snprintf(text, size, "--decrypt sees nothing: %.200s", t->problem.text);
	else if (tls_libraries_left_out(t->libraries))
		snprintf(text, size,
			 "--decrypt does not see all: more than %d files of TLS libraries here",
			 TLS_LIBRARIES_MAX);
	else if (!t->watched)
		snprintf(
			text, size,
			"--decrypt sees nothing yet: no libssl or libgnutls was found on this host");
}
