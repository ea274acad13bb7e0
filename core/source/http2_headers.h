/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HTTP/2's header blocks (HPACK, RFC 7541), through libnghttp2, and what DNS
 * over HTTPS asks of them.
 */
#ifndef DNSTOP_SOURCE_HTTP2_HEADERS_H
#define DNSTOP_SOURCE_HTTP2_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/source/doh.h"

struct headers; /* one direction's */

struct header_facts {
	bool has_method;
	bool is_get;
	bool is_post;
	bool is_dns;     /* content-type: application/dns-message */
	bool is_encoded; /* content-encoding, but for identity */
	uint16_t status; /* 0: none */
	uint32_t path_len;
	char path[DOH_PATH_MAX]; /* raw bytes; none where it was longer */
};

/* NULL when memory is short. */
struct headers *headers_new(void);
void headers_free(struct headers *h);
/* Each block of the direction, in order: the next one depends on it. 0, or
 * -EPROTO. */
int headers_inflate(struct headers *h, const uint8_t *block, size_t len,
		    struct header_facts *facts);

#endif
