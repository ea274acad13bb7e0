/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/source/packet.h"
#include "core/source/pcap.h"
#include "core/source/pcap_filter.h"
#include "core/source/pcap_savefile.h"

/* How often a file that is followed is looked at. */
#define FOLLOW_MS 100

struct pcap_file {
	struct source pub;
	struct pcap_savefile *records;
	struct packet_decoder *decoder;
	struct pcap_filter *filter; /* NULL: all packets */
	struct packet packet;
	bool follow;
	bool waiting;     /* `packet` was read when the file was opened */
	source_msg_fn fn; /* of the poll that is running */
	void *ctx;
	uint64_t foreign; /* packets of a link type that is not understood */
	int foreign_link; /* the last such */
};

static const struct source_ops file_ops;

static void forward(void *ctx, const struct dns_msg *msg)
{
	const struct pcap_file *f = ctx;

	f->fn(f->ctx, msg);
}

static void file_close(struct source *s)
{
	struct pcap_file *f = (struct pcap_file *)s;

	packet_decoder_free(f->decoder);
	pcap_filter_free(f->filter);
	pcap_savefile_close(f->records);
	free(f);
}

/* Reads the first record of a file (not of a pipe, which may keep us waiting), so
 * that what is no capture, and a wrong filter, are told at once. */
static int look_ahead(struct pcap_file *f, struct err *err)
{
	struct err early = { 0 };
	int rc;

	if (pcap_savefile_fd(f->records) >= 0)
		return 0;
	rc = pcap_savefile_next(f->records, &f->packet, &early);
	if (rc == -ENODATA || rc == -EAGAIN)
		return 0; /* and poll will say so again */
	if (rc == 0) {
		f->waiting = true;
		rc = f->filter ? pcap_filter_match(f->filter, &f->packet, &early) : 0;
	}
	if (rc < 0 && err)
		*err = early;
	return rc < 0 ? rc : 0;
}

static void set_title(struct source *s, const char *path)
{
	const char *name = strrchr(path, '/');

	if (strcmp(path, "-") == 0)
		name = "standard input";
	else
		name = name ? name + 1 : path;
	snprintf(s->title, sizeof(s->title), "%s", name);
}

/* What is wrong with a file, with the file's name before it. */
static void name_file(struct err *err, const char *path)
{
	char text[sizeof(err->text)];

	if (!err)
		return;
	memcpy(text, err->text, sizeof(text));
	err_set(err, err->code, "%.200s: %s", strcmp(path, "-") == 0 ? "standard input" : path,
		text);
}

int pcap_file_open(struct source **out, const struct source_config *cfg, struct err *err)
{
	struct pcap_file *f = calloc(1, sizeof(*f));
	int rc = -ENOMEM;

	if (!f)
		return err_set(err, rc, "not enough memory");
	f->pub.ops = &file_ops;
	set_title(&f->pub, cfg->input);
	f->decoder = packet_decoder_new(cfg->ports, cfg->n_ports, forward, f);
	if (f->decoder)
		packet_decoder_inventory(f->decoder, cfg->inventory);
	if (cfg->bpf_filter)
		f->filter = pcap_filter_new(cfg->bpf_filter);
	if (!f->decoder || (cfg->bpf_filter && !f->filter)) {
		err_set(err, rc, "not enough memory");
		goto out;
	}
	rc = pcap_savefile_open(&f->records, cfg->input, err);
	f->follow = cfg->follow;
	if (rc == 0 && f->follow)
		pcap_savefile_follow(f->records);
	if (rc == 0)
		rc = look_ahead(f, err);
	if (rc < 0) {
		name_file(err, cfg->input);
		goto out;
	}
	*out = &f->pub;
out:
	if (rc < 0)
		file_close(&f->pub);
	return rc;
}

static int file_fd(const struct source *s)
{
	return pcap_savefile_fd(((const struct pcap_file *)s)->records);
}

static int file_interval_ms(const struct source *s)
{
	const struct pcap_file *f = (const struct pcap_file *)s;

	return f->follow && file_fd(s) < 0 ? FOLLOW_MS : 0;
}

static int next_packet(struct pcap_file *f, struct err *err)
{
	if (f->waiting) {
		f->waiting = false;
		return 0;
	}
	return pcap_savefile_next(f->records, &f->packet, err);
}

static int take(struct pcap_file *f, struct err *err)
{
	int rc = f->filter ? pcap_filter_match(f->filter, &f->packet, err) : 1;

	if (rc <= 0)
		return rc;
	if (!packet_link_known(f->packet.link)) {
		f->foreign++;
		f->foreign_link = f->packet.link;
		return 0;
	}
	packet_decode(f->decoder, &f->packet);
	return 0;
}

/* The end; a file that broke has said so in err already. */
static void finish(struct pcap_file *f, struct err *err)
{
	packet_decoder_finish(f->decoder);
	if (f->foreign && err && !err->code)
		err_set(err, -EPROTONOSUPPORT,
			"%llu packets have a link type that is not understood (%d)",
			(unsigned long long)f->foreign, f->foreign_link);
}

static int file_poll(struct source *s, int budget, source_msg_fn fn, void *ctx, struct err *err)
{
	struct pcap_file *f = (struct pcap_file *)s;
	int rc = 0;
	int n = 0;

	f->fn = fn;
	f->ctx = ctx;
	if (err)
		*err = (struct err){ .pos = -1 };
	while (n < budget && rc == 0) {
		rc = next_packet(f, err);
		if (rc < 0)
			break;
		n++;
		rc = take(f, err);
	}
	if (rc == -ENODATA)
		finish(f, err);
	return rc == 0 || rc == -EAGAIN ? n : rc;
}

static void file_stats(struct source *s, struct source_stats *out)
{
	const struct pcap_file *f = (const struct pcap_file *)s;

	*out = (struct source_stats){ .lost_capture = pcap_savefile_dropped(f->records) };
	packet_decoder_stats(f->decoder, out);
}

static const struct source_ops file_ops = {
	.name = "pcap",
	.open = pcap_file_open,
	.fd = file_fd,
	.interval_ms = file_interval_ms,
	.poll = file_poll,
	.stats = file_stats,
	.close = file_close,
};
