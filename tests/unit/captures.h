/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capture files for tests: bytes put together in memory, in either byte order,
 * and written to a path.
 */
#ifndef DNSTOP_TESTS_CAPTURES_H
#define DNSTOP_TESTS_CAPTURES_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct capture {
	bool big; /* endian */
	size_t len;
	uint8_t bytes[65536];
};

static inline void capture_put(struct capture *c, const void *data, size_t len)
{
	assert(c->len + len <= sizeof(c->bytes));
	memcpy(c->bytes + c->len, data, len);
	c->len += len;
}

static inline void capture_int(struct capture *c, uint64_t v, unsigned size)
{
	uint8_t b[8];

	for (unsigned i = 0; i < size; i++)
		b[c->big ? size - 1 - i : i] = (uint8_t)(v >> 8 * i);
	capture_put(c, b, size);
}

static inline void capture_u16(struct capture *c, unsigned v)
{
	capture_int(c, v, 2);
}

static inline void capture_u32(struct capture *c, uint32_t v)
{
	capture_int(c, v, 4);
}

static inline void capture_pad(struct capture *c)
{
	while (c->len % 4)
		capture_put(c, "", 1);
}

/* pcap */

static inline void pcap_header(struct capture *c, uint32_t magic, uint32_t link)
{
	capture_u32(c, magic);
	capture_u16(c, 2);
	capture_u16(c, 4);
	capture_u32(c, 0);
	capture_u32(c, 0);
	capture_u32(c, 65535);
	capture_u32(c, link);
}

static inline void pcap_record(struct capture *c, uint32_t s, uint32_t fraction, const void *data,
			       uint32_t len, uint32_t orig)
{
	capture_u32(c, s);
	capture_u32(c, fraction);
	capture_u32(c, len);
	capture_u32(c, orig);
	capture_put(c, data, len);
}

/* pcapng: a block is begun, filled and ended; its lengths are set at the end. */

static inline size_t ng_begin(struct capture *c, uint32_t type)
{
	size_t at = c->len;

	capture_u32(c, type);
	capture_u32(c, 0);
	return at;
}

static inline void ng_end(struct capture *c, size_t at)
{
	uint32_t len;
	size_t end;

	capture_pad(c);
	len = (uint32_t)(c->len - at + 4);
	capture_u32(c, len);
	end = c->len;
	c->len = at + 4;
	capture_u32(c, len);
	c->len = end;
}

static inline void ng_option(struct capture *c, unsigned code, const void *data, unsigned len)
{
	capture_u16(c, code);
	capture_u16(c, len);
	capture_put(c, data, len);
	capture_pad(c);
}

static inline void ng_section(struct capture *c)
{
	size_t at = ng_begin(c, 0x0a0d0d0a);

	capture_u32(c, 0x1a2b3c4d);
	capture_u16(c, 1);
	capture_u16(c, 0);
	capture_int(c, UINT64_MAX, 8);
	ng_end(c, at);
}

/* resolution: if_tsresol, -1 to leave it out; offset_s: if_tsoffset, likewise 0. */
static inline void ng_interface(struct capture *c, unsigned link, uint32_t snaplen,
				const char *name, int resolution, int64_t offset_s)
{
	size_t at = ng_begin(c, 1);
	uint8_t r = (uint8_t)resolution;

	capture_u16(c, link);
	capture_u16(c, 0);
	capture_u32(c, snaplen);
	if (name)
		ng_option(c, 2, name, (unsigned)strlen(name));
	if (resolution >= 0)
		ng_option(c, 9, &r, 1);
	if (offset_s) {
		capture_u16(c, 14);
		capture_u16(c, 8);
		capture_int(c, (uint64_t)offset_s, 8);
	}
	capture_u32(c, 0);
	ng_end(c, at);
}

/* flags: epb_flags, 0 to leave them out. */
static inline void ng_packet(struct capture *c, uint32_t interface, uint64_t ticks,
			     const void *data, uint32_t len, uint32_t orig, uint32_t flags)
{
	size_t at = ng_begin(c, 6);

	capture_u32(c, interface);
	capture_u32(c, (uint32_t)(ticks >> 32));
	capture_u32(c, (uint32_t)ticks);
	capture_u32(c, len);
	capture_u32(c, orig);
	capture_put(c, data, len);
	capture_pad(c);
	if (flags) {
		ng_option(c, 1, "a comment", 9);
		capture_u16(c, 2);
		capture_u16(c, 4);
		capture_u32(c, flags);
		capture_u32(c, 0);
	}
	ng_end(c, at);
}

static inline void ng_simple(struct capture *c, const void *data, uint32_t len, uint32_t orig)
{
	size_t at = ng_begin(c, 3);

	capture_u32(c, orig);
	capture_put(c, data, len);
	ng_end(c, at);
}

static inline void ng_statistics(struct capture *c, uint32_t interface, uint64_t ifdrop,
				 uint64_t osdrop)
{
	size_t at = ng_begin(c, 5);

	capture_u32(c, interface);
	capture_int(c, 0, 8);
	capture_u16(c, 5);
	capture_u16(c, 8);
	capture_int(c, ifdrop, 8);
	capture_u16(c, 7);
	capture_u16(c, 8);
	capture_int(c, osdrop, 8);
	capture_u32(c, 0);
	ng_end(c, at);
}

static inline void capture_write(const char *path, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");
	size_t written;

	assert(f);
	written = fwrite(bytes, 1, len, f);
	assert(written == len);
	written = (size_t)fclose(f);
	assert(written == 0);
}

#endif
