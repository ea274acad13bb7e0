/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where messages come from. A source delivers DNS messages and counts what it
 * could not deliver; everything after it is source-blind.
 *
 * A new source is one file that defines a struct source_ops and one line in
 * source.c's list.
 */
#ifndef DNSTOP_SOURCE_SOURCE_H
#define DNSTOP_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/cgroups.h"
#include "core/base/err.h"
#include "core/dns/msg.h"
#include "core/flow/inventory.h"

#define SOURCE_MAX_PORTS 16

struct source_config {
	const char *kind;  /* "auto", "bpf", "pcap"; NULL is auto */
	const char *input; /* interface or savefile ("-": standard input); NULL: every interface */
	const char *bpf_filter; /* a pcap expression (-b), pcap sources only, may be NULL */
	bool follow;            /* a file's end is waited at for more */
	bool no_promisc;        /* -p */
	uint16_t ports[SOURCE_MAX_PORTS]; /* DNS ports, host order */
	unsigned n_ports;                 /* 0: see source_ports */
	struct inventory *inventory;   /* gets what is seen of encrypted DNS; NULL: nobody does */
	bool ahead;                    /* a file may be read ahead by a thread, where that helps */
	uint64_t seed;                 /* with it: of the flow table's hashes */
	enum cgroup_hierarchy cgroups; /* that dns_msg.cgroup is to be of */
	bool bytes;   /* with ahead: messages' bytes are wanted once they are prepared (ahead.h) */
	bool decrypt; /* also DNS in TLS sessions of this host's programs; bpf only */
	/* Nobody asks where else a packet was seen than first: the kernel may count its
	 * further sightings rather than tell each; bpf only. */
	bool first_only;
};

/* On which ports DNS is looked for: those asked for, or, where *ports has none of
 * them (n is 0), what *ports then points to: 53, mDNS's and LLMNR's. Returns how many. */
unsigned source_ports(const uint16_t **ports, unsigned n);

/* What happened before a message could be made of it; totals. */
struct source_stats {
	uint64_t packets;      /* DNS packets that the source took up */
	uint64_t messages;     /* delivered */
	uint64_t hops;         /* of the packets, further sightings of messages: counted alone */
	uint64_t query_hops;   /* of them, of queries */
	uint64_t shed;         /* of the packets, left out on purpose, by whole transactions */
	uint64_t sampling;     /* of so many transactions one is taken now; 0: all */
	uint64_t following;    /* of so many transactions one is followed now; 0: all */
	uint64_t lost_ring;    /* no room in the kernel's ring or perf buffer */
	uint64_t lost_capture; /* dropped by the capture (pcap_stats) */
	uint64_t unreadable;   /* the kernel could not read the packet's bytes */
	uint64_t fragments;    /* IP fragments that could not be put together */
	uint64_t not_dns;      /* on a DNS port, but no UDP or TCP payload of DNS shape */
	uint64_t tcp_gaps;     /* bytes missing in TCP streams */
	uint64_t cut;          /* messages delivered shorter than on the wire */
	/* Of decrypted TLS sessions, see plaintext.h: */
	uint64_t tls_sessions; /* that carry DNS */
	uint64_t tls_others;   /* that carry something else */
	uint64_t tls_joined;   /* that were met in their middle, and not understood */
	uint64_t tls_unplaced; /* pieces of sessions whose addresses were never known */
	uint64_t tls_gaps;     /* bytes missing or given up in sessions with DNS */
	uint64_t tls_refused;  /* requests of DNS over HTTPS that were answered by an error */
	uint64_t tls_evicted;  /* sessions with DNS that left memory for newer ones */
};

typedef void (*source_msg_fn)(void *ctx, const struct dns_msg *msg);

struct source;

struct source_ops {
	const char *name;
	/* Opens; on failure returns a negative errno and fills err with what is
	 * missing and the command that gives it. */
	int (*open)(struct source **out, const struct source_config *cfg, struct err *err);
	/* A descriptor to wait on; -1 for one that is always ready (a file). */
	int (*fd)(const struct source *s);
	/* Milliseconds between calls of `poll` that the source asks for, 0 when
	 * its fd tells; a ring that does not wake its reader is drained by time. */
	int (*interval_ms)(const struct source *s);
	/* Delivers what is there, at the most about `budget` packets. Returns the
	 * number of packets taken (0: none now; of what is read ahead, that there
	 * was something), -ENODATA at the end of a file, or
	 * a negative errno with err filled; messages already delivered stand.
	 * With -ENODATA err->code is 0 for a file that ends as it should; else
	 * err holds a warning about its end (cut short, damaged, a link type that
	 * is not understood), for the user to see, and the run is a success. */
	int (*poll)(struct source *s, int budget, source_msg_fn fn, void *ctx, struct err *err);
	/* The same of a source that is read ahead: as many as came at once, *n messages,
	 * prepared but for quoted ones, that stay until the source is polled again. Where
	 * there are none yet it waits, if it may; else it returns 0. May be NULL. */
	int (*poll_batch)(struct source *s, bool may_wait, const struct dns_msg *const **msgs,
			  uint32_t *n, struct err *err);
	void (*stats)(struct source *s, struct source_stats *out);
	/* Sets path to the executable of the process that sent msg, in raw bytes; the
	 * process may be gone. Returns its length; 0: it is not known to the source;
	 * -ESRCH: nor is it what the process runs by now. May be NULL. */
	int (*executable)(const struct source *s, const struct dns_msg *msg, char *path,
			  size_t size);
	/* Sets path to that of a cgroup that may be gone, below its hierarchy's root, in
	 * raw bytes. Returns its length, 0 where it is not known. May be NULL. */
	int (*cgroup_path)(const struct source *s, uint64_t cgroup, char *path, size_t size);
	void (*close)(struct source *s);
};

/* The common head of every source's own struct. */
struct source {
	const struct source_ops *ops;
	char title[64];   /* what the screen calls it: "eth0", "all", "x.pcap" */
	char notice[480]; /* told once, e.g. why BPF could not be had; "" */
	bool live;        /* time passes by itself; false for a file */
};

/* Whether what cfg asks for goes together: 0, or -EINVAL with err filled. */
int source_check(const struct source_config *cfg, struct err *err);
/* Opens the source that cfg asks for. With "auto": an existing path is a file;
 * else bpf; else live libpcap with the reason in notice. */
int source_open(struct source **out, const struct source_config *cfg, struct err *err);
void source_close(struct source *s); /* NULL is fine */

/* As in source_ops; of a source that has none nothing is known. */
int source_executable(const struct source *s, const struct dns_msg *msg, char *path, size_t size);
int source_cgroup_path(const struct source *s, uint64_t cgroup, char *path, size_t size);

/* Whether an input means a savefile: standard input, something that exists and
 * is no directory, or what can only be meant as a path. NULL does not. */
bool source_names_file(const char *input);

#endif
