/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DNS over HTTPS (RFC 8484) out of an HTTP/2 connection (RFC 9113) that others
 * hold: both directions, decrypted. Header blocks are inflated by libnghttp2;
 * its sessions would answer and complain, so that frames are told apart here.
 *
 * A request is DNS when it is a POST of application/dns-message or a GET with
 * a parameter "dns" that decodes to a message; a response when its status is
 * 200 and its type application/dns-message. All else is stepped over.
 */
#ifndef DNSTOP_SOURCE_HTTP2_H
#define DNSTOP_SOURCE_HTTP2_H

#include <stdbool.h>
#include <stdint.h>

#define HTTP2_PREFACE     "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define HTTP2_PREFACE_LEN 24
#define HTTP2_FRAME_HEAD  9

struct http2;

struct http2_stats {
	uint64_t requests; /* of them: */
	uint64_t dns;      /* DNS */
	uint64_t refused;  /* responses to these that carry no DNS: an error, or encoded */
	uint64_t too_long; /* bodies, or header blocks, beyond what is kept */
};

/* A whole message; wire is borrowed for the length of the call. */
typedef void (*http2_fn)(void *ctx, bool response, uint32_t stream, const uint8_t *wire,
			 uint32_t len);

/* NULL when memory is short. */
struct http2 *http2_new(http2_fn fn, void *ctx);
void http2_free(struct http2 *h);

/* The next bytes, from the connection's first one on, of what the client or
 * the server has sent. Returns 0, or -EPROTO (-ENOMEM) when this direction
 * can't be understood any more: what comes later in it is ignored. */
int http2_feed(struct http2 *h, bool from_client, const uint8_t *bytes, uint32_t len);
/* Bytes are missing: without them no later header block can be inflated. */
void http2_break(struct http2 *h, bool from_client);
/* Whether a direction can still be understood. */
bool http2_is_whole(const struct http2 *h, bool from_client);

const struct http2_stats *http2_stats(const struct http2 *h);

/* Whether bytes may be a frame's beginning; at least HTTP2_FRAME_HEAD of them. */
bool http2_looks_like_frame(const uint8_t *head);

#endif
