/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/pcap_savefile.h"

#include <byteswap.h>
#include <stdlib.h>
#include <string.h>

#include "core/source/pcap_ng.h"
#include "core/source/pcap_stream.h"

#define FILE_HEADER 24
/* What libpcap takes for the longest packet. */
#define PACKET_MAX 262144
/* The upper bits of the link type say how long the frame check sequence is. */
#define LINK_MASK 0x03ffffff

struct pcap_savefile {
	struct pcap_stream *stream;
	int (*next)(struct pcap_savefile *f, struct packet *p, struct err *err);
	uint64_t records;
	/* pcap */
	uint32_t tick_ns;
	uint32_t record_header;
	int link;
	bool swapped;
	/* pcapng */
	struct pcap_ng *ng;
};

static const struct format {
	uint32_t magic;
	uint32_t tick_ns;
	uint32_t record_header;
} formats[] = {
	{ 0xa1b2c3d4, 1000, 16 },
	{ 0xa1b23c4d, 1, 16 },
	{ 0xa1b2cd34, 1000, 24 }, /* Kuznetzov's: interface and protocol at the end */
};

static uint32_t load32(const struct pcap_savefile *f, const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return f->swapped ? bswap_32(v) : v;
}

/* Names where it broke; what came before stands. */
static int broken(const struct pcap_savefile *f, struct err *err, const char *what)
{
	err_set(err, -EIO, "the capture %s after packet %llu", what,
		(unsigned long long)f->records);
	return -ENODATA;
}

/* What an input that gives no more bytes means to the reader of a record. */
static int end_of_input(const struct pcap_savefile *f, int rc, struct err *err)
{
	struct err why = { 0 };

	switch (rc) {
	case -EAGAIN:
		return rc;
	case -ENODATA:
		return f->stream->have ? broken(f, err, "is cut short") : -ENODATA;
	}
	if (err)
		why = *err;
	err_set(err, -EIO, "after packet %llu: %s", (unsigned long long)f->records, why.text);
	return -ENODATA;
}

static int next_pcap(struct pcap_savefile *f, struct packet *p, struct err *err)
{
	struct pcap_stream *s = f->stream;
	uint32_t len;
	int rc;

	rc = pcap_stream_need(s, f->record_header, err);
	if (rc < 0)
		return end_of_input(f, rc, err);
	len = load32(f, s->at + 8);
	if (len > PACKET_MAX)
		return broken(f, err, "is damaged");
	rc = pcap_stream_need(s, f->record_header + len, err);
	if (rc < 0)
		return end_of_input(f, rc, err);
	p->ts_ns = load32(f, s->at) * 1000000000ull + (uint64_t)load32(f, s->at + 4) * f->tick_ns;
	p->link = f->link;
	p->bytes = s->at + f->record_header;
	p->len = len;
	p->orig_len = load32(f, s->at + 12);
	pcap_stream_skip(s, f->record_header + len);
	return 0;
}

static int next_ng(struct pcap_savefile *f, struct packet *p, struct err *err)
{
	for (;;) {
		const char *what = NULL;
		int rc = pcap_ng_next(f->ng, f->stream, p, &what, err);

		if (rc == 0)
			return 0;
		if (what)
			return broken(f, err, what);
		if (rc < 0)
			return end_of_input(f, rc, err);
	}
}

static int begin_pcap(struct pcap_savefile *f, const struct format *format, struct err *err)
{
	int rc = pcap_stream_need(f->stream, FILE_HEADER, err);

	if (rc == -ENODATA)
		return err_set(err, -EINVAL, "not a capture file: it ends within its header");
	if (rc < 0)
		return rc;
	f->tick_ns = format->tick_ns;
	f->record_header = format->record_header;
	f->link = (int)(load32(f, f->stream->at + 20) & LINK_MASK);
	pcap_stream_skip(f->stream, FILE_HEADER);
	f->next = next_pcap;
	return 0;
}

static int begin_ng(struct pcap_savefile *f, struct err *err)
{
	f->ng = pcap_ng_new();
	if (!f->ng)
		return err_set(err, -ENOMEM, "not enough memory");
	f->next = next_ng;
	return 0;
}

static int begin(struct pcap_savefile *f, struct err *err)
{
	uint32_t magic;
	int rc = pcap_stream_need(f->stream, sizeof(magic), err);

	if (rc == -ENODATA)
		return err_set(err, -EINVAL, "not a capture file: %s",
			       f->stream->have ? "it is too short" : "it is empty");
	if (rc < 0)
		return rc;
	memcpy(&magic, f->stream->at, sizeof(magic));
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		f->swapped = magic == bswap_32(formats[i].magic);
		if (f->swapped || magic == formats[i].magic)
			return begin_pcap(f, &formats[i], err);
	}
	if (magic == PCAP_NG_SECTION)
		return begin_ng(f, err);
	return err_set(err, -EINVAL,
		       "not a capture file: neither pcap nor pcapng (plain, gzip, zstd)");
}

/* What `next` is until the format is known. */
static int next_first(struct pcap_savefile *f, struct packet *p, struct err *err)
{
	int rc = begin(f, err);

	return rc < 0 ? rc : f->next(f, p, err);
}

int pcap_savefile_next(struct pcap_savefile *f, struct packet *p, struct err *err)
{
	int rc = f->next(f, p, err);

	if (rc == 0)
		f->records++;
	return rc;
}

int pcap_savefile_open(struct pcap_savefile **out, const char *path, struct err *err)
{
	struct pcap_savefile *f = calloc(1, sizeof(*f));
	int rc;

	if (!f)
		return err_set(err, -ENOMEM, "not enough memory");
	f->next = next_first;
	rc = pcap_stream_open(&f->stream, path, err);
	if (rc < 0) {
		free(f);
		return rc;
	}
	*out = f;
	return 0;
}

void pcap_savefile_close(struct pcap_savefile *f)
{
	if (!f)
		return;
	pcap_stream_close(f->stream);
	pcap_ng_free(f->ng);
	free(f);
}

void pcap_savefile_follow(struct pcap_savefile *f)
{
	pcap_stream_follow(f->stream);
}

int pcap_savefile_fd(const struct pcap_savefile *f)
{
	return pcap_stream_fd(f->stream);
}

uint64_t pcap_savefile_dropped(const struct pcap_savefile *f)
{
	return f->ng ? pcap_ng_dropped(f->ng) : 0;
}
