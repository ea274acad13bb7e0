/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IP fragments put together again (RFC 791, section 3.2; RFC 8200, section
 * 4.5), within a fixed store. The oldest datagram gives way to a newer one; one
 * that stays incomplete for FRAGMENTS_AGE_NS of packet time, or whose pieces
 * overlap (RFC 5722), is given up. Each fragment given up is counted.
 *
 * A fragment that the capture cut still counts as received on the wire: the
 * datagram comes out cut there.
 */
#ifndef DNSTOP_SOURCE_FRAGMENTS_H
#define DNSTOP_SOURCE_FRAGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/source/span.h"

#define FRAGMENTS_DATAGRAMS 256
#define FRAGMENTS_BYTES     (1u << 20)
#define FRAGMENTS_PIECES    128 /* of one datagram */
#define FRAGMENTS_AGE_NS    30000000000ull

/* Which datagram a fragment belongs to. The place is part of it, for the same
 * fragment may be seen at several. Compared byte by byte: no padding, zero what
 * is not used. */
struct fragment_key {
	uint8_t src[16];
	uint8_t dst[16];
	uint32_t id;
	uint32_t ifindex;
	uint32_t netns;
	uint8_t version;
	uint8_t protocol; /* IPv4's; 0 for IPv6, whose fragments may differ in it */
	uint8_t direction;
	uint8_t tunnels; /* how many were around it */
};

struct fragment {
	struct fragment_key key;
	uint64_t ts_ns;
	struct span data;
	uint32_t offset;
	uint8_t protocol; /* of the data; the datagram's is the first fragment's */
	bool more;
	bool unwanted; /* known to hold no DNS: the datagram is not kept */
};

/* A datagram whose last missing fragment came. */
struct datagram {
	struct fragment_key key;
	uint8_t protocol;
	uint32_t cap; /* bytes captured without a hole from the front */
	uint32_t wire;
	uint8_t bytes[];
};

struct fragments;

/* seed: of the hash of keys. NULL when memory is short. */
struct fragments *fragments_new(uint64_t seed);
void fragments_free(struct fragments *f);
/* Takes one fragment (its bytes are copied). Returns the datagram that it
 * completes, which the caller frees with free(), or NULL. */
struct datagram *fragments_add(struct fragments *f, const struct fragment *frag);
/* No more fragments will come: gives up what is incomplete. */
void fragments_flush(struct fragments *f);
/* Fragments given up. */
uint64_t fragments_lost(const struct fragments *f);
/* Bytes held, never more than FRAGMENTS_BYTES. */
size_t fragments_bytes(const struct fragments *f);

#endif
