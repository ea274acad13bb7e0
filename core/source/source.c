/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/flow/multicast.h"
#include "core/source/ahead.h"
#include "core/source/source_list.h"

static const struct source_ops *const sources[] = { &source_bpf, &source_pcap };

unsigned source_ports(const uint16_t **ports, unsigned n)
{
	static const uint16_t usual[] = { 53, PORT_MDNS, PORT_LLMNR };

	if (n)
		return n;
	*ports = usual;
	return sizeof(usual) / sizeof(usual[0]);
}

bool source_names_file(const char *input)
{
	struct stat st;

	if (!input)
		return false;
	/* Interface names have no slash, so a path that is not there is one still. */
	if (strcmp(input, "-") == 0 || strchr(input, '/'))
		return true;
	return stat(input, &st) == 0 && !S_ISDIR(st.st_mode);
}

static int open_named(struct source **out, const struct source_config *cfg, struct err *err)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (strcmp(sources[i]->name, cfg->kind) == 0)
			return sources[i]->open(out, cfg, err);
	return err_set(err, -EINVAL, "no such source: %s; there are auto, bpf, pcap", cfg->kind);
}

/* Without BPF a live capture shows the same messages, but neither processes nor
 * other namespaces: the user is told what is missing and why. libpcap is also
 * asked for a device that BPF does not know: it has some of its own (nflog). */
static int open_live(struct source **out, const struct source_config *cfg, struct err *err)
{
	struct err no_bpf = { 0 };
	struct err no_pcap = { 0 };
	int rc = source_bpf.open(out, cfg, &no_bpf);

	if (rc == 0)
		return 0;
	/* Nor does libpcap see what is in TLS. */
	if (rc == -EINVAL || cfg->decrypt) {
		if (err)
			*err = no_bpf;
		return rc;
	}
	rc = source_pcap.open(out, cfg, &no_pcap);
	if (rc == 0) {
		snprintf((*out)->notice, sizeof((*out)->notice),
			 "no processes or containers shown, this is a libpcap capture: %.400s",
			 no_bpf.text);
		return 0;
	}
	/* The first command is enough: it stays whole, whatever becomes of the second. */
	if (rc == -EPERM || rc == -EACCES)
		return err_set(err, -EPERM, "%s; libpcap neither: %s", no_bpf.text, no_pcap.text);
	if (err)
		*err = no_pcap;
	return rc;
}

/* libpcap's word for every interface, which its users are used to. */
static const char *input_of(const struct source_config *cfg)
{
	return cfg->input && strcmp(cfg->input, "any") == 0 ? NULL : cfg->input;
}

int source_check(const struct source_config *cfg, struct err *err)
{
	const char *kind = cfg->kind ? cfg->kind : "auto", *input = input_of(cfg);

	if (cfg->decrypt &&
	    (cfg->bpf_filter || source_names_file(input) || strcmp(kind, source_pcap.name) == 0))
		return err_set(err, -EINVAL,
			       "--decrypt looks into programs as they run: it needs the source "
			       "bpf, neither a file nor libpcap");
	if (cfg->follow && !source_names_file(input))
		return err_set(err, -EINVAL, "--follow needs a capture file");
	if (cfg->bpf_filter && strcmp(kind, source_bpf.name) == 0)
		return err_set(err, -EINVAL, "a capture filter (-b) needs the source pcap, not %s",
			       kind);
	return 0;
}

static int open_any(struct source **out, const struct source_config *cfg, struct err *err)
{
	struct source_config all = *cfg;

	all.input = input_of(cfg);
	if (cfg->kind && strcmp(cfg->kind, "auto") != 0)
		return open_named(out, &all, err);
	/* A capture filter means something to libpcap only. */
	if (cfg->bpf_filter || source_names_file(all.input))
		return source_pcap.open(out, &all, err);
	return open_live(out, &all, err);
}

int source_open(struct source **out, const struct source_config *cfg, struct err *err)
{
	int rc = source_check(cfg, err);

	*out = NULL;
	if (rc == 0)
		rc = open_any(out, cfg, err);
	if (!*out)
		return rc;
	/* A pipe is waited for with everything else, and an inventory has one owner.
	 * Where the thread cannot be had, it is read as it is. */
	if (cfg->ahead && !cfg->follow && !cfg->inventory && !(*out)->live &&
	    (*out)->ops->fd(*out) < 0 && ahead_is_worth_it())
		(void)ahead_start(out, cfg->seed, cfg->bytes);
	return rc;
}

void source_close(struct source *s)
{
	if (s)
		s->ops->close(s);
}

int source_executable(const struct source *s, const struct dns_msg *msg, char *path, size_t size)
{
	path[0] = '\0';
	return s->ops->executable ? s->ops->executable(s, msg, path, size) : 0;
}

int source_cgroup_path(const struct source *s, uint64_t cgroup, char *path, size_t size)
{
	path[0] = '\0';
	return s->ops->cgroup_path ? s->ops->cgroup_path(s, cgroup, path, size) : 0;
}
