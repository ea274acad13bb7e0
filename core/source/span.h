/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run of packet bytes, of which the capture may hold only the beginning.
 * Decoders move its front past each header they take off; every read outside
 * `cap` is a bug of the reader, so each checks first.
 */
#ifndef DNSTOP_SOURCE_SPAN_H
#define DNSTOP_SOURCE_SPAN_H

#include <stdbool.h>
#include <stdint.h>

struct span {
	const uint8_t *at;
	uint32_t cap;  /* bytes at `at` */
	uint32_t wire; /* bytes there were on the wire, never less than cap */
};

/* Moves the front by n; false, and unchanged, where fewer were captured. */
static inline bool span_skip(struct span *s, uint32_t n)
{
	if (n > s->cap)
		return false;
	s->at += n;
	s->cap -= n;
	s->wire -= n;
	return true;
}

/* Says how long the run was on the wire: what follows (padding, a checksum)
 * is taken off, and where less was captured the run counts as cut. */
static inline void span_set_wire(struct span *s, uint32_t wire)
{
	s->wire = wire;
	if (s->cap > wire)
		s->cap = wire;
}

static inline uint16_t be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t be32(const uint8_t *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

static inline uint16_t le16(const uint8_t *p)
{
	return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t le32(const uint8_t *p)
{
	return (uint32_t)le16(p + 2) << 16 | le16(p);
}

#endif
