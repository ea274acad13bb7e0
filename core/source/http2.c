/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/http2.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/dns/msg.h"
#include "core/source/doh.h"
#include "core/source/http2_headers.h"
#include "core/source/span.h"

enum {
	FRAME_DATA = 0,
	FRAME_HEADERS = 1,
	FRAME_RST_STREAM = 3,
	FRAME_SETTINGS = 4,
	FRAME_PUSH_PROMISE = 5,
	FRAME_CONTINUATION = 9,

	FLAG_END_STREAM = 0x01,
	FLAG_END_HEADERS = 0x04,
	FLAG_PADDED = 0x08,
	FLAG_PRIORITY = 0x20,

	STREAMS_MAX = 128,      /* open at once; the oldest makes room */
	BLOCK_MAX = 64 << 10,   /* of a header block */
	PAYLOAD_MAX = 1u << 17, /* of a frame that is looked into */
	STREAM_BITS = 0x7fffffff,
};

enum {
	CLIENT,
	SERVER,
};

/* Bytes that grow up to a limit. */
struct heap {
	uint8_t *bytes;
	uint32_t used;
	uint32_t room;
};

/* What a stream that carries DNS is known by. */
struct stream {
	uint32_t id; /* 0: none */
	bool asks;   /* the request's body is a message */
	bool asked;  /* the request has been delivered, or can't be any more */
	bool answers;
	struct heap body[2]; /* by direction */
};

/* One direction. */
struct lane {
	uint32_t preface; /* bytes of it that are still to come */
	bool broken;
	uint8_t head[HTTP2_FRAME_HEAD];
	uint32_t head_used;
	uint32_t left;         /* of the frame's payload */
	bool wanted;           /* that is kept */
	uint32_t block_stream; /* whose header block goes on; 0: none */
	uint8_t block_flags;   /* of the frame that began it */
	bool block_pushed;     /* and it is a promise */
	struct heap payload;
	struct heap block;
	struct headers *headers;
};

struct http2 {
	http2_fn fn;
	void *ctx;
	struct lane lanes[2];
	struct stream streams[STREAMS_MAX];
	unsigned next; /* of streams, to be used when none is free */
	struct http2_stats stats;
};

/* --- bytes --- */

static int heap_add(struct heap *h, const uint8_t *bytes, uint32_t len, uint32_t max)
{
	if (len > max || h->used > max - len)
		return -EFBIG;
	if (!len)
		return 0;
	if (h->used + len > h->room) {
		uint32_t room = h->room ? h->room : 256;
		uint8_t *grown;

		while (room < h->used + len)
			room *= 2;
		grown = realloc(h->bytes, room);
		if (!grown)
			return -ENOMEM;
		h->bytes = grown;
		h->room = room;
	}
	memcpy(h->bytes + h->used, bytes, len);
	h->used += len;
	return 0;
}

static void heap_free(struct heap *h)
{
	free(h->bytes);
	*h = (struct heap){ 0 };
}

/* --- streams --- */

static void stream_end(struct stream *s)
{
	heap_free(&s->body[CLIENT]);
	heap_free(&s->body[SERVER]);
	*s = (struct stream){ 0 };
}

static struct stream *stream_find(struct http2 *h, uint32_t id)
{
	for (unsigned i = 0; i < STREAMS_MAX && id; i++)
		if (h->streams[i].id == id)
			return &h->streams[i];
	return NULL;
}

static struct stream *stream_open(struct http2 *h, uint32_t id)
{
	struct stream *s = stream_find(h, id);

	for (unsigned i = 0; i < STREAMS_MAX && !s; i++)
		if (!h->streams[i].id)
			s = &h->streams[i];
	if (!s)
		s = &h->streams[h->next++ % STREAMS_MAX];
	stream_end(s);
	s->id = id;
	return s;
}

/* --- life --- */

struct http2 *http2_new(http2_fn fn, void *ctx)
{
	struct http2 *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->fn = fn;
	h->ctx = ctx;
	h->lanes[CLIENT].preface = HTTP2_PREFACE_LEN;
	for (int i = CLIENT; i <= SERVER; i++) {
		h->lanes[i].headers = headers_new();
		if (!h->lanes[i].headers) {
			http2_free(h);
			return NULL;
		}
	}
	return h;
}

void http2_free(struct http2 *h)
{
	if (!h)
		return;
	for (unsigned i = 0; i < STREAMS_MAX; i++)
		stream_end(&h->streams[i]);
	for (int i = CLIENT; i <= SERVER; i++) {
		heap_free(&h->lanes[i].payload);
		heap_free(&h->lanes[i].block);
		headers_free(h->lanes[i].headers);
	}
	free(h);
}

/* --- requests and responses --- */

