/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/http1.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/dns/msg.h"
#include "core/source/doh.h"

#define HEAD_MAX (16u << 10) /* of a request or response, without its body */

enum reading {
	READING_HEAD,
	READING_BODY,  /* of `left` bytes */
	READING_SIZE,  /* of the next chunk, a line */
	READING_CHUNK, /* of `left` bytes, then an empty line */
	READING_TRAILER,
};

enum {
	CLIENT,
	SERVER,
};

/* One direction. */
struct lane {
	uint8_t reading; /* enum reading */
	bool broken;
	bool wanted;     /* the body is a message */
	bool interim;    /* a response of 1xx: its number is used again */
	uint32_t number; /* of requests or responses, from 0 */
	uint64_t left;
	uint32_t head_used;
	uint32_t body_used;
	char head[HEAD_MAX];
	uint8_t *body; /* room for DNS_MSG_MAX bytes, once one was wanted */
};

struct http1 {
	http2_fn fn;
	void *ctx;
	struct http2_stats stats;
	uint64_t asked; /* a bit for each of the last 64 requests: it is DNS */
	struct lane lanes[2];
};

struct http1 *http1_new(http2_fn fn, void *ctx)
{
	struct http1 *h = calloc(1, sizeof(*h));

	if (h) {
		h->fn = fn;
		h->ctx = ctx;
	}
	return h;
}

void http1_free(struct http1 *h)
{
	if (!h)
		return;
	free(h->lanes[CLIENT].body);
	free(h->lanes[SERVER].body);
	free(h);
}

void http1_break(struct http1 *h, bool from_client)
{
	h->lanes[from_client ? CLIENT : SERVER].broken = true;
}

const struct http2_stats *http1_stats(const struct http1 *h)
{
	return &h->stats;
}

bool http1_looks_like_request(const uint8_t *bytes, uint32_t len)
{
	uint32_t n = len < HTTP1_START ? len : HTTP1_START;

	return memcmp(bytes, "GET ", n) == 0 || memcmp(bytes, "POST", n) == 0;
}

static void deliver(struct http1 *h, bool from_client, const uint8_t *wire, uint32_t len)
{
	h->fn(h->ctx, !from_client, 2 * h->lanes[from_client ? CLIENT : SERVER].number + 1, wire,
	      len);
}

/* --- heads --- */

/* The value of a header field in a head that ends with a NUL; its length. */
static const char *field(const char *head, const char *name, size_t *len)
{
	size_t n = strlen(name);

	for (const char *line = strstr(head, "\r\n"); line && line[2];
	     line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, n) != 0 || line[n] != ':')
			continue;
		line += n + 1;
		line += strspn(line, " \t");
		*len = strcspn(line, "\r");
		return line;
	}
	return NULL;
}

static bool field_is_dns(const char *head)
{
	size_t len;
	const char *type = field(head, "content-type", &len);

	if (!type || !doh_type(type, len))
		return false;
	type = field(head, "content-encoding", &len);
	return !type || (len == 8 && strncasecmp(type, "identity", 8) == 0);
}

/* Sets how the body is delimited; 0, or -EPROTO where only the end of the
 * connection tells. */
static int set_body(struct lane *l, bool none)
{
	size_t len;
	const char *value = field(l->head, "transfer-encoding", &len);

	l->body_used = 0;
	l->left = 0;
	l->reading = READING_BODY;
	if (none)
		return 0;
	if (value) {
		if (len != 7 || strncasecmp(value, "chunked", 7) != 0)
			return -EPROTO;
		l->reading = READING_SIZE;
		l->head_used = 0;
		return 0;
	}
	value = field(l->head, "content-length", &len);
	if (!value)
		return -EPROTO;
	if (!len || len > 18 || strspn(value, "0123456789") != len)
		return -EPROTO;
	l->left = strtoull(value, NULL, 10);
	return 0;
}

static int take_request(struct http1 *h, struct lane *l)
{
	bool get = strncmp(l->head, "GET ", 4) == 0;
	const char *path = strchr(l->head, ' ');
	uint8_t wire[DOH_GET_MAX];
	uint32_t len = 0;
	size_t n;

	if (!path || strcspn(l->head, "\r") <= (size_t)(path - l->head))
		return -EPROTO;
	path++;
	n = strcspn(path, " \r");
	h->stats.requests++;
	l->wanted = strncmp(l->head, "POST ", 5) == 0 && field_is_dns(l->head);
	if (get && n <= DOH_PATH_MAX)
		len = doh_get(path, n, wire, sizeof(wire));
	h->stats.dns += l->wanted || len;
	h->asked &= ~(1ull << l->number % 64);
	h->asked |= (uint64_t)(l->wanted || len) << l->number % 64;
	if (len)
		deliver(h, true, wire, len);
	/* Without a length a request has no body. */
	return set_body(l, !field(l->head, "content-length", &n) &&
				   !field(l->head, "transfer-encoding", &n));
}

