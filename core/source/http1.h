/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DNS over HTTPS (RFC 8484) out of an HTTP/1.1 connection (RFC 9112) that
 * others hold: both directions, decrypted. What is DNS is told as in http2.h;
 * the n-th response answers the n-th request.
 */
#ifndef DNSTOP_SOURCE_HTTP1_H
#define DNSTOP_SOURCE_HTTP1_H

#include <stdbool.h>
#include <stdint.h>

#include "core/source/http2.h"

/* So many bytes tell whether a client's first ones are a request. */
#define HTTP1_START 4

struct http1;

/* Messages are told with 2n + 1 for a stream. NULL when memory is short. */
struct http1 *http1_new(http2_fn fn, void *ctx);
void http1_free(struct http1 *h);
/* The next bytes, from the connection's first on. Returns 0, or -EPROTO
 * (-ENOMEM) when this direction can't be understood any more. */
int http1_feed(struct http1 *h, bool from_client, const uint8_t *bytes, uint32_t len);
/* Bytes are missing. */
void http1_break(struct http1 *h, bool from_client);
const struct http2_stats *http1_stats(const struct http1 *h);

/* Whether bytes begin like a GET or a POST, as far as there are any. */
bool http1_looks_like_request(const uint8_t *bytes, uint32_t len);

#endif
