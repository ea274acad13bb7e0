/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes of a capture file, a pipe or standard input, plain or compressed
 * with gzip or zstd (told by their magic numbers), handed out in place: whoever
 * asks for n bytes sees them in one run.
 */
#ifndef DNSTOP_SOURCE_PCAP_STREAM_H
#define DNSTOP_SOURCE_PCAP_STREAM_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

/* The longest run that can be asked for. */
#define PCAP_STREAM_RUN_MAX (16u << 20)

/* The part that is read in place; the rest is private to pcap_stream.c. */
struct pcap_stream {
	const uint8_t *at; /* the next byte */
	size_t have;       /* bytes there */
};

/* Opens a path, "-" being standard input. Returns a negative errno with err. */
int pcap_stream_open(struct pcap_stream **out, const char *path, struct err *err);
void pcap_stream_close(struct pcap_stream *s);
/* A file's end is not the input's: more may be written to it. */
void pcap_stream_follow(struct pcap_stream *s);
/* What to wait on for more, -1 for a file. */
int pcap_stream_fd(const struct pcap_stream *s);
/* Reads until n bytes are at s->at: 0, or
 *  -EAGAIN   a pipe, or a file that is followed, has no more yet;
 *  -ENODATA  the input ends first (s->have bytes are left);
 *  another negative errno with err: it cannot be read or decompressed. */
int pcap_stream_fill(struct pcap_stream *s, size_t n, struct err *err);

static inline int pcap_stream_need(struct pcap_stream *s, size_t n, struct err *err)
{
	return s->have >= n ? 0 : pcap_stream_fill(s, n, err);
}

/* Moves on by n bytes, which must be there. Bytes handed out before stay valid
 * until the next fill. */
static inline void pcap_stream_skip(struct pcap_stream *s, size_t n)
{
	s->at += n;
	s->have -= n;
}

#endif
