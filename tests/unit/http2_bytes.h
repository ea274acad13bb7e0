/* SPDX-License-Identifier: BSD-2-Clause */
/* Both ends of an HTTP/2 connection, as far as DNS over HTTPS goes. */
#ifndef DNSTOP_TESTS_UNIT_HTTP2_BYTES_H
#define DNSTOP_TESTS_UNIT_HTTP2_BYTES_H

#include <nghttp2/nghttp2.h>
#include <stdlib.h>
#include <string.h>

#include "core/source/http2.h"
#include "script.h"

#define DNS_TYPE "application/dns-message"

enum {
	H2_DATA = 0,
	H2_HEADERS = 1,
	H2_RST_STREAM = 3,
	H2_SETTINGS = 4,
	H2_PUSH_PROMISE = 5,
	H2_PING = 6,
	H2_CONTINUATION = 9,
	H2_END_STREAM = 1,
	H2_END_HEADERS = 4,
	H2_PADDED = 8,
	H2_PRIORITY = 32,
};

/* What one end has to say. */
struct talker {
	nghttp2_hd_deflater *deflater;
	uint32_t used;
	uint8_t bytes[1 << 18];
};

static inline struct talker *talker_new(bool client)
{
	struct talker *t = calloc(1, sizeof(*t));

	script_must(t && !nghttp2_hd_deflate_new(&t->deflater, 4096), "no memory", "");
	if (client) {
		memcpy(t->bytes, HTTP2_PREFACE, HTTP2_PREFACE_LEN);
		t->used = HTTP2_PREFACE_LEN;
	}
	return t;
}

static inline void talker_free(struct talker *t)
{
	nghttp2_hd_deflate_del(t->deflater);
	free(t);
}

static inline void talk_frame(struct talker *t, unsigned type, unsigned flags, uint32_t stream,
			      const void *payload, uint32_t len)
{
	uint8_t *p = t->bytes + t->used;

	script_must(t->used + 9 + len <= sizeof(t->bytes), "no room", "");
	p[0] = (uint8_t)(len >> 16);
	p[1] = (uint8_t)(len >> 8);
	p[2] = (uint8_t)len;
	p[3] = (uint8_t)type;
	p[4] = (uint8_t)flags;
	script_put16(p + 5, stream >> 16);
	script_put16(p + 7, stream & 0xffff);
	if (len)
		memcpy(p + 9, payload, len);
	t->used += 9 + len;
}

/* "name: value" lines as a header block; its length. */
static inline uint32_t talk_block(struct talker *t, const char *lines, uint8_t *block, size_t size)
{
	nghttp2_nv nv[16];
	char copy[9000], *save = NULL;
	size_t n = 0;
	ssize_t len;

	script_must(strlen(lines) < sizeof(copy), "long", lines);
	strcpy(copy, lines);
	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *value = strchr(line + 1, ':');

		*value++ = '\0';
		nv[n].name = (uint8_t *)line;
		nv[n].namelen = strlen(line);
		nv[n].value = (uint8_t *)value;
		nv[n].valuelen = strlen(value);
		nv[n++].flags = 0;
	}
	len = nghttp2_hd_deflate_hd(t->deflater, block, size, nv, n);
	script_must(len > 0, "deflate", lines);
	return (uint32_t)len;
}

static inline void talk_headers(struct talker *t, uint32_t stream, unsigned flags,
				const char *lines)
{
	uint8_t block[16384];
	uint32_t len = talk_block(t, lines, block, sizeof(block));

	talk_frame(t, H2_HEADERS, flags | H2_END_HEADERS, stream, block, len);
}

static inline uint32_t talk_query(uint8_t *wire, const char *name)
{
	return (uint32_t)script_wire(wire, false, 0, name, "A", 0, 0, 0);
}

static inline void talk_post(struct talker *t, uint32_t stream, const char *name)
{
	uint8_t wire[512];
	uint32_t len = talk_query(wire, name);

	talk_headers(t, stream, 0,
		     ":method:POST\n:scheme:https\n:path:/dns-query\n:authority:dns.example\n"
		     "content-type:" DNS_TYPE);
	talk_frame(t, H2_DATA, H2_END_STREAM, stream, wire, len);
}

static inline void talk_answer(struct talker *t, uint32_t stream, const char *name)
{
	uint8_t wire[512];
	uint32_t len = (uint32_t)script_wire(wire, true, 0, name, "A", 0, 0, 1);

	talk_headers(t, stream, 0, ":status:200\ncontent-type:" DNS_TYPE "\ncontent-length:60");
	talk_frame(t, H2_DATA, 0, stream, wire, 5);
	talk_frame(t, H2_DATA, H2_END_STREAM, stream, wire + 5, len - 5);
}

#endif
