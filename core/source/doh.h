/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What DNS over HTTPS (RFC 8484) asks of HTTP, whatever its version. Pure.
 */
#ifndef DNSTOP_SOURCE_DOH_H
#define DNSTOP_SOURCE_DOH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A path with a message in it: longer ones no server takes (RFC 9110, 4.1). */
#define DOH_PATH_MAX 8192
#define DOH_GET_MAX  (DOH_PATH_MAX / 4 * 3)

/* Whether a content-type, parameters and all, is application/dns-message. */
bool doh_type(const char *value, size_t len);
/* Decodes the message in a path's parameter "dns" (base64url, without padding);
 * returns its length, or 0 where there is none or it is no query by its looks. */
uint32_t doh_get(const char *path, size_t len, uint8_t *wire, size_t size);

#endif