static int take_response(struct http1 *h, struct lane *l)
{
	unsigned long status;

	if (strncmp(l->head, "HTTP/1.", 7) != 0 || !l->head[7] || l->head[8] != ' ')
		return -EPROTO;
	status = strtoul(l->head + 9, NULL, 10);
	l->interim = status < 200;
	l->wanted = status == 200 && field_is_dns(l->head);
	if (!l->wanted && !l->interim)
		h->stats.refused += h->asked >> l->number % 64 & 1;
	return set_body(l, l->interim || status == 204 || status == 304);
}

/* --- bodies --- */

static void take_whole(struct http1 *h, struct lane *l)
{
	bool from_client = l == &h->lanes[CLIENT];

	if (l->wanted && l->body_used)
		deliver(h, from_client, l->body, l->body_used);
	l->number += from_client || !l->interim;
	l->reading = READING_HEAD;
	l->head_used = 0;
}

static uint32_t take_body(struct http1 *h, struct lane *l, const uint8_t *bytes, uint32_t len)
{
	uint32_t n = len < l->left ? len : (uint32_t)l->left;

	if (l->wanted && n > DNS_MSG_MAX - l->body_used) {
		h->stats.too_long++;
		l->wanted = false;
	}
	if (l->wanted && !l->body)
		l->body = malloc(DNS_MSG_MAX);
	l->wanted = l->wanted && l->body;
	if (l->wanted && n) {
		memcpy(l->body + l->body_used, bytes, n);
		l->body_used += n;
	}
	l->left -= n;
	return n;
}

/* A byte of a head or of a line between chunks. Returns 1 when it is whole. */
static int take_char(struct lane *l, char c, const char *end)
{
	size_t n = strlen(end);

	if (l->head_used + 1 == sizeof(l->head) || !c)
		return -EPROTO;
	l->head[l->head_used++] = c;
	l->head[l->head_used] = '\0';
	return l->head_used >= n && memcmp(l->head + l->head_used - n, end, n) == 0;
}

static int take_size(struct lane *l)
{
	char *end;

	l->left = strtoull(l->head, &end, 16);
	if (end == l->head || l->head[0] == '-' || (*end != '\r' && *end != ';') ||
	    l->left > UINT32_MAX)
		return -EPROTO;
	l->head_used = 0;
	l->reading = l->left ? READING_CHUNK : READING_TRAILER;
	return 0;
}

/* A line is whole: what it means where it stands. */
static int take_line(struct http1 *h, struct lane *l)
{
	switch (l->reading) {
	case READING_HEAD:
		return l == &h->lanes[CLIENT] ? take_request(h, l) : take_response(h, l);
	case READING_SIZE:
		return take_size(l);
	case READING_CHUNK: /* what stands behind its bytes */
		l->reading = READING_SIZE;
		break;
	default: /* a trailer, of which an empty line is the last */
		if (l->head_used == 2)
			take_whole(h, l);
		break;
	}
	l->head_used = 0;
	return 0;
}

static int feed(struct http1 *h, struct lane *l, const uint8_t *bytes, uint32_t len)
{
	while (len) {
		bool in_bytes = (l->reading == READING_BODY || l->reading == READING_CHUNK) &&
				l->left;
		uint32_t n = 1;
		int rc = 0;

		if (in_bytes)
			n = take_body(h, l, bytes, len);
		else
			rc = take_char(l, (char)*bytes,
				       l->reading == READING_HEAD ? "\r\n\r\n" : "\r\n");
		if (rc > 0)
			rc = take_line(h, l);
		if (rc < 0)
			return rc;
		if (l->reading == READING_BODY && !l->left)
			take_whole(h, l);
		bytes += n;
		len -= n;
	}
	return 0;
}

int http1_feed(struct http1 *h, bool from_client, const uint8_t *bytes, uint32_t len)
{
	struct lane *l = &h->lanes[from_client ? CLIENT : SERVER];
	int rc = l->broken ? 0 : feed(h, l, bytes, len);

	if (rc)
		l->broken = true;
	return rc;
}