static void deliver(struct http2 *h, bool response, struct stream *s)
{
	const struct heap *body = &s->body[response ? SERVER : CLIENT];

	h->fn(h->ctx, response, s->id, body->bytes, body->used);
}

/* A direction of a stream has ended. */
static void finish(struct http2 *h, struct stream *s, bool from_client)
{
	if (from_client) {
		if (s->asks && !s->asked)
			deliver(h, false, s);
		s->asked = true;
		heap_free(&s->body[CLIENT]);
		return;
	}
	if (s->answers)
		deliver(h, true, s);
	stream_end(s);
}

static void take_request(struct http2 *h, uint32_t id, const struct header_facts *facts)
{
	uint8_t wire[DOH_GET_MAX];
	struct stream *s;
	uint32_t len;

	h->stats.requests++;
	if (facts->is_post ? !facts->is_dns || facts->is_encoded : !facts->is_get)
		return;
	len = facts->is_post ? 0 : doh_get(facts->path, facts->path_len, wire, sizeof(wire));
	if (!facts->is_post && !len)
		return;
	h->stats.dns++;
	s = stream_open(h, id);
	s->asks = facts->is_post;
	s->asked = facts->is_get;
	if (facts->is_get)
		h->fn(h->ctx, false, id, wire, len);
}

static void take_response(struct http2 *h, struct stream *s, uint32_t id,
			  const struct header_facts *facts)
{
	if (facts->status < 200) /* there is more to come */
		return;
	if (facts->status == 200 && facts->is_dns && !facts->is_encoded) {
		/* Also of a stream whose request was not seen. */
		if (!s)
			s = stream_open(h, id);
		s->answers = true;
	} else if (s) {
		h->stats.refused++;
	}
}

/* A header block is whole. The second one of a direction is a trailer. */
static int take_block(struct http2 *h, bool from_client)
{
	struct lane *l = &h->lanes[from_client ? CLIENT : SERVER];
	struct stream *s = stream_find(h, l->block_stream);
	struct header_facts facts;
	int rc = headers_inflate(l->headers, l->block.bytes, l->block.used, &facts);

	if (rc)
		return rc;
	if (!l->block_pushed && from_client && facts.has_method)
		take_request(h, l->block_stream, &facts);
	else if (!l->block_pushed && !from_client && facts.status)
		take_response(h, s, l->block_stream, &facts);
	if (l->block_flags & FLAG_END_STREAM && !l->block_pushed) {
		s = stream_find(h, l->block_stream);
		if (s)
			finish(h, s, from_client);
	}
	l->block_stream = 0;
	heap_free(&l->block);
	return 0;
}

/* --- frames --- */

static uint8_t frame_type(const struct lane *l)
{
	return l->head[3];
}

static uint8_t frame_flags(const struct lane *l)
{
	return l->head[4];
}

static uint32_t frame_stream(const struct lane *l)
{
	return be32(l->head + 5) & STREAM_BITS;
}

/* Takes padding and its length off; false where they don't fit. */
static bool strip_padding(struct span *s, uint8_t flags)
{
	uint32_t padding;

	if (!(flags & FLAG_PADDED))
		return true;
	if (!s->cap)
		return false;
	padding = s->at[0];
	if (padding >= s->cap)
		return false;
	s->at++;
	s->cap -= 1 + padding;
	return true;
}

static bool skip(struct span *s, uint32_t n)
{
	if (n > s->cap)
		return false;
	s->at += n;
	s->cap -= n;
	return true;
}

static int take_headers(struct http2 *h, bool from_client, struct span s)
{
	struct lane *l = &h->lanes[from_client ? CLIENT : SERVER];
	uint8_t flags = frame_flags(l);
	bool goes_on = frame_type(l) == FRAME_CONTINUATION;
	int rc;

	if (goes_on ? l->block_stream != frame_stream(l) : l->block_stream != 0)
		return -EPROTO;
	if (!goes_on) {
		l->block_pushed = frame_type(l) == FRAME_PUSH_PROMISE;
		l->block_stream = frame_stream(l);
		l->block_flags = flags;
		if (!l->block_stream || !strip_padding(&s, flags))
			return -EPROTO;
		if (l->block_pushed ? !skip(&s, 4) : flags & FLAG_PRIORITY && !skip(&s, 5))
			return -EPROTO;
	}
	rc = heap_add(&l->block, s.at, s.cap, BLOCK_MAX);
	if (rc) {
		h->stats.too_long += rc == -EFBIG;
		return rc;
	}
	return flags & FLAG_END_HEADERS ? take_block(h, from_client) : 0;
}

