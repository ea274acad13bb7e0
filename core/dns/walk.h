/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A walk over a message: its questions one after the other, then its records,
 * section by section. For those who need more than dns_parse tells: of every
 * question of mDNS, of the options of EDNS.
 *
 * Never reads outside of the message, allocates nothing, and ends at the first
 * thing that is wrong.
 */
#ifndef DNSTOP_DNS_WALK_H
#define DNSTOP_DNS_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/dns/wire.h"

/* The top bit of a class is no part of it in mDNS: in a question it asks for an
 * answer by unicast, in a record it has caches forget others (RFC 6762, 5.4, 10.2). */
#define DNS_CLASS_TOP 0x8000

enum dns_section {
	DNS_QUESTION,
	DNS_ANSWER,
	DNS_AUTHORITY,
	DNS_ADDITIONAL,
	DNS_SECTIONS
};

struct dns_walk {
	struct wire w;
	uint16_t left[DNS_SECTIONS]; /* entries that the header promises, not read yet */
	uint8_t section;             /* enum dns_section of the entry read last */
	/* Of that entry: */
	uint16_t type;
	uint16_t class;
	uint16_t name_len;
	uint32_t ttl;      /* 0 of a question, as are the next two */
	uint16_t data_len; /* bytes at w.base + data_at, all there */
	size_t data_at;
	char name[DNS_NAME_TEXT_MAX]; /* as wire_name writes it; "" where names are skipped */
};

/* Begins at the header, which there must be (DNS_HEADER_LEN bytes). */
void dns_walk_begin(struct dns_walk *k, const uint8_t *wire, size_t len);
/* Reads the next entry; false at the end. names: false to skip them. */
bool dns_walk_next(struct dns_walk *k, bool names);

/* The options of the message's OPT record (RFC 6891, 6.1.2). */
struct dns_options {
	struct wire w; /* the record's data */
	uint16_t udp_size;
	uint8_t version;
	/* Of the option read last: */
	uint16_t code;
	uint16_t len;
	const uint8_t *data;
};

/* False where the message has none. */
bool dns_options_begin(struct dns_options *o, const uint8_t *wire, size_t len);
bool dns_options_next(struct dns_options *o);
/* Goes on to the next option of that code. */
bool dns_options_find(struct dns_options *o, uint16_t code);

#endif
