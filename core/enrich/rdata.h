/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One resource record, RFC 1035 section 4.1.3, and its data as text. Used
 * within core/enrich.
 */
#ifndef DNSTOP_ENRICH_RDATA_H
#define DNSTOP_ENRICH_RDATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/dns/wire.h"
#include "core/enrich/lines.h"

#define RR_OPT 41

struct record {
	uint16_t type;
	uint16_t class;
	uint32_t ttl;
	const uint8_t *wire; /* the message: names in the data may point into it */
	size_t at;           /* of the data, in the message */
	uint16_t len;
};

/* Reads the record at the cursor, and its owner into owner (DNS_NAME_TEXT_MAX
 * bytes, or NULL to skip it). False when it is not whole: *r is then unset. */
bool record_read(struct wire *w, char *owner, struct record *r);

/* Adds the data as the master file format has it (RFC 1035 section 5), and in
 * the generic form of RFC 3597 where it is of an unknown type or wrong. */
void record_data(struct lines *l, const struct record *r);

#endif
