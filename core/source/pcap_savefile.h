/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of a capture file: pcap (draft-ietf-opsawg-pcap; micro- and
 * nanoseconds, both byte orders) and pcapng (draft-ietf-opsawg-pcapng; any
 * number of sections and interfaces, each with its own link type, snapshot
 * length and clock).
 *
 * libpcap's own reader costs more time for a record than everything that is
 * done with it here, and refuses a pcapng file whose interfaces differ.
 */
#ifndef DNSTOP_SOURCE_PCAP_SAVEFILE_H
#define DNSTOP_SOURCE_PCAP_SAVEFILE_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/source/packet.h"

struct pcap_savefile;

/* Opens a path ("-": standard input) without reading from it. Returns a
 * negative errno with err. */
int pcap_savefile_open(struct pcap_savefile **out, const char *path, struct err *err);
void pcap_savefile_close(struct pcap_savefile *f);
/* Its end is not to be one: whoever writes it goes on. */
void pcap_savefile_follow(struct pcap_savefile *f);
/* What to wait on for more, -1 for a file. */
int pcap_savefile_fd(const struct pcap_savefile *f);
/* Reads the next record into p, whose meta keeps what the file does not tell:
 * 0, or
 *  -EAGAIN   a pipe, or a file that is followed, has no more yet;
 *  -ENODATA  the end; err is filled (code -EIO) where the file ends or breaks
 *            in its middle, and left alone where it ends as it should;
 *  another negative errno with err: it is no capture file.
 * p's bytes and interface name are valid until the next call. */
int pcap_savefile_next(struct pcap_savefile *f, struct packet *p, struct err *err);
/* Packets that whoever captured says were dropped (pcapng). */
uint64_t pcap_savefile_dropped(const struct pcap_savefile *f);

#endif