static int take_data(struct http2 *h, bool from_client, struct span data)
{
	struct lane *l = &h->lanes[from_client ? CLIENT : SERVER];
	struct stream *s = stream_find(h, frame_stream(l));
	int rc;

	if (!strip_padding(&data, frame_flags(l)))
		return -EPROTO;
	if (!s)
		return 0;
	rc = heap_add(&s->body[from_client ? CLIENT : SERVER], data.at, data.cap, DNS_MSG_MAX);
	if (rc) {
		h->stats.too_long += rc == -EFBIG;
		stream_end(s);
		return rc == -ENOMEM ? rc : 0;
	}
	if (frame_flags(l) & FLAG_END_STREAM)
		finish(h, s, from_client);
	return 0;
}

static int take_frame(struct http2 *h, bool from_client)
{
	struct lane *l = &h->lanes[from_client ? CLIENT : SERVER];
	struct span s = { .at = l->payload.bytes, .cap = l->payload.used };
	struct stream *stream;
	int rc = 0;

	switch (frame_type(l)) {
	case FRAME_DATA:
		if (l->wanted)
			rc = take_data(h, from_client, s);
		break;
	case FRAME_HEADERS:
	case FRAME_CONTINUATION:
	case FRAME_PUSH_PROMISE:
		rc = take_headers(h, from_client, s);
		break;
	case FRAME_RST_STREAM:
		stream = stream_find(h, frame_stream(l));
		if (stream)
			stream_end(stream);
		break;
	}
	l->payload.used = 0;
	l->head_used = 0;
	return rc;
}

/* A frame's head is whole: is its payload to be looked into? */
static int begin_frame(struct http2 *h, struct lane *l)
{
	uint8_t type = frame_type(l);
	bool block = type == FRAME_HEADERS || type == FRAME_CONTINUATION ||
		     type == FRAME_PUSH_PROMISE;
	struct stream *s;

	l->left = be32(l->head) >> 8;
	l->wanted = block;
	if (l->block_stream && type != FRAME_CONTINUATION)
		return -EPROTO; /* nothing may come in between */
	if (type == FRAME_DATA) {
		s = stream_find(h, frame_stream(l));
		l->wanted = s && (l == &h->lanes[CLIENT] ? s->asks && !s->asked : s->answers);
		if (l->wanted && l->left > PAYLOAD_MAX) {
			h->stats.too_long++;
			stream_end(s);
			l->wanted = false;
		}
	}
	if (block && l->left > BLOCK_MAX) {
		h->stats.too_long++;
		return -EPROTO;
	}
	return 0;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static int feed_preface(struct lane *l, const uint8_t *bytes, uint32_t n)
{
	if (memcmp(bytes, HTTP2_PREFACE + (HTTP2_PREFACE_LEN - l->preface), n) != 0)
		return -EPROTO;
	l->preface -= n;
	return 0;
}

static int feed(struct http2 *h, bool from_client, const uint8_t *bytes, uint32_t len)
{
	struct lane *l = &h->lanes[from_client ? CLIENT : SERVER];
	uint32_t n = smaller(l->preface, len);
	int rc = feed_preface(l, bytes, n);

	bytes += n;
	len -= n;
	while (len && !rc) {
		if (l->head_used < HTTP2_FRAME_HEAD) {
			n = smaller(HTTP2_FRAME_HEAD - l->head_used, len);
			memcpy(l->head + l->head_used, bytes, n);
			l->head_used += n;
			if (l->head_used == HTTP2_FRAME_HEAD)
				rc = begin_frame(h, l);
		} else {
			n = smaller(l->left, len);
			if (l->wanted)
				rc = heap_add(&l->payload, bytes, n, PAYLOAD_MAX);
			l->left -= n;
		}
		bytes += n;
		len -= n;
		if (!rc && l->head_used == HTTP2_FRAME_HEAD && !l->left)
			rc = take_frame(h, from_client);
	}
	return rc;
}

int http2_feed(struct http2 *h, bool from_client, const uint8_t *bytes, uint32_t len)
{
	int rc;

	if (h->lanes[from_client ? CLIENT : SERVER].broken)
		return 0;
	rc = feed(h, from_client, bytes, len);
	if (rc)
		http2_break(h, from_client);
	return rc;
}

void http2_break(struct http2 *h, bool from_client)
{
	struct lane *l = &h->lanes[from_client ? CLIENT : SERVER];

	l->broken = true;
	heap_free(&l->payload);
	heap_free(&l->block);
}

bool http2_is_whole(const struct http2 *h, bool from_client)
{
	return !h->lanes[from_client ? CLIENT : SERVER].broken;
}

const struct http2_stats *http2_stats(const struct http2 *h)
{
	return &h->stats;
}

bool http2_looks_like_frame(const uint8_t *head)
{
	uint32_t len = be32(head) >> 8;

	return len <= 16384 && head[3] <= FRAME_CONTINUATION && !(head[5] & 0x80) &&
	       (head[3] != FRAME_SETTINGS || (be32(head + 5) == 0 && len % 6 == 0));
}
